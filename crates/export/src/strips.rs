//! Rows of the wide layout, put aside until there are enough of them.
//!
//! Where memory holds but a few rows of many columns, groups of those would cut each column into crumbs, and each
//! crumb has its entry in the footer. So rows go to a temporary file, strip by strip and in each column by column,
//! and come back a few columns at a time with all their rows.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_buffer::ToByteSlice as _;
use odmkit_columns::batch::{ColumnNulls, MatrixBatch, ValueOrder};

use crate::rows::{Block, Group, Part};

/// Bytes gathered before they are written.
const GATHERED: usize = 256 << 10;

/// Groups of rows whose values are in a temporary file, and whose features are in memory.
pub(crate) struct Strips {
    file: Mutex<File>,
    written: Vec<Strip>,
    columns: usize,
    rows: usize,
    text: usize,
    end: u64,
    features: Vec<Part>,
    gathered: Vec<u8>,
}

/// The values of one group, column by column: the doubles, then a bit for each that is missing.
struct Strip {
    at: u64,
    rows: usize,
}

impl Strip {
    const fn bytes_of_column(&self) -> usize {
        self.rows * size_of::<f64>() + self.rows.div_ceil(8)
    }
}

impl Strips {
    /// No rows of so many value columns; the temporary file is made in `folder`.
    pub(crate) fn new(folder: &Path, columns: usize) -> io::Result<Self> {
        Ok(Self {
            file: Mutex::new(tempfile::tempfile_in(folder)?),
            written: Vec::new(),
            columns,
            rows: 0,
            text: 0,
            end: 0,
            features: Vec::new(),
            gathered: Vec::new(),
        })
    }

    /// The rows that were put aside.
    pub(crate) const fn rows(&self) -> usize {
        self.rows
    }

    /// The bytes of text in their features.
    pub(crate) const fn text(&self) -> usize {
        self.text
    }

    /// Puts the rows of a column-major group aside.
    pub(crate) fn push(&mut self, group: &Group) -> io::Result<()> {
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.end))?;
        let strip = Strip {
            at: self.end,
            rows: group.rows,
        };
        let out = &mut self.gathered;
        for column in 0..self.columns {
            for part in &group.parts {
                out.extend_from_slice(part.column(column).to_byte_slice());
            }
            let bits = out.len();
            out.resize(bits + group.rows.div_ceil(8), 0);
            let mut before = 0;
            for part in &group.parts {
                for row in part.column_nulls(column) {
                    out[bits + (before + row) / 8] |= 1 << ((before + row) % 8);
                }
                before += part.rows;
            }
            if out.len() >= GATHERED {
                file.write_all(out)?;
                out.clear();
            }
        }
        file.write_all(out)?;
        out.clear();
        self.end += (self.columns * strip.bytes_of_column()) as u64;
        self.rows += group.rows;
        self.written.push(strip);
        self.features.extend(group.parts.iter().map(without_values));
        self.text += group.parts.iter().map(Part::text).sum::<usize>();
        Ok(())
    }

    /// All rows, with their features and without values.
    pub(crate) fn features(&self) -> Group {
        Group {
            parts: self.features.clone(),
            rows: self.rows,
        }
    }

    /// All rows of some value columns, the first of which becomes column 0, without features.
    pub(crate) fn load(&self, columns: Range<usize>) -> io::Result<Group> {
        let mut values = vec![0.0; columns.len() * self.rows];
        let mut nulls = Vec::new();
        let mut bytes = Vec::new();
        let mut before = 0;
        for strip in &self.written {
            let each = strip.bytes_of_column();
            bytes.resize(columns.len() * each, 0);
            {
                let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(strip.at + (columns.start * each) as u64))?;
                file.read_exact(&mut bytes)?;
            }
            for (column, bytes) in bytes.chunks_exact(each).enumerate() {
                let (doubles, missing) = bytes.split_at(strip.rows * size_of::<f64>());
                let into = &mut values[column * self.rows + before..][..strip.rows];
                for (value, bytes) in into.iter_mut().zip(doubles.as_chunks().0) {
                    *value = f64::from_ne_bytes(*bytes);
                }
                for (at, byte) in missing.iter().enumerate().filter(|(_, byte)| **byte != 0) {
                    let rows = (0..8).filter(|bit| byte >> bit & 1 == 1);
                    nulls.extend(rows.map(|bit| (number(before + at * 8 + bit), number(column))));
                }
            }
            before += strip.rows;
        }
        let nulls = ColumnNulls::new(&nulls, columns.len());
        Ok(whole(values, columns.len(), self.rows, nulls))
    }

    /// Forgets all rows; their place on disk is used again.
    pub(crate) fn clear(&mut self) {
        self.written.clear();
        self.features.clear();
        (self.rows, self.text, self.end) = (0, 0, 0);
    }
}

/// The features of some rows, which hold the values of their block no longer.
fn without_values(part: &Part) -> Part {
    let features = (0..part.block.batch.features.len()).map(|feature| part.feature(feature));
    let batch = MatrixBatch {
        rows: part.rows,
        features: features.collect(),
        values: Vec::new(),
        order: ValueOrder::ColumnMajor,
        columns: 0,
        nulls: Vec::new(),
    };
    Part {
        block: Arc::new(Block {
            batch,
            nulls: ColumnNulls::default(),
        }),
        start: 0,
        rows: part.rows,
    }
}

/// A group of one part that holds all these values.
fn whole(values: Vec<f64>, columns: usize, rows: usize, nulls: ColumnNulls) -> Group {
    let batch = MatrixBatch {
        rows,
        features: Vec::new(),
        values,
        order: ValueOrder::ColumnMajor,
        columns,
        nulls: Vec::new(),
    };
    let block = Arc::new(Block { batch, nulls });
    let parts = vec![Part {
        block,
        start: 0,
        rows,
    }];
    Group { parts, rows }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
