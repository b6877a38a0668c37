//! GCT and tab-separated outputs, to the letter.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, StringArray};
use odmkit_columns::batch::{MatrixBatch, ValueOrder};
use odmkit_export::{Container, ExportSpec, Exporter, Layout, TableMeta, ValueColumn, ValueType};

fn spec(container: Container, features: &[(&str, bool)]) -> ExportSpec {
    let samples = ["A", "B"].map(str::to_owned).to_vec();
    let meta = TableMeta {
        feature_attributes: features
            .iter()
            .map(|&(name, number)| (name.to_owned(), number))
            .collect(),
        columns: TableMeta::columns_of_samples(&samples),
        samples,
        ..TableMeta::default()
    };
    ExportSpec {
        container,
        ..ExportSpec::new(meta)
    }
}

fn batch(features: Vec<ArrayRef>, values: &[f64], nulls: &[(u32, u32)]) -> MatrixBatch {
    MatrixBatch {
        rows: values.len() / 2,
        features,
        values: values.to_vec(),
        order: ValueOrder::RowMajor,
        columns: 2,
        nulls: nulls.to_vec(),
    }
}

fn texts(names: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(names.to_vec()))
}

fn written(spec: ExportSpec, batches: Vec<MatrixBatch>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let mut exporter = Exporter::create(&path, spec).unwrap();
    for batch in batches {
        exporter.write(batch).unwrap();
    }
    let written = exporter.finish().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(written.bytes, text.len() as u64);
    text
}

#[test]
fn gct_states_the_rows_it_has_whatever_was_expected() {
    for expected_rows in [None, Some(3), Some(9), Some(10), Some(123_456_789)] {
        let spec = ExportSpec {
            expected_rows,
            ..spec(Container::Gct, &[("NAME", false), ("description", false)])
        };
        let batches = (0..3).map(|_| {
            let features = vec![texts(&[Some("g")]), texts(&[None])];
            batch(features, &[1.5, 0.0], &[(0, 1)])
        });
        let text = written(spec, batches.collect());
        assert_eq!(
            text,
            "#1.2\n3\t2\nName\tDescription\tA\tB\ng\tNA\t1.5\t\ng\tNA\t1.5\t\ng\tNA\t1.5\t\n"
        );
    }
}

#[test]
fn a_gct_without_descriptions_gets_the_accepted_word() {
    let spec = spec(Container::Gct, &[("gene", false)]);
    let text = written(spec, vec![batch(vec![texts(&[Some("g")])], &[1.0, 2.0], &[])]);
    assert_eq!(text, "#1.2\n1\t2\nName\tDescription\tA\tB\ng\tNA\t1\t2\n");
}

#[test]
fn numbers_are_the_shortest_that_read_back() {
    let values = [
        0.1,
        1e21,
        -0.0,
        123_456_789.0,
        5e-324,
        f64::MAX,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1.0 / 3.0,
        1e-7,
        100.0,
        0.3,
    ];
    let rows = values.len() / 2;
    let names = vec![texts(&vec![Some("g"); rows])];
    let text = written(
        spec(Container::Tsv, &[("gene", false)]),
        vec![batch(names, &values, &[])],
    );
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("gene\tA\tB"));
    let found: Vec<&str> = lines.flat_map(|line| line.split('\t').skip(1)).collect();
    for (text, value) in found.iter().zip(values) {
        let read: f64 = text.parse().unwrap();
        assert_eq!(read.to_bits(), value.to_bits(), "{text}");
    }
    assert_eq!(found[6..8], ["Inf", "-Inf"]);
    assert_eq!(
        (found[0], found[2], found[3], found[10], found[11]),
        ("0.1", "-0", "123456789", "100", "0.3")
    );
}

#[test]
fn singles_are_shorter() {
    let spec = ExportSpec {
        values: ValueType::F32,
        ..spec(Container::Tsv, &[("gene", false)])
    };
    let text = written(spec, vec![batch(vec![texts(&[Some("g")])], &[0.1, 1e300], &[])]);
    assert_eq!(text, "gene\tA\tB\ng\t0.1\tInf\n");
}

#[test]
fn long_text_has_a_line_per_value() {
    let mut spec = spec(Container::Tsv, &[("gene", false), ("length", true)]);
    spec.layout = Layout::Long;
    spec.skip_zeros = true;
    let lengths: ArrayRef = Arc::new(Float64Array::from(vec![Some(7.0), None]));
    let features = vec![texts(&[Some("g"), Some("h")]), lengths];
    let text = written(spec, vec![batch(features, &[1.0, 0.0, 0.0, 2.0], &[(1, 0)])]);
    assert_eq!(
        text,
        "gene\tlength\tsample\tvalue\ng\t7\tA\t1\nh\t\tA\t\nh\t\tB\t2\n"
    );
}

#[test]
fn several_measurements_have_a_field_of_their_own() {
    let mut spec = spec(Container::Tsv, &[("gene", false)]);
    spec.layout = Layout::Long;
    spec.meta.samples.truncate(1);
    spec.meta.measurements = ["x", "y"].map(str::to_owned).to_vec();
    let column = |measurement| ValueColumn {
        name: format!("A:{measurement}"),
        sample: 0,
        measurement,
    };
    spec.meta.columns = vec![column(1), column(0)];
    let text = written(spec, vec![batch(vec![texts(&[Some("g")])], &[1.0, 2.0], &[])]);
    assert_eq!(text, "gene\tsample\tmeasurement\tvalue\ng\tA\ty\t1\ng\tA\tx\t2\n");
}
