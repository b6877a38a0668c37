//! What the check may promise of `fix`: a rule tells of its own findings that they can be mended, and cannot know that
//! something else in the file stands in the way.

use odmkit_diagnostics::Diagnostic;

use super::run::BARRIERS;
use crate::check::CheckedFile;

/// What is mended wherever the rows of a file begin.
const OF_ANY_TEXT: [&str; 3] = ["F003", "F004", "F005"];

/// Takes back what would not be mended, of the findings in some files.
pub(crate) fn take_back(files: &[CheckedFile], findings: &mut [Diagnostic]) {
    for file in files {
        let path = &file.report.path;
        let has = |findings: &[Diagnostic], codes: &[&str]| {
            let mut own = findings.iter().filter(|finding| finding.path == *path);
            own.any(|finding| codes.contains(&finding.rule.code.as_str()))
        };
        let closed = has(findings, &BARRIERS) || file.report.kind.is_none();
        // Without a plan for its rows only what is true of any text is mended.
        let planned = file.matrix.is_some() || file.shape.is_some() || file.plain.is_some();
        let has_rows = planned && !file.truncated;
        let ragged = has(findings, &["T001"]);
        let unsaid = has(findings, &["D001"]);
        let unnamed = file.shape.is_some() && has(findings, &["T003"]);
        let encoding = findings
            .iter()
            .find(|finding| finding.path == *path && finding.rule.code.as_str() == "F003");
        let encoding = encoding.map(|finding| finding.fix.as_ref().map(|fix| fix.safe));
        for finding in findings.iter_mut().filter(|finding| finding.path == *path) {
            let code = finding.rule.code.as_str();
            let of_text = OF_ANY_TEXT.contains(&code);
            // Padding stays where a column without a name has values: which of its fields are padding is not certain.
            let padded = unnamed && code == "T007";
            // Nobody has said yet which columns hold values.
            let guessed = unsaid && code == "D012";
            if closed || padded || guessed || (!has_rows && !of_text) || (ragged && code == "G013") {
                finding.fix = None;
            }
            match (encoding, &mut finding.fix) {
                // It is mended once the text is decoded, and that is done on request only, or not at all.
                (Some(Some(false)), Some(fix)) => fix.safe = false,
                (Some(None), fix) => *fix = None,
                _ => {}
            }
        }
    }
}
