//! G005 bad-name-header.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G005"),
    name: "bad-name-header",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::Safe,
    what: "The first column of a GCT file is not called `Name` (in any case).",
    why: "ODM finds the feature names under this header and takes no other.",
    mend: "Write `Name` as the first header, or run `odmkit fix`.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.2\n1<TAB>1\nGeneID<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// The first header says `found`.
pub fn finding(path: &Arc<str>, position: Position, found: &str) -> Diagnostic {
    let message = if found.is_empty() {
        "the first column has no header; it must be `Name`".to_owned()
    } else {
        format!("the first column is called `{found}`; it must be `Name`")
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .value(found)
        .help("write Name as the first header")
        .fix("call the first column Name")
}

/// The header has one field less than the rows, and begins with `found`: the name of the row names is missing.
pub fn absent(path: &Arc<str>, position: Position, found: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, "the header lacks `Name`, the name of the first column: it has one field less than every row, as R writes it")
        .at(position)
        .value(found)
        .help(format!("write Name and a tab before `{found}`"))
        .fix("call the first column Name")
}

/// The header has two fields less than the rows, and begins with `found`, a sample.
pub fn both_absent(path: &Arc<str>, position: Position, found: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, "the header lacks `Name` and `Description`: it has two fields less than every row")
        .at(position)
        .value(found)
        .help(format!("write Name, a tab, Description and a tab before `{found}`"))
        .fix("write Name and Description before the samples")
}

/// The first field says `found`: both first names.
pub fn joined(path: &Arc<str>, position: Position, found: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("`Name` and `Description` stand in one field, `{found}`"))
        .at(position)
        .value(found)
        .help("put a tab between Name and Description")
        .fix("put a tab between Name and Description")
}

/// The header of GCT 1.3 has one field less than the rows, and begins with `found`.
pub fn absent_id(path: &Arc<str>, position: Position, found: &str) -> Diagnostic {
    let message = "the header lacks the name of the first column: it has one field less than every row, as R writes it";
    Diagnostic::new(&RULE, path, message).at(position).value(found).help(format!("write id and a tab before `{found}`"))
}

/// `Name` and `Description` stand behind `before` other columns, of which `found` is the first.
pub fn behind(path: &Arc<str>, position: Position, found: &str, before: u64) -> Diagnostic {
    let (columns, they) = if before == 1 { ("a column".to_owned(), "it") } else { (format!("{before} columns"), "them") };
    let help = if found.is_empty() || found.starts_with("Unnamed: ") {
        format!("delete {they} from every line: R and pandas write the numbers of rows there unless told not to")
    } else {
        format!("delete {they} from every line: ODM takes one column of text beside the names, the description")
    };
    Diagnostic::new(&RULE, path, format!("{columns} stand{} before `Name`, which must be the first", if before == 1 { "s" } else { "" }))
        .at(position)
        .value(found)
        .help(help)
}

/// The first header says `found`, and column `column`, which is not beside `Description`, is `Name`.
pub fn elsewhere(path: &Arc<str>, position: Position, found: &str, column: u64) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("the first column is called `{found}`, and `Name` stands in column {column}; it must be the first"))
        .at(position)
        .value(found)
        .help("move the column Name to the front, and Description behind it")
}

/// The first two headers are `Description` and `Name`.
pub fn swapped(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "the first two columns are called `Description` and `Name`; they must be `Name` and `Description`")
        .at(position)
        .value("Description")
        .help("put the names into the first column and the descriptions into the second, with their headers above them")
}

/// The line of names holds values.
pub fn no_names(path: &Arc<str>, position: Position) -> Diagnostic {
    let line = position.line;
    Diagnostic::new(&RULE, path, format!("line {line} is a row: the line of column names is missing above it"))
        .at(position)
        .help(format!("put a line above line {line}: Name, Description, and the names of the samples, with tabs between"))
}

/// The line of names of GCT 1.3 holds a sample attribute.
pub fn no_names_but_attribute(path: &Arc<str>, position: Position) -> Diagnostic {
    let line = position.line;
    Diagnostic::new(&RULE, path, format!("line {line} holds an attribute of samples: the line of column names is missing above it"))
        .at(position)
        .help(format!("put a line above line {line}: id, the names of the attributes of rows, and those of the samples, with tabs between"))
}

/// `each` stand between the names, and tabs in the rows.
pub fn separated(path: &Arc<str>, position: Position, each: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("{each} stand between the names on line {}, and tabs in the rows", position.line))
        .at(position)
        .help("put a tab between each two names")
}
