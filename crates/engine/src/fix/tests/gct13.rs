//! GCT 1.3 files: their matrices, and the tables that go beside them.

use super::*;

#[test]
fn gct_1_3_becomes_gct_1_2_and_tables() {
    let files = mended_folder(
        "m.gct",
        "#1.3\t\n2\t2\t2\t3\t\t\nid\t symbol\tchr\tS1\t\"S2\" \ndose\tna\tna\t 1\t-666\n\tna\tna\tx\t\ndose\tna\tna\ta b\t\"q\"\n\nA \t\"x\"\t7\tNA\t 2\t\nB\t\tX\t1\t2\n",
    );
    assert_eq!(
        pairs(&files),
        [
            ("m.features.tsv", "id\tsymbol\tchr\nA\tx\t7\nB\t\tX\n"),
            (
                "m.gct",
                "#1.2\n2\t2\nName\tDescription\tS1\tS2\nA\tx\t\t2\nB\tNA\t1\t2\n"
            ),
            (
                "m.samples.tsv",
                "Sample Source ID\tdose\tAttribute 2\tdose (2)\nS1\t1\tx\ta b\nS2\t\t\tq\n"
            ),
        ]
    );
}

#[test]
fn gct_1_3_of_one_description_or_none_needs_no_table_of_features() {
    for (before, after) in [
        ("#1.3\n1\t1\t0\t0\nid\tS1\nA\t1\n", "NA"),
        ("#1.3\n1\t1\t1\t1\nid\tDescription\tS1\nx\tna\ty\nA\t\t1\n", "NA"),
    ] {
        let files = mended_folder("m.gct", before);
        assert_eq!(files.len(), 2, "{files:?}");
        assert_eq!(
            files[0].1,
            format!("#1.2\n1\t1\nName\tDescription\tS1\nA\t{after}\t1\n")
        );
    }
}

#[test]
fn gct_1_3_by_name_alone_needs_no_tables() {
    let files = mended_folder(
        "m.gct",
        "#1.3\t\n1\t1\t\nNAME\tDescription\tS1\nA\tna\t1\nB\t\t2\n",
    );
    assert_eq!(
        pairs(&files),
        [("m.gct", "#1.2\n1\t1\nNAME\tDescription\tS1\nA\tna\t1\nB\tNA\t2\n")]
    );
}

#[test]
fn gct_1_3_whose_rows_cannot_be_told_apart_stays_what_it_is() {
    let outcome = mend("m.gct", "#1.3\t\n2\t1\t1\t0\nid\td\tS1\nA\tx\t1\nB\t2\n");
    assert_eq!(text(&outcome), "#1.3\n2\t1\t1\t0\nid\td\tS1\nA\tx\t1\nB\t2\n");
    assert_eq!(outcome.left, ["G013", "T001"]);
}

#[test]
fn a_table_that_is_there_already_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.gct");
    let before = "#1.3\n1\t1\t0\t1\nid\tS1\nx\ty\nA\t1\n";
    let (samples, columns) = (
        folder.path().join("m.samples.tsv"),
        folder.path().join("m.columns.tsv"),
    );
    let run = || {
        std::fs::write(&path, before).unwrap();
        let (mut written, mut other) = (Ok(()), false);
        fix(&request(path.clone()), &NoProgress, |fixed| {
            let fixed = match fixed {
                Ok(fixed) => fixed,
                Err(error) => return written = Err(error),
            };
            other = fixed.notes().next().is_some();
            written = fixed.write(false);
        })
        .unwrap();
        written.map(|()| other)
    };
    std::fs::write(&samples, "precious").unwrap();
    std::fs::write(&columns, "also precious").unwrap();
    assert!(matches!(run(), Err(FixError::Exists { .. })));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    // Which of two tables of samples is right is not guessed.
    std::fs::remove_file(&columns).unwrap();
    assert!(run().unwrap());
    let table = "Sample Source ID\tx\nS1\ty\n";
    assert_eq!(std::fs::read_to_string(&columns).unwrap(), table);
    assert_eq!(std::fs::read_to_string(&samples).unwrap(), "precious");
    // As a run leaves it that was stopped before it wrote the matrix.
    std::fs::write(&samples, table).unwrap();
    assert!(!run().unwrap());
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .starts_with("#1.2\n1\t1\n")
    );
}

#[test]
fn the_samples_of_a_gct_1_3_file_are_ready_for_odm() {
    let before = "#1.3\n1\t2\t2\t2\nid\tsym\tchr\tS1\tS2\nsex\tna\tna\tM\tF\nage\tna\tna\t35,5\t40\nTP53\tx\t17\t1\t2\n";
    let files = mended_study(&[("m.gct", before)], |_| Waiting::Beside);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["m.features.tsv", "m.gct", "m.samples.tsv"]);
    assert_eq!(
        files[2].1,
        "Sample Source ID\tSex\tAge\nS1\tmale\t35.5\nS2\tfemale\t40\n"
    );
    // What is kept beside the matrix is no file that ODM is to take.
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in &files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let left = codes(&request(folder.path().to_owned()));
    assert!(!left.iter().any(|code| code.starts_with('F')), "{left:?}");
    let mut changed = 0;
    fix(&request(folder.path().to_owned()), &NoProgress, |fixed| {
        changed += u32::from(fixed.unwrap().is_changed());
    })
    .unwrap();
    assert_eq!(changed, 0);
}

#[test]
fn a_study_with_samples_gets_no_second_ones() {
    let gct = "#1.3\n1\t1\t0\t1\nid\tS1\ntissue\tliver\nTP53\t1\n";
    let samples = "Sample Source ID\tSample Source\nS1\tclinic\n";
    let files = mended_study(&[("m.gct", gct), ("x.samples.tsv", samples)], |_| Waiting::Beside);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["m.columns.tsv", "m.gct", "x.samples.tsv"]);
}

#[test]
fn unsafe_figures_of_gct_1_3_are_counted() {
    let outcome = mend_with("m.gct", b"#1.3\n9\t1\t0\t0\nid\tS1\nA\t1\n", |path| FixRequest {
        with_unsafe: true,
        ..request(path)
    });
    assert_eq!(text(&outcome), "#1.2\n1\t1\nName\tDescription\tS1\nA\tNA\t1\n");
}

/// Of each file of a study in a folder what was noted of tables beside it; names and texts of all files in the end.
fn noted(files: &[(&str, &str)]) -> (Vec<(String, Note)>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut notes = Vec::new();
    fix(&request(folder.path().to_owned()), &NoProgress, |fixed| {
        let fixed = fixed.unwrap();
        notes.extend(fixed.notes().map(|(table, note)| (table, note.clone())));
        fixed.write(false).unwrap();
    })
    .unwrap();
    let entries = std::fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    (notes, names)
}

fn gct_13(first: &str, second: &str) -> String {
    format!("#1.3\n1\t2\t0\t1\nid\t{first}\t{second}\ntissue\tliver\tlung\nTP53\t1\t2\n")
}

fn beside(samples: usize, known: usize, unknown: Option<&str>, as_samples: &str) -> Note {
    Note::Beside {
        samples,
        known,
        unknown: unknown.map(str::to_owned),
        as_samples: as_samples.to_owned(),
    }
}

#[test]
fn each_sample_gets_into_one_table() {
    let both = gct_13("S1", "S2");
    // Of the same samples the second table is no samples table, nor is one of some of them.
    let (notes, names) = noted(&[("a.gct", &both), ("b.gct", &both), ("c.gct", &gct_13("S2", "S3"))]);
    assert_eq!(
        names,
        [
            "a.gct",
            "a.samples.tsv",
            "b.columns.tsv",
            "b.gct",
            "c.columns.tsv",
            "c.gct"
        ]
    );
    assert_eq!(
        notes,
        [
            ("b.columns.tsv".to_owned(), beside(2, 2, None, "b.samples.tsv")),
            (
                "c.columns.tsv".to_owned(),
                beside(2, 1, Some("S3"), "c.samples.tsv")
            ),
        ]
    );
    // Other samples have a table of their own.
    let (notes, names) = noted(&[("a.gct", &both), ("b.gct", &gct_13("S3", "S4"))]);
    assert_eq!(names, ["a.gct", "a.samples.tsv", "b.gct", "b.samples.tsv"]);
    assert_eq!(notes, []);
}

#[test]
fn samples_that_the_study_does_not_know_are_told_of() {
    let samples = "Sample Source ID\tSample Source\nP1\tclinic\n";
    let (notes, names) = noted(&[("a.gct", &gct_13("S1", "S2")), ("x.samples.tsv", samples)]);
    assert_eq!(names, ["a.columns.tsv", "a.gct", "x.samples.tsv"]);
    assert_eq!(
        notes,
        [(
            "a.columns.tsv".to_owned(),
            beside(2, 0, Some("S1"), "a.samples.tsv")
        )]
    );
}

#[test]
fn a_manifest_has_to_name_the_samples_table() {
    let (notes, _) = noted(&[
        ("a.gct", &gct_13("S1", "S2")),
        ("study.toml", "[[data]]\nfile = \"a.gct\"\n"),
    ]);
    assert!(
        matches!(&notes[..], [(_, Note::ForManifest { entry, .. })] if entry == "a.samples.tsv"),
        "{notes:?}"
    );
}

#[test]
fn a_table_in_the_way_is_seen_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.gct");
    std::fs::write(&path, gct_13("S1", "S2")).unwrap();
    for name in ["m.samples.tsv", "m.columns.tsv"] {
        std::fs::write(folder.path().join(name), "precious").unwrap();
    }
    let mut seen = None;
    fix(&request(path), &NoProgress, |fixed| seen = fixed.err()).unwrap();
    let seen = seen.map(|error| error.to_string()).unwrap_or_default();
    assert!(seen.contains("m.columns.tsv is there already"), "{seen}");
}
