//! F014 packing-not-taken.

use std::sync::Arc;

use odmkit_core::{Compression, FileKind};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F014"),
    name: "packing-not-taken",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The file is packed in a way that ODM does not unpack (Zstandard), or perhaps not for files of its kind (Brotli and LZ4: then this is a warning).",
    why: "ODM takes gzip and zip, and for matrices Brotli and LZ4 as well. odmkit reads more than that; ODM cannot.",
    mend: "Unpack the file, or pack it with gzip.",
    example: Example {
        command: "trial.samples.tsv.zst",
        files: &[
            ("trial.samples.tsv.zst", "<28><B5><2F><FD><20><29><49><01><00>Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
        ],
    },
};

/// What is said of a file of this kind that is packed so; `None` where ODM takes it.
pub fn check(path: &Arc<str>, kind: FileKind, packing: Compression) -> Option<Diagnostic> {
    let finding = |message: String| {
        Diagnostic::new(&RULE, path, message).help("unpack it, or pack it with gzip: ODM takes gzip and zip")
    };
    match packing {
        Compression::None | Compression::Gzip | Compression::Bgzf | Compression::Zip => None,
        Compression::Zstd => Some(finding("the file is packed with Zstandard, which ODM does not unpack".to_owned())),
        Compression::Brotli | Compression::Lz4 if kind == FileKind::Expression => None,
        Compression::Brotli | Compression::Lz4 => {
            let name = if packing == Compression::Lz4 { "LZ4" } else { "Brotli" };
            let finding = finding(format!("the file is packed with {name}, which ODM is known to unpack for matrices only"));
            Some(finding.taken(Effect::Degraded))
        }
    }
}
