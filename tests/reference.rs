//! The pages that are made from the source: one per rule, the reference of the commands, the schema of the report.
//!
//! `ODMKIT_WRITE_DOCS=1 cargo test --test integration reference` writes them; without it they are compared.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use odmkit_checks::rules::RULES;
use odmkit_diagnostics::{Fixable, Rule};
use serde_json::Value;

use crate::examples;
use crate::report_schema;
use crate::support::{entries, name, odmkit, root};

#[test]
fn the_pages_of_the_rules_are_up_to_date() {
    let folder = root().join("docs/rules");
    let mut wanted = vec![folder.join("README.md")];
    for rule in RULES {
        let path = folder.join(format!("{}.md", rule.code));
        hold(&path, &page(rule));
        wanted.push(path);
    }
    hold(&folder.join("README.md"), &contents());
    let strangers: Vec<PathBuf> = entries(&folder)
        .into_iter()
        .filter(|path| !wanted.contains(path))
        .collect();
    assert!(strangers.is_empty(), "these belong to no rule: {strangers:?}");
}

#[test]
fn the_reference_of_the_commands_is_up_to_date() {
    hold(&root().join("docs/commands.md"), &commands());
}

#[test]
fn the_schema_of_the_report_is_up_to_date() {
    let schema = serde_json::to_string_pretty(&report_schema::schema()).expect("it is JSON");
    hold(&root().join("docs/report.schema.json"), &format!("{schema}\n"));
}

/// Writes the page where that is asked for, else says whether it is what it should be.
fn hold(path: &Path, text: &str) {
    if std::env::var_os("ODMKIT_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        there == text,
        "{} is not what the source says: run ODMKIT_WRITE_DOCS=1 cargo test --test integration reference",
        path.display()
    );
}

/// The page of one rule.
fn page(rule: &Rule) -> String {
    let mut page = format!("# {} {}\n\n{}\n", rule.code, rule.name, marks(rule));
    for (heading, text) in [
        ("What", rule.what),
        ("Why ODM cares", rule.why),
        ("How to mend it", rule.mend),
    ] {
        let _ = write!(page, "\n## {heading}\n\n{}\n", flowing(text));
    }
    let _ = write!(page, "\n## Example\n");
    for (name, text) in rule.example.files {
        let text = text.replace("<TAB>", "→");
        let _ = write!(page, "\n`{name}`\n\n{}", indented(&text));
    }
    let directory = tempfile::tempdir().expect("a directory");
    examples::write_files(rule, directory.path());
    let report = examples::run(rule, directory.path(), &["--format", "json"]);
    let report: Value = serde_json::from_str(&report).expect("a report");
    let mut said = format!("$ odmkit check {}\n", rule.example.command);
    let findings = report["diagnostics"].as_array().expect("findings");
    for finding in findings
        .iter()
        .filter(|finding| finding["code"] == rule.code.as_str())
    {
        let _ = write!(said, "\n{}", finding_text(finding));
    }
    let _ = write!(page, "\nWhat is said of it:\n\n{}", indented(&said));
    page
}

/// A finding in a few lines.
fn finding_text(finding: &Value) -> String {
    let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let mut place = text("path");
    for key in ["line", "column"] {
        if let Some(number) = finding[key].as_u64() {
            let _ = write!(place, ":{number}");
        }
    }
    let mut said = format!(
        "{place}: {}[{}] {}\n",
        text("severity"),
        text("code"),
        text("message")
    );
    if finding["help"].is_string() {
        let _ = writeln!(said, "  help: {}", text("help"));
    }
    said
}

/// The page that lists the rules.
fn contents() -> String {
    let mut page = String::from(
        "# Rules\n\nWhat `odmkit check` looks for. `odmkit rules` prints this list and `odmkit rules CODE` a page of it. \
         A code is never\nchanged and never given away again. [What ODM does and which rule covers it](../COVERAGE.md) \
         goes through the\nbehaviour of ODM point by point.\n\n\
         `fix`: `odmkit fix` can mend it; `unsafe`: only with `--unsafe`, because it could hide lost data.\n\n\
         | code | name | severity | ODM | mend |\n| --- | --- | --- | --- | --- |\n",
    );
    for rule in RULES {
        let mend = match rule.fix {
            Fixable::No => "",
            Fixable::Safe => "fix",
            Fixable::Unsafe => "unsafe",
        };
        let _ = writeln!(
            page,
            "| [{code}]({code}.md) | {} | {} | {} | {mend} |",
            rule.name,
            rule.severity,
            rule.effect,
            code = rule.code,
        );
    }
    page
}

fn marks(rule: &Rule) -> String {
    use odmkit_diagnostics::Effect;
    let effect = match rule.effect {
        Effect::None => "ODM does nothing about it",
        Effect::Degraded => "ODM takes it, and something is lost",
        Effect::Flagged => "ODM takes it, and marks it invalid",
        Effect::Rejected => "ODM rejects it",
    };
    let mend = match rule.fix {
        Fixable::No => "a person has to mend it",
        Fixable::Safe => "`odmkit fix` can mend it where nothing is to be guessed",
        Fixable::Unsafe => "`odmkit fix --unsafe` can mend it",
    };
    format!("{}; {effect}; {mend}.", rule.severity)
}

/// Text whose line breaks are those of the source.
fn flowing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A block of code.
fn indented(text: &str) -> String {
    let mut block = String::new();
    for line in text.lines() {
        let line = line.trim_end();
        let _ = if line.is_empty() {
            writeln!(block)
        } else {
            writeln!(block, "    {line}")
        };
    }
    if block.trim().is_empty() {
        "    (nothing)\n".to_owned()
    } else {
        block
    }
}

/// The help of every command.
fn commands() -> String {
    let mut page = String::from("# Commands\n\nWhat `odmkit help` and the help of each command say.\n");
    let all = help(&[]);
    section(&mut page, "odmkit", &all);
    for command in subcommands(&all) {
        let text = help(&[&command]);
        section(&mut page, &format!("odmkit {command}"), &text);
        for below in subcommands(&text) {
            section(
                &mut page,
                &format!("odmkit {command} {below}"),
                &help(&[&command, &below]),
            );
        }
    }
    page
}

fn section(page: &mut String, title: &str, text: &str) {
    let _ = write!(page, "\n## {title}\n\n```text\n");
    for line in text.lines() {
        let _ = writeln!(page, "{}", line.trim_end());
    }
    page.push_str("```\n");
}

fn help(words: &[&str]) -> String {
    let mut args = words.to_vec();
    args.push("--help");
    let output = odmkit(root(), &args);
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).expect("it is text")
}

/// The commands that a help text lists.
fn subcommands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|word| !word.is_empty() && *word != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_stands_in_the_reference() {
    let text = crate::support::read("docs/commands.md");
    let commands = entries(&root().join("crates/cli/commands"));
    for file in commands
        .iter()
        .filter(|path| path.is_file() && name(path) != "mod.rs")
    {
        let command = name(file).trim_end_matches(".rs");
        assert!(text.contains(&format!("\n## odmkit {command}\n")), "{command}");
    }
}
