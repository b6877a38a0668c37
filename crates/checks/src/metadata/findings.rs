//! What is said of a metadata file in the end.

mod keys;
mod rows;
mod types;

use std::sync::Arc;

use odmkit_core::{FileKind, Position};
use odmkit_diagnostics::Diagnostic;

use super::cells::{CellColumn, CellFault};
use super::known::Role;
use super::look_alike::{invisible, odd_in_id};
use super::partial::{ColumnPart, Fault, Told};
use super::plan::{Column, MetadataPlan};
use super::state::{ColumnState, MetadataState};
use super::tally::Tally;
use crate::encoding::misread;
use crate::rules::m011_bad_list::ListFault;
use crate::rules::t010_spreadsheet_damage::Damage;
use crate::rules::{
    c001_bad_cells_column as c001, c002_bad_embedding as c002, c003_cells_column_alias as c003,
    c004_cells_value_ignored as c004, l009_pooled_samples as l009, m002_value_not_set as m002,
    m006_unknown_attribute as m006, m011_bad_list as m011, m012_no_dictionary as m012,
    m014_uneven_lists as m014, m015_recommended_attribute as m015, m016_blank_key as m016,
    t006_padded_text as t006, t009_look_alike_characters as t009, t010_spreadsheet_damage as t010,
    t012_quoted_field as t012, t014_lost_characters as t014,
};
use keys::{duplicates, twice_but_for_quotes};
use rows::{records, rows, torn};
use types::faults;
pub(super) use types::said_by_others;

/// What makes a finding of a path, a place, a name and a value.
type OfValue = fn(&Arc<str>, Position, &str, &str) -> Diagnostic;

/// Everything that is found once all rows are known.
pub(super) fn all(plan: &MetadataPlan, state: &mut MetadataState) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if plan.unreadable {
        return findings;
    }
    records(plan, state, &mut findings);
    rows(plan, state, &mut findings);
    let records = state.lines.rows;
    let is_torn = torn(state).is_some();
    unchecked(plan, state, &mut findings);
    let keys = plan
        .columns
        .iter()
        .find(|column| column.role == Role::Key)
        .and_then(|column| column.kept)
        .map(|kept| &state.kept[kept]);
    for (column, state) in plan.columns.iter().zip(&mut state.columns.whole) {
        if column.ignored {
            continue;
        }
        if column.role == Role::Key
            && state.part[Told::Quoted].count > 0
            && let Some((at, value, other)) = keys.and_then(twice_but_for_quotes)
        {
            let finding = t012::twice(&plan.path, at, &column.name, value, other);
            findings.push(finding.count(state.part[Told::Quoted].count));
            state.part[Told::Quoted] = Tally::default();
        }
        cells(plan, column, state, (records, is_torn), &mut findings);
    }
    for (name, group) in plan.groups.iter().zip(&state.lines.groups) {
        let (low, high) = group.range;
        findings.extend(
            group
                .uneven
                .finding(|position, _, count| m014::finding(&plan.path, position, name, low, high, count)),
        );
    }
    if let Some(keys) = keys {
        duplicates(plan, keys, &mut findings);
    }
    as_one_habit(&mut findings);
    findings
}

/// White space around the values of many columns is what the table was made with, and one cause.
fn as_one_habit(findings: &mut [Diagnostic]) {
    let padded: Vec<&mut Diagnostic> = findings
        .iter_mut()
        .filter(|finding| finding.rule.code == t006::RULE.code)
        .collect();
    // Two may be slips, each by itself.
    if padded.len() > 2 {
        for finding in padded {
            finding.cause = Some(t006::VALUES.to_owned());
        }
    }
}

/// Columns that nothing is known of to judge their values by: of a column that is blank throughout there is nothing to judge.
fn unchecked(plan: &MetadataPlan, state: &MetadataState, findings: &mut Vec<Diagnostic>) {
    let mut missing: Vec<(&Column, &str)> = Vec::new();
    for (column, state) in plan.columns.iter().zip(&state.columns.whole) {
        if !state.part.filled {
            continue;
        }
        if let Some(data_type) = column.unknown_to {
            findings.push(m006::finding(
                &plan.path,
                column.at,
                &column.name,
                data_type.noun(),
            ));
        }
        if let Some(dictionary) = column.no_dictionary.as_deref()
            && missing.iter().all(|(_, told)| *told != dictionary)
        {
            missing.push((column, dictionary));
        }
    }
    let all: Vec<&str> = missing.iter().map(|(_, dictionary)| *dictionary).collect();
    for (column, dictionary) in &missing {
        findings.push(m012::finding(
            &plan.path,
            column.at,
            &column.name,
            dictionary,
            &all,
        ));
    }
}

/// What is wrong with the cells of a column.
fn cells(
    plan: &MetadataPlan,
    column: &Column,
    state: &mut ColumnState,
    (records, is_torn): (u64, bool),
    findings: &mut Vec<Diagnostic>,
) {
    let path = &plan.path;
    let name = &column.name;
    let part = &state.part;
    findings.extend(part[Told::Blank].finding(|position, _, count| match column.role {
        Role::Key | Role::Parent if plan.kind == FileKind::Cells => c001::blank(path, position, name, count),
        Role::Key | Role::Parent => m016::finding(path, position, name, count),
        Role::Recommended => m015::blank(path, position, name, count),
        Role::Required | Role::Plain => m002::finding(path, position, name, count),
    }));
    findings
        .extend(part[Told::Padded].finding(|position, value, _| t006::in_value(path, position, name, value)));
    let quoted: [(Told, OfValue); 3] = [
        (Told::Quoted, t012::finding),
        (Told::QuotedBlank, t012::blank),
        (Told::QuotedItem, t012::in_list),
    ];
    for (told, make) in quoted {
        findings.extend(part[told].finding(|position, value, _| {
            let finding = make(path, position, name, value);
            if plan.all_quoted {
                finding.cause(t012::QUOTED_TABLE)
            } else {
                finding
            }
        }));
    }
    findings.extend(
        part[Told::QuotedTwice].finding(|position, value, _| t012::finding(path, position, name, value)),
    );
    if !is_torn {
        findings.extend(
            part[Told::Unclosed].finding(|position, value, _| t012::unclosed(path, position, name, value)),
        );
    }
    oddities(path, name, part, findings);
    for (tally, damage) in [
        (&part[Told::Date], Damage::Date),
        (&part[Told::Rounded], Damage::Number),
        (&part[Told::FormulaError], Damage::Error),
    ] {
        findings
            .extend(tally.finding(|position, value, _| t010::finding(path, position, name, value, damage)));
    }
    let lists = [
        (Told::EmptyItem, ListFault::EmptyItem),
        (Told::DoubledPipe, ListFault::Doubled),
        (Told::SpacedPipe, ListFault::Spaced),
    ];
    for (tally, fault) in lists.map(|(told, fault)| (&part[told], fault)) {
        findings.extend(
            tally.finding(|position, value, count| m011::finding(path, position, name, value, fault, count)),
        );
    }
    findings.extend(part[Told::Pooled].finding(|position, value, count| {
        l009::finding(path, position, name, value, plan.kind, (count, records))
    }));
    if column.misnamed {
        findings.push(misnamed(path, column, state));
    } else if let Some(cell) = column.cell {
        cell_faults(path, name, cell, state, findings);
    }
    if let Some(judged) = &column.judged {
        faults(path, name, judged, state, findings);
    }
}

/// Values that are not what a reader takes them for.
fn oddities(path: &Arc<str>, name: &str, part: &ColumnPart<Position>, findings: &mut Vec<Diagnostic>) {
    findings
        .extend(part[Told::Lost].finding(|position, value, _| t014::in_value(path, position, name, value)));
    findings.extend(part[Told::Misread].finding(|position, value, _| {
        let meant = misread(value).unwrap_or_default();
        t014::misread(path, position, name, value, &meant)
    }));
    findings.extend(
        part[Told::Typographic].finding(|position, value, _| t012::typographic(path, position, name, value)),
    );
    let odd = [
        (Told::OddId, odd_in_id as fn(&str) -> _),
        (Told::Invisible, invisible),
    ];
    for (told, odd) in odd {
        let tally = &part[told];
        let Some(odd) = odd(&tally.sample) else { continue };
        findings.extend(tally.finding(|position, value, _| match told {
            Told::OddId => t009::in_id(path, position, name, value, odd),
            _ => t009::in_value(path, position, name, value, odd),
        }));
    }
}

/// A column of a cells file has not quite its name. Under that, ODM would read its values in its own way.
fn misnamed(path: &Arc<str>, column: &Column, state: &ColumnState) -> Diagnostic {
    let known = column.meant.as_deref().unwrap_or_default();
    let faults = state
        .part
        .faults
        .iter()
        .filter(|(fault, _)| matches!(fault, Fault::Cell(_)));
    let unfit = faults.filter_map(|(_, tally)| Some((*tally.places.first()?, tally.sample.as_str())));
    let first = unfit.min_by_key(|(position, _)| position.byte);
    match first {
        None => c003::finding(path, column.at, &column.name, known),
        Some((position, value)) => c003::unfit(path, column.at, &column.name, known, (position, value)),
    }
}

/// Values that are not what a column of a cells file holds.
fn cell_faults(
    path: &Arc<str>,
    name: &str,
    column: CellColumn,
    state: &ColumnState,
    findings: &mut Vec<Diagnostic>,
) {
    let limit = match column {
        CellColumn::Embedding { limit } => limit,
        CellColumn::Count | CellColumn::Percent => 0,
    };
    for (fault, tally) in &state.part.faults {
        let Fault::Cell(fault) = fault else { continue };
        findings.extend(tally.finding(|position, value, count| match fault {
            CellFault::NotAnInteger => c004::wrong_type(path, position, name, value, "an integer", count),
            CellFault::NotANumber => c004::wrong_type(path, position, name, value, "a number", count),
            CellFault::NotNumbers => c002::not_numbers(path, position, name, value, count),
            CellFault::OneDimension => c002::one_dimension(path, position, name, value, count),
            CellFault::PastLimit => c004::past_limit(path, position, name, limit, count),
        }));
    }
}
