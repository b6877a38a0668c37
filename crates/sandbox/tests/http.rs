//! The sandbox over real HTTP.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use odmkit_sandbox::{
    Accepted, FileServer, ImportKind, Judge, JudgedError, LinkKey, Listen, ReceivedImport, Sandbox,
    SandboxConfig, Table,
};
use reqwest::{Client, Method, StatusCode, multipart};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Takes plain TSV tables, and data whose first line names its samples after one feature column.
struct TsvJudge;

impl Judge for TsvJudge {
    fn judge(&self, import: &ReceivedImport) -> Result<Accepted, Vec<JudgedError>> {
        let refuse = |message: String| {
            vec![JudgedError {
                kind: "BadFile".to_owned(),
                message,
            }]
        };
        let text = fs::read_to_string(&import.file).map_err(|error| refuse(error.to_string()))?;
        let mut lines = text
            .lines()
            .map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
        let header = lines.next().ok_or_else(|| refuse("empty".to_owned()))?;
        Ok(match import.kind {
            ImportKind::Expression | ImportKind::Variant | ImportKind::FlowCytometry => {
                Accepted::Runs(header.into_iter().skip(1).collect())
            }
            ImportKind::File => Accepted::Opaque,
            _ => Accepted::Table(Table {
                columns: header,
                rows: lines.collect(),
            }),
        })
    }
}

struct Setup {
    folder: TempDir,
    sandbox: Sandbox,
    client: Client,
}

const TOKEN: &str = "sandbox-t0ken";
const V1: &str = "/api/v1/jobs";
const LINK: &str = "/api/v1/as-curator/integration/link";

impl Setup {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = SandboxConfig::new(folder.path().join("data"), TOKEN, Arc::new(TsvJudge));
        config.largest_file = 4096;
        let sandbox = Sandbox::start(config).await.unwrap();
        Self {
            folder,
            sandbox,
            client: Client::new(),
        }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.sandbox.url()));
        request = request.header("Genestack-API-Token", TOKEN);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (
            status,
            serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null),
        )
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.ask(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.ask(Method::POST, path, Some(body)).await
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        format!("file://{}", path.display())
    }

    async fn end(&self, job: u64) -> Value {
        for _ in 0..400 {
            let (_, info) = self.get(&format!("{V1}/{job}/info")).await;
            if ["COMPLETED", "FAILED", "STOPPED"].contains(&info["status"].as_str().unwrap()) {
                return self.get(&format!("{V1}/{job}/output")).await.1;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("job {job} does not end");
    }

    async fn import(&self, kind: &str, body: Value) -> String {
        let (status, info) = self.post(&format!("{V1}/import/{kind}"), body).await;
        assert_eq!(status, 200, "{info}");
        let output = self.end(info["jobExecId"].as_u64().unwrap()).await;
        assert_eq!(output["status"], "COMPLETED", "{output}");
        let result = &output["result"];
        let key = if matches!(kind, "study" | "file") {
            "accession"
        } else {
            "groupAccession"
        };
        result[key].as_str().unwrap().to_owned()
    }

    fn journal(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.sandbox.journal()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// A study with three samples linked to it.
    async fn study_and_samples(&self) -> (String, String) {
        let study = self.file("s.study.tsv", "Study Title\nTrial\n");
        let study = self
            .import("study", json!({"metadataLink": study, "source": "LOCAL"}))
            .await;
        let samples = self.file(
            "s.samples.tsv",
            "Sample Source ID\tSample Name\nS1\tone\nS2\ttwo\nS3\tthree\n",
        );
        let samples = self
            .import(
                "samples",
                json!({"metadataLink": samples, "templateId": "GSF000001"}),
            )
            .await;
        let (status, _) = self
            .ask(
                Method::POST,
                &format!("{LINK}/sample/group/{samples}/to/study/{study}"),
                None,
            )
            .await;
        assert_eq!(status, 204);
        (study, samples)
    }
}

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
