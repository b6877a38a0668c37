//! What goes wrong on purpose: `WHERE:WHAT[:COUNT]`.
//!
//! | WHERE | strikes |
//! | --- | --- |
//! | `any` | every request |
//! | `import`, `import/KIND` | requests to import; KIND as in the path: `samples`, `flow-cytometry` … |
//! | `link`, `link/KIND` | requests to link groups of that kind to something |
//! | `info`, `output`, `restart`, `stop` | these questions about a job |
//! | `read` | reading studies, samples, groups and links |
//! | `sign-in` | signing in and the list of templates |
//! | `job`, `job/KIND` | the work of jobs |
//!
//! | WHAT | does |
//! | --- | --- |
//! | `delay=TIME` | holds the answer back |
//! | `STATUS`, `STATUS=TIME` | answers with this status from 400 to 599, with TIME as its `Retry-After` |
//! | `html=STATUS` | answers with an HTML page, as a gateway does |
//! | `reset` | resets the connection |
//! | `after-STATUS`, `after-html=STATUS`, `after-reset` | the same once the request was carried out: its answer is lost |
//! | `old-job` | import: answers 409 with the job of an earlier import of the same links |
//! | `partial`, `partial=N` | link: links half of the members, or N of them, and answers 200 |
//! | `nothing` | link: links nothing and answers 204 |
//! | `fail` | job: ends as `FAILED`, with a stage and a stack |
//! | `abandon` | job: ends as `ABANDONED`, as when a server is restarted |
//! | `hang` | job: never ends, unless it is stopped |
//! | `slow=TIME` | job: takes this much longer |
//!
//! COUNT is `N` for the first N, `N-M` for those from the N-th to the M-th, `N-` for all from the N-th on; every one
//! where it is left out. TIME is written `100ms`, `5s`, `2m`.
//!
//! Where several faults meet one request, delays add up, and of the others the first given is the one that strikes.

use std::str::FromStr;
use std::time::Duration;

use axum::http::StatusCode;

use crate::kind::ImportKind;

/// One thing that goes wrong on purpose; see the [module](self) for how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub(crate) text: String,
    pub(crate) place: Place,
    pub(crate) effect: Effect,
    pub(crate) turns: Turns,
}

/// What a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Any,
    Call(Call),
    Import(Option<ImportKind>),
    Link(Option<ImportKind>),
    Job(Option<ImportKind>),
}

/// Requests that are told apart by their path alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Info,
    Output,
    Restart,
    Stop,
    Read,
    SignIn,
}

/// What a fault does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Delay(Duration),
    /// Something else than the answer; `after` the request was carried out, or instead of that.
    Instead {
        answer: Answer,
        after: bool,
    },
    OldJob,
    Link(LinkFault),
    Job(JobFault),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Status {
        status: StatusCode,
        retry_after: Option<Duration>,
    },
    Html(StatusCode),
    Reset,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkFault {
    /// At most so many members are linked; half of them where no number is given.
    Partial(Option<usize>),
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobFault {
    Fail,
    Abandon,
    Hang,
    Slow(Duration),
}

/// Which of the matching requests or jobs are struck, counted from 1; the last one is included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Turns {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

/// Why a text is no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// Not two or three parts.
    #[error("a fault is written WHERE:WHAT[:COUNT], as in import/samples:503:2")]
    Form,
    /// WHERE is not known.
    #[error(
        "{0:?} is no WHERE: it is one of any, import, link, info, output, restart, stop, read, sign-in, job; import, \
         link and job take a kind, as in import/samples"
    )]
    Where(String),
    /// The kind after WHERE is not known.
    #[error(
        "{0:?} is no kind: it is one of study, samples, libraries, preparations, cells, expression, variant, \
         flow-cytometry, file, mapping"
    )]
    Kind(String),
    /// WHAT is not known.
    #[error(
        "{0:?} is no WHAT: it is one of delay=TIME, a status such as 503 or 429=2s, html=STATUS, reset, after-STATUS, \
         after-html=STATUS, after-reset; for import old-job; for link partial, partial=N, nothing; for job fail, \
         abandon, hang, slow=TIME"
    )]
    What(String),
    /// A status that cannot be answered with.
    #[error("{0:?} is no status: it is a number from {from} to 599", from = .1)]
    Status(String, u16),
    /// Not a length of time.
    #[error("{0:?} is no length of time: write 100ms, 5s or 2m")]
    Time(String),
    /// Not a number of members.
    #[error("{0:?} is no number of members: partial=N links N of them")]
    Members(String),
    /// COUNT is not known.
    #[error(
        "{0:?} is no COUNT: it is N for the first N, N-M, or N- for all from the N-th on, counted from 1"
    )]
    Count(String),
    /// WHAT does not go with WHERE.
    #[error("{what} goes with {fits} only, not with {place}")]
    Misplaced {
        /// WHAT.
        what: String,
        /// The WHERE that was given.
        place: String,
        /// The WHERE that it goes with.
        fits: &'static str,
    },
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let parts: Vec<&str> = text.split(':').collect();
        let (place_text, what, count) = match parts[..] {
            [place, what] => (place, what, None),
            [place, what, count] => (place, what, Some(count)),
            _ => return Err(FaultError::Form),
        };
        let place = Place::parse(place_text)?;
        let effect = Effect::parse(what)?;
        if let Some(fits) = effect.misplaced(place) {
            return Err(FaultError::Misplaced {
                what: what.to_owned(),
                place: place_text.to_owned(),
                fits,
            });
        }
        Ok(Self {
            text: text.to_owned(),
            place,
            effect,
            turns: count.map_or(Ok(Turns::ALL), Turns::parse)?,
        })
    }
}

impl Place {
    fn parse(text: &str) -> Result<Self, FaultError> {
        let (word, kind) = match text.split_once('/') {
            Some((word, kind)) => (word, Some(kind)),
            None => (text, None),
        };
        let kind = || match kind {
            Some(name) => ImportKind::from_name(name)
                .map(Some)
                .ok_or_else(|| FaultError::Kind(name.to_owned())),
            None => Ok(None),
        };
        Ok(match word {
            "import" => Self::Import(kind()?),
            "link" => Self::Link(kind()?),
            "job" => Self::Job(kind()?),
            _ => match text {
                "any" => Self::Any,
                "info" => Self::Call(Call::Info),
                "output" => Self::Call(Call::Output),
                "restart" => Self::Call(Call::Restart),
                "stop" => Self::Call(Call::Stop),
                "read" => Self::Call(Call::Read),
                "sign-in" => Self::Call(Call::SignIn),
                _ => return Err(FaultError::Where(text.to_owned())),
            },
        })
    }
}

impl Effect {
    fn parse(text: &str) -> Result<Self, FaultError> {
        let (word, value) = match text.split_once('=') {
            Some((word, value)) => (word, Some(value)),
            None => (text, None),
        };
        Ok(match (word, value) {
            ("delay", Some(time)) => Self::Delay(duration(time)?),
            ("old-job", None) => Self::OldJob,
            ("nothing", None) => Self::Link(LinkFault::Nothing),
            ("partial", None) => Self::Link(LinkFault::Partial(None)),
            ("partial", Some(most)) => {
                let most = most.parse().ok().filter(|&most| most > 0);
                let most = most.ok_or_else(|| FaultError::Members(value.unwrap_or_default().to_owned()))?;
                Self::Link(LinkFault::Partial(Some(most)))
            }
            ("fail", None) => Self::Job(JobFault::Fail),
            ("abandon", None) => Self::Job(JobFault::Abandon),
            ("hang", None) => Self::Job(JobFault::Hang),
            ("slow", Some(time)) => Self::Job(JobFault::Slow(duration(time)?)),
            _ => {
                let (after, rest) = match text.strip_prefix("after-") {
                    Some(rest) => (true, rest),
                    None => (false, text),
                };
                let answer = Answer::parse(rest, text)?;
                Self::Instead { answer, after }
            }
        })
    }

    /// What this goes with, where that is not `place`.
    fn misplaced(self, place: Place) -> Option<&'static str> {
        let (fits, what) = match self {
            Self::Delay(_) | Self::Instead { .. } => (
                !matches!(place, Place::Job(_)),
                "requests, such as import or info,",
            ),
            Self::OldJob => (matches!(place, Place::Import(_)), "import"),
            Self::Link(_) => (matches!(place, Place::Link(_)), "link"),
            Self::Job(_) => (matches!(place, Place::Job(_)), "job"),
        };
        (!fits).then_some(what)
    }
}

impl Answer {
    /// Reads `text`, which is the whole of `what` but for how it begins.
    fn parse(text: &str, what: &str) -> Result<Self, FaultError> {
        if text == "reset" {
            return Ok(Self::Reset);
        }
        if let Some(code) = text.strip_prefix("html=") {
            return Ok(Self::Html(status(code, 200)?));
        }
        if !text.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(FaultError::What(what.to_owned()));
        }
        let (code, time) = match text.split_once('=') {
            Some((code, time)) => (code, Some(time)),
            None => (text, None),
        };
        Ok(Self::Status {
            status: status(code, 400)?,
            retry_after: time.map(duration).transpose()?,
        })
    }
}

impl Turns {
    const ALL: Self = Self {
        first: 1,
        last: u64::MAX,
    };

    pub(crate) const fn include(self, turn: u64) -> bool {
        self.first <= turn && turn <= self.last
    }

    fn parse(text: &str) -> Result<Self, FaultError> {
        let bad = || FaultError::Count(text.to_owned());
        let number = |digits: &str| digits.parse::<u64>().map_err(|_| bad());
        let turns = match text.split_once('-') {
            None => Self {
                first: 1,
                last: number(text)?,
            },
            Some((first, "")) => Self {
                first: number(first)?,
                last: u64::MAX,
            },
            Some((first, last)) => Self {
                first: number(first)?,
                last: number(last)?,
            },
        };
        if turns.first == 0 || turns.last < turns.first {
            return Err(bad());
        }
        Ok(turns)
    }
}

fn status(text: &str, from: u16) -> Result<StatusCode, FaultError> {
    let code = text
        .parse()
        .ok()
        .filter(|code| (from..600).contains(code))
        .and_then(|code| StatusCode::from_u16(code).ok());
    code.ok_or_else(|| FaultError::Status(text.to_owned(), from))
}

fn duration(text: &str) -> Result<Duration, FaultError> {
    let bad = || FaultError::Time(text.to_owned());
    let unit = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
    let number: u32 = text[..unit].parse().map_err(|_| bad())?;
    let one = match &text[unit..] {
        "ms" => Duration::from_millis(1),
        "s" => Duration::from_secs(1),
        "m" => Duration::from_mins(1),
        _ => return Err(bad()),
    };
    Ok(one * number)
}

#[cfg(test)]
#[path = "fault_tests.rs"]
mod tests;
