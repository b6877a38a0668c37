//! Files at URLs: objects in buckets (`s3://`, `gs://`, `az://`) and files of web servers (`http://`, `https://`).
//!
//! [`RemoteUrl`] is the address, and shows itself without what is secret in it. [`Object`] is an object in a bucket,
//! opened with the credentials that the tools of its cloud find too: it is read in ranges, written whole or in
//! parts that become an object only when the last has arrived, and lent by a signed link. That is asynchronous.
//!
//! [`RemoteFile`] is a file to be read, of either kind, and blocks: it fetches ranges ahead, several at a time, and asks
//! again where a server fails for a moment. What a server will not give in ranges is kept in a temporary file.
//!
//! Every failure is a [`RemoteError`]: one sentence, which never holds a signature, a password or a token.

mod credentials;
mod error;
mod file;
mod object;
mod profile;
mod retry;
mod runtime;
mod upload;
mod url;
mod web;
mod window;

pub use error::{RemoteError, RemoteErrorKind};
pub use file::{Opened, RemoteFile};
pub use object::{Object, ObjectBytes, SignedUrl};
pub use retry::Patience;
pub use runtime::wait;
pub use upload::Upload;
pub use url::{RemoteUrl, Scheme};
pub use web::{put_file, put_file_with};
