//! Names that have something before or after a known one, or lack it.

use std::collections::{HashMap, HashSet};

use super::near::{Difference, Member};

/// How many names are tried with every explanation.
const SAMPLE: usize = 200;

/// What all names have before and after a known one, or lack, and which known name each then stands for.
pub(super) fn affix<'a>(
    names: &[Member<'a>],
    known: &[&'a str],
    set: &HashSet<&'a str>,
) -> Option<(Difference, HashMap<&'a str, &'a str>)> {
    let mut candidates: Vec<Difference> = Vec::new();
    for member in names.iter().take(3) {
        extras(member.name, set, &mut candidates);
        lacks(member.name, known, &mut candidates);
    }
    let meant = |difference: &Difference, names: &[Member<'a>]| -> HashMap<&'a str, &'a str> {
        names
            .iter()
            .filter_map(|member| Some((member.name, stands_for(difference, member.name, set)?)))
            .collect()
    };
    // Which explanation is best, the first names tell; the chosen one is then tried on all.
    let sample = &names[..names.len().min(SAMPLE)];
    let difference = candidates
        .into_iter()
        .max_by_key(|difference| (meant(difference, sample).len(), usize::MAX - weight(difference)))?;
    let found = meant(&difference, names);
    // One name alone may contain another by chance, unless a separator stands between.
    let sure = found.len() >= 2 || is_set_off(&difference);
    (sure && !found.is_empty()).then_some((difference, found))
}

fn stands_for<'a>(difference: &Difference, name: &str, set: &HashSet<&'a str>) -> Option<&'a str> {
    let wanted = match difference {
        Difference::Extra { before, after } => name
            .strip_prefix(before.as_str())?
            .strip_suffix(after.as_str())?
            .to_owned(),
        Difference::Lacks { before, after } => format!("{before}{name}{after}"),
        _ => return None,
    };
    set.get(wanted.as_str()).copied()
}

/// What the name has around a known one.
fn extras(name: &str, set: &HashSet<&str>, out: &mut Vec<Difference>) {
    const LONGEST: usize = 80;
    let ends: Vec<usize> = name
        .char_indices()
        .map(|(at, _)| at)
        .chain([name.len()])
        .collect();
    if ends.len() > LONGEST {
        return;
    }
    for (index, &start) in ends.iter().enumerate() {
        for &end in ends[index + 1..].iter().rev() {
            if end - start < name.len() && end - start >= 2 && set.contains(&name[start..end]) {
                push(
                    out,
                    Difference::Extra {
                        before: name[..start].to_owned(),
                        after: name[end..].to_owned(),
                    },
                );
            }
        }
    }
}

/// What known names have around the name.
fn lacks(name: &str, known: &[&str], out: &mut Vec<Difference>) {
    const ENOUGH: usize = 32;
    if name.is_empty() {
        return;
    }
    let around = known
        .iter()
        .filter(|other| other.len() > name.len())
        .filter_map(|other| other.split_once(name));
    for (before, after) in around.take(ENOUGH) {
        push(
            out,
            Difference::Lacks {
                before: before.to_owned(),
                after: after.to_owned(),
            },
        );
    }
}

fn push(out: &mut Vec<Difference>, difference: Difference) {
    if !out.contains(&difference) {
        out.push(difference);
    }
}

/// How much is added; of two explanations the shorter is the likelier.
fn weight(difference: &Difference) -> usize {
    match difference {
        Difference::Extra { before, after } | Difference::Lacks { before, after } => {
            before.len() + after.len()
        }
        _ => 0,
    }
}

fn is_set_off(difference: &Difference) -> bool {
    let (Difference::Extra { before, after } | Difference::Lacks { before, after }) = difference else {
        return false;
    };
    let joint = |c: char| !c.is_alphanumeric();
    (before.is_empty() || before.ends_with(joint)) && (after.is_empty() || after.starts_with(joint))
}
