//! Writing a metadata table, typed by the template.

use std::path::{Path, PathBuf};

use odmkit_core::ByteOffset;
use odmkit_export::{ColumnType, Container, TableColumn, TableSpec, Written, export_table};
use odmkit_formats::{Lines, fields};
use odmkit_input::{Input, InputError, Scratch};
use odmkit_template::ValueType;

use super::{ConvertError, ConvertRequest, naming};
use crate::Progress;
use crate::check::{CheckedFile, CheckedMatrix, CheckedTable};
use crate::resources::to_usize;

/// Writes the table; its texts are held in memory.
pub(super) fn write(
    file: &CheckedFile,
    table: &CheckedTable,
    output: &Path,
    container: Container,
    request: &ConvertRequest,
    progress: &dyn Progress,
) -> Result<Written, ConvertError> {
    // The whole text is read before anything is written: an output of half a table must not come to be.
    let blocks = read(file, table, request, progress)?;
    let rows = blocks
        .iter()
        .flat_map(|block| Lines::new(block))
        .filter(|line| !line.is_blank());
    let rows = rows.map(|line| {
        fields(line.text)
            .map(|(_, field)| String::from_utf8_lossy(field.trim_ascii()).into_owned())
            .collect::<Vec<_>>()
    });
    let columns = table.columns.iter().map(|(name, value_type)| TableColumn {
        name: name.clone(),
        kind: column_type(*value_type),
    });
    let spec = spec(file, columns.collect(), container, request);
    let written = export_table(output, &spec, rows)?;
    Ok(Written {
        bytes: written.bytes,
        rows: written.rows,
    })
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
    let rows = matrix.samples.iter().enumerate().map(|(index, sample)| {
        let values = matrix.sample_attributes.iter();
        std::iter::once(sample.as_str())
            .chain(values.map(move |(_, values)| values.get(index).map_or("", String::as_str)))
    });
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

fn read(
    file: &CheckedFile,
    table: &CheckedTable,
    request: &ConvertRequest,
    progress: &dyn Progress,
) -> Result<Vec<Vec<u8>>, InputError> {
    let mut input = Input::open(Path::new(&*file.report.path))?;
    let body = to_usize(table.body.byte.0);
    input.head(body + 1)?;
    progress.begin(&file.report.path, input.text_bytes());
    let resources = &request.resources;
    let mut blocks = input.into_blocks(
        ByteOffset(table.body.byte.0),
        resources.convert_block_bytes(),
        resources.longest_line(),
    );
    let mut texts = Vec::new();
    let mut scratch = Scratch::default();
    while let Some(ticket) = blocks.draw()? {
        let block = scratch.load(ticket)?;
        progress.advance(block.text.len() as u64);
        texts.push(block.text.to_vec());
    }
    progress.end();
    Ok(texts)
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
