use arrow_array::Array as _;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMillisecondType};
use arrow_ipc::reader::FileReader;
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;

fn spec(columns: &[(&str, ColumnType)], container: Container) -> TableSpec {
    TableSpec {
        columns: columns
            .iter()
            .map(|&(name, kind)| TableColumn {
                name: name.to_owned(),
                kind,
            })
            .collect(),
        container,
        codec: Codec::DEFAULT,
        overwrite: true,
        version: "1.0.0".to_owned(),
        kind: "samples".to_owned(),
        source: "trial.samples.tsv".to_owned(),
        source_bytes: 7,
        memory_budget: 1 << 20,
    }
}

fn export<R: AsRef<[F]>, F: AsRef<str>>(
    path: &Path,
    spec: &TableSpec,
    rows: &[R],
) -> Result<TableWritten, ExportError> {
    export_table(path, spec, || rows.iter().map(|row| Ok(row.as_ref().iter())))
}

fn write(spec: &TableSpec, rows: &[&[&str]]) -> (TableWritten, Vec<RecordBatch>) {
    let kind = |schema: &Schema| assert_eq!(schema.metadata()["odmkit.kind"], "samples");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table");
    let written = export(&path, spec, rows).unwrap();
    assert_eq!(written.bytes, path.metadata().unwrap().len());
    let file = std::fs::File::open(&path).unwrap();
    let batches = if spec.container == Container::Parquet {
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        kind(builder.schema());
        builder.build().unwrap().map(Result::unwrap).collect()
    } else {
        let reader = FileReader::try_new(file, None).unwrap();
        kind(&reader.schema());
        reader.map(Result::unwrap).collect()
    };
    (written, batches)
}

#[test]
fn columns_take_their_types() {
    let columns = [
        ("id", ColumnType::Text),
        ("age", ColumnType::Integer),
        ("rin", ColumnType::Decimal),
        ("treated", ColumnType::Boolean),
        ("day", ColumnType::DateTime),
        ("time", ColumnType::DateTime),
    ];
    let rows: [&[&str]; 3] = [
        &["a", "41", "7.5", "true", "1970-01-02", "1970-01-01 00:00:01"],
        &["b", "", "1e-3", "FALSE", "2000-02-29", "2024-02-29"],
        &["c", "-7", " 8 ", "", "1969-12-31"],
    ];
    for container in [Container::Parquet, Container::Arrow] {
        let (written, batches) = write(&spec(&columns, container), &rows);
        assert_eq!((written.rows, written.demoted), (3, Vec::new()));
        let batch = &batches[0];
        assert_eq!(
            batch
                .column(0)
                .as_string::<i32>()
                .iter()
                .flatten()
                .collect::<Vec<_>>(),
            ["a", "b", "c"]
        );
        let ages: Vec<_> = batch.column(1).as_primitive::<Int64Type>().iter().collect();
        assert_eq!(ages, [Some(41), None, Some(-7)]);
        let rins: Vec<_> = batch
            .column(2)
            .as_primitive::<Float64Type>()
            .iter()
            .flatten()
            .collect();
        assert_eq!(rins, [7.5, 0.001, 8.0]);
        assert_eq!(
            batch.column(3).as_boolean().iter().collect::<Vec<_>>(),
            [Some(true), Some(false), None]
        );
        let days: Vec<_> = batch
            .column(4)
            .as_primitive::<Date32Type>()
            .iter()
            .flatten()
            .collect();
        assert_eq!(days, [1, 11_016, -1]);
        let times: Vec<_> = batch
            .column(5)
            .as_primitive::<TimestampMillisecondType>()
            .iter()
            .collect();
        assert_eq!(times, [Some(1_000), Some(1_709_164_800_000), None]);
    }
}

#[test]
fn a_value_of_another_type_makes_the_column_text() {
    let faults = [
        (ColumnType::Integer, "10.0"),
        (ColumnType::Integer, "007"),
        (ColumnType::Integer, "9223372036854775808"),
        (ColumnType::Integer, "-"),
        (ColumnType::Decimal, "7,5"),
        (ColumnType::Decimal, "inf"),
        (ColumnType::Decimal, "1e400"),
        (ColumnType::Decimal, "Not reported"),
        (ColumnType::Boolean, "yes"),
        (ColumnType::DateTime, "2023-02-29"),
        (ColumnType::DateTime, "2023-13-01"),
        (ColumnType::DateTime, "2023"),
        (ColumnType::DateTime, "01.02.2023"),
        (ColumnType::DateTime, "2023-01-01 24:00:00"),
    ];
    for (kind, fault) in faults {
        let rows: [&[&str]; 3] = [&[""], &[fault], &["x"]];
        let (written, batches) = write(&spec(&[("c", kind)], Container::Parquet), &rows);
        assert_eq!(
            written.demoted,
            [Demoted {
                column: 0,
                row: 1,
                value: fault.to_owned()
            }],
            "{kind:?}"
        );
        let texts: Vec<_> = batches[0].column(0).as_string::<i32>().iter().collect();
        assert_eq!(texts, [None, Some(fault), Some("x")]);
    }
}

#[test]
fn pipes_make_lists_and_doubled_pipes_do_not() {
    let columns = [
        ("list", ColumnType::Text),
        ("pipe", ColumnType::Text),
        ("always", ColumnType::TextList),
    ];
    let rows: [&[&str]; 2] = [&["a | b||c", "a||b", "x"], &["", "c", "y|z"]];
    let (_, batches) = write(&spec(&columns, Container::Parquet), &rows);
    let texts = |array: ArrayRef| -> Vec<String> {
        array
            .as_string::<i32>()
            .iter()
            .flatten()
            .map(str::to_owned)
            .collect()
    };
    let lists = batches[0].column(0).as_list::<i32>();
    assert_eq!(texts(lists.value(0)), ["a", "b|c"]);
    assert!(lists.is_null(1));
    assert_eq!(texts(Arc::clone(batches[0].column(1))), ["a|b", "c"]);
    let always = batches[0].column(2).as_list::<i32>();
    assert_eq!(
        (texts(always.value(0)), texts(always.value(1))),
        (vec!["x".into()], vec!["y".into(), "z".into()])
    );
}

#[test]
fn a_list_of_numbers_is_a_list_of_texts() {
    let (written, batches) = write(
        &spec(&[("n", ColumnType::Integer)], Container::Arrow),
        &[&["1"], &["2|3"]],
    );
    assert_eq!(written.demoted.len(), 1);
    assert!(matches!(batches[0].column(0).data_type(), DataType::List(_)));
}

#[test]
fn many_rows_and_none() {
    let spec = spec(
        &[("n", ColumnType::Integer), ("t", ColumnType::Text)],
        Container::Parquet,
    );
    let rows: Vec<[String; 2]> = (0..40_000)
        .map(|n| [n.to_string(), format!("t{}", n % 3)])
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table");
    assert_eq!(export(&path, &spec, &rows).unwrap().rows, 40_000);
    let file = std::fs::File::open(&path).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap();
    let total: i64 = reader
        .map(|b| {
            b.unwrap()
                .column(0)
                .as_primitive::<Int64Type>()
                .iter()
                .flatten()
                .sum::<i64>()
        })
        .sum();
    assert_eq!(total, 40_000 * 39_999 / 2);
    let none: [[&str; 2]; 0] = [];
    assert_eq!(export(&path, &spec, &none).unwrap().rows, 0);
}

#[test]
fn two_columns_of_one_name_are_refused() {
    let spec = spec(
        &[("n", ColumnType::Text), ("n", ColumnType::Text)],
        Container::Parquet,
    );
    let rows: [[&str; 2]; 0] = [];
    let failed = export(Path::new("never-written"), &spec, &rows);
    assert!(matches!(
        failed,
        Err(ExportError::Unsupported(Unsupported::DuplicateColumn))
    ));
}
