use super::Step::{Import, Link};
use super::*;

fn plan() -> (Plan, [EntityIndex; 5]) {
    let mut plan = Plan::new("/study", "/study/trial.odmkit-run.json");
    let data = plan.add(Entity::file(EntityKind::Expression, "/study/d.gct"));
    let libraries = plan.add(Entity::file(EntityKind::Libraries, "/study/l.tsv"));
    let samples = plan.add(Entity::file(EntityKind::Samples, "/study/s.tsv"));
    let study = plan.add(Entity::existing(EntityKind::Study, "GSF1".parse().unwrap()));
    let cells = plan.add(Entity::file(EntityKind::Cells, "/study/c.tsv"));
    (plan, [data, libraries, samples, study, cells])
}

#[test]
fn steps_come_in_odms_order_whatever_the_plans() {
    let (mut plan, [data, libraries, samples, study, cells]) = plan();
    plan.link(data, cells, None);
    plan.link(cells, libraries, None);
    plan.link(libraries, samples, None);
    plan.link(samples, study, None);
    assert_eq!(
        plan.steps(),
        [
            Import(3),
            Import(2),
            Link(3),
            Import(1),
            Link(2),
            Import(4),
            Link(1),
            Import(0),
            Link(0)
        ]
    );
    assert_eq!(plan.refusals(), []);
}

#[test]
fn what_hangs_on_nothing_of_the_same_stage_is_done_at_once() {
    let (mut plan, [data, libraries, samples, study, cells]) = plan();
    let file = |kind, path| Entity::file(kind, path);
    let preparations = plan.add(file(EntityKind::Preparations, "/study/p.tsv"));
    let mapping = plan.add(file(EntityKind::Mapping, "/study/m.tsv"));
    let attachment = plan.add(file(EntityKind::File, "/study/a.pdf"));
    for (from, to) in [
        (data, cells),
        (data, mapping),
        (samples, study),
        (libraries, samples),
        (preparations, samples),
        (cells, libraries),
    ] {
        plan.link(from, to, None);
    }
    let stages = plan.stages();
    let entities: Vec<Vec<usize>> = stages
        .iter()
        .map(|stage| stage.iter().map(|unit| unit.entity).collect())
        .collect();
    assert_eq!(
        entities,
        [
            vec![study.0],
            vec![samples.0],
            vec![libraries.0, preparations.0],
            vec![cells.0, mapping.0],
            vec![data.0, attachment.0]
        ]
    );
    assert_eq!(stages[4][0].links, [0, 1], "each is linked after it is imported");
    for (before, stage) in stages.iter().enumerate() {
        for unit in stage {
            for &link in &unit.links {
                let to = plan.links[link].to;
                assert!(entities[..before].iter().flatten().any(|&entity| entity == to));
            }
        }
    }
}

#[test]
fn what_odm_does_not_link_is_refused() {
    let (mut plan, [data, libraries, samples, study, _]) = plan();
    plan.link(data, study, None);
    plan.link(libraries, samples, Some("Sample Name".to_owned()));
    plan.link(data, samples, Some("Sample Name".to_owned()));
    plan.link(libraries, samples, Some("Sample Source ID".to_owned()));
    let refusals = plan.refusals();
    assert!(matches!(refusals[0], Refusal::NoSuchLink { .. }));
    assert!(matches!(refusals[1], Refusal::NoLinkAttribute { .. }));
    assert_eq!(refusals.len(), 2);
}

#[test]
fn one_file_is_one_entity() {
    let (mut plan, _) = plan();
    plan.add(Entity::file(EntityKind::Expression, "/study/d.gct"));
    assert_eq!(
        plan.refusals(),
        [Refusal::Twice {
            what: "expression d.gct".to_owned()
        }]
    );
}
