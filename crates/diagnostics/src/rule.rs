//! What is fixed about a rule: its code, name, severity, and the words that explain it.

use std::fmt;

use serde::Serialize;

use crate::{Code, Example};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing to mend.
    Info,
    /// ODM takes the file, but something is flagged, lost or likely to be meant otherwise.
    Warning,
    /// ODM rejects the file, or a link of it.
    Error,
}

/// What ODM does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Nothing.
    None,
    /// Imported, but some function is lost.
    Degraded,
    /// Imported, and marked invalid.
    Flagged,
    /// The import or the link fails.
    Rejected,
}

/// Whether `odmkit fix` can mend what a rule finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fixable {
    /// Only a person can.
    No,
    /// Without guessing.
    Safe,
    /// Only on request, because it could hide lost data.
    Unsafe,
}

/// A rule. There is one static of this type per rule, in the rule's own file.
#[derive(Debug)]
pub struct Rule {
    /// The code, fixed for ever.
    pub code: Code,
    /// The name in kebab case; reads well after "allow".
    pub name: &'static str,
    /// The severity where nothing overrides it.
    pub severity: Severity,
    /// What ODM does.
    pub effect: Effect,
    /// Whether it can be mended by the tool.
    pub fix: Fixable,
    /// What is found, in one or two sentences.
    pub what: &'static str,
    /// Why ODM cares.
    pub why: &'static str,
    /// How to mend it.
    pub mend: &'static str,
    /// A case that gives the finding.
    pub example: Example,
}

impl Severity {
    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Effect {
    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Degraded => "degraded",
            Self::Flagged => "flagged",
            Self::Rejected => "rejected",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
