//! How names that are not known differ from those that are.

use std::collections::{BTreeSet, HashSet};

use odmkit_core::Position;

use super::affix::affix;
use super::forms::{by_form, is_punctuation};

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
    /// Whether the known names have columns already, their own or those of other members.
    pub taken: bool,
    /// The names, in the order of their places; there is at least one.
    pub members: Vec<Member<'a>>,
}

/// How a name differs from a known one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// In characters that look the same or cannot be seen.
    LookAlike,
    /// In how letters with marks are made up: of one character or of several.
    Composition,
    /// In white space or invisible characters.
    Blanks,
    /// In `.0` after whole numbers.
    WholeNumber,
    /// As spreadsheets make dates of names.
    Date,
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

impl Difference {
    /// Whether it is the quotes around a field.
    pub fn is_quotes(&self) -> bool {
        matches!(self, Self::Extra { before, after } if before == "\"" && after == "\"")
    }
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
    let mut rest = Vec::new();
    let set: HashSet<&'a str> = known.iter().copied().collect();
    let formed = by_form(&unknown, known, free);
    for (member, formed) in unknown.into_iter().zip(formed) {
        let pool = || Some((Difference::Pool, pooled(member.name, &set)?.first().copied()?));
        match pool().or(formed) {
            Some((difference, near)) => add(
                &mut groups,
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
                        &mut groups,
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
    let meant: HashSet<&'a str> = groups
        .iter()
        .flat_map(|group| &group.members)
        .filter_map(|member| member.near)
        .collect();
    let is_free = |name: &&str| free.contains(name) && !meant.contains(name);
    let mut candidates: Vec<&'a str> = known.iter().copied().filter(is_free).collect();
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
                &mut groups,
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
            add(&mut groups, Difference::Unlike, Member { near, ..member });
        }
    }
    groups
}

/// Puts a name with those that differ in the same way; each that differs in letters is told by itself.
fn add<'a>(groups: &mut Vec<Group<'a>>, difference: Difference, member: Member<'a>) {
    let single = difference == Difference::Letters;
    match groups
        .iter_mut()
        .find(|group| !single && group.difference == difference)
    {
        Some(group) => group.members.push(member),
        None => groups.push(Group {
            difference,
            taken: false,
            members: vec![member],
        }),
    }
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

/// Parts the names whose known ones have a column already from the others: two columns cannot have one name.
pub(super) fn part_taken<'a>(groups: Vec<Group<'a>>, taken: &HashSet<&'a str>) -> Vec<Group<'a>> {
    let mut claimed: HashSet<&'a str> = taken.clone();
    let mut parted = Vec::new();
    for group in groups {
        if matches!(group.difference, Difference::Unlike | Difference::Pool) {
            parted.push(group);
            continue;
        }
        let (members, late): (Vec<_>, Vec<_>) = group
            .members
            .into_iter()
            .partition(|member| member.near.is_none_or(|near| claimed.insert(near)));
        for (members, taken) in [(members, false), (late, true)] {
            if !members.is_empty() {
                let difference = group.difference.clone();
                parted.push(Group {
                    difference,
                    taken,
                    members,
                });
            }
        }
    }
    parted
}

/// The names that are a known one, which the file has already, with the `.1` that R and pandas give to a column whose
/// name is there twice; and the other names.
pub(super) fn doubled<'a>(
    unknown: Vec<Member<'a>>,
    taken: &HashSet<&'a str>,
) -> (Vec<Member<'a>>, Vec<Member<'a>>) {
    let mut found = Vec::new();
    let mut others = Vec::new();
    for member in unknown {
        let near = member.name.rsplit_once('.').and_then(|(base, number)| {
            let counted = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            taken.get(base).copied().filter(|_| counted)
        });
        match near {
            Some(_) => found.push(Member { near, ..member }),
            None => others.push(member),
        }
    }
    (found, others)
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
