//! Tables with one header line: metadata TSVs and data frames.

use odmkit_core::Position;

use crate::{HeadLines, HeaderLine, NeedMore};

/// The header of a table.
#[derive(Debug, Clone)]
pub struct TableHeader {
    /// The line of column names; `None` where the file is blank.
    pub names: Option<HeaderLine>,
    /// Blank lines above it.
    pub blanks: Vec<Position>,
    /// Where the rows begin.
    pub body: Position,
}

/// Reads the header of a table from the beginning of its text.
///
/// # Errors
///
/// Where the header goes on beyond `head`.
pub fn read(head: &[u8], complete: bool) -> Result<TableHeader, NeedMore> {
    let mut lines = HeadLines::new(head, complete);
    let names = lines.next_header()?;
    let body = lines.rest();
    Ok(TableHeader {
        names,
        body,
        blanks: lines.blanks(),
    })
}
