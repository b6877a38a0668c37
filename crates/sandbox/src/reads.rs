//! Reading back: studies, their samples and groups, and the pairs of links.

use axum::extract::{Path, RawQuery, State as Extract};
use serde_json::{Map, Value, json};

use crate::judge::Accepted;
use crate::kind::ImportKind;
use crate::matching;
use crate::query::Query;
use crate::reply::{Refusal, Reply};
use crate::state::State;
use crate::world::{Object, World};

const PAGE: [&str; 2] = ["pageLimit", "pageOffset"];
const FORMAT: &str = "responseFormat";

/// `studies/{id}`
pub(crate) async fn study(
    Extract(state): Extract<State>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    Query::parse(query.as_deref(), &[FORMAT])?;
    let world = state.world();
    let study = find(&world, &id, ImportKind::Study)?;
    Ok(Reply::json(record(study, 0, study.accession())).about(Some(id)))
}

/// `samples/by/study/{id}`
pub(crate) async fn samples_of_study(
    Extract(state): Extract<State>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    let query = Query::parse(query.as_deref(), &[PAGE[0], PAGE[1], FORMAT])?;
    let world = state.world();
    find(&world, &id, ImportKind::Study)?;
    let (limit, offset) = query.page()?;
    let (mut items, mut total) = (Vec::new(), 0);
    for link in world.links.iter().filter(|link| link.target == id) {
        let Some(group) = world.object(&link.source, ImportKind::Samples) else {
            continue;
        };
        let members = link.members(group.content.members());
        // Only the rows of this page are written out: a study may have many pages.
        let first = offset.saturating_sub(total).min(members);
        let last = offset.saturating_add(limit).saturating_sub(total).min(members);
        total += members;
        for row in first..last {
            let accession = group.member(row);
            let metadata = record(group, row, accession.clone());
            items.push(json!({"itemId": accession, "groupId": group.accession(), "metadata": metadata}));
        }
    }
    Ok(list(&items, total, offset, limit))
}

/// `{kind}/group/by/study/{id}`
pub(crate) async fn groups_of_study(
    Extract(state): Extract<State>,
    Path((word, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    Query::parse(query.as_deref(), &[FORMAT])?;
    let kind = ImportKind::from_link_word(&word).ok_or_else(|| Refusal::missing("there is no such list"))?;
    let world = state.world();
    find(&world, &id, ImportKind::Study)?;
    let mut found: Vec<String> = Vec::new();
    for samples in world.sources_of(&id, ImportKind::Samples) {
        let samples = samples.accession();
        found.extend(world.sources_of(&samples, kind).map(Object::accession));
        for between in [ImportKind::Libraries, ImportKind::Preparations] {
            for group in world.sources_of(&samples, between) {
                found.extend(world.sources_of(&group.accession(), kind).map(Object::accession));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    let groups: Vec<Value> = found
        .iter()
        .map(|id| json!({"itemId": id, "metadata": {}}))
        .collect();
    Ok(Reply::json(groups))
}

/// `{kind}/{relation}/by/group/{id}`, as in `expression/run-to-samples/by/group/{id}`
pub(crate) async fn pairs(
    Extract(state): Extract<State>,
    Path((word, relation, id)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    let query = Query::parse(query.as_deref(), &PAGE)?;
    let Some((from, to, keys)) = relation_of(&word, &relation) else {
        return Err(Refusal::missing("there is no such list"));
    };
    let world = state.world();
    let source = find(&world, &id, from)?;
    let mut members: Vec<Vec<Value>> = Vec::new();
    for link in world.links.iter().filter(|link| link.source == id) {
        let Some(target) = world.object(&link.target, to) else {
            continue;
        };
        let Ok(matches) = matching::matches(source, target, link.attribute.as_deref()) else {
            continue;
        };
        let linked = matches.iter().enumerate().filter(|(_, rows)| !rows.is_empty());
        for (index, rows) in linked.take(link.members(matches.len())) {
            let of_member = rows.iter().map(|&row| {
                let mut pair = json!({keys[0]: source.member(index), keys[1]: target.member(row)});
                if let Accepted::Runs(runs) = &source.content {
                    pair["runSourceId"] = json!(runs[index]);
                }
                pair
            });
            members.push(of_member.collect());
        }
    }
    // Pages are counted in members, not in pairs.
    let (limit, offset) = query.page()?;
    let total = members.len();
    let data: Vec<Value> = members.into_iter().skip(offset).take(limit).flatten().collect();
    Ok(list(&data, total, offset, limit))
}

fn relation_of(word: &str, relation: &str) -> Option<(ImportKind, ImportKind, [&'static str; 2])> {
    use ImportKind::{Expression, FlowCytometry, Libraries, Preparations, Samples, Variant};
    Some(match (word, relation) {
        ("expression", "run-to-samples") => (Expression, Samples, ["runId", "sampleId"]),
        ("expression", "run-to-libraries") => (Expression, Libraries, ["runId", "libraryId"]),
        ("expression", "run-to-preparations") => (Expression, Preparations, ["runId", "preparationId"]),
        ("variant", "run-to-samples") => (Variant, Samples, ["runId", "sampleId"]),
        ("flow-cytometry", "run-to-samples") => (FlowCytometry, Samples, ["runId", "sampleId"]),
        ("library", "libraries-to-samples") => (Libraries, Samples, ["libraryId", "sampleId"]),
        ("preparation", "preparations-to-samples") => (Preparations, Samples, ["preparationId", "sampleId"]),
        _ => return None,
    })
}

fn find<'a>(world: &'a World, id: &str, kind: ImportKind) -> Result<&'a Object, Refusal> {
    world
        .object(id, kind)
        .ok_or_else(|| Refusal::missing(format!("there is no {} {id}", kind.name())))
}

/// A row's attributes.
fn record(object: &Object, row: usize, accession: String) -> Map<String, Value> {
    let mut record = Map::new();
    record.insert("genestack:accession".to_owned(), accession.into());
    if let Accepted::Table(table) = &object.content
        && let Some(values) = table.rows.get(row)
    {
        for (name, value) in table
            .columns
            .iter()
            .zip(values)
            .filter(|(_, value)| !value.is_empty())
        {
            record.insert(name.clone(), value.as_str().into());
        }
    }
    record
}

fn list(data: &[Value], total: usize, offset: usize, limit: usize) -> Reply {
    let pagination = json!({"count": data.len(), "total": total, "offset": offset, "limit": limit});
    Reply::json(json!({"meta": {"pagination": pagination}, "data": data}))
}
