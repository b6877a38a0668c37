//! Writing a matrix while it is checked: its text is read, and unpacked, once for both.
//!
//! What is written gets its name when its file has passed the check. Where the check finds an error, or something else
//! than the first rows let expect, it goes away, and the file is judged, and perhaps written, as any other.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use odmkit_columns::batch::ValueOrder;
use odmkit_columns::rows::ParsedRows;
use odmkit_diagnostics::Diagnostic;
use odmkit_export::{Container, Exporter, Layout, Sealed};

use super::{ConvertError, ConvertRequest, Fate, Target, errors_of, matrix, naming, place};
use crate::check::{CheckedFile, CheckedMatrix, Rider};

/// The matrices of one conversion that are written while they are checked.
pub(super) struct Early<'a> {
    request: &'a ConvertRequest,
    open: RefCell<Option<Open>>,
    /// Those that are written.
    done: RefCell<HashMap<Arc<str>, Done>>,
    /// Those that have their names, or were refused them.
    named: RefCell<HashMap<Arc<str>, Named>>,
    /// Outputs that were there and are kept.
    kept: RefCell<HashSet<PathBuf>>,
}

/// The matrix that is being checked.
struct Open {
    input: Arc<str>,
    output: PathBuf,
    exporter: Exporter,
    layout: Layout,
    numeric_features: Vec<bool>,
    started: Instant,
}

/// A matrix that is written and has no name yet.
pub(super) struct Done {
    output: PathBuf,
    sealed: Sealed,
    layout: Layout,
    numeric_features: Vec<bool>,
    took: Duration,
}

/// What became of a matrix that was written while it was checked.
struct Named {
    output: PathBuf,
    fate: Fate,
}

impl<'a> Early<'a> {
    /// None yet.
    pub(super) fn new(request: &'a ConvertRequest) -> Self {
        Self {
            request,
            open: RefCell::default(),
            done: RefCell::default(),
            named: RefCell::default(),
            kept: RefCell::default(),
        }
    }

    /// An output is there already and stays as it is.
    pub(super) fn keep(&self, output: PathBuf) {
        self.kept.borrow_mut().insert(output);
    }

    /// What became of an input, where that is known already.
    pub(super) fn fate(&self, input: &Arc<str>) -> Option<Fate> {
        Some(self.named.borrow_mut().remove(input)?.fate)
    }

    /// The input for which an output was written already.
    pub(super) fn holder(&self, output: &Path) -> Option<Arc<str>> {
        let named = self.named.borrow();
        let (input, _) = named.iter().find(|(_, named)| named.output == output)?;
        Some(Arc::clone(input))
    }

    /// What was written of a matrix, if it is what the check of the whole file says that it must be.
    pub(super) fn claim<'b>(
        &self,
        file: &'b CheckedFile,
        output: &Path,
    ) -> Option<(&'b CheckedMatrix, Done)> {
        let matrix = file.matrix.as_ref()?;
        let done = self.done.borrow_mut().remove(&file.report.path)?;
        let as_foreseen = done.output == output
            && done.numeric_features == matrix.summary.numeric_features
            && done.sealed.rows() == matrix.summary.rows;
        as_foreseen.then_some((matrix, done))
    }

    fn start(&self, file: &CheckedFile, matrix: &CheckedMatrix) -> Option<Open> {
        let request = self.request;
        let input = Arc::clone(&file.report.path);
        let output = naming::output(request, &input);
        let container = naming::container(request, &output);
        let others = self.done.borrow().values().any(|done| done.output == output)
            || self.holder(&output).is_some()
            || self.kept.borrow().contains(&output);
        let wanted = !request.no_check
            && !others
            && matches!(container, Container::Parquet | Container::Arrow)
            && place::is_here(&output, request);
        if !wanted {
            return None;
        }
        let mut spec = matrix::spec(file, matrix, container, request);
        // The rows are not counted yet; what a file declares is right, or it is rejected.
        spec.expected_rows = matrix.layout.declared_rows.map(|(rows, _)| rows);
        let layout = spec.layout;
        // What stands in the way is told when the file's turn comes.
        place::make_folder(request).ok()?;
        let exporter = Exporter::create(&output, spec).ok()?;
        Some(Open {
            input,
            output,
            exporter,
            layout,
            numeric_features: matrix.summary.numeric_features.clone(),
            started: Instant::now(),
        })
    }
}

impl Done {
    /// Gives the output its name, and what goes with it.
    pub(super) fn publish(
        self,
        file: &CheckedFile,
        matrix: &CheckedMatrix,
        request: &ConvertRequest,
    ) -> Result<Fate, ConvertError> {
        let started = Instant::now();
        matrix::write_beside(file, matrix, &self.output, request)?;
        let written = self.sealed.publish()?;
        Ok(Fate::Written {
            bytes: written.bytes,
            rows: written.rows,
            layout: Some(self.layout),
            text: 0,
            seconds: (self.took + started.elapsed()).as_secs_f64(),
        })
    }
}

impl Rider for Early<'_> {
    fn begin(&self, file: &CheckedFile, matrix: &CheckedMatrix) -> Option<ValueOrder> {
        let open = self.start(file, matrix)?;
        let order = open.exporter.preferred_order();
        *self.open.borrow_mut() = Some(open);
        Some(order)
    }

    fn take(&self, rows: ParsedRows) -> bool {
        let mut open = self.open.borrow_mut();
        // A value that is no number is an error: such a file is not converted.
        let goes_on = rows.text == 0
            && open
                .as_mut()
                .is_some_and(|open| rows.batch.rows == 0 || open.exporter.write(rows.batch).is_ok());
        if !goes_on {
            *open = None;
        }
        goes_on
    }

    fn end(&self, whole: bool) {
        let open = self.open.borrow_mut().take().filter(|_| whole);
        let Some(open) = open else { return };
        if let Ok(sealed) = open.exporter.seal() {
            let done = Done {
                output: open.output,
                sealed,
                layout: open.layout,
                numeric_features: open.numeric_features,
                took: open.started.elapsed(),
            };
            self.done.borrow_mut().insert(open.input, done);
        }
    }

    fn checked(&self, file: &CheckedFile, findings: &[Diagnostic]) {
        // Whether one output is enough, and whether an earlier file failed, is known at the end.
        if self.request.fail_fast || matches!(self.request.target, Target::File(_)) {
            return;
        }
        let output = naming::output(self.request, &file.report.path);
        if let Some((matrix, done)) = self.claim(file, &output)
            && errors_of(file, findings) == 0
        {
            let fate = done
                .publish(file, matrix, self.request)
                .unwrap_or_else(Fate::Failed);
            let input = Arc::clone(&file.report.path);
            self.named.borrow_mut().insert(input, Named { output, fate });
        }
    }
}

#[cfg(test)]
#[path = "early_tests.rs"]
mod tests;
