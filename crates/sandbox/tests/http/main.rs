//! The sandbox over real HTTP.

mod access;
mod imports;
mod studies;

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
