//! Lines among the rows that are no rows, and rows that a line break has cut.

use odmkit_columns::cell::{self, Cell};

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
    /// The second line of a GCT file.
    Figures,
    /// A row whose fields stand apart by this character, and not by tabs.
    Separated(u8),
    /// A part of a row: a quote is opened in it and not closed, or the other way round.
    Broken,
    /// The first part of a row that a line break has cut, where the lines below it are the rest.
    LineBreak,
    /// A part of a row that a carriage return has cut, in a text whose lines end otherwise.
    Returned,
    /// Words in the first field and nothing behind them.
    Note,
    /// The last row, where the text ends before the row does.
    CutOff,
}

impl Stray {
    /// What a line is that has fewer fields than the header of a matrix.
    pub(super) fn judge(line: &[u8], kind: MatrixKind, width: usize) -> Option<Self> {
        let is_gct = kind == MatrixKind::Gct;
        let text = line.trim_ascii();
        let mut fields = text.split(|byte| *byte == b'\t');
        let first = fields.next().unwrap_or_default();
        let second = fields.next();
        if memchr::memchr_iter(b'"', text).count() % 2 == 1 {
            return Some(Self::Broken);
        }
        match second {
            None if is_gct && first.starts_with(b"#1.") && first.len() == 4 => Some(Self::Version),
            None if first.starts_with(b"#") => Some(Self::Comment),
            None if first == b"\x1A" => Some(Self::EndMark),
            None => separator(text, width)
                .filter(|_| width > 2)
                .map(Self::Separated)
                .or_else(|| first.contains(&b' ').then_some(Self::Note)),
            Some(_) if is_gct && Self::is_figures(text) => Some(Self::Figures),
            _ => None,
        }
    }

    /// Whether a line holds what the second line of a GCT file does: two whole numbers, or the four of version 1.3.
    pub(crate) fn is_figures(line: &[u8]) -> bool {
        let number = |field: &[u8]| !field.is_empty() && field.iter().all(u8::is_ascii_digit);
        let fields: Vec<&[u8]> = line.trim_ascii().split(|byte| *byte == b'\t').take(5).collect();
        matches!(fields.len(), 2 | 4) && fields.into_iter().all(number)
    }

    /// Whether the line is what it is whatever stands above and below it.
    pub(super) const fn stands_alone(self) -> bool {
        matches!(
            self,
            Self::Comment | Self::EndMark | Self::Version | Self::Separated(_)
        )
    }

    /// Whether the line is no part of any row.
    pub(super) const fn is_no_row(self) -> bool {
        !matches!(
            self,
            Self::Broken | Self::LineBreak | Self::Returned | Self::Separated(_) | Self::CutOff
        )
    }
}

/// What stands between the fields of a row without tabs: a character that there is enough of, with a number behind the last.
fn separator(line: &[u8], width: usize) -> Option<u8> {
    let is = |separator: &u8| {
        let mut fields = line.split(|byte| byte == separator);
        let last = fields.next_back().unwrap_or_default();
        fields.count() + 1 >= width && matches!(cell::judge(last.trim_ascii()), Cell::Number)
    };
    [b',', b';', b'|', b' '].into_iter().find(is)
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
            ("2\t3\t4\t5", Some(Stray::Figures)),
            ("2", None),
            ("TP53", None),
            ("values are TPM", Some(Stray::Note)),
            ("* normalised\t\t", Some(Stray::Note)),
            ("TP53 gene\tx", None),
            ("a\t\"one", Some(Stray::Broken)),
            ("two\"\t1\t2", Some(Stray::Broken)),
            ("a\tb", None),
            ("a,x,1,2.5", Some(Stray::Separated(b','))),
            ("a;x;1,5;2", Some(Stray::Separated(b';'))),
            ("a gene of note 1 2.5", Some(Stray::Separated(b' '))),
            ("a,x,1", None),
            (
                "Source: GEO, accession, and more, of 2024 or so",
                Some(Stray::Note),
            ),
        ] {
            assert_eq!(Stray::judge(line.as_bytes(), MatrixKind::Gct, 4), stray, "{line}");
        }
    }
}
