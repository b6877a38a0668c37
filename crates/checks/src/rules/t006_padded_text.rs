//! T006 padded-text.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::rows::shown;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T006"),
    name: "padded-text",
    severity: Severity::Warning,
    effect: Effect::None,
    fix: Fixable::Safe,
    what: "White space stands around a name or a value. Blanks that do not break count, but not around measurements.",
    why: "ODM trims values, but links are by exact text: a padded identifier in one file and a clean one in the other may not meet.",
    mend: "Delete the blanks, or run `odmkit fix`.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<TAB>Sample Name \nS1<TAB>clinic<TAB>liver\n"),
        ],
    },
};

/// What values with white space around them have for a cause, whatever their column.
pub const VALUES: &str = "padded values";

/// A column name with white space around it. All such names of a file are one cause.
pub fn in_name(path: &Arc<str>, position: Position, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("white space around the column name `{}`", name.trim()))
        .at(position)
        .field(name.trim())
        .value(name)
        .help("delete the blanks around the name")
        .fix("trim names and values")
        .cause("name")
}

/// A column name with white space beside the separator of sample and measurement. All such names of a file are one cause.
pub fn beside_separator(path: &Arc<str>, position: Position, name: &str, separator: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("white space beside the separator `{separator}` in the column name `{name}`"))
        .at(position)
        .field(name)
        .value(name)
        .help(format!("delete the blanks around `{separator}`: linking compares names letter by letter"))
        .fix("trim names and values")
        .cause("beside the separator")
}

/// A value with white space around it, under the column `name`. All such values of a column are one cause.
pub fn in_value(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("white space around the value `{}` of `{name}`", shown(value.trim())))
        .at(position)
        .field(name)
        .value(value)
        .help("delete the blanks around the value")
        .fix("trim names and values")
        .cause(format!("value of {name}"))
}

/// A measurement with white space around it, under the column `name`. All of a matrix are one cause.
pub fn in_measurement(path: &Arc<str>, position: Position, name: &str, value: &str) -> Diagnostic {
    in_value(path, position, name, value).cause(VALUES)
}

/// The version line of a GCT file with white space around it.
pub fn in_version_line(path: &Arc<str>, position: Position, text: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("white space around the version `{}`: ODM looks for that and nothing else", text.trim()))
        .at(position)
        .value(text)
        .help("delete the blanks on the first line")
        .fix("trim names and values")
        .rejected()
}
