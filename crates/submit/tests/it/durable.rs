//! The state file, when things go badly around it.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use odmkit_odm_api::{Auth, PathFamily};
use odmkit_submit::{
    Entity, EntityKind, Event, Observer, Options, Outcome, Plan, Refusal, Source, Staging, SubmitError,
};

use crate::cut::{Moment, run_cut};
use crate::setup::{Setup, TOKEN, options, resuming};

/// Does something once, when an event is told that is wanted.
struct Once<F>(Mutex<Option<F>>, fn(&Event<'_>) -> bool);

impl<F: FnOnce() + Send> Observer for Once<F> {
    fn observe(&self, event: &Event<'_>) {
        if self.1(event)
            && let Some(act) = self.0.lock().unwrap().take()
        {
            act();
        }
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_disk_that_is_full_loses_nothing_that_was_written() {
    // The state cannot be written from a moment on: before anything is sent, and while a job is waited for.
    for (moment, sent) in [
        (None, 0),
        (
            Some((|event: &Event<'_>| matches!(event, Event::Job { .. })) as fn(&Event<'_>) -> bool),
            1,
        ),
    ] {
        let setup = Setup::new().await;
        let plan = setup.plan();
        let full = setup.path("t.odmkit-run.json.tmp");
        let fill = {
            let full = full.clone();
            move || std::os::unix::fs::symlink("/dev/full", full).unwrap()
        };
        let observer = match moment {
            None => {
                fill();
                Once(Mutex::new(None), |_| false)
            }
            Some(when) => Once(Mutex::new(Some(fill)), when),
        };
        let error = odmkit_submit::run(&plan, &setup.client(), &options(Staging::SharedDisk), &observer)
            .await
            .unwrap_err();
        assert!(matches!(error, SubmitError::State { .. }), "{error}");
        let told = error.to_string();
        assert!(told.contains("t.odmkit-run.json"), "{told}");
        if sent > 0 {
            assert!(
                told.contains("t.study.tsv was imported as GSF000100") && told.contains("--resume"),
                "{told}"
            );
        }
        assert_eq!(setup.imports("study"), sent);
        assert!(
            !full.exists() && !full.is_symlink(),
            "half a state does not stay behind"
        );
        let submission = setup.run(&plan, &resuming(Staging::SharedDisk)).await.unwrap();
        assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
        assert_eq!(setup.imports("study"), 1);
    }
}

#[tokio::test]
async fn what_a_crash_left_beside_the_state_is_passed_over() {
    let setup = Setup::new().await;
    let plan = setup.plan();
    assert!(
        run_cut(&setup, &plan, &options(Staging::SharedDisk), 7, Moment::After)
            .await
            .is_none()
    );
    let whole = std::fs::read_to_string(&plan.state_file).unwrap();
    setup.write("t.odmkit-run.json.tmp", &whole[..whole.len() / 2]);
    let submission = setup.run(&plan, &resuming(Staging::SharedDisk)).await.unwrap();
    assert_eq!(submission.status, Outcome::Complete);
    assert_eq!((setup.imports("study"), setup.imports("samples")), (1, 1));
    assert!(!setup.path("t.odmkit-run.json.tmp").exists());
}

#[tokio::test]
async fn a_damaged_state_is_not_taken_for_none() {
    let setup = Setup::new().await;
    let plan = setup.plan();
    setup.run(&plan, &options(Staging::SharedDisk)).await.unwrap();
    let whole = std::fs::read_to_string(&plan.state_file).unwrap();
    let requests = setup.journal().len();
    for damaged in ["", &whole[..whole.len() / 2], "\0\0\0\0", "[]", "null"] {
        setup.write("t.odmkit-run.json", damaged);
        for options in [options(Staging::SharedDisk), resuming(Staging::SharedDisk)] {
            let error = setup.run(&plan, &options).await.unwrap_err();
            assert!(matches!(error, SubmitError::BadState { .. }), "{error}");
            assert!(error.to_string().contains("Move it away"), "{error}");
        }
    }
    assert_eq!(setup.journal().len(), requests, "nothing was asked");
}

#[tokio::test]
async fn a_state_of_another_study_is_not_resumed_and_not_lost() {
    let setup = Setup::new().await;
    let study = setup.study().await;
    let mut first = setup.empty_plan();
    first.add(Entity::existing(EntityKind::Study, study.clone()));
    first.add(Entity::file(EntityKind::Samples, setup.path("t.samples.tsv")));
    setup.run(&first, &options(Staging::Multipart)).await.unwrap();

    setup.write("other.tsv", "Sample Source ID\nX1\n");
    let mut second = setup.empty_plan();
    let other = setup.study_named("o.study.tsv").await;
    second.add(Entity::existing(EntityKind::Study, other));
    second.add(Entity::file(EntityKind::Samples, setup.path("other.tsv")));
    let refused = setup.run(&second, &resuming(Staging::Multipart)).await;
    assert!(
        matches!(&refused, Err(SubmitError::Refused(why)) if matches!(why[..], [Refusal::OtherStudy { .. }])),
        "{refused:?}"
    );
    // A new run is begun beside it, and what the first one did is still known after that.
    setup.run(&second, &options(Staging::Multipart)).await.unwrap();
    let refused = setup.run(&first, &options(Staging::Multipart)).await;
    assert!(
        matches!(&refused, Err(SubmitError::Refused(why)) if matches!(why[..], [Refusal::Uploaded { .. }])),
        "{refused:?}"
    );
    let resumed = setup.run(&first, &resuming(Staging::Multipart)).await.unwrap();
    assert_eq!(resumed.status, Outcome::Complete);
    assert_eq!(setup.imports("samples"), 2, "one of each study");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_runs_at_once_one_is_at_work_at_a_time() {
    let setup = Arc::new(Setup::new().await);
    let busy = Arc::new(AtomicUsize::new(0));
    let runs: Vec<_> = (0..12)
        .map(|_| {
            let (setup, busy) = (Arc::clone(&setup), Arc::clone(&busy));
            tokio::spawn(async move {
                let plan = setup.plan();
                loop {
                    match setup.run(&plan, &resuming(Staging::SharedDisk)).await {
                        Err(SubmitError::Busy { .. }) => {
                            busy.fetch_add(1, Ordering::Relaxed);
                            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                        }
                        other => return other.unwrap(),
                    }
                }
            })
        })
        .collect();
    for run in runs {
        let submission = run.await.unwrap();
        assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
        // One run imports; those after it find everything done. With two at work, one would be told of the other's jobs.
        let statuses: Vec<_> = submission.entities.iter().map(|entity| entity.status).collect();
        assert_eq!(statuses, [odmkit_submit::EntityStatus::Imported; 3]);
    }
    assert!(busy.load(Ordering::Relaxed) > 0, "they met");
    let asked = setup
        .journal()
        .iter()
        .filter(|line| line["status"] == 409)
        .count();
    assert_eq!(asked, 0);
}

#[tokio::test]
async fn nothing_that_holds_a_secret_shows_it() {
    const SIGNED: &str = "https://me:pa55word@files.example.org/t?X-Amz-Signature=5ignature";
    let setup = Setup::new().await;
    let mut plan = Plan::new(setup.folder.path(), setup.path("state.json"));
    let mut samples = Entity::file(EntityKind::Samples, "s.tsv");
    samples.origin = odmkit_submit::Origin::Import {
        file: Source::Link(SIGNED.into()),
        metadata: None,
    };
    plan.add(samples);
    let link = Options::new(Staging::Link {
        base: SIGNED.to_owned(),
    });
    let hosted = Options::new(Staging::Hosted([("s.tsv".into(), SIGNED.to_owned())].into()));
    let client = setup.client();
    let access = setup.api(PathFamily::V1, Auth::access_token(TOKEN).unwrap());
    let outcome = setup.run(&plan, &link).await.unwrap();
    let steps = odmkit_submit::dry_run(&plan, &access, &link).unwrap();
    let shown = format!("{plan:?} {link:?} {hosted:?} {client:?} {access:?} {outcome:?} {steps:?}");
    // What a panic would say.
    let panic = std::panic::catch_unwind(|| panic!("{shown}")).unwrap_err();
    let said = panic.downcast_ref::<String>().unwrap();
    for secret in ["pa55word", "5ignature", TOKEN] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
    assert!(said.contains("X-Amz-Signature=…"), "{said}");
    let state = std::fs::read_to_string(&plan.state_file).unwrap();
    assert!(
        !state.contains("5ignature") && !state.contains("pa55word"),
        "{state}"
    );
}
