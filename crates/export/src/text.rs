//! GCT 1.2 and tab-separated text. Numbers are the shortest text that reads back as the same number.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};

use crate::atomic::AtomicFile;
use crate::error::ExportError;
use crate::exporter::TableWriter;
use crate::ordered::Workers;
use crate::rows::{Group, Part};
use crate::schema::{MEASUREMENT, SAMPLE, VALUE};
use crate::spec::{Container, ExportSpec, Layout, ValueType};

/// Rows that a GCT is taken to have until they are counted.
const GUESS: u64 = 20_000;

/// Writes groups of rows as text.
pub(crate) struct TextWriter {
    workers: Workers<()>,
    file: AtomicFile,
    spec: Arc<ExportSpec>,
    /// The part of the head that states the number of rows.
    head: String,
    rows: u64,
}

impl TextWriter {
    /// Starts the file and writes its header.
    pub(crate) fn create(mut file: AtomicFile, spec: Arc<ExportSpec>) -> Result<Self, ExportError> {
        let head = match spec.container {
            Container::Gct => gct_head(spec.expected_rows.unwrap_or(GUESS), &spec),
            _ => String::new(),
        };
        file.put(head.as_bytes())?;
        file.put(header(&spec).as_bytes())?;
        let workers = Workers::start(spec.threads, || Ok(()))?;
        Ok(Self {
            workers,
            file,
            spec,
            head,
            rows: 0,
        })
    }
}

impl TableWriter for TextWriter {
    fn write(&mut self, groups: &[Group]) -> Result<(), ExportError> {
        let Self {
            workers,
            file,
            spec,
            rows,
            ..
        } = self;
        *rows += groups.iter().map(|group| group.rows as u64).sum::<u64>();
        workers.run(
            groups.len(),
            1,
            spec.threads + 1,
            |group, ()| {
                let mut text = Vec::new();
                groups[group]
                    .parts
                    .iter()
                    .for_each(|part| write_part(&mut text, part, spec));
                Ok(text)
            },
            |_, text| file.put(&text),
        )
    }

    fn finish(self: Box<Self>) -> Result<AtomicFile, ExportError> {
        let Self {
            mut file,
            spec,
            head,
            rows,
            ..
        } = *self;
        if spec.container == Container::Gct {
            let right = gct_head(rows, &spec);
            if right != head {
                file.replace_head(head.len() as u64, right.as_bytes())?;
            }
        }
        Ok(file)
    }
}

fn gct_head(rows: u64, spec: &ExportSpec) -> String {
    format!("#1.2\n{rows}\t{}\n", spec.meta.columns.len())
}

fn header(spec: &ExportSpec) -> String {
    let meta = &spec.meta;
    let mut names: Vec<&str> = match spec.container {
        Container::Gct => vec!["Name", "Description"],
        _ => meta
            .feature_attributes
            .iter()
            .map(|(name, _)| name.as_str())
            .collect(),
    };
    if spec.layout == Layout::Long {
        names.push(SAMPLE);
        if meta.several_measurements() {
            names.push(MEASUREMENT);
        }
        names.push(VALUE);
    } else {
        names.extend(meta.columns.iter().map(|column| column.name.as_str()));
    }
    let mut line = names.join("\t");
    line.push('\n');
    line
}

fn write_part(out: &mut Vec<u8>, part: &Part, spec: &ExportSpec) {
    let features: Vec<ArrayRef> = (0..part.block.batch.features.len())
        .map(|feature| part.feature(feature))
        .collect();
    let columns = spec.meta.columns.len();
    let values = part.row_values();
    let mut nulls = part.cell_nulls().peekable();
    let mut lead = Vec::new();
    for row in 0..part.rows {
        lead.clear();
        for (at, feature) in features.iter().enumerate() {
            if at > 0 {
                lead.push(b'\t');
            }
            write_feature(
                &mut lead,
                feature,
                row,
                spec.container == Container::Gct && at == 1,
            );
        }
        if spec.container == Container::Gct && features.len() == 1 {
            lead.extend_from_slice(b"\tNA");
        }
        if spec.layout == Layout::Wide {
            out.extend_from_slice(&lead);
        }
        for column in 0..columns {
            let cell = row * columns + column;
            let missing = nulls.next_if_eq(&cell).is_some();
            if spec.layout == Layout::Long {
                if spec.skip_zeros && !missing && values[cell] == 0.0 {
                    continue;
                }
                let key = &spec.meta.columns[column];
                out.extend_from_slice(&lead);
                let sample = Some(spec.meta.samples[key.sample].as_str());
                let measurement = spec
                    .meta
                    .several_measurements()
                    .then(|| spec.meta.measurements[key.measurement].as_str());
                let mut separated = !features.is_empty();
                for name in sample.into_iter().chain(measurement) {
                    if separated {
                        out.push(b'\t');
                    }
                    out.extend_from_slice(name.as_bytes());
                    separated = true;
                }
            }
            if spec.layout == Layout::Long || column > 0 || !features.is_empty() {
                out.push(b'\t');
            }
            if !missing {
                write_number(out, values[cell], spec.values);
            }
            if spec.layout == Layout::Long {
                out.push(b'\n');
            }
        }
        if spec.layout == Layout::Wide {
            out.push(b'\n');
        }
    }
}

/// A missing text is empty, but ODM wants a GCT's description to be there, and takes `NA`.
fn write_feature(out: &mut Vec<u8>, feature: &ArrayRef, row: usize, description: bool) {
    if feature.is_null(row) {
        if description {
            out.extend_from_slice(b"NA");
        }
    } else if let Some(texts) = feature.as_string_opt::<i32>() {
        out.extend_from_slice(texts.value(row).as_bytes());
    } else {
        write_number(
            out,
            feature.as_primitive::<Float64Type>().value(row),
            ValueType::F64,
        );
    }
}

/// Appends the shortest text that reads back as the same number; `Inf` and `-Inf` for the infinities.
pub(crate) fn write_number(out: &mut Vec<u8>, value: f64, precision: ValueType) {
    if value == 0.0 {
        out.extend_from_slice(if value.is_sign_negative() { b"-0" } else { b"0" });
        return;
    }
    let mut buffer = zmij::Buffer::new();
    let text = match precision {
        ValueType::F64 if value.is_finite() => buffer.format_finite(value),
        #[expect(clippy::cast_possible_truncation, reason = "rounding is what was asked for")]
        ValueType::F32 if (value as f32).is_finite() => buffer.format_finite(value as f32),
        _ if value.is_nan() => "NaN",
        _ if value > 0.0 => "Inf",
        _ => "-Inf",
    };
    out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
}
