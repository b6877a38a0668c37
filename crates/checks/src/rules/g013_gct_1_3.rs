//! G013 gct-1.3.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("G013"),
    name: "gct-1.3",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::Safe,
    what: "The file is GCT 1.3; ODM takes version 1.2 only.",
    why: "Version 1.3 keeps attributes of rows and samples inside the matrix. ODM keeps samples in a table of their own.",
    mend: "Save the matrix as GCT 1.2 and its sample attributes as a samples TSV: `odmkit fix` does both.",
    example: Example {
        command: "trial.gct",
        files: &[
            ("trial.gct", "#1.3\n1<TAB>2<TAB>0<TAB>1\nid<TAB>S1<TAB>S2\nSex<TAB>male<TAB>female\nTP53<TAB>1.5<TAB>2\n"),
        ],
    },
};

/// The version line says 1.3.
pub fn finding(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "the file is GCT 1.3, and ODM takes GCT 1.2 only")
        .at(position)
        .value("#1.3")
        .help("`odmkit fix --write` makes GCT 1.2 of it, and a samples table beside it")
        .fix(CONVERTED)
}

/// The version line says 1.3, and nothing else of the file is.
pub fn only_by_name(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "the first line says GCT 1.3, and the lines under it are those of GCT 1.2")
        .at(position)
        .value("#1.3")
        .help("write #1.2 in the first line")
        .fix("write #1.2")
}

/// The version line says 1.2, and everything else of the file is 1.3.
pub fn but_for_its_name(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "the first line says GCT 1.2, and the lines under it are those of GCT 1.3, which ODM does not take")
        .at(position)
        .value("#1.2")
        .help("`odmkit fix --write` makes GCT 1.2 of it, and a samples table beside it")
        .fix(CONVERTED)
}

/// The version line says 1.3, and the figures do not tell which columns and lines are attributes.
pub fn unclear(path: &Arc<str>, position: Position) -> Diagnostic {
    Diagnostic::new(&RULE, path, "the file is GCT 1.3, and ODM takes GCT 1.2 only")
        .at(position)
        .value("#1.3")
        .help("correct line 2: then `odmkit fix --write` makes GCT 1.2 of it; or export the matrix as GCT 1.2")
}

/// What a mend does that makes GCT 1.2 of the file.
const CONVERTED: &str = "write GCT 1.2 and a samples table";

/// Says of a file that can be converted that other things in it are to be mended first; gives whether it is one.
pub fn put_off(finding: &mut Diagnostic) -> bool {
    let converts = finding.fix.as_ref().is_some_and(|fix| fix.title == CONVERTED);
    if converts {
        finding.help = Some(
            "mend what else is told of the file first: then `odmkit fix --write` makes GCT 1.2 of it, and a samples table beside it"
                .to_owned(),
        );
    }
    converts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_off_says_what_comes_first() {
        let path: Arc<str> = "m.gct".into();
        let mut whole = finding(&path, Position::START);
        assert!(put_off(&mut whole));
        assert!(whole.help.is_some_and(|help| help.starts_with("mend what else is told of the file first")));
        let mut by_name = only_by_name(&path, Position::START);
        assert!(!put_off(&mut by_name));
        assert_eq!(by_name.help.as_deref(), Some("write #1.2 in the first line"));
    }
}
