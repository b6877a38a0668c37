//! The same answer for any number of threads, any memory limit (which decides the size of blocks), any kernel, and
//! however the file is packed.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use arrow_array::{Array as _, ArrayRef, RecordBatch};
use odmkit_columns::kernel::Kernel;
use odmkit_testkit::Matrix;
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

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).expect("packed");
    encoder.finish().expect("packed")
}

/// A block of BGZF, which says in its extra field how long it is.
fn bgzf_block(text: &[u8]) -> Vec<u8> {
    let builder = flate2::GzBuilder::new().extra(&b"BC\x02\0\0\0"[..]);
    let mut encoder = builder.write(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).expect("packed");
    let mut block = encoder.finish().expect("packed");
    let size = u16::try_from(block.len() - 1).expect("a small block");
    block[16..18].copy_from_slice(&size.to_le_bytes());
    block
}

/// A matrix in every packing, each with the name of its file.
fn packings(text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("m.gct", zip::write::SimpleFileOptions::default())
        .expect("it has a member");
    zip.write_all(text).expect("packed");
    let mut brotli = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 3,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*text, &mut brotli, &params).expect("packed");
    let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
    lz4.write_all(text).expect("packed");
    vec![
        ("m.gct", text.to_vec()),
        ("m.gct.gz", gzip(text)),
        ("members.gct.gz", text.chunks(77_777).flat_map(gzip).collect()),
        (
            "m.gct.bgz",
            text.chunks(50_000)
                .chain([&[][..]])
                .flat_map(bgzf_block)
                .collect(),
        ),
        ("m.gct.zip", zip.finish().expect("packed").into_inner()),
        ("m.gct.br", brotli),
        ("m.gct.lz4", lz4.finish().expect("packed")),
        ("m.gct.zst", zstd::encode_all(text, 3).expect("packed")),
    ]
}

/// Every packing with every setting; each kernel in turn, and all of them where the file is not packed.
fn cases() -> Vec<(usize, [&'static str; 6])> {
    let kernels = Kernel::available();
    let mut cases = Vec::new();
    for packing in 0..8 {
        for (setting, (threads, memory)) in SETTINGS.into_iter().enumerate() {
            for (at, kernel) in kernels.iter().enumerate() {
                if packing == 0 || at == (packing + setting) % kernels.len() {
                    cases.push((
                        packing,
                        ["-j", threads, "--memory-limit", memory, "--kernel", kernel.name()],
                    ));
                }
            }
        }
    }
    cases
}

#[test]
fn reports_do_not_depend_on_threads_blocks_kernels_or_packing() {
    let directory = tempfile::tempdir().expect("a directory");
    let packings = packings(faulty().as_bytes());
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
    for (packing, how) in cases() {
        let name = packings[packing].0;
        assert_eq!(report(name, &how), expected, "{name} {how:?}");
    }
}

#[test]
fn tables_do_not_depend_on_threads_blocks_kernels_or_packing() {
    let directory = tempfile::tempdir().expect("a directory");
    let packings = packings(Matrix::gct(1_500, 12).text.as_bytes());
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
        // Each packing once, with a setting of its own; all of them where the file is not packed.
        let every = cases().into_iter().enumerate();
        for (packing, how) in every
            .filter(|(at, (packing, _))| *packing == 0 || at % 5 == packing % 5)
            .map(|(_, case)| case)
        {
            let name = packings[packing].0;
            let same = table(name, &how) == expected;
            assert!(same, "{target}, {layout}: {name} {how:?}");
        }
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

fn batches(path: &Path) -> Vec<RecordBatch> {
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
fn columns(batches: &[RecordBatch]) -> Vec<Vec<ArrayRef>> {
    let column = |at: usize| {
        let parts = batches.iter().map(|batch| batch.column(at));
        parts
            .flat_map(|part| (0..part.len()).map(|row| part.slice(row, 1)))
            .collect()
    };
    (0..batches[0].num_columns()).map(column).collect()
}
