//! Who may ask, and what is written down of it.

use super::*;

#[tokio::test]
async fn a_token_is_wanted_in_either_header_and_never_journaled() {
    let setup = Setup::new().await;
    let url = format!("{}{V1}/1/info?token=hush-hush", setup.sandbox.url());
    let known = format!("{}{V1}/1/info", setup.sandbox.url());
    let status = async |name: &str, value: &str| {
        setup
            .client
            .get(&url)
            .header(name, value)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(setup.client.get(&url).send().await.unwrap().status(), 401);
    assert_eq!(status("Genestack-API-Token", "wrong").await, 401);
    assert_eq!(status("Authorization", "Bearer wrong").await, 401);
    assert_eq!(status("Authorization", TOKEN).await, 401);
    assert_eq!(
        status("Genestack-API-Token", TOKEN).await,
        400,
        "an unknown query parameter"
    );
    assert_eq!(status("Authorization", &format!("Bearer {TOKEN}")).await, 400);
    let both = setup.client.get(&known).header("Genestack-API-Token", "wrong");
    let both = both
        .header("Authorization", format!("Bearer {TOKEN}"))
        .send()
        .await
        .unwrap();
    assert_eq!(both.status(), 404, "the access token wins");
    let journal = fs::read_to_string(setup.sandbox.journal()).unwrap();
    assert_eq!(journal.lines().count(), 7);
    assert!(!journal.contains(TOKEN) && !journal.contains("hush"), "{journal}");
}

#[tokio::test]
async fn secrets_in_links_are_not_written_down() {
    let setup = Setup::new().await;
    let link = "http://me:pw@127.0.0.1:9/x.tsv?X-Amz-Signature=5ecret";
    let (status, info) = setup
        .post(&format!("{V1}/import/samples"), json!({"metadataLink": link}))
        .await;
    assert_eq!(status, 200);
    let output = setup.end(info["jobExecId"].as_u64().unwrap()).await;
    assert_eq!(output["status"], "FAILED");
    for name in ["journal.jsonl", "world.jsonl"] {
        let text = fs::read_to_string(setup.sandbox.data().join(name)).unwrap();
        assert!(
            !text.contains("5ecret") && !text.contains("me:pw"),
            "{name}: {text}"
        );
    }
    assert!(!output.to_string().contains("5ecret"), "{output}");
    assert_eq!(
        setup
            .post(&format!("{V1}/import/samples"), json!({"metadataLink": link}))
            .await
            .0,
        409
    );
}

#[tokio::test]
async fn the_journal_has_a_line_for_every_request() {
    let setup = Setup::new().await;
    let link = setup.file("s.tsv", "Sample Source ID\nS1\n");
    let accession = setup.import("samples", json!({"metadataLink": link})).await;
    let journal = setup.journal();
    let first = &journal[0];
    assert_eq!(
        (
            &first["method"],
            &first["path"],
            &first["query"],
            &first["status"],
            &first["job_id"]
        ),
        (
            &json!("POST"),
            &json!(format!("{V1}/import/samples")),
            &json!(""),
            &json!(200),
            &json!(1)
        )
    );
    assert!(first["time"].as_str().unwrap().ends_with('Z'));
    let last = journal.last().unwrap();
    assert_eq!(
        (&last["path"], &last["accession"]),
        (&json!(format!("{V1}/1/output")), &json!(accession))
    );
}

#[tokio::test]
async fn the_default_template_is_found_by_signing_in() {
    let setup = Setup::new().await;
    let base = format!(
        "{}/frontend/endpoint/application/invoke/genestack",
        setup.sandbox.url()
    );
    let list = format!("{base}/study-metainfotemplateeditor/listTemplates");
    assert_eq!(
        setup
            .client
            .post(&list)
            .json(&json!([]))
            .send()
            .await
            .unwrap()
            .status(),
        401
    );
    let sign_in = |token: &str| {
        setup
            .client
            .post(format!("{base}/signin/authenticateByApiToken"))
            .json(&json!([token]))
            .send()
    };
    let wrong: Value = sign_in("wrong").await.unwrap().json().await.unwrap();
    assert_eq!(wrong["result"]["authenticated"], false);
    let answer = sign_in(TOKEN).await.unwrap();
    let cookie = answer.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let templates: Value = setup
        .client
        .post(&list)
        .header("Cookie", cookie)
        .json(&json!([]))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(templates["result"][0]["isDefault"], true);
}

#[tokio::test]
async fn it_does_not_start_without_token_or_folder() {
    let folder = tempfile::tempdir().unwrap();
    let judge: Arc<dyn Judge> = Arc::new(TsvJudge);
    assert!(
        Sandbox::start(SandboxConfig::new(folder.path(), "", Arc::clone(&judge)))
            .await
            .is_err()
    );
    let data = folder.path().join("data");
    let first = Sandbox::start(SandboxConfig::new(&data, TOKEN, Arc::clone(&judge)))
        .await
        .unwrap();
    let second = Sandbox::start(SandboxConfig::new(&data, TOKEN, Arc::clone(&judge))).await;
    assert!(second.is_err(), "two sandboxes on one folder");
    drop(first);
    assert!(
        Sandbox::start(SandboxConfig::new(&data, TOKEN, Arc::clone(&judge)))
            .await
            .is_ok()
    );
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    assert!(
        Sandbox::start(SandboxConfig::new(Path::new(&file), TOKEN, judge))
            .await
            .is_err()
    );
}
