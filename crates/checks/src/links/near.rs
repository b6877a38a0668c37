//! How names that are not known differ from those that are.

use std::collections::{BTreeSet, HashMap, HashSet};

use odmkit_core::Position;

use super::affix::affix;
use crate::metadata::look_alike::skeleton;

/// A name, where it stands first, how often it occurs, and the known name that it is likely to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'a> {
    /// The name.
    pub name: &'a str,
    /// Where it stands first.
    pub position: Position,
    /// How often it occurs.
    pub count: u64,
    /// The known name that is nearest. Where the difference is [`Difference::Unlike`], another name stands for it.
    pub near: Option<&'a str>,
}

/// Names that differ from known ones in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'a> {
    /// How.
    pub difference: Difference,
    /// The names, in the order of their places; there is at least one.
    pub members: Vec<Member<'a>>,
}

/// How a name differs from a known one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// In characters that look the same or cannot be seen.
    LookAlike,
    /// In white space or invisible characters.
    Blanks,
    /// In capital and small letters.
    Case,
    /// As R rewrites names that are no R names.
    RName,
    /// In `-`, `_`, `.` and blanks.
    Punctuation,
    /// In case as well as in `-`, `_`, `.` and blanks.
    CaseAndPunctuation,
    /// In zeros before a number.
    Zeros,
    /// The name has more than the known one, before and after it.
    Extra {
        /// What it has before.
        before: String,
        /// What it has after.
        after: String,
    },
    /// The known name has more, before and after.
    Lacks {
        /// What is lacking before.
        before: String,
        /// What is lacking after.
        after: String,
    },
    /// It is several known names with a separator between them; the nearest is the first of them.
    Pool,
    /// In a letter or two.
    Letters,
    /// There is nothing like it, or only what another name stands for already.
    Unlike,
}

impl Group<'_> {
    /// How many occurrences it stands for.
    pub fn count(&self) -> u64 {
        self.members.iter().map(|member| member.count).sum()
    }

    /// The separators in which the names differ: `` `-`/`_` ``.
    pub fn separators(&self) -> String {
        let mut all = BTreeSet::new();
        for (name, near) in self
            .members
            .iter()
            .filter_map(|member| Some((member.name, member.near?)))
        {
            let (own, known) = (separator_runs(name), separator_runs(near));
            for (one, other) in own.iter().zip(&known).filter(|(one, other)| one != other) {
                all.extend(one.chars().chain(other.chars()));
            }
        }
        let shown: Vec<String> = all
            .into_iter()
            .map(|letter| {
                if letter.is_whitespace() {
                    "blank".to_owned()
                } else {
                    format!("`{letter}`")
                }
            })
            .collect();
        shown.join("/")
    }

    /// Up to three pairs: `` `s1` for `S1` ``.
    pub fn pairs(&self) -> String {
        let pairs = self
            .members
            .iter()
            .filter_map(|member| Some((member.name, member.near?)));
        let shown: Vec<String> = pairs
            .take(3)
            .map(|(name, near)| format!("`{name}` for `{near}`"))
            .collect();
        let more = self.members.len().saturating_sub(shown.len());
        let tail = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        format!("{}{tail}", shown.join(", "))
    }
}

/// Puts unknown names into groups by how they differ from the known ones. `free` are the known names that nothing
/// else stands for: a name is rather one of those than one that is taken.
pub(super) fn explain<'a>(
    unknown: Vec<Member<'a>>,
    known: &[&'a str],
    free: &HashSet<&str>,
) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut add = |difference: Difference, member: Member<'a>| {
        let single = difference == Difference::Letters;
        match groups
            .iter_mut()
            .find(|group| !single && group.difference == difference)
        {
            Some(group) => group.members.push(member),
            None => groups.push(Group {
                difference,
                members: vec![member],
            }),
        }
    };
    let mut rest = Vec::new();
    let forms = Forms::new(known, free);
    let set: HashSet<&'a str> = known.iter().copied().collect();
    for member in unknown {
        let pool = || Some((Difference::Pool, pooled(member.name, &set)?.first().copied()?));
        match pool().or_else(|| forms.find(member.name)) {
            Some((difference, near)) => add(
                difference,
                Member {
                    near: Some(near),
                    ..member
                },
            ),
            None => rest.push(member),
        }
    }
    let mut rest = match affix(&rest, known, &set) {
        Some((difference, found)) => {
            let mut left = Vec::new();
            for member in rest {
                match found.get(member.name) {
                    Some(near) => add(
                        difference.clone(),
                        Member {
                            near: Some(near),
                            ..member
                        },
                    ),
                    None => left.push(member),
                }
            }
            left
        }
        None => rest,
    };
    let mut candidates: Vec<&'a str> = known.iter().copied().filter(|name| free.contains(name)).collect();
    // Comparing every name with every other is worth it only while it takes no time.
    let affordable = rest.len().saturating_mul(known.len()) <= 2_000_000;
    for member in rest.drain(..) {
        let near = if affordable {
            nearest(member.name, &candidates)
        } else {
            None
        };
        if let Some(near) = near {
            // One known name is not meant by two.
            candidates.retain(|name| *name != near);
            add(
                Difference::Letters,
                Member {
                    near: Some(near),
                    ..member
                },
            );
        } else {
            let near = if affordable {
                nearest(member.name, known)
            } else {
                None
            };
            add(Difference::Unlike, Member { near, ..member });
        }
    }
    groups
}

/// The known names that a name consists of, where it is several of them with a separator between them.
pub(super) fn pooled<'a>(name: &str, known: &HashSet<&'a str>) -> Option<Vec<&'a str>> {
    ['|', ';', ',', '+'].into_iter().find_map(|separator| {
        let parts: Option<Vec<&'a str>> = name
            .split(separator)
            .filter(|part| !part.trim().is_empty())
            .map(|part| known.get(part.trim()).copied())
            .collect();
        parts.filter(|parts| parts.len() > 1)
    })
}

/// The known name that differs least, where it is near enough to be meant.
pub(super) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let length = name.chars().count();
    let limit = (length / 4).clamp(1, 3);
    known
        .iter()
        .filter(|other| other.len().abs_diff(name.len()) <= limit * 4)
        .map(|other| (strsim::osa_distance(name, other), *other))
        .filter(|&(distance, _)| distance <= limit && distance < length)
        .min()
        .map(|(_, other)| other)
}

type Form = fn(&str) -> String;

/// The known names in the forms in which names are compared.
struct Forms<'a>(Vec<(Difference, Form, HashMap<String, &'a str>)>);

impl<'a> Forms<'a> {
    fn new(known: &[&'a str], free: &HashSet<&str>) -> Self {
        let kinds: [(Difference, Form, Form); 7] = [
            (Difference::LookAlike, skeleton, skeleton),
            (Difference::Blanks, without_blanks, without_blanks),
            (Difference::Case, str::to_lowercase, str::to_lowercase),
            (Difference::RName, str::to_owned, r_name),
            (Difference::Punctuation, without_punctuation, without_punctuation),
            (Difference::CaseAndPunctuation, plain, plain),
            (Difference::Zeros, without_zeros, without_zeros),
        ];
        let table = |form: Form| {
            let mut table: HashMap<String, &'a str> = HashMap::with_capacity(known.len());
            for &name in known {
                let kept = table.entry(form(name)).or_insert(name);
                if free.contains(name) && !free.contains(*kept) {
                    *kept = name;
                }
            }
            table
        };
        Self(
            kinds
                .into_iter()
                .map(|(difference, of_name, of_known)| (difference, of_name, table(of_known)))
                .collect(),
        )
    }

    fn find(&self, name: &str) -> Option<(Difference, &'a str)> {
        self.0.iter().find_map(|(difference, form, table)| {
            let form = form(name);
            if form.is_empty() {
                None
            } else {
                table.get(&form).map(|&near| (difference.clone(), near))
            }
        })
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

const fn is_punctuation(letter: char) -> bool {
    matches!(letter, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// What stands before each other letter of a name, and at its end: in names that differ in nothing else there are as many.
fn separator_runs(name: &str) -> Vec<String> {
    let mut runs = vec![String::new()];
    for letter in name.chars() {
        match runs.last_mut() {
            Some(run) if is_punctuation(letter) || letter.is_whitespace() => run.push(letter),
            _ => runs.push(String::new()),
        }
    }
    runs
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
