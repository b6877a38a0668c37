//! Imports and their jobs.

use super::*;

#[tokio::test]
async fn the_same_links_again_give_the_old_job() {
    let setup = Setup::new().await;
    let link = setup.file("s.tsv", "Sample Source ID\nS1\n");
    let legacy = "/frontend/rs/genestack/job/default-released/import/samples";
    let (_, first) = setup.post(legacy, json!({"metadataLink": link})).await;
    let (status, again) = setup
        .post(&format!("{V1}/import/samples"), json!({"metadataLink": link}))
        .await;
    assert_eq!(status, 409);
    let message = again["error"]["message"].as_str().unwrap();
    let (_, rest) = message.split_once("job instance already exists ").unwrap();
    assert!(
        rest.contains(&format!(" jobExecId={}", first["jobExecId"])),
        "{message}"
    );
    let (status, other) = setup
        .post(&format!("{V1}/import/libraries"), json!({"metadataLink": link}))
        .await;
    assert_eq!(status, 200, "{other}");
    let (status, copy) = setup
        .post(
            &format!("{V1}/import/samples?allow_dups=true"),
            json!({"metadataLink": link}),
        )
        .await;
    assert_eq!(status, 200);
    assert_ne!(copy["jobExecId"], first["jobExecId"]);
}

#[tokio::test]
async fn a_failed_job_says_why_and_can_start_again() {
    let setup = Setup::new().await;
    let link = format!("file://{}", setup.folder.path().join("late.tsv").display());
    let (_, info) = setup
        .post(&format!("{V1}/import/samples"), json!({"metadataLink": link}))
        .await;
    let job = info["jobExecId"].as_u64().unwrap();
    let output = setup.end(job).await;
    assert_eq!(output["status"], "FAILED");
    assert_eq!(output["errors"][0]["stack"][0]["type"], "LinkNotReachable");
    setup.file("late.tsv", "Sample Source ID\nS1\n");
    assert_eq!(
        setup
            .ask(Method::PUT, &format!("{V1}/{job}/restart"), None)
            .await
            .0,
        200
    );
    assert_eq!(setup.end(job).await["status"], "COMPLETED");
    assert_eq!(
        setup
            .ask(Method::PUT, &format!("{V1}/{job}/restart"), None)
            .await
            .0,
        400
    );
    assert_eq!(
        setup.ask(Method::PUT, &format!("{V1}/{job}/stop"), None).await.0,
        400
    );
}

#[tokio::test]
async fn uploads_are_kept_under_their_own_folder() {
    let setup = Setup::new().await;
    let (study, _) = setup.study_and_samples().await;
    let send = async |kind: &str, form: multipart::Form| {
        let url = format!("{}{V1}/import/{kind}/multipart", setup.sandbox.url());
        let answer = setup
            .client
            .post(url)
            .header("Genestack-API-Token", TOKEN)
            .multipart(form)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let part = |text: &str, name: &str| multipart::Part::text(text.to_owned()).file_name(name.to_owned());

    let form = multipart::Form::new()
        .text("studyId", study.clone())
        .part("file", part("Sample Source ID\nS1\n", "../../x.tsv"));
    let (status, info) = send("samples", form).await;
    assert_eq!(status, 200, "{info}");
    let job = info["jobExecId"].as_u64().unwrap();
    assert_eq!(setup.end(job).await["status"], "COMPLETED");
    let kept = setup
        .sandbox
        .data()
        .join("files")
        .join(job.to_string())
        .join("x.tsv");
    assert_eq!(fs::read_to_string(kept).unwrap(), "Sample Source ID\nS1\n");

    let late = multipart::Form::new()
        .part("file", part("x", "x.tsv"))
        .text("studyId", study.clone());
    assert_eq!(send("samples", late).await.0, 400, "file must be last");
    let large = multipart::Form::new().part("file", part(&"x".repeat(5000), "x.tsv"));
    assert_eq!(send("samples", large).await.0, 413);
    let unknown = multipart::Form::new()
        .text("dataClass", "Other")
        .part("file", part("x", "x.tsv"));
    assert_eq!(send("samples", unknown).await.0, 400);
    let none = multipart::Form::new().text("studyId", study.clone());
    assert_eq!(send("samples", none).await.0, 400);
    let wrong = multipart::Form::new()
        .text("studyId", "GSF9")
        .part("file", part("x", "x.tsv"));
    assert_eq!(send("samples", wrong).await.0, 400);
    let a_study = multipart::Form::new().part("file", part("x", "x.tsv"));
    assert_eq!(send("study", a_study).await.0, 404);
    let left = fs::read_dir(setup.sandbox.data().join("files"))
        .unwrap()
        .filter_map(Result::ok);
    assert!(
        left.into_iter()
            .all(|entry| !entry.file_name().to_string_lossy().starts_with("incoming"))
    );
}

#[tokio::test]
async fn links_are_fetched_over_http() {
    let setup = Setup::new().await;
    setup.file("Sämple 1.tsv", "Sample Source ID\nS1\n");
    setup.file("secret.tsv", "x\n");
    let path = setup.folder.path().join("Sämple 1.tsv");
    let key = LinkKey::random().unwrap();
    let server = FileServer::start(&Listen::local(0)).await.unwrap();
    let served = server.serve([path.clone()], &key).unwrap();
    let link = served.links()[&path].clone();
    setup.import("samples", json!({"metadataLink": link})).await;
    let kept = setup.sandbox.data().join("files/1/Sämple 1.tsv");
    assert!(kept.exists());

    let base = format!("http://{}", server.address());
    let (without_key, sign) = link.strip_prefix(&base).unwrap().split_once("?key=").unwrap();
    let other = LinkKey::random().unwrap();
    let other_link = server.serve([path.clone()], &other).unwrap().links()[&path].clone();
    for path in [
        "/",
        "/secret.tsv",
        "/../secret.tsv",
        "/x/secret.tsv",
        "/0000000000000000/..%2fsecret.tsv",
        // A link without its key, with too short a one, with another file's, and one that is served no longer.
        without_key,
        &format!("{without_key}?key="),
        &format!("{without_key}?key={}", &sign[1..]),
        &format!("{without_key}?key={}", other_link.rsplit('=').next().unwrap()),
        &format!("{without_key}?x={sign}"),
        other_link.strip_prefix(&base).unwrap(),
    ] {
        assert_eq!(
            setup
                .client
                .get(format!("{base}{path}"))
                .send()
                .await
                .unwrap()
                .status(),
            404,
            "{path}"
        );
    }
    let port = server.address().port();
    drop((served, server));
    let (_, info) = setup
        .post(
            &format!("{V1}/import/cells"),
            json!({"dataLink": format!("{link}2")}),
        )
        .await;
    let output = setup.end(info["jobExecId"].as_u64().unwrap()).await;
    assert_eq!(output["status"], "FAILED");
    let again = FileServer::start(&Listen::local(port)).await.unwrap();
    let served = again.serve([path.clone()], &key).unwrap();
    assert_eq!(served.links()[&path], link, "the same file has the same link");
}

#[tokio::test]
async fn what_is_no_cross_reference_is_refused() {
    let setup = Setup::new().await;
    let (study, samples) = setup.study_and_samples().await;
    let table = setup.file("tx2gene.tsv", "TXNAME\tGENEID\nT1\tG1\n");
    let local = json!({"xrefSetType": "gene-transcript", "dataLink": table});
    for (body, said) in [
        (local, "is no http, https or s3 link"),
        (
            json!({"xrefSetType": "gene-disease", "dataLink": "http://127.0.0.1:9/x"}),
            "gene-transcript",
        ),
        (json!({"xrefSetType": "gene-transcript"}), "dataLink"),
        (
            json!({"xrefSetType": "gene-transcript", "dataLink": "http://127.0.0.1:9/x", "odd": 1}),
            "odd",
        ),
        (
            json!({"xrefSetType": "gene-transcript", "dataLink": "http://127.0.0.1:9/x"}),
            "LinkNotReachable",
        ),
        (json!([1]), "cannot be read"),
    ] {
        let (status, answer) = setup.post("/api/v1/xrefsets", body).await;
        assert_eq!(status, 400, "{answer}");
        assert!(answer.to_string().contains(said), "{said}: {answer}");
    }
    assert_eq!(setup.get("/api/v1/xrefsets/GSF9/metadata").await.0, 404);
    for pair in [
        json!([{"firstId": samples, "firstType": "expressionGroup", "secondId": study, "secondType": "geneTranscriptMapping"}]),
        json!([{"firstId": samples, "firstType": "sampleGroup", "secondId": study, "secondType": "study"}]),
        json!({"firstId": samples}),
    ] {
        assert_eq!(setup.post("/api/v1/as-curator/links", pair).await.0, 400);
    }
    let (status, _) = setup.post(&format!("{V1}/import/mapping"), json!({})).await;
    assert_eq!(status, 404, "a cross-reference has no job");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let setup = Setup::new().await;
    let long = "x".repeat(3 << 20);
    for path in [
        "/api/v1/jobs/import/samples",
        "/api/v1/xrefsets",
        "/api/v1/as-curator/links",
    ] {
        let url = format!("{}{path}", setup.sandbox.url());
        let request = setup
            .client
            .post(url)
            .header("Genestack-API-Token", TOKEN)
            .body(long.clone());
        // It may close the connection on a client that goes on sending.
        if let Ok(answer) = request.send().await {
            assert_eq!(answer.status().as_u16(), 413, "{path}");
        }
    }
    assert!(setup.journal().iter().all(|line| line["job_id"].is_null()));
}
