//! F003 not-utf8.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("F003"),
    name: "not-utf8",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::Safe,
    what: "The text is not UTF-8; the first offending byte is named, with a guess at the encoding.",
    why: "ODM reads text as UTF-8. Other encodings arrive as broken characters, and names with broken characters link to nothing.",
    mend: "Save the file as UTF-8. In a spreadsheet: Save as, \"CSV UTF-8\" or \"Tab delimited text (UTF-8)\".",
    example: Example {
        command: "trial.samples.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>M<FC>nchen\n"),
        ],
    },
};

/// The bytes at `position` are not UTF-8; `encoding` is the likely one, and `reading` what their field says in it.
pub fn finding(
    path: &Arc<str>,
    position: Position,
    bytes: &[u8],
    encoding: Encoding,
    reading: Option<&str>,
) -> Diagnostic {
    let reads = reading.map_or_else(String::new, |text| format!(", in which this field reads `{text}`"));
    let shown: Vec<String> = bytes.iter().take(4).map(|byte| format!("0x{byte:02X}")).collect();
    let finding =
        Diagnostic::new(&RULE, path, format!("the text is not UTF-8: {} begins here", shown.join(" ")))
            .at(position)
            .value(shown.join(" "));
    match encoding {
        Encoding::Utf16 => finding
            .help("the file is UTF-16 (\"Unicode text\" in a spreadsheet's Save as); save it as UTF-8")
            .fix("rewrite the file from UTF-16 to UTF-8"),
        Encoding::Utf32 => finding.help("the file is UTF-32; save it as UTF-8"),
        Encoding::Windows1252 => {
            finding
                .help(format!(
                    "probably Windows-1252 or Latin-1{reads}; save the file as UTF-8, or run odmkit fix --unsafe, and look at such \
                     places"
                ))
                .unsafe_fix("rewrite the file from Windows-1252 to UTF-8")
        }
        Encoding::MacRoman => {
            finding.help(format!("probably Mac OS Roman{reads}; save the file as UTF-8 and look at such places"))
        }
        Encoding::NotWestern => finding.help(
            "a run of such bytes: probably an encoding for Central or Eastern Europe (Polish, Czech, Russian and the like), Greek \
             or East Asia, which the program that wrote the file knows; save it as UTF-8",
        ),
        Encoding::Mixed => finding.help(
            "other parts of the file are UTF-8: it was put together from texts of two encodings; save each as UTF-8 and join \
             them again",
        ),
        Encoding::Cut => finding.help("the file ends in the middle of a character: it is not all there; transfer or export it again"),
        Encoding::Unknown => finding.help("save the file as UTF-8"),
    }
}

/// What the encoding probably is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-16, certain by its byte order mark.
    Utf16,
    /// UTF-32, certain by its byte order mark.
    Utf32,
    /// A western single-byte encoding.
    Windows1252,
    /// That of the old Macintosh.
    MacRoman,
    /// None for western languages.
    NotWestern,
    /// Some of the text is UTF-8, and this is not.
    Mixed,
    /// UTF-8 that breaks off in the middle of a character.
    Cut,
    /// Nothing that can be told.
    Unknown,
}
