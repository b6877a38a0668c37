//! Where findings go.

use std::sync::Arc;

use crate::{Diagnostic, Rule};

/// Takes findings as they are made.
pub trait Sink {
    /// Takes one finding. Findings of one file come in the order of their places as far as the check knows it;
    /// a sink that needs a total order sorts.
    fn push(&mut self, diagnostic: Diagnostic);

    /// Whether a finding of this rule, file and cause would be shown, and not only counted. Where it would not,
    /// [`count`](Self::count) saves making its words: one wrong column can make ten million findings.
    fn shows(&self, rule: &'static Rule, path: &Arc<str>, cause: Option<&str>) -> bool {
        let _ = (rule, path, cause);
        true
    }

    /// Counts findings that are not shown.
    fn count(&mut self, rule: &'static Rule, path: &Arc<str>, count: u64) {
        self.push(Diagnostic::new(rule, path, String::new()).count(count));
    }
}

impl Sink for Vec<Diagnostic> {
    fn push(&mut self, diagnostic: Diagnostic) {
        Self::push(self, diagnostic);
    }
}
