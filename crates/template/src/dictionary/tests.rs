use std::path::Path;

use super::*;
use crate::registry::Dictionaries;

fn read(text: &str) -> Dictionary {
    Dictionary::from_bytes("D", text.as_bytes()).expect("a dictionary")
}

fn fault(text: &[u8]) -> String {
    Dictionary::from_bytes("D", text)
        .expect_err("a fault")
        .to_string()
}

fn labels(text: &str) -> Vec<String> {
    read(text).labels().map(str::to_owned).collect()
}

#[test]
fn every_csv_form_is_read() {
    assert_eq!(labels("Label\nred\nblue\n"), ["red", "blue"]);
    assert_eq!(labels("LABEL\r\n\r\nred\r\nlight blue"), ["red", "light blue"]);
    assert_eq!(labels("\u{feff}label\rred\rblue"), ["red", "blue"]);
    assert_eq!(
        labels("name,label\n[R],red\n[BG],\"\"\"blue, green\"\"\"\n"),
        ["red", "blue, green"]
    );
    assert_eq!(
        labels("Label\n\"\"\"a, b [AB]\"\"\"\n5\" pipe\n"),
        ["a, b [AB]", "5\" pipe"]
    );
    assert_eq!(
        labels("Label,Name,Parent,To_parent,From_parent\ngram,g,,,\n"),
        ["gram"]
    );
    assert_eq!(
        labels("Label,Synonyms\nred,\"scarlet, crimson\"\nblue\n"),
        ["red", "blue"]
    );
    assert_eq!(labels("Label\n"), Vec::<String>::new());
}

#[test]
fn both_json_forms_are_read() {
    assert_eq!(labels(r#"["red", "blue"]"#), ["red", "blue"]);
    let objects = read(
        r#"[{"label": "red", "synonyms": ["scarlet"], "id": 4}, {"Label": "blue", "synonyms": "sky, sea"}]"#,
    );
    assert_eq!(objects.lookup("scarlet"), Lookup::Synonym("red"));
    assert_eq!(objects.lookup("sea"), Lookup::Synonym("blue"));
    assert_eq!(labels("[]"), Vec::<String>::new());
}

#[test]
fn a_bad_file_says_which_line() {
    assert_eq!(
        fault(b"\n\n"),
        "the file is empty: not even a `Label` header is there"
    );
    assert_eq!(
        fault(b"Term\nred\n"),
        "the first line names no `Label` column; it begins with `Term`"
    );
    assert_eq!(
        fault(b"Label\tSynonyms\nred\tcrimson\n"),
        "its fields are separated by tabs, and ODM reads dictionaries with commas"
    );
    assert_eq!(
        fault(b"Label\nred\nblue, green\n"),
        "line 3 has 2 fields under a header of 1"
    );
    assert_eq!(
        fault(b"Label\nred\n\"blue\ngreen\n"),
        "a quote on line 3 is not closed in its field: what follows would become a part of that"
    );
    assert_eq!(fault(b"Label,Synonyms\n,scarlet\n"), "line 2 has no label");
    assert_eq!(fault(b"Label\nbl\xFCe\n"), "line 2 is not UTF-8");
    assert_eq!(
        fault(b"[\"red\",\n \"blue\",]"),
        "line 2 is not JSON: a comma stands before the closing bracket; JSON allows none there"
    );
    assert_eq!(
        fault(b"{\"red\": 1}"),
        "line 1: an array of terms is wanted here, not an object"
    );
    assert_eq!(
        fault(b"[\"red\",\n7]"),
        "line 2: a label or an object with `label` is wanted here, not a number"
    );
    assert_eq!(
        fault(b"[{\"label\": \"red\", \"synonyms\": [1]}]"),
        "line 1: a string is wanted here, not a number"
    );
    assert_eq!(fault(b"[{\"id\": \"red\"}]"), "line 1 has no label");
}

#[test]
fn ontologies_are_told_from_bad_files() {
    assert_eq!(
        fault(b"format-version: 1.2\n"),
        "it is in OBO, which odmkit does not read"
    );
    assert_eq!(
        fault(b"<?xml version=\"1.0\"?>\n<rdf:RDF xmlns=\"owl\">"),
        "it is in OWL, which odmkit does not read"
    );
    assert_eq!(
        fault(b"<rdf:RDF xmlns:skos=\"x\">"),
        "it is in SKOS, which odmkit does not read"
    );
    assert_eq!(
        fault(b"@prefix a: <b> ."),
        "it is in Turtle (TTL), which odmkit does not read"
    );
}

#[test]
fn labels_are_exact_and_the_rest_is_told_apart() {
    let bundled = Dictionaries::bundled();
    let sex = bundled.get("Sex").expect("bundled");
    assert_eq!(sex.judge("male"), Judged::Term);
    assert_eq!(sex.judge("Male"), Judged::CaseOnly("male"));
    assert_eq!(sex.judge("M"), Judged::Synonym("male"));
    assert_eq!(sex.judge("XX"), Judged::Synonym("female"));
    assert_eq!(
        sex.judge("f"),
        Judged::Unknown {
            nearest: vec!["female"]
        }
    );
    assert_eq!(
        sex.judge("femal"),
        Judged::Unknown {
            nearest: vec!["female"]
        }
    );
    assert_eq!(sex.judge("blue"), Judged::Unknown { nearest: vec![] });
    assert_eq!(sex.judge("N/A"), Judged::Term);
}

#[test]
fn short_names_lead_to_their_terms_and_are_none() {
    let dictionaries = Dictionaries::bundled();
    let time = dictionaries.get("Units - Time/Frequency").expect("bundled");
    assert_eq!(
        time.judge("years"),
        Judged::Unknown {
            nearest: vec!["year"]
        }
    );
    assert_eq!(
        time.judge("y"),
        Judged::Unknown {
            nearest: vec!["year"]
        }
    );
    assert_eq!(time.judge("year"), Judged::Term);
    let dose = dictionaries.get("Units - Dose/Mass/Volume").expect("bundled");
    assert_eq!(
        dose.judge("mg/kg"),
        Judged::Unknown {
            nearest: vec!["milligram per kilogram"]
        }
    );
    assert_eq!(
        dose.judge("microliter"),
        Judged::Unknown {
            nearest: vec!["microlitre"]
        }
    );
    for (short, unit) in [
        ("yr", "year"),
        ("Yrs.", "year"),
        ("hrs", "hour"),
        ("wks", "week"),
        ("secs", "second"),
    ] {
        assert_eq!(time.nearest(short), [unit], "{short}");
    }
    for (short, unit) in [
        ("ug", "microgram"),
        ("mcg", "microgram"),
        ("µg/ml", "microgram per millilitre"),
        ("ug/mL", "microgram per millilitre"),
        ("uM", "micromolar"),
    ] {
        assert_eq!(dose.nearest(short).first(), Some(&unit), "{short}");
    }
    let areas = read("name,label\n[NEURO],Neuroscience\n");
    assert_eq!(
        areas.judge("neuro"),
        Judged::Unknown {
            nearest: vec!["Neuroscience"]
        }
    );
}

#[test]
fn near_terms_are_found_by_spacing_prefix_and_word() {
    let dictionaries = Dictionaries::bundled();
    let instrument = dictionaries.get("Experiment Instrument").expect("bundled");
    assert_eq!(instrument.nearest("Illumina NextSeq500"), ["NextSeq 500"]);
    assert_eq!(
        instrument.nearest("Illumina HiSeq500").first(),
        Some(&"Illumina HiSeq 1500")
    );
    assert_eq!(instrument.nearest("NovaSeq 6000"), ["Illumina NovaSeq 6000"]);
    let platforms = dictionaries.get("Sequencing Platforms").expect("bundled");
    assert_eq!(platforms.nearest("Illumina NextSeq 550"), ["NextSeq 500"]);
    assert_eq!(
        dictionaries
            .get("Library Type")
            .expect("bundled")
            .nearest("paired end"),
        ["Paired-end"]
    );
}

#[test]
fn any_text_is_a_term_of_an_empty_dictionary() {
    assert_eq!(read("Label\n").judge("anything"), Judged::Term);
}

#[test]
fn the_published_dictionaries_are_read_where_they_are_at_hand() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dictionary");
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("a file");
        let dictionary =
            Dictionary::from_bytes("D", &bytes).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        assert!(!dictionary.is_empty(), "{}", path.display());
        assert!(
            dictionary.labels().all(|label| !label.contains('"')),
            "{}",
            path.display()
        );
    }
}

#[test]
fn a_synonym_of_several_terms_is_none_of_them() {
    let sex = read("Label,Synonyms\nmale,\"M, XY, M\"\nfemale,M\n");
    assert_eq!(sex.judge("M"), Judged::SharedSynonym(vec!["male", "female"]));
    assert_eq!(sex.judge("XY"), Judged::Synonym("male"));
    let twice = read("Label,Synonyms\nmale,\"M, M\"\n");
    assert_eq!(twice.judge("M"), Judged::Synonym("male"));
}

#[test]
fn a_quote_that_is_not_closed_is_told_with_its_line() {
    let open = |line| {
        format!("a quote on line {line} is not closed in its field: what follows would become a part of that")
    };
    for (text, line) in [
        ("Label,Synonyms\nmale,\"M,boy\nfemale,F\nother,\n", 2),
        ("Label\nred\n\"blue\ngreen\n", 3),
        ("Label\nred\n\"blue", 3),
        ("Label,Synonyms\nred,\"scarlet\nblue,\"navy\"\n", 2),
        ("Label,Synonyms\nred,\"scarlet\nblue,azure\ngreen,\"\n", 2),
    ] {
        assert_eq!(fault(text.as_bytes()), open(line), "{text}");
    }
    // A cell with line breaks is none, where it is closed and holds synonyms or what nobody reads.
    assert_eq!(
        labels("Label,Synonyms,Definition\nred,\"scarlet,\ncrimson\",\"a colour\nlike blood\"\nblue,,\n"),
        ["red", "blue"]
    );
    assert_eq!(labels("Label\n\"red\" one\n5\" pipe\n"), ["red one", "5\" pipe"]);
}
