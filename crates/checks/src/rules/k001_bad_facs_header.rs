//! K001 bad-facs-header.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};
use odmkit_formats::facs::Column;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("K001"),
    name: "bad-facs-header",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A flow cytometry table lacks one of its five columns.",
    why: "ODM finds sample, population, readout, marker and value by the names of their columns; without one of them the import fails.",
    mend: "Name the columns Sample, CellPopulation, ReadoutType, Color/Marker and Value, one row for each number.",
    example: Example {
        command: "gates.facs",
        files: &[
            ("gates.facs", "Sample<TAB>Population<TAB>ReadoutType<TAB>Color/Marker<TAB>Value\nS1<TAB>Lymphocytes/CD3+<TAB>Count<TAB><TAB>1204\n"),
        ],
    },
};

/// Columns are absent from the header at `position`.
pub fn absent(path: &Arc<str>, position: Position, columns: &[Column]) -> Diagnostic {
    let names: Vec<String> = columns
        .iter()
        .map(|column| format!("`{}`", column.name()))
        .collect();
    let message = match names.as_slice() {
        [one] => format!("there is no column {one}"),
        [most @ .., last] => format!("there are no columns {} and {last}", most.join(", ")),
        [] => String::new(),
    };
    let help = match columns {
        [Column::Marker] => "add a column Color/Marker; its cells may be blank".to_owned(),
        [one] => format!("add a column {}, or name it so if it is there", one.name()),
        _ => {
            let all = Column::ALL.map(Column::name).join(", ");
            format!("a flow cytometry table has one number in each row, and the columns {all}")
        }
    };
    let finding = Diagnostic::new(&RULE, path, message).at(position).help(help);
    match columns {
        [one] => finding.field(one.name()),
        _ => finding,
    }
}

/// The column at `position` has no name, or one that another column has, and `column` is absent.
pub fn nameless(path: &Arc<str>, position: Position, column: Column) -> Diagnostic {
    let name = column.name();
    Diagnostic::new(&RULE, path, format!("there is no column `{name}`, and this one has no name of its own"))
        .at(position)
        .field(name)
        .help(format!("name it {name}, if that is what it holds"))
}

/// The rows have more fields than the header at `position` has names, and columns are absent from it.
pub fn short(path: &Arc<str>, position: Position, columns: &[Column]) -> Diagnostic {
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    let finding = absent(path, position, columns);
    let what = if names.len() == 1 { "the name" } else { "the names" };
    finding.help(format!(
        "the rows have more fields than the header: put {what} {} where it was lost, with a tab beside it",
        names.join(", ")
    ))
}

/// The column at `position` is `found` and is probably meant to be `column`.
pub fn misnamed(path: &Arc<str>, position: Position, column: Column, found: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!("there is no column `{}`; `{found}` looks like it", column.name()),
    )
    .at(position)
    .field(column.name())
    .value(found)
    .help(format!("rename the column to {}", column.name()))
}
