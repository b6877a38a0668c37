//! Colour, or none.

use std::fmt;

use odmkit_diagnostics::Severity;

use crate::Verdict;

/// A way to set text apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Error,
    Warning,
    Info,
    Good,
    Strong,
    Quiet,
}

impl Style {
    const fn code(self) -> &'static str {
        match self {
            Self::Error => "\x1b[1;31m",
            Self::Warning => "\x1b[1;33m",
            Self::Info => "\x1b[1;36m",
            Self::Good => "\x1b[1;32m",
            Self::Strong => "\x1b[1m",
            Self::Quiet => "\x1b[34m",
        }
    }

    /// `text` in this style where `color` says so.
    pub(crate) const fn paint(self, color: bool, text: &str) -> Painted<'_> {
        Painted {
            style: self,
            color,
            text,
        }
    }
}

impl From<Severity> for Style {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Info => Self::Info,
        }
    }
}

impl From<Verdict> for Style {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Clean => Self::Good,
            Verdict::Flagged => Self::Warning,
            Verdict::Rejected => Self::Error,
        }
    }
}

/// Text with its style.
pub(crate) struct Painted<'a> {
    style: Style,
    color: bool,
    text: &'a str,
}

impl fmt::Display for Painted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.color && !self.text.is_empty() {
            write!(f, "{}{}\x1b[0m", self.style.code(), self.text)
        } else {
            f.write_str(self.text)
        }
    }
}
