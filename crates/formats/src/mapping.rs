//! Cross-references between transcripts and genes: a table of two columns.

use crate::HeaderLine;

/// The column of transcripts.
pub const TRANSCRIPT: &str = "TXNAME";

/// The column of genes.
pub const GENE: &str = "GENEID";

/// The longest identifier that ODM keeps whole, in characters.
pub const LONGEST_ID: usize = 255;

/// What a header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderShape {
    /// `TXNAME` and `GENEID`.
    Right,
    /// Both names, spelt otherwise in case.
    Case,
    /// Both names, in the other order.
    Swapped,
    /// Both names, and others.
    TooWide,
    /// One field in which another character separates the names.
    Separator(char),
    /// Two columns of other names that may be ones.
    Misnamed,
    /// Two fields that look like identifiers: the first row.
    Data,
    /// One column, or many of which none are the two.
    Other,
}

/// A header, and where the two columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MappingHeader {
    /// What it is.
    pub shape: HeaderShape,
    /// The 0-based index of the column of transcripts.
    pub transcript: usize,
    /// The 0-based index of the column of genes.
    pub gene: usize,
}

/// Looks for the two columns in a header.
pub fn judge(names: &HeaderLine) -> MappingHeader {
    let width = names.fields.len();
    let find = |wanted: &str| (0..width).find(|index| names.text(*index).eq_ignore_ascii_case(wanted));
    let (transcript, gene) = match (find(TRANSCRIPT), find(GENE)) {
        (Some(transcript), Some(gene)) => (transcript, gene),
        _ => (0, 1),
    };
    let both = find(TRANSCRIPT).is_some() && find(GENE).is_some();
    let shape = if both && width > 2 {
        HeaderShape::TooWide
    } else if both && transcript > gene {
        HeaderShape::Swapped
    } else if both && (names.text(0) != TRANSCRIPT || names.text(1) != GENE) {
        HeaderShape::Case
    } else if both {
        HeaderShape::Right
    } else if width == 1 {
        separator(names.text(0)).map_or(HeaderShape::Other, HeaderShape::Separator)
    } else if width > 2 {
        HeaderShape::Other
    } else if (0..2).all(|index| looks_like_an_id(names.text(index))) {
        HeaderShape::Data
    } else {
        HeaderShape::Misnamed
    };
    MappingHeader {
        shape,
        transcript,
        gene,
    }
}

/// What separates the two names in a field that should be two.
fn separator(text: &str) -> Option<char> {
    [',', ';', '|', ' '].into_iter().find(|separator| {
        let mut parts = text
            .split(*separator)
            .map(str::trim)
            .filter(|part| !part.is_empty());
        parts
            .next()
            .is_some_and(|first| first.trim_matches('"').eq_ignore_ascii_case(TRANSCRIPT))
            && parts.next().is_some()
    })
}

/// Identifiers have figures; the names of columns rarely do.
fn looks_like_an_id(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use odmkit_core::{ByteOffset, LineNumber};

    use super::*;

    #[test]
    fn headers_are_told_apart() {
        for (text, shape, transcript, gene) in [
            ("TXNAME\tGENEID", HeaderShape::Right, 0, 1),
            (" TXNAME\tGENEID ", HeaderShape::Right, 0, 1),
            ("txname\tGeneID", HeaderShape::Case, 0, 1),
            ("GENEID\tTXNAME", HeaderShape::Swapped, 1, 0),
            ("TXNAME\tSYMBOL\tGENEID", HeaderShape::TooWide, 0, 2),
            ("TXNAME,GENEID", HeaderShape::Separator(','), 0, 1),
            ("TXNAME GENEID", HeaderShape::Separator(' '), 0, 1),
            ("\"TXNAME\";\"GENEID\"", HeaderShape::Separator(';'), 0, 1),
            ("transcript\tgene", HeaderShape::Misnamed, 0, 1),
            ("ENST01\tENSG01", HeaderShape::Data, 0, 1),
            ("TXNAME", HeaderShape::Other, 0, 1),
            ("a\tb\tc", HeaderShape::Other, 0, 1),
        ] {
            let names = HeaderLine::read(text.as_bytes(), LineNumber::FIRST, ByteOffset(0));
            let expected = MappingHeader {
                shape,
                transcript,
                gene,
            };
            assert_eq!(judge(&names), expected, "{text}");
        }
    }
}
