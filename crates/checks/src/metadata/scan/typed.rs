//! Values that a type or a dictionary wants something of. Each distinct one is judged once in a block.

use std::collections::HashMap;

use odmkit_template::value::{self, ALWAYS_VALID};
use odmkit_template::{Judgement, Lookup, ValueType};

use crate::block::Spot;
use crate::metadata::hash::{ValueMap, ValueSet};
use crate::metadata::partial::{ColumnPart, Fault};
use crate::metadata::plan::Judged;
use crate::metadata::tally::Tally;

/// Distinct terms that a thread remembers of one column.
const TERMS: usize = 4096;

/// The values of one column that were judged already in this block.
#[derive(Default)]
pub(super) struct Seen {
    /// The faults of each value, as places in the column's list of faults.
    values: ValueMap<Box<[usize]>>,
    faults: HashMap<Fault, usize>,
}

impl Seen {
    pub(super) fn judge(
        &mut self,
        judged: &Judged,
        fine: &mut ValueSet,
        part: &mut ColumnPart<Spot>,
        value: &[u8],
        spot: Spot,
    ) {
        let known = match judged.dictionary {
            Some(_) => fine.contains(value),
            None => value::is_plainly_valid(judged.value_type, value),
        };
        if known {
            return;
        }
        if !self.values.contains_key(value) {
            self.learn(judged, part, value);
        }
        let Some(faults) = self.values.get(value) else {
            return;
        };
        if faults.is_empty() && judged.dictionary.is_some() && fine.len() < TERMS {
            fine.insert(value.into());
        }
        for &fault in faults {
            part.faults[fault].1.count_at(spot);
        }
    }

    /// Judges a value that is new in this block.
    #[cold]
    fn learn(&mut self, judged: &Judged, part: &mut ColumnPart<Spot>, value: &[u8]) {
        let text = String::from_utf8_lossy(value);
        let mut faults = Vec::new();
        for item in value::items(&text).filter(|item| !item.is_empty()) {
            // Of an item with a doubled pipe that is told already.
            let Some(fault) = fault(judged, item).filter(|_| !item.contains("||")) else {
                continue;
            };
            let place = *self.faults.entry(fault).or_insert_with_key(|fault| {
                let sample = Tally {
                    sample: item.to_owned(),
                    ..Tally::default()
                };
                part.faults.push((fault.clone(), sample));
                part.faults.len() - 1
            });
            faults.push(place);
        }
        self.values.insert(value.into(), faults.into());
    }
}

/// What is wrong with one item, if anything.
pub(super) fn fault(judged: &Judged, item: &str) -> Option<Fault> {
    let written = item;
    let literal;
    let item = if item.contains("||") {
        literal = item.replace("||", "|");
        literal.as_str()
    } else {
        item
    };
    if let Judgement::Not(form) = value::judge(judged.value_type, item) {
        return Some(Fault::Form(form));
    }
    if judged.value_type == ValueType::Link && value::is_of_own_machine(item) {
        return Some(Fault::OwnMachine);
    }
    let dictionary = judged.dictionary.as_ref()?;
    let valid = ALWAYS_VALID.contains(&item) || dictionary.lookup(item) == Lookup::Term;
    (!valid).then(|| Fault::NoTerm(written.into()))
}
