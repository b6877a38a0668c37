//! M010 no-key-column.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::names;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M010"),
    name: "no-key-column",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::Safe,
    what: "The column that identifies the records, or that ties them to samples, is absent.",
    why: "Without `Sample Source ID`, `Library ID` or `Preparation ID` ODM cannot tell the records apart or link them, and rejects the file.",
    mend: "Add the column, or give it exactly this name.",
    example: Example {
        command: "trial.samples.tsv --kind samples",
        files: &[
            ("trial.samples.tsv", "Sample Name<TAB>Sample Source\nS1<TAB>clinic\n"),
        ],
    },
};

/// What an absent key column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It identifies the records.
    Identifies,
    /// It ties the records to their samples.
    Ties,
}

/// The key column `name` is absent.
pub fn finding(path: &Arc<str>, header: Position, name: &str, purpose: Purpose) -> Diagnostic {
    let help = match purpose {
        Purpose::Identifies => format!("add a column `{name}` with a different value in each row"),
        Purpose::Ties => {
            format!("add a column `{name}` with the sample of each row, or several with | between them")
        }
    };
    base(path, header, name).help(help)
}

/// The key column `name` is absent; the column `found` at `position` may hold what it should.
pub fn renamed(path: &Arc<str>, position: Position, name: &str, found: &str) -> Diagnostic {
    base(path, position, name).value(found).help(format!(
        "if `{found}` is what data and other files refer to, rename it to {name}; else add a column `{name}`"
    ))
}

/// The key column `name` is absent, and the column `found` at `position` is probably meant to be it; `why` says
/// what the difference is, where that is hard to see.
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
    base(path, position, name)
        .value(found)
        .help(help)
        .fix(format!("rename `{found}` to `{name}`"))
}

/// The key column `name` is absent, and each of the columns `found`, the first of them at `position`, may be meant to
/// be it.
pub fn rivals(path: &Arc<str>, position: Position, name: &str, found: &[&str]) -> Diagnostic {
    let message = format!("there is no column `{name}`, which {} look like", names::rivals(found));
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .value(found[0])
        .help(names::rivals_help(name))
}

fn base(path: &Arc<str>, position: Position, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("there is no column `{name}`"))
        .at(position)
        .field(name)
}
