//! What the names in the header of a matrix are suspected of: the records beside it may settle it, or tell it better.

use std::mem;
use std::sync::Arc;

use odmkit_checks::links::LinkSummary;
use odmkit_checks::rules::{
    d006_uneven_measurements as d006, d011_separator_suspect as d011, g008_space_in_sample as g008,
    t009_look_alike_characters as t009, t010_spreadsheet_damage as t010, t012_quoted_field as t012,
    t014_lost_characters as t014,
};
use odmkit_diagnostics::{Diagnostic, Rule, Severity, Sink};

use super::CheckedFile;

/// So many findings of a file wait at most; the others are told at once.
const MOST: usize = 10_000;

/// Keeps suspicions back, and passes other findings on.
pub(super) struct Awaiting<'a> {
    sink: &'a mut dyn Sink,
    kept: Vec<Diagnostic>,
    errors: bool,
}

impl<'a> Awaiting<'a> {
    /// `errors` says whether errors may wait as well.
    pub(super) fn new(sink: &'a mut dyn Sink, errors: bool) -> Self {
        Self {
            sink,
            kept: Vec::new(),
            errors,
        }
    }

    /// What was kept back.
    pub(super) fn kept(self) -> Vec<Diagnostic> {
        self.kept
    }

    fn waits(&self, finding: &Diagnostic) -> bool {
        let code = finding.rule.code;
        let suspicion = [
            &d011::RULE,
            &g008::RULE,
            &t009::RULE,
            &t010::RULE,
            &t012::RULE,
            &t014::RULE,
        ];
        // Quotes around all of a file are no matter of its names.
        let whole = finding.severity == Severity::Error && code == t012::RULE.code;
        let is_one = suspicion.iter().any(|rule| rule.code == code && !whole)
            || (self.errors && code == d006::RULE.code);
        is_one && self.kept.len() < MOST
    }
}

impl Sink for Awaiting<'_> {
    fn push(&mut self, finding: Diagnostic) {
        if self.waits(&finding) {
            self.kept.push(finding);
        } else {
            self.sink.push(finding);
        }
    }

    fn shows(&self, rule: &'static Rule, path: &Arc<str>, cause: Option<&str>) -> bool {
        self.sink.shows(rule, path, cause)
    }

    fn count(&mut self, rule: &'static Rule, path: &Arc<str>, count: u64) {
        self.sink.count(rule, path, count);
    }
}

/// Tells of the suspicions that the links of the files have not settled.
pub(super) fn tell(files: &mut [CheckedFile], links: &[LinkSummary], sink: &mut dyn Sink) {
    for file in files {
        let link = links.iter().find(|link| link.from == file.report.path);
        let awaiting = mem::take(&mut file.awaiting);
        for finding in awaiting.into_iter().filter(|finding| !is_settled(finding, link)) {
            sink.push(finding);
        }
    }
}

impl CheckedFile {
    /// Tells of everything that the names of its columns are suspected of.
    pub(crate) fn tell_all(&mut self, sink: &mut dyn Sink) {
        for finding in mem::take(&mut self.awaiting) {
            sink.push(finding);
        }
    }
}

/// Whether the link has settled a suspicion, or tells it.
fn is_settled(suspicion: &Diagnostic, link: Option<&LinkSummary>) -> bool {
    let Some(link) = link else { return false };
    let code = suspicion.rule.code;
    if code == d011::RULE.code {
        // Names that are those of records as they stand need no cutting.
        link.split_wrong || link.linked > 0
    } else if code == d006::RULE.code {
        link.split_wrong
    } else if code == t010::RULE.code {
        // Where all names are those of records, it is told of the records, if it is their key that names them.
        link.linked < link.names || link.to_kind.key_attribute() == Some(link.attribute.as_str())
    } else if [t009::RULE.code, t014::RULE.code].contains(&code) && link.linked == link.names {
        // It is told of the records.
        true
    } else {
        suspicion.byte.is_some_and(|byte| link.told.contains(&byte))
    }
}
