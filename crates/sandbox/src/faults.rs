//! The faults of a sandbox at work: whose turn it is, and what it does to a request.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::{Request, State as Extract};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;

use crate::fault::{Answer, Call, Effect, Fault, JobFault, LinkFault, Place};
use crate::kind::ImportKind;
use crate::reply::{Noted, Refusal};
use crate::state::State;

/// The faults, each with the number of requests or jobs that it has met.
#[derive(Debug)]
pub(crate) struct Faults(Vec<(Fault, AtomicU64)>);

/// A fault that strikes, as it was written.
pub(crate) struct Struck<T> {
    pub(crate) fault: String,
    pub(crate) what: T,
}

/// What strikes a request.
#[derive(Default)]
struct Blow {
    faults: Vec<String>,
    delay: Duration,
    instead: Option<(Answer, bool)>,
}

impl Faults {
    pub(crate) fn new(faults: &[Fault]) -> Self {
        Self(
            faults
                .iter()
                .map(|fault| (fault.clone(), AtomicU64::new(0)))
                .collect(),
        )
    }

    /// Whether an import by link is taken for a repetition.
    pub(crate) fn old_job(&self, kind: ImportKind) -> Option<Struck<()>> {
        self.first(Place::Import(Some(kind)), |effect| {
            matches!(effect, Effect::OldJob).then_some(())
        })
    }

    /// What becomes of a link from a group of this kind.
    pub(crate) fn link(&self, kind: ImportKind) -> Option<Struck<LinkFault>> {
        self.first(Place::Link(Some(kind)), |effect| match effect {
            Effect::Link(fault) => Some(fault),
            _ => None,
        })
    }

    /// What becomes of a job that begins.
    pub(crate) fn job(&self, kind: ImportKind) -> Option<JobFault> {
        let struck = self.first(Place::Job(Some(kind)), |effect| match effect {
            Effect::Job(fault) => Some(fault),
            _ => None,
        });
        struck.map(|struck| struck.what)
    }

    /// Every fault that `wanted` picks meets this one; the first whose turn it is strikes.
    fn first<T>(&self, place: Place, wanted: impl Fn(Effect) -> Option<T>) -> Option<Struck<T>> {
        let mut struck = None;
        for (fault, met) in self.0.iter().filter(|(fault, _)| covers(fault.place, place)) {
            let Some(what) = wanted(fault.effect) else {
                continue;
            };
            if is_turn(fault, met) && struck.is_none() {
                struck = Some(Struck {
                    fault: fault.text.clone(),
                    what,
                });
            }
        }
        struck
    }

    fn request(&self, place: Option<Place>) -> Blow {
        let mut blow = Blow::default();
        for (fault, met) in &self.0 {
            let meant = match place {
                Some(place) => covers(fault.place, place),
                None => fault.place == Place::Any,
            };
            if !meant {
                continue;
            }
            match fault.effect {
                Effect::Delay(time) if is_turn(fault, met) => blow.delay += time,
                Effect::Instead { answer, after } if is_turn(fault, met) && blow.instead.is_none() => {
                    blow.instead = Some((answer, after));
                }
                _ => continue,
            }
            blow.faults.push(fault.text.clone());
        }
        blow
    }
}

/// Lets the faults have their way with a request.
pub(crate) async fn strike(Extract(state): Extract<State>, request: Request, next: Next) -> Response {
    let blow = state
        .faults
        .request(place_of(request.method(), request.uri().path()));
    if blow.faults.is_empty() {
        return next.run(request).await;
    }
    let mut response = match blow.instead {
        Some((answer, false)) => {
            if answer != Answer::Reset {
                drain(request).await;
            }
            answer.into_response()
        }
        None => next.run(request).await,
        Some((answer, true)) => {
            let done = next.run(request).await;
            let noted = done.extensions().get::<Noted>().cloned();
            let mut response = answer.into_response();
            response.extensions_mut().insert(noted.unwrap_or_default());
            response
        }
    };
    let mut noted = response.extensions().get::<Noted>().cloned().unwrap_or_default();
    noted.cut = matches!(blow.instead, Some((Answer::Reset, _)));
    noted.faults.extend(blow.faults);
    response.extensions_mut().insert(noted);
    tokio::time::sleep(blow.delay).await;
    response
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Self::Status { status, retry_after } => {
                let message = if status == StatusCode::UNAUTHORIZED {
                    "the token has expired"
                } else {
                    "the sandbox was told to answer so"
                };
                let mut response = Refusal::new(status, message).into_response();
                if let Some(time) = retry_after {
                    // The header knows whole seconds only.
                    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
                    response
                        .headers_mut()
                        .insert(RETRY_AFTER, HeaderValue::from(seconds));
                }
                response
            }
            Self::Html(status) => {
                let title = status.canonical_reason().unwrap_or("Error");
                let page = format!(
                    "<!DOCTYPE html>\n<html><head><title>{} {title}</title></head><body><h1>{title}</h1></body></html>\n",
                    status.as_u16()
                );
                (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
            }
            // Nobody hears it: the connection is cut first.
            Self::Reset => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

/// Reads a request to its end: a client that is still sending might not hear the answer.
async fn drain(request: Request) {
    let mut body = request.into_body().into_data_stream();
    while let Some(Ok(_)) = body.next().await {}
}

/// Counts one more, and says whether it is among those that the fault strikes.
fn is_turn(fault: &Fault, met: &AtomicU64) -> bool {
    fault.turns.include(met.fetch_add(1, Ordering::Relaxed) + 1)
}

/// Whether what `fault` names includes `met`.
fn covers(fault: Place, met: Place) -> bool {
    match (fault, met) {
        (Place::Import(None), Place::Import(_))
        | (Place::Link(None), Place::Link(_))
        | (Place::Job(None), Place::Job(_)) => true,
        (Place::Any, met) => !matches!(met, Place::Job(_)),
        (fault, met) => fault == met,
    }
}

/// What a request is, by its path; `None` where the sandbox has no such path.
fn place_of(method: &Method, path: &str) -> Option<Place> {
    const JOBS: [&str; 2] = ["/api/v1/jobs/", "/frontend/rs/genestack/job/default-released/"];
    const LINKS: [&str; 2] = [
        "/api/v1/as-curator/integration/link/",
        "/frontend/rs/genestack/integrationCurator/default-released/integration/link/",
    ];
    let under = |prefixes: &[&str]| {
        let rest = prefixes.iter().find_map(|prefix| path.strip_prefix(prefix));
        rest.map(|rest| rest.split('/').collect::<Vec<_>>())
    };
    if let Some(parts) = under(&JOBS) {
        return match parts[..] {
            ["import", kind] | ["import", kind, "multipart"] => {
                ImportKind::from_name(kind).map(|kind| Place::Import(Some(kind)))
            }
            [_, "info"] => Some(Place::Call(Call::Info)),
            [_, "output"] => Some(Place::Call(Call::Output)),
            [_, "restart"] => Some(Place::Call(Call::Restart)),
            [_, "stop"] => Some(Place::Call(Call::Stop)),
            _ => None,
        };
    }
    if let Some(parts) = under(&LINKS) {
        return if method == Method::POST {
            ImportKind::from_link_word(parts[0]).map(|kind| Place::Link(Some(kind)))
        } else {
            Some(Place::Call(Call::Read))
        };
    }
    if path.ends_with("/xrefsets") {
        return Some(Place::Import(Some(ImportKind::Mapping)));
    }
    if path.ends_with("/links") {
        return Some(if method == Method::POST {
            Place::Link(Some(ImportKind::Expression))
        } else {
            Place::Call(Call::Read)
        });
    }
    if path.starts_with("/frontend/endpoint/") {
        return Some(Place::Call(Call::SignIn));
    }
    (path.contains("/studies/") || path.contains("/xrefsets/")).then_some(Place::Call(Call::Read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_apart_in_both_families() {
        let call = |call| Some(Place::Call(call));
        for (method, path, place) in [
            (
                Method::POST,
                "/api/v1/jobs/import/samples",
                Some(Place::Import(Some(ImportKind::Samples))),
            ),
            (
                Method::POST,
                "/frontend/rs/genestack/job/default-released/import/cells/multipart",
                Some(Place::Import(Some(ImportKind::Cells))),
            ),
            (Method::GET, "/api/v1/jobs/7/info", call(Call::Info)),
            (Method::GET, "/api/v1/jobs/7/output", call(Call::Output)),
            (Method::PUT, "/api/v1/jobs/7/restart", call(Call::Restart)),
            (Method::PUT, "/api/v1/jobs/7/stop", call(Call::Stop)),
            (
                Method::POST,
                "/api/v1/as-curator/integration/link/library/group/GSF1/to/sample/group/GSF2",
                Some(Place::Link(Some(ImportKind::Libraries))),
            ),
            (
                Method::GET,
                "/api/v1/as-curator/integration/link/expression/run-to-samples/by/group/GSF1",
                call(Call::Read),
            ),
            (Method::GET, "/api/v1/as-curator/studies/GSF1", call(Call::Read)),
            (
                Method::POST,
                "/frontend/endpoint/application/invoke/genestack/signin/authenticateByApiToken",
                call(Call::SignIn),
            ),
            (
                Method::POST,
                "/api/v1/xrefsets",
                Some(Place::Import(Some(ImportKind::Mapping))),
            ),
            (Method::GET, "/api/v1/xrefsets/GSF1/metadata", call(Call::Read)),
            (
                Method::POST,
                "/api/v1/as-curator/links",
                Some(Place::Link(Some(ImportKind::Expression))),
            ),
            (Method::GET, "/", None),
            (Method::POST, "/api/v1/jobs/import/nonsense", None),
        ] {
            assert_eq!(place_of(&method, path), place, "{path}");
        }
    }

    #[test]
    fn each_fault_counts_for_itself() {
        let faults = [
            "import:503:2",
            "any:504:3-3",
            "import/samples:old-job:1",
            "job:fail",
        ];
        let faults = Faults::new(&faults.map(|text| text.parse().unwrap()));
        let import = Some(Place::Import(Some(ImportKind::Samples)));
        let struck = |place| faults.request(place).faults;
        assert_eq!(struck(import), ["import:503:2"]);
        assert_eq!(struck(Some(Place::Call(Call::Info))), Vec::<String>::new());
        assert_eq!(struck(import), ["import:503:2"], "the first one given");
        assert_eq!(struck(import), Vec::<String>::new());
        assert!(faults.old_job(ImportKind::Study).is_none());
        assert!(faults.old_job(ImportKind::Samples).is_some());
        assert!(faults.old_job(ImportKind::Samples).is_none());
        assert_eq!(faults.job(ImportKind::Variant), Some(JobFault::Fail));
    }
}
