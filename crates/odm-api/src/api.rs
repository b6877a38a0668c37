//! The requests of ODM's API, built and not sent.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::json;

use crate::auth::Auth;
use crate::file_link::FileLink;
use crate::ids::{Accession, JobId};
use crate::import::{Import, UnusableImport};
use crate::link::{Link, LinkKind};
use crate::mapping::Mapping;
use crate::request::{Body, Method, Request};
use crate::server::Server;

/// How many items of a list are asked for at once; the most that ODM gives.
pub const PAGE: u64 = 2000;

/// The two sets of paths under which ODM serves the same calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PathFamily {
    /// `/api/v1/…`
    #[default]
    V1,
    /// `/frontend/rs/genestack/…/default-released/…`, which the official command line still uses.
    Legacy,
}

/// Builds requests to one server, in one path family, in somebody's name.
#[derive(Debug, Clone)]
pub struct Api {
    server: Server,
    family: PathFamily,
    auth: Auth,
}

/// Metadata groups that can be listed by study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedGroup {
    /// Library groups.
    Libraries,
    /// Preparation groups.
    Preparations,
}

impl Api {
    /// Requests to `server` in the name of `auth`.
    pub fn new(server: Server, family: PathFamily, auth: Auth) -> Self {
        Self { server, family, auth }
    }

    /// The server.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Who asks.
    pub fn auth(&self) -> &Auth {
        &self.auth
    }

    /// Imports files that the server fetches.
    pub fn import_by_link(
        &self,
        import: &Import<FileLink>,
        allow_dups: bool,
    ) -> Result<Request, UnusableImport> {
        let kind = import.kind();
        let mut path = format!("{}/import/{}", self.jobs(), kind.name());
        if allow_dups && kind.takes_allow_dups() {
            path.push_str("?allow_dups=true");
        }
        Ok(self
            .request(Method::Post, &path)
            .with_body(Body::Json(import.body()?)))
    }

    /// Imports files that are sent along. Only the newer paths have this.
    pub fn upload(
        &self,
        import: &Import<PathBuf>,
        study: Option<&Accession>,
    ) -> Result<Request, UnusableImport> {
        let path = format!(
            "{}/import/{}/multipart",
            jobs(PathFamily::V1),
            import.kind().name()
        );
        Ok(self
            .request(Method::Post, &path)
            .with_body(Body::Form(import.form(study)?)))
    }

    /// How far a job is.
    pub fn job_info(&self, job: JobId) -> Request {
        self.request(Method::Get, &format!("{}/{job}/info", self.jobs()))
    }

    /// What a job left behind.
    pub fn job_output(&self, job: JobId) -> Request {
        self.request(Method::Get, &format!("{}/{job}/output", self.jobs()))
    }

    /// Starts a job again that ended without a result.
    pub fn restart_job(&self, job: JobId) -> Request {
        self.request(Method::Put, &format!("{}/{job}/restart", self.jobs()))
    }

    /// Stops a job.
    pub fn stop_job(&self, job: JobId) -> Request {
        self.request(Method::Put, &format!("{}/{job}/stop", self.jobs()))
    }

    /// Makes a link.
    pub fn link(&self, link: &Link) -> Request {
        let Some((from, to)) = link.kind.ends() else {
            let pair = json!([{
                "firstId": link.source.as_str(), "firstType": "expressionGroup",
                "secondId": link.target.as_str(), "secondType": "geneTranscriptMapping",
            }]);
            return self
                .request(Method::Post, self.generic_links())
                .with_body(Body::Json(pair));
        };
        let mut path = format!("{}/{from}/{}/to/{to}/{}", self.links(), link.source, link.target);
        if let Some(attribute) = link.attribute.as_deref().filter(|_| link.kind.takes_attribute()) {
            let _ = write!(path, "?linkingAttribute={}", encoded(attribute));
        }
        self.request(Method::Post, &path)
    }

    /// One page of the cross-references that an expression group is linked to.
    pub fn mappings_of(&self, expression: &Accession, offset: u64) -> Request {
        let path = self.generic_links();
        self.request(
            Method::Get,
            &format!(
                "{path}?firstId={expression}&firstType=expressionGroup&secondType=geneTranscriptMapping\
                 &offset={offset}&limit={PAGE}"
            ),
        )
    }

    /// Makes a cross-reference, at once and without a job.
    pub fn make_mapping(&self, mapping: &Mapping) -> Result<Request, UnusableImport> {
        let legacy = self.family == PathFamily::Legacy;
        Ok(self
            .request(Method::Post, self.mappings())
            .with_body(Body::Json(mapping.body(legacy)?)))
    }

    /// What is kept with a cross-reference.
    pub fn mapping_metadata(&self, mapping: &Accession) -> Request {
        self.request(Method::Get, &format!("{}/{mapping}/metadata", self.mappings()))
    }

    /// One page of a link's pairs, where ODM lists them.
    pub fn linked_pairs(&self, kind: LinkKind, source: &Accession, offset: u64) -> Option<Request> {
        let list = kind.pairs()?;
        Some(self.page(&format!("{}/{list}/by/group/{source}", self.links()), offset))
    }

    /// One page of a study's samples.
    pub fn samples_of_study(&self, study: &Accession, offset: u64) -> Request {
        self.page(&format!("{}/samples/by/study/{study}", self.links()), offset)
    }

    /// The library or preparation groups of a study.
    pub fn groups_of_study(&self, group: ListedGroup, study: &Accession) -> Request {
        let word = match group {
            ListedGroup::Libraries => "library",
            ListedGroup::Preparations => "preparation",
        };
        self.request(
            Method::Get,
            &format!("{}/{word}/group/by/study/{study}", self.links()),
        )
    }

    /// A study.
    pub fn study(&self, study: &Accession) -> Request {
        let path = match self.family {
            PathFamily::V1 => format!("/api/v1/as-curator/studies/{study}"),
            PathFamily::Legacy => {
                format!("/frontend/rs/genestack/studyUser/default-released/studies/{study}")
            }
        };
        self.request(Method::Get, &path)
    }

    /// Signs in; the response sets the session's cookies.
    pub fn sign_in(&self) -> Request {
        let method = match &self.auth {
            Auth::ApiToken(_) => "authenticateByApiToken",
            Auth::AccessToken(_) => "authenticateOAuthAccessToken",
        };
        self.request(
            Method::Post,
            &format!("/frontend/endpoint/application/invoke/genestack/signin/{method}"),
        )
        .with_body(Body::Token(self.auth.secret().clone()))
    }

    /// Lists the templates; wants the cookies of [`Api::sign_in`].
    pub fn list_templates(&self) -> Request {
        let path =
            "/frontend/endpoint/application/invoke/genestack/study-metainfotemplateeditor/listTemplates";
        self.request(Method::Post, path)
            .with_body(Body::Json(serde_json::Value::Array(Vec::new())))
    }

    fn jobs(&self) -> &'static str {
        jobs(self.family)
    }

    fn links(&self) -> &'static str {
        match self.family {
            PathFamily::V1 => "/api/v1/as-curator/integration/link",
            PathFamily::Legacy => {
                "/frontend/rs/genestack/integrationCurator/default-released/integration/link"
            }
        }
    }

    fn generic_links(&self) -> &'static str {
        match self.family {
            PathFamily::V1 => "/api/v1/as-curator/links",
            PathFamily::Legacy => "/frontend/rs/genestack/integrationCurator/default-released/links",
        }
    }

    fn mappings(&self) -> &'static str {
        match self.family {
            PathFamily::V1 => "/api/v1/xrefsets",
            PathFamily::Legacy => "/frontend/rs/genestack/reference-data/default-released/xrefsets",
        }
    }

    fn page(&self, path: &str, offset: u64) -> Request {
        self.request(
            Method::Get,
            &format!("{path}?pageLimit={PAGE}&pageOffset={offset}"),
        )
    }

    fn request(&self, method: Method, path: &str) -> Request {
        let mut request = Request::new(method, format!("{}{path}", self.server));
        request.auth = Some(self.auth.clone());
        request
    }
}

const fn jobs(family: PathFamily) -> &'static str {
    match family {
        PathFamily::V1 => "/api/v1/jobs",
        PathFamily::Legacy => "/frontend/rs/genestack/job/default-released",
    }
}

/// Percent-encodes a query value.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
#[path = "api_tests.rs"]
mod tests;
