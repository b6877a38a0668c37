//! Files sent along.

use std::path::PathBuf;

use odmkit_odm_api::{Delivery, Expression, Import, JobId, Metadata, Signal};

use crate::script::{Script, Turn, say};

const INFO: &str = r#"{"jobExecId":9,"status":"STARTING"}"#;

fn expression(data: PathBuf, metadata: PathBuf) -> Import<PathBuf> {
    Import::Expression(Expression {
        signal: Signal {
            data,
            metadata: Some(metadata),
            template: None,
            previous_version: None,
        },
        feature_attributes: Some(3),
        data_class: Some("Proteomics".to_owned()),
        measurement_separator: Some(":".to_owned()),
    })
}

#[tokio::test]
async fn a_form_has_its_length_and_ends_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (data, metadata) = (folder.path().join("d.tsv"), folder.path().join("m.tsv"));
    // Larger than any buffer on the way.
    let text = "0123456789abcde\n".repeat(50_000);
    std::fs::write(&data, &text).unwrap();
    std::fs::write(&metadata, "Genome Version\nGRCh38\n").unwrap();
    let script = Script::new([say(200, INFO)]).await;
    let study = "GSF5".parse().unwrap();
    let info = script
        .client()
        .upload(&expression(data, metadata), Some(&study))
        .await
        .unwrap();
    assert_eq!(info.job_exec_id, JobId(9));

    let heard = &script.heard()[0];
    assert_eq!(heard.line, "POST /api/v1/jobs/import/expression/multipart");
    let length: usize = heard
        .headers
        .iter()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
        .unwrap();
    assert_eq!(length, heard.body.len());
    let names: Vec<&str> = heard
        .body
        .split("form-data; name=\"")
        .skip(1)
        .map(|part| part.split('"').next().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "studyId",
            "numberOfFeatureAttributes",
            "dataClass",
            "measurementSeparator",
            "metadataFile",
            "file"
        ]
    );
    assert!(heard.body.contains("filename=\"d.tsv\"") && heard.body.contains(&text));
}

#[tokio::test]
async fn an_upload_that_may_have_arrived_is_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("s.tsv");
    std::fs::write(&table, "Sample Source ID\nS1\n").unwrap();
    let import = Import::Samples(Metadata {
        table,
        template: None,
    });
    for turn in [
        Turn::HangUp,
        Turn::CutShort,
        say(502, ""),
        say(503, ""),
        say(504, ""),
        say(500, ""),
        say(200, "<p>"),
    ] {
        let script = Script::new([turn, say(200, INFO)]).await;
        let error = script.client().upload(&import, None).await.unwrap_err();
        assert_eq!(
            (error.delivery(), script.heard().len()),
            (Delivery::Unknown, 1),
            "{error}"
        );
    }
    let script = Script::new([say(413, ""), say(200, INFO)]).await;
    let error = script.client().upload(&import, None).await.unwrap_err();
    assert_eq!((error.delivery(), script.heard().len()), (Delivery::Refused, 1));
    let script = Script::new([say(429, ""), say(200, INFO)]).await;
    assert!(
        script.client().upload(&import, None).await.is_ok(),
        "429: refused unread"
    );
}

#[tokio::test]
async fn a_file_that_is_not_there_sends_nothing() {
    let script = Script::new([say(200, INFO)]).await;
    let import = Import::Cells(PathBuf::from("/nowhere/cells.tsv"));
    let error = script.client().upload(&import, None).await.unwrap_err();
    assert_eq!(
        (error.delivery(), script.heard().len()),
        (Delivery::NotArrived, 0),
        "{error}"
    );
    let study = Import::Study(Metadata {
        table: PathBuf::from("s.tsv"),
        template: None,
    });
    assert!(script.client().upload(&study, None).await.is_err());
}
