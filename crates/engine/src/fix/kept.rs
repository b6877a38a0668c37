//! What is not mended though its rule found it, because of something else in the file: `fix` leaves it, and the check does
//! not promise it.

use odmkit_checks::matrix::MatrixKind;
use odmkit_checks::{Twins, twin_names};

use crate::check::CheckedMatrix;

/// Whether what a rule found may have to stay where other rules found something, of which `has` tells.
pub(super) fn is_in_doubt(code: &str, has: impl Fn(&str) -> bool) -> bool {
    match code {
        // Where a column without a name has values it is not certain which fields are padding.
        "T007" => has("T003"),
        // Nobody has said yet which columns hold values.
        "D012" => has("D001"),
        // Which field is which cannot be told, or what the samples are called.
        "G013" => ["T001", "T003", "G005"].into_iter().any(has),
        _ => false,
    }
}

/// Whether the figures of a GCT file are not those of its rows and columns. What of GCT 1.3 is an attribute and what a value
/// only they tell.
pub(super) fn is_miscounted(has: impl Fn(&str) -> bool) -> bool {
    has("G003") || has("G004")
}

/// The names of rows that keep their quotes: two of them would be one without. Where the whole file is in quotes the names
/// are judged as they are without them.
pub(super) fn twin_rows(matrix: &CheckedMatrix) -> Option<&Twins> {
    let twins = matrix.summary.twins.as_ref();
    twins.filter(|_| !matrix.layout.gct.quoted)
}

/// How many columns, from the left, make the name of a row.
pub(super) fn naming_columns(matrix: &CheckedMatrix) -> usize {
    match matrix.layout.kind {
        MatrixKind::Gct => 1,
        MatrixKind::Frame => matrix.layout.features,
    }
}

/// The columns that keep the quotes around their names.
pub(super) fn twin_columns(matrix: &CheckedMatrix) -> std::collections::HashSet<usize> {
    let layout = &matrix.layout;
    let from = match layout.kind {
        MatrixKind::Gct => layout.features,
        MatrixKind::Frame => 0,
    };
    twin_names(&layout.names, from..layout.width())
}

/// Whether GCT 1.3 stays what it is, whatever is asked for: names that are to go into tables would be there twice, or rows would
/// become attributes.
pub(super) fn stays_old(matrix: &CheckedMatrix) -> bool {
    twin_rows(matrix).is_some()
        || !twin_columns(matrix).is_empty()
        || matrix.layout.miscounted_attributes(matrix.summary.rows).is_some()
        || matrix.summary.has_row_among_attributes
}
