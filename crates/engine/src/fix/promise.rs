//! What the check may promise of `fix`: a rule tells of its own findings that they can be mended, and cannot know that
//! something else in the file stands in the way.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use odmkit_checks::rules::f005_line_endings::may_cut_rows;
use odmkit_checks::rules::g013_gct_1_3;
use odmkit_core::DataFormat;
use odmkit_diagnostics::Diagnostic;

use super::kept::{is_in_doubt, is_miscounted, naming_columns, stays_old, twin_rows};
use super::run::{BARRIERS, UNREADABLE};
use crate::check::CheckedFile;

/// What is mended wherever the rows of a file begin.
const OF_ANY_TEXT: [&str; 2] = ["F004", "F005"];

/// Whether the ends of lines stay as they are, of which a finding tells: where they differ and
/// rows have too few fields, it may be those of one kind that cut rows, and whoever joins these has to see where.
pub(super) fn keeps_line_ends(finding: &Diagnostic, has: impl Fn(&str) -> bool) -> bool {
    may_cut_rows(finding) && has("T001")
}

/// What stands in the way of mends in a file.
struct Obstacles<'a> {
    file: &'a CheckedFile,
    /// The rules that found something.
    codes: HashSet<&'static str>,
    /// Whether a text in another encoding is decoded unasked; `None` where it cannot be.
    decoded: Option<bool>,
}

/// Takes back what would not be mended, of the findings in some files.
pub(crate) fn take_back(files: &[CheckedFile], findings: &mut [Diagnostic]) {
    let none = |file| Obstacles {
        file,
        codes: HashSet::new(),
        decoded: None,
    };
    let by_path = files
        .iter()
        .map(|file| (Arc::clone(&file.report.path), none(file)));
    let mut obstacles: HashMap<Arc<str>, Obstacles<'_>> = by_path.collect();
    for finding in &*findings {
        if let Some(obstacles) = obstacles.get_mut(&finding.path) {
            obstacles.see(finding);
        }
    }
    for finding in findings {
        if let Some(obstacles) = obstacles.get(&finding.path) {
            obstacles.judge(finding);
        }
    }
}

impl Obstacles<'_> {
    fn see(&mut self, finding: &Diagnostic) {
        let code = finding.rule.code.as_str();
        if self.codes.insert(code) && code == "F003" {
            self.decoded = finding.fix.as_ref().map(|fix| fix.safe);
        }
    }

    fn judge(&self, finding: &mut Diagnostic) {
        let file = self.file;
        let has = |code: &str| self.codes.contains(code);
        let stays = match finding.rule.code.as_str() {
            // What a text is shows when it is decoded, and that is done first.
            "F003" => UNREADABLE.into_iter().any(has),
            _ if BARRIERS.into_iter().any(has) || file.report.kind.is_none() => true,
            _ if keeps_line_ends(finding, has) => true,
            code if OF_ANY_TEXT.contains(&code) => false,
            // Without a plan for its rows only what is true of any text is mended.
            _ if file.truncated
                || (file.matrix.is_none() && file.shape.is_none() && file.plain.is_none()) =>
            {
                true
            }
            "T007" if file.shape.is_none() => false,
            "G013" if file.matrix.as_ref().is_some_and(stays_old) => true,
            // The figures of GCT 1.3 are written anew where it becomes GCT 1.2, and nowhere else.
            "G002" if file.report.format == Some(DataFormat::Gct13) => {
                is_in_doubt("G013", has) || is_miscounted(has) || file.matrix.as_ref().is_some_and(stays_old)
            }
            "T012" => self.names_twins(finding),
            code => is_in_doubt(code, has),
        };
        let miscounted = is_miscounted(has);
        let put_off = (stays || miscounted || has("F003")) && g013_gct_1_3::put_off(finding);
        if stays {
            finding.fix = None;
        } else if put_off
            && miscounted
            && let Some(fix) = &mut finding.fix
        {
            fix.safe = false;
        }
        if has("F003") {
            // It is mended once the text is decoded, and that is done on request only, or not at all.
            match (self.decoded, &mut finding.fix) {
                (Some(false), Some(fix)) => fix.safe = false,
                (None, fix) => *fix = None,
                _ => {}
            }
        }
    }

    /// Whether it is about quotes around names of rows of which two would be one without; says so.
    fn names_twins(&self, finding: &mut Diagnostic) -> bool {
        let Some(matrix) = &self.file.matrix else {
            return false;
        };
        let Some(twins) = twin_rows(matrix) else {
            return false;
        };
        let is_name = finding.line.is_some_and(|line| line >= matrix.body.line)
            && finding
                .column
                .is_some_and(|column| column.index() < naming_columns(matrix));
        if is_name {
            finding.help = Some(format!(
                "delete the quotes; the rows of lines {} and {} would both be called `{}` then: give one of the two another name, or merge them",
                twins.first, twins.line, twins.name
            ));
        }
        is_name
    }
}
