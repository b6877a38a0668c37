//! What the header of a GCT file lacks: the names of its first columns, or those of its last ones.

use std::sync::Arc;

use odmkit_columns::cell::{self, Cell};
use odmkit_columns::missing;
use odmkit_diagnostics::Diagnostic;
use odmkit_formats::gct::Header;
use odmkit_formats::{HeaderLine, Line, Name, fields};

use crate::matrix::{FirstNames, sample};
use crate::names::{unnamed, with_unnamed};
use crate::rules::{g005_bad_name_header, g006_bad_description_header};

/// The header with the first names put in that it lacks.
pub(super) struct WithFirst {
    pub(super) names: HeaderLine,
    pub(super) lacking: FirstNames,
    /// Both names stand in one field.
    joined: bool,
    /// It is the header of GCT 1.3.
    old: bool,
}

impl WithFirst {
    /// What is said of it; `names` is the header as it is.
    pub(super) fn finding(&self, path: &Arc<str>, names: &HeaderLine) -> Diagnostic {
        let (position, first) = (names.position(0), names.text(0));
        match self.lacking {
            _ if self.joined => g005_bad_name_header::joined(path, position, first),
            _ if self.old => g005_bad_name_header::absent_id(path, position, first),
            FirstNames::Description => g006_bad_description_header::lacking(path, names.position(1)),
            FirstNames::Both => g005_bad_name_header::both_absent(path, position, first),
            FirstNames::Name | FirstNames::Neither => g005_bad_name_header::absent(path, position, first),
        }
    }
}

/// The header with its first names, where every row below it has one field more, or two, and the figures or the names that
/// are there show that it is the first ones that are not: R leaves out the name of the row names.
pub(super) fn with_first_names(
    names: &HeaderLine,
    header: &Header,
    old: bool,
    rows: &[u8],
) -> Option<WithFirst> {
    let width = names.fields.len() as u64;
    let is = |column: usize, usual: &str| names.text(column).eq_ignore_ascii_case(usual);
    let widths = sample::Widths::of(rows)?;
    let beyond = fields_beyond(names, header, old, widths)?;
    let declared = header.dimensions.map(|figures| figures.samples);
    let counted = |samples: u64| declared == Some(samples);
    let joined = beyond == 1 && is_joined(names.text(0));
    let lacking = if old {
        let figures = header.dimensions?;
        let with_attributes = figures.samples.checked_add(figures.row_attributes);
        let is_there = ["id", "rid", "name"].iter().any(|usual| is(0, usual));
        (beyond == 1 && with_attributes == Some(width) && !is_there).then_some(FirstNames::Name)?
    } else if joined {
        FirstNames::Name
    } else if is(1, "description") || (is(0, "name") && is(1, "name")) {
        return None;
    } else if is(0, "name") {
        let fits = declared.is_none() || counted(width - 1);
        (beyond == 1 && fits && second_describes(widths, rows, declared.is_some()))
            .then_some(FirstNames::Description)?
    } else if beyond == 2 {
        (counted(width) && second_describes(widths, rows, true)).then_some(FirstNames::Both)?
    } else {
        (is(0, "description") || counted(width) || counted(width - 1)).then_some(FirstNames::Name)?
    };
    let name = |raw: &str| Name {
        raw: raw.to_owned(),
        byte: names.byte,
    };
    let is_padded = widths.ends_with(names);
    let mut names = names.clone();
    if matches!(lacking, FirstNames::Name | FirstNames::Both) {
        names.fields.insert(0, name(if old { "id" } else { "Name" }));
    }
    if joined {
        names.fields[1] = name("Description");
    } else if matches!(lacking, FirstNames::Description | FirstNames::Both) {
        names.fields.insert(1, name("Description"));
    }
    if is_padded {
        names.padding = names.padding.saturating_sub(lacking.count() as u64);
    }
    Some(WithFirst {
        names,
        lacking,
        joined,
        old,
    })
}

/// How many fields every row has beyond those of the header: one or two. Where nothing stands in the last of any row, it is
/// padding; and what pads the header must pad the rows as well, or it is a name that is blank, unless figures of GCT 1.3 count
/// the names that are there.
fn fields_beyond(names: &HeaderLine, header: &Header, old: bool, widths: sample::Widths) -> Option<usize> {
    let beyond = widths.used.checked_sub(names.fields.len());
    let fits = widths.fits(names, header) || (old && widths.ends_with(names));
    beyond.filter(|beyond| matches!(beyond, 1 | 2) && fits)
}

/// Whether a field holds both first names, with something other than a tab between them.
fn is_joined(text: &str) -> bool {
    let mut words = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut is = |usual: &str| words.next().is_some_and(|word| word.eq_ignore_ascii_case(usual));
    is("name") && is("description") && words.next().is_none()
}

/// Whether the second column of the rows can be the description: it holds no number, and text unless the figures count the names
/// that are there as samples.
fn second_describes(widths: sample::Widths, rows: &[u8], counted: bool) -> bool {
    let seconds = widths.of_them(rows).filter_map(|line| fields(line.text).nth(1));
    let judged: Vec<Cell> = seconds.map(|(_, field)| cell::judge(field)).collect();
    (counted || judged.contains(&Cell::Text))
        && judged
            .iter()
            .all(|cell| matches!(cell, Cell::Text | Cell::Missing(_)))
}

/// The header with a name, if a blank one, for each column of the rows that is more than padding.
pub(super) struct WithUnnamed {
    pub(super) names: HeaderLine,
    /// How many names it lacks at its end, blank ones too.
    pub(super) lacking: u64,
}

impl WithUnnamed {
    pub(super) fn of(
        names: &HeaderLine,
        features: usize,
        declared_samples: Option<u64>,
        rows: &[u8],
    ) -> Self {
        let lacking = lacking_names(names, features, declared_samples, rows);
        let names = match lacking {
            0 => with_unnamed_samples(names, features, declared_samples, rows),
            lacking => with_lacking(names, lacking),
        };
        Self { names, lacking }
    }

    /// The name of a sample that may be those of several: it has as many blanks as names are lacking.
    pub(super) fn joined(&self, features: usize) -> Option<&str> {
        let blanks = |name: &str| name.split_whitespace().count() as u64 - 1;
        let mut names = (features..self.found()).map(|column| self.names.text(column));
        names.find(|name| self.lacking > 0 && !name.is_empty() && blanks(name) == self.lacking)
    }

    /// How many fields the header has of its own.
    pub(super) fn found(&self) -> usize {
        self.names.fields.len() - usize::try_from(self.lacking).unwrap_or(0)
    }
}

/// Blank names at the end of the header are samples without a name where the figures say so, or values stand under them;
/// else padding.
fn with_unnamed_samples(
    names: &HeaderLine,
    features: usize,
    declared_samples: Option<u64>,
    rows: &[u8],
) -> HeaderLine {
    let width = names.fields.len() as u64 + names.padding;
    let declared = declared_samples.and_then(|declared| declared.checked_add(features as u64)) == Some(width);
    let count = if declared {
        names.padding
    } else {
        unnamed(names, rows)
    };
    with_unnamed(names, count)
}

/// How many names the header lacks behind its last one, where most rows have more fields than it: as many as the
/// figures count, or as have values under them. Where nothing but blanks stands there, and nobody counts them, rows are
/// padded.
fn lacking_names(names: &HeaderLine, features: usize, declared_samples: Option<u64>, rows: &[u8]) -> u64 {
    let named = names.fields.len() as u64;
    let header = named + names.padding;
    if named < features as u64 {
        return 0;
    }
    let extents: Vec<(u64, u64)> = sample::rows(rows).map(|line| extent(&line)).collect();
    let wide: Vec<(u64, u64)> = extents.iter().copied().filter(|(all, _)| *all > header).collect();
    let width = wide.iter().map(|(all, _)| *all).min().unwrap_or(0);
    let fitting = || wide.iter().filter(|(_, used)| *used <= width);
    // Rows of which most share no width are ragged, whatever the header is.
    if fitting().count() * 2 <= extents.len() {
        return 0;
    }
    let used = fitting().map(|(_, used)| *used).max().unwrap_or(0);
    let counted = declared_samples.and_then(|samples| samples.checked_add(features as u64));
    let counted = counted.filter(|counted| *counted <= width).unwrap_or(0);
    // Of a single row it cannot be told whether it has too many fields.
    let needed = counted.max(if wide.len() > 1 { used } else { 0 });
    if needed > header { needed - named } else { 0 }
}

/// How many fields a row has, and how many up to the last that says anything.
fn extent(line: &Line<'_>) -> (u64, u64) {
    let says_something = |field: &[u8]| {
        let quoted = |byte: &u8| *byte == b'"' || byte.is_ascii_whitespace();
        let start = field.iter().take_while(|byte| quoted(byte)).count();
        let end = field[start..].iter().rposition(|byte| !quoted(byte));
        let bare = end.map_or(&b""[..], |end| &field[start..=start + end]);
        missing::judge(bare).is_none()
    };
    let (mut all, mut used) = (0, 0);
    for (_, field) in fields(line.text) {
        all += 1;
        if says_something(field) {
            used = all;
        }
    }
    (all, used)
}

/// The header with columns behind it that have no name, not even a blank one.
fn with_lacking(names: &HeaderLine, lacking: u64) -> HeaderLine {
    let mut names = names.clone();
    names.padding = 0;
    for _ in 0..lacking {
        names.fields.push(Name {
            raw: String::new(),
            byte: names.padding_byte,
        });
    }
    names
}

#[cfg(test)]
mod tests {
    use odmkit_core::{ByteOffset, LineNumber};

    use super::*;

    #[test]
    fn names_are_lacking_where_rows_go_on_beyond_the_header() {
        let two = "a\tx\t1\t2\nb\tx\t3\t4\n";
        let blank = "a\tx\t1\t\nb\tx\t3\t\n";
        let ragged = "a\tx\t1\t2\nb\tx\t3\nc\tx\t3\n";
        let padded = "a\tx\t1\t2\t\t\nb\tx\t3\t4\n";
        for (header, declared, rows, lacking) in [
            ("Name\tDescription\tS1", Some(2), two, 1),
            ("Name\tDescription\tS1", Some(1), two, 1),
            ("Name\tDescription\tS1", None, two, 1),
            ("Name\tDescription\tS1", Some(2), padded, 1),
            ("Name\tDescription\tS1", Some(2), blank, 1),
            ("Name\tDescription\tS1", Some(1), blank, 0),
            ("Name\tDescription\tS1", None, blank, 0),
            (
                "Name\tDescription\tS1",
                Some(1),
                "a\tx\t1\tNA\nb\tx\t3\t\"\"\n",
                0,
            ),
            ("Name\tDescription\tS1", Some(1), ragged, 0),
            ("Name\tDescription\tS1", Some(2), "a\tx\t1\t2\n", 1),
            ("Name\tDescription\tS1", Some(1), "a\tx\t1\t2\n", 0),
            ("Name\tDescription\tS1\tS2", Some(2), two, 0),
            // A blank name is no lacking one.
            ("Name\tDescription\tS1\t", Some(2), two, 0),
        ] {
            let names = HeaderLine::read(header.as_bytes(), LineNumber::FIRST, ByteOffset(0));
            let found = WithUnnamed::of(&names, 2, declared, rows.as_bytes());
            assert_eq!(found.lacking, lacking, "{header:?} {declared:?} {rows:?}");
        }
    }
}
