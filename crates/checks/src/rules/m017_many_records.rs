//! M017 many-records.

use std::sync::Arc;

use odmkit_core::{FileKind, Position};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::links::records;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("M017"),
    name: "many-records",
    severity: Severity::Info,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "There are more samples, libraries or preparations than ODM's web interface, or an older ODM, can handle.",
    why: "The web interface takes up to 10,000 samples. ODM before 1.64 could not publish more than 2,000 samples at once, and before 1.63 it could not link more than 1,000 libraries or preparations.",
    mend: "Import through the API, as `odmkit submit` does, and with an ODM that is new enough.",
    example: Example {
        command: "trial.libraries.tsv",
        files: &[
            ("trial.libraries.tsv", "Library ID<TAB>Sample Source ID\n<L1 to L1001 of S1>"),
        ],
    },
};

/// Up to so many samples go through the web interface.
const WEB: u64 = 10_000;

/// More samples than this could not be published at once before 1.64.
const PUBLISHED: u64 = 2_000;

/// More libraries or preparations than this could not be linked before 1.63.
const LINKED: u64 = 1_000;

/// What is to be said of so many records of a kind, if anything.
pub fn check(path: &Arc<str>, header: Position, kind: FileKind, count: u64) -> Option<Diagnostic> {
    let (limit, what, help) = match (kind, count) {
        (FileKind::Samples, WEB..) if count > WEB => {
            (WEB, "the web interface takes", "import them through the API, as odmkit submit does")
        }
        (FileKind::Samples, PUBLISHED..) if count > PUBLISHED => (
            PUBLISHED,
            "ODM before 1.64 publishes at once",
            "nothing to do with ODM 1.64 or newer",
        ),
        (FileKind::Libraries | FileKind::Preparations, LINKED..) if count > LINKED => {
            (LINKED, "ODM before 1.63 links", "nothing to do with ODM 1.63 or newer")
        }
        _ => return None,
    };
    let finding = Diagnostic::new(
        &RULE,
        path,
        format!("there are {count} {}, more than the {limit} that {what}", records(kind)),
    );
    Some(finding.at(header).value(count.to_string()).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_has_its_words() {
        let said = |kind, count| {
            let finding = check(&Arc::from("t.tsv"), Position::START, kind, count)?;
            Some(finding.message)
        };
        for (kind, limit) in [
            (FileKind::Samples, PUBLISHED),
            (FileKind::Libraries, LINKED),
            (FileKind::Preparations, LINKED),
        ] {
            assert_eq!(said(kind, limit), None);
            assert!(said(kind, limit + 1).is_some_and(|message| message.contains("before 1.6")));
        }
        assert!(said(FileKind::Samples, WEB).is_some_and(|message| message.contains("before 1.64")));
        assert!(said(FileKind::Samples, WEB + 1).is_some_and(|message| message.contains("web interface")));
        assert_eq!(said(FileKind::Cells, 1_000_000), None);
    }
}
