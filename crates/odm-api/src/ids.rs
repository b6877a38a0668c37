//! The names by which ODM knows objects and jobs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The accession of an ODM object: capitals, then digits (`GSF000123`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Accession(String);

/// The number of an import job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub u64);

/// Text that is no accession.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an accession: capitals and then digits are expected, as in GSF000123")]
pub struct BadAccession(String);

impl Accession {
    /// Stands for an accession that is not known yet, in a request that is shown as a shell command and not sent.
    #[must_use]
    pub fn shell_variable(name: &str) -> Self {
        let name: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_uppercase()
                } else {
                    '_'
                }
            })
            .collect();
        Self(format!("${name}"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Accession {
    type Err = BadAccession;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let good = digits.len() < text.len()
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && text.len() <= 64;
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadAccession(text.chars().take(80).collect()))
        }
    }
}

impl TryFrom<String> for Accession {
    type Error = BadAccession;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Accession> for String {
    fn from(accession: Accession) -> Self {
        accession.0
    }
}

impl fmt::Display for Accession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accessions_are_capitals_and_digits() {
        for good in ["GSF1", "GSF000123", "A0"] {
            assert!(good.parse::<Accession>().is_ok(), "{good}");
        }
        for bad in ["", "GSF", "123", "gsf1", "GSF1/../2", "GSF1 ", "GSF-1", "$STUDY"] {
            assert!(bad.parse::<Accession>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_shell_variable_needs_no_quoting() {
        assert_eq!(Accession::shell_variable("data 2.gct").as_str(), "$DATA_2_GCT");
    }
}
