//! T013 misplaced-names.

use std::sync::Arc;

use odmkit_core::{LineNumber, Position};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("T013"),
    name: "misplaced-names",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The names of the columns do not stand where ODM looks for them, on the first line of a table, on the third of a GCT file: a title, a comment or another line stands above them, or they stand below each other in the first column, or there are none. In a data frame, the samples stand in the rows.",
    why: "ODM takes that line for the names, whatever it holds: it finds none that it knows, and the import fails or makes attributes or samples of what is none.",
    mend: "Delete the lines above the names, or turn the table so that the names stand side by side. A data frame has one column for each sample.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "# samples of the trial\nSample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
        ],
    },
};

/// Other lines stand before that of the names, the first at `position`.
pub fn below(path: &Arc<str>, position: Position, names: LineNumber) -> Diagnostic {
    let wanted = position.line;
    let (on, above) = match (wanted.get(), names.get() - wanted.get()) {
        (1, 1) => ("the first".to_owned(), "delete line 1".to_owned()),
        (1, above) => ("the first".to_owned(), format!("delete the {above} lines above it")),
        (_, 1) => (format!("line {wanted}"), format!("delete line {wanted}")),
        (_, above) => (format!("line {wanted}"), format!("delete the {above} lines from line {wanted} on")),
    };
    let message = format!("the names of the columns stand on line {names}; ODM looks for them on {on}");
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .related(path, Some(names), "the names stand here")
        .help(above)
}

/// The names stand on the line `names`, among rows, of which the first stands in their place. `old` says that it is GCT 1.3.
pub fn among_rows(path: &Arc<str>, position: Position, names: LineNumber, old: bool) -> Diagnostic {
    let wanted = position.line;
    let more = if old { ", and the lines of sample attributes below it" } else { "" };
    let message = format!("the names of the columns stand on line {names}, among the rows; ODM looks for them on line {wanted}");
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .related(path, Some(names), "the names stand here")
        .help(format!("move line {names} up to line {wanted}{more}: the table was sorted together with its header"))
}

/// The names stand below each other; the first line is at `position`.
pub fn upright(path: &Arc<str>, position: Position) -> Diagnostic {
    let message = "the names of the attributes stand below each other; ODM looks for all of them on the first line";
    Diagnostic::new(&RULE, path, message).at(position).help(
        "turn the table: the names on the first line, their values under them (in a spreadsheet, copy it and paste it transposed)",
    )
}

/// A GCT file whose rows are samples: the descriptions are its first row, and not its second column.
pub fn on_its_side(path: &Arc<str>, position: Position) -> Diagnostic {
    let message = "the table lies on its side: `Description` begins the first row, and ODM looks for it as the second column";
    Diagnostic::new(&RULE, path, message).at(position).help(
        "turn the table, so that each sample is a column (in a spreadsheet, copy it and paste it transposed), and correct the figures above it",
    )
}

/// A data frame without names: its first line, at `position`, holds values.
pub fn absent(path: &Arc<str>, position: Position) -> Diagnostic {
    let message = "there are no names of columns: the first line holds values, as those under it do";
    Diagnostic::new(&RULE, path, message).at(position).help("write a line with the names of the columns above it")
}

/// The samples of a data frame stand in the rows: in the column `name`, at `position`. With several rows for each the
/// table is long.
pub fn in_rows(path: &Arc<str>, position: Position, name: &str, long: bool) -> Diagnostic {
    let column = if name.is_empty() { "a column without a name".to_owned() } else { format!("the column `{name}`") };
    let message = format!("the samples stand in the rows, in {column}; ODM looks for a column for each");
    Diagnostic::new(&RULE, path, message).at(position).field(name).help(if long {
        "make one row for each feature, with one column for each sample (pivot_wider in R, pivot in pandas, a pivot table in a \
         spreadsheet)"
    } else {
        "turn the table: a column for each sample, a row for each feature (t in R, .T in pandas; in a spreadsheet, copy it and \
         paste it transposed)"
    })
}

/// The samples seem to stand in the rows, by what the column `name` is called. ODM takes the table.
pub fn maybe_in_rows(path: &Arc<str>, position: Position, name: &str) -> Diagnostic {
    let mut finding = in_rows(path, position, name, true).taken(Effect::Degraded);
    finding.message = format!(
        "the table looks as if it had a row for each value, with the samples in the column `{name}`; ODM looks for a column for each"
    );
    finding
}
