//! Checking files, each by itself and all of them together.

mod awaiting;
mod endings;
mod facs;
pub(crate) mod file;
mod frames;
mod header;
mod judge;
mod mapping;
mod matrix;
mod metadata;
mod rider;
mod run;
mod stated;
mod together;
mod vcf;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use odmkit_checks::links::{LinkSummary, Links};
use odmkit_checks::sources::{self, StudyFile};
use odmkit_core::FileKind;
use odmkit_diagnostics::{Collector, Overrides, Sink};
use odmkit_report::{LinkReport, Report};
use odmkit_study::{Content, Study};

pub use file::{CheckedFile, CheckedMatrix, CheckedPlain, CheckedTable};
pub(crate) use judge::Judge;
pub(crate) use rider::{Along, Rider};

use self::stated::Stated;
use crate::fix::promise;
use crate::study::gather;
use crate::{EngineError, Progress, Resources};

/// What the user says of the files.
#[derive(Debug, Clone, Default)]
pub struct CheckOptions {
    /// What every file is, where it is not to be found out.
    pub kind: Option<FileKind>,
    /// The template to judge by.
    pub template: Option<PathBuf>,
    /// Dictionaries by name.
    pub dictionaries: Vec<(String, PathBuf)>,
    /// A folder of dictionaries, each named by its file stem.
    pub dictionary_folder: Option<PathBuf>,
    /// The number of feature columns of data frames.
    pub feature_attributes: Option<u64>,
    /// What stands between sample and measurement in their column names.
    pub measurement_separator: Option<String>,
    /// The data class of data files.
    pub data_class: Option<String>,
    /// The attribute by which data hangs on samples.
    pub link_attribute: Option<String>,
    /// The kinds of which a group is in ODM already, beside what the study says.
    pub elsewhere: Vec<FileKind>,
}

/// A check to be made.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    /// Files, folders, manifests.
    pub inputs: Vec<PathBuf>,
    /// What the user says of them.
    pub options: CheckOptions,
    /// Which findings are raised, lowered or silenced.
    pub overrides: Overrides,
    /// How many findings of a rule are shown for a file.
    pub max_per_rule: usize,
    /// Threads and memory.
    pub resources: Resources,
}

/// What a check gave.
#[derive(Debug)]
pub struct CheckOutcome {
    /// The report.
    pub report: Report,
    /// How data and tables hang together.
    pub links: Vec<LinkSummary>,
    /// What was learnt of each file beside what the report says, in the order of the report's files.
    pub files: Vec<CheckedFile>,
    /// The studies that the inputs stand for.
    pub studies: Vec<Study>,
}

/// Checks files, each by itself and all of one study together.
///
/// # Errors
///
/// Where a folder or a manifest cannot be read. What is wrong with the files themselves is in the report.
pub fn check(request: &CheckRequest, progress: &dyn Progress) -> Result<CheckOutcome, EngineError> {
    check_but(request, &|_| false, Along::Nothing, progress)
}

/// Checks files but for those that are to be left, and takes something of the rows of matrices along.
pub(crate) fn check_but(
    request: &CheckRequest,
    leave: &dyn Fn(&str) -> bool,
    along: Along<'_>,
    progress: &dyn Progress,
) -> Result<CheckOutcome, EngineError> {
    let started = Instant::now();
    let studies = gather(&request.inputs)?;
    let mut sink = Collector::new(request.overrides.clone(), request.max_per_rule);
    let mut files: Vec<CheckedFile> = Vec::new();
    let mut links = Vec::new();
    for study in &studies {
        let mut sink = Stated::new(study, &mut sink);
        let judge = match along {
            Along::Nothing => Judge::new(&request.options, study, &mut sink),
            // What is not asked for a verdict would be silent about a template that is not there.
            Along::Rows(_) | Along::Values => Judge::sure(&request.options, study)?,
        };
        let first = files.len();
        // Names alone tell this. When a file has been checked after it, only its links are left to be judged.
        sources::check(&study_files(study), &mut sink);
        together::check(study, &request.options.elsewhere, &mut sink);
        for entity in &study.entities {
            if let Some(path) = entity.file().filter(|path| !leave(path)) {
                let before = files.get(first..).unwrap_or_default();
                let (entity, what) = (Some(entity), (along, before));
                let checked = file::check(path, entity, &judge, request, what, progress, &mut sink)?;
                files.push(checked);
                if let (Along::Rows(rider), Some(file)) = (along, files.last()) {
                    rider.checked(file, sink.shown());
                }
            }
            if let Some(metadata) = entity
                .metadata
                .as_ref()
                .filter(|metadata| !leave(metadata.as_str()))
            {
                files.push(file::check_described(
                    metadata.as_str(),
                    entity,
                    &judge,
                    request,
                    progress,
                    &mut sink,
                )?);
            }
        }
        for skipped in study.skipped.iter().filter(|skipped| skipped.expected) {
            let before = files.get(first..).unwrap_or_default();
            let (path, what) = (&skipped.path, (along, before));
            let checked = file::check(path, None, &judge, request, what, progress, &mut sink)?;
            files.push(checked);
        }
        let elsewhere = &request.options.elsewhere;
        let found = check_links(study, elsewhere, &mut files[first..], &judge, &mut sink);
        awaiting::tell(&mut files[first..], &found, &mut sink);
        links.extend(found);
    }
    let order: Vec<Arc<str>> = files.iter().map(|file| Arc::clone(&file.report.path)).collect();
    let truncated = files.iter().any(|file| file.truncated);
    let reports: Vec<_> = files
        .iter()
        .map(|file| odmkit_report::FileReport {
            whole: !file.truncated,
            ..file.report.clone()
        })
        .collect();
    let mut found = sink.finish(&order);
    promise::take_back(&files, &mut found.diagnostics);
    frames::place_advice(&reports, &request.inputs, &mut found.diagnostics);
    let report = Report::new(
        reports,
        links.iter().map(link_report).collect(),
        found,
        truncated,
        started.elapsed().as_secs_f64(),
    );
    Ok(CheckOutcome {
        report,
        links,
        files,
        studies,
    })
}

/// The data files and attachments of a study.
fn study_files(study: &Study) -> Vec<StudyFile> {
    let label = |location: &str| Arc::from(odmkit_input::label(location));
    let data = study.data().filter_map(|entity| {
        Some(StudyFile {
            path: label(entity.file()?),
            metadata: entity.metadata.as_ref().map(|metadata| label(metadata.as_str())),
        })
    });
    let attached = study.attachments.iter().map(|attachment| StudyFile {
        path: label(attachment.file.as_str()),
        metadata: attachment
            .metadata
            .as_ref()
            .map(|metadata| label(metadata.as_str())),
    });
    data.chain(attached).collect()
}

fn link_report(link: &LinkSummary) -> LinkReport {
    LinkReport {
        from: Arc::clone(&link.from),
        from_kind: link.from_kind,
        to: link.to.clone(),
        to_kind: link.to_kind,
        attribute: link.attribute.clone(),
        names: link.names as u64,
        matched: link.linked as u64,
        unmatched: (link.names - link.linked) as u64,
        unnamed: link.without as u64,
        unmatched_names: link.unknown_names.clone(),
        unnamed_records: link.unnamed_records.clone(),
    }
}

/// The kinds of which a group is in ODM, or in a table that could not be read: what is wrong with that is told, and that its
/// ids are not known is no second fault.
fn not_known_here(study: &Study, elsewhere: &[FileKind], files: &[CheckedFile]) -> Vec<FileKind> {
    let is_read = |path: &str| {
        let path = odmkit_input::label(path);
        files
            .iter()
            .any(|file| *file.report.path == *path && file.table.is_some())
    };
    let is_here = |content: &Content| match content {
        Content::Accession(_) => false,
        Content::File(path) => is_read(path.as_str()),
    };
    let entities = study.entities.iter().filter(|entity| !is_here(&entity.content));
    let not_taken = study.skipped.iter().filter(|skipped| skipped.expected);
    entities
        .map(|entity| entity.kind)
        .chain(not_taken.filter_map(odmkit_study::Skipped::meant))
        .filter(|kind| kind.key_attribute().is_some())
        .chain(elsewhere.iter().copied())
        .collect()
}

fn check_links(
    study: &Study,
    elsewhere: &[FileKind],
    files: &mut [CheckedFile],
    judge: &Judge,
    sink: &mut dyn Sink,
) -> Vec<LinkSummary> {
    let elsewhere = not_known_here(study, elsewhere, files);
    let data_missing = files
        .iter()
        .any(|file| file.columns.is_none() && file.report.kind.is_none_or(FileKind::is_data));
    // They may be large: they are lent, and not copied.
    let lent: Vec<(bool, bool)> = files
        .iter()
        .map(|file| (file.table.is_some(), file.columns.is_some()))
        .collect();
    let tables: Vec<_> = files.iter_mut().filter_map(|file| file.table.take()).collect();
    let data: Vec<_> = files.iter_mut().filter_map(|file| file.columns.take()).collect();
    let links = Links {
        tables: &tables,
        data: &data,
        elsewhere: &elsewhere,
        data_missing,
        sample_attributes: judge.sample_attributes(),
    };
    let found = links.check(sink);
    let (mut tables, mut data) = (tables.into_iter(), data.into_iter());
    for (file, (table, columns)) in files.iter_mut().zip(lent) {
        file.table = if table { tables.next() } else { None };
        file.columns = if columns { data.next() } else { None };
    }
    found
}
