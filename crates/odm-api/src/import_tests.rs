use serde_json::json;

use super::*;

fn accession(text: &str) -> Accession {
    text.parse().unwrap()
}

fn signal<S>(data: S, metadata: Option<S>) -> Signal<S> {
    Signal {
        data,
        metadata,
        template: Some(accession("GSF1")),
        previous_version: Some(accession("GSF2")),
    }
}

fn link(text: &str) -> FileLink {
    text.into()
}

#[test]
fn metadata_bodies() {
    let table = Metadata {
        table: link("https://a/s.tsv"),
        template: Some(accession("GSF1")),
    };
    let expected = json!({"metadataLink": "https://a/s.tsv", "templateId": "GSF1", "source": "HTTP"});
    for import in [
        Import::Study(table.clone()),
        Import::Samples(table.clone()),
        Import::Libraries(table.clone()),
        Import::Preparations(table),
    ] {
        assert_eq!(import.body().unwrap(), expected);
    }
    let bare = Import::Study(Metadata {
        table: link("s3://b/s.tsv"),
        template: None,
    });
    assert_eq!(
        bare.body().unwrap(),
        json!({"metadataLink": "s3://b/s.tsv", "source": "S3"})
    );
}

#[test]
fn cells_take_their_link_and_nothing_else() {
    assert_eq!(
        Import::Cells(link("file:///d/c.tsv")).body().unwrap(),
        json!({"dataLink": "file:///d/c.tsv"})
    );
}

#[test]
fn expression_bodies_have_the_number_as_a_number() {
    let import = Import::Expression(Expression {
        signal: signal(link("http://a/p.tsv"), Some(link("https://a/p.meta.tsv"))),
        feature_attributes: Some(3),
        data_class: Some("Proteomics".to_owned()),
        measurement_separator: Some("-".to_owned()),
    });
    assert_eq!(
        import.body().unwrap(),
        json!({"dataLink": "http://a/p.tsv", "metadataLink": "https://a/p.meta.tsv", "templateId": "GSF1",
               "previousVersion": "GSF2", "numberOfFeatureAttributes": 3, "dataClass": "Proteomics",
               "measurementSeparator": "-", "source": "HTTP"})
    );
}

#[test]
fn variant_and_flow_cytometry_bodies() {
    let expected =
        json!({"dataLink": "s3://b/v", "templateId": "GSF1", "previousVersion": "GSF2", "source": "S3"});
    assert_eq!(
        Import::Variant(signal(link("s3://b/v"), None)).body().unwrap(),
        expected
    );
    assert_eq!(
        Import::FlowCytometry(signal(link("s3://b/v"), None))
            .body()
            .unwrap(),
        expected
    );
}

#[test]
fn attachments_name_their_study_and_no_template() {
    let import = Import::File(Attachment {
        data: link("https://a/report.pdf"),
        metadata: None,
        study: "GSF9".parse().unwrap(),
        data_class: "Document".to_owned(),
    });
    assert_eq!(
        import.body().unwrap(),
        json!({"dataLink": "https://a/report.pdf", "studyAccession": "GSF9", "dataClass": "Document", "source": "HTTP"})
    );
    assert!(!import.kind().takes_allow_dups());
}

#[test]
fn links_that_odm_cannot_fetch_are_refused() {
    for bad in ["ftp://a/x", "gs://b/x", "/home/x", "x.tsv", ""] {
        assert!(
            matches!(
                Import::Cells(link(bad)).body(),
                Err(UnusableImport::Scheme { .. })
            ),
            "{bad}"
        );
    }
    let mixed = Import::Variant(signal(link("s3://b/v"), Some(link("https://a/m?sig=hush"))));
    let error = mixed.body().unwrap_err();
    assert!(
        matches!(error, UnusableImport::MixedSources { .. }) && !error.to_string().contains("hush"),
        "{error}"
    );
}

#[test]
fn forms_end_with_the_file() {
    let study = Some(accession("GSF9"));
    let names = |form: Vec<(&'static str, Part)>| form.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let table = Metadata {
        table: PathBuf::from("s.tsv"),
        template: Some(accession("GSF1")),
    };
    assert_eq!(
        Import::Study(table.clone()).form(study.as_ref()),
        Err(UnusableImport::StudyUpload)
    );
    assert_eq!(
        names(Import::Samples(table).form(study.as_ref()).unwrap()),
        ["studyId", "templateId", "file"]
    );
    assert_eq!(
        names(Import::Cells(PathBuf::from("c")).form(study.as_ref()).unwrap()),
        ["studyId", "file"]
    );
    let data = signal(PathBuf::from("d"), Some(PathBuf::from("m")));
    assert_eq!(
        names(Import::Variant(data.clone()).form(study.as_ref()).unwrap()),
        ["studyId", "templateId", "previousVersion", "metadataFile", "file"]
    );
    let expression = Import::Expression(Expression {
        signal: data,
        feature_attributes: Some(2),
        data_class: Some("Other".to_owned()),
        measurement_separator: Some(":".to_owned()),
    });
    let form = expression.form(None).unwrap();
    assert!(form.contains(&("numberOfFeatureAttributes", Part::Text("2".to_owned()))));
    assert_eq!(
        names(form),
        [
            "templateId",
            "previousVersion",
            "numberOfFeatureAttributes",
            "dataClass",
            "measurementSeparator",
            "metadataFile",
            "file"
        ]
    );
    let file = Import::File(Attachment {
        data: PathBuf::from("d"),
        metadata: None,
        study: "GSF9".parse().unwrap(),
        data_class: "Document".to_owned(),
    });
    assert_eq!(
        names(file.form(None).unwrap()),
        ["studyAccession", "dataClass", "file"]
    );
}
