//! What is said of keys that stand twice.

use std::borrow::Cow;
use std::collections::HashMap;

use odmkit_core::{FileKind, Position};
use odmkit_diagnostics::Diagnostic;

use crate::metadata::kept::KeptColumn;
use crate::metadata::plan::MetadataPlan;
use crate::metadata::tally::Tally;
use crate::rules::t010_spreadsheet_damage::{Damage, judge as damage};
use crate::rules::{
    c001_bad_cells_column as c001, m013_duplicate_key as m013, t010_spreadsheet_damage as t010,
    t012_quoted_field as t012,
};

/// The first key in quotes that another is without them: its place, itself, and the place of the other.
pub(super) fn twice_but_for_quotes(keys: &KeptColumn) -> Option<(Position, &str, Position)> {
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
pub(super) fn duplicates(plan: &MetadataPlan, keys: &KeptColumn, findings: &mut Vec<Diagnostic>) {
    let path = &plan.path;
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(keys.len());
    let mut again: Vec<(usize, Tally<Position>)> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    let mut spoilt = false;
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
        let finding = tally.finding(|position, _, count| {
            if plan.kind == FileKind::Cells {
                c001::duplicate(path, position, key, at, count)
            } else {
                m013::finding(path, position, &keys.name, key, at, count)
            }
        });
        let Some(finding) = finding else { continue };
        findings.push(match damage(key) {
            // What made several keys of one is the cause, and told once.
            Some(damage @ (Damage::Date | Damage::Number)) => {
                spoilt = true;
                finding.help(t010::of_repeated(damage))
            }
            _ => finding,
        });
    }
    if spoilt {
        let is_told = |finding: &Diagnostic| {
            finding.rule.code == t010::RULE.code && finding.field.as_deref() == Some(&keys.name)
        };
        findings.retain(|finding| !is_told(finding));
    }
}
