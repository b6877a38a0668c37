//! Lines among the rows that are no rows, and rows that a line break has cut.

use super::layout::MatrixKind;

/// A line with fewer fields than the header that is plainly no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stray {
    /// It begins with `#`.
    Comment,
    /// Nothing but the mark that ended a file in DOS.
    EndMark,
    /// The first line of a GCT file.
    Version,
    /// The second line of a GCT file: two whole numbers.
    Figures,
    /// A part of a row: a quote is opened in it and not closed, or the other way round.
    Broken,
    /// A part of a row that a carriage return has cut, in a text whose lines end otherwise.
    Returned,
}

impl Stray {
    /// What a line is that has fewer fields than the header of a matrix.
    pub(super) fn judge(line: &[u8], kind: MatrixKind) -> Option<Self> {
        let is_gct = kind == MatrixKind::Gct;
        let text = line.trim_ascii();
        let mut fields = text.split(|byte| *byte == b'\t');
        let first = fields.next().unwrap_or_default();
        let second = fields.next();
        let number = |field: &[u8]| !field.is_empty() && field.iter().all(u8::is_ascii_digit);
        if memchr::memchr_iter(b'"', text).count() % 2 == 1 {
            return Some(Self::Broken);
        }
        match second {
            None if is_gct && first.starts_with(b"#1.") && first.len() == 4 => Some(Self::Version),
            None if first.starts_with(b"#") => Some(Self::Comment),
            None if first == b"\x1A" => Some(Self::EndMark),
            Some(second) if is_gct && fields.next().is_none() && number(first) && number(second) => {
                Some(Self::Figures)
            }
            _ => None,
        }
    }

    /// Whether the line is no part of any row.
    pub(super) const fn is_no_row(self) -> bool {
        !matches!(self, Self::Broken | Self::Returned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_no_rows_are_known() {
        for (line, stray) in [
            ("# made by x", Some(Stray::Comment)),
            ("# made by x\t\t", Some(Stray::Comment)),
            ("#a\tb", None),
            ("\x1A", Some(Stray::EndMark)),
            ("#1.2", Some(Stray::Version)),
            ("#1.2\t\t", Some(Stray::Version)),
            ("2\t3", Some(Stray::Figures)),
            ("2\t3\t4", None),
            ("2", None),
            ("a\t\"one", Some(Stray::Broken)),
            ("two\"\t1\t2", Some(Stray::Broken)),
            ("a\tb", None),
        ] {
            assert_eq!(Stray::judge(line.as_bytes(), MatrixKind::Gct), stray, "{line}");
        }
    }
}
