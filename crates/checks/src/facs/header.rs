//! Judging the header of a FACS table.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use odmkit_diagnostics::Sink;
use odmkit_formats::facs::{Column, Found};
use odmkit_formats::table::TableHeader;
use odmkit_formats::{HeaderLine, fields};

use super::FacsLayout;
use crate::matrix::sample;
use crate::names::{as_one_cause, header_below, pad, unnamed, unquoted, with_unnamed};
use crate::rules::t012_quoted_field::whole_file;
use crate::rules::{
    k001_bad_facs_header as k001, k003_loose_facs_table as k003, t001_ragged_row, t002_duplicate_column,
    t003_unnamed_column, t005_blank_line, t006_padded_text, t013_misplaced_names as t013,
};

/// So many of its columns make a table one of flow cytometry.
const ENOUGH: usize = 3;

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

    let start = names.start();
    if known(names) == 0
        && let Some(line) = header_below(rows, header.body, |line| known(line) >= ENOUGH)
    {
        sink.push(t013::below(path, start, line));
        return None;
    }
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
    // One column that is absent, and one without a name of its own, are likely the same.
    let nameless = match absent[..] {
        [_] => nameless(names),
        _ => None,
    };
    match (&absent[..], nameless) {
        ([], _) if sample::has_row_names(rows, width) => {
            sink.push(t001_ragged_row::numbered(path, header.body));
            return None;
        }
        ([], _) => {}
        ([one], Some(index)) => sink.push(k001::nameless(path, names.position(index), *one)),
        _ if is_short(names, rows) => {
            sink.push(k001::short(path, start, &absent));
            return None;
        }
        _ => sink.push(k001::absent(path, start, &absent)),
    }

    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (index, name) in names.fields.iter().enumerate() {
        let (position, text) = (names.position(index), name.text());
        if nameless == Some(index) {
            continue;
        }
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
    (columns.len() >= ENOUGH).then(|| FacsLayout {
        path: Arc::clone(path),
        names: names.clone(),
        columns,
        quoted,
    })
}

/// The only column without a name, or the only one whose name another has before it.
fn nameless(names: &HeaderLine) -> Option<usize> {
    let mut seen = HashSet::new();
    let mut found = (0..names.fields.len()).filter(|index| {
        let name = names.text(*index);
        name.is_empty() || !seen.insert(name)
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Whether each of the rows has more fields than there are names.
fn is_short(names: &HeaderLine, rows: &[u8]) -> bool {
    let mut rows = sample::rows(rows).peekable();
    rows.peek().is_some() && rows.all(|row| fields(row.text).count() > names.fields.len())
}

/// How many of its columns a line names, or nearly.
fn known(names: &HeaderLine) -> usize {
    let found = Column::ALL
        .into_iter()
        .filter_map(|column| column.find(names).index());
    found.count()
}
