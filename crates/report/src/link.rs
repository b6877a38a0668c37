//! A link in words: the same in every report.

use odmkit_diagnostics::Severity;

use crate::text::escape;
use crate::verdict::findings_of;
use crate::{LinkReport, Report, Verdict};

/// How many names are given as examples.
const SHOWN: usize = 3;

/// Errors for which ODM refuses a link whose names are all found: what they are hung on, or by what.
const REFUSED: [&str; 4] = ["L005", "L006", "L007", "L008"];

/// Whether all names of a link are records, in a word, and how grave that is.
pub(crate) fn state(report: &Report, link: &LinkReport) -> (&'static str, Verdict) {
    let refused = findings_of(report, &link.from)
        .any(|finding| finding.severity == Severity::Error && REFUSED.contains(&finding.rule.code.as_str()));
    match (link.matched, link.unmatched) {
        (_, 0) if refused => ("refused", Verdict::Rejected),
        (_, 0) => ("linked", Verdict::Clean),
        (0, _) => ("unlinked", Verdict::Rejected),
        _ => ("partial", Verdict::Rejected),
    }
}

/// What hangs on what, and how much of it.
pub(crate) fn sentence(link: &LinkReport) -> String {
    format!(
        "{} to {} by `{}`: {}",
        escape(&link.from),
        to(link),
        escape(&link.attribute),
        figures(link)
    )
}

/// The files that hold the records.
pub(crate) fn to(link: &LinkReport) -> String {
    let to: Vec<String> = link.to.iter().map(|path| escape(path)).collect();
    to.join(", ")
}

/// How many names are found, and which are not on either side.
fn figures(link: &LinkReport) -> String {
    format!(
        "{} of {} names found{}{}",
        link.matched,
        link.names,
        some_of(", not found: ", link.unmatched, &link.unmatched_names),
        some_of("; not named: ", link.unnamed, &link.unnamed_records),
    )
}

/// How many there are, and the first of them; nothing where there is none.
pub(crate) fn some_of(what: &str, count: u64, names: &[String]) -> String {
    if count == 0 {
        return String::new();
    }
    let shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{}`", escape(name)))
        .collect();
    let more = if count > shown.len() as u64 { ", …" } else { "" };
    format!("{what}{count} ({}{more})", shown.join(", "))
}
