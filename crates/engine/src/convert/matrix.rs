//! Writing a matrix: blocks are read and parsed by several threads, and written in order.

use std::num::NonZeroUsize;
use std::path::Path;

use odmkit_columns::batch::ValueOrder;
use odmkit_columns::rows::{ParsedRows, RowShape};
use odmkit_core::ByteOffset;
use odmkit_export::{
    Container, ExportError, ExportSpec, Exporter, Layout, TableMeta, Unsupported, ValueColumn, Written,
};
use odmkit_input::{Input, InputError, Scratch};
use odmkit_pipeline::ordered;

use super::{ConvertError, ConvertRequest, naming, table, verify};
use crate::check::{CheckedFile, CheckedMatrix};
use crate::resources::to_usize;
use crate::{Need, Progress, Resources};

/// Writes the matrix; gives what was written, in which layout, and how many values were no numbers.
pub(super) fn write(
    file: &CheckedFile,
    matrix: &CheckedMatrix,
    output: &Path,
    container: Container,
    request: &ConvertRequest,
    progress: &dyn Progress,
) -> Result<(Written, Option<Layout>, u64), ConvertError> {
    let columns = matrix.layout.value_columns().len() as u64;
    let resources = resources(matrix, container, request);
    let too_little = |need: Need, enough: &dyn Fn(&Resources) -> bool| ConvertError::Memory {
        need,
        limit: resources.memory_limit,
        least: resources.least(enough),
    };
    if !resources.fits() {
        return Err(too_little(Need::Columns(columns), &Resources::fits));
    }
    let spec = spec(file, matrix, container, request);
    let layout = spec.layout;
    let in_columns = layout == Layout::Wide && container == Container::Parquet;
    let verified = |more: &Resources| more.verifies(matrix.summary.rows, columns);
    if request.verify && in_columns && !verified(&resources) {
        return Err(too_little(Need::Verification(columns), &verified));
    }
    let again = request.verify.then(|| spec.clone());
    let mut exporter = Exporter::create(output, spec)?;
    let order = exporter.preferred_order();
    let mut text = 0;
    let parsed = parse_rows(file, matrix, order, &resources, progress, |parsed| {
        text += parsed.text;
        if parsed.batch.rows > 0 {
            exporter.write(parsed.batch)?;
        }
        Ok(())
    });
    parsed.map_err(|error| match error {
        ConvertError::Input(InputError::LineTooLong {
            length: Some(length), ..
        }) => {
            let enough = |more: &Resources| more.longest_row() as u64 >= length;
            too_little(Need::Row(length), &enough)
        }
        ConvertError::Output(ExportError::Unsupported(Unsupported::DictionaryTooLarge { budget })) => {
            let enough = |more: &Resources| more.export_bytes() >= budget;
            too_little(Need::Dictionary, &enough)
        }
        other => other,
    })?;
    write_beside(file, matrix, output, request)?;
    let written = exporter.finish()?;
    if let Some(spec) = again {
        verify::matrix(file, matrix, output, &spec, &resources, progress)?;
    }
    let shown = matches!(container, Container::Parquet | Container::Arrow).then_some(layout);
    Ok((written, shown, text))
}

/// Writes what stands beside a matrix. It comes first: where the matrix has its name, nothing is missing.
pub(super) fn write_beside(
    file: &CheckedFile,
    matrix: &CheckedMatrix,
    output: &Path,
    request: &ConvertRequest,
) -> Result<(), ConvertError> {
    if !matrix.sample_attributes.is_empty() {
        let container = naming::container(request, output);
        table::write_sample_attributes(file, matrix, output, container, request)?;
    }
    Ok(())
}

/// Reads and parses the rows of a checked matrix by several threads, and hands them over in order.
pub(crate) fn parse_rows(
    file: &CheckedFile,
    matrix: &CheckedMatrix,
    order: ValueOrder,
    resources: &Resources,
    progress: &dyn Progress,
    absorb: impl FnMut(ParsedRows) -> Result<(), ConvertError>,
) -> Result<(), ConvertError> {
    let shape = RowShape {
        width: matrix.layout.width(),
        numeric_features: matrix.summary.numeric_features.clone(),
    };
    let mut input = Input::open(Path::new(&*file.report.path))?;
    input.head(to_usize(matrix.body.byte.0) + 1)?;
    progress.begin(&file.report.path, input.text_bytes());
    progress.advance(matrix.body.byte.0);
    let mut blocks = input.into_blocks(
        matrix.body.byte,
        resources.convert_block_bytes(),
        resources.longest_row(),
    );
    let outcome = ordered(
        resources.convert_bounds(),
        || blocks.draw().map_err(ConvertError::from),
        || (Scratch::default(), Vec::new()),
        |(scratch, ends), ticket| {
            let block = scratch.load(ticket)?;
            progress.advance(block.text.len() as u64);
            shape
                .parse_fast(resources.kernel, block.text, order, ends)
                .map_err(|ragged| ConvertError::Ragged {
                    at: ByteOffset(block.offset.0 + ragged.at.0),
                    found: ragged.found,
                    expected: ragged.expected,
                })
        },
        absorb,
    );
    progress.end();
    outcome
}

/// What is to be written.
pub(super) fn spec(
    file: &CheckedFile,
    matrix: &CheckedMatrix,
    container: Container,
    request: &ConvertRequest,
) -> ExportSpec {
    let layout = &matrix.layout;
    let feature_attributes = (0..layout.features)
        .map(|column| {
            let numeric = matrix
                .summary
                .numeric_features
                .get(column)
                .copied()
                .unwrap_or(false);
            (layout.name(column).to_owned(), numeric)
        })
        .collect();
    let meta = TableMeta {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        kind: file
            .report
            .kind
            .map_or_else(String::new, |kind| kind.name().to_owned()),
        source: naming::file_name(&file.report.path),
        source_bytes: file.report.bytes,
        feature_attributes,
        samples: matrix.samples.clone(),
        measurements: matrix.measurements.clone(),
        data_class: matrix.data_class.clone(),
        columns: value_columns(matrix),
    };
    let mut spec = ExportSpec::new(meta);
    spec.container = container;
    (spec.layout, spec.tile) = form(request, container, spec.layout);
    spec.codec = request.codec;
    spec.values = request.values;
    spec.skip_zeros = request.skip_zeros;
    spec.memory_budget = resources(matrix, container, request).export_bytes();
    spec.threads = request.resources.threads.get();
    spec.overwrite = request.overwrite;
    spec.expected_rows = Some(matrix.summary.rows);
    spec
}

/// What a column costs in an Arrow file of columns: each batch is held until all of them are encoded, and says where
/// each lies.
const ARROW_COLUMN: u64 = 700;
/// What a column costs where the output is read back.
const VERIFIED_COLUMN: u64 = 400;

/// Threads and memory for the rows of the matrix.
fn resources(matrix: &CheckedMatrix, container: Container, request: &ConvertRequest) -> Resources {
    let columns = matrix.layout.value_columns().len();
    let (layout, _) = form(request, container, Layout::for_columns(columns));
    let in_arrow = layout == Layout::Wide && container == Container::Arrow;
    let arrow = if in_arrow { ARROW_COLUMN } else { 0 };
    let verified = if request.verify { VERIFIED_COLUMN } else { 0 };
    request
        .resources
        .for_matrix(matrix)
        .with_columns(columns, arrow + verified)
}

/// The layout and its tiles: as they were asked for, else as they read back best. Whoever asks for tiles alone asks
/// for lists; text has one layout that holds them all.
fn form(request: &ConvertRequest, container: Container, best: Layout) -> (Layout, Option<NonZeroUsize>) {
    let text = matches!(container, Container::Gct | Container::Tsv);
    match (request.layout, request.tile) {
        (Some(layout), tile) => (layout, tile),
        (None, Some(tile)) => (Layout::Matrix, Some(tile)),
        (None, None) if text => (Layout::Wide, None),
        (None, None) => (best, (best == Layout::Matrix).then_some(Layout::TILE)),
    }
}

/// Which sample and measurement each value column belongs to.
fn value_columns(matrix: &CheckedMatrix) -> Vec<ValueColumn> {
    let places = |names: &[String]| -> std::collections::HashMap<String, usize> {
        names
            .iter()
            .enumerate()
            .map(|(place, name)| (name.clone(), place))
            .collect()
    };
    let (samples, measurements) = (places(&matrix.samples), places(&matrix.measurements));
    let columns = matrix
        .layout
        .value_columns()
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let name = name.text();
            let cut = matrix
                .separator
                .as_deref()
                .and_then(|separator| name.split_once(separator));
            match cut {
                Some((sample, measurement)) if !matrix.measurements.is_empty() => ValueColumn {
                    name: name.to_owned(),
                    sample: samples.get(sample.trim()).copied().unwrap_or(0),
                    measurement: measurements.get(measurement.trim()).copied().unwrap_or(0),
                },
                _ => ValueColumn {
                    name: name.to_owned(),
                    sample: index,
                    measurement: 0,
                },
            }
        });
    columns.collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::path::PathBuf;

    use odmkit_diagnostics::Overrides;
    use odmkit_export::{Codec, ValueType};

    use super::*;
    use crate::NoProgress;
    use crate::check::{CheckOptions, CheckOutcome, CheckRequest, check};
    use crate::convert::Target;

    const COLUMNS: usize = 7;

    /// A matrix of some rows, of which one cell is given.
    fn gct(rows: usize, cell: (usize, usize, &str)) -> String {
        let names: Vec<String> = (0..COLUMNS).map(|column| format!("S{column}")).collect();
        let mut text = format!(
            "#1.2\n{rows}\t{COLUMNS}\nName\tDescription\t{}\n",
            names.join("\t")
        );
        for row in 0..rows {
            let _ = write!(text, "g{row}\tNA");
            for column in 0..COLUMNS {
                if (row, column) == (cell.0, cell.1) {
                    let _ = write!(text, "\t{}", cell.2);
                } else if (row + column) % 5 == 0 {
                    text.push('\t');
                } else {
                    let _ = write!(text, "\t{row}.{column}5");
                }
            }
            text.push('\n');
        }
        text
    }

    fn resources() -> Resources {
        Resources::new(NonZeroUsize::MIN, 256 << 20)
    }

    fn checked(folder: &Path, name: &str, text: &str) -> CheckOutcome {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        let request = CheckRequest {
            inputs: vec![path],
            options: CheckOptions::default(),
            overrides: Overrides::new(),
            max_per_rule: 20,
            resources: resources(),
        };
        check(&request, &NoProgress).unwrap()
    }

    fn request(layout: Layout, tile: Option<usize>) -> ConvertRequest {
        ConvertRequest {
            inputs: Vec::new(),
            target: Target::File(PathBuf::new()),
            container: None,
            layout: Some(layout),
            codec: Codec::DEFAULT,
            values: ValueType::F64,
            skip_zeros: false,
            tile: tile.and_then(NonZeroUsize::new),
            no_check: false,
            overwrite: true,
            verify: true,
            resume: false,
            fail_fast: false,
            outputs: std::collections::HashMap::new(),
            options: CheckOptions::default(),
            overrides: Overrides::new(),
            resources: resources(),
        }
    }

    #[test]
    fn a_value_that_differs_is_found_in_every_layout() {
        let folder = tempfile::tempdir().unwrap();
        let same = checked(folder.path(), "same.gct", &gct(30, (17, 6, "1.5")));
        let others = [
            ("value", gct(30, (17, 6, "1.25")), "`S6`"),
            ("gone", gct(30, (17, 6, "")), "S6"),
            ("first", gct(30, (0, 1, "9")), "`S1`"),
            ("more", gct(31, (17, 6, "1.5")), "no such row"),
            ("fewer", gct(29, (17, 6, "1.5")), "more rows"),
        ]
        .map(|(name, text, said)| (name, checked(folder.path(), &format!("{name}.gct"), &text), said));
        let layouts = [
            (Layout::Wide, None),
            (Layout::Long, None),
            (Layout::Matrix, None),
            (Layout::Matrix, Some(1)),
            (Layout::Matrix, Some(3)),
            (Layout::Matrix, Some(7)),
            (Layout::Matrix, Some(100)),
        ];
        for container in [Container::Parquet, Container::Arrow] {
            for (layout, tile) in layouts {
                let request = request(layout, tile);
                let output = folder.path().join("output");
                let (file, of) = (&same.files[0], same.files[0].matrix.as_ref().unwrap());
                // It is verified as it is written.
                write(file, of, &output, container, &request, &NoProgress).unwrap();
                for (name, other, said) in &others {
                    let context = format!("{container:?} {layout:?} {tile:?}: {name}");
                    let (file, of) = (&other.files[0], other.files[0].matrix.as_ref().unwrap());
                    let spec = spec(file, of, container, &request);
                    let found = verify::matrix(file, of, &output, &spec, &request.resources, &NoProgress);
                    let Err(ConvertError::Differs { what, .. }) = found else {
                        panic!("{context}: {found:?}");
                    };
                    assert!(what.contains(said) || *name == "gone", "{context}: {what}");
                }
            }
        }
    }
}
