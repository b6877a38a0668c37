//! Texts whose lines end with CR, CR and LF, and those with carriage returns inside lines.
//!
//! A text with CRLF that was taken for one with LF has a CR more on each line. To every reader a blank line follows each:
//! that is what F005 tells of, and no cause of its own.

use std::cell::Cell;
use std::sync::Arc;

use memchr::memchr2;
use odmkit_checks::rules::{f005_line_endings, t001_ragged_row, t005_blank_line};
use odmkit_diagnostics::{Diagnostic, Rule, Sink};

/// Whether the first line of a text ends so.
pub(super) fn are_doubled(head: &[u8]) -> bool {
    memchr2(b'\r', b'\n', head).is_some_and(|at| head[at..].starts_with(b"\r\r\n"))
}

/// What F005 says of such a text.
const DOUBLED: &str = "lines end with CR, CR and LF: a CR was put before each CRLF on the way here";

/// A sink that is not told of blank lines, and told of the ends of lines what they are.
pub(super) struct WithoutBlankLines<'a>(pub(super) &'a mut dyn Sink);

fn is_blank_line(rule: &Rule) -> bool {
    rule.code == t005_blank_line::RULE.code
}

impl Sink for WithoutBlankLines<'_> {
    fn push(&mut self, mut diagnostic: Diagnostic) {
        if diagnostic.rule.code == f005_line_endings::RULE.code {
            DOUBLED.clone_into(&mut diagnostic.message);
        }
        if !is_blank_line(diagnostic.rule) {
            self.0.push(diagnostic);
        }
    }

    fn shows(&self, rule: &'static Rule, path: &Arc<str>, cause: Option<&str>) -> bool {
        !is_blank_line(rule) && self.0.shows(rule, path, cause)
    }

    fn count(&mut self, rule: &'static Rule, path: &Arc<str>, count: u64) {
        if !is_blank_line(rule) {
            self.0.count(rule, path, count);
        }
    }
}

/// A sink that is told of the ends of lines last, and not at all where all that is known of them is that they cut rows: of
/// that it is told already.
pub(super) struct OnceOfBreaks<'a> {
    sink: &'a mut dyn Sink,
    /// Whether rows are cut by carriage returns, and by other line breaks.
    cut: Cell<(bool, bool)>,
    held: Option<Diagnostic>,
}

impl<'a> OnceOfBreaks<'a> {
    pub(super) fn new(sink: &'a mut dyn Sink) -> Self {
        Self {
            sink,
            cut: Cell::default(),
            held: None,
        }
    }

    fn look(&self, rule: &Rule, cause: Option<&str>) {
        if rule.code == t001_ragged_row::RULE.code {
            let (returned, broken) = self.cut.get();
            self.cut.set((
                returned || cause == Some(t001_ragged_row::RETURNED),
                broken || cause == Some(t001_ragged_row::BROKEN),
            ));
        }
    }

    /// Tells of the ends of lines, where that is still to be told.
    pub(super) fn close(self) {
        let Some(held) = self.held else { return };
        let (returned, broken) = self.cut.get();
        let is_told = match held.cause.as_deref() {
            Some(f005_line_endings::LONE_RETURNS) => returned,
            Some(f005_line_endings::BOTH_KINDS) => broken,
            _ => false,
        };
        if !is_told {
            self.sink.push(held);
        }
    }
}

impl Sink for OnceOfBreaks<'_> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.look(diagnostic.rule, diagnostic.cause.as_deref());
        if diagnostic.rule.code == f005_line_endings::RULE.code {
            self.held = Some(diagnostic);
        } else {
            self.sink.push(diagnostic);
        }
    }

    fn shows(&self, rule: &'static Rule, path: &Arc<str>, cause: Option<&str>) -> bool {
        self.look(rule, cause);
        self.sink.shows(rule, path, cause)
    }

    fn count(&mut self, rule: &'static Rule, path: &Arc<str>, count: u64) {
        self.sink.count(rule, path, count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_cr_is_seen_on_the_first_line() {
        for (head, doubled) in [
            ("#1.2\r\r\n1\t1\r\r\n", true),
            ("#1.2\r\n\r\n", false),
            ("#1.2\r\r1\t1", false),
            ("#1.2\n1\t1\r\r\n", false),
            ("#1.2\r\r", false),
            ("", false),
        ] {
            assert_eq!(are_doubled(head.as_bytes()), doubled, "{head:?}");
        }
    }
}
