//! What goes wrong.

use odmkit_odm_api::{Auth, Client, PathFamily, RetryPolicy};
use odmkit_submit::{
    Entity, EntityKind, EntityStatus, Options, Outcome, Refusal, Silent, Staging, SubmitError, dry_run,
};

use crate::cut::{Moment, run_cut};
use crate::setup::{Hosted, Setup, TOKEN, assert_no_token, options, resuming};

fn refusals<T: std::fmt::Debug>(result: Result<T, SubmitError>) -> Vec<Refusal> {
    match result {
        Err(SubmitError::Refused(refusals)) => refusals,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_changed_file_behind_an_imported_link_is_refused() {
    let setup = Setup::new().await;
    let plan = setup.plan();
    setup.run(&plan, &options(Staging::SharedDisk)).await.unwrap();
    let requests = setup.journal().len();
    setup.write("t.samples.tsv", "Sample Source ID\nS1\nS2\nS3\nS4\n");
    for options in [options(Staging::SharedDisk), resuming(Staging::SharedDisk)] {
        let refused = refusals(setup.run(&plan, &options).await);
        assert!(
            matches!(&refused[..], [Refusal::Changed { path, .. }] if path == "t.samples.tsv"),
            "{refused:?}"
        );
        assert!(refused[0].to_string().contains("imported as GSF000102"));
    }
    assert_eq!(setup.journal().len(), requests, "nothing was sent");
    let anyway = Options {
        allow_duplicates: true,
        ..resuming(Staging::SharedDisk)
    };
    let submission = setup.run(&plan, &anyway).await.unwrap();
    assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
    assert_eq!(
        (setup.imports("study"), setup.imports("samples")),
        (1, 2),
        "only the changed file came again"
    );
    assert_eq!(
        submission.entities[1].accession.as_ref().unwrap().as_str(),
        submission.links[0].from.as_ref().unwrap().as_str()
    );
}

#[tokio::test]
async fn a_changed_file_at_a_new_link_is_imported_anew() {
    let setup = Setup::new().await;
    let plan = setup.plan();
    setup.run(&plan, &options(Staging::SharedDisk)).await.unwrap();
    setup.write("t.samples.tsv", "Sample Source ID\nS1\nS2\nS4\n");
    let server = Hosted::new(&plan).await;
    let elsewhere = server.staging();
    assert_eq!(
        refusals(setup.run(&plan, &resuming(elsewhere.clone())).await).len(),
        1
    );
    let submission = setup.run(&plan, &options(elsewhere)).await.unwrap();
    assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
    assert_eq!(submission.entities[1].status, EntityStatus::Imported);
    assert_eq!(setup.imports("samples"), 2);
}

#[tokio::test]
async fn changed_metadata_or_parameters_are_changes_too() {
    let setup = Setup::new().await;
    setup
        .run(&setup.plan(), &options(Staging::SharedDisk))
        .await
        .unwrap();
    setup.write("t.meta.tsv", "Genome Version\nGRCh37\n");
    let refused = refusals(setup.run(&setup.plan(), &resuming(Staging::SharedDisk)).await);
    assert!(
        matches!(&refused[..], [Refusal::Changed { path, .. }] if path == "t.tsv"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_uploaded_file_is_not_uploaded_again_by_a_new_run() {
    let setup = Setup::new().await;
    let study = setup.study().await;
    let plan = setup.plan_under(Entity::existing(EntityKind::Study, study));
    setup.run(&plan, &options(Staging::Multipart)).await.unwrap();
    let refused = refusals(setup.run(&plan, &options(Staging::Multipart)).await);
    assert!(
        refused
            .iter()
            .all(|refusal| matches!(refusal, Refusal::Uploaded { .. }))
            && refused.len() == 2
    );
    assert_eq!(
        setup
            .run(&plan, &resuming(Staging::Multipart))
            .await
            .unwrap()
            .status,
        Outcome::Complete
    );
    assert_eq!(setup.imports("samples"), 1);
}

#[tokio::test]
async fn a_failed_job_says_why_and_its_repaired_file_goes_on() {
    let setup = Setup::new().await;
    let plan = setup.plan();
    setup.write("t.samples.tsv", "Sample Source ID\nBROKEN\n");
    let submission = setup.run(&plan, &options(Staging::SharedDisk)).await.unwrap();
    assert_eq!(submission.status, Outcome::Failed);
    let statuses: Vec<_> = submission.entities.iter().map(|entity| entity.status).collect();
    assert_eq!(
        statuses,
        [
            EntityStatus::Imported,
            EntityStatus::Failed,
            EntityStatus::Pending
        ]
    );
    let error = submission.entities[1].error.as_deref().unwrap();
    assert_eq!(error, "job 2 ended as FAILED: import: BadFile: line 2 is broken");
    assert_eq!(submission.problems[0].subject, "t.samples.tsv");

    setup.write("t.samples.tsv", "Sample Source ID\nS1\nS2\nS3\n");
    let submission = setup.run(&plan, &resuming(Staging::SharedDisk)).await.unwrap();
    assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
    assert_eq!(
        submission.entities[1].job_id.unwrap().0,
        2,
        "the same job, started again"
    );
    assert_eq!(setup.imports("samples"), 1);
}

#[tokio::test]
async fn an_upload_that_failed_is_uploaded_again_after_repair() {
    let setup = Setup::new().await;
    let study = setup.study().await;
    let plan = setup.plan_under(Entity::existing(EntityKind::Study, study));
    setup.write("t.samples.tsv", "Sample Source ID\nBROKEN\n");
    assert_eq!(
        setup
            .run(&plan, &options(Staging::Multipart))
            .await
            .unwrap()
            .status,
        Outcome::Failed
    );
    setup.write("t.samples.tsv", "Sample Source ID\nS1\nS2\nS3\n");
    assert_eq!(
        setup
            .run(&plan, &options(Staging::Multipart))
            .await
            .unwrap()
            .status,
        Outcome::Complete
    );
}

#[tokio::test]
async fn a_link_that_matches_nothing_is_refused_and_the_rest_goes_on() {
    let setup = Setup::new().await;
    setup.write("t.samples.tsv", "Sample Source ID\nX1\nX2\nX3\n");
    let submission = setup
        .run(&setup.plan(), &options(Staging::SharedDisk))
        .await
        .unwrap();
    assert_eq!(submission.status, Outcome::Failed);
    assert_eq!(submission.links[0].linked, Some(3));
    assert!(
        submission.links[1].error.as_deref().unwrap().contains("400"),
        "{submission:?}"
    );
    assert!(
        submission
            .entities
            .iter()
            .all(|entity| entity.accession.is_some())
    );
}

#[tokio::test]
async fn what_cannot_work_is_said_before_anything_is_sent() {
    let setup = Setup::new().await;
    let mut plan = setup.plan();
    plan.add(Entity::file(EntityKind::Samples, setup.path("t.samples.tsv")));
    let refused = refusals(setup.run(&plan, &options(Staging::Multipart)).await);
    assert!(matches!(refused[0], Refusal::Twice { .. }), "{refused:?}");
    assert!(
        matches!(&refused[1], Refusal::StudyUpload { path } if path == "t.study.tsv"),
        "{refused:?}"
    );
    assert!(refused[1].to_string().contains("--study-accession"));

    let absent = setup.plan_under(Entity::existing(EntityKind::Study, "GSF999999".parse().unwrap()));
    let error = setup
        .run(&absent, &options(Staging::Multipart))
        .await
        .unwrap_err();
    assert!(matches!(error, SubmitError::Study(_)), "{error}");

    setup.write("t.meta.tsv", "");
    std::fs::remove_file(setup.path("t.meta.tsv")).unwrap();
    let error = setup
        .run(&setup.plan(), &options(Staging::SharedDisk))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, SubmitError::File { path, .. } if path.ends_with("t.meta.tsv")),
        "{error}"
    );
    let sent = setup.journal();
    assert!(sent.iter().all(|line| line["method"] == "GET"), "{sent:?}");
}

#[tokio::test]
async fn a_wrong_token_stops_the_run_and_is_not_shown() {
    let setup = Setup::new().await;
    let auth = Auth::api_token("wrong-t0ken").unwrap();
    let client = Client::connect(setup.api(PathFamily::V1, auth)).unwrap();
    let submission = odmkit_submit::run(&setup.plan(), &client, &options(Staging::SharedDisk), &Silent)
        .await
        .unwrap();
    assert_eq!(submission.status, Outcome::Stopped);
    assert!(
        submission.problems[0].text.contains("does not accept the token")
            && !format!("{submission:?}").contains("wrong-t0ken")
    );
    assert_eq!(setup.journal().len(), 1, "nothing was tried after that");
}

#[tokio::test]
async fn a_server_that_is_away_leaves_a_run_to_resume() {
    let setup = Setup::new().await;
    let plan = setup.plan();
    let nowhere = odmkit_odm_api::Server::parse("http://127.0.0.1:9", false).unwrap();
    let api = odmkit_odm_api::Api::new(nowhere.clone(), PathFamily::V1, Auth::api_token(TOKEN).unwrap());
    let transport = odmkit_odm_api::HttpTransport::new(&nowhere).unwrap();
    let client = Client::with_transport(api, std::sync::Arc::new(transport), RetryPolicy::NONE);
    let named = Options {
        server_name: Some("sandbox".to_owned()),
        ..options(Staging::SharedDisk)
    };
    let submission = odmkit_submit::run(&plan, &client, &named, &Silent).await.unwrap();
    assert_eq!(
        (submission.status, submission.server.as_str()),
        (Outcome::Stopped, "sandbox")
    );
    assert!(
        submission.problems[0].text.contains("could not connect"),
        "{:?}",
        submission.problems
    );
    let resumed = Options {
        resume: true,
        ..named
    };
    assert_eq!(
        setup.run(&plan, &resumed).await.unwrap().status,
        Outcome::Complete
    );
}

#[tokio::test]
async fn one_run_at_a_time_and_on_one_server() {
    let setup = Setup::new().await;
    let plan = setup.plan();
    assert!(
        run_cut(&setup, &plan, &options(Staging::SharedDisk), 4, Moment::After)
            .await
            .is_none()
    );
    let elsewhere = Options {
        server_name: Some("https://other.example.org".to_owned()),
        ..resuming(Staging::SharedDisk)
    };
    let refused = refusals(setup.run(&plan, &elsewhere).await);
    assert!(matches!(refused[0], Refusal::OtherServer { .. }), "{refused:?}");

    let lock = std::fs::File::create(setup.path("t.odmkit-run.json.lock")).unwrap();
    lock.lock().unwrap();
    let error = setup
        .run(&plan, &resuming(Staging::SharedDisk))
        .await
        .unwrap_err();
    assert!(matches!(error, SubmitError::Busy { .. }), "{error}");
    drop(lock);
    assert_eq!(
        setup
            .run(&plan, &resuming(Staging::SharedDisk))
            .await
            .unwrap()
            .status,
        Outcome::Complete
    );
    assert!(!setup.path("t.odmkit-run.json.lock").exists());
    assert_no_token(setup.folder.path());
}

#[tokio::test]
async fn a_foreign_state_file_is_not_overwritten() {
    let setup = Setup::new().await;
    setup.write("t.odmkit-run.json", "{\"schema\":\"odmkit.run/9\"}");
    let error = setup
        .run(&setup.plan(), &options(Staging::SharedDisk))
        .await
        .unwrap_err();
    assert!(matches!(error, SubmitError::BadState { .. }), "{error}");
    assert_eq!(
        std::fs::read_to_string(setup.path("t.odmkit-run.json")).unwrap(),
        "{\"schema\":\"odmkit.run/9\"}"
    );
}

#[tokio::test]
async fn a_dry_run_shows_every_request_and_sends_none() {
    let setup = Setup::new().await;
    let api = setup.api(PathFamily::V1, Auth::api_token(TOKEN).unwrap());
    let base = Staging::Link {
        base: "https://files.example.org/trial/".to_owned(),
    };
    let steps = dry_run(&setup.plan(), &api, &options(base)).unwrap();
    let whats: Vec<_> = steps.iter().map(|step| step.what.as_str()).collect();
    assert_eq!(
        whats,
        [
            "sign in, to see the templates",
            "find the default template: TEMPLATE is the accession where isDefault is true",
            "import study t.study.tsv",
            "import samples t.samples.tsv",
            "link t.samples.tsv to t.study.tsv",
            "import expression t.tsv",
            "link t.tsv to t.samples.tsv",
        ]
    );
    let url = setup.sandbox.url();
    assert_eq!(
        steps[5].curl,
        format!(
            "curl -X POST '{url}/api/v1/jobs/import/expression' -H \"Genestack-API-Token: $ODM_API_TOKEN\" \
             -H 'Content-Type: application/json' -d '{{\"dataLink\":\"https://files.example.org/trial/t.tsv\",\
             \"metadataLink\":\"https://files.example.org/trial/t.meta.tsv\",\"templateId\":\"'\"$TEMPLATE\"'\",\
             \"numberOfFeatureAttributes\":2,\
             \"dataClass\":\"Proteomics\",\"source\":\"HTTP\"}}'"
        )
    );
    assert!(
        steps[6]
            .curl
            .contains("/expression/group/$EXPRESSION/to/sample/group/$SAMPLES\""),
        "{}",
        steps[6].curl
    );
    assert!(steps.iter().all(|step| !step.curl.contains(TOKEN)));
    assert!(
        !setup.path("t.odmkit-run.json").exists()
            && !setup.sandbox.journal().metadata().is_ok_and(|m| m.len() > 0)
    );
}
