//! Severity overrides: `--deny`, `--warn`, `--allow`, `--strict`.

use std::fmt;
use std::str::FromStr;

use crate::{Diagnostic, Effect, Rule, Severity};

/// What an override is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// Everything at warning level (`--deny warnings`).
    Warnings,
    /// Every code that begins with this text: `G003`, `G00`, `M`.
    Prefix(String),
}

/// The text is no code, no prefix of one and not `warnings`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSelector(String);

/// Which findings are raised, lowered or silenced.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    rules: Vec<(Level, Selector)>,
    strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Allow,
    Warn,
    Deny,
}

impl Overrides {
    /// No overrides.
    pub fn new() -> Self {
        Self::default()
    }

    /// Raises what the selector names to errors.
    #[must_use]
    pub fn deny(self, selector: Selector) -> Self {
        self.with(Level::Deny, selector)
    }

    /// Makes what the selector names warnings.
    #[must_use]
    pub fn warn(self, selector: Selector) -> Self {
        self.with(Level::Warn, selector)
    }

    /// Silences what the selector names.
    #[must_use]
    pub fn allow(self, selector: Selector) -> Self {
        self.with(Level::Allow, selector)
    }

    /// Raises everything that ODM would flag to errors.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    fn with(mut self, level: Level, selector: Selector) -> Self {
        self.rules.push((level, selector));
        self
    }

    /// The severity of a finding under these overrides; `None` where it is silenced.
    ///
    /// The longest matching prefix decides; of two equally long ones the graver. `warnings` counts as the
    /// shortest, and only for what is a warning by itself.
    pub fn apply(&self, finding: &Diagnostic) -> Option<Severity> {
        let code = finding.rule.code;
        let chosen = self
            .rules
            .iter()
            .filter_map(|(level, selector)| match selector {
                Selector::Warnings => (finding.severity == Severity::Warning).then_some((0, *level)),
                Selector::Prefix(prefix) => code
                    .as_str()
                    .starts_with(prefix.as_str())
                    .then_some((prefix.len(), *level)),
            })
            .max();
        match chosen {
            Some((_, Level::Allow)) => None,
            Some((_, Level::Warn)) => Some(Severity::Warning),
            Some((_, Level::Deny)) => Some(Severity::Error),
            None if self.strict && finding.effect == Effect::Flagged && finding.severity > Severity::Info => {
                Some(Severity::Error)
            }
            None => Some(finding.severity),
        }
    }
}

impl Selector {
    /// Whether a finding of this rule may be meant.
    pub fn may_mean(&self, rule: &Rule) -> bool {
        match self {
            Self::Warnings => true,
            Self::Prefix(prefix) => rule.code.as_str().starts_with(prefix.as_str()),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warnings => "warnings",
            Self::Prefix(prefix) => prefix,
        })
    }
}

impl FromStr for Selector {
    type Err = BadSelector;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "warnings" {
            return Ok(Self::Warnings);
        }
        let upper = text.to_ascii_uppercase();
        let mut letters = upper.bytes();
        let shaped = letters.next().is_some_and(|first| first.is_ascii_uppercase())
            && letters.all(|rest| rest.is_ascii_digit())
            && upper.len() <= 4;
        if shaped {
            Ok(Self::Prefix(upper))
        } else {
            Err(BadSelector(text.to_owned()))
        }
    }
}

impl fmt::Display for BadSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is neither a rule code (G003), nor the beginning of one (G), nor `warnings`",
            self.0
        )
    }
}

impl std::error::Error for BadSelector {}

#[cfg(test)]
#[path = "overrides_tests.rs"]
mod tests;
