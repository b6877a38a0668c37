//! Imports by link.

use axum::extract::{Path, RawQuery, State as Extract};
use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Map, Value};

use crate::digest;
use crate::fetch;
use crate::jobs;
use crate::judge::Parameters;
use crate::kind::ImportKind;
use crate::query::Query;
use crate::reply::{Refusal, Reply};
use crate::state::{Shared, State};
use crate::world::{Job, Link, Sources};

pub(crate) async fn by_link(
    Extract(state): Extract<State>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Reply, Refusal> {
    let kind = import_kind(&kind)?;
    let known: &[&str] = if kind == ImportKind::File {
        &[]
    } else {
        &["allow_dups"]
    };
    let allow_dups = Query::parse(query.as_deref(), known)?.flag("allow_dups")?;
    let mut fields = Fields::parse(kind, &body)?;

    let link_key = if kind.is_metadata() {
        "metadataLink"
    } else {
        "dataLink"
    };
    let data = fields
        .link(link_key)?
        .ok_or_else(|| Refusal::bad(format!("{link_key} is required")))?;
    let metadata = if kind.is_metadata() {
        None
    } else {
        fields.link("metadataLink")?
    };
    let parameters = Parameters {
        template: fields.text("templateId")?,
        feature_attributes: fields.number("numberOfFeatureAttributes")?,
        data_class: fields.text("dataClass")?,
        measurement_separator: fields.text("measurementSeparator")?,
        previous_version: fields.text("previousVersion")?,
        study: fields.text("studyAccession")?,
    };
    check(&state, kind, &parameters)?;

    let identity = identity(kind, &data, metadata.as_deref());
    let struck = if allow_dups {
        None
    } else {
        state.faults.old_job(kind)
    };
    let job = {
        let mut world = state.world();
        if !allow_dups && let Some(old) = world.same_links(&identity) {
            return Err(exists(old));
        }
        let sources = Sources::Links {
            identity,
            data: Link(Some(data)),
            metadata: metadata.map(|link| Link(Some(link))),
        };
        world.add_job(kind, sources, parameters)?
    };
    jobs::start(&state, job.id);
    if let Some(struck) = struck {
        // Somebody else imported the same links a moment ago.
        let mut refusal = exists(&job);
        refusal.noted.faults.push(struck.fault);
        return Err(refusal);
    }
    Ok(Reply::json(jobs::info_of(&job)).about_job(job.id))
}

/// What is said to an import of links that a job has imported before.
fn exists(old: &Job) -> Refusal {
    let message = format!(
        "A job instance already exists and is bound to the same links, jobExecId={}",
        old.id
    );
    let mut refusal = Refusal::new(StatusCode::CONFLICT, message);
    refusal.noted.job = Some(old.id);
    refusal.noted.accession.clone_from(&old.accession);
    refusal
}

/// The kind that an endpoint's path names.
pub(crate) fn import_kind(name: &str) -> Result<ImportKind, Refusal> {
    ImportKind::from_name(name)
        .filter(|kind| *kind != ImportKind::Mapping)
        .ok_or_else(|| Refusal::missing("there is no such import"))
}

/// Checks what does not need the files.
pub(crate) fn check(state: &Shared, kind: ImportKind, parameters: &Parameters) -> Result<(), Refusal> {
    let world = state.world();
    if kind == ImportKind::File {
        if parameters.data_class.is_none() {
            return Err(Refusal::bad("dataClass is required"));
        }
        if parameters.study.is_none() {
            return Err(Refusal::bad("studyAccession is required"));
        }
    }
    if let Some(study) = &parameters.study
        && world.object(study, ImportKind::Study).is_none()
    {
        return Err(Refusal::bad(format!("there is no study {study}")));
    }
    if let Some(previous) = &parameters.previous_version
        && world.object(previous, kind).is_none()
    {
        return Err(Refusal::bad(format!(
            "there is no {} group {previous}",
            kind.name()
        )));
    }
    Ok(())
}

struct Fields(Map<String, Value>);

impl Fields {
    fn parse(kind: ImportKind, body: &[u8]) -> Result<Self, Refusal> {
        let known: &[&str] = match kind {
            ImportKind::Study | ImportKind::Samples | ImportKind::Libraries | ImportKind::Preparations => {
                &["metadataLink", "templateId", "source"]
            }
            ImportKind::Cells => &["dataLink"],
            ImportKind::Expression => &[
                "dataLink",
                "metadataLink",
                "templateId",
                "previousVersion",
                "numberOfFeatureAttributes",
                "dataClass",
                "measurementSeparator",
                "source",
            ],
            ImportKind::Variant | ImportKind::FlowCytometry => &[
                "dataLink",
                "metadataLink",
                "templateId",
                "previousVersion",
                "source",
            ],
            ImportKind::Mapping => &[],
            ImportKind::File => &[
                "dataLink",
                "studyAccession",
                "dataClass",
                "metadataLink",
                "source",
            ],
        };
        let fields = match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) => return Err(Refusal::bad("the body is JSON, but no object")),
            Err(error) => return Err(Refusal::bad(format!("the body is not JSON: {error}"))),
        };
        if let Some(unknown) = fields.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(Refusal::bad(format!(
                "an import of {} takes no {unknown}",
                kind.name()
            )));
        }
        Ok(Self(fields))
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Refusal::bad(format!("{name} is a text"))),
        }
    }

    fn link(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        let link = self.text(name)?;
        if let Some(link) = &link
            && fetch::way(link).is_none()
        {
            return Err(Refusal::bad(format!("{name} is no http, https, s3 or file link")));
        }
        Ok(link)
    }

    /// A number, or, as the official command line sends it, the text of one.
    fn number(&mut self, name: &str) -> Result<Option<u32>, Refusal> {
        let number = match self.0.remove(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Number(number)) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        number
            .map(Some)
            .ok_or_else(|| Refusal::bad(format!("{name} is a whole number")))
    }
}

/// Stands for the links of an import when it comes to duplicates, without being them.
fn identity(kind: ImportKind, data: &str, metadata: Option<&str>) -> String {
    digest::digest(
        &[
            kind.name().as_bytes(),
            data.as_bytes(),
            metadata.unwrap_or_default().as_bytes(),
        ],
        16,
    )
}
