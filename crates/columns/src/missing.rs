//! Missing tokens: texts that stand for "no value".
//!
//! Source: ODM's list of supported formats. ODM compares exactly; what differs only by case, or is another
//! tool's token, is told apart so that a report can say what to write instead.

/// What a cell that is no number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Missing {
    /// Nothing, or blanks.
    Empty,
    /// One of ODM's own tokens for no value: `NaN`, `null`, `N/A`, `NA`, `filtered`.
    Token,
    /// `Inf` (true) or `-Inf` (false): missing to ODM's search, an infinity to arithmetic.
    Infinity {
        /// Whether it is positive.
        positive: bool,
    },
    /// A token in another spelling (`na`, `NULL`, `nan`), which ODM does not know.
    NearToken,
    /// An infinity in another spelling (`inf`, `Infinity`, `+Inf`), which ODM does not know.
    NearInfinity {
        /// Whether it is positive.
        positive: bool,
    },
}

/// The tokens that ODM takes for no value.
pub const TOKENS: [&str; 5] = ["NaN", "null", "N/A", "NA", "filtered"];

/// What the cell stands for, if it is a missing token in some spelling.
pub fn judge(cell: &[u8]) -> Option<Missing> {
    if cell.iter().all(|byte| *byte == b' ') {
        return Some(Missing::Empty);
    }
    if cell.len() > 9 {
        return None;
    }
    if TOKENS.iter().any(|token| token.as_bytes() == cell) {
        return Some(Missing::Token);
    }
    match cell {
        b"Inf" => return Some(Missing::Infinity { positive: true }),
        b"-Inf" => return Some(Missing::Infinity { positive: false }),
        _ => {}
    }
    let is = |text: &str| cell.eq_ignore_ascii_case(text.as_bytes());
    if TOKENS.iter().any(|token| is(token)) || is("none") {
        return Some(Missing::NearToken);
    }
    let unsigned = cell
        .strip_prefix(b"-")
        .or_else(|| cell.strip_prefix(b"+"))
        .unwrap_or(cell);
    if unsigned.eq_ignore_ascii_case(b"inf") || unsigned.eq_ignore_ascii_case(b"infinity") {
        return Some(Missing::NearInfinity {
            positive: cell[0] != b'-',
        });
    }
    None
}

/// Words that people write where there is no value, without their points and blanks. ODM knows none of them.
const PLACEHOLDERS: [&str; 31] = [
    "nd",
    "na",
    "nan",
    "none",
    "null",
    "nil",
    "nv",
    "nm",
    "nq",
    "bdl",
    "bql",
    "blq",
    "lod",
    "loq",
    "bld",
    "dl",
    "missing",
    "unknown",
    "undetermined",
    "undefined",
    "notdetected",
    "notdetermined",
    "notavailable",
    "notapplicable",
    "notmeasured",
    "notquantified",
    "nodata",
    "empty",
    "blank",
    "filtered",
    "tbd",
];

/// Whether a text stands for a value that is not there, in whatever words: `n.d.`, `-`, `Not detected`.
pub fn is_placeholder(text: &str) -> bool {
    // A plus sign is more than nothing: it is one of the two strands of a genome.
    let letters = text
        .chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == '+');
    let bare: String = letters.flat_map(char::to_lowercase).collect();
    bare.is_empty() || PLACEHOLDERS.contains(&bare.as_str())
}

impl Missing {
    /// Whether ODM knows it as it is spelt.
    pub const fn is_known(self) -> bool {
        matches!(self, Self::Empty | Self::Token | Self::Infinity { .. })
    }

    /// The value it stands for, where that is not nothing.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Infinity { positive } | Self::NearInfinity { positive } => Some(if positive {
                f64::INFINITY
            } else {
                f64::NEG_INFINITY
            }),
            Self::Empty | Self::Token | Self::NearToken => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odms_tokens_are_exact() {
        for token in TOKENS {
            assert_eq!(judge(token.as_bytes()), Some(Missing::Token), "{token}");
        }
        assert_eq!(judge(b""), Some(Missing::Empty));
        assert_eq!(judge(b"   "), Some(Missing::Empty));
        assert_eq!(judge(b"Inf"), Some(Missing::Infinity { positive: true }));
        assert_eq!(judge(b"-Inf"), Some(Missing::Infinity { positive: false }));
    }

    #[test]
    fn other_spellings_are_told_apart() {
        for token in [
            "nan", "NAN", "na", "Na", "n/a", "NULL", "Null", "Filtered", "None", "none",
        ] {
            assert_eq!(judge(token.as_bytes()), Some(Missing::NearToken), "{token}");
        }
        assert_eq!(judge(b"+Inf"), Some(Missing::NearInfinity { positive: true }));
        assert_eq!(
            judge(b"-infinity"),
            Some(Missing::NearInfinity { positive: false })
        );
    }

    #[test]
    fn what_people_write_for_no_value_is_known() {
        for text in [
            "-",
            "--",
            ".",
            "?",
            "n.d.",
            "N.D.",
            "n/d",
            "ND",
            "Not detected",
            "BDL",
            "NA ",
            "",
        ] {
            assert!(is_placeholder(text), "{text:?}");
        }
        for text in ["TPM", "log2 ratio", "1", "low", "S1", "n1", "+"] {
            assert!(!is_placeholder(text), "{text:?}");
        }
    }

    #[test]
    fn other_texts_are_not_missing() {
        for text in [
            "#N/A",
            "-",
            ".",
            "NA ",
            "not a number",
            "0",
            "+",
            "infinite",
            "\t",
        ] {
            assert_eq!(judge(text.as_bytes()), None, "{text:?}");
        }
    }
}
