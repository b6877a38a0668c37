//! One finding.

use std::sync::Arc;

use odmkit_core::{ByteOffset, FieldNumber, LineNumber, Position};

use crate::{Advice, Effect, Rule, Saying, Severity};

/// One finding: a rule, a place, and the words for the reader.
///
/// Build it with [`Diagnostic::new`] and the methods that follow it.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// The severity; the rule's own until a [`Collector`](crate::Collector) overrides it.
    pub severity: Severity,
    /// What ODM does about it; the rule's own unless the finding says otherwise.
    pub effect: Effect,
    /// What is wrong, in one sentence that names the thing.
    pub message: String,
    /// What to do about it, as something to type where that is possible.
    pub help: Option<String>,
    /// The file, as the user named it.
    pub path: Arc<str>,
    /// The line, where one is meant.
    pub line: Option<LineNumber>,
    /// The tab-separated field, where one is meant.
    pub column: Option<FieldNumber>,
    /// The byte where the field (or the line) begins, in the decompressed text.
    pub byte: Option<ByteOffset>,
    /// The name of the field: a header, an attribute, a sample.
    pub field: Option<String>,
    /// The text found there.
    pub value: Option<String>,
    /// How many times the same cause occurs.
    pub count: u64,
    /// ODM's own error type, for template violations.
    pub odm_error: Option<&'static str>,
    /// The mend that `odmkit fix` would make.
    pub fix: Option<Fix>,
    /// What is to be said of the file, where that is what the help is about.
    pub advice: Option<Advice>,
    /// Other places that belong to this finding.
    pub related: Vec<Related>,
    /// Some of the places of later findings of the same cause.
    pub also: Vec<Place>,
    /// How far all findings of the cause reach, where there are several and the place of each is known.
    pub spread: Option<Spread>,
    /// Findings of one rule and file with the same cause are folded into the first of them.
    pub cause: Option<String>,
}

/// A mend that the tool can make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Whether it is made without `--unsafe`.
    pub safe: bool,
    /// What it does, in the imperative.
    pub title: String,
}

/// Another place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The file.
    pub path: Arc<str>,
    /// The line, where one is meant.
    pub line: Option<LineNumber>,
    /// What is there.
    pub message: String,
}

/// The place of a later finding of the same cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: LineNumber,
    /// The field of the line, where one is meant.
    pub column: Option<FieldNumber>,
    /// What stands there, or else the name of the field where that is another.
    pub text: Option<String>,
}

/// The lines and columns in which findings of one cause lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// The first line and the last.
    pub lines: (LineNumber, LineNumber),
    /// The first field and the last, where all findings name one.
    pub columns: Option<(FieldNumber, FieldNumber)>,
}

/// How many other places a folded finding names.
const ALSO_SHOWN: usize = 4;

impl Diagnostic {
    /// A finding of `rule` in the file `path`, with what is wrong in one sentence.
    pub fn new(rule: &'static Rule, path: &Arc<str>, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            effect: rule.effect,
            message: message.into(),
            help: None,
            path: Arc::clone(path),
            line: None,
            column: None,
            byte: None,
            field: None,
            value: None,
            count: 1,
            odm_error: None,
            fix: None,
            advice: None,
            related: Vec::new(),
            also: Vec::new(),
            spread: None,
            cause: None,
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, position: Position) -> Self {
        self.line = Some(position.line);
        self.column = position.field;
        self.byte = Some(position.byte);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the field: a header, an attribute, a sample.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>) -> Self {
        self.field = Some(name.into());
        self
    }

    /// Shows the text that was found.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Says how many times the cause occurs.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    /// Gives ODM's own error type.
    #[must_use]
    pub fn odm_error(mut self, error: &'static str) -> Self {
        self.odm_error = Some(error);
        self
    }

    /// Says that `odmkit fix` can mend it without guessing, and how.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            safe: true,
            title: title.into(),
        });
        self
    }

    /// Takes back that it can be mended: something else is in the way.
    #[must_use]
    pub fn without_fix(mut self) -> Self {
        self.fix = None;
        self
    }

    /// Says that `odmkit fix --unsafe` can mend it, and how.
    #[must_use]
    pub fn unsafe_fix(mut self, title: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            safe: false,
            title: title.into(),
        });
        self
    }

    /// Says what to do: to say something of the file.
    #[must_use]
    pub fn advise(mut self, advice: Advice) -> Self {
        self.help = Some(advice.to_string());
        self.advice = Some(advice);
        self
    }

    /// Has what is to be said of the file said elsewhere.
    pub fn say_in(&mut self, place: Saying) {
        if let Some(advice) = &mut self.advice {
            advice.place = place;
            self.help = Some(advice.to_string());
        }
    }

    /// Adds another place in a file.
    #[must_use]
    pub fn related(mut self, path: &Arc<str>, line: Option<LineNumber>, message: impl Into<String>) -> Self {
        self.related.push(Related {
            path: Arc::clone(path),
            line,
            message: message.into(),
        });
        self
    }

    /// Folds this finding into an earlier one of the same rule, file and cause.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Makes it an error that has ODM reject the file, where that depends on more than the rule.
    #[must_use]
    pub fn rejected(mut self) -> Self {
        self.severity = Severity::Error;
        self.effect(Effect::Rejected)
    }

    /// Makes it a warning of what ODM takes, and does this about, where that depends on more than the rule.
    #[must_use]
    pub fn taken(mut self, effect: Effect) -> Self {
        self.severity = Severity::Warning;
        self.effect(effect)
    }

    /// Overrides what ODM does, where it depends on more than the rule.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// Takes in a later finding of the same cause, and what it has folded already.
    pub fn fold(&mut self, later: &Self) {
        self.spread = self.reach().zip(later.reach()).map(|(one, other)| one.and(other));
        self.count += later.count;
        let first = later.line.map(|line| Place {
            line,
            column: later.column,
            text: later
                .value
                .clone()
                .or_else(|| later.field.clone().filter(|_| later.field != self.field)),
        });
        let room = ALSO_SHOWN.saturating_sub(self.also.len());
        self.also
            .extend(first.into_iter().chain(later.also.iter().cloned()).take(room));
    }

    /// How far this finding and what it has folded reach, where the places of all are known.
    fn reach(&self) -> Option<Spread> {
        let own = self.line.filter(|_| self.count == 1).map(|line| Spread {
            lines: (line, line),
            columns: self.column.map(|column| (column, column)),
        });
        self.spread.or(own)
    }
}

impl Spread {
    /// One place.
    pub fn at(position: Position) -> Self {
        Self {
            lines: (position.line, position.line),
            columns: position.field.map(|field| (field, field)),
        }
    }

    /// What holds both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let columns = self.columns.zip(other.columns);
        Self {
            lines: (self.lines.0.min(other.lines.0), self.lines.1.max(other.lines.1)),
            columns: columns.map(|(one, other)| (one.0.min(other.0), one.1.max(other.1))),
        }
    }
}

impl Place {
    /// The place in words.
    pub fn message(&self) -> String {
        match (self.column, &self.text) {
            (Some(column), Some(text)) => format!("also at field {column}: `{text}`"),
            (Some(column), None) => format!("also at field {column}"),
            (None, Some(text)) => format!("also `{text}`"),
            (None, None) => "also here".to_owned(),
        }
    }
}
