//! Ids that are damaged where their own table has them: what is told there is not told again of each name that is not known
//! for it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use odmkit_core::{FileKind, Position};
use odmkit_diagnostics::Code;

use super::near::{Difference, Group, Member};
use super::{LinkSummary, Links};
use crate::metadata::look_alike::{LOST, in_typographic_quotes, is_quote, odd_in_id, skeleton};
use crate::rules::{
    c001_bad_cells_column as c001, m016_blank_key as m016, t009_look_alike_characters as t009,
    t010_spreadsheet_damage as t010, t012_quoted_field as t012, t014_lost_characters as t014,
};

/// What the table of an id tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// There is none.
    Blank,
    /// Quotes stand around it, or before it.
    Quotes,
    /// Something in it is not what it looks like, or cannot be seen.
    LookAlike,
    /// A character could not be read.
    Lost,
    /// A spreadsheet made a date or a rounded number of it.
    Spreadsheet,
}

/// A name that is not known because the id that it means is damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The table that tells of the id.
    pub path: Arc<str>,
    /// The column of the id.
    pub attribute: String,
    /// What is told.
    pub damage: Damage,
    /// Whether it is sure that the name means this id.
    pub is_sure: bool,
    /// The file that has the name.
    pub from: Arc<str>,
    /// The name.
    pub name: String,
    /// Where it stands first.
    pub at: Position,
}

impl Damage {
    /// What is wrong with an id by itself.
    pub(super) fn of(id: &str) -> Option<Self> {
        if id.is_empty() {
            Some(Self::Blank)
        } else if id.contains(LOST) {
            Some(Self::Lost)
        } else if id.starts_with('"') || in_typographic_quotes(id) {
            Some(Self::Quotes)
        } else if t010::judge(id).is_some() {
            Some(Self::Spreadsheet)
        } else {
            odd_in_id(id).map(|_| Self::LookAlike)
        }
    }

    /// Whether nothing tells what stood there.
    pub(super) const fn is_loss(self) -> bool {
        matches!(self, Self::Blank | Self::Lost | Self::Spreadsheet)
    }

    /// Whether the rule of this code tells of it.
    pub fn is_told_by(self, code: Code) -> bool {
        let rules: &[Code] = match self {
            Self::Blank => &[m016::RULE.code, c001::RULE.code],
            Self::Quotes => &[t012::RULE.code],
            Self::LookAlike => &[t009::RULE.code],
            Self::Lost => &[t014::RULE.code],
            Self::Spreadsheet => &[t010::RULE.code],
        };
        rules.contains(&code)
    }
}

/// Whether a damaged id is this name but for its damage.
fn means(id: &str, name: &str) -> bool {
    let bare = match Damage::of(id) {
        Some(Damage::Quotes) => id.trim_matches(is_quote).trim().to_owned(),
        Some(Damage::LookAlike) => plain(id),
        _ => return false,
    };
    bare == name || bare == plain(name)
}

/// What an id looks like, with single blanks.
fn plain(id: &str) -> String {
    skeleton(id).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An id that is damaged, as told of the table that it stands in.
#[derive(Clone, Copy)]
struct Told<'a> {
    path: &'a Arc<str>,
    damage: Damage,
    /// Whether it is sure that the name means it.
    is_sure: bool,
}

/// Takes out of the groups the names that are not known because of what is told of an id in the column `attribute`, and notes
/// them with the link.
fn take<'a>(
    link: &mut LinkSummary,
    groups: &mut Vec<Group<'_>>,
    attribute: &str,
    told: impl Fn(&Group<'_>, &Member<'_>) -> Option<Told<'a>>,
) {
    for group in groups.iter_mut() {
        for member in std::mem::take(&mut group.members) {
            let Some(told) = told(group, &member) else {
                group.members.push(member);
                continue;
            };
            link.settled.push(Settled {
                path: Arc::clone(told.path),
                attribute: attribute.to_owned(),
                damage: told.damage,
                is_sure: told.is_sure,
                from: Arc::clone(&link.from),
                name: member.name.to_owned(),
                at: member.position,
            });
        }
    }
    groups.retain(|group| !group.members.is_empty());
}

/// The ids of records of one kind that are damaged.
pub(super) struct Damaged<'a> {
    attribute: &'a str,
    /// Those that tell what is meant, each with its table.
    meant: HashMap<&'a str, (&'a Arc<str>, Damage)>,
    /// Those that nobody can read and no name has, blank ones included.
    lost: Vec<(&'a Arc<str>, Damage)>,
}

impl<'a> Damaged<'a> {
    /// By another attribute than their key they are not told of.
    pub(super) fn of(
        links: &'a Links<'_>,
        kind: FileKind,
        attribute: &'a str,
        taken: &HashSet<&str>,
    ) -> Self {
        let mut damaged = Self {
            attribute,
            meant: HashMap::new(),
            lost: Vec::new(),
        };
        let is_key = kind.key_attribute() == Some(attribute);
        for table in links.of(kind).filter(|_| is_key) {
            let values = table.column(attribute).map_or(&[][..], |column| &column.values);
            for (id, _) in values {
                match Damage::of(id) {
                    Some(damage) if !damage.is_loss() => {
                        damaged.meant.entry(id).or_insert((&table.path, damage));
                    }
                    Some(damage) if !taken.contains(id.as_str()) => damaged.lost.push((&table.path, damage)),
                    _ => {}
                }
            }
        }
        damaged
    }

    /// How many ids are lost.
    pub(super) const fn lost(&self) -> usize {
        self.lost.len()
    }

    /// Takes out of the groups the names that are not known because of damage, and notes them with the link.
    pub(super) fn settle(&self, link: &mut LinkSummary, groups: &mut Vec<Group<'_>>) {
        take(link, groups, self.attribute, |_, member| {
            let near = member.near?;
            let (path, damage) = *self.meant.get(near).filter(|_| means(near, member.name))?;
            Some(Told {
                path,
                damage,
                is_sure: true,
            })
        });
        // Any of what is like nothing, or like a wreck, may be one of the lost.
        let is_wreck = |member: &Member<'_>| member.near.and_then(Damage::of).is_some_and(Damage::is_loss);
        let may_be_lost = |group: &Group<'_>, member: &Member<'_>| {
            group.difference == Difference::Unlike || is_wreck(member)
        };
        let members = groups
            .iter()
            .flat_map(|group| group.members.iter().map(move |member| (group, member)));
        let candidates = members
            .filter(|(group, member)| may_be_lost(group, member))
            .count();
        if let Some((path, damage)) = self.lost.first().filter(|_| candidates <= self.lost.len()) {
            let told = Told {
                path,
                damage: *damage,
                is_sure: false,
            };
            take(link, groups, self.attribute, |group, member| {
                may_be_lost(group, member).then_some(told)
            });
        }
    }
}

/// Takes out of the groups the parents that are damaged where they are named, which the naming table tells.
pub(super) fn settle_own(link: &mut LinkSummary, groups: &mut Vec<Group<'_>>) {
    let (path, attribute) = (Arc::clone(&link.from), link.attribute.clone());
    take(link, groups, &attribute, |_, member| {
        let is_meant = || member.near.is_some_and(|near| means(member.name, near));
        let damage = Damage::of(member.name).filter(|damage| damage.is_loss() || is_meant())?;
        Some(Told {
            path: &path,
            damage,
            is_sure: true,
        })
    });
}
