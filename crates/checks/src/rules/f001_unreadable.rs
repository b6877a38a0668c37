//! F001 unreadable.

use std::sync::Arc;

use odmkit_core::redact::system_numbers;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F001"),
    name: "unreadable",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The file cannot be opened or read.",
    why: "ODM can only import what can be read; nothing of this file was checked.",
    mend: "Check the name and the permissions, and that the disk or the network share is there.",
    example: Example {
        command: "trial.gct",
        files: &[],
    },
};

/// There is no such file, and one with the name `other` beside where it should be.
pub fn named_otherwise(path: &Arc<str>, other: &str) -> Diagnostic {
    Diagnostic::new(&RULE, path, "there is no such file").help(format!("`{other}` is there: write its name so"))
}

/// The file could not be opened or read, for the reason the system gives.
pub fn finding(path: &Arc<str>, reason: &str) -> Diagnostic {
    let reason = system_numbers(reason);
    let told = |message: &str, help: &str| Diagnostic::new(&RULE, path, message).help(help);
    if reason.ends_with("No such file or directory") {
        if path.contains(char::REPLACEMENT_CHARACTER) {
            // A listing shows so what it could not read.
            return told("the name of the file is not UTF-8, and it cannot be named here", "rename it, with plain letters");
        }
        // Elsewhere than in Windows it is a part of the name.
        return if path.contains('\\') && !cfg!(windows) {
            told("there is no such file", "write / instead of \\ between folders")
        } else {
            told("there is no such file", "check its name, and the folder it is in")
        };
    }
    if reason.to_lowercase().ends_with("is a directory") {
        return told("this is a folder, and a file is needed", "name the file that is meant");
    }
    let help = if path.contains("://") {
        "check the address, and whether its server lets you read there; then try again"
    } else {
        "check the name and the permissions of the file"
    };
    told(&format!("the file cannot be read: {reason}"), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_said_to() {
        let said = |reason| finding(&"a.gct".into(), reason).message;
        assert_eq!(said("No such file or directory (os error 2)"), "there is no such file");
        assert_eq!(said("Is a directory (os error 21)"), "this is a folder, and a file is needed");
        let help = |path: &str| finding(&path.into(), "No such file or directory (os error 2)").help;
        assert_ne!(help("a/b.tsv"), help("a\\b.tsv"));
        let refused = |path: &str| finding(&path.into(), "the server answered 500").help.unwrap_or_default();
        assert!(refused("https://x.org/a.gct").starts_with("check the address"));
        assert!(refused("a.gct").starts_with("check the name"));
        assert_eq!(
            said("Permission denied (os error 13)"),
            "the file cannot be read: Permission denied"
        );
    }
}
