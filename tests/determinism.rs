//! The same answer for any number of threads, any memory limit (which decides the size of blocks), any kernel, and
//! however the file is packed.

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use arrow_array::{Array as _, ArrayRef, RecordBatch};
use odmkit_columns::kernel::Kernel;
use odmkit_testkit::Matrix;
use odmkit_testkit::pack::every;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::support::odmkit;

/// Threads and memory limits; the first gives what the others are compared with.
const SETTINGS: [(&str, &str); 5] = [
    ("1", "1GiB"),
    ("2", "1GiB"),
    ("3", "1MiB"),
    ("1", "1MiB"),
    ("7", "3MiB"),
];

/// A matrix with faults near its beginning, in its middle and at its end.
fn faulty() -> String {
    let mut text = "#1.2\t\n30001\t4\nName\tDescription\tA\tB\tC\tD\n".to_owned();
    for row in 0..30_000 {
        match row {
            7 => text.push_str("G7\tna\t1\t2\n"),
            12_000 => text.push_str("\r\n"),
            15_001 => text.push_str("G9\tna\t1\t2\t3\t1,5\n"),
            29_998 => text.push_str("\tna\tNA\t2\t3\t1e999\n"),
            _ => {
                let _ = writeln!(text, "G{row}\tna\t{row}.5\t{}\t\t-1e-3", row * 7 % 13);
            }
        }
    }
    text
}

/// Every packing with every setting and every kernel, each with the number of its packing.
fn cases(packings: usize) -> Vec<(usize, [&'static str; 6])> {
    let mut cases = Vec::new();
    for packing in 0..packings {
        for (threads, memory) in SETTINGS {
            for kernel in Kernel::available() {
                let how = ["-j", threads, "--memory-limit", memory, "--kernel", kernel.name()];
                cases.push((packing, how));
            }
        }
    }
    cases
}

#[test]
fn reports_do_not_depend_on_threads_blocks_kernels_or_packing() {
    let directory = tempfile::tempdir().expect("a directory");
    let packings = every("m.gct", faulty().as_bytes());
    for (name, packed) in &packings {
        std::fs::write(directory.path().join(name), packed).expect("it is written");
    }
    let report = |name: &str, how: &[&str]| -> Value {
        let output = odmkit(
            directory.path(),
            &[&["check", name, "--format", "json"], how].concat(),
        );
        let text = String::from_utf8(output.stdout).expect("a report is text");
        let mut report: Value = serde_json::from_str(&text.replace(name, "m.gct")).expect("a report");
        report["summary"]["elapsed_seconds"] = Value::Null;
        report["files"][0]["bytes"] = Value::Null;
        report["files"][0]["compression"] = Value::Null;
        report
    };
    let expected = report("m.gct", &["-j", "1", "--memory-limit", "1GiB"]);
    let codes = expected["summary"]["by_code"].as_object().expect("counts");
    for code in [
        "F005", "G003", "G009", "G011", "G012", "G015", "T001", "T005", "T007", "T011",
    ] {
        assert!(codes.contains_key(code), "{code} is found: {codes:?}");
    }
    for (packing, how) in cases(packings.len()) {
        let name = &packings[packing].0;
        assert_eq!(report(name, &how), expected, "{name} {how:?}");
    }
}

#[test]
fn tables_do_not_depend_on_threads_blocks_kernels_or_packing() {
    let directory = tempfile::tempdir().expect("a directory");
    let packings = every("m.gct", Matrix::gct(1_500, 12).text.as_bytes());
    for (name, packed) in &packings {
        std::fs::write(directory.path().join(name), packed).expect("it is written");
    }
    let outputs: [(&str, &str); 4] = [
        ("out.parquet", "wide"),
        ("out.parquet", "long"),
        ("out.parquet", "matrix"),
        ("out.arrow", "wide"),
    ];
    for (target, layout) in outputs {
        let table = |name: &str, how: &[&str]| {
            let args = ["convert", name, "--overwrite", "-o", target, "--layout", layout];
            let output = odmkit(directory.path(), &[&args, how].concat());
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{name} {how:?}: {errors}");
            columns(&batches(&directory.path().join(target)))
        };
        let expected = table("m.gct", &["-j", "1", "--memory-limit", "1GiB"]);
        let rows = if layout == "long" { 18_000 } else { 1_500 };
        assert!(expected.iter().all(|column| column.len() == rows), "{layout}");
        // All of them for the first output, a fifth for each of the others: these read in the same way.
        let all = target == outputs[0].0 && layout == outputs[0].1;
        let every = cases(packings.len()).into_iter().enumerate();
        for (_, (packing, how)) in every.filter(|(at, _)| all || at % 5 == 0) {
            let name = &packings[packing].0;
            let same = table(name, &how) == expected;
            assert!(same, "{target}, {layout}: {name} {how:?}");
        }
    }
}

#[test]
fn the_comparison_of_tables_sees_one_value_and_one_row() {
    let directory = tempfile::tempdir().expect("a directory");
    let table = |text: &str| {
        std::fs::write(directory.path().join("m.gct"), text).expect("it is written");
        let args = ["convert", "m.gct", "--overwrite", "-o", "out.parquet"];
        assert!(odmkit(directory.path(), &args).status.success());
        columns(&batches(&directory.path().join("out.parquet")))
    };
    let text = "#1.2\n2\t1\nName\tDescription\tS\nA\tna\t1.5\nB\tna\t2.5\n";
    let expected = table(text);
    assert!(table(text) == expected);
    for (from, to) in [
        ("2.5", "2.5000000000000004"),
        ("2.5", ""),
        ("B\t", "C\t"),
        ("A\tna\t1.5\nB\tna\t2.5", "B\tna\t2.5\nA\tna\t1.5"),
    ] {
        assert!(table(&text.replace(from, to)) != expected, "{from} became {to}");
    }
}

#[test]
fn a_kernel_that_is_not_there_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("m.gct"), Matrix::gct(2, 2).text).expect("it is written");
    let output = odmkit(directory.path(), &["check", "m.gct", "--kernel", "mmx"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("portable"));
}

pub(crate) fn batches(path: &Path) -> Vec<RecordBatch> {
    let file = File::open(path).expect("it is there");
    if path.extension().is_some_and(|extension| extension == "arrow") {
        let reader = arrow_ipc::reader::FileReader::try_new(file, None).expect("it is Arrow");
        return reader.map(|batch| batch.expect("a batch")).collect();
    }
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("it is Parquet");
    let reader = builder.build().expect("it can be read");
    reader.map(|batch| batch.expect("a batch")).collect()
}

/// The values of each column one by one: where a batch ends may differ.
pub(crate) fn columns(batches: &[RecordBatch]) -> Vec<Vec<ArrayRef>> {
    let column = |at: usize| {
        let parts = batches.iter().map(|batch| batch.column(at));
        parts
            .flat_map(|part| (0..part.len()).map(|row| part.slice(row, 1)))
            .collect()
    };
    (0..batches[0].num_columns()).map(column).collect()
}
