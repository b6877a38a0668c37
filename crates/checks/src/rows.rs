//! Rows of tables that are no matrices: what can be wrong with any of them.

use std::borrow::Cow;
use std::hash::Hash;
use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::Diagnostic;
use odmkit_formats::{HeaderLine, Line, Lines, Row};

use crate::Spot;
use crate::rules::{
    t001_ragged_row, t005_blank_line, t006_padded_text, t007_padding_tabs, t012_quoted_field,
};
use crate::tally::Tally;

/// What can be wrong with a row of any table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RowFault {
    /// So many fields, and not as many as the header.
    Ragged(u32),
    BlankLine,
    /// The names of the columns once more.
    Header,
    PaddingTabs,
    /// White space around the field of this column.
    Padded(u32),
    /// Quotes in the field of this column, of which it is not certain what they meant.
    Quoted(u32),
    /// Quotes around a field, and whether ODM refuses the row for these or for others in it.
    InQuotes {
        refused: bool,
    },
}

/// The quotes around fields of one row: a program that writes some writes all, so that they are told together.
#[derive(Debug, Default)]
pub(crate) struct Quotes<'r> {
    found: Vec<(Spot, &'r [u8])>,
    refused: bool,
}

impl<'r> Quotes<'r> {
    /// What is meant by a field that may stand in quotes. `needed` says that ODM refuses the row for quotes around it.
    pub(crate) fn taken_off(&mut self, text: &'r [u8], spot: Spot, needed: bool) -> Cow<'r, [u8]> {
        if text.first() != Some(&b'"') {
            return Cow::Borrowed(text);
        }
        let Some(bare) = t012_quoted_field::unquoted(text) else {
            return Cow::Borrowed(text);
        };
        self.found.push((spot, text));
        self.refused |= needed;
        match bare {
            Cow::Borrowed(bare) => Cow::Borrowed(bare.trim_ascii()),
            Cow::Owned(bare) => Cow::Owned(bare.trim_ascii().to_vec()),
        }
    }

    /// Tells of them, when the row has been looked at.
    pub(crate) fn report<K>(self, faults: &mut Tally<K>)
    where
        K: From<RowFault> + Copy + Eq + Hash,
    {
        let refused = self.refused;
        for (spot, text) in self.found {
            faults.add(RowFault::InQuotes { refused }.into(), b"", spot, text);
        }
    }
}

/// A line of a block, and where it stands in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Lines before it.
    pub(crate) line: u64,
    /// Bytes before it.
    pub(crate) byte: u64,
    /// Whether it is of ASCII without NUL, so that each field of it is text.
    plain: bool,
}

impl Place {
    pub(crate) fn new(number: u64, line: &Line<'_>) -> Self {
        Self {
            line: number,
            byte: line.start as u64,
            plain: line.text.is_ascii() && memchr::memchr(0, line.text).is_none(),
        }
    }

    /// The whole line.
    pub(crate) const fn spot(self) -> Spot {
        Spot {
            line: self.line,
            field: None,
            byte: self.byte,
        }
    }

    /// A field of it.
    pub(crate) fn field(self, row: &Row<'_>, index: usize) -> Spot {
        Spot {
            line: self.line,
            field: u32::try_from(index).ok(),
            byte: self.byte + row.start(index) as u64,
        }
    }
}

/// Tells of a blank line that was just taken and of those after it that are the same. How many these are.
pub(crate) fn blank_lines<'b, K>(
    lines: &mut Lines<'b>,
    line: &Line<'b>,
    place: Place,
    faults: &mut Tally<K>,
) -> u64
where
    K: From<RowFault> + Copy + Eq + Hash,
{
    let more = lines.pass_repeats(line);
    faults.add_run(RowFault::BlankLine.into(), place.spot(), 1 + more, line.length());
    more
}

/// Whether a row is the line of names once more, which is told.
pub(crate) fn is_header<K>(row: &Row<'_>, place: Place, names: &HeaderLine, faults: &mut Tally<K>) -> bool
where
    K: From<RowFault> + Copy + Eq + Hash,
{
    let width = names.fields.len();
    let says = |index: usize| t012_quoted_field::meant(row.field(index).trim_ascii());
    let is = row.width() >= width
        && row.beyond(width).trim_ascii().is_empty()
        && (0..width).all(|index| *says(index) == *names.text(index).as_bytes());
    if is {
        faults.add(RowFault::Header.into(), b"", place.spot(), b"");
    }
    is
}

/// Whether a row is as wide as the header; padding is told of and forgiven.
pub(crate) fn fits<K>(row: &Row<'_>, place: Place, width: usize, faults: &mut Tally<K>) -> bool
where
    K: From<RowFault> + Copy + Eq + Hash,
{
    let found = row.width();
    if found == width {
        return true;
    }
    if found > width && row.beyond(width).trim_ascii().is_empty() {
        let spot = place.field(row, width);
        faults.add(RowFault::PaddingTabs.into(), b"", spot, row.beyond(width));
        return true;
    }
    // A row with NULs is no row: that is told of by itself.
    if (0..found).any(|index| memchr::memchr(0, row.field(index)).is_some()) {
        return false;
    }
    let fault = RowFault::Ragged(u32::try_from(found).unwrap_or(u32::MAX));
    // The first field that should not be there, or the last that is.
    let spot = place.field(row, width.min(found - 1));
    faults.add(fault.into(), b"", spot, b"");
    false
}

/// A field without the white space around it, which is told of; `None` where it is no text at all, which has been
/// told of already.
pub(crate) fn trimmed<'r, K>(
    row: &Row<'r>,
    place: Place,
    index: usize,
    faults: &mut Tally<K>,
) -> Option<&'r [u8]>
where
    K: From<RowFault> + Copy + Eq + Hash,
{
    let field = row.field(index);
    if !place.plain && (memchr::memchr(0, field).is_some() || std::str::from_utf8(field).is_err()) {
        return None;
    }
    let text = field.trim_ascii();
    if text.len() < field.len() && !text.is_empty() {
        let fault = RowFault::Padded(u32::try_from(index).unwrap_or(u32::MAX));
        faults.add(fault.into(), b"", place.field(row, index), field);
    }
    Some(text)
}

/// The finding of a fault that a row of any table can have.
pub(crate) fn finding<'n>(
    path: &Arc<str>,
    fault: RowFault,
    position: Position,
    text: &str,
    width: usize,
    name: impl Fn(usize) -> &'n str,
) -> Diagnostic {
    match fault {
        RowFault::Ragged(found) => t001_ragged_row::finding(path, position, u64::from(found), width as u64),
        RowFault::Header => t001_ragged_row::header_again(path, position),
        RowFault::BlankLine => t005_blank_line::finding(path, position),
        RowFault::PaddingTabs => {
            let tabs = text.bytes().filter(|byte| *byte == b'\t').count() as u64;
            t007_padding_tabs::finding(path, position, tabs)
        }
        RowFault::Padded(column) => t006_padded_text::in_value(path, position, name(column as usize), text),
        RowFault::InQuotes { refused: true } => t012_quoted_field::whole_file(path, position, text),
        RowFault::InQuotes { refused: false } => t012_quoted_field::fields(path, position, text),
        RowFault::Quoted(column) => t012_quoted_field::finding(path, position, name(column as usize), text),
    }
}

/// A text for a message: its beginning, where it is long.
pub(crate) fn shown(text: &str) -> String {
    if text.chars().count() > 40 {
        text.chars().take(40).chain(['…']).collect()
    } else {
        text.to_owned()
    }
}
