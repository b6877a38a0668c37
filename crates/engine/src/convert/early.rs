//! Writing a matrix while it is checked: its text is read, and unpacked, once for both.
//!
//! What is written has no name until the check of all files is over. Where the check finds an error, or something
//! else than the first rows let expect, it goes away, and the file is judged, and perhaps written, as any other.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use odmkit_columns::batch::ValueOrder;
use odmkit_columns::rows::ParsedRows;
use odmkit_export::{Container, Exporter, Layout, Sealed};

use super::{ConvertRequest, matrix, naming, place};
use crate::check::{CheckedFile, CheckedMatrix, Rider};

/// The matrices of one conversion that are written while they are checked.
pub(super) struct Early<'a> {
    request: &'a ConvertRequest,
    open: RefCell<Option<Open>>,
    done: RefCell<HashMap<Arc<str>, Done>>,
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
    pub(super) sealed: Sealed,
    pub(super) layout: Layout,
    numeric_features: Vec<bool>,
    pub(super) took: Duration,
}

impl<'a> Early<'a> {
    /// None yet.
    pub(super) fn new(request: &'a ConvertRequest) -> Self {
        Self {
            request,
            open: RefCell::default(),
            done: RefCell::default(),
        }
    }

    /// What was written of a matrix, if it is what the check of the whole file says that it must be.
    pub(super) fn claim(&self, file: &CheckedFile, matrix: &CheckedMatrix, output: &Path) -> Option<Done> {
        let done = self.done.borrow_mut().remove(&file.report.path)?;
        let as_foreseen = done.output == output
            && done.numeric_features == matrix.summary.numeric_features
            && done.sealed.rows() == matrix.summary.rows;
        as_foreseen.then_some(done)
    }

    fn start(&self, file: &CheckedFile, matrix: &CheckedMatrix) -> Option<Open> {
        let request = self.request;
        let input = Arc::clone(&file.report.path);
        let output = naming::output(request, &input);
        let container = naming::container(request, &output);
        let wanted = !request.no_check
            && matches!(container, Container::Parquet | Container::Arrow)
            && place::is_here(&output, request)
            && self.done.borrow().values().all(|done| done.output != output);
        if !wanted {
            return None;
        }
        let mut spec = matrix::spec(file, matrix, container, request);
        // The rows are not counted yet; what a file declares is right, or it is rejected.
        spec.expected_rows = matrix.layout.declared_rows.map(|(rows, _)| rows);
        let layout = spec.layout;
        // What stands in the way is told when the file's turn comes.
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
}
