//! Imports a study and its samples from links, and links the samples to the study.
//!
//! Try it against the sandbox, which takes `file://` links as well:
//!
//! ```sh
//! odmkit sandbox &      # says where it listens
//! ODM_HOST=http://127.0.0.1:PORT ODM_API_TOKEN=sandbox \
//!     cargo run -p odmkit-odm-api --example import_by_link -- \
//!     file://$PWD/fixtures/trial/trial.study.tsv file://$PWD/fixtures/trial/trial.samples.tsv
//! ```

use std::error::Error;
use std::io::{self, Write};

use odmkit_odm_api::{
    Accession, Api, Auth, Client, FileLink, Import, Link, LinkKind, Metadata, PathFamily, Server, Started,
    WaitPolicy,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let links: Vec<String> = std::env::args().skip(1).collect();
    let [study, samples] = &links[..] else {
        return Err("give two links: to a study's file and to its samples' file".into());
    };
    let server = Server::parse(&std::env::var("ODM_HOST")?, false)?;
    let auth = Auth::api_token(&std::env::var("ODM_API_TOKEN")?)?;
    import(server, auth, study, samples, &mut io::stdout()).await
}

/// Imports both files and links what they made.
pub(crate) async fn import(
    server: Server,
    auth: Auth,
    study: &str,
    samples: &str,
    out: &mut (impl Write + Send),
) -> Result<(), Box<dyn Error>> {
    let client = Client::connect(Api::new(server, PathFamily::V1, auth))?;
    let template = client.default_template().await?;
    let table = |link: &str| Metadata {
        table: FileLink::new(link),
        template: Some(template.clone()),
    };

    let study = done(&client, Import::Study(table(study))).await?;
    writeln!(out, "the study is {study}")?;
    let samples = done(&client, Import::Samples(table(samples))).await?;
    writeln!(out, "the samples are {samples}")?;

    let link = Link {
        kind: LinkKind::SamplesStudy,
        source: samples,
        target: study,
        attribute: None,
    };
    client.link(&link).await?;
    // The answer to a link is no proof; what can be read back is.
    if let Some(linked) = client.read_back(link.kind, &link.source, &link.target).await? {
        writeln!(out, "{} samples are linked", linked.members)?;
    }
    Ok(())
}

/// Begins an import, or takes up the job that an earlier one of the same link began, and waits for what it makes.
async fn done(client: &Client, import: Import<FileLink>) -> Result<Accession, Box<dyn Error>> {
    let job = match client.import_by_link(&import, false).await? {
        Started::New(info) => info.job_exec_id,
        Started::Existing { job, .. } => job,
    };
    let end = client.wait_for_job(job, WaitPolicy::default(), |_| {}).await?;
    end.output
        .made()
        .ok_or_else(|| format!("job {job} made nothing: {}", end.output.complaints().join("; ")).into())
}
