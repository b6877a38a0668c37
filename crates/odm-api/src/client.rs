//! The client: requests sent, repeated where that does no harm, and read.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::answer::{self, Answer};
use crate::api::{Api, ListedGroup, PAGE};
use crate::auth::Secret;
use crate::error::Error;
use crate::file_link::FileLink;
use crate::http::HttpTransport;
use crate::ids::{Accession, JobId};
use crate::import::Import;
use crate::job::{Info, Output};
use crate::link::{self, Link, LinkKind, LinkReply, Linked, Page};
use crate::mapping::{MadeMapping, Mapping};
use crate::meter::Meter;
use crate::redact;
use crate::request::{Request, RequestLine, Response};
use crate::retry::{Repeat, RetryPolicy};
use crate::transport::{Transport, TransportError, TransportErrorKind};

const MOST_PAGES: u64 = 10_000;

/// A client of one ODM server.
#[derive(Debug, Clone)]
pub struct Client {
    api: Api,
    transport: Arc<dyn Transport>,
    retry: RetryPolicy,
}

/// An import that was accepted.
#[derive(Debug, Clone, PartialEq)]
pub enum Started {
    /// A new job.
    New(Info),
    /// The same link was imported before: the job that did it.
    Existing {
        /// That job.
        job: JobId,
        /// Whether the answer to an earlier try of this very call was lost, so that the job may well be our own.
        after_lost_answer: bool,
    },
}

struct Exchange {
    line: RequestLine,
    tries: u32,
    /// Whether an earlier try may have arrived.
    lost: bool,
    response: Response,
}

impl Client {
    /// A client over HTTP.
    pub fn connect(api: Api) -> Result<Self, TransportError> {
        let transport = HttpTransport::new(api.server())?;
        Ok(Self::with_transport(
            api,
            Arc::new(transport),
            RetryPolicy::default(),
        ))
    }

    /// A client over any transport.
    pub fn with_transport(api: Api, transport: Arc<dyn Transport>, retry: RetryPolicy) -> Self {
        Self {
            api,
            transport,
            retry,
        }
    }

    /// The requests it sends.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Asks the server to fetch and import files. A link that was imported before gives the job that did so, unless
    /// `allow_dups` asks for a second import.
    pub async fn import_by_link(
        &self,
        import: &Import<FileLink>,
        allow_dups: bool,
    ) -> Result<Started, Error> {
        let request = self.api.import_by_link(import, allow_dups)?;
        // With `allow_dups` the server no longer recognises a repeat.
        let repeat = if allow_dups {
            Repeat::Harmful
        } else {
            Repeat::Harmless
        };
        let exchange = self.exchange(request, repeat).await?;
        if exchange.response.status == 409
            && let Some(job) = existing_job(&exchange.response)
        {
            return Ok(Started::Existing {
                job,
                after_lost_answer: exchange.lost,
            });
        }
        self.read(exchange).map(Started::New)
    }

    /// Sends files and imports them. `study` is where ODM keeps the file; it links nothing.
    pub async fn upload(&self, import: &Import<PathBuf>, study: Option<&Accession>) -> Result<Info, Error> {
        self.upload_metered(import, study, &Meter::default()).await
    }

    /// The same, with a count of what has left.
    pub async fn upload_metered(
        &self,
        import: &Import<PathBuf>,
        study: Option<&Accession>,
        meter: &Meter,
    ) -> Result<Info, Error> {
        let mut request = self.api.upload(import, study)?;
        request.meter = Some(meter.clone());
        self.ask(request, Repeat::Harmful).await
    }

    /// How far a job is.
    pub async fn job_info(&self, job: JobId) -> Result<Info, Error> {
        self.ask_plainly(self.api.job_info(job)).await
    }

    /// What a job left behind.
    pub async fn job_output(&self, job: JobId) -> Result<Output, Error> {
        self.ask_plainly(self.api.job_output(job)).await
    }

    /// Starts a job again that ended without a result.
    pub async fn restart_job(&self, job: JobId) -> Result<Info, Error> {
        self.ask(self.api.restart_job(job), Repeat::Harmful).await
    }

    /// Stops a job.
    pub async fn stop_job(&self, job: JobId) -> Result<Info, Error> {
        self.ask(self.api.stop_job(job), Repeat::Harmful).await
    }

    /// Makes a cross-reference. ODM makes another one each time, so that this is not tried again where an earlier try may
    /// have arrived.
    pub async fn make_mapping(&self, mapping: &Mapping) -> Result<MadeMapping, Error> {
        self.ask(self.api.make_mapping(mapping)?, Repeat::Harmful).await
    }

    /// What is kept with a cross-reference; an error where there is none.
    pub async fn mapping_metadata(&self, mapping: &Accession) -> Result<Value, Error> {
        self.ask(self.api.mapping_metadata(mapping), Repeat::Harmless)
            .await
    }

    /// Makes a link. The answer is no proof: see [`Client::read_back`].
    pub async fn link(&self, link: &Link) -> Result<LinkReply, Error> {
        let exchange = self.exchange(self.api.link(link), Repeat::Harmful).await?;
        let exchange = self.successful(exchange)?;
        // A cross-reference is linked whole or not at all.
        let whole = exchange.response.status == 204 || link.kind == LinkKind::ExpressionMapping;
        Ok(if whole {
            LinkReply::Whole
        } else {
            LinkReply::Perhaps
        })
    }

    /// How many members of the source are linked; `None` where ODM offers no way to ask.
    pub async fn read_back(
        &self,
        kind: LinkKind,
        source: &Accession,
        target: &Accession,
    ) -> Result<Option<Linked>, Error> {
        if kind == LinkKind::SamplesStudy {
            let samples = self
                .all_pages(|offset| Some(self.api.samples_of_study(target, offset)))
                .await?;
            // Where a sample names its group, only those of this one count.
            let own = samples
                .iter()
                .flatten()
                .filter(|sample| names(sample, source))
                .count();
            let all = samples.iter().flatten().count();
            return Ok(Some(Linked {
                members: if own > 0 { own } else { all } as u64,
            }));
        }
        if kind == LinkKind::ExpressionMapping {
            let links = self
                .all_pages(|offset| Some(self.api.mappings_of(source, offset)))
                .await?;
            let linked = links.iter().flatten().any(|link| names(link, target));
            return Ok(Some(Linked {
                members: u64::from(linked),
            }));
        }
        let pairs = self
            .all_pages(|offset| self.api.linked_pairs(kind, source, offset))
            .await?;
        Ok(pairs.map(|pairs| {
            let mut members: Vec<String> = pairs.iter().map(|pair| link::member(kind, pair)).collect();
            members.sort_unstable();
            members.dedup();
            Linked {
                members: members.len() as u64,
            }
        }))
    }

    /// Whether a study has a library or preparation group: ODM may accept the link and not make it.
    pub async fn study_has_group(
        &self,
        group: ListedGroup,
        study: &Accession,
        accession: &Accession,
    ) -> Result<bool, Error> {
        let page: Page = self
            .ask(self.api.groups_of_study(group, study), Repeat::Harmless)
            .await?;
        Ok(page.into_items().iter().any(|item| {
            item.get("itemId")
                .and_then(Value::as_str)
                .is_some_and(|id| id == accession.as_str())
        }))
    }

    /// The metadata of a study; an error where there is none or it may not be seen.
    pub async fn study(&self, study: &Accession) -> Result<Value, Error> {
        self.ask(self.api.study(study), Repeat::Harmless).await
    }

    /// The accession of the server's default template.
    pub async fn default_template(&self) -> Result<Accession, Error> {
        #[derive(Deserialize)]
        struct SignIn {
            result: Option<SignedIn>,
        }
        #[derive(Deserialize)]
        struct SignedIn {
            #[serde(default)]
            authenticated: bool,
        }
        #[derive(Deserialize)]
        struct Templates {
            #[serde(default)]
            result: Vec<Template>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Template {
            accession: Option<Accession>,
            #[serde(default)]
            is_default: bool,
        }

        let exchange = self.exchange(self.api.sign_in(), Repeat::Harmless).await?;
        let cookies = cookies(&exchange.response);
        let line = exchange.line.clone();
        let answer: SignIn = self.read(exchange)?;
        if !answer.result.is_some_and(|result| result.authenticated) {
            return Err(Error::NotAuthenticated { request: line });
        }
        let mut request = self.api.list_templates();
        request.cookies = cookies;
        let line = request.line();
        let templates: Templates = self.ask(request, Repeat::Harmless).await?;
        let default = templates.result.into_iter().find(|template| template.is_default);
        default
            .and_then(|template| template.accession)
            .ok_or(Error::NoDefaultTemplate { request: line })
    }

    async fn ask<T: DeserializeOwned>(&self, request: Request, repeat: Repeat) -> Result<T, Error> {
        let exchange = self.exchange(request, repeat).await?;
        self.read(exchange)
    }

    /// Asks for what people will read: a job's own words may quote the link that it was to fetch, signature and all.
    async fn ask_plainly<T: DeserializeOwned>(&self, request: Request) -> Result<T, Error> {
        let exchange = self.exchange(request, Repeat::Harmless).await?;
        let mut exchange = self.successful(exchange)?;
        if let Ok(mut value) = serde_json::from_slice(&exchange.response.body) {
            redact::value(&mut value, self.api.auth().secret());
            exchange.response.body = value.to_string().into();
        }
        self.read(exchange)
    }

    async fn all_pages(&self, request: impl Fn(u64) -> Option<Request>) -> Result<Option<Vec<Value>>, Error> {
        let mut items = Vec::new();
        for page in 0..MOST_PAGES {
            let Some(request) = request(page * PAGE) else {
                return Ok(None);
            };
            let page: Page = self.ask(request, Repeat::Harmless).await?;
            let page = page.into_items();
            let last = (page.len() as u64) < PAGE;
            items.extend(page);
            if last {
                break;
            }
        }
        Ok(Some(items))
    }

    async fn exchange(&self, request: Request, repeat: Repeat) -> Result<Exchange, Error> {
        let line = request.line();
        let mut tries = 0;
        let mut lost = false;
        loop {
            let result = self.transport.send(request.clone()).await;
            tries += 1;
            if let Some(wait) = self.retry.wait_before_next(tries, repeat, &result) {
                lost |= match &result {
                    Ok(response) => response.status != 429,
                    Err(error) => !error.kind.not_arrived(),
                };
                tokio::time::sleep(wait).await;
                continue;
            }
            return match result {
                Ok(response) => Ok(Exchange {
                    line,
                    tries,
                    lost,
                    response,
                }),
                Err(mut source) => {
                    if lost && source.kind.not_arrived() {
                        // The last try did not arrive, but one before it may have.
                        source.kind = TransportErrorKind::Interrupted;
                    }
                    Err(Error::Transport {
                        request: line,
                        tries,
                        source,
                    })
                }
            };
        }
    }

    fn successful(&self, exchange: Exchange) -> Result<Exchange, Error> {
        if exchange.response.is_success() {
            return Ok(exchange);
        }
        Err(Error::Status {
            answer: Answer::new(&exchange.response, self.api.auth().secret()),
            status: exchange.response.status,
            request: exchange.line,
            tries: exchange.tries,
        })
    }

    fn read<T: DeserializeOwned>(&self, exchange: Exchange) -> Result<T, Error> {
        let exchange = self.successful(exchange)?;
        let token = self.api.auth().secret();
        serde_json::from_slice(&exchange.response.body).map_err(|error| Error::Unreadable {
            answer: Answer::new(&exchange.response, token),
            status: exchange.response.status,
            request: exchange.line,
            // It may quote what it stumbled over.
            reason: redact::text(&error.to_string(), token),
        })
    }
}

/// The job that a 409 names, in ODM's words `job instance already exists … jobExecId=123`. A 409 in other words is an
/// error like any other.
fn existing_job(response: &Response) -> Option<JobId> {
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    let message = answer::message(&body)?;
    let (_, rest) = message.split_once("job instance already exists")?;
    let (_, number) = rest.split_once("jobExecId=")?;
    let digits: &str = &number[..number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len())];
    digits.parse().ok().map(JobId)
}

/// The cookies that a response sets, as a request gives them back.
fn cookies(response: &Response) -> Option<Secret> {
    let pairs: Vec<&str> = response
        .headers
        .iter()
        .filter(|(name, _)| name == "set-cookie")
        .filter_map(|(_, value)| value.split(';').next())
        .map(str::trim)
        .collect();
    (!pairs.is_empty()).then(|| Secret::new(&pairs.join("; ")))
}

/// Whether any text of a listed item is this accession.
fn names(item: &Value, accession: &Accession) -> bool {
    match item {
        Value::String(text) => text == accession.as_str(),
        Value::Array(items) => items.iter().any(|item| names(item, accession)),
        Value::Object(fields) => fields.values().any(|item| names(item, accession)),
        _ => false,
    }
}
