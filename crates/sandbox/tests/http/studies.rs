//! Studies, what hangs on them, and how they are read back.

use super::*;

#[tokio::test]
async fn a_study_is_imported_linked_and_read_back() {
    let setup = Setup::new().await;
    let (study, samples) = setup.study_and_samples().await;
    let data = setup.file("d.tsv", "Feature\tS2\tS1\tX9\ng1\t1\t2\t3\n");
    let data = setup
        .import(
            "expression",
            json!({"dataLink": data, "numberOfFeatureAttributes": "1", "dataClass": "Proteomics"}),
        )
        .await;

    let path = format!("{LINK}/expression/group/{data}/to/sample/group/{samples}");
    let (status, _) = setup.ask(Method::POST, &path, None).await;
    assert_eq!(status, 200, "some of the columns");
    let (_, pairs) = setup
        .get(&format!("{LINK}/expression/run-to-samples/by/group/{data}"))
        .await;
    let runs: Vec<_> = pairs["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| pair["runSourceId"].clone())
        .collect();
    assert_eq!(runs, ["S2", "S1"]);
    let (_, page) = setup
        .get(&format!(
            "{LINK}/expression/run-to-samples/by/group/{data}?pageLimit=1&pageOffset=1"
        ))
        .await;
    assert_eq!(
        (
            &page["data"][0]["runSourceId"],
            &page["meta"]["pagination"]["total"]
        ),
        (&json!("S1"), &json!(2))
    );

    let (status, _) = setup
        .ask(
            Method::POST,
            &format!("{path}?linkingAttribute=Sample%20Name"),
            None,
        )
        .await;
    assert_eq!(status, 400, "no column is a sample's name");
    let (status, body) = setup
        .ask(Method::POST, &format!("{path}?linkingAttribute=Nick"), None)
        .await;
    assert_eq!(
        (status.as_u16(), &body["error"]["message"]),
        (400, &json!("no attribute Nick to link by"))
    );

    let (_, list) = setup.get(&format!("{LINK}/samples/by/study/{study}")).await;
    assert_eq!(list["data"].as_array().unwrap().len(), 3);
    assert_eq!(list["data"][1]["metadata"]["Sample Name"], "two");
    let (_, found) = setup.get(&format!("/api/v1/as-curator/studies/{study}")).await;
    assert_eq!(found["Study Title"], "Trial");
    let (status, _) = setup
        .get(&format!(
            "/frontend/rs/genestack/studyUser/default-released/studies/{samples}"
        ))
        .await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn libraries_and_cells_are_linked_by_their_columns() {
    let setup = Setup::new().await;
    let (study, samples) = setup.study_and_samples().await;
    let libraries = setup.file("l.tsv", "Library ID\tSample Source ID\nL1\tS1|S2\nL2\tS3\n");
    let libraries = setup
        .import("libraries", json!({"metadataLink": libraries}))
        .await;
    let by_study = format!("{LINK}/library/group/by/study/{study}");
    assert_eq!(setup.get(&by_study).await.1, json!([]));
    let (status, _) = setup
        .ask(
            Method::POST,
            &format!("{LINK}/library/group/{libraries}/to/sample/group/{samples}"),
            None,
        )
        .await;
    assert_eq!(status, 204);
    assert_eq!(
        setup.get(&by_study).await.1,
        json!([{"itemId": libraries, "metadata": {}}])
    );
    let cells = setup.file("c.tsv", "barcode\tbatch\nAAA\tL1\nCCC\tL7\n");
    let cells = setup.import("cells", json!({"dataLink": cells})).await;
    let path = format!("{LINK}/cell/group/{cells}/to/library/group/{libraries}");
    assert_eq!(setup.ask(Method::POST, &path, None).await.0, 200);
    let path = format!("{LINK}/cell/group/{cells}/to/sample/group/{samples}");
    assert_eq!(setup.ask(Method::POST, &path, None).await.0, 400);
}

#[tokio::test]
async fn refusals_have_the_status_that_odm_gives() {
    let setup = Setup::new().await;
    let (_, samples) = setup.study_and_samples().await;
    let variant = setup.file("v.vcf", "X\tS7\n");
    let variant = setup.import("variant", json!({"dataLink": variant})).await;
    let (status, _) = setup
        .ask(
            Method::POST,
            &format!("{LINK}/variant/group/{variant}/to/sample/group/{samples}"),
            None,
        )
        .await;
    assert_eq!(status, 404, "variants answer 404 where others answer 400");

    let link = setup.file("x.tsv", "a\n1\n");
    for (path, body) in [
        ("import/cells", json!({"dataLink": link, "source": "LOCAL"})),
        ("import/samples", json!({"templateId": "GSF1"})),
        ("import/samples", json!({"metadataLink": "gs://bucket/x"})),
        ("import/samples", json!([1])),
        ("import/samples?allow_dups=perhaps", json!({"metadataLink": link})),
        ("import/samples?dry=true", json!({"metadataLink": link})),
        ("import/file?allow_dups=true", json!({"dataLink": link})),
        (
            "import/file",
            json!({"dataLink": link, "dataClass": "Other", "studyAccession": "GSF9"}),
        ),
        (
            "import/expression",
            json!({"dataLink": link, "numberOfFeatureAttributes": "two"}),
        ),
        (
            "import/expression",
            json!({"dataLink": link, "previousVersion": "GSF9"}),
        ),
    ] {
        let (status, answer) = setup.post(&format!("{V1}/{path}"), body).await;
        assert_eq!(status, 400, "{path}: {answer}");
        assert!(answer["error"]["message"].is_string());
    }
    assert_eq!(
        setup.post(&format!("{V1}/import/nonsense"), json!({})).await.0,
        404
    );
    assert_eq!(setup.get("/api/v2/anything").await.0, 404);
}

#[tokio::test]
async fn what_it_holds_outlives_it() {
    let setup = Setup::new().await;
    let (study, samples) = setup.study_and_samples().await;
    let config = SandboxConfig::new(setup.sandbox.data(), TOKEN, Arc::new(TsvJudge));
    let Setup {
        folder,
        sandbox,
        client,
    } = setup;
    sandbox.stop().await;
    // The last line of the log was cut off by the end of its writer.
    let world = config.data.join("world.jsonl");
    fs::write(&world, fs::read_to_string(&world).unwrap() + "{\"job\":{\"jo").unwrap();
    let setup = Setup {
        folder,
        sandbox: Sandbox::start(config).await.unwrap(),
        client,
    };
    let (_, list) = setup.get(&format!("{LINK}/samples/by/study/{study}")).await;
    assert_eq!(list["data"][0]["groupId"], json!(samples));
    let link = setup.file("s.samples.tsv", "Sample Source ID\nS1\n");
    let (status, _) = setup
        .post(&format!("{V1}/import/samples"), json!({"metadataLink": link}))
        .await;
    assert_eq!(status, 409, "the link is still known");
    let next = setup.file("n.tsv", "Sample Source ID\nS1\n");
    let group = setup.import("samples", json!({"metadataLink": next})).await;
    assert!(group > samples, "{group}");
}

#[tokio::test]
async fn the_pages_of_a_study_go_through_all_its_sample_groups() {
    let setup = Setup::new().await;
    let (study, _) = setup.study_and_samples().await;
    let more = setup.file("more.tsv", "Sample Source ID\nT1\nT2\n");
    let more = setup.import("samples", json!({"metadataLink": more})).await;
    let path = format!("{LINK}/sample/group/{more}/to/study/{study}");
    assert_eq!(setup.ask(Method::POST, &path, None).await.0, 204);
    for (offset, limit, expected) in [
        (0, 2000, &["S1", "S2", "S3", "T1", "T2"][..]),
        (0, 2, &["S1", "S2"]),
        (2, 2, &["S3", "T1"]),
        (4, 2, &["T2"]),
        (3, 0, &[]),
        (9, 2, &[]),
    ] {
        let path = format!("{LINK}/samples/by/study/{study}?pageLimit={limit}&pageOffset={offset}");
        let (_, page) = setup.get(&path).await;
        let found: Vec<_> = page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|sample| &sample["metadata"]["Sample Source ID"])
            .collect();
        assert_eq!(found, expected, "{limit} from {offset}");
        assert_eq!(page["meta"]["pagination"]["total"], 5);
    }
}
