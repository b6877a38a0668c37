//! G001 bad-version.

use std::sync::Arc;

use odmkit_core::{LineNumber, Position};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G001"),
    name: "bad-version",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The first line of a GCT file is not `#1.2`.",
    why: "ODM recognises a GCT file by this line and takes no other version.",
    mend: "Write `#1.2` alone on the first line, if the file is laid out so: a line of figures, a header, then rows.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.0\n1<TAB>1\nName<TAB>Description<TAB>S1\nTP53<TAB>na<TAB>1.5\n"),
        ],
    },
};

/// The first line says `found`; four figures under it are those of version 1.3.
pub fn finding(path: &Arc<str>, position: Position, found: &str, four: bool) -> Diagnostic {
    let help = if four {
        "the four figures of the second line are those of GCT 1.3: write #1.3 on the first line, then `odmkit fix --write` makes GCT \
         1.2 of the file"
    } else {
        "write #1.2 on the first line, if the file is laid out as GCT 1.2"
    };
    Diagnostic::new(&RULE, path, format!("the first line is `{found}` and not `#1.2`"))
        .at(position)
        .value(found)
        .help(help)
}

/// The version line is `line`, and the figures, of which `first` is the first, stand above it.
pub fn under_figures(path: &Arc<str>, position: Position, first: &str, line: LineNumber) -> Diagnostic {
    let mut finding = below(path, position, first, line);
    finding.help = Some(format!("put line {line} above line {}", position.line));
    finding
}

/// The version line is `line`, and others stand above it, of which `first` is the first.
pub fn below(path: &Arc<str>, position: Position, first: &str, line: LineNumber) -> Diagnostic {
    let above = line.get() - position.line.get();
    let lines = if above == 1 { format!("line {}", position.line) } else { format!("lines {} to {}", position.line, line.get() - 1) };
    Diagnostic::new(&RULE, path, format!("the version line stands on line {line}, and ODM looks for it on the first"))
        .at(position)
        .value(first)
        .help(format!("delete {lines}: nothing may stand above the version line"))
}
