//! What is likely of the data frames of a study, told by their first rows and by the samples that their columns name.

use odmkit_core::FileKind;

use super::{Entity, Study};
use crate::detect::Table;
use crate::frame::{FrameFacts, FrameHints, Known, Records};
use crate::{Head, Heads};

/// The ids in the first rows of a table.
struct Ids {
    kind: FileKind,
    ids: Vec<String>,
}

impl Records for Ids {
    fn kind(&self) -> FileKind {
        self.kind
    }

    fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str)
    }
}

/// Reads the first bytes of tables and frames once more: only who writes a manifest needs it.
pub(super) fn add(study: &mut Study, heads: &dyn Heads) {
    let table = |entity: &Entity| -> Option<Table> {
        let Head { bytes, whole, .. } = heads.head(entity.file()?).ok()?;
        Table::read(&bytes, whole)
    };
    let tables = study.entities.iter().filter_map(|entity| {
        let key = entity.kind.key_attribute()?;
        Some(Ids {
            kind: entity.kind,
            ids: ids(key, &table(entity)?),
        })
    });
    let tables: Vec<Ids> = tables.collect();
    for entity in study.entities.iter_mut().filter(|entity| entity.is_data_frame()) {
        if let Some(table) = table(entity) {
            entity.hints = hints(&table, &tables);
        }
    }
}

fn hints(table: &Table, tables: &[Ids]) -> FrameHints {
    let below = table.below_title();
    let header = &below.as_ref().unwrap_or(table).header;
    let names = header.iter().map(String::as_str).collect();
    let mut known = Known::among(header.iter().map(String::as_str), tables);
    if known.names.is_empty() {
        known = Known::in_part_of(&names, tables);
    }
    let cells = Known::among(table.first_cells(), tables);
    FrameHints::of(
        table,
        &FrameFacts {
            known: Some(&known),
            known_cells: Some(&cells.names),
            ..FrameFacts::default()
        },
    )
}

/// The ids in the first rows of a table of samples, libraries, preparations or cells.
fn ids(key: &str, table: &Table) -> Vec<String> {
    let Some(column) = table.header.iter().position(|name| name == key) else {
        return Vec::new();
    };
    let cells = (0..table.rows.len()).map(|row| table.cell(row, column));
    cells.filter(|id| !id.is_empty()).map(str::to_owned).collect()
}
