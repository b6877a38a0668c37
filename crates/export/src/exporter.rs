//! Batches in, a finished file out.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use odmkit_columns::batch::{MatrixBatch, ValueOrder};

use crate::arrow::ArrowWriter;
use crate::atomic::{AtomicFile, Nameless};
use crate::error::{ExportError, Unsupported};
use crate::parquet::ParquetWriter;
use crate::plan::Plan;
use crate::rows::{Gatherer, Group};
use crate::schema::{columns_agree, has_duplicates, schema};
use crate::spec::{Codec, Container, ExportSpec, Layout};
use crate::text::TextWriter;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The size of the file.
    pub bytes: u64,
    /// The rows that were put in: features, whatever the layout.
    pub rows: u64,
}

/// Writes one file. Until [`Exporter::finish`] has returned, nothing stands under its name; an exporter that is
/// dropped, or that has failed, leaves nothing at all.
///
/// Rows are gathered into groups and encoded and written by threads of the exporter's own, while the next ones
/// arrive. The bytes of the file depend on the rows and the specification, and neither on the number of
/// threads nor on how the rows were cut into batches.
#[derive(Debug)]
pub struct Exporter {
    spec: Arc<ExportSpec>,
    order: ValueOrder,
    gatherer: Gatherer,
    sender: Option<SyncSender<Order>>,
    thread: Option<JoinHandle<Result<Option<AtomicFile>, ExportError>>>,
    rows: u64,
}

/// A file that is complete and on disk, and has no name yet. Dropping it leaves nothing behind.
#[derive(Debug)]
pub struct Sealed {
    file: Nameless,
    rows: u64,
}

impl Sealed {
    /// The rows that were put in.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Gives the file its name. Where it exists meanwhile it is refused, unless `spec.overwrite` was set.
    pub fn publish(self) -> Result<Written, ExportError> {
        Ok(Written {
            bytes: self.file.name()?,
            rows: self.rows,
        })
    }
}

/// What the writing thread is told.
enum Order {
    Write(Vec<Group>),
    Finish,
}

/// A format that takes groups of rows in order.
pub(crate) trait TableWriter: Send {
    /// Writes groups; all but the last group of a file are of the planned size.
    fn write(&mut self, groups: &[Group]) -> Result<(), ExportError>;

    /// Writes what comes last, and hands back the file.
    fn finish(self: Box<Self>) -> Result<AtomicFile, ExportError>;
}

impl Exporter {
    /// Opens an output. The target is refused when it exists, unless `spec.overwrite` is set.
    pub fn create(path: impl Into<PathBuf>, spec: ExportSpec) -> Result<Self, ExportError> {
        let path: PathBuf = path.into();
        supported(&spec)?;
        if has_duplicates(&spec) {
            return Err(Unsupported::DuplicateColumn.into());
        }
        let file = AtomicFile::create(&path, spec.overwrite)?;
        let spec = Arc::new(spec);
        let plan = Plan::new(&spec);
        let writer: Box<dyn TableWriter> = match spec.container {
            Container::Parquet => Box::new(ParquetWriter::create(file, Arc::clone(&spec))?),
            Container::Arrow => Box::new(ArrowWriter::create(file, schema(&spec), Arc::clone(&spec))?),
            Container::Gct | Container::Tsv => Box::new(TextWriter::create(file, Arc::clone(&spec))?),
        };
        // One flight is encoded while the next is gathered; the channel itself holds none.
        let (sender, receiver) = sync_channel(0);
        let thread = thread::Builder::new()
            .name("odmkit-write".to_owned())
            .spawn(move || run(writer, &receiver))
            .map_err(|error| ExportError::io("write", &path, error))?;
        Ok(Self {
            order: plan.order,
            gatherer: Gatherer::new(plan.rows_per_group, plan.text_per_group, plan.groups_per_flight),
            spec,
            sender: Some(sender),
            thread: Some(thread),
            rows: 0,
        })
    }

    /// The order of values that this exporter takes without turning them.
    pub const fn preferred_order(&self) -> ValueOrder {
        self.order
    }

    /// Takes the next rows. Returns when they are gathered, or, when the writer is behind, when it has caught up.
    pub fn write(&mut self, batch: MatrixBatch) -> Result<(), ExportError> {
        self.judge(&batch)?;
        self.rows += batch.rows as u64;
        let Self { gatherer, sender, .. } = self;
        let sent = gatherer.push(batch.into_order(self.order), |groups| match sender {
            Some(sender) => sender.send(Order::Write(groups)).map_err(drop),
            None => Err(()),
        });
        sent.or_else(|()| self.stop().map(drop))
    }

    /// Writes the rest, forces everything to disk and gives the file its name.
    pub fn finish(self) -> Result<Written, ExportError> {
        self.seal()?.publish()
    }

    /// Writes the rest and forces everything to disk; the file gets its name when it is published.
    pub fn seal(mut self) -> Result<Sealed, ExportError> {
        let last = self.gatherer.finish();
        if let Some(sender) = &self.sender {
            // A thread that stopped early says why when it is joined.
            let _ = sender
                .send(Order::Write(last))
                .and_then(|()| sender.send(Order::Finish));
        }
        let file = self.stop()?.ok_or(ExportError::Panicked)?;
        Ok(Sealed {
            file: file.seal()?,
            rows: self.rows,
        })
    }

    fn judge(&self, batch: &MatrixBatch) -> Result<(), ExportError> {
        let meta = &self.spec.meta;
        let cells = batch.rows * meta.columns.len();
        let checks = [
            ("value columns", meta.columns.len(), batch.columns),
            (
                "feature columns",
                meta.feature_attributes.len(),
                batch.features.len(),
            ),
            ("values", cells, batch.values.len()),
        ];
        if let Some((what, expected, found)) =
            checks.into_iter().find(|(_, expected, found)| expected != found)
        {
            return Err(ExportError::Shape {
                what,
                expected,
                found,
            });
        }
        for (feature, (_, number)) in batch.features.iter().zip(&meta.feature_attributes) {
            if feature.len() != batch.rows {
                return Err(ExportError::Shape {
                    what: "rows",
                    expected: batch.rows,
                    found: feature.len(),
                });
            }
            let kind = if *number {
                arrow_schema::DataType::Float64
            } else {
                arrow_schema::DataType::Utf8
            };
            if *feature.data_type() != kind {
                return Err(Unsupported::FeatureType.into());
            }
        }
        Ok(())
    }

    /// Ends the writing thread. An error here is the reason why it stopped early.
    fn stop(&mut self) -> Result<Option<AtomicFile>, ExportError> {
        self.sender = None;
        match self.thread.take() {
            Some(thread) => thread.join().unwrap_or(Err(ExportError::Panicked)),
            None => Err(ExportError::Panicked),
        }
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        // The unfinished file goes with the thread.
        let _ = self.stop();
    }
}

/// The life of the writing thread. Told to finish, it hands back the complete file.
fn run(
    mut writer: Box<dyn TableWriter>,
    orders: &Receiver<Order>,
) -> Result<Option<AtomicFile>, ExportError> {
    for order in orders {
        match order {
            Order::Write(groups) => writer.write(&groups)?,
            Order::Finish => return writer.finish().map(Some),
        }
    }
    Ok(None)
}

/// Refuses what no file can hold before one is opened.
fn supported(spec: &ExportSpec) -> Result<(), ExportError> {
    let text = matches!(spec.container, Container::Gct | Container::Tsv);
    let refused = match (spec.container, spec.layout, spec.codec) {
        (Container::Arrow, _, Codec::Snappy) => Some(Unsupported::SnappyInArrow),
        (_, Layout::Matrix, _) if text => Some(Unsupported::MatrixAsText),
        (Container::Gct, Layout::Long, _) => Some(Unsupported::LongAsGct),
        (Container::Gct, _, _) if !(1..=2).contains(&spec.meta.feature_attributes.len()) => {
            Some(Unsupported::GctFeatures(spec.meta.feature_attributes.len()))
        }
        (_, Layout::Long | Layout::Matrix, _) if spec.meta.columns.is_empty() => Some(Unsupported::NoValues),
        (_, _, Codec::Zstd(level)) if !(1..=22).contains(&level) => Some(Unsupported::ZstdLevel(level)),
        _ if spec.tile.is_some() && spec.layout != Layout::Matrix => Some(Unsupported::Tile),
        _ if spec.skip_zeros && spec.layout != Layout::Long => Some(Unsupported::SkipZeros),
        _ if !columns_agree(&spec.meta) => Some(Unsupported::ColumnKeys),
        _ => None,
    };
    refused.map_or(Ok(()), |unsupported| Err(unsupported.into()))
}
