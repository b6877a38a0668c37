//! How near misses are worded: names that differ from known ones in one way.

use super::near::{Difference, Group, Member};
use crate::metadata::look_alike::{LOST, differing, in_typographic_quotes};

/// How names differ, as a verb that the known name follows.
pub(crate) fn differs(group: &Group<'_>, single: bool) -> String {
    let difference = &group.difference;
    let (differ, have, lack) = if single {
        ("differs", "has", "lacks")
    } else {
        ("differ", "have", "lack")
    };
    match difference {
        Difference::LookAlike => format!("{differ} only in characters that look alike or are invisible from"),
        Difference::Composition => {
            format!("{differ} only in whether letters with marks are one character or two from")
        }
        Difference::WholeNumber => format!("{differ} only in `.0` after the number from"),
        Difference::Date if single => "looks like what a spreadsheet makes of".to_owned(),
        Difference::Date => "look like what a spreadsheet makes of".to_owned(),
        Difference::Blanks => format!("{differ} only in blanks or invisible characters from"),
        Difference::Case => format!("{differ} only in case from"),
        Difference::RName => format!("{differ}, as R's make.names rewrites names, from"),
        Difference::Punctuation => format!("{differ} only in {} from", group.separators()),
        Difference::CaseAndPunctuation => {
            format!("{differ} only in case and in {} from", group.separators())
        }
        Difference::Zeros => format!("{differ} only in leading zeros from"),
        quotes if quotes.is_quotes() && single => {
            "stands in quotes, which ODM takes as part of the name, unlike".to_owned()
        }
        quotes if quotes.is_quotes() => {
            "stand in quotes, which ODM takes as part of the name, unlike".to_owned()
        }
        Difference::Extra { before, after } => format!("{have} {} the name of", around(before, after)),
        Difference::Lacks { before, after } => format!("{lack} {} the name of", around(before, after)),
        Difference::Pool if single => "names several records at once, the first of them the".to_owned(),
        Difference::Pool => "name several records at once, each of them among the".to_owned(),
        Difference::Letters | Difference::Unlike => format!("{differ} from"),
    }
}

/// Which characters only look like others.
pub(crate) fn look_alike(member: &Member<'_>) -> String {
    let near = member.near.unwrap_or_default();
    let found = differing(member.name);
    if found.is_empty() && differing(near).is_empty() {
        return composition(member.name, near);
    }
    if found.is_empty() {
        format!(
            "type the names again on both sides; in the known `{near}`, {}",
            differing(near)
        )
    } else {
        format!(
            "type the names again on both sides; in `{}`, {found}",
            member.name
        )
    }
}

/// Where a letter with a mark is one character in one name and two in the other.
fn composition(name: &str, near: &str) -> String {
    let at = name
        .chars()
        .zip(near.chars())
        .take_while(|(one, other)| one == other);
    let at = at.count();
    let codes = |text: &str| {
        let mark = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
        let letters = text.chars().skip(at).take(2).enumerate();
        let own = letters.filter(|(index, letter)| *index == 0 || mark(letter));
        let codes: Vec<String> = own
            .map(|(_, letter)| format!("U+{:04X}", u32::from(letter)))
            .collect();
        codes.join(" ")
    };
    format!(
        "type the names again on both sides, or write both files in Unicode NFC: character {} is {} here and {} there",
        at + 1,
        codes(name),
        codes(near)
    )
}

fn around(before: &str, after: &str) -> String {
    match (before.is_empty(), after.is_empty()) {
        (false, true) => format!("`{before}` before"),
        (true, false) => format!("`{after}` after"),
        _ => format!("`{before}` before and `{after}` after"),
    }
}

/// What to do where it is the known name that is not as it was meant.
pub(crate) fn spoilt(member: &Member<'_>) -> Option<String> {
    let near = member.near?;
    if near.contains(LOST) {
        Some(format!(
            "a character was lost in the known `{near}`: type it again there"
        ))
    } else if in_typographic_quotes(near) && !in_typographic_quotes(member.name) {
        Some(format!("delete the quotes around the known `{near}`"))
    } else {
        None
    }
}
