//! What `odmkit convert` writes, read back value by value.

use std::fs::File;
use std::path::Path;

use arrow_array::{Array as _, Float64Array, RecordBatch, StringArray};
use odmkit_testkit::Matrix;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::support::{entries, name, odmkit, root};

/// All rows of a Parquet file, batch by batch.
fn batches(path: &Path) -> Vec<RecordBatch> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("it is Parquet");
    builder
        .build()
        .expect("it can be read")
        .map(|batch| batch.expect("a batch"))
        .collect()
}

fn convert(directory: &Path, args: &[&str]) -> std::process::Output {
    let mut all = vec!["convert"];
    all.extend(args);
    odmkit(directory, &all)
}

/// Compares every value of a wide file with the text that it came from, bit by bit.
fn assert_wide(path: &Path, values: &[Vec<String>]) {
    let mut row = 0;
    for batch in batches(path) {
        let names = batch
            .column(0)
            .as_any()
            .downcast_ref::<StringArray>()
            .expect("names are text");
        for at in 0..batch.num_rows() {
            assert_eq!(names.value(at), format!("G{row}"));
            for (sample, text) in values[row].iter().enumerate() {
                let column = batch
                    .column(2 + sample)
                    .as_any()
                    .downcast_ref::<Float64Array>()
                    .expect("doubles");
                let found = column.is_valid(at).then(|| column.value(at).to_bits());
                let expected = (!text.is_empty()).then(|| text.parse::<f64>().expect("a number").to_bits());
                assert_eq!(found, expected, "row {row}, sample {sample}: `{text}`");
            }
            row += 1;
        }
    }
    assert_eq!(row, values.len());
}

#[test]
fn every_value_is_the_nearest_double_of_its_text_for_any_number_of_threads_and_memory() {
    let directory = tempfile::tempdir().expect("a directory");
    let Matrix { text, values } = Matrix::gct(1500, 40);
    std::fs::write(directory.path().join("m.gct"), text).expect("it is written");
    for (index, (threads, memory)) in [
        ("1", "1GiB"),
        ("2", "1GiB"),
        ("5", "1GiB"),
        ("1", "16MiB"),
        ("3", "16MiB"),
    ]
    .into_iter()
    .enumerate()
    {
        let target = format!("{index}.parquet");
        let output = convert(
            directory.path(),
            &["m.gct", "-o", &target, "-j", threads, "--memory-limit", memory],
        );
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_wide(&directory.path().join(&target), &values);
    }
    let read =
        |index: usize| std::fs::read(directory.path().join(format!("{index}.parquet"))).expect("it is there");
    assert!(
        read(0) == read(1) && read(0) == read(2),
        "the number of threads changes no byte"
    );
}

#[test]
fn packed_input_gives_the_same_table() {
    use std::io::Write as _;
    let directory = tempfile::tempdir().expect("a directory");
    let Matrix { text, values } = Matrix::gct(200, 7);
    let gzip = File::create(directory.path().join("m.gct.gz")).expect("it is made");
    let mut gzip = flate2::write::GzEncoder::new(gzip, flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).expect("it is written");
    gzip.finish().expect("it is finished");
    let zip = File::create(directory.path().join("n.gct.zip")).expect("it is made");
    let mut zip = zip::ZipWriter::new(zip);
    zip.start_file("n.gct", zip::write::SimpleFileOptions::default())
        .expect("it has a member");
    zip.write_all(text.as_bytes()).expect("it is written");
    zip.finish().expect("it is finished");

    let output = convert(directory.path(), &["m.gct.gz", "n.gct.zip", "--out-dir", "out"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for file in ["m.parquet", "n.parquet"] {
        assert_wide(&directory.path().join("out").join(file), &values);
    }
}

#[test]
fn a_table_says_where_it_comes_from() {
    let directory = tempfile::tempdir().expect("a directory");
    let source = root().join("fixtures/trial/proteomics.tsv");
    let source = source.to_str().expect("a plain name");
    let args = [
        source,
        "--nfa",
        "3",
        "--measurement-separator",
        ":",
        "--data-class",
        "Proteomics",
        "-o",
        "p.parquet",
    ];
    let output = convert(directory.path(), &args);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let file = File::open(directory.path().join("p.parquet")).expect("it is there");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("it is Parquet");
    let schema = builder.schema();
    let metadata = schema.metadata();
    let json = |key: &str| -> serde_json::Value {
        serde_json::from_str(&metadata[key]).unwrap_or_else(|error| panic!("{key}: {error}"))
    };
    assert_eq!(metadata["odmkit.kind"], "expression");
    assert_eq!(metadata["odmkit.layout"], "wide");
    assert_eq!(metadata["odmkit.source"], "proteomics.tsv");
    assert_eq!(
        metadata["odmkit.source_bytes"],
        std::fs::metadata(source).expect("it is there").len().to_string()
    );
    assert_eq!(metadata["odmkit.data_class"], "Proteomics");
    assert_eq!(
        json("odmkit.feature_attributes"),
        serde_json::json!(["Protein", "Gene", "Length"])
    );
    assert_eq!(json("odmkit.samples").as_array().map(Vec::len), Some(6));
    assert_eq!(
        json("odmkit.measurements"),
        serde_json::json!(["abundance", "q-value"])
    );
    assert!(metadata.contains_key("odmkit.version"));
}

#[test]
fn a_file_with_errors_is_left_out_and_the_others_are_written() {
    let directory = tempfile::tempdir().expect("a directory");
    let Matrix { text, values } = Matrix::gct(5, 3);
    std::fs::write(directory.path().join("good.gct"), &text).expect("it is written");
    std::fs::write(directory.path().join("bad.gct"), text.replacen("5\t3", "6\t3", 1))
        .expect("it is written");
    let output = convert(directory.path(), &["good.gct", "bad.gct", "--out-dir", "out"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("error[G003]"));
    let written: Vec<String> = entries(&directory.path().join("out"))
        .iter()
        .map(|path| name(path).to_owned())
        .collect();
    assert_eq!(written, ["good.parquet"]);
    assert_wide(&directory.path().join("out/good.parquet"), &values);

    let output = convert(directory.path(), &["bad.gct", "--no-check", "--out-dir", "out"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_wide(&directory.path().join("out/bad.parquet"), &values);
}

#[test]
fn an_output_is_replaced_only_on_request() {
    let directory = tempfile::tempdir().expect("a directory");
    let Matrix { text, values } = Matrix::gct(5, 3);
    std::fs::write(directory.path().join("m.gct"), text).expect("it is written");
    std::fs::write(directory.path().join("m.parquet"), "precious").expect("it is written");
    let refused = convert(directory.path(), &["m.gct", "-o", "m.parquet"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(
        std::fs::read(directory.path().join("m.parquet")).expect("it is there"),
        b"precious"
    );
    let replaced = convert(directory.path(), &["m.gct", "-o", "m.parquet", "--overwrite"]);
    assert!(replaced.status.success());
    assert_wide(&directory.path().join("m.parquet"), &values);
}

#[test]
fn no_layout_loses_a_value() {
    let directory = tempfile::tempdir().expect("a directory");
    let Matrix { text, values } = Matrix::gct(50, 6);
    std::fs::write(directory.path().join("m.gct"), text).expect("it is written");
    let present: usize = values.iter().flatten().filter(|text| !text.is_empty()).count();
    let zeros: usize = values
        .iter()
        .flatten()
        .filter(|text| text.parse() == Ok(0.0_f64))
        .count();

    let long = |args: &[&str]| -> (usize, usize) {
        let output = convert(
            directory.path(),
            &[
                &["m.gct", "-o", "l.parquet", "--overwrite", "--layout", "long"],
                args,
            ]
            .concat(),
        );
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let mut rows = (0, 0);
        for batch in batches(&directory.path().join("l.parquet")) {
            let value = batch.column_by_name("value").expect("a value column");
            rows = (
                rows.0 + batch.num_rows(),
                rows.1 + batch.num_rows() - value.null_count(),
            );
        }
        rows
    };
    assert_eq!(long(&[]), (300, present));
    assert_eq!(long(&["--skip-zeros"]).1, present - zeros);

    let output = convert(
        directory.path(),
        &[
            "m.gct",
            "-o",
            "x.parquet",
            "--layout",
            "matrix",
            "--compression",
            "lz4",
        ],
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let rows: usize = batches(&directory.path().join("x.parquet"))
        .iter()
        .map(RecordBatch::num_rows)
        .sum();
    assert_eq!(rows, 50);
}

#[test]
fn text_outputs_are_read_back_as_they_were() {
    let directory = tempfile::tempdir().expect("a directory");
    let Matrix { text, values } = Matrix::gct(60, 5);
    std::fs::write(directory.path().join("m.gct"), text).expect("it is written");
    for args in [["m.gct", "-o", "again.gct"], ["again.gct", "-o", "again.parquet"]] {
        let output = convert(directory.path(), &args);
        assert!(
            output.status.success(),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert_wide(&directory.path().join("again.parquet"), &values);
}

#[test]
fn tiles_hold_every_value_and_say_how_broad_they_are() {
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::Float64Type;
    let directory = tempfile::tempdir().expect("a directory");
    let Matrix { text, values } = Matrix::gct(150, 7);
    std::fs::write(directory.path().join("m.gct"), text).expect("it is written");
    let output = convert(directory.path(), &["m.gct", "-o", "m.parquet", "--tile", "3"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let path = directory.path().join("m.parquet");
    let file = File::open(&path).expect("it is there");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("it is Parquet");
    let schema = builder.schema();
    assert_eq!(schema.metadata()["odmkit.layout"], "matrix");
    assert_eq!(schema.metadata()["odmkit.tile"], "3");
    let names: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    assert_eq!(names, ["Name", "Description", "values_0", "values_1", "values_2"]);
    let mut row = 0;
    for batch in batches(&path) {
        for at in 0..batch.num_rows() {
            for (sample, text) in values[row].iter().enumerate() {
                let list = batch.column(2 + sample / 3).as_fixed_size_list().value(at);
                let list = list.as_primitive::<Float64Type>();
                let found = list
                    .is_valid(sample % 3)
                    .then(|| list.value(sample % 3).to_bits());
                let expected = (!text.is_empty()).then(|| text.parse::<f64>().expect("a number").to_bits());
                assert_eq!(found, expected, "row {row}, sample {sample}: `{text}`");
            }
            row += 1;
        }
    }
    assert_eq!(row, values.len());

    for args in [&["--tile", "0"][..], &["--tile", "3", "--layout", "wide"]] {
        let mut all = vec!["m.gct", "-o", "n.parquet"];
        all.extend(args);
        let output = convert(directory.path(), &all);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(!directory.path().join("n.parquet").exists());
    }
}

#[test]
fn more_than_two_thousand_columns_become_tiles_unless_the_output_is_text() {
    let directory = tempfile::tempdir().expect("a directory");
    let Matrix { text, .. } = Matrix::gct(3, 2_001);
    std::fs::write(directory.path().join("m.gct"), text).expect("it is written");
    for (target, args) in [
        ("m.parquet", &[][..]),
        ("m.tsv", &[]),
        ("n.gct", &[]),
        ("l.parquet", &["--layout", "matrix"]),
    ] {
        let output = convert(directory.path(), &[&["m.gct", "-o", target], args].concat());
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{target}: {errors}");
    }
    let names = |file: &str| -> Vec<String> {
        let schema = batches(&directory.path().join(file))[0].schema();
        schema
            .fields()
            .iter()
            .skip(2)
            .map(|field| field.name().clone())
            .collect()
    };
    let tiles: Vec<String> = (0..8).map(|tile| format!("values_{tile}")).collect();
    assert_eq!(names("m.parquet"), tiles);
    assert_eq!(names("l.parquet"), ["values"]);
}

#[test]
fn what_is_written_in_tiles_can_be_verified() {
    let directory = tempfile::tempdir().expect("a directory");
    let Matrix { text, .. } = Matrix::gct(150, 7);
    std::fs::write(directory.path().join("m.gct"), text).expect("it is written");
    for output in ["m.parquet", "m.arrow"] {
        for tile in ["1", "3", "7", "100"] {
            for values in ["f64", "f32"] {
                let args = [
                    "m.gct",
                    "-o",
                    output,
                    "--overwrite",
                    "--verify",
                    "--tile",
                    tile,
                    "--values",
                    values,
                ];
                let done = convert(directory.path(), &args);
                let errors = String::from_utf8_lossy(&done.stderr);
                assert!(done.status.success(), "{args:?}: {errors}");
            }
        }
    }
    let text = convert(directory.path(), &["m.gct", "-o", "m.tsv", "--verify"]);
    assert_eq!(
        text.status.code(),
        Some(2),
        "text is not compared, and that is said"
    );
}

#[test]
fn a_metadata_table_that_is_to_be_text_is_told_what_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(
        directory.path().join("samples.tsv"),
        "Sample Source ID\tSample Source\nS1\tclinic\n",
    )
    .expect("it is written");
    let output = convert(directory.path(), &["samples.tsv", "--to", "tsv", "-o", "x.tsv"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("it is a samples table, and it is a TSV already"),
        "{text}"
    );
}
