//! Licences, sources and bans, judged by `deny.toml` over what cargo resolved. `cargo deny check` does the same
//! and looks up advisories too; this needs no network and no further tool.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{metadata, read};

/// The packages that a build for this machine uses.
fn packages() -> Vec<Value> {
    let platform = host();
    let metadata = metadata(&["--offline", "--locked", "--filter-platform", &platform]);
    let used: BTreeSet<&str> = metadata["resolve"]["nodes"]
        .as_array()
        .expect("cargo resolved the workspace")
        .iter()
        .filter_map(|node| node["id"].as_str())
        .collect();
    let all = metadata["packages"].as_array().expect("cargo lists packages");
    all.iter()
        .filter(|package| package["id"].as_str().is_some_and(|id| used.contains(id)))
        .cloned()
        .collect()
}

/// The platform that rustc builds for.
fn host() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = std::process::Command::new(rustc)
        .arg("-vV")
        .output()
        .expect("rustc runs");
    let text = String::from_utf8(output.stdout).expect("rustc writes text");
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("rustc names its host")
        .to_owned()
}

fn strings(value: &toml::Value) -> Vec<&str> {
    value
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(toml::Value::as_str)
        .collect()
}

fn policy() -> toml::Table {
    read("deny.toml").parse().expect("deny.toml is TOML")
}

#[test]
fn every_licence_is_one_we_accept() {
    let policy = policy();
    let allowed = strings(&policy["licenses"]["allow"]);
    let packages = packages();
    assert!(packages.len() > 50, "cargo resolved the dependencies");
    let mut refused = Vec::new();
    for package in &packages {
        let licence = package["license"].as_str().unwrap_or("none");
        if !accepted(licence, &allowed) {
            refused.push(format!("{} {}: {licence}", package["name"], package["version"]));
        }
    }
    assert!(refused.is_empty(), "not accepted by deny.toml: {refused:#?}");
}

#[test]
fn every_accepted_licence_is_met() {
    let policy = policy();
    let licences: Vec<String> = packages()
        .iter()
        .filter_map(|package| package["license"].as_str().map(str::to_owned))
        .collect();
    for allowed in strings(&policy["licenses"]["allow"]) {
        assert!(
            licences
                .iter()
                .any(|licence| words(licence).any(|word| word == allowed)),
            "deny.toml accepts {allowed}, which nothing uses"
        );
    }
}

#[test]
fn nothing_banned_is_used_and_all_comes_from_the_registry() {
    let policy = policy();
    let banned: Vec<&str> = policy["bans"]["deny"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|ban| ban.get("crate").and_then(toml::Value::as_str))
        .collect();
    assert!(banned.contains(&"openssl-sys"));
    let registries = strings(&policy["sources"]["allow-registry"]);
    for package in packages() {
        let name = package["name"].as_str().expect("packages have names");
        assert!(!banned.contains(&name), "{name} is banned by deny.toml");
        if let Some(source) = package["source"].as_str() {
            let url = source.strip_prefix("registry+").unwrap_or(source);
            assert!(registries.contains(&url), "{name} comes from {source}");
        }
    }
}

/// Whether a licence expression can be satisfied with what is allowed. `WITH` exceptions count as their own word
/// pair; `/` is the old spelling of `OR`.
fn accepted(expression: &str, allowed: &[&str]) -> bool {
    let text = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace(" WITH ", "+WITH+");
    let tokens: Vec<String> = text
        .split_whitespace()
        .map(|token| token.replace("+WITH+", " WITH "))
        .collect();
    let mut position = 0;
    let result = any_of(&tokens, &mut position, allowed);
    result && position == tokens.len()
}

fn any_of(tokens: &[String], position: &mut usize, allowed: &[&str]) -> bool {
    let mut result = all_of(tokens, position, allowed);
    while tokens.get(*position).is_some_and(|token| token == "OR") {
        *position += 1;
        result |= all_of(tokens, position, allowed);
    }
    result
}

fn all_of(tokens: &[String], position: &mut usize, allowed: &[&str]) -> bool {
    let mut result = term(tokens, position, allowed);
    while tokens.get(*position).is_some_and(|token| token == "AND") {
        *position += 1;
        result &= term(tokens, position, allowed);
    }
    result
}

fn term(tokens: &[String], position: &mut usize, allowed: &[&str]) -> bool {
    let token = tokens.get(*position).map_or("", String::as_str);
    *position += 1;
    if token == "(" {
        let result = any_of(tokens, position, allowed);
        *position += 1;
        return result;
    }
    allowed.contains(&token)
}

fn words(expression: &str) -> impl Iterator<Item = &str> {
    expression
        .split([' ', '(', ')', '/'])
        .filter(|word| !word.is_empty())
}

#[test]
fn licence_expressions_are_read_as_spdx() {
    let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"];
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("GPL-3.0/MIT", true),
        ("(MIT OR GPL-3.0) AND Apache-2.0", true),
        ("(GPL-2.0 OR GPL-3.0) AND MIT", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("none", false),
    ] {
        assert_eq!(accepted(expression, &allowed), expected, "{expression}");
    }
}
