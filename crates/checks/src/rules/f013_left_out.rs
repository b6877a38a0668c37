//! F013 left-out.

use std::sync::Arc;

use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::links::some;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F013"),
    name: "left-out",
    severity: Severity::Info,
    effect: Effect::None,
    fix: Fixable::No,
    what: "Files of a folder take no part in its study: they are of another format, nothing says what they are, they \
           describe data that is not there, or they lie in a folder below.",
    why: "What is not checked is not imported either. Where one of them was meant to be, its data would be missing in ODM.",
    mend: "Nothing where they are meant to stay away. Else save a table as tab-separated text, or list the file in \
           study.toml, with its kind or as an attachment; `odmkit init` writes one.",
    example: Example {
        command: "trial",
        files: &[
            ("trial/trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
            ("trial/notes.txt", "Frozen on arrival.\n"),
        ],
    },
};

/// How many of the files have their reasons told.
const TOLD: usize = 20;

/// The files that are left out of a folder, each with the reason; nothing where there are none.
pub fn finding(files: &[(Arc<str>, String)]) -> Option<Diagnostic> {
    let (first, _) = files.first()?;
    let names = files.iter().map(|(path, _)| path.rsplit('/').next().unwrap_or(path));
    if let [(_, reason)] = files {
        let name = first.rsplit('/').next().unwrap_or(first);
        let message = format!("`{name}` is left out of the study: {reason}");
        let finding = Diagnostic::new(&RULE, first, message);
        return Some(finding.help(
            "nothing to do if it is no part of it; else list it in study.toml, which `odmkit init` writes",
        ));
    }
    let message = format!("these are left out of the study: {}", some(names));
    let finding = Diagnostic::new(&RULE, first, message)
        .count(files.len() as u64)
        .help("nothing to do if they are no part of it; else list them in study.toml, which `odmkit init` writes");
    Some(files.iter().take(TOLD).fold(finding, |finding, (path, reason)| {
        finding.related(path, None, reason.clone())
    }))
}
