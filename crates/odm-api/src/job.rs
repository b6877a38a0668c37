//! Jobs as the server tells of them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::ids::{Accession, JobId};

/// What the server says of a job. Times come in several notations, so they stay texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    /// The job's number.
    pub job_exec_id: JobId,
    /// Who started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    /// What it does, as in `IMPORT_SAMPLES_TSV`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_name: Option<String>,
    /// How far it is.
    pub status: JobStatus,
    /// When it was made.
    #[serde(default, deserialize_with = "opaque", skip_serializing_if = "Option::is_none")]
    pub create_time: Option<String>,
    /// When it ended.
    #[serde(default, deserialize_with = "opaque", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<String>,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobStatus {
    /// Accepted.
    Starting,
    /// At work; not in ODM's list of statuses, but in its examples.
    Started,
    /// At work.
    Running,
    /// Asked to stop.
    Stopping,
    /// Done.
    Completed,
    /// Ended by an error.
    Failed,
    /// Ended on request.
    Stopped,
    /// Given up, as after a restart of the server.
    Abandoned,
    /// The server does not know.
    Unknown,
    /// A word that we do not know: taken as work in progress.
    Other(String),
}

/// What a status means for one who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Not over.
    InProgress,
    /// Over, with a result.
    Succeeded,
    /// Over, without.
    Failed,
    /// The server does not know, which may pass.
    Unclear,
}

/// What a job left behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    /// How it ended.
    #[serde(default)]
    pub status: Option<JobStatus>,
    /// The result, after success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    /// What went wrong, after failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<StageError>>,
    /// Some servers give the accession bare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accession: Option<Accession>,
    /// Some servers give the group's accession bare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_accession: Option<Accession>,
}

/// What went wrong at one stage of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageError {
    /// The stage.
    #[serde(default)]
    pub stage: Option<String>,
    /// The error and its causes.
    #[serde(default)]
    pub stack: Vec<Cause>,
}

/// An error of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Its type.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// Its message.
    #[serde(default)]
    pub message: Option<String>,
}

impl JobStatus {
    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Starting => "STARTING",
            Self::Started => "STARTED",
            Self::Running => "RUNNING",
            Self::Stopping => "STOPPING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Stopped => "STOPPED",
            Self::Abandoned => "ABANDONED",
            Self::Unknown => "UNKNOWN",
            Self::Other(word) => word,
        }
    }

    /// What it means for one who waits.
    pub fn phase(&self) -> Phase {
        match self {
            Self::Completed => Phase::Succeeded,
            Self::Failed | Self::Stopped | Self::Abandoned => Phase::Failed,
            Self::Unknown => Phase::Unclear,
            Self::Starting | Self::Started | Self::Running | Self::Stopping | Self::Other(_) => {
                Phase::InProgress
            }
        }
    }
}

impl Output {
    /// The accession of what was made: `accession` or `groupAccession`, in the result or bare.
    pub fn made(&self) -> Option<Accession> {
        let in_result = |key: &str| self.result.as_ref()?.get(key)?.as_str()?.parse().ok();
        in_result("accession")
            .or_else(|| in_result("groupAccession"))
            .or_else(|| self.accession.clone())
            .or_else(|| self.group_accession.clone())
    }

    /// What went wrong, one line for each cause.
    pub fn complaints(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for error in self.errors.iter().flatten() {
            let stage = error.stage.as_deref().unwrap_or("job");
            if error.stack.is_empty() {
                lines.push(stage.to_owned());
            }
            for cause in &error.stack {
                let kind = cause.kind.as_deref().unwrap_or("error");
                let message = cause.message.as_deref().unwrap_or("no message");
                lines.push(format!("{stage}: {kind}: {message}"));
            }
        }
        lines
    }
}

impl From<&str> for JobStatus {
    fn from(word: &str) -> Self {
        match word {
            "STARTING" => Self::Starting,
            "STARTED" => Self::Started,
            "RUNNING" => Self::Running,
            "STOPPING" => Self::Stopping,
            "COMPLETED" => Self::Completed,
            "FAILED" => Self::Failed,
            "STOPPED" => Self::Stopped,
            "ABANDONED" => Self::Abandoned,
            "UNKNOWN" => Self::Unknown,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for JobStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for JobStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for JobStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}

/// A time in whatever notation, a number included.
fn opaque<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_meaning() {
        for (words, phase) in [
            (
                vec!["STARTING", "STARTED", "RUNNING", "STOPPING", "QUEUED_SOMEHOW"],
                Phase::InProgress,
            ),
            (vec!["COMPLETED"], Phase::Succeeded),
            (vec!["FAILED", "STOPPED", "ABANDONED"], Phase::Failed),
            (vec!["UNKNOWN"], Phase::Unclear),
        ] {
            for word in words {
                let status: JobStatus = serde_json::from_value(Value::from(word)).unwrap();
                assert_eq!((status.as_str(), status.phase()), (word, phase));
            }
        }
    }

    #[test]
    fn the_accession_is_found_wherever_it_stands() {
        for text in [
            r#"{"status":"COMPLETED","result":{"accession":"GSF7"}}"#,
            r#"{"status":"COMPLETED","result":{"groupAccession":"GSF7"},"errors":null}"#,
            r#"{"groupAccession":"GSF7"}"#,
            r#"{"accession":"GSF7"}"#,
        ] {
            let output: Output = serde_json::from_str(text).unwrap();
            assert_eq!(output.made().unwrap().as_str(), "GSF7", "{text}");
        }
        let none: Output = serde_json::from_str(r#"{"status":"FAILED"}"#).unwrap();
        assert_eq!(none.made(), None);
    }

    #[test]
    fn complaints_name_stage_type_and_message() {
        let output: Output = serde_json::from_str(
            r#"{"status":"FAILED","errors":[{"stage":"parse","stack":[{"type":"BadFile","message":"no rows"},{}]},{}]}"#,
        )
        .unwrap();
        assert_eq!(
            output.complaints(),
            ["parse: BadFile: no rows", "parse: error: no message", "job"]
        );
    }

    #[test]
    fn times_stay_as_they_come() {
        let info: Info = serde_json::from_str(
            r#"{"jobExecId":5,"status":"STARTED","createTime":"22-11-2026 21:00:00","endTime":1763845200000}"#,
        )
        .unwrap();
        assert_eq!(info.create_time.as_deref(), Some("22-11-2026 21:00:00"));
        assert_eq!(info.end_time.as_deref(), Some("1763845200000"));
    }
}
