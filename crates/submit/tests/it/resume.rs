//! Runs that were cut off, and those that go on with them.

use odmkit_sandbox::LinkKey;
use odmkit_submit::{Entity, EntityKind, EntityStatus, Options, Outcome, Staging};

use crate::cut::{Moment, run_cut};
use crate::setup::{Hosted, Setup, at_most, options, resuming};

#[tokio::test]
async fn a_run_by_link_cut_anywhere_goes_on_and_imports_nothing_twice() {
    for moment in [Moment::Before, Moment::After] {
        for after in 0.. {
            let setup = Setup::new().await;
            let plan = setup.plan();
            let done = run_cut(&setup, &plan, &options(Staging::SharedDisk), after, moment)
                .await
                .is_some();
            let submission = setup.run(&plan, &resuming(Staging::SharedDisk)).await.unwrap();
            assert_eq!(
                submission.status,
                Outcome::Complete,
                "{moment:?} {after}: {submission:?}"
            );
            for kind in ["study", "samples", "expression"] {
                assert_eq!(setup.imports(kind), 1, "{moment:?} {after}: {kind}");
            }
            for entity in &submission.entities {
                assert_eq!(
                    entity.status,
                    EntityStatus::Imported,
                    "{moment:?} {after}: {entity:?}"
                );
            }
            let links: Vec<_> = submission
                .links
                .iter()
                .map(|link| (link.linked, link.total))
                .collect();
            assert_eq!(
                links,
                [(Some(3), Some(3)), (Some(2), Some(3))],
                "{moment:?} {after}"
            );
            if done {
                assert!(after > 12, "a run of five steps takes more than {after} requests");
                break;
            }
        }
    }
}

#[tokio::test]
async fn the_sandbox_may_die_with_the_run() {
    let named = |options: Options| Options {
        server_name: Some("sandbox".to_owned()),
        ..options
    };
    for after in 0.. {
        let setup = Setup::new().await;
        let plan = setup.plan();
        let first = named(options(Staging::SharedDisk));
        let done = run_cut(&setup, &plan, &first, after, Moment::After)
            .await
            .is_some();
        let setup = setup.restarted().await;
        let submission = setup
            .run(&plan, &named(resuming(Staging::SharedDisk)))
            .await
            .unwrap();
        assert_eq!(submission.status, Outcome::Complete, "{after}: {submission:?}");
        for kind in ["study", "samples", "expression"] {
            assert_eq!(setup.imports(kind), 1, "{after}: {kind}");
        }
        if done {
            break;
        }
    }
}

#[tokio::test]
async fn a_job_that_failed_because_the_run_was_cut_off_starts_again() {
    // Cut off when the answer was lost, and when it was heard.
    for (after, moment) in [(1, Moment::After), (2, Moment::Before)] {
        let setup = Setup::new().await;
        let study = setup.study().await;
        let plan = setup.plan_under(Entity::existing(EntityKind::Study, study));
        // The links of a file server that is gone, as when it went with the run.
        let key = LinkKey::random().unwrap();
        let server = Hosted::with_key(&plan, 0, &key).await;
        let (links, port) = (server.links.clone(), server.port);
        drop(server);
        let staging = Staging::Hosted(links.clone());
        assert!(
            run_cut(&setup, &plan, &options(staging.clone()), after, moment)
                .await
                .is_none()
        );
        let wait = options(staging.clone()).wait;
        let job = odmkit_odm_api::JobId(2);
        let end = setup.client().wait_for_job(job, wait, |_| {}).await.unwrap();
        assert!(!end.succeeded());

        let again = Hosted::with_key(&plan, port, &key).await;
        assert_eq!(again.links, links);
        let submission = setup.run(&plan, &resuming(staging)).await.unwrap();
        assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
        assert_eq!(
            (submission.entities[1].job_id, setup.imports("samples")),
            (Some(job), 1)
        );
    }
}

#[tokio::test]
async fn a_file_mended_after_its_job_failed_unseen_goes_on() {
    for (staging, imports) in [(Staging::SharedDisk, 1), (Staging::Multipart, 2)] {
        let setup = Setup::new().await;
        let study = setup.study().await;
        let plan = setup.plan_under(Entity::existing(EntityKind::Study, study));
        setup.write("t.samples.tsv", "Sample Source ID\nBROKEN\n");
        assert!(
            run_cut(&setup, &plan, &options(staging.clone()), 2, Moment::Before)
                .await
                .is_none()
        );
        let job = odmkit_odm_api::JobId(2);
        let end = setup
            .client()
            .wait_for_job(job, options(staging.clone()).wait, |_| {})
            .await
            .unwrap();
        assert!(!end.succeeded());
        setup.write("t.samples.tsv", "Sample Source ID\nS1\nS2\nS3\n");
        let submission = setup.run(&plan, &resuming(staging.clone())).await.unwrap();
        assert_eq!(
            submission.status,
            Outcome::Complete,
            "{staging:?}: {submission:?}"
        );
        assert_eq!(setup.imports("samples"), imports, "{staging:?}");
    }
}

#[tokio::test]
async fn an_upload_cut_off_is_never_sent_twice_unasked() {
    for moment in [Moment::Before, Moment::After] {
        let mut unknown = 0;
        for after in 0.. {
            let setup = Setup::new().await;
            let study = setup.study().await;
            let plan = setup.plan_under(Entity::existing(EntityKind::Study, study));
            // One after the other, so that each has its number.
            let first = at_most(1, options(Staging::Multipart));
            let done = run_cut(&setup, &plan, &first, after, moment).await.is_some();
            let submission = setup.run(&plan, &resuming(Staging::Multipart)).await.unwrap();
            let in_doubt = submission
                .entities
                .iter()
                .any(|entity| entity.status == EntityStatus::Unknown);
            if in_doubt {
                unknown += 1;
                assert_eq!(submission.status, Outcome::Stopped);
                let problem = &submission.problems[0];
                assert!(problem.text.starts_with("it is not known whether"), "{problem:?}");
                let file = submission.problems[0].subject.clone();
                assert!(problem.help.as_deref().unwrap().contains("--adopt"));
                assert!(setup.imports("samples") <= 1 && setup.imports("expression") <= 1);
                let arrived = submission
                    .entities
                    .iter()
                    .find(|entity| entity.status == EntityStatus::Unknown)
                    .map(|entity| setup.imports(entity.kind.name()) == 1)
                    .unwrap();
                assert_eq!(arrived, moment == Moment::After);
                // A person looks into ODM and says what is there; here the log of the sandbox does.
                let decided = if arrived {
                    let kind = if file == "t.samples.tsv" {
                        "samples"
                    } else {
                        "expression"
                    };
                    Options {
                        adopt: [(file, setup.made(kind).await)].into(),
                        ..resuming(Staging::Multipart)
                    }
                } else {
                    Options {
                        send_again: [file].into(),
                        ..resuming(Staging::Multipart)
                    }
                };
                let submission = setup.run(&plan, &decided).await.unwrap();
                assert_eq!(
                    submission.status,
                    Outcome::Complete,
                    "{moment:?} {after}: {submission:?}"
                );
                assert_eq!(
                    (setup.imports("samples"), setup.imports("expression")),
                    (1, 1),
                    "{moment:?} {after}"
                );
            } else {
                assert_eq!(
                    submission.status,
                    Outcome::Complete,
                    "{moment:?} {after}: {submission:?}"
                );
                assert_eq!(
                    (setup.imports("samples"), setup.imports("expression")),
                    (1, 1),
                    "{moment:?} {after}"
                );
            }
            if done {
                break;
            }
        }
        assert_eq!(unknown, 2, "{moment:?}: once for each upload");
    }
}

#[tokio::test]
async fn a_complete_run_resumed_asks_for_nothing_more() {
    let setup = Setup::new().await;
    let plan = setup.plan();
    let first = setup.run(&plan, &options(Staging::SharedDisk)).await.unwrap();
    let requests = setup.journal().len();
    let second = setup.run(&plan, &resuming(Staging::SharedDisk)).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(setup.journal().len(), requests);
}

#[tokio::test]
async fn without_its_state_a_run_takes_over_what_odm_has() {
    let setup = Setup::new().await;
    let plan = setup.plan();
    let first = setup.run(&plan, &options(Staging::SharedDisk)).await.unwrap();
    std::fs::remove_file(&plan.state_file).unwrap();
    let second = setup.run(&plan, &options(Staging::SharedDisk)).await.unwrap();
    assert_eq!(second.status, Outcome::Complete);
    for (first, second) in first.entities.iter().zip(&second.entities) {
        assert_eq!(
            (&first.accession, first.job_id),
            (&second.accession, second.job_id)
        );
        assert_eq!(second.status, EntityStatus::Reused);
    }
    assert_eq!(
        (
            setup.imports("study"),
            setup.imports("samples"),
            setup.imports("expression")
        ),
        (1, 1, 1)
    );
}

#[tokio::test]
async fn duplicates_are_imported_when_asked_for() {
    let setup = Setup::new().await;
    let plan = setup.plan();
    let first = setup.run(&plan, &options(Staging::SharedDisk)).await.unwrap();
    let again = Options {
        allow_duplicates: true,
        ..options(Staging::SharedDisk)
    };
    let second = setup.run(&plan, &again).await.unwrap();
    assert_eq!(second.status, Outcome::Complete, "{second:?}");
    assert_ne!(first.entities[1].accession, second.entities[1].accession);
    assert_eq!(setup.imports("samples"), 2);
}

#[tokio::test]
async fn an_interrupted_import_with_duplicates_allowed_is_in_doubt() {
    let setup = Setup::new().await;
    let plan = setup.plan();
    let anew = Options {
        allow_duplicates: true,
        ..options(Staging::SharedDisk)
    };
    assert!(run_cut(&setup, &plan, &anew, 2, Moment::After).await.is_none());
    let submission = setup.run(&plan, &resuming(Staging::SharedDisk)).await.unwrap();
    assert_eq!(submission.status, Outcome::Stopped);
    assert_eq!(submission.entities[0].status, EntityStatus::Unknown);
    assert_eq!(setup.imports("study"), 1);
}
