//! Parquet, with encoders of our own for the columns, and a footer that is written as it grows.
//!
//! The library's column writers spend most of their time on what doubles do not need. Here a column goes from
//! `f64` to compressed pages in one pass per stage, with working memory that is kept from column to column.

mod chunk;
mod compress;
mod dictionary;
mod element;
mod footer;
mod hybrid;
mod leaf;
mod levels;
mod numbers;
mod texts;
mod thrift;
mod writer;

pub(crate) use writer::ParquetWriter;
