use std::num::NonZeroUsize;
use std::path::Path;

use odmkit_diagnostics::Overrides;
use proptest::prelude::*;

use super::*;
use crate::NoProgress;
use crate::check::{CheckRequest, check};
use crate::progress::Passes;

pub(super) struct Outcome {
    pub(super) edits: Vec<(&'static str, u64)>,
    pub(super) text: Vec<u8>,
    /// Before and after.
    found: Vec<String>,
    left: Vec<String>,
}

/// Mends one file; gives what was done, the text in the end, and the rules that still have something to say.
pub(super) fn mend_with(name: &str, text: &[u8], request: impl Fn(PathBuf) -> FixRequest) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let request = request(path.clone());
    let found = codes(&request);
    let mut edits = Vec::new();
    let mut held = None;
    fix(&request, &NoProgress, |fixed| {
        let fixed = fixed.unwrap();
        edits = fixed.edits.iter().collect();
        assert_eq!(fixed.is_changed(), !edits.is_empty());
        fixed.write(false).unwrap();
        held = Some(fixed.after.clone());
    })
    .unwrap();
    assert!(
        held.flatten().is_none_or(|held| !held.exists()),
        "temporary files go"
    );
    Outcome {
        edits,
        text: std::fs::read(path).unwrap(),
        found,
        left: codes(&request),
    }
}

/// The rules that have something to say.
fn codes(request: &FixRequest) -> Vec<String> {
    let check = check(
        &CheckRequest {
            inputs: request.inputs.clone(),
            options: request.options.clone(),
            overrides: Overrides::new(),
            max_per_rule: 20,
            resources: request.resources,
        },
        &NoProgress,
    );
    let report = check.unwrap().report;
    report.summary.by_code.keys().map(ToString::to_string).collect()
}

pub(super) fn request(path: PathBuf) -> FixRequest {
    FixRequest {
        inputs: vec![path],
        options: CheckOptions::default(),
        with_unsafe: false,
        waiting: Waiting::Elsewhere,
        resources: Resources::new(NonZeroUsize::MIN, 64 << 20),
    }
}

fn mend(name: &str, text: &str) -> Outcome {
    mend_with(name, text.as_bytes(), request)
}

fn text(outcome: &Outcome) -> &str {
    std::str::from_utf8(&outcome.text).unwrap()
}

#[test]
fn a_gct_file_is_mended_all_over() {
    let outcome = mend(
        "m.gct",
        "\u{feff}#1.2\t\t\t\n3 rows\t2\n\nNAMES\tInfo\tS1 \t\"S2\"\t\t\n A\tsome text\t1\tNA\r\nB\t\t2\t3\t\t\n\nC\tmore\tnull\t-Inf\n",
    );
    assert_eq!(
        text(&outcome),
        "#1.2\n3\t2\nName\tDescription\tS1\tS2\nA\tsome text\t1\t\nB\tNA\t2\t3\nC\tmore\t\t-Inf\n"
    );
    assert_eq!(
        outcome.left,
        ["G015"],
        "what an infinity stands for is for a person to say"
    );
    let codes: Vec<&str> = outcome.edits.iter().map(|(code, _)| *code).collect();
    assert_eq!(
        codes,
        [
            "F004", "F005", "G002", "G005", "G006", "G010", "G015", "T005", "T006", "T007", "T012"
        ]
    );
}

#[test]
fn lines_that_a_gct_file_lacks_are_written() {
    for (before, after) in [
        (
            "Name\tDescription\tS1\nA\tna\t1\n",
            "#1.2\n1\t1\nName\tDescription\tS1\nA\tna\t1\n",
        ),
        (
            "1\t1\nName\tDescription\tS1\nA\tna\t1\n",
            "#1.2\n1\t1\nName\tDescription\tS1\nA\tna\t1\n",
        ),
        (
            "#1.2\nName\tDescription\tS1\nA\tna\t1\n",
            "#1.2\n1\t1\nName\tDescription\tS1\nA\tna\t1\n",
        ),
        (
            "#1.2\r\n1\t2\r\nName\tS1\tS2\r\nA\t1\t2",
            "#1.2\r\n1\t2\r\nName\tDescription\tS1\tS2\r\nA\tNA\t1\t2",
        ),
        (
            "#1.2\r1\t1\rName\tDescription\tS1\rA\tna\t1\r",
            "#1.2\n1\t1\nName\tDescription\tS1\nA\tna\t1\n",
        ),
    ] {
        let outcome = mend("m.gct", before);
        assert_eq!(text(&outcome), after);
        assert_eq!(outcome.left, [""; 0], "{before}");
    }
}

#[test]
fn what_is_nearly_called_description_is_one() {
    let outcome = mend("m.gct", "#1.2\n1\t1\nName\tDescriptions\tS1\nA\t7\t1\n");
    assert_eq!(text(&outcome), "#1.2\n1\t1\nName\tDescription\tS1\nA\t7\t1\n");
}

#[test]
fn padding_goes_though_a_column_before_it_has_no_name() {
    let outcome = mend(
        "m.samples.tsv",
        "Sample Source ID\t\tSample Source\t\t\nS1\tx\tclinic\t\t\n",
    );
    assert_eq!(
        text(&outcome),
        "Sample Source ID\t\tSample Source\nS1\tx\tclinic\n"
    );
    // What stands under a blank name at the end is no padding.
    let before = "Sample Source ID\tSample Source\t\t\nS1\tclinic\t\tx\n";
    assert_eq!(text(&mend("m.samples.tsv", before)), before);
}

#[test]
fn a_sample_is_not_taken_for_a_description() {
    let before = "#1.2\n2\t7\nName\tS1\tS2\nA\t1\t2\nB\t3\t4\n";
    let outcome = mend("m.gct", before);
    assert_eq!((text(&outcome), outcome.edits.len()), (before, 0));
}

/// Mends a file; gives all files of the folder afterwards.
fn mended_folder(name: &str, text: &str) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    fix(&request(path), &NoProgress, |fixed| {
        fixed.unwrap().write(false).unwrap();
    })
    .unwrap();
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect();
    files.sort();
    files
}

fn pairs(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect()
}

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
fn a_header_that_lacks_its_first_name_gets_it_and_rows_stay() {
    for (before, after) in [
        (
            "#1.2\n2\t2\nDescription\tS1\tS2\na\tna\t1\t2\nb\tna\t3\t4\n",
            "#1.2\n2\t2\nName\tDescription\tS1\tS2\na\tna\t1\t2\nb\tna\t3\t4\n",
        ),
        (
            "#1.2\n2\t2\nS1\tS2\na\t1\t2\nb\t3\t4\n",
            "#1.2\n2\t2\nName\tDescription\tS1\tS2\na\tNA\t1\t2\nb\tNA\t3\t4\n",
        ),
    ] {
        let outcome = mend("m.gct", before);
        assert_eq!((text(&outcome), &outcome.left[..]), (after, &[][..]));
    }
}

#[test]
fn nothing_is_rewritten_where_it_is_not_known_what_stands_where() {
    for before in [
        "#a comment\n#1.2\n1\t1\nName\tDescription\tS1\na\tna\t1\n",
        "#1.3\n1\t2\t1\nid\tsym\tS1\tS2\ntissue\tna\tliver\tlung\nTP53\tx\t1\t2\n",
        "#1.3\n1\t2\t1\t5\nid\tsym\tS1\tS2\ntissue\tna\tliver\tlung\nTP53\tx\t1\t2\n",
        "#1.4\n1\t2\t0\t1\nid\tS1\tS2\ntemp\t-666\tna\nTP53\t-666\t2\n",
        "#1.2\n2,2\nName,Description,S1,S2\na,na,1,2\nb,na,3,4\n",
        "#1.2\n2\t2\nName\tS1\tS2\tS3\nTP53\t1\t2\t3\nEGFR\t4\t5\t6\n",
    ] {
        let outcome = mend("m.gct", before);
        assert_eq!((text(&outcome), outcome.edits.len()), (before, 0));
    }
}

#[test]
fn without_figures_the_second_column_of_numbers_is_a_sample() {
    for figures in ["", "four\tthree\n", "4,3\n"] {
        let outcome = mend(
            "m.gct",
            &format!("#1.2\n{figures}Name\tS1\tS2\nTP53\t1\t2\nEGFR\t4\t5\n"),
        );
        assert_eq!(
            text(&outcome),
            "#1.2\n2\t2\nName\tDescription\tS1\tS2\nTP53\tNA\t1\t2\nEGFR\tNA\t4\t5\n"
        );
    }
}

#[test]
fn a_file_in_quotes_throughout_is_written_without() {
    let outcome = mend(
        "m.gct",
        "\"#1.2\"\n\"2\"\t\"2\"\n\"Name\"\t\"Description\"\t\"S1\"\t\"S2\"\n\"a\"\t\"na\"\t\"1\"\t\"\"\n\"b\"\t\"na\"\t\"3\"\t\"NA\"\n",
    );
    let after = "#1.2\n2\t2\nName\tDescription\tS1\tS2\na\tna\t1\t\nb\tna\t3\t\n";
    assert_eq!((text(&outcome), &outcome.left[..]), (after, &[][..]));
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
            let fixed = fixed.unwrap();
            other = fixed.has_other_samples();
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

/// Writes files into a folder, and gives all that is there in the end: names below it with what they hold.
fn mended_study(files: &[(&str, &str)], waiting: impl Fn(&Path) -> Waiting) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let study = folder.path().join("study");
    for (name, text) in files {
        let path = study.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let request = FixRequest {
        waiting: waiting(folder.path()),
        ..request(study.clone())
    };
    fix(&request, &NoProgress, |fixed| {
        let fixed = fixed.unwrap();
        match &request.waiting {
            Waiting::In(copies) => drop(fixed.write_into(copies).unwrap()),
            Waiting::Beside | Waiting::Elsewhere => fixed.write(false).unwrap(),
        }
    })
    .unwrap();
    let root = match &request.waiting {
        Waiting::In(copies) => copies.clone(),
        Waiting::Beside | Waiting::Elsewhere => study,
    };
    let mut found = Vec::new();
    let mut due = vec![root.clone()];
    while let Some(folder) = due.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                due.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                found.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
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
fn copies_lie_as_the_files_do_with_all_that_belongs_to_the_study() {
    let gct = "#1.2\t\n1\t1\nName\tDescription\tS1\nA\tx\t1\n";
    let manifest = "[study]\nmetadata = \"a.study.tsv\"\ntemplate = \"t/template.json\"\ndictionaries = \"terms\"\n\n\
        [[samples]]\nmetadata = \"a.samples.tsv\"\n\n[[data]]\nfile = \"a/e.gct\"\n\n[[data]]\nfile = \"b/e.gct\"\n\n\
        [[attachments]]\nfile = \"readme.pdf\"\ndata_class = \"Document\"\n";
    let files = [
        ("study.toml", manifest),
        ("a.study.tsv", "Study Source\tStudy Title\nGEO\tT\n"),
        ("a.samples.tsv", "Sample Source ID\tSample Source\nS1\tclinic\n"),
        ("a/e.gct", gct),
        ("b/e.gct", gct),
        ("t/template.json", "[]"),
        ("terms/Sex.csv", "Label\nmale\n"),
        ("readme.pdf", "%PDF"),
    ];
    let copies = mended_study(&files, |folder| Waiting::In(folder.join("copies")));
    let mut wanted: Vec<(String, String)> = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.replace("#1.2\t", "#1.2")))
        .collect();
    wanted.sort();
    assert_eq!(copies, wanted);
}

#[test]
fn the_manifests_of_studies_below_a_folder_are_copied_too() {
    let files = [
        ("one/study.toml", "[[samples]]\nmetadata = \"a.samples.tsv\"\n"),
        (
            "one/a.samples.tsv",
            "Sample Source ID\tSample Source\nS1\tclinic\n",
        ),
        (
            "two/b.samples.tsv",
            "Sample Source ID\tSample Source\nS2\tclinic\n",
        ),
    ];
    let copies = mended_study(&files, |folder| Waiting::In(folder.join("copies")));
    let names: Vec<&str> = copies.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["one/a.samples.tsv", "one/study.toml", "two/b.samples.tsv"]
    );
}

#[test]
fn two_files_for_one_place_are_told_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let gct = "#1.2\t\n1\t1\nName\tDescription\tS1\nA\tx\t1\n";
    let mut inputs = Vec::new();
    for name in ["x/z.gct", "y/z.gct"] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, gct).unwrap();
        inputs.push(path);
    }
    let copies = folder.path().join("copies");
    let request = FixRequest {
        inputs,
        waiting: Waiting::In(copies.clone()),
        ..request(PathBuf::new())
    };
    let error = fix(&request, &NoProgress, |_| panic!("nothing is mended")).unwrap_err();
    assert!(matches!(error, EngineError::SamePlace { .. }), "{error}");
    assert!(!copies.exists());
}

#[test]
fn a_template_that_cannot_be_read_stops_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.samples.tsv");
    std::fs::write(&path, "Sample Source ID\tSample Source\ttissue\nS1\tG\tliver\n").unwrap();
    let template = folder.path().join("nope.json");
    let with = |options: CheckOptions| {
        let request = FixRequest {
            options,
            ..request(path.clone())
        };
        fix(&request, &NoProgress, |_| panic!("nothing is mended"))
            .unwrap_err()
            .to_string()
    };
    let text = with(CheckOptions {
        template: Some(template.clone()),
        ..CheckOptions::default()
    });
    assert!(text.starts_with(&template.display().to_string()), "{text}");
    let text = with(CheckOptions {
        dictionaries: vec![("Sex".to_owned(), folder.path().join("nope.csv"))],
        ..CheckOptions::default()
    });
    assert!(text.contains("nope.csv"), "{text}");
}

#[test]
fn tokens_are_mended_where_it_is_certain_that_they_are_values() {
    let before = "Gene\tN\tS1\tS2\nA\tna\tna\t2\nB \t3\tnan\t2\nC\t3\t1\t2\n";
    // The number of feature columns is a guess: only what is true of any column is mended.
    let outcome = mend("d.tsv", before);
    assert_eq!(text(&outcome), before.replace("B ", "B"));
    let outcome = mend_with("d.tsv", before.as_bytes(), |path| FixRequest {
        options: CheckOptions {
            feature_attributes: Some(2),
            ..CheckOptions::default()
        },
        ..request(path)
    });
    let wanted = "Gene\tN\tS1\tS2\nA\tna\tNA\t2\nB\t3\tNaN\t2\nC\t3\t1\t2\n";
    assert_eq!(text(&outcome), wanted);
}

#[test]
fn figures_are_corrected_on_request_only() {
    let before = "#1.2\n9\t8\nName\tDescription\tS1\nA\tna\t1\n";
    assert_eq!(text(&mend("m.gct", before)), before);
    let outcome = mend_with("m.gct", before.as_bytes(), |path| FixRequest {
        with_unsafe: true,
        ..request(path)
    });
    assert_eq!(text(&outcome), "#1.2\n1\t1\nName\tDescription\tS1\nA\tna\t1\n");
    assert_eq!(outcome.edits, [("G003", 1), ("G004", 1)]);
}

#[test]
fn a_frame_is_mended() {
    let before = "Protein \tS1\tS2\n\"P1\"\tna\t 1\nP2\tnone\t+inf\nP3\tNA\t2\t\t\n";
    let outcome = mend_with("p.tsv", before.as_bytes(), |path| FixRequest {
        options: CheckOptions {
            feature_attributes: Some(1),
            kind: Some(odmkit_core::FileKind::Expression),
            ..CheckOptions::default()
        },
        ..request(path)
    });
    assert_eq!(
        text(&outcome),
        "Protein\tS1\tS2\nP1\tNA\t1\nP2\tNA\tInf\nP3\tNA\t2\n"
    );
}

#[test]
fn a_table_is_mended_by_its_template() {
    let outcome = mend(
        "x.libraries.tsv",
        "Library ID\tSample Source ID\tAverage fragment size\tOwn\t\t\nL1 \tS1|S2\t\"221,69\"\t a |b\t\t\n\nL2\tS1\t199,205\t\"x\"\n",
    );
    assert_eq!(
        text(&outcome),
        "Library ID\tSample Source ID\tAverage Fragment Size\tOwn\nL1\tS1|S2\t221.69\ta |b\nL2\tS1\t199,205\tx\n"
    );
    assert!(
        !outcome
            .left
            .iter()
            .any(|code| ["M007", "T005", "T006", "T007", "T012"].contains(&code.as_str()))
    );

    let outcome = mend("x.samples.tsv", "Sample Source ID\tSex\nS1\tF\nS2\tM|female\n");
    assert_eq!(
        text(&outcome),
        "Sample Source ID\tSex\nS1\tfemale\nS2\tmale|female\n"
    );
    assert_eq!(outcome.edits, [("M005", 2)]);
}

#[test]
fn utf16_is_rewritten_and_then_mended() {
    let after = "Sample Source ID\tSample Source\r\nS1\tMölndal\r\n";
    // Its byte order mark says that it is UTF-16; without one the zeros between the letters do.
    for mark in ["\u{feff}", ""] {
        let before = format!("{mark}Sample Source ID \tSample Source\r\nS1\tMölndal\r\n");
        let little: Vec<u8> = before.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = before.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [little, big] {
            let outcome = mend_with("x.samples.tsv", &bytes, request);
            assert_eq!(text(&outcome), after);
            assert_eq!(outcome.edits, [("F003", 1), ("T006", 1)]);
        }
    }
}

#[test]
fn western_text_is_rewritten_on_request() {
    let before = b"Sample Source ID \tSample Source\r\nS1\tM\xFCnchen \x80 5\x96\r\n";
    let unsafely = |path| FixRequest {
        with_unsafe: true,
        ..request(path)
    };
    let outcome = mend_with("x.samples.tsv", before, unsafely);
    let after = "Sample Source ID\tSample Source\r\nS1\tMünchen € 5–\r\n";
    assert_eq!(text(&outcome), after);
    assert_eq!(outcome.edits, [("F003", 1), ("T006", 1)]);
    assert_eq!(
        (outcome.found.len(), outcome.left.len()),
        (2, 0),
        "{:?}",
        outcome.left
    );
    // Two encodings in one file, and bytes that no western one has, are for a person.
    for other in [
        &b"Sample Source ID\nM\xFCnchen\nM\xC3\xBCnchen\n"[..],
        b"Sample Source ID\nS\x81\n",
    ] {
        let outcome = mend_with("x.samples.tsv", other, unsafely);
        assert_eq!((&outcome.text[..], outcome.edits.len()), (other, 0));
    }
}

#[test]
fn a_misnamed_key_gets_its_name() {
    let outcome = mend("x.libraries.tsv", "library_id\tSample Source ID\nL1\tS1\n");
    assert_eq!(text(&outcome), "Library ID\tSample Source ID\nL1\tS1\n");
    assert_eq!(outcome.edits, [("M010", 1)]);
}

#[test]
fn unsafe_figures_of_gct_1_3_are_counted() {
    let outcome = mend_with("m.gct", b"#1.3\n9\t1\t0\t0\nid\tS1\nA\t1\n", |path| FixRequest {
        with_unsafe: true,
        ..request(path)
    });
    assert_eq!(text(&outcome), "#1.2\n1\t1\nName\tDescription\tS1\nA\tNA\t1\n");
}

#[test]
fn a_file_is_rewritten_in_one_pass() {
    for (name, text, passes) in [
        // Checked, rewritten, checked.
        (
            "m.gct",
            "\u{feff}#1.2\t\n3\nGene\tabout\tS1 \tS2\t\nA \tx\tNA\t1\t\n\n\"B\"\t\t 2\t3\r\n",
            3,
        ),
        (
            "x.samples.tsv",
            "\"sample_source_id\"\t\"sex\"\t\nS1 \t\" F\"\t\n\nS2\tM|F\n",
            3,
        ),
        // And the table of its samples is looked at.
        ("m.gct", "#1.3\n1\t1\t0\t1\nid\t\"S1\"\nx\ty\nA\tNA\n", 4),
        // Nothing is to be mended.
        ("m.gct", "#1.2\n9\t1\nName\tDescription\tS1\nA\tna\tx\n", 1),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let seen = Passes::default();
        fix(&request(path), &seen, |fixed| {
            assert_eq!(fixed.unwrap().is_changed(), passes > 1);
        })
        .unwrap();
        assert_eq!(seen.count(), passes, "{text:?}");
    }
}

#[test]
fn what_is_no_text_is_left_alone() {
    for bytes in [
        &b"S1\tM\xFCller \n"[..],
        b"a\0b \n",
        b"",
        b"%PDF-1.7 \n",
        b"\xFF\xFEa\0\0\xDC",
    ] {
        let outcome = mend_with("x.samples.tsv", bytes, request);
        assert_eq!((&outcome.text[..], outcome.edits.len()), (bytes, 0));
    }
}

#[test]
fn the_file_is_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.samples.tsv");
    let before = "Sample Source ID \nS1\n";
    std::fs::write(&path, before).unwrap();
    let run = |act: &mut dyn FnMut(Fixed)| {
        fix(&request(path.clone()), &NoProgress, |fixed| act(fixed.unwrap())).unwrap();
    };
    run(&mut |fixed| fixed.write(true).unwrap());
    let kept = folder.path().join("x.samples.tsv.orig");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), before);
    run(&mut |fixed| assert!(!fixed.is_changed()));
    // What was kept is not given up for another text; the same text need not be kept again.
    let other = "Sample Source ID \nS2\n";
    std::fs::write(&path, other).unwrap();
    run(&mut |fixed| assert!(matches!(fixed.write(true), Err(FixError::Backup { .. }))));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), other);
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), before);
    std::fs::write(&path, before).unwrap();
    let out = folder.path().join("out");
    run(&mut |fixed| {
        fixed.write_into(&out).unwrap();
        assert!(matches!(fixed.write_into(&out), Err(FixError::Exists { .. })));
        let mut diff = Vec::new();
        fixed.diff(&mut diff).unwrap();
        assert_eq!(
            String::from_utf8(diff).unwrap(),
            format!(
                "--- {0}\n+++ {0} (mended)\n@@ -1,2 +1,2 @@\n-Sample Source ID \n+Sample Source ID\n S1\n",
                path.display()
            )
        );
    });
    assert_eq!(
        std::fs::read_to_string(out.join("x.samples.tsv")).unwrap(),
        "Sample Source ID\nS1\n"
    );
}

/// Cells that something is wrong with, and some with which nothing is.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[0-9]{1,3}(\\.[0-9]{1,3})?".prop_map(String::from),
        4 => prop::sample::select(vec![
            "", " ", "NA", "na", "none", "-Inf", "inf", " 1", "1 ", "\"1\"", "\"a b\"", "\" x \"", "\"\"", "1,5",
            "1-Mar", "F", "male|F", "a||b", "\"\"a\"\"", "é", "2021/04/03", "yes",
        ]).prop_map(String::from),
    ]
}

fn table(header: &'static [&'static str]) -> impl Strategy<Value = String> {
    let ending = prop::sample::select(vec!["\n", "\n", "\n", "\r\n", "\r", "\t\t\n", "\n\n", "\n \t\n"]);
    let row = (prop::collection::vec(cell(), 2..6), ending).prop_map(|(cells, end)| cells.join("\t") + end);
    let begin = prop::sample::select(header.to_vec());
    (begin, prop::collection::vec(row, 0..6)).prop_map(|(begin, rows)| begin.to_owned() + &rows.concat())
}

/// Mending once more changes nothing, and what the check does not say can be mended stays as it is.
fn is_mended_at_once(name: &str, before: &str) {
    let once = mend(name, before);
    // What the shape of a file is mended by, the check speaks of; inside cells one fault may hide another.
    for (code, _) in &once.edits {
        let inside = ["T006", "T012", "G015", "M003", "M005"].contains(code);
        assert!(
            inside || once.found.iter().any(|found| found == code),
            "{code} in {before:?}"
        );
    }
    if once.edits.is_empty() {
        assert_eq!(text(&once), before);
    }
    let twice = mend(name, text(&once));
    assert_eq!(twice.edits, [], "{before:?} became {:?}", text(&once));
    assert_eq!(twice.text, once.text);
    // Nothing that is not at an edge of a cell, a token, or a header goes: the digits of a matrix all stay.
    if name == "m.gct" && once.edits.iter().all(|(code, _)| !code.starts_with('G')) {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        assert_eq!(digits(text(&once)), digits(before));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_mended_matrix_needs_no_more(before in table(&[
        "#1.2\n3\t2\nName\tDescription\tS1\tS2\n",
        "#1.2\t\t\nx\n\"name\"\tabout\t S1\tS2\t\t\n",
        "Name\tDescription\tS1\r\n",
        "#1.3\n1\t2\t0\t0\t\nid \tS1\t\"S2\"\n",
        "2\t3\nID\tS1\tS2\tS3\n",
        "\u{feff}#1.2\r3\t2\rName\tDescription\tS1\t\"S2\"\r",
    ])) {
        is_mended_at_once("m.gct", &before);
    }

    #[test]
    fn a_mended_table_needs_no_more(before in table(&[
        "Sample Source ID\tSex\tAge\n",
        "Sample Source ID \t\"sex\"\tAge\t\t\n",
        "\u{feff}Sample Source ID\tSex\tSex\tAge\tCollection date\r\n",
    ])) {
        is_mended_at_once("x.samples.tsv", &before);
    }
}

#[test]
fn clean_bytes_are_not_touched() {
    let before =
        "#1.2\r\n2\t2\r\nName\tDescription\tS1\tS2\r\nA\t \"quoted\" text \t1e5\t-0.50\r\nB\tNA\t\t+3\r\n";
    let outcome = mend("m.gct", before);
    assert_eq!((text(&outcome), outcome.edits.len()), (before, 0));
}

#[test]
fn every_fixture_is_mended_for_good() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rules");
    let mut mended = 0;
    for code in [
        "F004", "F005", "T005", "T006", "T007", "T012", "G002", "G014", "G005", "G006", "G010", "G015",
        "M005", "M007", "C003",
    ] {
        for entry in std::fs::read_dir(rules.join(code)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            // Of one nobody can tell what it is to become.
            if !name.starts_with("fail") || name.contains(".expect.") || name.starts_with("fail_unclear") {
                continue;
            }
            let mut expected = path.clone().into_os_string();
            expected.push(".expect.json");
            let expected = std::fs::read_to_string(expected).unwrap_or_default();
            let given = |path| {
                let mut request = request(path);
                if expected.contains("--measurement-separator") {
                    request.options.feature_attributes = Some(1);
                    request.options.measurement_separator = Some(":".to_owned());
                }
                request
            };
            let outcome = mend_with(name, &std::fs::read(&path).unwrap(), given);
            let infinite = code == "G015";
            assert!(
                infinite || !outcome.left.iter().any(|left| left == code),
                "{code}/{name}: {:?} left in {}",
                outcome.left,
                text(&outcome)
            );
            assert!(
                outcome.edits.iter().any(|(edited, _)| *edited == code),
                "{code}/{name}: {:?}",
                outcome.edits
            );
            mended += 1;
        }
    }
    assert!(mended > 15, "{mended}");
}

#[test]
fn nobody_is_told_of_the_places_where_texts_wait() {
    #[derive(Default)]
    struct Labels(std::sync::Mutex<Vec<String>>);
    impl Progress for Labels {
        fn begin(&self, label: &str, _total_bytes: Option<u64>) {
            self.0.lock().unwrap().push(label.to_owned());
        }
        fn advance(&self, _bytes: u64) {}
        fn end(&self) {}
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.gct");
    std::fs::write(&path, "#1.2\t\n1\t1\nName\tDescription\tS1\nA\tx\t1\n").unwrap();
    let labels = Labels::default();
    fix(&request(path.clone()), &labels, |fixed| drop(fixed.unwrap())).unwrap();
    let labels = labels.0.into_inner().unwrap();
    let path = path.to_string_lossy().into_owned();
    assert_eq!(labels, [path.as_str(), path.as_str(), "m.gct"]);
}

#[test]
fn what_links_could_settle_is_mended_and_counted_too() {
    let quoted = "#1.2\n1\t2\nName\tDescription\t\"S1\"\t\"S2\"\nA\tNA\t1\t2\n";
    let samples = "Sample Source ID\tSample Source\nS1\tclinic\nS2\tclinic\n";
    let found = mended_study(&[("m.gct", quoted), ("s.samples.tsv", samples)], |_| {
        Waiting::Beside
    });
    let matrix = found.iter().find(|(name, _)| name == "m.gct");
    assert_eq!(
        matrix.map(|(_, text)| text.as_str()),
        Some("#1.2\n1\t2\nName\tDescription\tS1\tS2\nA\tNA\t1\t2\n")
    );

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.tsv");
    std::fs::write(&path, "P\tS1:a\tS1:b\tS2:a\nx\t1\t2\t3\n").unwrap();
    let mut request = request(path);
    request.options.feature_attributes = Some(1);
    request.options.measurement_separator = Some(":".to_owned());
    let mut errors = 0;
    fix(&request, &NoProgress, |fixed| errors = fixed.unwrap().errors).unwrap();
    assert_eq!(errors, 1, "an uneven set of measurements is left to a person");
}
