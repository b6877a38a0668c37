//! Writing a metadata table, typed by the template.

use std::path::{Path, PathBuf};

use odmkit_export::{ColumnType, Container, ExportError, TableColumn, TableSpec, Written, export_table};
use odmkit_formats::{Lines, fields};
use odmkit_input::{Blocks, Input, InputError, Scratch};
use odmkit_template::ValueType;

use super::{ConvertError, ConvertRequest, naming};
use crate::Progress;
use crate::check::{CheckedFile, CheckedMatrix, CheckedTable};
use crate::resources::to_usize;

/// Writes the table. It is read twice: what its columns can be is known only when all of it was seen.
pub(super) fn write(
    file: &CheckedFile,
    table: &CheckedTable,
    output: &Path,
    container: Container,
    request: &ConvertRequest,
    progress: &dyn Progress,
) -> Result<Written, ConvertError> {
    let columns = table.columns.iter().map(|(name, value_type)| TableColumn {
        name: name.clone(),
        kind: column_type(*value_type),
    });
    let spec = spec(file, columns.collect(), container, request);
    let rows = || Records::open(file, table, request, progress);
    let written = export_table(output, &spec, rows)?;
    Ok(Written {
        bytes: written.bytes,
        rows: written.rows,
    })
}

/// The records of a table, a block at a time.
struct Records<'a> {
    /// What is still to be read, or why nothing can be.
    blocks: Result<Option<Blocks>, Option<InputError>>,
    scratch: Scratch,
    ready: std::vec::IntoIter<Vec<String>>,
    progress: &'a dyn Progress,
}

impl<'a> Records<'a> {
    fn open(
        file: &CheckedFile,
        table: &CheckedTable,
        request: &ConvertRequest,
        progress: &'a dyn Progress,
    ) -> Self {
        let body = table.body.byte;
        let resources = request.resources.for_header(table.columns.len() as u64, body.0);
        let open = || {
            let mut input = Input::open(Path::new(&*file.report.path))?;
            input.head(to_usize(body.0) + 1)?;
            progress.begin(&file.report.path, input.text_bytes());
            Ok(input.into_blocks(body, resources.convert_block_bytes(), resources.longest_line()))
        };
        Self {
            blocks: open().map(Some).map_err(Some),
            scratch: Scratch::default(),
            ready: Vec::new().into_iter(),
            progress,
        }
    }

    /// Reads the next block; false at the end.
    fn fill(&mut self, blocks: &mut Blocks) -> Result<bool, InputError> {
        let Some(ticket) = blocks.draw()? else {
            self.progress.end();
            return Ok(false);
        };
        let block = self.scratch.load(ticket)?;
        self.progress.advance(block.text.len() as u64);
        let fields = |text| {
            let fields =
                fields(text).map(|(_, field)| String::from_utf8_lossy(field.trim_ascii()).into_owned());
            fields.collect::<Vec<_>>()
        };
        let mut records = Vec::new();
        let mut lines = Lines::new(block.text);
        while let Some(line) = lines.next() {
            if line.is_blank() {
                lines.pass_repeats(&line);
            } else {
                records.push(fields(line.text));
            }
        }
        self.ready = records.into_iter();
        Ok(true)
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Vec<String>, ConvertError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.ready.next() {
                return Some(Ok(record));
            }
            let mut blocks = match &mut self.blocks {
                Ok(blocks) => blocks.take()?,
                Err(error) => return error.take().map(|error| Err(error.into())),
            };
            match self.fill(&mut blocks) {
                Ok(true) => self.blocks = Ok(Some(blocks)),
                Ok(false) => return None,
                Err(error) => return Some(Err(error.into())),
            }
        }
    }
}

/// Writes the sample attributes of a GCT 1.3 file beside its matrix, one row per sample.
pub(super) fn write_sample_attributes(
    file: &CheckedFile,
    matrix: &CheckedMatrix,
    output: &Path,
    container: Container,
    request: &ConvertRequest,
) -> Result<(), ConvertError> {
    let container = if container == Container::Arrow {
        Container::Arrow
    } else {
        Container::Parquet
    };
    let mut columns = vec![TableColumn {
        name: "sample".to_owned(),
        kind: ColumnType::Text,
    }];
    columns.extend(matrix.sample_attributes.iter().map(|(name, _)| TableColumn {
        name: name.clone(),
        kind: ColumnType::Text,
    }));
    let rows = || {
        matrix.samples.iter().enumerate().map(|(index, sample)| {
            let values = matrix.sample_attributes.iter();
            let values = values.map(move |(_, values)| values.get(index).map_or("", String::as_str));
            Ok::<_, ExportError>(std::iter::once(sample.as_str()).chain(values))
        })
    };
    let mut spec = spec(file, columns, container, request);
    // Without its matrix it is what a run left that was stopped.
    spec.overwrite |= !output.exists();
    export_table(&beside(output, container), &spec, rows)?;
    Ok(())
}

/// `<stem>.columns.parquet` beside the output.
fn beside(output: &Path, container: Container) -> PathBuf {
    let stem = output
        .file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    output.with_file_name(format!("{stem}.columns.{}", naming::extension(container)))
}

fn spec(
    file: &CheckedFile,
    columns: Vec<TableColumn>,
    container: Container,
    request: &ConvertRequest,
) -> TableSpec {
    TableSpec {
        columns,
        container,
        codec: request.codec,
        overwrite: request.overwrite,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        kind: file
            .report
            .kind
            .map_or_else(String::new, |kind| kind.name().to_owned()),
        source: naming::file_name(&file.report.path),
        source_bytes: file.report.bytes,
        memory_budget: request.resources.export_bytes(),
    }
}

const fn column_type(value_type: ValueType) -> ColumnType {
    match value_type {
        ValueType::Integer => ColumnType::Integer,
        ValueType::Decimal => ColumnType::Decimal,
        ValueType::Boolean => ColumnType::Boolean,
        ValueType::DateTime => ColumnType::DateTime,
        ValueType::String | ValueType::Link => ColumnType::Text,
    }
}
