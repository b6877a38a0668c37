//! The head of a file, read as tab-separated text.

use std::collections::HashMap;

use odmkit_formats::lines::{Line, Lines, fields};

use super::by_first_line;
use crate::frame::Cell;

/// How many rows are looked at.
const ROWS: usize = 200;

/// How many below a first line that says by itself what the file is.
const FEW: usize = 4;

/// A header and the first rows under it, trimmed and without quotes around fields, without blank lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The header, without the empty fields at its end.
    pub header: Vec<String>,
    /// The first rows, as they stand.
    pub rows: Vec<Vec<String>>,
    /// Whether these are all the rows of the file.
    pub complete: bool,
    /// Whether the header itself is cut off.
    pub header_cut: bool,
    /// Whether empty fields stood at its end.
    pub header_padded: bool,
}

impl Table {
    /// The table in the first bytes of a file; `None` where there is no line with anything in it.
    pub fn read(bytes: &[u8], whole: bool) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        // No-break blanks are blank too: a table has a name in its header.
        let filled = |line: &Line<'_>| !String::from_utf8_lossy(line.text).trim().is_empty();
        let mut lines = Lines::new(bytes).filter(filled).peekable();
        let first = lines.next()?;
        let header_cut = !whole && first.terminator.is_empty();
        let most = if by_first_line(first.text).is_some() {
            FEW
        } else {
            ROWS
        };
        let mut header = split(first.text);
        let all = header.len();
        while header.last().is_some_and(String::is_empty) {
            header.pop();
        }
        let header_padded = header.len() < all;
        let (mut rows, mut complete) = (Vec::new(), whole);
        for line in lines {
            // A line that ends where the head ends may go on in the file.
            if !whole && line.terminator.is_empty() {
                break;
            }
            if rows.len() == most {
                complete = false;
                break;
            }
            rows.push(split(line.text));
        }
        Some(Self {
            header,
            rows,
            complete,
            header_cut,
            header_padded,
        })
    }

    /// Whether there is a column of this name, in quotes or not.
    pub fn has(&self, name: &str) -> bool {
        self.header.iter().any(|column| column == name)
    }

    /// The column that is nearly of this name: in another case, with `_` or `-` for blanks, or in quotes.
    pub fn nearly(&self, name: &str) -> Option<&str> {
        let wanted = relaxed(name);
        self.header
            .iter()
            .map(String::as_str)
            .find(|column| relaxed(column) == wanted)
    }

    /// Whether the file has exactly one record.
    pub fn is_one_record(&self) -> bool {
        self.complete && self.rows.len() == 1
    }

    /// How many fields the rows have up to the last one with something in it.
    pub fn used_width(&self) -> usize {
        self.rows.iter().map(|row| used(row)).max().unwrap_or(0)
    }

    /// The table under a title: a single field above lines that have several, of which the first is no row.
    pub fn below_title(&self) -> Option<Self> {
        if self.header.len() > 1 {
            return None;
        }
        let mut widths: HashMap<usize, usize> = HashMap::new();
        for row in &self.rows {
            *widths.entry(used(row)).or_default() += 1;
        }
        let (common, _) = widths.into_iter().max_by_key(|(width, count)| (*count, *width))?;
        let at = self.rows.iter().position(|row| used(row) >= common)?;
        let (header, rows) = self.rows[at..].split_first().filter(|_| common > 1)?;
        let is_row = header.iter().any(|cell| Cell::of(cell) == Cell::Number);
        (!is_row).then(|| Self {
            header: header[..used(header)].to_vec(),
            rows: rows.to_vec(),
            complete: self.complete,
            header_cut: false,
            header_padded: used(header) < header.len(),
        })
    }

    /// A cell; empty where the row is too short.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.rows
            .get(row)
            .and_then(|cells| cells.get(column))
            .map_or("", String::as_str)
    }
}

/// A name without case, quotes, and the differences between blanks, `_` and `-`.
pub fn relaxed(name: &str) -> String {
    name.chars()
        .filter(|character| !matches!(character, '"' | ' ' | '_' | '-' | '.' | '\u{a0}' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect()
}

fn split(line: &[u8]) -> Vec<String> {
    fields(line)
        .map(|(_, field)| bare(&String::from_utf8_lossy(field)).to_owned())
        .collect()
}

/// How many fields a row has up to the last one with something in it.
fn used(row: &[String]) -> usize {
    row.iter()
        .rposition(|cell| !cell.is_empty())
        .map_or(0, |last| last + 1)
}

/// A field without the blanks around it, and the quotes around that.
pub fn bare(field: &str) -> &str {
    let field = field.trim();
    let inner = field.strip_prefix('"').and_then(|field| field.strip_suffix('"'));
    inner
        .filter(|inner| !inner.contains('"'))
        .map_or(field, str::trim)
}
