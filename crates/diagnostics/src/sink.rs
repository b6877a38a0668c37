//! Where findings go.

use crate::Diagnostic;

/// Takes findings as they are made.
pub trait Sink {
    /// Takes one finding. Findings of one file come in the order of their places as far as the check knows it;
    /// a sink that needs a total order sorts.
    fn push(&mut self, diagnostic: Diagnostic);
}

impl Sink for Vec<Diagnostic> {
    fn push(&mut self, diagnostic: Diagnostic) {
        Self::push(self, diagnostic);
    }
}
