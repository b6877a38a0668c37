//! From a path, a URL or the standard input to newline-aligned blocks of text.
//!
//! [`Input::open`] sniffs how a file is packed, [`Input::head`] shows the beginning of its text, and
//! [`Input::into_blocks`] cuts the text into blocks that begin and end at line ends and know their offset.
//! Plain files are read by position, so that several threads read at once and a byte range can be read alone; files on
//! servers are read in ranges that are fetched ahead; what a pipe gives is kept in a temporary file. Gzip files of many
//! members, BGZF among them, are unpacked by several threads at once; other packed files by whichever thread draws
//! the next block, while the others work.

mod archive;
mod blocks;
mod bytes;
mod error;
mod gzip;
mod members;
mod open;
mod sniff;
mod stream;

pub use blocks::{Block, Blocks, Scratch, Ticket};
pub use bytes::{STANDARD_INPUT, label};
pub use error::{ArchiveFault, InputError};
pub use open::{Head, Input};
pub use sniff::named_compression;
