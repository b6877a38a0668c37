//! The same answer for any number of threads, any memory limit (which decides the size of blocks), any kernel, and
//! however the file is packed: of `check`, `convert` and `fix`.

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use arrow_array::{Array as _, ArrayRef, RecordBatch};
use odmkit_columns::kernel::Kernel;
use odmkit_testkit::Matrix;
use odmkit_testkit::pack::every;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::support::{entries, odmkit};

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

/// Reports on every packing of a file, in every way, which are held to the first; `codes` are among the findings.
fn reported_alike(file: &str, text: &str, of_input: &[&str], codes: &[&str]) {
    let directory = tempfile::tempdir().expect("a directory");
    let packings = every(file, text.as_bytes());
    for (name, packed) in &packings {
        std::fs::write(directory.path().join(name), packed).expect("it is written");
    }
    let report = |name: &str, how: &[&str]| -> Value {
        // Some packings are not for every file: that is told beside all else.
        let args = [
            &["check", name, "--format", "json", "--allow", "F014"],
            of_input,
            how,
        ]
        .concat();
        let output = odmkit(directory.path(), &args);
        let text = String::from_utf8(output.stdout).expect("a report is text");
        let mut report: Value = serde_json::from_str(&text.replace(name, file)).expect("a report");
        report["summary"]["elapsed_seconds"] = Value::Null;
        report["files"][0]["bytes"] = Value::Null;
        report["files"][0]["compression"] = Value::Null;
        report
    };
    let expected = report(file, &["-j", "1", "--memory-limit", "1GiB"]);
    let found = expected["summary"]["by_code"].as_object().expect("counts");
    for code in codes {
        assert!(found.contains_key(*code), "{code} is found: {found:?}");
    }
    for (packing, how) in cases(packings.len()) {
        let name = &packings[packing].0;
        assert_eq!(report(name, &how), expected, "{name} {how:?}");
    }
}

#[test]
fn reports_do_not_depend_on_threads_blocks_kernels_or_packing() {
    let codes = [
        "F005", "G003", "G009", "G011", "G012", "G015", "T001", "T005", "T007", "T011",
    ];
    reported_alike("m.gct", &faulty(), &[], &codes);
}

#[test]
fn reports_on_other_kinds_do_not_either() {
    let rows = |header: &str, row: &dyn Fn(usize) -> String| {
        (0..20_000).fold(header.to_owned(), |mut text, number| {
            text.push_str(&row(number));
            text
        })
    };
    let frame = rows("Protein\tS1\tS2\n", &|row| match row {
        9_000 => "P9000\t1,5\t2\n".to_owned(),
        15_000 => "P1\tna\t3\t\n".to_owned(),
        _ => format!("P{row}\t{row}.25\tNA\n"),
    });
    let codes = ["D004", "D009", "D012", "T007"];
    reported_alike("frame.tsv", &frame, &["--feature-attributes", "1"], &codes);

    let samples = rows("Sample Source ID\tSample Source\tAge\tsex\n", &|row| match row {
        9_000 => "S9000\tclinic\t7,5\tx\n".to_owned(),
        15_000 => "S1\t\t7\t\ty\n".to_owned(),
        17_000 => "S17000\t\t7\tx\n".to_owned(),
        19_990 => "\tclinic\told\tx \n".to_owned(),
        _ => format!("S{row}\tclinic\t{}\tx\n", row % 90),
    });
    let codes = ["M003", "M007", "M013", "M015", "M016", "T001", "T006"];
    reported_alike("x.samples.tsv", &samples, &[], &codes);

    let fixed = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    let calls = rows(fixed, &|row| match row {
        9_000 => "chr1\tx\t.\tA\tG\t50\tPASS\tDP=1\n".to_owned(),
        15_000 => "chr1\t7\t.\tA\tG\t50\tPASS\tDP=1\t\n".to_owned(),
        _ => format!("chr1\t{}\t.\tA\tG\t50\tPASS\tDP=1\n", row + 10),
    });
    reported_alike("x.vcf", &calls, &[], &["T007", "V002", "V004"]);
}

/// What is made of a GCT file.
const OF_GCT: [&[&str]; 8] = [
    &["-o", "out.parquet", "--layout", "wide"],
    &["-o", "out.parquet", "--layout", "long"],
    &["-o", "out.parquet", "--layout", "matrix"],
    &["-o", "out.parquet", "--tile", "5", "--values", "f32"],
    &["-o", "out.arrow", "--layout", "wide", "--compression", "none"],
    &["-o", "out.parquet", "--layout", "long", "--skip-zeros"],
    &["-o", "out.tsv"],
    &["-o", "out.gct"],
];

/// What is made of a data frame of two feature columns and two measurements for each sample.
const OF_FRAME: [&[&str]; 4] = [
    &["-o", "out.parquet", "--layout", "wide"],
    &["-o", "out.parquet", "--layout", "long"],
    &["-o", "out.arrow", "--layout", "matrix"],
    &["-o", "out.tsv"],
];

/// What was written: of text the bytes, of tables the values, for where a batch ends may differ.
#[derive(PartialEq)]
enum Written {
    Text(Vec<u8>),
    Table(Vec<Vec<ArrayRef>>),
}

/// Converts each of some packings in each way, and holds what comes of it to what comes of the first.
fn converted_alike(file: &str, text: &str, of_input: &[&str], ways: &[&[&str]]) {
    let directory = tempfile::tempdir().expect("a directory");
    let packings = every(file, text.as_bytes());
    for (name, packed) in &packings {
        std::fs::write(directory.path().join(name), packed).expect("it is written");
    }
    for (number, way) in ways.iter().enumerate() {
        let written = |name: &str, how: &[&str]| {
            let args = [&["convert", name, "--overwrite"], of_input, way, how].concat();
            let output = odmkit(directory.path(), &args);
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{args:?}: {errors}");
            let path = directory.path().join(way[1]);
            if [".tsv", ".gct"].iter().any(|ending| way[1].ends_with(ending)) {
                Written::Text(std::fs::read(path).expect("it is written"))
            } else {
                Written::Table(columns(&batches(&path)))
            }
        };
        let expected = written(file, &["-j", "1", "--memory-limit", "1GiB"]);
        let empty = match &expected {
            Written::Text(text) => text.len() < 1_000,
            Written::Table(columns) => {
                columns.is_empty() || columns.iter().any(|column| column.len() < 1_000)
            }
        };
        assert!(!empty, "{file}: {way:?}");
        // All of them for the first output, a fifth for each of the others, and not the same fifth: these read in the
        // same way.
        for (at, (packing, how)) in cases(packings.len()).into_iter().enumerate() {
            if number == 0 || at % 5 == number % 5 {
                let name = &packings[packing].0;
                assert!(written(name, &how) == expected, "{way:?}: {name} {how:?}");
            }
        }
    }
}

#[test]
fn tables_do_not_depend_on_threads_blocks_kernels_or_packing() {
    converted_alike("m.gct", &Matrix::gct(1_500, 12).text, &[], &OF_GCT);
}

#[test]
fn tables_of_data_frames_do_not_either() {
    let mut text = "Protein\tGene".to_owned();
    for sample in 0..6 {
        let _ = write!(text, "\tS{sample}:tpm\tS{sample}:count");
    }
    for row in 0..1_500 {
        let _ = write!(text, "\nP{row}\tG{}", row % 700);
        for column in 0..12 {
            let _ = match (row * 7 + column) % 11 {
                0 => write!(text, "\t"),
                1 => write!(text, "\tNA"),
                2 => write!(text, "\t-{column}e-{column}"),
                rest => write!(text, "\t{row}.{rest}{column}"),
            };
        }
    }
    text.push('\n');
    let of_input = ["--feature-attributes", "2", "--measurement-separator", ":"];
    converted_alike("frame.tsv", &text, &of_input, &OF_FRAME);
}

#[test]
fn mended_files_do_not_depend_on_threads_blocks_kernels_or_packing() {
    let matrix = faulty();
    let newer = faulty_1_3();
    for (file, text) in [("m.gct", &matrix), ("n.gct", &newer)] {
        let directory = tempfile::tempdir().expect("a directory");
        let packings = every(file, text.as_bytes());
        for (name, packed) in &packings {
            std::fs::write(directory.path().join(name), packed).expect("it is written");
        }
        let mended = |name: &str, how: &[&str]| -> Vec<(String, Vec<u8>)> {
            let args = [&["fix", name, "-o", "out", "--unsafe"], how].concat();
            let output = odmkit(directory.path(), &args);
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.code().is_some_and(|code| code < 2),
                "{args:?}: {errors}"
            );
            let out = directory.path().join("out");
            let files = entries(&out).into_iter().map(|path| {
                let bytes = std::fs::read(&path).expect("it is written");
                let shown = crate::support::name(&path).replace("members.", "");
                (shown, bytes)
            });
            let files = files.collect();
            std::fs::remove_dir_all(out).expect("it is there");
            files
        };
        let expected = mended(file, &["-j", "1", "--memory-limit", "1GiB"]);
        assert!(expected[0].1 != text.as_bytes(), "{file} is mended");
        assert_eq!(expected.len(), if file == "n.gct" { 2 } else { 1 });
        for (packing, how) in cases(packings.len()) {
            let name = &packings[packing].0;
            assert!(mended(name, &how) == expected, "{name} {how:?}");
        }
    }
}

/// GCT 1.3 with an attribute of samples, and faults that can be mended.
fn faulty_1_3() -> String {
    let mut text = "#1.3\t\n8000\t3\t1\t1\nid\tabout\tA\t\"B\"\tC\nsite\tna\tx\ty \tz\n".to_owned();
    for row in 0..8_000 {
        let tail = if row % 97 == 0 { "\t\t\r\n" } else { "\n" };
        let blank = if row == 4_000 { "\n" } else { "" };
        let missing = if row % 3 == 0 { "NaN" } else { "2" };
        let _ = write!(
            text,
            "{blank}g{row}\tabout {row}\t{row}.5\t{missing}\t-1e-3{tail}"
        );
    }
    text
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
