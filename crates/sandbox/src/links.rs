//! Link endpoints.

use axum::extract::{Path, RawQuery, State as Extract};
use axum::http::StatusCode;
use serde_json::json;

use crate::fault::LinkFault;
use crate::kind::ImportKind;
use crate::matching::{self, NoMatch};
use crate::query::Query;
use crate::reply::{Refusal, Reply};
use crate::state::{Shared, State};
use crate::world::Linked;

/// `{from}/group/{source}/to/study/{target}`
pub(crate) async fn to_study(
    Extract(state): Extract<State>,
    Path((from, source, target)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    link(&state, [&from, "study"], &source, &target, query.as_deref())
}

/// `{from}/group/{source}/to/{to}/group/{target}`
pub(crate) async fn to_group(
    Extract(state): Extract<State>,
    Path((from, source, to, target)): Path<(String, String, String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Reply, Refusal> {
    link(&state, [&from, &to], &source, &target, query.as_deref())
}

fn link(
    state: &Shared,
    words: [&str; 2],
    source: &str,
    target: &str,
    query: Option<&str>,
) -> Result<Reply, Refusal> {
    let kinds = words.map(ImportKind::from_link_word);
    let [Some(from), Some(to)] = kinds else {
        return Err(Refusal::missing("there is no such link"));
    };
    let data = matches!(
        from,
        ImportKind::Expression | ImportKind::Variant | ImportKind::FlowCytometry
    );
    let known: &[&str] = if data && to == ImportKind::Samples {
        &["linkingAttribute"]
    } else {
        &[]
    };
    let query = Query::parse(query, known)?;
    let attribute = query.text("linkingAttribute");
    // Variants and flow cytometry answer 404 where the others answer 400.
    let status = if matches!(from, ImportKind::Variant | ImportKind::FlowCytometry) {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::BAD_REQUEST
    };
    let refuse = |message: String| Refusal::new(status, message);

    let mut world = state.world();
    let absent = |kind: ImportKind, accession: &str| refuse(format!("{accession} is no {}", kind.name()));
    let from_object = world.object(source, from).ok_or_else(|| absent(from, source))?;
    let to_object = world.object(target, to).ok_or_else(|| absent(to, target))?;
    let matches = matching::matches(from_object, to_object, attribute).map_err(|problem| match problem {
        NoMatch::Kinds => refuse(format!("{} cannot be linked to {}", from.name(), to.name())),
        NoMatch::Attribute(name) => refuse(format!("no attribute {name} to link by")),
    })?;
    let total = matches.len();
    let linked = matches.iter().filter(|rows| !rows.is_empty()).count();
    if linked == 0 {
        return Err(refuse(format!(
            "none of the {total} names in {source} is found in {target}"
        )));
    }
    if to == ImportKind::Study
        && world
            .links
            .iter()
            .any(|link| link.source == source && link.target != target)
    {
        return Err(refuse(format!("{source} belongs to another study")));
    }
    let struck = state.faults.link(from);
    let told = struck.as_ref().map(|struck| struck.what);
    let linked = match told {
        Some(LinkFault::Partial(most)) => most.unwrap_or(linked / 2).clamp(1, linked),
        Some(LinkFault::Nothing) | None => linked,
    };
    if told != Some(LinkFault::Nothing) {
        world.add_link(Linked {
            source: source.to_owned(),
            target: target.to_owned(),
            attribute: attribute.map(str::to_owned),
            most: matches!(told, Some(LinkFault::Partial(_))).then_some(linked),
        })?;
    }
    let mut reply = if linked == total || told == Some(LinkFault::Nothing) {
        Reply::empty(StatusCode::NO_CONTENT)
    } else {
        Reply::json(json!({"message": format!("linked {linked} of {total}")}))
    };
    if let Some(struck) = struck {
        reply = reply.struck(struck.fault);
    }
    Ok(reply.about(Some(source.to_owned())))
}
