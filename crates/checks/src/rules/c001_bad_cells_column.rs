//! C001 bad-cells-column.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("C001"),
    name: "bad-cells-column",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The column `barcode` or `batch` of a cells file is absent or blank, or a barcode stands twice.",
    why: "A cell is known by its barcode and hangs on the sample, library or preparation that `batch` names; the import or the link fails without them.",
    mend: "Add the column, fill it in, and make each barcode unique in the file, for instance by the batch before it.",
    example: Example {
        command: "trial.cells.tsv --kind cells",
        files: &[
            ("trial.cells.tsv", "barcode<TAB>cellType\nAAACCTG-1<TAB>T cell\n"),
        ],
    },
};

/// The column `name` is absent.
pub fn absent(path: &Arc<str>, header: Position, name: &str) -> Diagnostic {
    let help = if name == "batch" {
        "add a column `batch` with the sample, library or preparation of each cell"
    } else {
        "add a column `barcode` with a different value in each row"
    };
    base(path, header, name, format!("there is no column `{name}`")).help(help)
}

/// The column `name` is absent, and the column `found` is probably meant to be it.
pub fn misnamed(
    path: &Arc<str>,
    position: Position,
    name: &str,
    found: &str,
    why: Option<&str>,
) -> Diagnostic {
    let help = match why {
        Some(why) => format!("rename the column `{found}` to {name}: {why}"),
        None => format!("rename the column `{found}` to {name}"),
    };
    base(path, position, name, format!("there is no column `{name}`"))
        .value(found)
        .help(help)
}

/// The column `name` is absent, and each of the columns `found`, the first of them at `position`, may be meant to be it.
pub fn rivals(path: &Arc<str>, position: Position, name: &str, found: &[&str]) -> Diagnostic {
    let message = format!("there is no column `{name}`, which {} look like", crate::names::rivals(found));
    base(path, position, name, message).value(found[0]).help(crate::names::rivals_help(name))
}

/// The column `name` is blank in `count` rows, the first of them at `position`.
pub fn blank(path: &Arc<str>, position: Position, name: &str, count: u64) -> Diagnostic {
    let message = if count == 1 {
        format!("`{name}` is blank")
    } else {
        format!("`{name}` is blank in {count} rows")
    };
    base(path, position, name, message)
        .count(count)
        .help("fill it in, or delete the row")
}

/// The barcode `value` stands at `first` and again at `position`, in all `count` times more.
pub fn duplicate(
    path: &Arc<str>,
    position: Position,
    value: &str,
    first: Position,
    count: u64,
) -> Diagnostic {
    base(
        path,
        position,
        "barcode",
        format!("the barcode `{value}` is used {}", crate::names::times(count + 1)),
    )
    .value(value)
    .count(count)
    .help("make each barcode unique in the file, for instance by the batch before it")
    .related(path, Some(first.line), format!("`{value}` stands here first"))
    .cause("duplicate barcode")
}

fn base(path: &Arc<str>, position: Position, name: &str, message: String) -> Diagnostic {
    Diagnostic::new(&RULE, path, message).at(position).field(name)
}
