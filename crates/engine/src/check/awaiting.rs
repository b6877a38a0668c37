//! What the names in the header of a matrix are suspected of: the records beside it may settle it, or tell it better.

use std::mem;
use std::sync::Arc;

use odmkit_checks::links::{Damage, LinkSummary, Settled};
use odmkit_checks::rules::{
    d006_uneven_measurements as d006, d011_separator_suspect as d011, g008_space_in_sample as g008,
    t009_look_alike_characters as t009, t010_spreadsheet_damage as t010, t012_quoted_field as t012,
    t014_lost_characters as t014,
};
use odmkit_diagnostics::{Diagnostic, Rule, Severity, Sink};

use super::CheckedFile;

/// What may be wrong with an id.
const DAMAGES: [Damage; 5] = [
    Damage::Blank,
    Damage::Quotes,
    Damage::LookAlike,
    Damage::Lost,
    Damage::Spreadsheet,
];

/// So many findings of a file wait at most; the others are told at once.
const MOST: usize = 10_000;

/// Keeps findings back that the links may settle, and passes the others on.
pub(super) struct Awaiting<'a> {
    sink: &'a mut dyn Sink,
    kept: Vec<Diagnostic>,
    of: Of<'a>,
}

/// What is kept back.
enum Of<'a> {
    /// What the names of a matrix are suspected of; errors, too, or not.
    Names { errors: bool },
    /// What is wrong with the ids in these columns of a table.
    Ids(&'a [&'a str]),
}

impl<'a> Awaiting<'a> {
    /// `errors` says whether errors may wait as well.
    pub(super) fn new(sink: &'a mut dyn Sink, errors: bool) -> Self {
        Self {
            sink,
            kept: Vec::new(),
            of: Of::Names { errors },
        }
    }

    /// Keeps back what is wrong with the ids in some columns of a table.
    pub(super) fn of_ids(sink: &'a mut dyn Sink, columns: &'a [&'a str]) -> Self {
        Self {
            sink,
            kept: Vec::new(),
            of: Of::Ids(columns),
        }
    }

    /// What was kept back.
    pub(super) fn kept(self) -> Vec<Diagnostic> {
        self.kept
    }

    fn waits(&self, finding: &Diagnostic) -> bool {
        let code = finding.rule.code;
        let errors = match self.of {
            Of::Names { errors } => errors,
            Of::Ids(columns) => {
                let is_of_id = finding
                    .field
                    .as_deref()
                    .is_some_and(|field| columns.contains(&field));
                return is_of_id && DAMAGES.iter().any(|damage| damage.is_told_by(code));
            }
        };
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
        let is_one =
            suspicion.iter().any(|rule| rule.code == code && !whole) || (errors && code == d006::RULE.code);
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
        if file.table.is_some() {
            for finding in awaiting {
                sink.push(with_what_waits(finding, links));
            }
            continue;
        }
        for finding in awaiting.into_iter().filter(|finding| !is_settled(finding, link)) {
            sink.push(finding);
        }
    }
}

/// What is wrong with an id, with the names that are not tied for it: that is why ODM refuses the link, or leaves them out.
fn with_what_waits(finding: Diagnostic, links: &[LinkSummary]) -> Diagnostic {
    let is_told = |settled: &&Settled| {
        settled.path == finding.path
            && finding.field.as_ref() == Some(&settled.attribute)
            && settled.damage.is_told_by(finding.rule.code)
    };
    let mut waiting = links.iter().flat_map(|link| &link.settled).filter(is_told);
    let Some(first) = waiting.next() else {
        return finding;
    };
    let more = match waiting.count() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    if first.from == finding.path {
        return finding.rejected();
    }
    let name = &first.name;
    let message = if first.is_sure {
        format!("`{name}` is not tied to it for this{more}")
    } else {
        format!("`{name}` is no known id{more}: this may be it")
    };
    let (from, line) = (Arc::clone(&first.from), first.at.line);
    finding.rejected().related(&from, Some(line), message)
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
