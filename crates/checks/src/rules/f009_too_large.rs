//! F009 too-large.

use std::sync::Arc;

use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F009"),
    name: "too-large",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "The file is over the limit of an upload in ODM's web interface: 5 GB, or 128 MB for libraries and preparations.",
    why: "The web interface refuses it; an import by link through the API has no stated limit.",
    mend: "Import it through the API (`odmkit submit --stage link …`), or compress it.",
    example: Example {
        command: "trial.libraries.tsv",
        files: &[
            ("trial.libraries.tsv", "Library ID<TAB>Sample Source ID<TAB>Note\nL1<TAB>S1<TAB><a, 64000000 times>\nL2<TAB>S1<TAB><a, 64000000 times>\n"),
        ],
    },
};

/// The file has `bytes` bytes, more than `limit`.
pub fn finding(path: &Arc<str>, bytes: u64, limit: u64) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        path,
        format!("the file has {bytes} bytes, more than the {limit} that ODM's web interface takes"),
    )
    .help("import it by link through the API, or compress it")
}

/// The limit for a file of `kind`, in bytes. Source: ODM's upload guide.
pub const fn limit(kind: odmkit_core::FileKind) -> u64 {
    match kind {
        odmkit_core::FileKind::Libraries | odmkit_core::FileKind::Preparations => 128_000_000,
        _ => 5_000_000_000,
    }
}
