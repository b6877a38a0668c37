//! The forms in which names are compared: what is equal in one of them differs in nothing else.

use std::collections::{HashMap, HashSet};

use icu_normalizer::ComposingNormalizerBorrowed;
use odmkit_template::value::MONTHS;

use super::near::{Difference, Member};
use crate::metadata::look_alike::skeleton;
use crate::rules::t010_spreadsheet_damage::{Damage, judge};

type Form = fn(&str) -> String;

/// The forms in which names are compared: of the name, and of the known one.
const FORMS: [(Difference, Form, Form); 11] = [
    (Difference::LookAlike, skeleton, skeleton),
    (Difference::Composition, composed, composed),
    (Difference::Blanks, without_blanks, without_blanks),
    (Difference::Case, str::to_lowercase, str::to_lowercase),
    (Difference::WholeNumber, whole_number, whole_number),
    (Difference::Date, damaged, date),
    (Difference::Date, date, damaged),
    (Difference::RName, str::to_owned, r_name),
    (Difference::Punctuation, without_punctuation, without_punctuation),
    (Difference::CaseAndPunctuation, plain, plain),
    (Difference::Zeros, without_zeros, without_zeros),
];

/// For each name the first form in which it is a known one. Of the known names, which may be millions, no form is held
/// but where a name has it.
pub(super) fn by_form<'a>(
    names: &[Member<'_>],
    known: &[&'a str],
    free: &HashSet<&str>,
) -> Vec<Option<(Difference, &'a str)>> {
    let mut found: Vec<Option<(Difference, &'a str)>> = vec![None; names.len()];
    for (difference, of_name, of_known) in FORMS {
        let open = |found: &[Option<_>]| -> Vec<(usize, String)> {
            let open = names
                .iter()
                .enumerate()
                .filter(|(index, _)| found[*index].is_none());
            let formed = open.map(|(index, member)| (index, of_name(member.name)));
            formed.filter(|(_, form)| !form.is_empty()).collect()
        };
        let open = open(&found);
        if open.is_empty() {
            continue;
        }
        let mut wanted: HashMap<&str, Option<&'a str>> =
            open.iter().map(|(_, form)| (form.as_str(), None)).collect();
        for &name in known {
            if let Some(kept) = wanted.get_mut(of_known(name).as_str())
                && kept.is_none_or(|kept| free.contains(name) && !free.contains(kept))
            {
                *kept = Some(name);
            }
        }
        for (index, form) in &open {
            let near = wanted.get(form.as_str()).copied().flatten();
            found[*index] = near.map(|near| (difference.clone(), near));
        }
    }
    found
}

/// Letters with marks as one character each, where there is one.
fn composed(name: &str) -> String {
    if name.is_ascii() {
        name.to_owned()
    } else {
        ComposingNormalizerBorrowed::new_nfc()
            .normalize(name)
            .into_owned()
    }
}

/// A whole number without the `.0` that a table program puts after it; nothing for what is no number.
fn whole_number(name: &str) -> String {
    let whole = name.split_once('.').map_or(name, |(whole, fraction)| {
        let zeros = !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0');
        if zeros { whole } else { "" }
    });
    if whole.bytes().all(|byte| byte.is_ascii_digit()) {
        whole.to_owned()
    } else {
        String::new()
    }
}

/// The day of the year that a spreadsheet reads in `MAR1`, `March-1` or `1-Mar`; nothing for what it leaves alone.
fn date(name: &str) -> String {
    let plain = plain(name);
    let letters = plain.trim_matches(|letter: char| letter.is_ascii_digit());
    let month = MONTHS.iter().find(|month| {
        let short = month.get(..3).unwrap_or(month);
        letters == short || letters == **month || (letters == "sept" && short == "sep")
    });
    let number = || {
        let number = plain.strip_prefix(letters).or(plain.strip_suffix(letters))?;
        number.parse::<u16>().ok()
    };
    let day = month.and_then(|month| Some(format!("{} {month}", number()?)));
    day.unwrap_or_default()
}

/// The same of what looks like a date, and of nothing else.
fn damaged(name: &str) -> String {
    if judge(name) == Some(Damage::Date) {
        date(name)
    } else {
        String::new()
    }
}

fn without_blanks(name: &str) -> String {
    let invisible = |c: char| {
        c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    name.chars().filter(|&c| !invisible(c)).collect()
}

fn without_punctuation(name: &str) -> String {
    without_blanks(name)
        .chars()
        .filter(|letter| !is_punctuation(*letter))
        .collect()
}

/// What names are parted by.
pub(super) const fn is_punctuation(letter: char) -> bool {
    matches!(letter, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn plain(name: &str) -> String {
    without_punctuation(name).to_lowercase()
}

fn without_zeros(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut characters = name.chars().peekable();
    let mut in_number = false;
    while let Some(character) = characters.next() {
        let number_follows = characters.peek().is_some_and(char::is_ascii_digit);
        if character == '0' && !in_number && number_follows {
            continue;
        }
        in_number = character.is_ascii_digit();
        out.push(character);
    }
    out
}

/// What R's `make.names` makes of a name.
fn r_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '.' | '_') {
                c
            } else {
                '.'
            }
        })
        .collect();
    let starts_well = plain.starts_with(char::is_alphabetic)
        || (plain.starts_with('.') && !plain[1..].starts_with(|c: char| c.is_ascii_digit()));
    if starts_well { plain } else { format!("X{plain}") }
}
