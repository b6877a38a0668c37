//! Files of a study: where they and their copies lie, and what becomes of them.

use odmkit_testkit::pack::gzip;

use super::*;

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

#[test]
fn the_copy_of_a_manifest_names_the_copies() {
    let folder = tempfile::tempdir().unwrap();
    let gct = "#1.2\t\n1\t1\nName\tDescription\tS1\nA\tx\t1\n";
    let files = [
        ("template.json", b"[]".to_vec()),
        (
            "x.samples.tsv",
            b"Sample Source ID\tSample Source\nS1\tclinic \n".to_vec(),
        ),
        ("study/a/e.gct.gz", gzip(gct.as_bytes())),
        ("study/a/f.gct.gz", gzip(gct.replace("1.2\t", "1.2").as_bytes())),
        (
            "study/study.toml",
            b"[study]\ntemplate = '../template.json'\n[[samples]]\nmetadata = \"../x.samples.tsv\"\n\
            [[data]]\nfile = \"./a/e.gct.gz\"\n[[data]]\nfile = \"a/f.gct.gz\"\n"
                .to_vec(),
        ),
    ];
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let copies = folder.path().join("copies");
    let request = FixRequest {
        waiting: Waiting::In(copies.clone()),
        ..request(folder.path().join("study/study.toml"))
    };
    fix(&request, &NoProgress, |fixed| {
        drop(fixed.unwrap().write_into(&copies).unwrap());
    })
    .unwrap();
    let template = std::fs::canonicalize(folder.path().join("template.json")).unwrap();
    assert_eq!(
        std::fs::read_to_string(copies.join("study.toml")).unwrap(),
        format!(
            "[study]\ntemplate = \"{}\"\n[[samples]]\nmetadata = \"x.samples.tsv\"\n[[data]]\nfile = \"a/e.gct\"\n\
            [[data]]\nfile = \"a/f.gct.gz\"\n",
            template.display()
        )
    );
    assert!(copies.join("x.samples.tsv").is_file() && copies.join("a/e.gct").is_file());
    // What is there is told before anything is looked at.
    let again = fix(&request, &NoProgress, |_| panic!("nothing is mended")).unwrap_err();
    assert!(matches!(again, EngineError::Taken { others: 3, .. }), "{again}");
}
