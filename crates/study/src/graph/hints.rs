//! What is likely of the data frames of a study, told by their first rows and by the samples that their columns name.

use std::collections::HashSet;

use super::{Entity, Study};
use crate::detect::Table;
use crate::frame::{FrameFacts, FrameHints};
use crate::{Head, Heads};

/// Reads the first bytes of tables and frames once more: only who writes a manifest needs it.
pub(super) fn add(study: &mut Study, heads: &dyn Heads) {
    let head = |entity: &Entity| -> Option<Head> { heads.head(entity.file()?).ok() };
    let tables = study.entities.iter().filter_map(|entity| {
        let key = entity.kind.key_attribute()?;
        Some(ids(key, &head(entity)?))
    });
    let ids: Vec<String> = tables.flatten().collect();
    let known: HashSet<&str> = ids.iter().map(String::as_str).collect();
    let facts = FrameFacts {
        known: Some(&known),
        known_cells: Some(&known),
        ..FrameFacts::default()
    };
    for entity in study.entities.iter_mut().filter(|entity| entity.is_data_frame()) {
        if let Some(head) = head(entity) {
            entity.hints = FrameHints::read(&head.bytes, head.whole, &facts);
        }
    }
}

/// The ids in the first rows of a table of samples, libraries, preparations or cells.
fn ids(key: &str, head: &Head) -> Vec<String> {
    let Some(table) = Table::read(&head.bytes, head.whole) else {
        return Vec::new();
    };
    let Some(column) = table.header.iter().position(|name| name == key) else {
        return Vec::new();
    };
    let cells = (0..table.rows.len()).map(|row| table.cell(row, column));
    cells.filter(|id| !id.is_empty()).map(str::to_owned).collect()
}
