//! Imports that hang on nothing of each other, at work at the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use odmkit_odm_api::WaitPolicy;
use odmkit_submit::{
    Entity, EntityKind, EntityStatus, Event, Observer, Options, Outcome, Parameters, Plan, Staging,
    Submission,
};

use crate::cut::{Moment, run_cut};
use crate::setup::{Hosted, Setup, at_most, options, resuming};

const DATA: [&str; 3] = ["a.tsv", "b.tsv", "c.tsv"];
const ATTACHED: [&str; 2] = ["p.pdf", "q.pdf"];
const MAPPED: &str = "m.tsv";

/// Samples and three matrices of theirs, a cross-reference of the first two, and two attachments.
fn plan(setup: &Setup, study: Entity) -> Plan {
    let mut plan = setup.empty_plan();
    let study = plan.add(study);
    let samples = plan.add(Entity::file(EntityKind::Samples, setup.path("t.samples.tsv")).with_members(3));
    plan.link(samples, study, None);
    for name in DATA {
        setup.write(name, "Gene\tS1\tS2\ng1\t1\t2\n");
        let class = Parameters {
            data_class: Some("Proteomics".to_owned()),
            feature_attributes: Some(1),
            ..Parameters::default()
        };
        let data = Entity::file(EntityKind::Expression, setup.path(name));
        let data = plan.add(data.with_parameters(class).with_members(2));
        plan.link(data, samples, None);
    }
    for name in ATTACHED {
        setup.write(name, "%PDF");
        plan.add(Entity::file(EntityKind::File, setup.path(name)));
    }
    plan
}

fn plan_by_link(setup: &Setup) -> Plan {
    plan(setup, Entity::file(EntityKind::Study, setup.path("t.study.tsv")))
}

/// The same with a cross-reference, which ODM fetches over HTTP alone.
fn plan_with_mapping(setup: &Setup) -> Plan {
    let mut plan = plan_by_link(setup);
    setup.write(MAPPED, "TXNAME\tGENEID\nT1\tG1\n");
    let mapping = plan.add(Entity::file(EntityKind::Mapping, setup.path(MAPPED)));
    let data: Vec<_> = plan
        .indices()
        .filter(|&index| plan.entity(index).kind == EntityKind::Expression)
        .collect();
    for data in &data[..2] {
        plan.link(*data, mapping, None);
    }
    plan
}

/// How many imports are under way, and how many were at the most.
#[derive(Default)]
struct Busy(Mutex<(usize, usize)>);

impl Observer for Busy {
    fn observe(&self, event: &Event<'_>) {
        let mut state = self.0.lock().unwrap();
        let (now, most) = &mut *state;
        match event {
            Event::Importing { .. } => {
                *now += 1;
                *most = (*most).max(*now);
            }
            Event::Imported { .. } | Event::NotImported { .. } => *now -= 1,
            _ => {}
        }
    }
}

impl Busy {
    fn most(&self) -> usize {
        self.0.lock().unwrap().1
    }
}

fn statuses(submission: &Submission) -> BTreeMap<&str, EntityStatus> {
    let entities = submission.entities.iter();
    entities
        .filter_map(|entity| Some((entity.path.as_deref()?, entity.status)))
        .collect()
}

#[tokio::test]
async fn as_many_are_at_work_as_was_said_and_no_more() {
    for (most, wanted) in [(1, 1), (2, 2), (16, DATA.len() + ATTACHED.len())] {
        let setup = Setup::with_faults(&["job:slow=150ms"]).await;
        let plan = plan_by_link(&setup);
        let busy = Busy::default();
        let options = at_most(most, options(Staging::SharedDisk));
        let submission = odmkit_submit::run(&plan, &setup.client(), &options, &busy)
            .await
            .unwrap();
        assert_eq!(submission.status, Outcome::Complete, "{submission:?}");
        assert_eq!(busy.most(), wanted, "at most {most}");
    }
}

#[tokio::test]
async fn two_runs_can_share_the_number() {
    let (one, two) = (Setup::with_faults(&["job:slow=100ms"]).await, Setup::new().await);
    let shared = at_most(1, options(Staging::SharedDisk));
    let (busy, plans) = (Busy::default(), [plan_by_link(&one), plan_by_link(&two)]);
    let clients = [one.client(), two.client()];
    let (first, second) = tokio::join!(
        odmkit_submit::run(&plans[0], &clients[0], &shared, &busy),
        odmkit_submit::run(&plans[1], &clients[1], &shared, &busy)
    );
    assert_eq!(first.unwrap().status, Outcome::Complete);
    assert_eq!(second.unwrap().status, Outcome::Complete);
    assert_eq!(busy.most(), 1);
}

#[tokio::test]
async fn what_goes_wrong_with_one_leaves_the_others_to_finish() {
    for (fault, outcome, status) in [
        ("job/expression:fail:1", Outcome::Failed, EntityStatus::Failed),
        ("import/expression:400:1", Outcome::Failed, EntityStatus::Failed),
        ("job/expression:hang:1", Outcome::Stopped, EntityStatus::Submitted),
        ("import/expression:500:1", Outcome::Stopped, EntityStatus::Pending),
        ("output:500:3-3", Outcome::Stopped, EntityStatus::Submitted),
    ] {
        let setup = Setup::with_faults(&[fault, "job/file:slow=50ms"]).await;
        let plan = plan_by_link(&setup);
        let short = Options {
            wait: WaitPolicy {
                timeout: Duration::from_millis(800),
                ..options(Staging::SharedDisk).wait
            },
            ..at_most(8, options(Staging::SharedDisk))
        };
        let submission = setup.run(&plan, &short).await.unwrap();
        assert_eq!(submission.status, outcome, "{fault}: {submission:?}");
        let told = statuses(&submission);
        let struck = told.iter().filter(|(_, found)| **found == status).count();
        let imported = told.values().filter(|found| **found == EntityStatus::Imported);
        assert_eq!(
            (struck, imported.count()),
            (1, told.len() - 1),
            "{fault}: {told:?}"
        );
        let linked = submission.links.iter().filter(|link| link.linked == link.total);
        let struck_data = told
            .iter()
            .any(|(path, found)| DATA.contains(path) && *found == status);
        let missing = usize::from(struck_data);
        assert_eq!(
            linked.filter(|link| link.linked.is_some()).count(),
            4 - missing,
            "{fault}: the others are linked, too: {submission:?}"
        );
        assert_eq!(submission.problems.len(), 1, "{fault}: {submission:?}");
        if fault.contains("hang") {
            let job = submission
                .entities
                .iter()
                .find(|entity| entity.status == status)
                .unwrap();
            setup.client().stop_job(job.job_id.unwrap()).await.unwrap();
        }
        let submission = setup.run(&plan, &resuming(Staging::SharedDisk)).await.unwrap();
        assert_eq!(submission.status, Outcome::Complete, "{fault}: {submission:?}");
        assert_eq!(
            (setup.imports("expression"), setup.imports("file")),
            (3, 2),
            "{fault}"
        );
    }
}

#[tokio::test]
async fn a_server_that_lets_nobody_in_is_told_of_once() {
    let setup = Setup::with_faults(&["info:401:4-", "job:slow=200ms"]).await;
    let plan = plan_by_link(&setup);
    let submission = setup
        .run(&plan, &at_most(8, options(Staging::SharedDisk)))
        .await
        .unwrap();
    assert_eq!(submission.status, Outcome::Stopped);
    let [problem] = &submission.problems[..] else {
        panic!("{:#?}", submission.problems);
    };
    assert!(problem.text.contains("the server answered 401"), "{problem:?}");
}

#[tokio::test]
async fn one_import_at_a_time_goes_the_same_way_as_several() {
    let mut outcomes = Vec::new();
    for most in [1, 8] {
        let setup = Setup::new().await;
        let plan = plan_by_link(&setup);
        let submission = setup
            .run(&plan, &at_most(most, options(Staging::SharedDisk)))
            .await
            .unwrap();
        let links = submission.links.iter();
        let links: Vec<_> = links.map(|link| (link.kind, link.linked, link.total)).collect();
        outcomes.push((format!("{:?}", statuses(&submission)), links));
    }
    assert_eq!(outcomes[0], outcomes[1]);
}

#[tokio::test]
async fn a_run_of_many_by_link_cut_anywhere_goes_on_and_imports_nothing_twice() {
    for moment in [Moment::Before, Moment::After] {
        for after in 0.. {
            let context = format!("{moment:?} {after}");
            let setup = Setup::new().await;
            let plan = plan_with_mapping(&setup);
            let server = Hosted::new(&plan).await;
            let staging = server.staging();
            let first = at_most(8, options(staging.clone()));
            let done = run_cut(&setup, &plan, &first, after, moment).await.is_some();
            let settled = settle(&setup, &plan, &resuming(staging), &context).await;
            assert_all_once(&setup, &settled, &context);
            if done {
                assert!(
                    after > 30,
                    "a run of seventeen steps takes more than {after} requests"
                );
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_run_of_many_uploads_cut_anywhere_sends_nothing_twice_unasked() {
    let mut doubtful = 0;
    for moment in [Moment::Before, Moment::After] {
        for after in 0.. {
            let context = format!("{moment:?} {after}");
            let setup = Setup::new().await;
            let study = setup.study().await;
            let plan = plan(&setup, Entity::existing(EntityKind::Study, study));
            let first = at_most(8, options(Staging::Multipart));
            let done = run_cut(&setup, &plan, &first, after, moment).await.is_some();
            let again = setup.run(&plan, &resuming(Staging::Multipart)).await.unwrap();
            let in_doubt = again
                .entities
                .iter()
                .filter(|it| it.status == EntityStatus::Unknown);
            doubtful = doubtful.max(in_doubt.count());
            let settled = settle(&setup, &plan, &resuming(Staging::Multipart), &context).await;
            assert_all_once(&setup, &settled, &context);
            if done {
                assert!(
                    after > 20,
                    "a run of eleven steps takes more than {after} requests"
                );
                break;
            }
        }
    }
    assert!(doubtful > 1, "several uploads can be in doubt at once");
}

/// Resumes, and says of what is in doubt what the sandbox knows, as a person would who looks into ODM.
async fn settle(setup: &Setup, plan: &Plan, resuming: &Options, context: &str) -> Submission {
    let mut options = resuming.clone();
    loop {
        let submission = setup.run(plan, &options).await.unwrap();
        let mut in_doubt = submission
            .entities
            .iter()
            .filter(|entity| entity.status == EntityStatus::Unknown)
            .peekable();
        if in_doubt.peek().is_none() {
            return submission;
        }
        assert_eq!(submission.status, Outcome::Stopped, "{context}");
        let (mut adopt, mut send_again) = (BTreeMap::new(), BTreeSet::new());
        for entity in in_doubt {
            let path = entity.path.clone().unwrap();
            let told = submission.problems.iter().find(|problem| problem.subject == path);
            let told = told.unwrap_or_else(|| panic!("{context}: {path} is told of: {submission:?}"));
            assert!(told.help.as_deref().unwrap().contains("--adopt"), "{context}");
            match setup.received(&path).await {
                Some(accession) => drop(adopt.insert(path, accession)),
                None => drop(send_again.insert(path)),
            }
        }
        assert!(
            options.adopt != adopt || options.send_again != send_again,
            "{context}: what is settled stays so"
        );
        options.adopt = adopt;
        options.send_again = send_again;
    }
}

fn assert_all_once(setup: &Setup, submission: &Submission, context: &str) {
    assert_eq!(submission.status, Outcome::Complete, "{context}: {submission:?}");
    for link in &submission.links {
        assert!(
            link.linked.is_some() && link.linked == link.total,
            "{context}: {link:?}"
        );
    }
    let mut made: Vec<_> = submission
        .entities
        .iter()
        .filter_map(|it| it.accession.clone())
        .collect();
    made.sort();
    made.dedup();
    assert_eq!(
        made.len(),
        submission.entities.len(),
        "{context}: each has its own accession"
    );
    let files = submission
        .entities
        .iter()
        .filter_map(|entity| entity.path.as_deref());
    for file in files {
        assert_eq!(setup.times_received(file), 1, "{context}: {file}");
    }
}
