//! From a path to newline-aligned blocks of text.
//!
//! [`Input::open`] sniffs how a file is packed, [`Input::head`] shows the beginning of its text, and
//! [`Input::into_blocks`] cuts the text into blocks that begin and end at line ends and know their offset.
//! Plain files are read by position, so that several threads read at once and a byte range can be read alone;
//! packed ones are unpacked by whichever thread draws the next block, while the others work.

mod archive;
mod blocks;
mod error;
mod open;
mod sniff;

pub use blocks::{Block, Blocks, Scratch, Ticket};
pub use error::{ArchiveFault, InputError};
pub use open::{Head, Input};
pub use sniff::named_compression;
