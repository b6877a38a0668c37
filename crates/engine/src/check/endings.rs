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

/// A sink that is not told of carriage returns among the ends of lines where all that is known of them is that they cut
/// rows: of that it is told already.
pub(super) struct OnceOfReturns<'a> {
    sink: &'a mut dyn Sink,
    /// Whether rows are cut.
    cut: Cell<bool>,
}

impl<'a> OnceOfReturns<'a> {
    pub(super) fn new(sink: &'a mut dyn Sink) -> Self {
        let cut = Cell::new(false);
        Self { sink, cut }
    }

    fn look(&self, rule: &Rule, cause: Option<&str>) {
        let cuts = rule.code == t001_ragged_row::RULE.code && cause == Some(t001_ragged_row::RETURNED);
        self.cut.set(self.cut.get() || cuts);
    }
}

impl Sink for OnceOfReturns<'_> {
    fn push(&mut self, diagnostic: Diagnostic) {
        let cause = diagnostic.cause.as_deref();
        self.look(diagnostic.rule, cause);
        let is_told = diagnostic.rule.code == f005_line_endings::RULE.code
            && cause == Some(f005_line_endings::LONE_RETURNS)
            && self.cut.get();
        if !is_told {
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
