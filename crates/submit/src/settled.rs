//! What a person found out about an import that nobody else could know of.

use odmkit_odm_api::Accession;

use crate::error::Refusal;
use crate::plan::Plan;
use crate::run::Options;
use crate::state::{EntityState, Progress};

const ADOPT: &str = "--adopt";
const SEND_AGAIN: &str = "--send-again";

/// The state of an entity that is in ODM, as a person says, under this accession.
pub(crate) fn adopted(
    label: &str,
    mut fresh: EntityState,
    before: Option<&EntityState>,
    accession: &Accession,
) -> Result<EntityState, Refusal> {
    if let Some(before) = before
        && let Some(known) = before.progress.accession()
    {
        if known == accession {
            return Ok(before.clone());
        }
        return Err(settled(ADOPT, label, before));
    }
    fresh.progress = Progress::Imported {
        job_id: None,
        accession: accession.clone(),
        reused: true,
    };
    Ok(fresh)
}

/// The state of an entity that is not in ODM, as a person says, though it may have been sent.
pub(crate) fn again(label: &str, fresh: EntityState, before: &EntityState) -> Result<EntityState, Refusal> {
    match before.progress {
        Progress::Submitted { .. } | Progress::Imported { .. } | Progress::Existing { .. } => {
            Err(settled(SEND_AGAIN, label, before))
        }
        _ => Ok(fresh),
    }
}

/// The files that the flags name and the plan does not have.
pub(crate) fn unknown_files(plan: &Plan, options: &Options) -> Vec<Refusal> {
    let labels: Vec<String> = (0..plan.entities.len()).map(|index| plan.label(index)).collect();
    let adopted = options.adopt.keys().map(|path| (ADOPT, path));
    let again = options.send_again.iter().map(|path| (SEND_AGAIN, path));
    adopted
        .chain(again)
        .filter(|(_, path)| !labels.contains(path))
        .map(|(flag, path)| Refusal::NoSuchFile {
            flag,
            path: path.clone(),
            nearest: nearest(path, &labels),
        })
        .collect()
}

/// The file of this name in whatever folder.
fn nearest(path: &str, labels: &[String]) -> Option<String> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    labels.iter().find(|label| name(label) == name(path)).cloned()
}

fn settled(flag: &'static str, label: &str, before: &EntityState) -> Refusal {
    let made = match &before.progress {
        Progress::Submitted { job_id, .. } => format!("submitted as job {job_id}"),
        Progress::Imported { accession, .. } | Progress::Existing { accession } => {
            format!("imported as {accession}")
        }
        _ => "sent".to_owned(),
    };
    Refusal::NotInDoubt {
        flag,
        path: label.to_owned(),
        made,
    }
}
