//! The header of a table, read within the memory there is: a table of too many columns, or a line that cannot be held, is
//! refused with the limit that would be enough.

use std::sync::Arc;

use odmkit_formats::{Lines, NeedMore};
use odmkit_input::{Input, InputError};

use super::Along;
use super::file::{HEAD, Subject};
use crate::error::size;
use crate::resources::to_usize;
use crate::{EngineError, Need, Resources, RowFacts};

impl Subject<'_> {
    /// The least limit with which a line of this length can be held, as it is typed.
    pub(super) fn enough_for(&self, length: Option<u64>) -> Option<String> {
        let length = to_usize(length?);
        let least = self
            .resources
            .least(|more| more.longest_line() >= length && more.longest_head() >= length);
        Some(size(least))
    }

    /// Reads a header that may go on beyond what is at hand: more is read until it is whole. Refuses a table of more
    /// columns than there is memory for.
    pub(super) fn header<T>(
        &mut self,
        input: &mut Input,
        read: impl Fn(&[u8], bool) -> Result<T, NeedMore>,
    ) -> Result<T, InputError> {
        let limit = self.request.resources.longest_head();
        let mut wanted = HEAD;
        loop {
            let head = input.head(wanted)?;
            let widest = widest(head.text);
            let columns = widest.columns;
            let resources = self.request.resources.for_header(columns, widest.length + LITTLE);
            if !self.with_what_follows(resources, columns).fits() {
                return Err(self.too_many_columns(input, widest.start));
            }
            if let Ok(header) = read(head.text, head.complete) {
                self.resources = resources;
                self.block_bytes = resources.block_bytes();
                return Ok(header);
            }
            if let Some(broken) = head.broken {
                return Err(broken.again());
            }
            if wanted >= limit {
                let start = Lines::new(head.text).last().map_or(0, |line| line.start);
                let length = input.line_at(start).map(|(length, _)| length);
                return Err(InputError::LineTooLong {
                    at: odmkit_core::ByteOffset(start as u64),
                    limit: limit as u64,
                    length,
                });
            }
            wanted = (wanted * 4).min(limit);
        }
    }

    /// What the table takes in the check, and in the conversion that follows it: who has waited for the one shall not
    /// be told then that there is too little memory for the other.
    fn with_what_follows(&self, resources: Resources, columns: u64) -> Resources {
        match self.along {
            Along::Rows(_) => resources.for_rows(&RowFacts::of_columns(columns), columns),
            Along::Values | Along::Nothing => resources,
        }
    }

    /// Notes that the table whose line begins at this byte of the head has too many columns.
    fn too_many_columns(&mut self, input: &mut Input, line: usize) -> InputError {
        let (length, tabs) = input.line_at(line).unwrap_or((FAR, FAR));
        let columns = tabs + 1;
        let resources = self.request.resources;
        if length > ANY_TABLE {
            return InputError::LineTooLong {
                at: odmkit_core::ByteOffset(line as u64),
                limit: resources.longest_head() as u64,
                length: Some(length),
            };
        }
        self.failed = Some(EngineError::Memory {
            path: Arc::clone(&self.path),
            need: Need::Columns(columns),
            limit: resources.memory_limit,
            least: resources.least(|more| {
                self.with_what_follows(more.for_header(columns, length + LITTLE), columns)
                    .fits()
                    && more.longest_head() as u64 >= length
            }),
        });
        // The failure is what is told, and not this.
        InputError::Open(std::io::ErrorKind::OutOfMemory.into())
    }
}

/// More than any line has.
const FAR: u64 = 1 << 30;

/// A line of more bytes is no row of a table, but one whose end was lost: a million columns with long names take less.
const ANY_TABLE: u64 = 64 << 20;

/// What stands above the names of the columns, or more.
const LITTLE: u64 = 64 << 10;

/// The first of the lines with the most columns.
struct Widest {
    columns: u64,
    start: usize,
    length: u64,
}

fn widest(text: &[u8]) -> Widest {
    let mut widest = Widest {
        columns: 1,
        start: 0,
        length: 0,
    };
    for line in Lines::new(text) {
        let columns = memchr::memchr_iter(b'\t', line.text).count() as u64 + 1;
        if columns > widest.columns {
            widest = Widest {
                columns,
                start: line.start,
                length: line.text.len() as u64,
            };
        }
    }
    widest
}
