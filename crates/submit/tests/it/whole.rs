//! Whole studies.

use std::sync::Mutex;

use odmkit_odm_api::{Auth, Client, PathFamily};
use odmkit_submit::{
    Entity, EntityKind, Event, Observer, Options, Outcome, Parameters, Plan, Refusal, Staging, SubmitError,
};
use serde_json::json;

use crate::setup::{Hosted, Setup, TOKEN, assert_no_token, options, resuming};

#[tokio::test]
async fn a_study_is_imported_and_linked_in_both_families_with_both_tokens() {
    for family in [PathFamily::V1, PathFamily::Legacy] {
        for auth in [
            Auth::api_token(TOKEN).unwrap(),
            Auth::access_token(TOKEN).unwrap(),
        ] {
            let setup = Setup::new().await;
            let client = Client::connect(setup.api(family, auth)).unwrap();
            let options = options(Staging::SharedDisk);
            let submission = odmkit_submit::run(&setup.plan(), &client, &options, &odmkit_submit::Silent)
                .await
                .unwrap();
            let mut json = serde_json::to_value(&submission).unwrap();
            for entity in json["entities"].as_array_mut().unwrap() {
                assert!(entity["seconds"].as_f64().unwrap() > 0.0);
                entity["seconds"] = json!(0.0);
            }
            assert_eq!(
                json,
                json!({
                    "schema": "odmkit.submission/1",
                    "server": setup.sandbox.url(),
                    "entities": [
                        {"kind": "study", "path": "t.study.tsv", "job_id": 1, "accession": "GSF000100",
                         "status": "imported", "seconds": 0.0},
                        {"kind": "samples", "path": "t.samples.tsv", "job_id": 2, "accession": "GSF000102",
                         "status": "imported", "seconds": 0.0},
                        {"kind": "expression", "path": "t.tsv", "job_id": 3, "accession": "GSF000106",
                         "status": "imported", "seconds": 0.0},
                    ],
                    "links": [
                        {"from": "GSF000102", "to": "GSF000100", "kind": "samples-study", "linked": 3, "total": 3},
                        {"from": "GSF000106", "to": "GSF000102", "kind": "expression-samples", "linked": 2, "total": 3},
                    ],
                    "status": "complete",
                })
            );
            assert_eq!(submission.partial_links().count(), 1);
            let legacy = setup
                .journal()
                .iter()
                .any(|line| line["path"].as_str().unwrap().starts_with("/frontend/rs"));
            assert_eq!(legacy, family == PathFamily::Legacy);
            assert_no_token(setup.folder.path());
        }
    }
}

#[tokio::test]
async fn libraries_cells_and_their_data_are_linked_after_each_other() {
    let setup = Setup::new().await;
    let mut plan = setup.empty_plan();
    let cell_data = plan.add(Entity::file(EntityKind::Expression, setup.path("c.tsv")).with_members(2));
    let data = plan.add(Entity::file(EntityKind::Expression, setup.path("l.tsv")).with_members(2));
    let cells = plan.add(Entity::file(EntityKind::Cells, setup.path("t.cells.tsv")).with_members(2));
    let libraries =
        plan.add(Entity::file(EntityKind::Libraries, setup.path("t.libraries.tsv")).with_members(2));
    let samples = plan.add(Entity::file(EntityKind::Samples, setup.path("t.samples.tsv")));
    let study = plan.add(Entity::file(EntityKind::Study, setup.path("t.study.tsv")));
    for (from, to) in [
        (samples, study),
        (libraries, samples),
        (cells, libraries),
        (data, libraries),
        (cell_data, cells),
    ] {
        plan.link(from, to, None);
    }
    let submission = setup.run(&plan, &options(Staging::SharedDisk)).await.unwrap();
    assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
    let links: Vec<_> = submission
        .links
        .iter()
        .map(|link| (link.kind.name(), link.linked, link.total, link.read_back))
        .collect();
    assert_eq!(
        links,
        [
            ("samples-study", Some(3), Some(3), true),
            ("libraries-samples", Some(2), Some(2), true),
            // ODM has no list of the links of cells.
            ("cells-libraries", Some(2), Some(2), false),
            ("expression-libraries", Some(2), Some(2), true),
            ("expression-cells", Some(2), Some(2), false),
        ]
    );
    let json = serde_json::to_value(&submission).unwrap();
    assert_eq!(json["links"][2]["read_back"], false);
    assert_eq!(json["links"][0].get("read_back"), None, "it is the rule");
    let again = setup.run(&plan, &resuming(Staging::SharedDisk)).await.unwrap();
    assert_eq!(submission.links, again.links, "a run that goes on knows it, too");
}

#[tokio::test]
async fn files_can_be_served_or_sent_along() {
    let setup = Setup::new().await;
    let plan = setup.plan();
    let server = Hosted::new(&plan).await;
    let hosted = options(server.staging());
    assert_eq!(setup.run(&plan, &hosted).await.unwrap().status, Outcome::Complete);

    let setup = Setup::new().await;
    let study = setup.study().await;
    let plan = setup.plan_under(Entity::existing(EntityKind::Study, study.clone()));
    let submission = setup.run(&plan, &options(Staging::Multipart)).await.unwrap();
    assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
    let json = serde_json::to_value(&submission.entities[0]).unwrap();
    assert_eq!(
        json,
        json!({"kind": "study", "path": null, "job_id": null, "accession": study, "status": "existing", "seconds": 0.0})
    );
    assert_eq!((setup.imports("samples"), setup.imports("expression")), (1, 1));
}

struct Told(Mutex<Vec<String>>);

impl Observer for Told {
    fn observe(&self, event: &Event<'_>) {
        let line = match event {
            Event::Step { number, of } => format!("step {number}/{of}"),
            Event::Importing { path, .. } => format!("importing {path}"),
            Event::Imported { path, accession, .. } => format!("imported {path} as {accession}"),
            Event::Linked {
                from,
                to,
                linked,
                total,
            } => format!("linked {from} to {to}: {linked:?} of {total:?}"),
            Event::Job { status, .. } => format!("job {status}"),
            Event::Linking { .. }
            | Event::Sending { .. }
            | Event::NotImported { .. }
            | Event::NotLinked { .. } => return,
        };
        self.0.lock().unwrap().push(line);
    }
}

#[tokio::test]
async fn an_observer_is_told_every_step() {
    let setup = Setup::new().await;
    let told = Told(Mutex::default());
    odmkit_submit::run(
        &setup.plan(),
        &setup.client(),
        &options(Staging::SharedDisk),
        &told,
    )
    .await
    .unwrap();
    let mut lines = told.0.into_inner().unwrap();
    assert!(lines.iter().any(|line| line == "job COMPLETED"));
    lines.retain(|line| !line.starts_with("job"));
    assert_eq!(
        lines,
        [
            "step 1/5",
            "importing t.study.tsv",
            "imported t.study.tsv as GSF000100",
            "step 2/5",
            "importing t.samples.tsv",
            "imported t.samples.tsv as GSF000102",
            "step 3/5",
            "linked t.samples.tsv to t.study.tsv: Some(3) of Some(3)",
            "step 4/5",
            "importing t.tsv",
            "imported t.tsv as GSF000106",
            "step 5/5",
            "linked t.tsv to t.samples.tsv: Some(2) of Some(3)",
        ]
    );
}

#[tokio::test]
async fn attachments_and_cross_references_are_imported_and_linked_in_both_families() {
    for family in [PathFamily::V1, PathFamily::Legacy] {
        let setup = Setup::new().await;
        setup.write("notes.pdf", "%PDF-1.4 any bytes at all");
        setup.write("tx2gene.tsv", "TXNAME\tGENEID\nt1\tg1\n");
        let mut plan = setup.plan();
        let parameters = Parameters {
            data_class: Some("Document".to_owned()),
            ..Parameters::default()
        };
        plan.add(Entity::file(EntityKind::File, setup.path("notes.pdf")).with_parameters(parameters));
        let mapping = plan.add(Entity::file(EntityKind::Mapping, setup.path("tx2gene.tsv")));
        let data = plan
            .indices()
            .find(|index| plan.entity(*index).kind == EntityKind::Expression)
            .unwrap();
        plan.link(data, mapping, None);

        let server = Hosted::new(&plan).await;
        let options = options(server.staging());
        let client = Client::connect(setup.api(family, Auth::api_token(TOKEN).unwrap())).unwrap();
        let submission = odmkit_submit::run(&plan, &client, &options, &odmkit_submit::Silent)
            .await
            .unwrap();
        assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
        let made = |index: usize| {
            let entity = &submission.entities[index];
            (entity.kind, entity.job_id.is_some(), entity.accession.is_some())
        };
        assert_eq!(made(3), (EntityKind::File, true, true));
        assert_eq!(made(4), (EntityKind::Mapping, false, true), "made without a job");
        let link = submission.links.last().unwrap();
        assert_eq!((link.made, link.linked, link.total), (true, Some(1), Some(1)));
        assert_eq!(link.to, submission.entities[4].accession);
        // The data is still linked to its samples, and read back so.
        assert_eq!(submission.links[1].linked, Some(2));
        let sent = setup.journal();
        let file = sent
            .iter()
            .position(|line| line["path"].as_str().unwrap().ends_with("/import/file"));
        assert!(file.unwrap() > 5, "attachments come last");

        let again = odmkit_submit::run(&plan, &client, &options, &odmkit_submit::Silent).await;
        assert!(
            matches!(&again, Err(SubmitError::Refused(why)) if matches!(why[..], [Refusal::Uploaded { .. }])),
            "ODM would make another cross-reference: {again:?}"
        );
    }
}

#[tokio::test]
async fn an_attachment_is_uploaded_and_a_cross_reference_is_not() {
    let setup = Setup::new().await;
    setup.write("notes.pdf", "%PDF-1.4 any bytes at all");
    setup.write("tx2gene.tsv", "TXNAME\tGENEID\nt1\tg1\n");
    let mut plan = setup.empty_plan();
    plan.add(Entity::existing(EntityKind::Study, setup.study().await));
    plan.add(Entity::file(EntityKind::File, setup.path("notes.pdf")));
    let submission = setup.run(&plan, &options(Staging::Multipart)).await.unwrap();
    assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
    assert_eq!(setup.imports("file"), 1);

    plan.add(Entity::file(EntityKind::Mapping, setup.path("tx2gene.tsv")));
    let refused = setup.run(&plan, &options(Staging::Multipart)).await;
    assert!(
        matches!(&refused, Err(SubmitError::Refused(why)) if matches!(why[..], [Refusal::MappingUpload { .. }])),
        "{refused:?}"
    );
    let mut alone = Plan::new(setup.folder.path(), setup.path("alone.json"));
    alone.add(Entity::file(EntityKind::File, setup.path("notes.pdf")));
    let refused = setup.run(&alone, &options(Staging::Multipart)).await;
    assert!(
        matches!(&refused, Err(SubmitError::Refused(why)) if matches!(why[..], [Refusal::NoStudy { .. }])),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_default_template_is_looked_up_for_a_new_study_only() {
    let setup = Setup::new().await;
    let sign_ins = |setup: &Setup| {
        let journal = setup.journal();
        let asked = journal
            .iter()
            .filter(|line| line["path"].as_str().unwrap().contains("/signin/"));
        asked.count()
    };
    setup
        .run(&setup.plan(), &options(Staging::SharedDisk))
        .await
        .unwrap();
    assert_eq!(sign_ins(&setup), 1);
    let log = std::fs::read_to_string(setup.sandbox.data().join("world.jsonl")).unwrap();
    assert!(
        log.contains(r#""template":"GSF000001""#),
        "it is sent along: {log}"
    );

    let study = setup.study().await;
    assert_eq!(sign_ins(&setup), 2);
    let mut plan = setup.plan_under(Entity::existing(EntityKind::Study, study));
    plan.state_file = setup.path("under.json");
    let anew = Options {
        allow_duplicates: true,
        ..options(Staging::SharedDisk)
    };
    setup.run(&plan, &anew).await.unwrap();
    assert_eq!(sign_ins(&setup), 2, "under a study that is there, ODM chooses");
}
