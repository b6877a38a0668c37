//! What is said of values that are not of their type, or no terms.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::Diagnostic;
use odmkit_template::{Dictionary, Form, Lookup, value};

use crate::metadata::look_alike::{differing, skeleton};
use crate::metadata::partial::Fault;
use crate::metadata::plan::Judged;
use crate::metadata::state::ColumnState;
use crate::metadata::tally::Tally;
use crate::rules::{
    m003_type_mismatch as m003, m004_not_in_vocabulary as m004, m005_synonym as m005, m018_local_link as m018,
};

/// Terms that are looked at in search of the nearest to the wrong values of one column.
const EFFORT: usize = 20_000_000;

/// The least and the most wrong values of one column for which the nearest terms are searched.
const SEARCHES: (usize, usize) = (4, 64);

/// Dictionaries of at most this many terms are written out where nothing is near.
const WRITTEN_OUT: usize = 16;

/// Terms of a larger one that are shown as examples.
const EXAMPLES: usize = 5;

/// What the certain values of a column say of those that can be read in two ways.
pub(in crate::metadata) fn said_by_others(faults: &[(Fault, Tally<Position>)]) -> m003::Others<'_> {
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
pub(super) fn faults(
    path: &Arc<str>,
    name: &str,
    judged: &Judged,
    state: &ColumnState,
    findings: &mut Vec<Diagnostic>,
) {
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
            if let Some(list) = several_terms(dictionary, value) {
                return m004::several(path, position, no_term, &list);
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

/// The list of terms that a value is, where something else than a pipe stands between them.
fn several_terms(dictionary: &Dictionary, value: &str) -> Option<String> {
    [';', ',', '/', '+', '&'].into_iter().find_map(|separator| {
        let parts: Vec<&str> = value
            .split(separator)
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        let are_terms = parts.iter().all(|part| dictionary.lookup(part) == Lookup::Term);
        (parts.len() > 1 && are_terms).then(|| parts.join("|"))
    })
}
