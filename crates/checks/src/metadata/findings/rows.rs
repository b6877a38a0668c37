//! What is said of rows as such.

use odmkit_core::{FieldNumber, FileKind, Position};
use odmkit_diagnostics::{Diagnostic, Effect};

use crate::matrix::Stray;
use crate::metadata::plan::MetadataPlan;
use crate::metadata::short::Short;
use crate::metadata::state::MetadataState;
use crate::rules::{
    m009_one_record as m009, m017_many_records as m017, t001_ragged_row as t001, t003_unnamed_column as t003,
    t005_blank_line as t005, t007_padding_tabs as t007, t008_no_rows as t008,
};

/// How many records there are.
pub(super) fn records(plan: &MetadataPlan, state: &MetadataState, findings: &mut Vec<Diagnostic>) {
    // The lines of a cell with line breaks are one record.
    let within = match torn(state) {
        Some(torn) => torn.lines,
        None => state.cuts.found().map_or(0, |cut| cut.records()),
    };
    let rows = state.lines.rows - within;
    let one = match plan.kind {
        FileKind::Study => Some("a study file"),
        FileKind::ExpressionMetadata => Some("the metadata file of a data file"),
        _ => None,
    };
    match (one, rows, state.lines.first_rows.get(1)) {
        // What looks like a note is the record then.
        (_, 0, _) if state.lines.notes.count > 0 => {}
        (Some(what), 0, _) => findings.push(m009::none(&plan.path, plan.header, what)),
        (Some(what), rows @ 2.., Some(second)) => {
            findings.push(m009::several(&plan.path, *second, what, rows));
        }
        (None, 0, _) => findings.push(t008::finding(&plan.path, plan.header)),
        _ => findings.extend(m017::check(&plan.path, plan.header, plan.kind, state.lines.rows)),
    }
}

/// What is wrong with rows as such.
pub(super) fn rows(plan: &MetadataPlan, state: &MetadataState, findings: &mut Vec<Diagnostic>) {
    let path = &plan.path;
    let width = plan.columns.len() as u64;
    findings.extend(state.lines.headers.finding(|position, _, count| {
        t001::names_again(path, position, names_again_is_refused(plan.kind, count))
    }));
    findings.extend(state.lines.end_marks.finding(|position, _, _| {
        let finding = t001::stray(path, position, Stray::EndMark);
        if names_again_is_refused(plan.kind, 1) {
            finding
        } else {
            finding.taken(Effect::Degraded)
        }
    }));
    for (found, tally) in &state.lines.long {
        let has_row_names = state.has_row_names(plan);
        findings.extend(tally.finding(|position, _, _| {
            if has_row_names {
                t001::row_names(path, position)
            } else {
                t001::finding(path, position, *found, width)
            }
        }));
    }
    short(plan, state, findings);
    findings.extend(
        state
            .lines
            .blank
            .finding(|position, _, _| t005::finding(path, position)),
    );
    for index in state.lines.unnamed.keys() {
        let position = Position {
            field: Some(FieldNumber::from_index(*index)),
            byte: plan.padding_at.byte.advanced(index - plan.columns.len()),
            ..plan.padding_at
        };
        findings.push(t003::finding(path, position));
    }
    // What stands before the last column that has values is no padding.
    let unnamed = state
        .lines
        .unnamed
        .keys()
        .next_back()
        .map_or(0, |last| last + 1 - plan.columns.len());
    if plan.padding > unnamed {
        let at = Position {
            field: Some(FieldNumber::from_index(plan.columns.len() + unnamed)),
            byte: plan.padding_at.byte.advanced(unnamed),
            ..plan.padding_at
        };
        let finding = t007::finding(path, at, (plan.padding - unnamed) as u64);
        findings.push(finding.count(1 + state.lines.padded_rows.count));
    } else {
        findings.extend(
            state
                .lines
                .padded_rows
                .finding(|position, _, _| t007::finding(path, position, state.lines.padded_by)),
        );
    }
}

/// Rows that are too short, and lines that are parts of rows, or none.
fn short(plan: &MetadataPlan, state: &MetadataState, findings: &mut Vec<Diagnostic>) {
    let path = &plan.path;
    let width = plan.columns.len() as u64;
    let (torn, cut) = (torn(state), state.cuts.found());
    for (&(kind, found), tally) in &state.lines.short {
        let whole = cut.map(|cut| cut.whole((kind, found), tally));
        let tally = whole.as_ref().unwrap_or(tally);
        if torn.is_none() || kind == Short::Plain {
            findings.extend(tally.finding(|position, _, _| t001::short(path, position, found, width)));
        }
    }
    let is_refused = names_again_is_refused(plan.kind, 1);
    let by = cut.map(|cut| cut.by);
    if let (Some(torn), Some(first)) = (&torn, state.lines.opened.places.first()) {
        findings.push(t001::torn(path, *first, by).count(torn.cells));
        return;
    }
    if let Some(cut) = cut {
        let breaks = cut.breaks();
        findings.extend(breaks.finding(|position, _, _| t001::cut(path, position, cut.by, is_refused)));
    }
    let notes = &state.lines.notes;
    if notes.count > cut.map_or(0, |cut| cut.notes()) {
        findings.extend(notes.finding(|position, _, _| {
            if state.lines.rows == 0 {
                t001::short(path, position, 1, width)
            } else {
                t001::note(path, position, is_refused)
            }
        }));
    }
}

/// Whether ODM refuses a table that has its names in so many of its rows: then there are several records where one is wanted,
/// or the same key twice.
fn names_again_is_refused(kind: FileKind, count: u64) -> bool {
    kind.has_one_record() || (count > 1 && kind.key_attribute().is_some())
}

/// Cells with line breaks, whose quotes are opened on one line and closed on another.
pub(super) struct Torn {
    cells: u64,
    /// The lines of them that are no records of their own.
    lines: u64,
}

pub(super) fn torn(state: &MetadataState) -> Option<Torn> {
    let count = |wanted: fn(Short) -> bool| -> u64 {
        let tallies = state.lines.short.iter().filter(|((kind, _), _)| wanted(*kind));
        tallies.map(|(_, tally)| tally.count).sum()
    };
    let cells = count(|kind| kind == Short::Closing);
    (cells > 0 && state.lines.opened.count > 0).then(|| Torn {
        cells,
        lines: count(Short::is_part_of_cell),
    })
}
