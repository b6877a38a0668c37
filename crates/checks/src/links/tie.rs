//! Ties the columns of one data file to the records that they name.

use std::collections::{HashMap, HashSet};

use odmkit_core::{FileKind, Position};
use odmkit_diagnostics::Sink;

use super::damaged::Damaged;
use super::follow::{Reach, Row};
use super::near::{Difference, Member, doubled, explain, nearest, part_taken, pooled};
use super::separator::{id_in, tale};
use super::target::{attribute, found_in, mixed, target};
use super::{DataColumns, LinkSummary, Links, SAMPLE_KEY, examples, not_in};
use crate::rules::{
    l001_unknown_sample as l001, l003_no_link_attribute as l003, l005_ambiguous_link as l005,
    l006_link_attribute_not_in_template as l006, l007_mixed_data_model as l007, l008_unlinkable_data as l008,
};

/// The records of a kind by the value that data names them by.
type Known<'a> = HashMap<&'a str, Vec<(Row, Position)>>;

/// Judges one data file. Nothing is said where the study has nothing to tie it to.
pub(super) fn check(
    links: &Links<'_>,
    data: &DataColumns,
    reach: &mut Reach,
    sink: &mut dyn Sink,
) -> Option<LinkSummary> {
    let target = target(links, data, sink)?;
    if !links.has(target) {
        sink.push(l001::no_group(&data.path, target, names(data).len()));
        return None;
    }
    let attribute = attribute(data, target);
    if unlinkable(links, data, target, sink) {
        return None;
    }
    if target == FileKind::Samples && mixed(links) {
        sink.push(l007::finding(
            &data.path,
            data.kind,
            links.has(FileKind::Libraries),
        ));
    }
    if !attribute_fits(links, data, target, attribute, reach, sink) || !links.knows(target) {
        return None;
    }

    let known = known(links, target, attribute);
    let names = names_as_meant(data, &known);
    reach.strangers += nameless(data) + data.unread;
    if known.is_empty() {
        // A key that is blank throughout is told where its file is read.
        let first = names
            .first()
            .filter(|_| Some(attribute) != target.key_attribute())?;
        reach.vague = true;
        let table = links.of(target).next()?;
        sink.push(l001::blank_attribute(
            &data.path,
            first,
            names.len(),
            attribute,
            &table.path,
        ));
    }
    let (mut linked, mut unknown) = (0, Vec::new());
    let mut taken: HashSet<&str> = HashSet::new();
    for member in names {
        if let Some(rows) = known.get(member.name) {
            linked += 1;
            taken.insert(member.name);
            reach.mark(rows.iter().map(|(row, _)| *row));
            if rows.len() > 1 {
                reach
                    .ambiguous
                    .insert((target, attribute.to_owned(), member.name.to_owned()));
            }
        } else {
            unknown.push(member);
        }
    }
    let mut summary = LinkSummary {
        from: data.path.clone(),
        from_kind: data.kind,
        to: links.of(target).map(|table| table.path.clone()).collect(),
        to_kind: target,
        attribute: attribute.to_owned(),
        names: linked + unknown.len(),
        linked,
        without: known.len() - taken.len(),
        unknown_names: examples(unknown.iter().map(|member| member.name)),
        unnamed_records: examples(not_in(known.keys().copied(), &taken)),
        split_wrong: false,
        told: HashSet::new(),
        settled: Vec::new(),
    };
    if !known.is_empty() {
        report(links, data, &mut summary, unknown, &known, &taken, reach, sink);
    }
    Some(summary)
}

/// Reports the values that stand for several records.
pub(super) fn ambiguous(links: &Links<'_>, reach: &Reach, sink: &mut dyn Sink) {
    // The values are sorted by kind and attribute: each table is looked through once.
    let mut looked_up: Option<((FileKind, &str), Known<'_>)> = None;
    for (target, attribute, value) in &reach.ambiguous {
        let by = (*target, attribute.as_str());
        let known = match looked_up {
            Some((last, ref known)) if last == by => known,
            _ => &looked_up.insert((by, known(links, *target, attribute))).1,
        };
        let Some([(first, at), others @ ..]) = known.get(value.as_str()).map(Vec::as_slice) else {
            continue;
        };
        for (row, position) in others {
            // A key that is there twice in one file is that file's own fault and is reported there.
            if target.key_attribute() == Some(attribute.as_str()) && row.table == first.table {
                continue;
            }
            let (path, first) = (&links.tables[row.table].path, &links.tables[first.table].path);
            sink.push(l005::finding(
                path,
                *position,
                attribute,
                value,
                *target,
                (first, at.line),
            ));
        }
    }
}

fn unlinkable(links: &Links<'_>, data: &DataColumns, target: FileKind, sink: &mut dyn Sink) -> bool {
    let is = data.kind != FileKind::Expression && target != FileKind::Samples;
    if is {
        sink.push(l008::finding(
            &data.path,
            data.kind,
            target,
            data.link_to.is_some(),
            links.has(FileKind::Samples),
        ));
    }
    is
}

/// Whether ODM can tie by this attribute at all; what stands in the way is reported once per attribute.
fn attribute_fits(
    links: &Links<'_>,
    data: &DataColumns,
    target: FileKind,
    attribute: &str,
    reach: &mut Reach,
    sink: &mut dyn Sink,
) -> bool {
    if target != FileKind::Samples {
        if let Some(given) = data
            .link_attribute
            .as_deref()
            .filter(|given| *given != SAMPLE_KEY && *given != attribute)
        {
            sink.push(l006::not_for(&data.path, given, target, attribute));
        }
        return true;
    }
    let first_time = reach.attributes.insert(attribute.to_owned());
    let lacking: Vec<_> = links
        .of(target)
        .filter(|table| !table.columns.iter().any(|(name, _)| name == attribute))
        .collect();
    // The key column is asked for wherever samples are read; its absence is not told twice.
    if !lacking.is_empty() && first_time && attribute != SAMPLE_KEY {
        for table in &lacking {
            let columns: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
            sink.push(l003::finding(
                &table.path,
                attribute,
                nearest(attribute, &columns),
                &data.path,
            ));
        }
    }
    let lacking = lacking.len();
    if lacking == 0
        && first_time
        && let Some(attributes) = links.sample_attributes
        && !attributes.iter().any(|known| known == attribute)
    {
        sink.push(l006::finding(&data.path, attribute));
    }
    lacking == 0 || lacking < links.of(target).count()
}

fn known<'a>(links: &'a Links<'_>, kind: FileKind, attribute: &str) -> Known<'a> {
    let mut known: Known<'a> = HashMap::new();
    for (index, table) in links
        .tables
        .iter()
        .enumerate()
        .filter(|(_, table)| table.kind == kind)
    {
        let values = table.column(attribute).map_or(&[][..], |column| &column.values);
        for (record, (value, position)) in values.iter().enumerate() {
            if !value.is_empty() {
                known
                    .entry(value.as_str())
                    .or_default()
                    .push((Row { table: index, record }, *position));
            }
        }
    }
    known
}

/// The distinct names in the columns. Where no separator is given and one is likely, they are cut at it, unless they are
/// known as they are, or can be known when cut: that is a tale of its own.
fn names_as_meant<'a>(data: &'a DataColumns, known: &Known<'_>) -> Vec<Member<'a>> {
    let whole = names(data);
    let is_known = |names: &[Member<'_>]| names.iter().any(|member| known.contains_key(member.name));
    match data.likely_separator.as_deref() {
        Some(likely) if data.separator.is_none() && !is_known(&whole) => {
            let cut = names_cut_at(data, Some(likely));
            if is_known(&cut) { whole } else { cut }
        }
        _ => whole,
    }
}

/// How many columns of a matrix have no name, or one that another has: each may be that of a sample which seems to have no
/// data.
fn nameless(data: &DataColumns) -> usize {
    if data.kind != FileKind::Expression {
        return 0;
    }
    let own: HashSet<&str> = data.columns.iter().map(|(name, _)| name.trim()).collect();
    data.columns.len() - own.iter().filter(|name| !name.is_empty()).count()
}

/// The distinct names in the columns, in the order of their places.
pub(super) fn names(data: &DataColumns) -> Vec<Member<'_>> {
    names_cut_at(data, data.separator.as_deref())
}

fn names_cut_at<'a>(data: &'a DataColumns, separator: Option<&str>) -> Vec<Member<'a>> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut names: Vec<Member<'_>> = Vec::new();
    for (column, position) in &data.columns {
        let name = id_in(column.trim(), separator);
        if name.is_empty() {
            continue;
        }
        if let Some(&index) = seen.get(name) {
            names[index].count += 1;
            continue;
        }
        seen.insert(name, names.len());
        names.push(Member {
            name,
            position: *position,
            count: 1,
            near: None,
        });
    }
    names
}

#[expect(
    clippy::too_many_arguments,
    reason = "what one file and its target are is needed as a whole, once"
)]
fn report<'a>(
    links: &Links<'_>,
    data: &'a DataColumns,
    summary: &mut LinkSummary,
    unknown: Vec<Member<'a>>,
    known: &Known<'a>,
    taken: &HashSet<&'a str>,
    reach: &mut Reach,
    sink: &mut dyn Sink,
) {
    let all = unknown.len();
    let unknown = of_other_kinds(links, data, summary, unknown, reach, sink);
    let Some(first) = unknown.first().cloned() else {
        return;
    };
    let set: HashSet<&str> = known.keys().copied().collect();
    let unknown_names: HashSet<&str> = unknown.iter().map(|member| member.name).collect();
    let columns: Vec<&str> = data
        .columns
        .iter()
        .map(|(column, _)| column.trim())
        .filter(|column| unknown_names.contains(id_in(column, data.separator.as_deref())))
        .collect();
    // GCT, VCF and FACS have no measurements in names; and where a name is known as it is, so are its like.
    let may_be_split = data.kind == FileKind::Expression
        && !odmkit_study::names::ends_with(&data.path, ".gct")
        && (data.separator.is_some() || summary.linked == 0);
    if may_be_split && let Some(tale) = tale(&columns, data.separator.as_deref(), &set) {
        reach.vague = true;
        summary.split_wrong = true;
        sink.push(l001::separator(
            summary,
            &first,
            columns.len(),
            data.separator.as_deref(),
            &tale,
        ));
        return;
    }
    if summary.linked == 0
        && let Some(column) = other_column(links, summary, &unknown)
    {
        reach.vague = true;
        let in_template = links
            .sample_attributes
            .is_none_or(|attributes| attributes.contains(&column));
        sink.push(l001::other_column(
            summary,
            &first,
            unknown.len(),
            &column,
            in_template,
        ));
        return;
    }
    let (doubled, unknown) = doubled(unknown, taken);
    if !doubled.is_empty() {
        reach.strangers += doubled.len();
        sink.push(l001::doubled(summary, &doubled));
    }
    let mut ids: Vec<&str> = known.keys().copied().collect();
    ids.sort_unstable();
    let free: HashSet<&str> = ids.iter().copied().filter(|id| !taken.contains(id)).collect();
    let mut groups = explain(unknown, &ids, &free);
    // Rows of a flow cytometry table may well name one sample.
    if data.kind != FileKind::FlowCytometry {
        groups = part_taken(groups, taken);
    }
    let second = groups.iter().filter(|group| group.taken);
    reach.strangers += second.map(|group| group.members.len()).sum::<usize>();
    let members = || groups.iter().flat_map(|group| &group.members);
    let pooled = members().filter_map(|member| pooled(member.name, &set));
    for near in members().filter_map(|member| member.near).chain(pooled.flatten()) {
        // The record is meant by a name that is reported; that it has no data is no second fault.
        reach.mark(known.get(near).into_iter().flatten().map(|(row, _)| *row));
    }
    let attribute = summary.attribute.clone();
    let damaged = Damaged::of(links, summary.to_kind, &attribute, taken);
    // Of what such a record comes from it cannot be known whether it has data.
    reach.strangers += damaged.lost();
    damaged.settle(summary, &mut groups);
    let members = || groups.iter().flat_map(|group| &group.members);
    let one_way = matches!(&groups[..], [group] if !matches!(group.difference, Difference::Letters | Difference::Unlike));
    if summary.linked == 0 && !one_way && members().count() == all {
        reach.vague = true;
        let mut ids_in_order: Vec<_> = known.iter().map(|(id, rows)| (rows[0], *id)).collect();
        ids_in_order.sort_unstable();
        let examples: Vec<&str> = ids_in_order.iter().take(3).map(|(_, id)| *id).collect();
        sink.push(l001::none_known(summary, &groups, &first, &examples));
        let alike = groups
            .iter()
            .filter(|group| group.difference == Difference::LookAlike);
        let told = alike.flat_map(|group| &group.members);
        summary.told.extend(told.map(|member| member.position.byte));
        return;
    }
    for group in &groups {
        sink.push(l001::group(summary, group));
        let plain = |near: &str| !near.contains(|letter: char| letter.is_whitespace() || letter == '"');
        // Which character stands in place of a blank is the same matter as that there is one.
        let alike = group.difference == Difference::LookAlike;
        if alike || group.difference == Difference::Blanks || group.difference.is_quotes() {
            let told = group
                .members
                .iter()
                .filter(|member| member.near.is_some_and(|near| alike || plain(near)));
            summary.told.extend(told.map(|member| member.position.byte));
        }
    }
}

/// Reports the names that are ids of another kind of record, and gives back the others.
fn of_other_kinds<'a>(
    links: &Links<'_>,
    data: &DataColumns,
    summary: &LinkSummary,
    mut unknown: Vec<Member<'a>>,
    reach: &mut Reach,
    sink: &mut dyn Sink,
) -> Vec<Member<'a>> {
    let all = unknown.len();
    for kind in [
        FileKind::Samples,
        FileKind::Libraries,
        FileKind::Preparations,
        FileKind::Cells,
    ] {
        let names: HashSet<&str> = unknown.iter().map(|member| member.name).collect();
        let Some(key) = kind.key_attribute().filter(|_| kind != summary.to_kind) else {
            continue;
        };
        let found = found_in(links, kind, key, &names);
        let (theirs, others): (Vec<_>, Vec<_>) = unknown
            .into_iter()
            .partition(|member| found.contains(member.name));
        unknown = others;
        if !theirs.is_empty() {
            reach.vague = true;
            let whole = summary.linked == 0 && theirs.len() == all;
            sink.push(l001::of_other_kind(
                summary,
                &theirs,
                kind,
                whole,
                data.link_to.is_some(),
            ));
        }
    }
    unknown
}

/// Another column of the samples in which most of the names do stand.
fn other_column(links: &Links<'_>, summary: &LinkSummary, unknown: &[Member<'_>]) -> Option<String> {
    let names: HashSet<&str> = unknown.iter().map(|member| member.name).collect();
    links
        .of(summary.to_kind)
        .flat_map(|table| &table.kept)
        .filter(|column| column.name != summary.attribute)
        .map(|column| {
            let values: HashSet<&str> = column.values.iter().map(|(value, _)| value.as_str()).collect();
            (
                names.iter().filter(|name| values.contains(**name)).count(),
                column.name.as_str(),
            )
        })
        .filter(|(count, _)| *count * 2 > names.len())
        .max_by_key(|(count, _)| *count)
        .map(|(_, name)| name.to_owned())
}
