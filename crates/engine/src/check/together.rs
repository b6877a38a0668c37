//! What a study is as a whole, before any of its files is read: which studies and samples there are, which files are
//! left out, whether attachments are there.

use std::fs::File;
use std::sync::Arc;

use odmkit_checks::rules::{
    f001_unreadable as f001, f013_left_out as f013, l011_several_studies as l011,
    l012_data_without_samples as l012,
};
use odmkit_core::FileKind;
use odmkit_diagnostics::Sink;
use odmkit_study::{Content, Location, Study};

pub(super) fn check(study: &Study, elsewhere: &[FileKind], sink: &mut dyn Sink) {
    let has = |kind| study.of(kind).next().is_some() || elsewhere.contains(&kind);
    let label = |path: &str| -> Arc<str> { Arc::from(odmkit_input::label(path)) };
    let files = |kind| study.of(kind).filter_map(|entity| entity.file()).map(label);

    let parents = [
        FileKind::Samples,
        FileKind::Libraries,
        FileKind::Preparations,
        FileKind::Cells,
    ];
    let mut studies = files(FileKind::Study);
    let beside = parents.into_iter().find(|kind| has(*kind));
    let beside = beside.or_else(|| study.data().next().map(|entity| entity.kind));
    if let Some((first, kind)) = studies.next().zip(beside) {
        for other in studies {
            sink.push(l011::finding(&other, &first, kind));
        }
    }
    let mut data = study
        .data()
        .filter(|entity| matches!(entity.content, Content::File(_)))
        .filter_map(|entity| entity.file());
    // One that ODM cannot take is told by itself.
    let cannot_be_taken = |kind| {
        let mut lacking = study.skipped.iter().filter(|skipped| skipped.expected);
        lacking.any(|skipped| skipped.meant() == Some(kind))
    };
    if has(FileKind::Study)
        && !parents.into_iter().any(|kind| has(kind) || cannot_be_taken(kind))
        && let Some(first) = data.next()
    {
        sink.push(l012::finding(&label(first), data.count() + 1));
    }
    // A description by itself is checked by itself; beside data it is one that nobody would import.
    let described = files(FileKind::ExpressionMetadata).filter(|_| study.data().next().is_some());
    let described = described.map(|path| {
        (
            path,
            "no data file beside it has the name that it describes".to_owned(),
        )
    });
    let skipped = study.skipped.iter().filter(|skipped| !skipped.expected);
    let left_out: Vec<(Arc<str>, String)> = skipped
        .map(|skipped| (label(&skipped.path), skipped.because()))
        .chain(described)
        .collect();
    if let Some(finding) = f013::finding(&left_out) {
        sink.push(finding);
    }
    attachments(study, sink);
}

/// Attachments are not looked into, but they must be there. What lies at an address is for the server to fetch.
fn attachments(study: &Study, sink: &mut dyn Sink) {
    for attachment in &study.attachments {
        let files = [Some(&attachment.file), attachment.metadata.as_ref()];
        for location in files.into_iter().flatten() {
            if let Location::Path(path) = location
                && let Err(error) = File::open(path)
            {
                sink.push(f001::finding(&Arc::from(path.as_str()), &error.to_string()));
            }
        }
    }
}

#[cfg(test)]
#[path = "together_tests.rs"]
mod tests;
