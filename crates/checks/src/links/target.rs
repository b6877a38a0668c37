//! What kind of record the columns of a data file name.

use std::collections::HashSet;

use odmkit_core::FileKind;
use odmkit_diagnostics::Sink;

use super::tie::names;
use super::{DataColumns, Links, SAMPLE_KEY};
use crate::rules::l005_ambiguous_link as l005;

/// What the file is tied to: what the user says, else the kind whose records its columns name.
pub(super) fn target(links: &Links<'_>, data: &DataColumns, sink: &mut dyn Sink) -> Option<FileKind> {
    if let Some(kind) = data.link_to {
        return Some(kind);
    }
    let order = if mixed(links) {
        [
            FileKind::Libraries,
            FileKind::Preparations,
            FileKind::Cells,
            FileKind::Samples,
        ]
    } else {
        [
            FileKind::Samples,
            FileKind::Cells,
            FileKind::Libraries,
            FileKind::Preparations,
        ]
    };
    let counted = |ids: &HashSet<&str>| -> Vec<(usize, FileKind)> {
        let present = order.into_iter().filter(|kind| links.has(*kind));
        let matches = |kind| found_in(links, kind, attribute(data, kind), ids).len();
        present.map(|kind| (matches(kind), kind)).collect()
    };
    let mut present = counted(&names(data).iter().map(|member| member.name).collect());
    let mut best = present.iter().map(|(count, _)| *count).max()?;
    if best == 0 && data.separator.is_some() {
        // The names may be known as they are; that they are split is then what is wrong.
        present = counted(&data.columns.iter().map(|(column, _)| column.trim()).collect());
        best = present.iter().map(|(count, _)| *count).max()?;
    }
    if data.kind != FileKind::Expression {
        // Only samples can carry it; whether its columns name something else is for the finding to say.
        let elsewhere = present
            .iter()
            .find(|(count, kind)| *count == best && *count > 0 && *kind != FileKind::Samples);
        let on_samples = present
            .iter()
            .any(|(count, kind)| *kind == FileKind::Samples && *count == best);
        return match elsewhere {
            Some((_, kind)) if !on_samples => Some(*kind),
            _ => links.has(FileKind::Samples).then_some(FileKind::Samples),
        };
    }
    // Of groups whose ids are not known here nothing can be said; they may well be meant.
    if best == 0 && !links.elsewhere.is_empty() {
        return None;
    }
    let fit: Vec<FileKind> = present
        .into_iter()
        .filter(|(count, _)| *count == best)
        .map(|(_, kind)| kind)
        .collect();
    // Beside libraries or preparations data does not hang on samples, whatever they are called.
    let apart: Vec<FileKind> = fit
        .iter()
        .copied()
        .filter(|kind| *kind != FileKind::Samples)
        .collect();
    if best > 0 && apart.len() > 1 && fit.first() != Some(&FileKind::Samples) {
        sink.push(l005::several_kinds(&data.path, &apart));
    }
    fit.first().copied()
}

/// Which of the names are values of the attribute in records of a kind.
pub(super) fn found_in<'n>(
    links: &Links<'_>,
    kind: FileKind,
    attribute: &str,
    names: &HashSet<&'n str>,
) -> HashSet<&'n str> {
    links
        .of(kind)
        .filter_map(|table| table.column(attribute))
        .flat_map(|column| &column.values)
        .filter_map(|(value, _)| names.get(value.as_str()).copied())
        .collect()
}

/// Libraries or preparations stand between samples and data.
pub(super) fn mixed(links: &Links<'_>) -> bool {
    links.has(FileKind::Libraries) || links.has(FileKind::Preparations)
}

/// The attribute of records that data goes by.
pub(super) fn attribute(data: &DataColumns, target: FileKind) -> &str {
    match target {
        FileKind::Samples => data.link_attribute.as_deref().unwrap_or(SAMPLE_KEY),
        other => other.key_attribute().unwrap_or(SAMPLE_KEY),
    }
}
