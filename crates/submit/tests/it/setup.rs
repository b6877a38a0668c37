//! A study on disk, a sandbox, and a plan to bring them together.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use odmkit_odm_api::{
    Accession, Api, Auth, Client, HttpTransport, PathFamily, RetryPolicy, Server, Transport, WaitPolicy,
};
use odmkit_sandbox::{
    Accepted, FileServer, ImportKind, Judge, JudgedError, LinkKey, Listen, ReceivedImport, Sandbox,
    SandboxConfig, ServedFiles, Table,
};
use odmkit_submit::{
    AtOnce, Entity, EntityKind, Options, Parameters, Plan, Silent, Staging, Submission, SubmitError,
};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const TOKEN: &str = "sandbox-t0ken";

/// Takes plain TSV tables, and data whose first line names its samples after the feature columns. A table with the
/// word `BROKEN` in it is refused.
struct TsvJudge;

impl Judge for TsvJudge {
    fn judge(&self, import: &ReceivedImport) -> Result<Accepted, Vec<JudgedError>> {
        let refuse = |message: &str| {
            vec![JudgedError {
                kind: "BadFile".to_owned(),
                message: message.to_owned(),
            }]
        };
        let text = fs::read_to_string(&import.file).map_err(|error| refuse(&error.to_string()))?;
        if text.contains("BROKEN") {
            return Err(refuse("line 2 is broken"));
        }
        let mut lines = text
            .lines()
            .map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
        let header = lines.next().ok_or_else(|| refuse("the file is empty"))?;
        let features = import.parameters.feature_attributes.unwrap_or(1) as usize;
        Ok(match import.kind {
            ImportKind::Expression => Accepted::Runs(header.into_iter().skip(features).collect()),
            _ => Accepted::Table(Table {
                columns: header,
                rows: lines.collect(),
            }),
        })
    }
}

pub(crate) struct Setup {
    pub(crate) folder: TempDir,
    pub(crate) sandbox: Sandbox,
}

impl Setup {
    pub(crate) async fn new() -> Self {
        Self::with_faults(&[]).await
    }

    /// A sandbox in which these things go wrong.
    pub(crate) async fn with_faults(faults: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("t.study.tsv", "Study Title\nTrial\n");
        write(
            "t.samples.tsv",
            "Sample Source ID\tSample Name\nS1\tone\nS2\ttwo\nS3\tthree\n",
        );
        write(
            "t.libraries.tsv",
            "Library ID\tSample Source ID\nL1\tS1|S2\nL2\tS3\n",
        );
        write("t.cells.tsv", "barcode\tbatch\nAAA\tL1\nCCC\tL2\n");
        write("t.tsv", "Gene\tName\tS1\tS2\tS9\ng1\tn\t1\t2\t3\n");
        write("t.meta.tsv", "Genome Version\nGRCh38\n");
        write("l.tsv", "Gene\tL2\tL1\ng1\t1\t2\n");
        write("c.tsv", "Gene\tCCC\tAAA\ng1\t1\t2\n");
        let mut config = SandboxConfig::new(folder.path().join("sandbox"), TOKEN, Arc::new(TsvJudge));
        config.faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
        let sandbox = Sandbox::start(config).await.unwrap();
        Self { folder, sandbox }
    }

    /// The sandbox ends and another one starts on the same folder, at another address.
    pub(crate) async fn restarted(self) -> Self {
        let Self { folder, sandbox } = self;
        let config = SandboxConfig::new(sandbox.data(), TOKEN, Arc::new(TsvJudge));
        sandbox.stop().await;
        Self {
            folder,
            sandbox: Sandbox::start(config).await.unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn empty_plan(&self) -> Plan {
        Plan::new(self.folder.path(), self.path("t.odmkit-run.json"))
    }

    /// Study, samples and one data file with three columns, one of which no sample has.
    pub(crate) fn plan(&self) -> Plan {
        let study = Entity::file(EntityKind::Study, self.path("t.study.tsv"));
        self.plan_under(study)
    }

    /// The same under a study that is there already.
    pub(crate) fn plan_under(&self, study: Entity) -> Plan {
        let mut plan = self.empty_plan();
        let study = plan.add(study);
        let samples = plan.add(Entity::file(EntityKind::Samples, self.path("t.samples.tsv")).with_members(3));
        let parameters = Parameters {
            data_class: Some("Proteomics".to_owned()),
            feature_attributes: Some(2),
            ..Parameters::default()
        };
        let data = Entity::file(EntityKind::Expression, self.path("t.tsv"))
            .with_metadata(&self.path("t.meta.tsv"))
            .with_parameters(parameters)
            .with_members(3);
        let data = plan.add(data);
        plan.link(samples, study, None);
        plan.link(data, samples, Some("Sample Source ID".to_owned()));
        plan
    }

    pub(crate) fn api(&self, family: PathFamily, auth: Auth) -> Api {
        Api::new(Server::parse(&self.sandbox.url(), false).unwrap(), family, auth)
    }

    pub(crate) fn client(&self) -> Client {
        let api = self.api(PathFamily::V1, Auth::api_token(TOKEN).unwrap());
        let transport = HttpTransport::new(api.server()).unwrap();
        self.client_over(Arc::new(transport))
    }

    pub(crate) fn client_over(&self, transport: Arc<dyn Transport>) -> Client {
        let api = self.api(PathFamily::V1, Auth::api_token(TOKEN).unwrap());
        Client::with_transport(api, transport, RetryPolicy::NONE)
    }

    pub(crate) async fn run(&self, plan: &Plan, options: &Options) -> Result<Submission, SubmitError> {
        odmkit_submit::run(plan, &self.client(), options, &Silent).await
    }

    /// Imports the study alone and gives its accession.
    pub(crate) async fn study(&self) -> Accession {
        self.study_named("t.study.tsv").await
    }

    /// The same from a file of another name.
    pub(crate) async fn study_named(&self, name: &str) -> Accession {
        self.write(name, "Study Title\nTrial\n");
        let mut plan = Plan::new(self.folder.path(), self.path("study-alone.json"));
        plan.add(Entity::file(EntityKind::Study, self.path(name)));
        let submission = self.run(&plan, &options(Staging::SharedDisk)).await.unwrap();
        submission.entities[0].accession.clone().unwrap()
    }

    /// The accession of what the last job of this kind made, once it is over.
    pub(crate) async fn made(&self, kind: &str) -> Accession {
        let journal = self.journal();
        let imports = journal.iter().rev();
        let job = imports
            .filter(|line| {
                line["path"]
                    .as_str()
                    .unwrap()
                    .contains(&format!("/import/{kind}"))
            })
            .find_map(|line| line["job_id"].as_u64())
            .unwrap();
        let wait = options(Staging::Multipart).wait;
        let job = odmkit_odm_api::JobId(job);
        let end = self.client().wait_for_job(job, wait, |_| {}).await.unwrap();
        end.output.made().unwrap()
    }

    /// What the sandbox made of a file, as a person would find it in ODM.
    pub(crate) async fn received(&self, name: &str) -> Option<Accession> {
        if name.starts_with("m.") {
            return self.mappings().first().cloned();
        }
        let job = *self.jobs_of(name).first()?;
        let wait = options(Staging::Multipart).wait;
        let end = self
            .client()
            .wait_for_job(odmkit_odm_api::JobId(job), wait, |_| {})
            .await;
        end.unwrap().output.made()
    }

    /// How often the sandbox took a file.
    pub(crate) fn times_received(&self, name: &str) -> usize {
        if name.starts_with("m.") {
            self.mappings().len()
        } else {
            self.jobs_of(name).len()
        }
    }

    fn jobs_of(&self, name: &str) -> Vec<u64> {
        let folders = fs::read_dir(self.sandbox.data().join("files")).unwrap();
        let folders = folders.map(|folder| folder.unwrap().path());
        let with_it = folders.filter(|folder| folder.join(name).is_file());
        with_it
            .filter_map(|folder| folder.file_name()?.to_str()?.parse().ok())
            .collect()
    }

    fn mappings(&self) -> Vec<Accession> {
        let log = fs::read_to_string(self.sandbox.data().join("world.jsonl")).unwrap();
        let events = log
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let numbers = events.filter(|event| event["object"]["kind"] == "mapping");
        numbers
            .map(|event| format!("GSF{:06}", event["object"]["number"].as_u64().unwrap()))
            .map(|accession| accession.parse().unwrap())
            .collect()
    }

    pub(crate) fn journal(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.sandbox.journal()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// How often an import of this kind was accepted.
    pub(crate) fn imports(&self, kind: &str) -> usize {
        let wanted = format!("/import/{kind}");
        let accepted = |line: &&Value| {
            let path = line["path"].as_str().unwrap().trim_end_matches("/multipart");
            line["method"] == "POST" && line["status"] == 200 && path.ends_with(&wanted)
        };
        self.journal().iter().filter(accepted).count()
    }
}

pub(crate) fn options(staging: Staging) -> Options {
    let wait = WaitPolicy {
        interval: Duration::from_millis(5),
        timeout: Duration::from_secs(20),
    };
    Options {
        wait,
        ..Options::new(staging)
    }
}

pub(crate) fn resuming(staging: Staging) -> Options {
    Options {
        resume: true,
        ..options(staging)
    }
}

pub(crate) fn at_most(most: usize, options: Options) -> Options {
    Options {
        at_once: AtOnce::new(NonZeroUsize::new(most).unwrap()),
        ..options
    }
}

/// Serves the files of a plan; they are gone when this is dropped.
pub(crate) struct Hosted {
    pub(crate) links: BTreeMap<PathBuf, String>,
    pub(crate) port: u16,
    _served: (ServedFiles, FileServer),
}

impl Hosted {
    pub(crate) async fn new(plan: &Plan) -> Self {
        Self::with_key(plan, 0, &LinkKey::random().unwrap()).await
    }

    pub(crate) async fn with_key(plan: &Plan, port: u16, key: &LinkKey) -> Self {
        let server = FileServer::start(&Listen::local(port)).await.unwrap();
        let served = server.serve(plan.files(), key).unwrap();
        Self {
            links: served.links().clone(),
            port: server.address().port(),
            _served: (served, server),
        }
    }

    pub(crate) fn staging(&self) -> Staging {
        Staging::Hosted(self.links.clone())
    }
}

/// No file under `folder` holds the token.
pub(crate) fn assert_no_token(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_no_token(&path);
        } else {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            assert!(!text.contains(TOKEN), "{} holds the token", path.display());
        }
    }
}
