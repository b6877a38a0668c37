//! F005 line-endings.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F005"),
    name: "line-endings",
    severity: Severity::Warning,
    effect: Effect::None,
    fix: Fixable::Safe,
    what: "Lines end with a bare CR, or with several kinds of line ending. LF and CRLF are both fine.",
    why: "Old Macintosh line endings are read by ODM but make many other tools see one single line; mixed endings are a sign that files were pasted together.",
    mend: "Save the file with LF or CRLF line endings, or run `odmkit fix`.",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source<CR>S1<TAB>clinic<CR>"),
        ],
    },
};

/// How many lines end in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Endings {
    /// `\n`
    pub lf: u64,
    /// `\r\n`
    pub crlf: u64,
    /// `\r` alone.
    pub cr: u64,
}

/// The cause where all lines end in one way, but for some carriage returns.
pub const LONE_RETURNS: &str = "lone carriage returns";

/// The cause where lines end in all three ways.
const ALL_KINDS: &str = "all line endings";

/// The cause where some lines end with CRLF and some with LF.
pub const BOTH_KINDS: &str = "LF and CRLF";

/// The cause where all lines end with a carriage return alone.
const UNIFORM: &str = "line endings";

/// Whether the ends of lines differ: those of one kind may be in the middle of rows, as line breaks within a cell are.
pub fn may_cut_rows(finding: &Diagnostic) -> bool {
    finding.rule.code == RULE.code && finding.cause.as_deref().is_some_and(|cause| cause != UNIFORM)
}

/// A finding where the endings are mixed or CR only; `first` is the end of the first line that differs from
/// LF (or, where CRLF and LF are mixed, from the first line's ending).
pub fn check(path: &Arc<str>, endings: Endings, first: Position) -> Option<Diagnostic> {
    let Endings { lf, crlf, cr } = endings;
    let kinds = [lf, crlf, cr].iter().filter(|&&count| count > 0).count();
    let message = match (kinds, cr) {
        (0 | 1, 0) => return None,
        (1, _) => "lines end with a bare CR, the old Macintosh line ending".to_owned(),
        _ => {
            let part = |count: u64, name: &str| (count > 0).then(|| format!("{count} {name}"));
            let parts: Vec<String> =
                [part(lf, "LF"), part(crlf, "CRLF"), part(cr, "CR")].into_iter().flatten().collect();
            format!("line endings are mixed: {}", parts.join(", "))
        }
    };
    let cause = match (kinds, cr) {
        (2, 1..) => LONE_RETURNS,
        (3, _) => ALL_KINDS,
        (2, 0) => BOTH_KINDS,
        _ => UNIFORM,
    };
    Some(
        Diagnostic::new(&RULE, path, message)
            .cause(cause)
            .at(first)
            .help("save the file with LF (Unix) or CRLF (Windows) line endings")
            .fix("end every line with LF"),
    )
}
