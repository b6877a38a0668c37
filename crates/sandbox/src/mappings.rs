//! Cross-references from transcripts to genes: made at once, without a job, and linked by the generic endpoint.

use axum::extract::{Path, RawQuery, State as Extract};
use axum::http::StatusCode;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::fetch::{self, Way};
use crate::judge::{Accepted, Parameters, ReceivedImport, Table};
use crate::kind::ImportKind;
use crate::query::Query;
use crate::reply::{Refusal, Reply};
use crate::state::State;
use crate::time;
use crate::world::Linked;

const EXPRESSION: &str = "expressionGroup";
const MAPPING: &str = "geneTranscriptMapping";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    xref_set_type: String,
    data_link: String,
    #[serde(default)]
    metadata: Map<String, Value>,
    /// Sent on the older paths; the link says it as well.
    #[serde(default, rename = "dataSource")]
    _data_source: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Pair {
    first_id: String,
    first_type: String,
    second_id: String,
    second_type: String,
}

/// `POST xrefsets`
pub(crate) async fn make(
    Extract(state): Extract<State>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Reply, Refusal> {
    Query::parse(query.as_deref(), &[])?;
    let wanted: Wanted = parsed(&body)?;
    if wanted.xref_set_type != "gene-transcript" {
        return Err(Refusal::bad("xrefSetType is gene-transcript"));
    }
    if !matches!(fetch::way(&wanted.data_link), Some(Way::Http | Way::S3)) {
        return Err(Refusal::bad("dataLink is no http, https or s3 link"));
    }
    let number = state.next_mapping();
    let folder = state.config.data.join("files").join(format!("mapping-{number}"));
    let refused =
        |reason: crate::judge::JudgedError| Refusal::bad(format!("{}: {}", reason.kind, reason.message));
    let file = fetch::fetch(&state, Some(&wanted.data_link), &folder)
        .await
        .map_err(refused)?;
    let import = ReceivedImport {
        kind: ImportKind::Mapping,
        file,
        metadata: None,
        parameters: Parameters::default(),
    };
    let judge = State::clone(&state);
    tokio::task::spawn_blocking(move || judge.config.judge.judge(&import))
        .await
        .map_err(|_| Refusal::bad("the sandbox failed at judging this file"))?
        .map_err(|mut reasons| refused(reasons.swap_remove(0)))?;
    // What is kept with it is a table of one record.
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let kept = Table {
        columns: wanted.metadata.keys().cloned().collect(),
        rows: vec![wanted.metadata.values().map(text).collect()],
    };
    let accession = state
        .world()
        .add_object(ImportKind::Mapping, Accepted::Table(kept))?;
    let reply = json!({
        "xrefSetId": accession,
        "createdBy": "sandbox",
        "createdDate": time::milliseconds(),
        "lastUpdated": time::milliseconds(),
        "xrefSetType": "gene-transcript",
        "metadata": wanted.metadata,
        "warnings": [],
    });
    Ok(Reply::json(reply).about(Some(accession)))
}

/// `GET xrefsets/{id}/metadata`
pub(crate) async fn metadata(
    Extract(state): Extract<State>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    Query::parse(query.as_deref(), &[])?;
    let world = state.world();
    let mapping = world
        .object(&id, ImportKind::Mapping)
        .ok_or_else(|| Refusal::missing(format!("there is no cross-reference {id}")))?;
    let mut kept = Map::new();
    if let Accepted::Table(table) = &mapping.content {
        let values = table.rows.iter().flatten();
        let pairs = table.columns.iter().cloned().zip(values);
        kept.extend(pairs.map(|(name, value)| (name, value.as_str().into())));
    }
    let reply = json!({"xrefSetId": id, "createdBy": "sandbox", "data": kept});
    Ok(Reply::json(reply).about(Some(id)))
}

/// `POST links`
pub(crate) async fn link(
    Extract(state): Extract<State>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Reply, Refusal> {
    Query::parse(query.as_deref(), &[])?;
    let pairs: Vec<Pair> = parsed(&body)?;
    let mut world = state.world();
    let mut known = true;
    for pair in &pairs {
        if (pair.first_type.as_str(), pair.second_type.as_str()) != (EXPRESSION, MAPPING) {
            return Err(Refusal::bad(
                "the sandbox links an expressionGroup to a geneTranscriptMapping, and nothing else",
            ));
        }
        for (id, kind) in [
            (&pair.first_id, ImportKind::Expression),
            (&pair.second_id, ImportKind::Mapping),
        ] {
            if world.object(id, kind).is_none() {
                return Err(Refusal::bad(format!("{id} is no {}", kind.name())));
            }
        }
        known &= world
            .links
            .iter()
            .any(|link| link.source == pair.first_id && link.target == pair.second_id);
        world.add_link(Linked {
            source: pair.first_id.clone(),
            target: pair.second_id.clone(),
            attribute: None,
            most: None,
        })?;
    }
    let status = if known {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok(Reply::empty(status).about(pairs.into_iter().next().map(|pair| pair.first_id)))
}

/// `GET links`: what an object is linked to by the generic endpoint.
pub(crate) async fn links(
    Extract(state): Extract<State>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    const KNOWN: [&str; 6] = [
        "firstId",
        "firstType",
        "secondId",
        "secondType",
        "offset",
        "limit",
    ];
    let query = Query::parse(query.as_deref(), &KNOWN)?;
    let first = query
        .text("firstId")
        .ok_or_else(|| Refusal::bad("firstId is required"))?;
    for (name, only) in [("firstType", EXPRESSION), ("secondType", MAPPING)] {
        if query.text(name).is_some_and(|given| given != only) {
            return Err(Refusal::bad(format!(
                "{name} is {only}: the sandbox knows no other links"
            )));
        }
    }
    let number = |name: &str, default: usize| match query.text(name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .map_err(|_| Refusal::bad(format!("{name} is a number, not {text}"))),
    };
    let (offset, limit) = (number("offset", 0)?, number("limit", 2000)?);
    let world = state.world();
    let linked = |link: &&Linked| {
        let wanted = query.text("secondId").is_none_or(|second| second == link.target);
        link.source == first && wanted && world.object(&link.target, ImportKind::Mapping).is_some()
    };
    let all: Vec<Value> = world
        .links
        .iter()
        .filter(linked)
        .map(|link| {
            json!({
                "firstId": link.source, "firstType": EXPRESSION,
                "secondId": link.target, "secondType": MAPPING,
            })
        })
        .collect();
    let total = all.len();
    let data: Vec<Value> = all.into_iter().skip(offset).take(limit).collect();
    let pagination = json!({"count": data.len(), "total": total, "offset": offset, "limit": limit});
    let list = json!({"meta": {"pagination": pagination}, "data": data});
    Ok(Reply::json(list).about(Some(first.to_owned())))
}

fn parsed<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::bad(format!("the body cannot be read: {error}")))
}
