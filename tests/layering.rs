//! A crate uses only crates of a lower rank. The ranks are those of `docs/ARCHITECTURE.md`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::metadata;

/// Every crate with its rank.
const RANKS: &[(&str, u8)] = &[
    ("odmkit-core", 0),
    ("odmkit-pipeline", 0),
    ("odmkit-odm-api", 1),
    ("odmkit-remote", 1),
    ("odmkit-input", 2),
    ("odmkit-formats", 1),
    ("odmkit-diagnostics", 1),
    ("odmkit-columns", 2),
    ("odmkit-template", 2),
    ("odmkit-report", 2),
    ("odmkit-study", 2),
    ("odmkit-checks", 3),
    ("odmkit-export", 3),
    ("odmkit-engine", 4),
    ("odmkit-sandbox", 5),
    ("odmkit-submit", 5),
    ("odmkit", 6),
    ("odmkit-testkit", 7),
];

/// One crate uses another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edge {
    from: String,
    to: String,
    dev: bool,
}

#[test]
fn every_crate_has_a_rank_and_every_rank_a_crate() {
    let packages = packages(&metadata(&["--no-deps"]));
    let mut ranked: Vec<&str> = RANKS.iter().map(|&(name, _)| name).collect();
    ranked.sort_unstable();
    assert_eq!(packages, ranked);
}

#[test]
fn dependencies_point_downwards() {
    let edges = edges(&metadata(&["--no-deps"]));
    let wrong = violations(&edges);
    assert!(
        wrong.is_empty(),
        "these edges point upwards or sideways: {wrong:#?}"
    );
}

#[test]
fn the_test_sees_an_edge_that_points_upwards() {
    let edge = |from: &str, to: &str, dev| Edge {
        from: from.to_owned(),
        to: to.to_owned(),
        dev,
    };
    let wrong = [
        edge("odmkit-formats", "odmkit-diagnostics", false),
        edge("odmkit-submit", "odmkit-sandbox", false),
        edge("odmkit-core", "odmkit-engine", false),
        edge("odmkit-core", "odmkit-engine", true),
        edge("odmkit-formats", "odmkit-testkit", false),
    ];
    let right = [
        edge("odmkit-columns", "odmkit-formats", false),
        edge("odmkit-formats", "odmkit-testkit", true),
    ];
    let all: Vec<Edge> = wrong.iter().chain(&right).cloned().collect();
    assert_eq!(violations(&all), wrong.iter().collect::<Vec<_>>());
}

/// The edges that are not allowed. Tests may use the testkit, and a neighbour of the same rank; nothing else may.
fn violations(edges: &[Edge]) -> Vec<&Edge> {
    let ranks: BTreeMap<&str, u8> = RANKS.iter().copied().collect();
    edges
        .iter()
        .filter(|edge| {
            let (Some(from), Some(to)) = (ranks.get(edge.from.as_str()), ranks.get(edge.to.as_str())) else {
                return true;
            };
            let allowed = from > to || (edge.dev && (from == to || edge.to == "odmkit-testkit"));
            !allowed
        })
        .collect()
}

fn packages(metadata: &Value) -> Vec<String> {
    let mut names: Vec<String> = list(&metadata["packages"])
        .iter()
        .map(|package| text(&package["name"]))
        .collect();
    names.sort_unstable();
    names
}

/// The edges inside the workspace.
fn edges(metadata: &Value) -> Vec<Edge> {
    let members = packages(metadata);
    let mut edges = Vec::new();
    for package in list(&metadata["packages"]) {
        for dependency in list(&package["dependencies"]) {
            let to = text(&dependency["name"]);
            if members.contains(&to) {
                edges.push(Edge {
                    from: text(&package["name"]),
                    to,
                    dev: dependency["kind"] == "dev",
                });
            }
        }
    }
    assert!(
        edges.len() > members.len(),
        "the crates of the workspace use each other"
    );
    edges
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().expect("cargo writes text here").to_owned()
}
