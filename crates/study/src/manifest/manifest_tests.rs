use super::*;

fn problems(text: &str) -> Vec<String> {
    match Manifest::parse(text) {
        Ok(manifest) => panic!("read as {manifest:?}"),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_full_manifest_is_read() {
    let text = r#"
[study]
metadata = "trial.study.tsv"
template = "template.json"
template_id = "GSF1234567"
dictionaries = "dictionaries/"

[[samples]]
metadata = "trial.samples.tsv"

[[libraries]]
accession = "GSF9"

[[cells]]
file = "https://files.example.org/cells.tsv.gz"

[[data]]
file = "trial.gct"
metadata = "trial.gct.tsv"
kind = "expression"
data_class = "Bulk transcriptomics"
link_to = "samples"
link_attribute = "Sample Source ID"

[[data]]
file = "protein.tsv"
feature_attributes = 3
measurement_separator = ":"
"#;
    let manifest = Manifest::parse(text).expect("valid");
    let study = manifest.study.as_ref().expect("a study");
    assert_eq!(
        study.origin,
        Some(Origin::File(Location::Path("trial.study.tsv".to_owned())))
    );
    assert_eq!(study.template_id.as_deref(), Some("GSF1234567"));
    assert_eq!(study.place.line.get(), 2);
    assert_eq!(
        manifest.groups(FileKind::Libraries)[0].origin,
        Origin::Accession("GSF9".to_owned())
    );
    let cells = Location::Url("https://files.example.org/cells.tsv.gz".to_owned());
    assert_eq!(manifest.cells[0].origin, Origin::File(cells));
    assert_eq!(manifest.preparations, []);
    assert_eq!(manifest.data[0].kind, Some(FileKind::Expression));
    assert_eq!(manifest.data[0].link_to, Some(FileKind::Samples));
    assert_eq!(manifest.data[1].feature_attributes, Some(3));
    assert_eq!(manifest.data[1].measurement_separator.as_deref(), Some(":"));
    assert_eq!(manifest.data[1].kind, None);
    assert_eq!(manifest.data[1].place.line.get(), 25);
}

#[test]
fn an_empty_manifest_is_an_empty_study() {
    assert_eq!(Manifest::parse("").expect("valid"), Manifest::default());
    assert_eq!(
        Manifest::parse("# nothing yet\n").expect("valid"),
        Manifest::default()
    );
}

#[test]
fn unknown_keys_name_the_nearest() {
    let text = "[study]\nmeta_data = \"a\"\n\n[[data]]\nfile = \"x\"\n  dataClass = \"Other\"\nzzz = 1\nnumberOfFeatureAttributes = 2\nseparator = \":\"\n\n[[sample]]\n";
    assert_eq!(
        problems(text),
        [
            "2:1: `[study]` has no key `meta_data`; did you mean `metadata`?",
            "6:3: `[[data]]` has no key `dataClass`; did you mean `data_class`?",
            "7:1: `[[data]]` has no key `zzz`",
            "8:1: `[[data]]` has no key `numberOfFeatureAttributes`; did you mean `feature_attributes`?",
            "9:1: `[[data]]` has no key `separator`; did you mean `measurement_separator`?",
            "11:3: there is no section `sample`; did you mean `[[samples]]`?",
        ]
    );
}

#[test]
fn a_file_under_another_key_is_one_problem() {
    let text = "[study]\nfile = \"a\"\n[[samples]]\nfile = \"s\"\n[[cells]]\nmetadata = \"c\"\n[[data]]\npath = \"x\"\n";
    assert_eq!(
        problems(text),
        [
            "2:1: `[study]` has no key `file`; did you mean `metadata`?",
            "4:1: `[[samples]]` has no key `file`; did you mean `metadata`?",
            "6:1: `[[cells]]` has no key `metadata`; did you mean `file`?",
            "8:1: `[[data]]` has no key `path`; did you mean `file`?",
        ]
    );
}

#[test]
fn what_stands_outside_its_section_is_told_where_it_belongs() {
    assert_eq!(
        problems("template = \"t.json\"\n[dictionaries]\nTissue = \"t.csv\"\n"),
        [
            "1:1: `template` is a key of `[study]`: write template = \"…\" below that line",
            "2:2: `dictionaries` is a key of `[study]`: write dictionaries = \"…\" below that line",
        ]
    );
}

#[test]
fn the_short_name_of_the_flag_is_known() {
    let found = problems("[[data]]\nfile = \"a.tsv\"\nnfa = 2\n");
    assert_eq!(
        found,
        ["3:1: `[[data]]` has no key `nfa`; did you mean `feature_attributes`?"]
    );
}

#[test]
fn a_path_of_windows_is_one_problem() {
    let text = "[study]\nmetadata = \"C:\\Users\\me\\s.tsv\"\n";
    let found = problems(text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("write / between the folders"), "{found:?}");
}

#[test]
fn every_problem_is_reported_in_order() {
    let text = r#"
[[samples]]
metadata = "s.tsv"
accession = "GSF1"
[[libraries]]
[[preparations]]
accession = "gsf-1"
[[data]]
kind = "samples"
feature_attributes = "3"
link_to = "study"
measurement_separator = " "
[[data]]
file = 7
feature_attributes = -1
"#;
    assert_eq!(
        problems(text),
        [
            "4:13: `[[samples]]` has both `metadata` and `accession`: keep the one that is meant",
            "5:1: `[[libraries]]` needs `metadata`, or `accession` for what is in ODM already",
            "7:13: `accession` of `[[preparations]]` is letters and then digits, such as `GSF1234567`",
            "8:1: `file` of `[[data]]` is missing",
            "9:8: `kind` of `[[data]]` cannot be `samples`: it is one of `expression`, `variant`, `flow-cytometry`",
            "10:22: `feature_attributes` of `[[data]]` takes a whole number, not a text",
            "11:11: `link_to` of `[[data]]` cannot be `study`: it is one of `samples`, `libraries`, `preparations`, `cells`",
            "12:25: `measurement_separator` of `[[data]]` is blank",
            "14:8: `file` of `[[data]]` takes a text in quotes, not a whole number",
            "15:22: `feature_attributes` of `[[data]]` takes a number from 1 up",
        ]
    );
}

#[test]
fn brackets_and_syntax_are_explained() {
    assert_eq!(
        problems("[samples]\nmetadata = \"s\"\n"),
        ["1:2: there can be several samples: write `[[samples]]` in double brackets"]
    );
    assert_eq!(
        problems("[[study]]\nmetadata = \"s\"\n"),
        ["1:3: there is one study: write `[study]` in single brackets"]
    );
    assert_eq!(
        problems("data = [1]\n"),
        ["1:9: there can be several data: write `[[data]]` in double brackets"]
    );
    let broken = problems("[study]\nmetadata = trial.tsv\n\u{e9}t\u{e9} = \n");
    assert!(broken[0].starts_with("2:12: not valid TOML: "), "{broken:?}");
    assert!(broken.iter().all(|problem| !problem.contains('\n')), "{broken:?}");
    let twice = problems("[study]\ntemplate = \"a\"\ntemplate = \"b\"\n");
    assert!(twice[0].starts_with("3:1: not valid TOML: "), "{twice:?}");
}

#[test]
fn a_file_is_listed_once() {
    let text = "[[samples]]\nmetadata = \"a.tsv\"\n[[data]]\nfile = \"b.gct\"\n[[data]]\nfile = \"b.gct\"\n";
    assert_eq!(problems(text), ["5:1: `b.gct` is listed twice"]);
    let text = text.replacen("b.gct", "./c/../b.gct", 1);
    assert_eq!(problems(&text), ["5:1: `b.gct` is listed twice"]);
}

#[test]
fn any_beginning_of_a_manifest_is_read_without_panic() {
    let text = "[study]\r\nmetadata = \"\u{e9}\"\r[[data]]\nfile = 'x'\nkind = \"\"\nq = [1, {a = 2}]\n";
    for (end, _) in text.char_indices() {
        if let Err(problems) = Manifest::parse(&text[..end]) {
            assert!(!problems.is_empty());
        }
    }
}

#[test]
fn locations_are_paths_or_urls() {
    assert_eq!(Location::new("s3://b/k"), Location::Url("s3://b/k".to_owned()));
    assert_eq!(Location::new("C://x"), Location::Path("C://x".to_owned()));
    assert_eq!(
        Location::new("a.tsv").within("d"),
        Location::Path("d/a.tsv".to_owned())
    );
    assert_eq!(Location::new("gs://b/k").within("d").as_str(), "gs://b/k");
}
