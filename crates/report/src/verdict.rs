//! The verdict in words.

use odmkit_diagnostics::{Diagnostic, Effect, Severity};

use crate::text::{counted, found};
use crate::{FileReport, Report, Verdict};

/// The verdict on everything that was checked, as one sentence without a full stop.
pub fn sentence(report: &Report) -> String {
    let summary = &report.summary;
    let files = counted(report.files.len() as u64, "file");
    let errors = counted(summary.errors, "error");
    let warnings = counted(summary.warnings, "warning");
    match summary.verdict {
        Verdict::Clean => format!("clean: nothing in {files} that ODM would reject or flag"),
        Verdict::Flagged if any_lowered(report) => {
            format!(
                "flagged: {warnings} in {files} by the severities asked for; ODM itself would refuse this"
            )
        }
        Verdict::Flagged => {
            let taken = if report.files.len() == 1 { "it" } else { "them" };
            format!("flagged: {warnings} in {files}; ODM would take {taken} all the same")
        }
        Verdict::Rejected if nothing_was_read(report) => {
            format!("rejected: {errors} in {files}; what cannot be read was not judged")
        }
        Verdict::Rejected if only_raised(report) => {
            format!("rejected: {errors} in {files} by the severities asked for; ODM itself would take this")
        }
        Verdict::Rejected if only_unknown(report) => {
            format!("rejected: {errors} in {files}; what ODM would do cannot be told")
        }
        Verdict::Rejected if summary.warnings == 0 => {
            format!("rejected: {errors} in {files}; ODM would refuse this")
        }
        Verdict::Rejected => {
            format!("rejected: {errors} and {warnings} in {files}; ODM would refuse this")
        }
    }
}

/// The same in fewer words, without what it means.
pub fn short(report: &Report) -> String {
    let summary = &report.summary;
    let files = counted(report.files.len() as u64, "file");
    let Some(counts) = found(summary.errors, summary.warnings) else {
        return format!("clean: nothing in {files} to mend");
    };
    // Where ODM itself would say otherwise, that is not left out.
    let asked = match summary.verdict {
        Verdict::Rejected => only_raised(report),
        _ => any_lowered(report),
    };
    let asked = if asked { " as asked" } else { "" };
    format!("{}{asked}: {counts} in {files}", summary.verdict)
}

/// The verdict on one file. `None` where findings were counted and none may be shown, so that nothing is known
/// of a single file.
pub fn of_file(report: &Report, file: &FileReport) -> Option<Verdict> {
    let worst = findings_of(report, &file.path)
        .map(|finding| finding.severity)
        .max();
    match worst {
        Some(Severity::Error) => Some(Verdict::Rejected),
        Some(Severity::Warning) => Some(Verdict::Flagged),
        _ if report.diagnostics.is_empty() && report.summary.verdict != Verdict::Clean => None,
        _ => Some(Verdict::Clean),
    }
}

/// The findings in the file of this name.
pub(crate) fn findings_of<'a>(report: &'a Report, path: &'a str) -> impl Iterator<Item = &'a Diagnostic> {
    report
        .diagnostics
        .iter()
        .filter(move |finding| finding.path.as_ref() == path)
}

/// Whether there are errors, and all of them are such.
fn errors_are(report: &Report, such: impl Fn(&Diagnostic) -> bool) -> bool {
    let findings = report.diagnostics.iter();
    let mut errors = findings
        .filter(|finding| finding.severity == Severity::Error)
        .peekable();
    errors.peek().is_some() && errors.all(such)
}

/// Whether every error is one only because the user raised it.
fn only_raised(report: &Report) -> bool {
    errors_are(report, |finding| {
        finding.effect != Effect::Rejected && finding.rule.severity != Severity::Error
    })
}

/// Whether no error is known to be one for ODM: it is only odmkit that cannot go on.
fn only_unknown(report: &Report) -> bool {
    errors_are(report, |finding| finding.effect != Effect::Rejected)
}

/// Whether every error is that of a file which cannot be opened: ODM has nothing to say of it.
fn nothing_was_read(report: &Report) -> bool {
    errors_are(report, |finding| finding.rule.code.as_str() == "F001")
}

/// Whether something that ODM refuses is a warning because the user lowered it.
fn any_lowered(report: &Report) -> bool {
    report.diagnostics.iter().any(|finding| {
        finding.severity == Severity::Warning
            && finding.rule.severity == Severity::Error
            && finding.effect == Effect::Rejected
    })
}
