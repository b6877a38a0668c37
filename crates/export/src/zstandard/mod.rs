//! A Zstandard encoder for streams of doubles.
//!
//! A general compressor looks for matches at every byte. In a column of doubles they begin where doubles begin,
//! and there are two kinds worth having: the whole number again, and its five low bytes again. The second is what
//! decimals are made of: a number with four decimals is a multiple of 1/10000, and the tail of its binary
//! expansion depends only on its remainder modulo 625, so among thousands of different values there are but 625
//! tails. Looking for these two, once per number, takes a third of the time of the library's level 3 and finds a
//! little more. In short pages, where most tails are new, the same bytes are also looked for at other places in
//! words. The output is an ordinary Zstandard frame (RFC 8878) that any reader takes.

#![expect(
    clippy::inline_always,
    reason = "what is done for each word is compiled with what calls it, for the processor that was found"
)]

mod bits;
mod finder;
mod frame;
mod fse;
mod huffman;
mod kernel;
mod parts;
mod sequences;

pub(crate) use frame::Words;

/// The highest level at which doubles are left to this encoder. Above it the library makes the effort that was
/// asked for.
pub(crate) const WORDS_LEVEL: u8 = 3;
