//! What is said of a metadata file in the end.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use odmkit_core::{FieldNumber, FileKind, Position};
use odmkit_diagnostics::Diagnostic;
use odmkit_template::{Dictionary, Form, Lookup, value};

use super::cells::{CellColumn, CellFault};
use super::kept::KeptColumn;
use super::known::Role;
use super::look_alike::{differing, invisible, odd_in_id, skeleton};
use super::partial::{ColumnPart, Fault, Told};
use super::plan::{Column, Judged, MetadataPlan};
use super::short::Short;
use super::state::{ColumnState, MetadataState};
use super::tally::Tally;
use crate::rules::m011_bad_list::ListFault;
use crate::rules::t010_spreadsheet_damage::Damage;
use crate::rules::{
    c001_bad_cells_column as c001, c002_bad_embedding as c002, c003_cells_column_alias as c003,
    c004_cells_value_ignored as c004, l009_pooled_samples as l009, m002_value_not_set as m002,
    m003_type_mismatch as m003, m004_not_in_vocabulary as m004, m005_synonym as m005,
    m006_unknown_attribute as m006, m009_one_record as m009, m011_bad_list as m011,
    m012_no_dictionary as m012, m013_duplicate_key as m013, m014_uneven_lists as m014,
    m015_recommended_attribute as m015, m016_blank_key as m016, m017_many_records as m017,
    m018_local_link as m018, t001_ragged_row as t001, t003_unnamed_column as t003, t005_blank_line as t005,
    t006_padded_text as t006, t007_padding_tabs as t007, t008_no_rows as t008,
    t009_look_alike_characters as t009, t010_spreadsheet_damage as t010, t012_quoted_field as t012,
    t014_lost_characters as t014,
};

/// Terms that are looked at in search of the nearest to the wrong values of one column.
const EFFORT: usize = 20_000_000;

/// The least and the most wrong values of one column for which the nearest terms are searched.
const SEARCHES: (usize, usize) = (4, 64);

/// Dictionaries of at most this many terms are written out where nothing is near.
const WRITTEN_OUT: usize = 16;

/// Terms of a larger one that are shown as examples.
const EXAMPLES: usize = 5;

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
    for (column, state) in plan.columns.iter().zip(&mut state.columns) {
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
    findings
}

/// How many records there are.
fn records(plan: &MetadataPlan, state: &MetadataState, findings: &mut Vec<Diagnostic>) {
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
fn rows(plan: &MetadataPlan, state: &MetadataState, findings: &mut Vec<Diagnostic>) {
    let path = &plan.path;
    let width = plan.columns.len() as u64;
    findings.extend(state.lines.headers.finding(|position, _, count| {
        t001::names_again(path, position, names_again_is_refused(plan.kind, count))
    }));
    for (found, tally) in &state.lines.long {
        let is_each = *found == width + 1 && tally.count == state.lines.rows;
        let has_row_names = is_each && (tally.count > 1 || plan.all_quoted);
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

/// Columns that nothing is known of to judge their values by: of a column that is blank throughout there is nothing to judge.
fn unchecked(plan: &MetadataPlan, state: &MetadataState, findings: &mut Vec<Diagnostic>) {
    let mut missing: Vec<(&Column, &str)> = Vec::new();
    for (column, state) in plan.columns.iter().zip(&state.columns) {
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

/// Whether ODM refuses a table that has its names in so many of its rows: then there are several records where one is wanted,
/// or the same key twice.
fn names_again_is_refused(kind: FileKind, count: u64) -> bool {
    matches!(kind, FileKind::Study | FileKind::ExpressionMetadata)
        || (count > 1 && kind.key_attribute().is_some())
}

/// Cells with line breaks, whose quotes are opened on one line and closed on another.
struct Torn {
    cells: u64,
    /// The lines of them that are no records of their own.
    lines: u64,
}

fn torn(state: &MetadataState) -> Option<Torn> {
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

/// What the certain values of a column say of those that can be read in two ways.
fn said_by_others(faults: &[(Fault, Tally<Position>)]) -> m003::Others<'_> {
    let of = |form| faults.iter().find(|(fault, _)| *fault == Fault::Form(form));
    let first = |form| {
        let (_, tally) = of(form)?;
        Some((tally.places.first()?.line, tally.sample.as_str()))
    };
    m003::Others {
        commas: certain_commas(faults),
        day_first: first(Form::DayFirst),
        month_first: first(Form::MonthFirst),
        has_open_dates: of(Form::EitherFirst).is_some(),
    }
}

/// What the commas of a column stand for, where it is one thing for all of which it is certain.
fn certain_commas(faults: &[(Fault, Tally<Position>)]) -> Option<Form> {
    let has = |form| faults.iter().any(|(fault, _)| *fault == Fault::Form(form));
    match (has(Form::DecimalComma), has(Form::ThousandsComma)) {
        (true, false) => Some(Form::DecimalComma),
        (false, true) => Some(Form::ThousandsComma),
        _ => None,
    }
}

/// Values that are not of the type or not in the dictionary.
fn faults(path: &Arc<str>, name: &str, judged: &Judged, state: &ColumnState, findings: &mut Vec<Diagnostic>) {
    let mut searched = 0;
    let terms = judged
        .dictionary
        .as_ref()
        .map_or(1, |dictionary| dictionary.len().max(1));
    let searches = (EFFORT / terms).clamp(SEARCHES.0, SEARCHES.1);
    let others = said_by_others(&state.part.faults);
    for (fault, tally) in &state.part.faults {
        findings.extend(match (fault, &judged.dictionary) {
            (Fault::NoTerm(value), Some(dictionary)) => {
                searched += 1;
                let search = searched <= searches;
                tally.finding(|position, _, count| {
                    no_term(path, position, name, dictionary, value, count, search)
                })
            }
            (Fault::Form(form), _) => tally.finding(|position, value, count| {
                let value_type = judged.value_type;
                m003::finding(
                    path,
                    position,
                    m003::Mismatch {
                        attribute: name,
                        value_type,
                        form: *form,
                        others,
                        value,
                        count,
                    },
                )
            }),
            (Fault::OwnMachine, _) => {
                tally.finding(|position, value, count| m018::finding(path, position, name, value, count))
            }
            // Without a dictionary no value is missing from it, and cells are told elsewhere.
            (Fault::NoTerm(_), None) | (Fault::Cell(_), _) => None,
        });
    }
    if let Some(dictionary) = &judged.dictionary {
        findings.extend(state.further.finding(|position, value, count| {
            m004::further(
                path,
                position,
                m004::NoTerm {
                    attribute: name,
                    dictionary: dictionary.name(),
                    value,
                    count,
                },
            )
        }));
    }
}

fn no_term(
    path: &Arc<str>,
    position: Position,
    attribute: &str,
    dictionary: &Dictionary,
    value: &str,
    count: u64,
    search: bool,
) -> Diagnostic {
    let no_term = m004::NoTerm {
        attribute,
        dictionary: dictionary.name(),
        value,
        count,
    };
    if let Some(valid) = value::always_valid(value) {
        return m004::case_only(path, position, no_term, valid);
    }
    match dictionary.lookup(value) {
        Lookup::SharedSynonym => m005::shared(
            path,
            position,
            attribute,
            value,
            &dictionary.terms_of_synonym(value),
            count,
        ),
        Lookup::Synonym(label) => m005::finding(path, position, attribute, value, label, count),
        Lookup::CaseOnly(label) => m004::case_only(path, position, no_term, label),
        Lookup::Term | Lookup::Unknown => {
            let plain = skeleton(value);
            let plain = plain.trim();
            if plain != value && dictionary.lookup(plain) == Lookup::Term {
                return m004::look_alike(path, position, no_term, plain, &differing(value));
            }
            let nearest = if search {
                dictionary.nearest(value)
            } else {
                Vec::new()
            };
            let few = if dictionary.len() <= WRITTEN_OUT {
                WRITTEN_OUT
            } else {
                EXAMPLES
            };
            let some: Vec<&str> = dictionary.labels().take(few).collect();
            let all = dictionary.len();
            m004::finding(path, position, no_term, &nearest, (&some, all))
        }
    }
}

/// The first key in quotes that another is without them: its place, itself, and the place of the other.
fn twice_but_for_quotes(keys: &KeptColumn) -> Option<(Position, &str, Position)> {
    let mut plain: HashMap<Cow<'_, [u8]>, (&str, Position)> = HashMap::new();
    for (key, at) in keys.iter() {
        let bare = t012::meant(key.as_bytes());
        if bare.len() == key.len() {
            continue;
        }
        match plain.get(&bare) {
            // The same once more stands twice as it is.
            Some((first, other)) if *first != key => return Some((at, key, *other)),
            Some(_) => {}
            None => {
                plain.insert(bare, (key, at));
            }
        }
    }
    keys.iter().find_map(|(key, other)| {
        let (quoted, at) = plain.get(key.as_bytes())?;
        Some((*at, *quoted, other))
    })
}

/// Keys that stand twice.
fn duplicates(plan: &MetadataPlan, keys: &KeptColumn, findings: &mut Vec<Diagnostic>) {
    let path = &plan.path;
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(keys.len());
    let mut again: Vec<(usize, Tally<Position>)> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    for (row, (key, position)) in keys.iter().enumerate() {
        if key.is_empty() {
            continue;
        }
        let Some(&before) = first.get(key) else {
            first.insert(key, row);
            continue;
        };
        let place = *places.entry(before).or_insert_with(|| {
            again.push((before, Tally::default()));
            again.len() - 1
        });
        again[place].1.count_place(position);
    }
    for (row, tally) in &again {
        let Some((key, at)) = keys.get(*row) else { continue };
        findings.extend(tally.finding(|position, _, count| {
            if plan.kind == FileKind::Cells {
                c001::duplicate(path, position, key, at, count)
            } else {
                m013::finding(path, position, &keys.name, key, at, count)
            }
        }));
    }
}
