//! Packed files: every kind of file in every packing, and archives that are broken or made to do harm.

use std::collections::BTreeSet;
use std::path::Path;

use odmkit_testkit::{Matrix, pack};
use serde_json::Value;

use crate::determinism::{batches, columns};
use crate::support::{entries, name, odmkit, root};

/// Fixtures of these rules are about the bytes of the file itself: there is no text in it, or it is packed, or large.
const OTHERS: [&str; 4] = ["F002", "F007", "F009", "F014"];

/// The report on a file, without what its packing is to change.
fn report(directory: &Path, file: &str, plain: &str, args: &[String]) -> Value {
    // Some packings are not for every file: that is told beside all else.
    let mut all = vec!["check", file, "--format", "json", "--allow", "F014"];
    all.extend(args.iter().map(String::as_str));
    let output = odmkit(directory, &all);
    let text = String::from_utf8_lossy(&output.stdout).replace(file, plain);
    let mut report: Value = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!(
            "{file} {args:?}: {error}: {}",
            String::from_utf8_lossy(&output.stderr)
        )
    });
    report["summary"]["elapsed_seconds"] = Value::Null;
    report["files"][0]["bytes"] = Value::Null;
    report["files"][0]["compression"] = Value::Null;
    report
}

#[test]
fn every_kind_of_file_is_judged_the_same_in_every_packing() {
    let (mut kinds, mut formats, mut cases) = (BTreeSet::new(), BTreeSet::new(), 0);
    for folder in entries(&root().join("fixtures/rules")) {
        let files = entries(&folder);
        for case in files.iter().filter(|case| case.is_file()) {
            let file = name(case);
            let ends_in = |ending: &str| case.extension().is_some_and(|found| found == ending);
            let is_case = file.starts_with("pass") || file.starts_with("fail");
            if !is_case || ends_in("json") || ends_in("gz") || OTHERS.contains(&name(&folder)) {
                continue;
            }
            let expectation = std::fs::read_to_string(folder.join(format!("{file}.expect.json")));
            let args: Vec<String> = expectation.map_or_else(
                |_| Vec::new(),
                |text| {
                    let expectation: Value = serde_json::from_str(&text).expect("an expectation");
                    serde_json::from_value(expectation["args"].clone()).unwrap_or_default()
                },
            );
            let directory = tempfile::tempdir().expect("a directory");
            for beside in files.iter().filter(|other| other.is_file()) {
                std::fs::copy(beside, directory.path().join(name(beside))).expect("copied");
            }
            let text = std::fs::read(case).expect("a fixture");
            let expected = report(directory.path(), file, file, &args);
            for (packed, bytes) in pack::every(file, &text).into_iter().skip(1) {
                std::fs::write(directory.path().join(&packed), bytes).expect("it is written");
                assert_eq!(
                    report(directory.path(), &packed, file, &args),
                    expected,
                    "{}/{packed} {args:?}",
                    name(&folder)
                );
            }
            let about = &expected["files"][0];
            kinds.extend(about["kind"].as_str().map(str::to_owned));
            formats.extend(about["format"].as_str().map(str::to_owned));
            cases += 1;
        }
    }
    assert!(cases > 100, "{cases} fixtures");
    for kind in [
        "study",
        "samples",
        "libraries",
        "preparations",
        "cells",
        "expression",
        "expression-metadata",
        "variant",
        "flow-cytometry",
        "mapping",
    ] {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
    for format in ["gct-1.2", "gct-1.3", "tsv", "vcf", "facs"] {
        assert!(formats.contains(format), "{format}: {formats:?}");
    }
}

#[test]
fn tables_hold_the_same_values_in_every_packing() {
    let gct = Matrix::gct(300, 5).text;
    let frame = gct.splitn(3, '\n').nth(2).expect("a header").to_owned();
    let gct13 =
        "#1.3\n2\t2\t1\t1\nid\tgene\tA\tB\ndose\tna\t1\t2.5\nG1\tx\t1.25\t\nG2\ty\t-3e-5\t0\n".to_owned();
    let samples = "Sample Source ID\tAge\tSample Source\nS1\t7.5\tx\nS2\t\ty\n".to_owned();
    for (file, text, args) in [
        ("m.gct", gct, &[][..]),
        (
            "m.tsv",
            frame,
            &["--kind", "expression", "--feature-attributes", "2"][..],
        ),
        ("o.gct", gct13, &["--no-check"][..]),
        ("x.samples.tsv", samples, &["--kind", "samples"][..]),
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let table = |packed: &str| {
            let words = [&["convert", packed, "--overwrite", "-o", "out.parquet"], args].concat();
            let output = odmkit(directory.path(), &words);
            assert!(
                output.status.success(),
                "{words:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            columns(&batches(&directory.path().join("out.parquet")))
        };
        let packings = pack::every(file, text.as_bytes());
        for (packed, bytes) in &packings {
            std::fs::write(directory.path().join(packed), bytes).expect("it is written");
        }
        let expected = table(file);
        assert!(!expected.is_empty() && !expected[0].is_empty(), "{file} has rows");
        for (packed, _) in &packings {
            assert!(table(packed) == expected, "{packed} differs");
        }
    }
}

/// Checks a file and gives its one finding, which must be F007: message and help.
fn fault(directory: &Path, file: &str, bytes: &[u8]) -> String {
    std::fs::write(directory.join(file), bytes).expect("it is written");
    let output = odmkit(directory, &["check", file, "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{file}: {output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let findings = report["diagnostics"].as_array().expect("findings");
    assert_eq!(
        findings.len(),
        1,
        "{file}: one message for one cause: {findings:#?}"
    );
    assert_eq!(findings[0]["code"], "F007", "{file}");
    assert!(
        findings[0]["help"].as_str().is_some_and(|help| !help.is_empty()),
        "{file}"
    );
    // And nothing comes of it.
    let converted = odmkit(directory, &["convert", file, "-o", "out.parquet"]);
    assert_eq!(converted.status.code(), Some(1), "{file}: {converted:?}");
    assert!(!directory.join("out.parquet").exists(), "{file}");
    findings[0]["message"].as_str().expect("a message").to_owned()
}

#[test]
fn broken_archives_are_told_in_plain_words() {
    let directory = tempfile::tempdir().expect("a directory");
    let text = Matrix::gct(400, 6).text;
    let text = text.as_bytes();
    let tell = |file: &str, bytes: &[u8], says: &str| {
        let message = fault(directory.path(), file, bytes);
        assert!(message.contains(says), "{file}: {message}");
    };
    for (file, bytes) in pack::every("m.gct", text).into_iter().skip(1) {
        tell(&format!("cut.{file}"), &bytes[..bytes.len() * 2 / 3], "");
    }
    tell("locked.gct.zip", &pack::encrypted_zip("m.gct", text), "encrypted");
    tell(
        "two.gct.zip",
        &pack::zip(&[("m.gct", text), ("n.gct", text)]),
        "2 files",
    );
    tell("none.gct.zip", &pack::zip(&[]), "0 files");
    let mut more = pack::gzip(text);
    more.extend(b"and so on");
    tell("more.gct.gz", &more, "goes on");
    let mut flipped = pack::gzip(text);
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    tell("flipped.gct.gz", &flipped, "corrupt");
}

#[test]
fn rows_before_a_fault_of_the_packing_are_judged() {
    let directory = tempfile::tempdir().expect("a directory");
    // The whole text is looked at to tell what the file is, and still its rows are judged.
    let text = Matrix::gct(400, 6).text;
    let header = text.lines().nth(2).expect("a header");
    let text = text.replacen(
        &format!("{header}\n"),
        &format!("{header}\nbad\tna\tx\t1\t2\t3\t4\t5\n"),
        1,
    );
    for (file, bytes) in pack::every("m.gct", text.as_bytes()) {
        // Others unpack nothing of a text as short as this before they have all of it.
        if !["m.gct.gz", "members.m.gct.gz", "m.gct.br"].contains(&file.as_str()) {
            continue;
        }
        std::fs::write(directory.path().join(&file), &bytes[..bytes.len() * 2 / 3]).expect("it is written");
        let output = odmkit(directory.path(), &["check", &file, "--format", "json"]);
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        let found: Vec<(&str, Option<u64>)> = report["diagnostics"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|finding| {
                (
                    finding["code"].as_str().expect("a code"),
                    finding["line"].as_u64(),
                )
            })
            .collect();
        assert_eq!(found, [("F007", None), ("G012", Some(4))], "{file}");
        assert!(
            report["files"][0]["rows"].as_u64() > Some(100),
            "{file}: {report}"
        );
    }
    // A header that breaks off leaves nothing to judge.
    let long = format!("#1.2\n1\t9000\nName\tDescription{}\n", "\tSample".repeat(9_000));
    let bytes = pack::gzip(long.as_bytes());
    fault(directory.path(), "header.gct.gz", &bytes[..bytes.len() / 2]);
}
