//! Judging the header of a FACS table.

use std::collections::HashMap;
use std::sync::Arc;

use odmkit_diagnostics::Sink;
use odmkit_formats::facs::{Column, Found};
use odmkit_formats::table::TableHeader;

use super::FacsLayout;
use crate::names::{as_one_cause, pad, unnamed, unquoted, with_unnamed};
use crate::rules::t012_quoted_field::whole_file;
use crate::rules::{
    k001_bad_facs_header as k001, k003_loose_facs_table as k003, t002_duplicate_column, t003_unnamed_column,
    t005_blank_line, t006_padded_text,
};

/// Judges the header; `rows` is some text below it. `None` where there is nothing to read the rows by.
pub fn check_header(
    path: &Arc<str>,
    header: &TableHeader,
    rows: &[u8],
    sink: &mut dyn Sink,
) -> Option<FacsLayout> {
    for blank in &header.blanks {
        sink.push(t005_blank_line::finding(path, *blank));
    }
    let names = header.names.as_ref()?;
    let names = with_unnamed(names, unnamed(names, rows));
    pad(path, &names, sink);
    let width = names.fields.len();
    let (names, quoted) = unquoted(path, names, 0..width, sink, whole_file);
    let names = &names;

    let mut columns = Vec::new();
    let (mut absent, mut misnamed) = (Vec::new(), Vec::new());
    for column in Column::ALL {
        let found = column.find(names);
        match found {
            Found::Named(_) => {}
            Found::Alias(index) => {
                let position = names.position(index);
                sink.push(k003::alias(path, position, names.text(index), column.name()));
            }
            Found::Nearly(index) => {
                let position = names.position(index);
                misnamed.push(k001::misnamed(path, position, column, names.text(index)));
            }
            Found::Absent => absent.push(column),
        }
        columns.extend(found.index().map(|index| (column, index)));
    }
    as_one_cause(&mut misnamed.iter_mut().collect::<Vec<_>>());
    for finding in misnamed {
        sink.push(finding);
    }
    if !absent.is_empty() {
        sink.push(k001::absent(path, names.start(), &absent));
    }

    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (index, name) in names.fields.iter().enumerate() {
        let (position, text) = (names.position(index), name.text());
        if text.is_empty() {
            sink.push(t003_unnamed_column::finding(path, position));
            continue;
        }
        if name.is_padded() {
            sink.push(t006_padded_text::in_name(path, position, &name.raw));
        }
        let first = *seen.entry(text).or_insert(index);
        if first != index {
            let first = names.position(first);
            sink.push(t002_duplicate_column::finding(path, position, text, first));
        } else if absent.is_empty() && columns.iter().all(|(_, known)| *known != index) {
            // Where columns are absent, this may be one of them under another name.
            sink.push(k003::extra(path, position, text));
        }
    }
    // Of a table that is another kind of table nothing more can be said.
    (columns.len() >= 3).then(|| FacsLayout {
        path: Arc::clone(path),
        names: names.clone(),
        columns,
        quoted,
    })
}
