//! Ids that are damaged where their own table has them: what is told there is not told again of each name that is not known
//! for it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use odmkit_core::{FileKind, Position};
use odmkit_diagnostics::Code;

use super::near::{Difference, Group, Member};
use super::{EntityTable, LinkSummary, Links};
use crate::metadata::look_alike::{LOST, in_typographic_quotes, odd_in_id, skeleton};
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
        Some(Damage::Quotes) => id
            .trim_matches(|mark: char| {
                mark == '"' || "\u{201C}\u{201D}\u{201E}\u{2018}\u{2019}\u{201A}\u{AB}\u{BB}".contains(mark)
            })
            .trim()
            .into(),
        Some(Damage::LookAlike) => plain(id),
        _ => return false,
    };
    bare == name || bare == plain(name)
}

/// What an id looks like, with single blanks.
fn plain(id: &str) -> Cow<'_, str> {
    let looks = skeleton(id);
    Cow::Owned(looks.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The ids of which links go by one attribute, as far as they are damaged.
pub(super) struct Damaged<'a> {
    tables: Vec<&'a EntityTable>,
    attribute: &'a str,
    /// Ids that nobody can read, blank ones included, that no name has.
    lost: Vec<(&'a EntityTable, Damage)>,
}

impl<'a> Damaged<'a> {
    /// The ids of records of a kind. By another attribute than their key they are not told of.
    pub(super) fn of(
        links: &'a Links<'_>,
        kind: FileKind,
        attribute: &'a str,
        taken: &HashSet<&str>,
    ) -> Self {
        let is_key = kind.key_attribute() == Some(attribute);
        let tables: Vec<_> = links.of(kind).filter(|_| is_key).collect();
        let lost = tables
            .iter()
            .flat_map(|table| {
                let values = table.column(attribute).map_or(&[][..], |column| &column.values);
                values.iter().map(move |(id, _)| (*table, id.as_str()))
            })
            .filter(|(_, id)| !taken.contains(id))
            .filter_map(|(table, id)| Some((table, Damage::of(id).filter(|damage| damage.is_loss())?)))
            .collect();
        Self {
            tables,
            attribute,
            lost,
        }
    }

    /// How many ids are lost.
    pub(super) const fn lost(&self) -> usize {
        self.lost.len()
    }

    /// Takes out of the groups the names that are not known because of damage, and notes them with the link.
    pub(super) fn settle(&self, link: &mut LinkSummary, groups: &mut Vec<Group<'_>>) {
        self.take(link, groups, |_, member| {
            let near = member.near?;
            means(near, member.name).then(|| (self.table_of(near), Damage::of(near), true))
        });
        // Any of what is like nothing, or like a wreck, may be one of the lost.
        let is_wreck = |member: &Member<'_>| member.near.and_then(Damage::of).is_some_and(Damage::is_loss);
        let may_be_lost = |group: &Group<'_>, member: &Member<'_>| {
            group.difference == Difference::Unlike || is_wreck(member)
        };
        let candidates = groups
            .iter()
            .flat_map(|group| group.members.iter().filter(|member| may_be_lost(group, member)));
        if (1..=self.lost.len()).contains(&candidates.count()) {
            let (table, damage) = self.lost[0];
            self.take(link, groups, |group, member| {
                may_be_lost(group, member).then_some((Some(table), Some(damage), false))
            });
        }
    }

    fn take(
        &self,
        link: &mut LinkSummary,
        groups: &mut Vec<Group<'_>>,
        by: impl Fn(&Group<'_>, &Member<'_>) -> Option<(Option<&'a EntityTable>, Option<Damage>, bool)>,
    ) {
        for group in groups.iter_mut() {
            let members = std::mem::take(&mut group.members);
            let (mut left, from) = (Vec::new(), Arc::clone(&link.from));
            for member in members {
                let Some((Some(table), Some(damage), is_sure)) = by(group, &member) else {
                    left.push(member);
                    continue;
                };
                link.settled.push(Settled {
                    path: Arc::clone(&table.path),
                    attribute: self.attribute.to_owned(),
                    damage,
                    is_sure,
                    from: Arc::clone(&from),
                    name: member.name.to_owned(),
                    at: member.position,
                });
            }
            group.members = left;
        }
        groups.retain(|group| !group.members.is_empty());
    }

    /// The table that has an id.
    fn table_of(&self, id: &str) -> Option<&'a EntityTable> {
        let has = |table: &&&EntityTable| {
            let column = table.column(self.attribute);
            column.is_some_and(|column| column.values.iter().any(|(value, _)| value == id))
        };
        self.tables.iter().find(has).copied()
    }
}

/// Takes out of the groups the parents that are damaged where they are named, which the naming table tells.
pub(super) fn settle_own(link: &mut LinkSummary, groups: &mut Vec<Group<'_>>) {
    for group in groups.iter_mut() {
        let near = |member: &Member<'_>| member.near.is_some_and(|near| means(member.name, near));
        let told = |member: &Member<'_>| {
            let damage = Damage::of(member.name)?;
            (damage.is_loss() || near(member)).then_some(damage)
        };
        let members = std::mem::take(&mut group.members);
        let (settled, left): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|member| told(member).is_some());
        group.members = left;
        link.settled.extend(settled.into_iter().filter_map(|member| {
            Some(Settled {
                path: Arc::clone(&link.from),
                attribute: link.attribute.clone(),
                damage: told(&member)?,
                is_sure: true,
                from: Arc::clone(&link.from),
                name: member.name.to_owned(),
                at: member.position,
            })
        }));
    }
    groups.retain(|group| !group.members.is_empty());
}
