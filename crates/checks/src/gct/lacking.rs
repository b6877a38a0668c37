//! What the header of a GCT file lacks: the name of its first column, or those of its last ones.

use odmkit_columns::missing;
use odmkit_formats::{HeaderLine, Line, Name, fields};

use crate::matrix::sample;
use crate::names::{unnamed, with_unnamed};

/// The header with a first name put in, where it has one field less than every row below it, and begins with the
/// description, or with a sample that the figures count: R leaves out the name of the row names.
pub(super) fn with_first_name(
    names: &HeaderLine,
    declared_samples: Option<u64>,
    rows: &[u8],
) -> Option<HeaderLine> {
    let width = names.fields.len();
    let is = |column: usize, usual: &str| names.text(column).eq_ignore_ascii_case(usual);
    let counted =
        declared_samples.is_some_and(|samples| samples == width as u64 || samples + 1 == width as u64);
    if is(0, "name") || is(1, "description") || names.padding > 0 || !(is(0, "description") || counted) {
        return None;
    }
    let mut used = false;
    for line in sample::rows(rows) {
        let last = fields(line.text).nth(width)?;
        if last.0 + last.1.len() < line.text.len() {
            return None;
        }
        used |= !last.1.trim_ascii().is_empty();
    }
    // Where nothing stands in the last field of any row, it is padding.
    used.then(|| {
        let mut names = names.clone();
        names.fields.insert(
            0,
            Name {
                raw: "Name".to_owned(),
                byte: names.byte,
            },
        );
        names
    })
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
    let declared = declared_samples.is_some_and(|declared| declared + features as u64 == width);
    let count = if declared {
        names.padding
    } else {
        unnamed(names, rows)
    };
    with_unnamed(names, count)
}

/// How many names the header lacks behind its last one, where nearly every row has more fields than it: as many as the
/// figures count, or as have values under them. Where nothing but blanks stands there, and nobody counts them, rows are
/// padded.
fn lacking_names(names: &HeaderLine, features: usize, declared_samples: Option<u64>, rows: &[u8]) -> u64 {
    let named = names.fields.len() as u64;
    let header = named + names.padding;
    if named <= features as u64 {
        return 0;
    }
    let (mut count, mut wide) = (0_u64, 0_u64);
    let (mut width, mut used) = (u64::MAX, 0);
    for line in sample::rows(rows) {
        let (fields, last) = extent(&line);
        count += 1;
        if fields > header {
            wide += 1;
            width = width.min(fields);
            used = used.max(last);
        }
    }
    // Rows that share no width are ragged, whatever the header is.
    if wide == 0 || (count - wide) * 10 >= count || used > width {
        return 0;
    }
    let counted = declared_samples.and_then(|samples| samples.checked_add(features as u64));
    let counted = counted.filter(|counted| *counted <= width).unwrap_or(0);
    // Of a single row it cannot be told whether it has too many fields.
    let needed = counted.max(if wide > 1 { used } else { 0 });
    if needed > header { needed - named } else { 0 }
}

/// How many fields a row has, and how many up to the last that says anything.
fn extent(line: &Line<'_>) -> (u64, u64) {
    let (mut all, mut used) = (0, 0);
    for (_, field) in fields(line.text) {
        all += 1;
        let quoted = |byte: &u8| *byte == b'"' || byte.is_ascii_whitespace();
        let start = field.iter().take_while(|byte| quoted(byte)).count();
        let end = field[start..].iter().rposition(|byte| !quoted(byte));
        let bare = end.map_or(&b""[..], |end| &field[start..=start + end]);
        if missing::judge(bare).is_none() {
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
