//! What an earlier run's state means for this one.

use crate::error::Refusal;
use crate::files::Mark;
use crate::plan::{Origin, Plan};
use crate::run::Options;
use crate::settled::{self, adopted, again};
use crate::staging::Staged;
use crate::state::{EntityState, LinkProgress, LinkState, Progress, RunState, Via};

/// The state to begin with, or what stands in the way.
pub(crate) fn reconcile(
    plan: &Plan,
    staged: &[Option<Staged>],
    marks: Vec<Vec<Mark>>,
    old: Option<&RunState>,
    options: &Options,
    server: String,
) -> Result<RunState, Vec<Refusal>> {
    let mut refusals = Vec::new();
    let mut entities = Vec::new();
    for (index, (staged, files)) in staged.iter().zip(marks).enumerate() {
        let fresh = fresh(plan, index, staged.as_ref(), files, options);
        let before = old.and_then(|old| old.of(&fresh.key));
        let label = plan.label(index);
        let entity = if let Some(accession) = options.adopt.get(&label) {
            adopted(&label, fresh, before, accession)
        } else {
            match before {
                Some(before) if options.send_again.contains(&label) => again(&label, fresh, before),
                Some(before) => carried_over(plan, index, fresh, before, options),
                None => Ok(fresh),
            }
        };
        match entity {
            Ok(entity) => entities.push(entity),
            Err(refusal) => refusals.push(refusal),
        }
    }
    refusals.extend(settled::unknown_files(plan, options));
    if options.resume
        && let Some(old) = old
        && old.is_begun()
        && !entities.iter().any(|entity| old.of(&entity.key).is_some())
    {
        refusals.push(Refusal::OtherStudy {
            state: plan.state_file.display().to_string(),
        });
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let links = plan.links.iter().filter_map(|link| {
        let mut state = LinkState {
            from: entities[link.from].key.clone(),
            to: entities[link.to].key.clone(),
            kind: plan.link_kind(link)?,
            attribute: link.attribute.clone(),
            progress: LinkProgress::Pending,
        };
        let kept = |index: usize| {
            let before = old?.of(&entities[index].key)?;
            let accession = before.progress.accession()?;
            (entities[index].progress.accession() == Some(accession)).then_some(())
        };
        if options.resume && kept(link.from).is_some() && kept(link.to).is_some() {
            let same = |old: &&LinkState| {
                (&old.from, &old.to, old.kind, &old.attribute)
                    == (&state.from, &state.to, state.kind, &state.attribute)
            };
            if let Some(before) = old.and_then(|old| old.links.iter().find(same))
                && !matches!(before.progress, LinkProgress::Refused { .. })
            {
                state.progress = before.progress.clone();
            }
        }
        Some(state)
    });
    let links = links.collect();
    let mut state = RunState::new(server, entities, links);
    if let Some(old) = old {
        let former = old.entities.iter().chain(&old.former);
        let gone = former.filter(|former| {
            former.is_worth_keeping() && !state.entities.iter().any(|now| now.key == former.key)
        });
        state.former = gone.cloned().collect();
    }
    Ok(state)
}

fn fresh(
    plan: &Plan,
    index: usize,
    staged: Option<&Staged>,
    files: Vec<Mark>,
    options: &Options,
) -> EntityState {
    let entity = &plan.entities[index];
    let progress = match &entity.origin {
        Origin::Existing(accession) => Progress::Existing {
            accession: accession.clone(),
        },
        Origin::Import { .. } => Progress::Pending,
    };
    let via = staged.map(|staged| match staged {
        Staged::Link { identity, .. } => Via::Link {
            identity: identity.clone(),
            duplicates_allowed: options.allow_duplicates,
        },
        Staged::Upload(_) => Via::Multipart,
        Staged::Bucket(bucket) => bucket.via(&files),
        Staged::Mapping { identity, .. } => Via::Mapping {
            identity: identity.clone(),
        },
    });
    let parameters = entity.parameters.clone();
    EntityState {
        key: plan.key(index),
        kind: entity.kind,
        files,
        parameters,
        via,
        seconds: 0.0,
        progress,
    }
}

fn carried_over(
    plan: &Plan,
    index: usize,
    mut fresh: EntityState,
    before: &EntityState,
    options: &Options,
) -> Result<EntityState, Refusal> {
    let made = match &before.progress {
        Progress::Pending | Progress::Failed { .. } | Progress::Existing { .. } => return Ok(fresh),
        Progress::Imported { accession, .. } => format!("imported as {accession}"),
        Progress::Submitted { job_id, .. } => format!("submitted as job {job_id}"),
        Progress::Sending | Progress::Unknown { .. } => "sent".to_owned(),
    };
    let path = plan.label(index);
    let changed = differ(&before.files, &fresh.files) || before.parameters != fresh.parameters;
    // A new run by another link imports anew, whatever became of the old link.
    let anew = options.allow_duplicates || (!options.resume && other_link(before, &fresh));
    if changed && !anew {
        return Err(Refusal::Changed { path, made });
    }
    if changed {
        return Ok(fresh);
    }
    if !options.resume {
        let unguarded = matches!(
            before.via,
            Some(Via::Multipart | Via::Mapping { .. } | Via::Object { .. })
        );
        return if unguarded && !options.allow_duplicates {
            Err(Refusal::Uploaded { path, made })
        } else {
            Ok(fresh)
        };
    }
    match &before.progress {
        Progress::Submitted { .. } | Progress::Imported { .. } => Ok(before.clone()),
        _ if options.allow_duplicates => Ok(fresh),
        Progress::Sending if recognised(before, &fresh) => {
            fresh.progress = Progress::Sending;
            Ok(fresh)
        }
        Progress::Sending => {
            fresh.progress = Progress::Unknown {
                error: "the run was cut off while it was being sent".to_owned(),
            };
            Ok(fresh)
        }
        _ => Ok(before.clone()),
    }
}

/// Whether two states of an entity's files differ in content.
pub(crate) fn differ(before: &[Mark], now: &[Mark]) -> bool {
    let contents = |files: &[Mark]| -> Vec<String> { files.iter().map(|mark| mark.sha256.clone()).collect() };
    contents(before) != contents(now)
}

/// Whether both were, or are to be, imported by link, and not by the same one.
fn other_link(before: &EntityState, now: &EntityState) -> bool {
    match (&before.via, &now.via) {
        (Some(Via::Link { identity: old, .. }), Some(Via::Link { identity, .. })) => old != identity,
        _ => false,
    }
}

/// Whether ODM would answer a repeat of the interrupted request with the job that it may have begun.
fn recognised(before: &EntityState, now: &EntityState) -> bool {
    match (&before.via, &now.via) {
        (
            Some(Via::Link {
                identity: old,
                duplicates_allowed: false,
            }),
            Some(Via::Link { identity, .. }),
        ) => old == identity,
        _ => false,
    }
}
