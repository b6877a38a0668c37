//! What the sandbox is told of the files that it gets: the same checks that ran before the upload.

use std::path::Path;
use std::sync::Arc;

use odmkit_core::FileKind;
use odmkit_diagnostics::{Diagnostic, Effect, Overrides, Severity};
use odmkit_engine::check::{CheckOptions, CheckOutcome, CheckRequest, CheckedFile, check};
use odmkit_engine::{NoProgress, Resources};
use odmkit_sandbox::{Accepted, ImportKind, Judge, JudgedError, ReceivedImport, Table};

/// Judges imports by odmkit's own rules.
pub(crate) struct EngineJudge {
    resources: Resources,
    /// Template, dictionaries and linking attribute of the run; what an import says of itself is added to it.
    options: CheckOptions,
}

/// How many reasons a refused import names.
const REASONS: usize = 5;

impl EngineJudge {
    /// A judge that knows the template and the dictionaries of a run.
    pub(crate) fn shared(resources: Resources, options: CheckOptions) -> Arc<dyn Judge> {
        Arc::new(Self { resources, options })
    }

    fn check(&self, file: &Path, options: CheckOptions) -> Result<CheckOutcome, Vec<JudgedError>> {
        let request = CheckRequest {
            inputs: vec![file.to_owned()],
            options,
            overrides: Overrides::new(),
            max_per_rule: REASONS,
            resources: self.resources,
        };
        let outcome = check(&request, &NoProgress).map_err(|error| {
            vec![JudgedError {
                kind: "unreadable".to_owned(),
                message: error.to_string(),
            }]
        })?;
        let reasons: Vec<JudgedError> = outcome
            .report
            .diagnostics
            .iter()
            .filter(|finding| refuses(finding))
            .take(REASONS)
            .map(reason)
            .collect();
        if reasons.is_empty() {
            Ok(outcome)
        } else {
            Err(reasons)
        }
    }
}

impl Judge for EngineJudge {
    fn judge(&self, import: &ReceivedImport) -> Result<Accepted, Vec<JudgedError>> {
        let Some(kind) = file_kind(import.kind) else {
            return Ok(Accepted::Opaque);
        };
        let parameters = &import.parameters;
        let options = CheckOptions {
            kind: Some(kind),
            feature_attributes: parameters.feature_attributes.map(u64::from),
            measurement_separator: parameters.measurement_separator.clone(),
            data_class: parameters.data_class.clone(),
            ..self.options.clone()
        };
        let outcome = self.check(&import.file, options)?;
        if let Some(metadata) = &import.metadata {
            let options = CheckOptions {
                kind: Some(FileKind::ExpressionMetadata),
                feature_attributes: None,
                measurement_separator: None,
                data_class: None,
                ..self.options.clone()
            };
            self.check(metadata, options)?;
        }
        Ok(outcome.files.first().map_or(Accepted::Opaque, accepted))
    }
}

/// What linking needs of a file.
fn accepted(file: &CheckedFile) -> Accepted {
    if let Some(table) = &file.table {
        let rows = table
            .kept
            .iter()
            .map(|column| column.values.len())
            .max()
            .unwrap_or(0);
        let value = |column: &odmkit_checks::links::KeptColumn, row: usize| {
            column
                .values
                .get(row)
                .map_or_else(String::new, |(value, _)| value.clone())
        };
        return Accepted::Table(Table {
            columns: table.kept.iter().map(|column| column.name.clone()).collect(),
            rows: (0..rows)
                .map(|row| table.kept.iter().map(|column| value(column, row)).collect())
                .collect(),
        });
    }
    match (&file.matrix, &file.columns) {
        (Some(matrix), _) => Accepted::Runs(matrix.samples.clone()),
        (None, Some(data)) => Accepted::Runs(data.columns.iter().map(|(name, _)| name.clone()).collect()),
        (None, None) => Accepted::Opaque,
    }
}

/// Whether ODM refuses a file for this.
fn refuses(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error && finding.effect == Effect::Rejected
}

fn reason(finding: &Diagnostic) -> JudgedError {
    let place = finding
        .line
        .map(|line| format!(" (line {line})"))
        .unwrap_or_default();
    JudgedError {
        kind: finding.rule.name.to_owned(),
        message: format!("{}{place}", finding.message),
    }
}

/// What an import's file is to the checks; `None` for a file that nobody looks into.
const fn file_kind(kind: ImportKind) -> Option<FileKind> {
    Some(match kind {
        ImportKind::Study => FileKind::Study,
        ImportKind::Samples => FileKind::Samples,
        ImportKind::Libraries => FileKind::Libraries,
        ImportKind::Preparations => FileKind::Preparations,
        ImportKind::Cells => FileKind::Cells,
        ImportKind::Expression => FileKind::Expression,
        ImportKind::Variant => FileKind::Variant,
        ImportKind::FlowCytometry => FileKind::FlowCytometry,
        ImportKind::Mapping => FileKind::Mapping,
        ImportKind::File => return None,
    })
}
