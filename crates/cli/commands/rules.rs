//! `odmkit rules`: what is checked, and why.

use std::io::{self, Write};

use anyhow::bail;
use clap::{Args, ValueEnum};
use odmkit_checks::rules::{RULES, find};
use odmkit_diagnostics::{Fixable, Rule};
use odmkit_report::wrap;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::output::Output;
use crate::table::WIDTH;

/// Lists the rules, or explains one: what it finds, why ODM cares, how to mend it
#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    /// The code (G003) or the name (row-count-mismatch) of a rule
    #[arg(value_name = "CODE")]
    code: Option<String>,

    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: RulesFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RulesFormat {
    /// For people
    Text,
    /// One JSON array, or one object where a rule is named
    Json,
}

impl RulesArgs {
    pub(crate) fn run(&self) -> anyhow::Result<Exit> {
        let rule = match &self.code {
            None => None,
            Some(code) => match by_code_or_name(code) {
                Some(rule) => Some(rule),
                None => bail!("there is no rule `{code}`: `odmkit rules` lists them all"),
            },
        };
        Output::stdout().with(|out| match (self.format, rule) {
            (RulesFormat::Text, None) => list(out),
            (RulesFormat::Text, Some(rule)) => explain(rule, out),
            (RulesFormat::Json, None) => print_json(
                &Value::Array(RULES.iter().map(|rule| as_json(rule)).collect()),
                out,
            ),
            (RulesFormat::Json, Some(rule)) => print_json(&as_json(rule), out),
        })?;
        Ok(Exit::Success)
    }
}

fn by_code_or_name(text: &str) -> Option<&'static Rule> {
    find(text).or_else(|| RULES.iter().copied().find(|rule| rule.name == text))
}

fn list(out: &mut impl Write) -> io::Result<()> {
    let width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    for rule in RULES {
        writeln!(
            out,
            "{}  {:width$}  {:<7}  {}",
            rule.code, rule.name, rule.severity, rule.effect
        )?;
    }
    writeln!(out, "\n`odmkit rules CODE` explains one.")
}

fn explain(rule: &Rule, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{} {} ({}, {})\n",
        rule.code,
        rule.name,
        rule.severity,
        effect(rule)
    )?;
    for (heading, text) in [("What", rule.what), ("Why", rule.why), ("Mend", rule.mend)] {
        writeln!(out, "{heading}")?;
        for line in text.lines().flat_map(|line| wrap(line.trim_end(), 2, WIDTH - 2)) {
            writeln!(out, "  {line}")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "Example\n  odmkit check {}", rule.example.command)?;
    for (name, text) in rule.example.files {
        writeln!(out, "\n  {name}")?;
        for line in text.lines() {
            writeln!(out, "    {}", line.replace("<TAB>", "→"))?;
        }
    }
    Ok(())
}

/// What ODM does, in words.
const fn effect(rule: &Rule) -> &'static str {
    use odmkit_diagnostics::Effect;
    match rule.effect {
        Effect::None => "ODM does nothing about it",
        Effect::Degraded => "ODM takes it, and something is lost",
        Effect::Flagged => "ODM takes it, and marks it invalid",
        Effect::Rejected => "ODM rejects it",
    }
}

fn as_json(rule: &Rule) -> Value {
    json!({
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "effect": rule.effect,
        "fix": match rule.fix {
            Fixable::No => Value::Null,
            Fixable::Safe => json!("safe"),
            Fixable::Unsafe => json!("unsafe"),
        },
        "what": rule.what,
        "why": rule.why,
        "mend": rule.mend,
        "example": {
            "command": format!("odmkit check {}", rule.example.command),
            "files": rule
                .example
                .files
                .iter()
                .map(|(name, text)| json!({"name": name, "text": text}))
                .collect::<Vec<_>>(),
        },
    })
}

fn print_json(value: &Value, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}
