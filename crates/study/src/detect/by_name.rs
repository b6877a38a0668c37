//! What the name of a file says, once its content does not settle it.

use odmkit_core::{DataFormat, FileKind};

use super::{Detection, Table};
use crate::names::{self, Claim, describes, ends_with, file_name};

/// The names that say it outright: `x.samples.tsv`, `x.gct`, `x.gct.tsv`, `x.metadata.tsv` beside `x.tsv`.
pub(super) fn said(name: &str, table: &Table, beside: &[String]) -> Option<Detection> {
    let name = file_name(name);
    if let Some(data) = partner(name, beside, Claim::Strong) {
        return Some(metadata_of(&data));
    }
    if names::is_metadata_of_a_data_file(name) {
        return Some(Detection::known(
            FileKind::ExpressionMetadata,
            DataFormat::Tsv,
            format!("`{name}` is how the description of a data file is named"),
        ));
    }
    if let Some(kind) = names::kind_by_ending(name) {
        return Some(Detection::known(
            kind,
            format(name, kind),
            format!("`{name}` is named so"),
        ));
    }
    let kind = names::kind_by_word(name)?;
    // A word in a name is no reason to call a page of prose a table.
    (table.header.len() > 1 || ends_with(name, ".tsv")).then(|| {
        Detection::known(
            kind,
            DataFormat::Tsv,
            format!("`{name}` is how a file of {kind} is named"),
        )
    })
}

/// The names that merely allow it: `x.tsv` beside `x.vcf`, with one record.
pub(super) fn allowed(name: &str, table: &Table, beside: &[String]) -> Option<Detection> {
    if !table.is_one_record() {
        return None;
    }
    partner(file_name(name), beside, Claim::Weak).map(|data| metadata_of(&data))
}

/// The format that goes with a kind that the name gave.
pub(super) fn format(name: &str, kind: FileKind) -> DataFormat {
    match kind {
        FileKind::Expression if ends_with(name, ".gct") => DataFormat::Gct12,
        FileKind::Variant => DataFormat::Vcf,
        FileKind::FlowCytometry => DataFormat::Facs,
        _ => DataFormat::Tsv,
    }
}

/// The data file beside it that the name claims to describe.
fn partner(name: &str, beside: &[String], wanted: Claim) -> Option<String> {
    beside
        .iter()
        .map(|other| file_name(other))
        .filter(|other| describes(name, other) == Some(wanted))
        .min()
        .map(str::to_owned)
}

fn metadata_of(data: &str) -> Detection {
    Detection {
        describes: Some(data.to_owned()),
        ..Detection::known(
            FileKind::ExpressionMetadata,
            DataFormat::Tsv,
            format!("it is named after `{data}`, which lies beside it"),
        )
    }
}
