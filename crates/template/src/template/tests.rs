use std::path::Path;

use odmkit_core::FileKind;

use super::*;
use crate::attribute::ValueType;
use crate::json::SyntaxError;
use crate::violation::{Holds, ViolationKind};

const SEX: &str = r#"[
  {
    "name": "Sex", "isRequired": false, "isReadOnly": true, "isSingle": true,
    "metainfoType": "com.genestack.api.metainfo.StringValue",
    "dataType": "genestack:sampleObject", "dictionaryName": "Sex", "dictionaryPath": "x.csv",
    "description": "d", "referencedKeyName": "k"
  }
]"#;

/// One attribute with a line for each key, and one line exchanged.
fn with(old: &str, new: &str) -> Vec<(ViolationKind, String, u64, u64)> {
    let lines = [
        "[{",
        r#""name": "Sex","#,
        r#""isRequired": false,"#,
        r#""metainfoType": "com.genestack.api.metainfo.StringValue","#,
        r#""dataType": "genestack:sampleObject""#,
        "}]",
    ];
    let text = lines.join("\n");
    assert!(text.contains(old), "{old}");
    violations(&text.replace(old, new))
}

fn violations(text: &str) -> Vec<(ViolationKind, String, u64, u64)> {
    let found = Template::from_json(text.as_bytes()).expect_err("a violation");
    found
        .into_iter()
        .map(|one| (one.kind, one.pointer, one.place.line, one.place.column))
        .collect()
}

#[test]
fn a_full_attribute_is_read() {
    let template = Template::from_json(SEX.as_bytes()).expect("a template");
    let attribute = template.find(DataType::Sample, "Sex").expect("the attribute");
    assert_eq!(attribute.value_type, ValueType::String);
    assert_eq!((attribute.required, attribute.read_only), (false, true));
    assert_eq!(attribute.dictionary.as_deref(), Some("Sex"));
    assert_eq!(template.find(DataType::Sample, "sex"), None);
    assert_eq!(template.find(DataType::Study, "Sex"), None);
    assert_eq!(
        Template::from_json(b"[]")
            .expect("an empty template")
            .attributes(),
        []
    );
}

#[test]
fn every_violation_says_what_and_where() {
    use ViolationKind as V;
    let one = |old, new| {
        let mut found = with(old, new);
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    };
    let at = |kind, pointer: &str, line, column| (kind, pointer.to_owned(), line, column);
    assert_eq!(
        one(r#""isRequired": false,"#, ""),
        at(V::MissingKey { key: "isRequired" }, "/0", 1, 2)
    );
    assert_eq!(
        one(r#""isRequired": false"#, r#""isRequired": "no""#),
        at(
            V::WrongType {
                expected: "true or false",
                found: "a string"
            },
            "/0/isRequired",
            3,
            15
        )
    );
    assert_eq!(
        one(r#""name""#, r#""isReadonly": true, "name""#),
        at(
            V::UnknownKey {
                key: "isReadonly".into(),
                nearest: Some("isReadOnly")
            },
            "/0/isReadonly",
            2,
            1
        )
    );
    assert_eq!(
        one(r#""name""#, r#""a/b": 1, "name""#),
        at(
            V::UnknownKey {
                key: "a/b".into(),
                nearest: None
            },
            "/0/a~1b",
            2,
            1
        )
    );
    assert_eq!(
        one("com.genestack.api.metainfo.StringValue", "string"),
        at(
            V::BadValueType {
                found: "string".into(),
                nearest: Some(ValueType::String)
            },
            "/0/metainfoType",
            4,
            17
        )
    );
    assert_eq!(
        one("genestack:sampleObject", "sample"),
        at(
            V::BadDataType {
                found: "sample".into(),
                nearest: Some(DataType::Sample)
            },
            "/0/dataType",
            5,
            13
        )
    );
    assert_eq!(
        one("genestack:sampleObject", "genestack:cellObject"),
        at(
            V::BadDataType {
                found: "genestack:cellObject".into(),
                nearest: None
            },
            "/0/dataType",
            5,
            13
        )
    );
    assert_eq!(one("\"Sex\"", "\" \""), at(V::BlankName, "/0/name", 2, 9));
    assert_eq!(
        one(r#""name""#, r#""dictionaryPath": "p", "name""#),
        at(V::PathWithoutName, "/0/dictionaryPath", 2, 1)
    );
    assert_eq!(
        one(r#""name""#, r#""name": "Age", "name""#),
        at(V::RepeatedKey { key: "name".into() }, "/0/name", 2, 16)
    );
    let long = format!(r#""description": "{}", "name""#, "ä".repeat(501));
    assert_eq!(
        one(r#""name""#, &long),
        at(V::LongDescription { length: 501 }, "/0/description", 2, 16)
    );
    assert_eq!(
        one("}]", "},7]"),
        at(
            V::WrongType {
                expected: "an attribute in braces",
                found: "a number"
            },
            "/1",
            6,
            3
        )
    );
    assert_eq!(
        one("}]", "},]"),
        at(V::NotJson(SyntaxError::TrailingComma), "", 6, 2)
    );
    assert_eq!(one("[{", "\u{feff}[{"), at(V::ByteOrderMark, "", 1, 1));
    assert_eq!(
        one(
            r#""name": "Sex""#,
            r#""name": "genestack:accession", "dictionaryName": "Sex""#
        ),
        at(
            V::AlteredTechnical {
                name: "genestack:accession".into()
            },
            "/0",
            1,
            2
        )
    );
    for altered in [
        r#""name": "genestack:accession", "isReadOnly": false"#,
        r#""name": "genestack:accession""#,
    ] {
        let kind = V::AlteredTechnical {
            name: "genestack:accession".into(),
        };
        assert_eq!(
            one(r#""name": "Sex""#, altered),
            at(kind, "/0", 1, 2),
            "{altered}"
        );
    }
    for (text, holds) in [
        ("{}", Holds::Other),
        (
            r#"{"attributes": []}"#,
            Holds::ArrayUnder("attributes".to_owned()),
        ),
        (r#"{"template_path": "x.json", "replace": true}"#, Holds::Settings),
        (r#"{"name": "Sex", "isRequired": true}"#, Holds::OneAttribute),
    ] {
        let found = "an object";
        assert_eq!(
            violations(text),
            [at(V::NotAnArray { found, holds }, "", 1, 1)],
            "{text}"
        );
    }
}

#[test]
fn a_name_must_be_fit_for_a_column_and_a_key_is_told_once() {
    use ViolationKind as V;
    let long = "x".repeat(256);
    for (name, kind) in [
        ("Sex\\tat birth", V::ControlInName),
        ("Sex\\n", V::ControlInName),
        (
            " Sex",
            V::PaddedName {
                bare: "Sex".to_owned(),
            },
        ),
        ("  ", V::BlankName),
        (&long, V::LongName { length: 256 }),
    ] {
        let found = with(r#""name": "Sex""#, &format!(r#""name": "{name}""#));
        assert_eq!(
            found.into_iter().map(|found| found.0).collect::<Vec<_>>(),
            [kind],
            "{name}"
        );
    }
    for (key, written) in [("name", "Name"), ("isRequired", "required")] {
        let found = with(&format!("\"{key}\""), &format!("\"{written}\""));
        let [(V::UnknownKey { nearest, .. }, ..)] = &found[..] else {
            panic!("{found:?}");
        };
        assert_eq!(*nearest, Some(key));
    }
}

#[test]
fn what_breaks_json_is_told_with_what_mends_it() {
    for (text, help) in [
        ("[{'name': 1}]", "double quotes"),
        ("[{\u{201c}name\u{201d}: 1}]", "word processor"),
        ("// mine\n[]", "comment"),
        ("[{\"a\": 1}\n{\"a\": 2}]", "missing before it"),
        ("[{\"a\": True}]", "small letters"),
        ("[{\"a\": 1", "cut off"),
        ("Sample Source ID", "one JSON array"),
    ] {
        let found = violations(text);
        assert_eq!(found.len(), 1, "{text}");
        assert!(found[0].0.help().contains(help), "{text}: {}", found[0].0.help());
    }
}

#[test]
fn a_description_of_500_characters_is_fine() {
    let text = SEX.replace("\"d\"", &format!("\"{}\"", "ä".repeat(500)));
    assert!(Template::from_json(text.as_bytes()).is_ok());
}

#[test]
fn all_violations_are_reported_in_the_order_of_the_text() {
    let found = violations(r#"[{"name": 1, "isRequired": 2}, {"colour": 3}]"#);
    let kinds: Vec<String> = found.iter().map(|(kind, ..)| kind.to_string()).collect();
    assert_eq!(
        kinds,
        [
            "the attribute has no `metainfoType`",
            "the attribute has no `dataType`",
            "a string is wanted here, not a number",
            "true or false is wanted here, not a number",
            "the attribute has no `name`",
            "the attribute has no `isRequired`",
            "the attribute has no `metainfoType`",
            "the attribute has no `dataType`",
            "`colour` is no key of a template attribute",
        ]
    );
}

#[test]
fn repeated_attributes_are_reported() {
    let item = SEX.trim_start_matches('[').trim_end_matches(']');
    let same = violations(&format!("[{item},{item}]"));
    assert_eq!(
        (&same[0].0, same.len()),
        (&ViolationKind::DuplicateItem { first: 0 }, 1)
    );
    let other = item.replace("\"d\"", "\"e\"");
    let differing = violations(&format!("[{item},{other}]"));
    assert!(
        matches!(&differing[0].0, ViolationKind::DuplicateAttribute { name, first: 0, .. } if name == "Sex")
    );
    let elsewhere = item.replace("sampleObject", "libraryObject");
    assert!(Template::from_json(format!("[{item},{elsewhere}]").as_bytes()).is_ok());
}

#[test]
fn every_violation_has_help() {
    let found =
        violations(r#"[{"name": 1, "dataType": "study", "colour": 2, "dictionaryAccession": "GSF1"}]"#);
    assert!(found.iter().all(|(kind, ..)| !kind.help().is_empty()));
    assert!(
        found
            .iter()
            .any(|(kind, ..)| kind.help().contains("dictionaryName"))
    );
}

#[test]
fn an_array_of_other_things_is_told_once() {
    let dictionaries = r#"[{"name": "Sex", "url": "https://example.org/a"}, {"name": "Age", "url": "x"}]"#;
    let found = violations(dictionaries);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, ViolationKind::NotATemplate);
    // One attribute among them, if with a slip of the pen, makes it a template.
    assert!(violations(r#"[{"name": "Sex", "url": "x"}, {"name": "Age", "datatype": "study"}]"#).len() > 1);
}

#[test]
fn each_dictionary_has_its_place() {
    let text = SEX;
    let (template, places) = Template::with_places(text.as_bytes()).expect("a template");
    assert_eq!(template.attributes().len(), places.len());
    let place = places[0].expect("it names a dictionary");
    let at = usize::try_from(place.byte).expect("it fits");
    assert!(text[at..].starts_with("\"Sex\"") && place.line == 5, "{place:?}");
}

#[test]
fn the_bundled_template_survives_its_own_json() {
    let bundled = Template::bundled();
    assert_eq!(
        Template::from_json(bundled.to_json().as_bytes()).expect("valid"),
        bundled
    );
}

#[test]
fn blank_tables_hold_what_people_fill_in() {
    let columns = |kind, describes| {
        let names = Template::bundled().blank_columns(kind, describes);
        names.iter().take(3).map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        columns(FileKind::Study, None),
        ["Study Title", "Study Source", "Study Source ID"]
    );
    assert_eq!(
        columns(FileKind::Samples, None),
        ["Sample Source", "Sample Source ID", "Sample Name"]
    );
    assert_eq!(
        columns(FileKind::ExpressionMetadata, Some(FileKind::Variant))[0],
        "Experimental Platform"
    );
    assert!(columns(FileKind::Cells, None).is_empty());
    let empty = Template::from_json(b"[]").expect("an empty template");
    let names = empty.blank_columns(FileKind::Libraries, None);
    assert_eq!(
        names.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
        ["Library ID"]
    );
}

#[test]
fn agrees_with_the_published_default_template_where_it_is_at_hand() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/template");
    let Ok(text) = std::fs::read(folder.join("user-docs__templates__Default_ODM_Template.json")) else {
        return;
    };
    let mut published = Template::from_json(&text).expect("the published template is valid");
    let mut bundled = Template::bundled();
    for attribute in published.attributes.iter_mut().chain(&mut bundled.attributes) {
        attribute.description = None;
    }
    assert_eq!(bundled, published);
}
