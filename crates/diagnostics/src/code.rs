//! The code of a rule.

use std::fmt;

use serde::{Serialize, Serializer};

/// A rule's code: a letter and three digits, such as `G003`. It never changes and is never given away again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 4]);

impl Code {
    /// The code with this text.
    ///
    /// # Panics
    ///
    /// At compile time where the text is not one capital letter and three digits.
    pub const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        assert!(bytes.len() == 4, "a code has four characters");
        assert!(
            bytes[0].is_ascii_uppercase(),
            "a code begins with a capital letter"
        );
        assert!(
            bytes[1].is_ascii_digit() && bytes[2].is_ascii_digit() && bytes[3].is_ascii_digit(),
            "a code ends with three digits"
        );
        Self([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
