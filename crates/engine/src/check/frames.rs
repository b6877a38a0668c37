//! Advice for one data frame among several: a flag is for all of them.

use std::collections::HashSet;
use std::path::PathBuf;

use odmkit_core::{DataFormat, FileKind};
use odmkit_diagnostics::{Diagnostic, Saying, Setting};
use odmkit_report::FileReport;

/// Where a setting that not all data frames of a run need is to be given.
pub(super) fn place_advice(files: &[FileReport], inputs: &[PathBuf], found: &mut [Diagnostic]) {
    let is_frame =
        |file: &&FileReport| (file.kind, file.format) == (Some(FileKind::Expression), Some(DataFormat::Tsv));
    let frames: HashSet<&str> = files.iter().filter(is_frame).map(|file| &*file.path).collect();
    let elsewhere = match inputs {
        [folder] if folder.is_dir() => Saying::NewManifest,
        _ => Saying::FlagAlone,
    };
    let told: Vec<(String, Setting)> = found.iter().filter_map(in_flag).collect();
    for finding in found {
        let Some((path, setting)) = in_flag(finding).filter(|(path, _)| frames.contains(path.as_str()))
        else {
            continue;
        };
        let alike = told.iter().filter(|(_, other)| *other == setting);
        let alike: HashSet<&str> = alike.map(|(path, _)| path.as_str()).collect();
        if frames
            .iter()
            .any(|frame| *frame != path && !alike.contains(frame))
        {
            finding.say_in(elsewhere);
        }
    }
}

/// The file for which a finding asks for a flag, and what to give.
fn in_flag(finding: &Diagnostic) -> Option<(String, Setting)> {
    let advice = finding.advice.as_ref()?;
    (advice.place == Saying::Flag).then(|| (finding.path.to_string(), advice.setting.clone()))
}
