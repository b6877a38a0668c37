//! D004 not-a-number. What single values give is made in [`values`](crate::values), in the same words for both kinds of
//! matrix.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D004"),
    name: "not-a-number",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A measurement is neither a number nor a missing token.",
    why: "Measurements are stored as numbers; one that is none fails the import.",
    mend: "Write a number with a decimal point and no thousands separators, or one of the missing tokens (empty, NA, NaN, null, N/A, filtered).",
    example: Example {
        command: "protein.tsv --feature-attributes 1",
        files: &[
            ("protein.tsv", "Protein<TAB>S1<TAB>S2\nP04637<TAB>1.5<TAB>n.d.\nP38398<TAB>3<TAB>4\n"),
        ],
    },
};

/// The column `name` holds text from its first rows on, and counts as a measurement: all such columns are one cause.
pub fn text_column(path: &Arc<str>, position: Position, name: &str, text: &str) -> Diagnostic {
    base(path, position, name, text, format!("`{text}` is no number: the column `{name}` holds text"))
        .help("leave the column out, or move it in front of the measurements and count it among the feature attributes")
        .cause("text column")
}

/// The column `name` holds text among its numbers, and not the same over and over: all of a column is one cause.
pub fn mixed_column(path: &Arc<str>, position: Position, name: &str, text: &str) -> Diagnostic {
    base(path, position, name, text, format!("`{text}` is no number: the column `{name}` holds text among its numbers"))
        .help("write numbers, or leave the cells empty; a column that describes the feature stands in front of the measurements")
        .cause(format!("text in {name}"))
}

/// The line under the header holds text in place of numbers, `text` under `name` and the like under others.
pub fn second_header(path: &Arc<str>, position: Position, name: &str, text: &str) -> Diagnostic {
    let line = position.line;
    let message = format!("line {line} looks like a second header line: there is text in place of numbers, such as `{text}`");
    base(path, position, name, text, message)
        .help(format!("delete line {line}; ODM takes one line of names, so what tells columns apart belongs in that"))
        .cause("second header")
}

fn base(path: &Arc<str>, position: Position, name: &str, text: &str, message: String) -> Diagnostic {
    Diagnostic::new(&RULE, path, message).at(position).field(name).value(text)
}
