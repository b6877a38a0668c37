//! D005 separator-absent.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Advice, Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D005"),
    name: "separator-absent",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The name of a measurement column does not contain the separator, or has nothing before or after it.",
    why: "With a separator every column is read as sample, separator, measurement; a name that cannot be read so fails the import.",
    mend: "Name the column `sample<separator>measurement`, or give another separator.",
    example: Example {
        command: "protein.tsv --feature-attributes 1 --measurement-separator :",
        files: &[
            ("protein.tsv", "Protein<TAB>S1:abundance<TAB>S2:abundance<TAB>S3\nP04637<TAB>1.5<TAB>2<TAB>3\n"),
        ],
    },
};

/// The column `name` cannot be cut at the separator, and `none` says whether no other can; at `likely` all columns could be,
/// for the reason given. All such columns of a file are one cause.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    name: &str,
    (separator, none): (&str, bool),
    likely: Option<(&str, &str)>,
) -> Diagnostic {
    let message = if name.contains(separator) {
        format!("the column `{name}` has nothing on one side of the separator `{separator}`")
    } else {
        format!("the column `{name}` does not contain the separator `{separator}`")
    };
    let finding = Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .value(name)
        .cause("separator absent");
    match likely.filter(|(likely, _)| *likely != separator) {
        Some((likely, reason)) => finding
            .advise(Advice::give(format!("probably `{likely}` ({reason}): "), "measurement-separator", likely)),
        None if none => finding.advise(
            Advice::about("leave out ", "measurement-separator")
                .and(" if each sample has one column; else give the one that the names have"),
        ),
        None => finding.advise(Advice::about(
            format!("name the column sample{separator}measurement, or give the right "),
            "measurement-separator",
        )),
    }
}
