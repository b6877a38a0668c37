//! Collects findings: overrides severities, folds equal causes, caps what is shown, counts exactly.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::{Code, Diagnostic, Overrides, Rule, Severity, Sink};

/// The sink at the end of every check.
#[derive(Debug)]
pub struct Collector {
    overrides: Overrides,
    max_per_rule: usize,
    shown: Vec<Diagnostic>,
    by_cause: HashMap<(Code, Arc<str>, String), usize>,
    per_file_and_rule: HashMap<(Code, Arc<str>), usize>,
    by_code: BTreeMap<Code, u64>,
    counts: [u64; 3],
}

/// What a [`Collector`] holds at the end.
#[derive(Debug)]
pub struct Collected {
    /// The findings that are shown: by file in the order in which files were met, then by place, then by code.
    pub diagnostics: Vec<Diagnostic>,
    /// Every occurrence, shown or not.
    pub by_code: BTreeMap<Code, u64>,
    /// Occurrences at error level.
    pub errors: u64,
    /// Occurrences at warning level.
    pub warnings: u64,
    /// Occurrences at information level.
    pub infos: u64,
}

impl Collector {
    /// A collector that shows at most `max_per_rule` findings of a rule in a file; 0 shows none.
    pub fn new(overrides: Overrides, max_per_rule: usize) -> Self {
        Self {
            overrides,
            max_per_rule,
            shown: Vec::new(),
            by_cause: HashMap::new(),
            per_file_and_rule: HashMap::new(),
            by_code: BTreeMap::new(),
            counts: [0; 3],
        }
    }

    /// How many occurrences have been counted at error level so far.
    pub fn errors(&self) -> u64 {
        self.counts[Severity::Error as usize]
    }

    /// The findings that are shown so far, as they came.
    pub fn shown(&self) -> &[Diagnostic] {
        &self.shown
    }

    /// Ends the collection. `files` gives the order in which files are listed; unlisted ones come last, in the
    /// order of their names.
    pub fn finish(self, files: &[Arc<str>]) -> Collected {
        let order: HashMap<&str, usize> = files
            .iter()
            .enumerate()
            .map(|(index, path)| (path.as_ref(), index))
            .collect();
        let rank = |path: &str| order.get(path).copied().unwrap_or(usize::MAX);
        let mut diagnostics = self.shown;
        diagnostics.sort_by(|a, b| {
            (rank(&a.path), &a.path, a.line, a.column, a.rule.code, &a.message).cmp(&(
                rank(&b.path),
                &b.path,
                b.line,
                b.column,
                b.rule.code,
                &b.message,
            ))
        });
        let [infos, warnings, errors] = self.counts;
        Collected {
            diagnostics,
            by_code: self.by_code,
            errors,
            warnings,
            infos,
        }
    }
}

impl Sink for Collector {
    fn push(&mut self, mut diagnostic: Diagnostic) {
        let Some(severity) = self.overrides.apply(&diagnostic) else {
            return;
        };
        diagnostic.severity = severity;
        let code = diagnostic.rule.code;
        self.tally(code, severity, diagnostic.count);

        let cause = diagnostic
            .cause
            .as_ref()
            .map(|cause| (code, Arc::clone(&diagnostic.path), cause.clone()));
        if let Some(&index) = cause.as_ref().and_then(|cause| self.by_cause.get(cause)) {
            let shown = &mut self.shown[index];
            // What is said of the header may wait until the rows are known: the first place stays the first.
            if (diagnostic.line, diagnostic.column) < (shown.line, shown.column) && diagnostic.line.is_some()
            {
                std::mem::swap(shown, &mut diagnostic);
            }
            shown.fold(&diagnostic);
            return;
        }
        let shown = self
            .per_file_and_rule
            .entry((code, Arc::clone(&diagnostic.path)))
            .or_default();
        if *shown < self.max_per_rule {
            *shown += 1;
            // A cause that is not shown need not be remembered: once the cap is reached it stays reached.
            if let Some(cause) = cause {
                self.by_cause.insert(cause, self.shown.len());
            }
            self.shown.push(diagnostic);
        }
    }

    fn shows(&self, rule: &'static Rule, path: &Arc<str>, cause: Option<&str>) -> bool {
        let shown = self
            .per_file_and_rule
            .get(&(rule.code, Arc::clone(path)))
            .copied()
            .unwrap_or_default();
        shown < self.max_per_rule
            || cause.is_some_and(|cause| {
                self.by_cause
                    .contains_key(&(rule.code, Arc::clone(path), cause.to_owned()))
            })
    }

    fn count(&mut self, rule: &'static Rule, path: &Arc<str>, count: u64) {
        if let Some(severity) = self.overrides.apply(&Diagnostic::new(rule, path, String::new())) {
            self.tally(rule.code, severity, count);
        }
    }
}

impl Collector {
    fn tally(&mut self, code: Code, severity: Severity, count: u64) {
        *self.by_code.entry(code).or_default() += count;
        self.counts[severity as usize] += count;
    }
}

#[cfg(test)]
#[path = "collector_tests.rs"]
mod tests;
