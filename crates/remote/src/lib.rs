//! Files at URLs: objects in buckets (`s3://`, `gs://`, `az://`) and files of web servers (`http://`, `https://`).
//!
//! [`RemoteUrl`] is the address, and shows itself without what is secret in it. [`Object`] is an object in a bucket,
//! opened with the credentials that the tools of its cloud find too: it is read in ranges, written whole or in
//! parts that become an object only when the last has arrived, and lent by a signed link. What stands here is asynchronous.
//!
//! Every failure is a [`RemoteError`]: one sentence, which never holds a signature, a password or a token.

mod credentials;
mod error;
mod object;
mod profile;
mod upload;
mod url;

pub use error::{RemoteError, RemoteErrorKind};
pub use object::{Object, ObjectBytes, SignedUrl};
pub use upload::Upload;
pub use url::{RemoteUrl, Scheme};
