//! Imports of files that are sent along.

use std::path::{Path as FilePath, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::multipart::{Field, Multipart, MultipartRejection};
use axum::extract::{Path, RawQuery, State as Extract};
use axum::http::StatusCode;

use crate::disk::{self, KeepError};
use crate::imports;
use crate::jobs;
use crate::judge::Parameters;
use crate::kind::ImportKind;
use crate::query::Query;
use crate::reply::{Refusal, Reply};
use crate::state::{Shared, State};
use crate::world::Sources;

const LONGEST_TEXT: usize = 64 << 10;

static UPLOADS: AtomicU64 = AtomicU64::new(0);

pub(crate) async fn multipart(
    Extract(state): Extract<State>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Reply, Refusal> {
    let kind = imports::import_kind(&kind)?;
    if kind == ImportKind::Study {
        return Err(Refusal::missing("a study cannot be uploaded; import it by link"));
    }
    Query::parse(query.as_deref(), &[])?;
    let form = form.map_err(|error| Refusal::new(error.status(), error.body_text()))?;
    let number = UPLOADS.fetch_add(1, Ordering::Relaxed);
    let incoming = state
        .config
        .data
        .join("files")
        .join(format!("incoming-{}-{number}", std::process::id()));
    let received = receive(&state, kind, form, &incoming).await;
    let reply = match received {
        Ok(received) => accept(&state, kind, received, &incoming),
        Err(refusal) => Err(refusal),
    };
    if reply.is_err() {
        // Nothing was taken: what arrived of it goes. It may not be there at all.
        let _ = tokio::fs::remove_dir_all(&incoming).await;
    }
    reply
}

#[derive(Default)]
struct Received {
    file: Option<PathBuf>,
    metadata: Option<PathBuf>,
    parameters: Parameters,
}

async fn receive(
    state: &Shared,
    kind: ImportKind,
    mut form: Multipart,
    folder: &FilePath,
) -> Result<Received, Refusal> {
    let mut received = Received::default();
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|error| Refusal::bad(error.body_text()))?
    {
        let name = field.name().unwrap_or_default().to_owned();
        if received.file.is_some() {
            return Err(Refusal::bad(format!(
                "{name} comes after file: file must be the last part"
            )));
        }
        if !known(kind).contains(&name.as_str()) {
            return Err(Refusal::bad(format!(
                "an upload of {} takes no {name}",
                kind.name()
            )));
        }
        let parameters = &mut received.parameters;
        match name.as_str() {
            "file" => received.file = Some(store(state, folder, field).await?),
            "metadataFile" => received.metadata = Some(store(state, &folder.join("metadata"), field).await?),
            "templateId" => parameters.template = Some(text(field).await?),
            "previousVersion" => parameters.previous_version = Some(text(field).await?),
            "dataClass" => parameters.data_class = Some(text(field).await?),
            "measurementSeparator" => parameters.measurement_separator = Some(text(field).await?),
            "numberOfFeatureAttributes" => {
                let number = text(field).await?.trim().parse();
                parameters.feature_attributes =
                    Some(number.map_err(|_| Refusal::bad("numberOfFeatureAttributes is a whole number"))?);
            }
            _ => parameters.study = Some(text(field).await?),
        }
    }
    if received.file.is_none() {
        return Err(Refusal::bad("the part file is required"));
    }
    imports::check(state, kind, &received.parameters)?;
    Ok(received)
}

fn accept(
    state: &State,
    kind: ImportKind,
    received: Received,
    incoming: &FilePath,
) -> Result<Reply, Refusal> {
    let job = {
        let mut world = state.world();
        let folder = state.folder(world.next_job());
        std::fs::rename(incoming, &folder)?;
        let moved = |path: PathBuf| match path.strip_prefix(incoming) {
            Ok(inner) => folder
                .join(inner)
                .strip_prefix(&state.config.data)
                .map(FilePath::to_owned)
                .unwrap_or(path),
            Err(_) => path,
        };
        let data = received.file.map(&moved).unwrap_or_default();
        let sources = Sources::Files {
            data,
            metadata: received.metadata.map(&moved),
        };
        world.add_job(kind, sources, received.parameters)?
    };
    jobs::start(state, job.id);
    Ok(Reply::json(jobs::info_of(&job)).about_job(job.id))
}

fn known(kind: ImportKind) -> &'static [&'static str] {
    match kind {
        ImportKind::Study | ImportKind::Mapping => &[],
        ImportKind::Samples | ImportKind::Libraries | ImportKind::Preparations => {
            &["studyId", "templateId", "file"]
        }
        ImportKind::Cells => &["studyId", "file"],
        ImportKind::Expression => &[
            "studyId",
            "templateId",
            "previousVersion",
            "numberOfFeatureAttributes",
            "dataClass",
            "measurementSeparator",
            "metadataFile",
            "file",
        ],
        ImportKind::Variant | ImportKind::FlowCytometry => {
            &["studyId", "templateId", "previousVersion", "metadataFile", "file"]
        }
        ImportKind::File => &["studyAccession", "dataClass", "metadataFile", "file"],
    }
}

async fn store(state: &Shared, folder: &FilePath, field: Field<'_>) -> Result<PathBuf, Refusal> {
    let name = field.file_name().unwrap_or_default().to_owned();
    disk::keep(folder, &name, state.config.largest_file, Box::pin(field))
        .await
        .map_err(|error| match error {
            KeepError::TooLarge(_) => Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, error.to_string()),
            KeepError::Source(_) => Refusal::bad(error.to_string()),
            KeepError::Disk(error) => Refusal::ours(&error),
        })
}

async fn text(mut field: Field<'_>) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field
        .chunk()
        .await
        .map_err(|error| Refusal::bad(error.body_text()))?
    {
        if bytes.len() + chunk.len() > LONGEST_TEXT {
            return Err(Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "a text part is too long",
            ));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| Refusal::bad("a text part is not UTF-8"))
}
