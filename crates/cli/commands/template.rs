//! `odmkit template`: the attributes that ODM judges metadata by.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, anyhow, bail};
use clap::{Args, Subcommand};
use odmkit_checks::metadata::blank_cell_columns;
use odmkit_checks::rules::{m012_no_dictionary, p001_bad_template, p002_bad_dictionary};
use odmkit_checks::{facs, mapping};
use odmkit_core::FileKind;
use odmkit_diagnostics::{Collector, Overrides, Sink as _};
use odmkit_report::{FileReport, Report, Verdict};
use odmkit_template::{Dictionaries, Rename, Template, TextPlace};

use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::reporting::{self, Reporting};
use crate::what;

/// Checks a template, writes an empty table for an entity, or prints the bundled default
#[derive(Debug, Args)]
pub(crate) struct TemplateArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Checks a template (JSON) by ODM's schema, and the dictionaries that it names
    Check(Check),
    /// Writes a table with the template's columns, or those that its kind has without one, and no rows
    Blank(Blank),
    /// Prints the bundled default template as JSON
    Default,
}

#[derive(Debug, Args)]
struct Check {
    /// The template
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Read this dictionary (CSV) and say what is wrong with it
    #[arg(long = "dictionary", value_name = "NAME=FILE", value_parser = what::named_file)]
    dictionary: Vec<(String, PathBuf)>,

    /// Read every CSV in DIR as a dictionary; the file name without its ending is the dictionary's name
    #[arg(long, value_name = "DIR")]
    dictionaries: Option<PathBuf>,

    #[command(flatten)]
    reporting: Reporting,
}

#[derive(Debug, Args)]
struct Blank {
    /// What the table is for
    #[arg(value_name = "KIND", value_parser = what::table_kinds())]
    kind: FileKind,

    /// The template [default: a bundled one with ODM's default attributes]
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,

    /// What the described data is; for expression-metadata
    #[arg(long, value_name = "KIND", value_parser = what::data_kinds(), default_value = "expression")]
    describes: FileKind,

    /// Write to FILE [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace FILE where it exists
    #[arg(long, requires = "output")]
    overwrite: bool,
}

impl TemplateArgs {
    pub(crate) fn run(&self, global: &Global) -> anyhow::Result<Exit> {
        match &self.action {
            Action::Check(check) => check.run(global),
            Action::Blank(blank) => blank.run(),
            Action::Default => {
                let json = Template::bundled().to_json();
                Output::stdout().with(|out| writeln!(out, "{}", json.trim_end()))?;
                Ok(Exit::Success)
            }
        }
    }
}

impl Check {
    fn run(&self, global: &Global) -> anyhow::Result<Exit> {
        let start = Instant::now();
        let output = self.reporting.open(std::slice::from_ref(&self.file))?;
        let text = read(&self.file)?;
        let path: Arc<str> = self.file.to_string_lossy().into();
        let mut collector = Collector::new(Overrides::new(), self.reporting.max_per_rule);
        let (template, places) = Template::with_places(&text).unwrap_or_else(|violations| {
            for violation in violations {
                collector.push(p001_bad_template::finding(&path, &violation));
            }
            (Template::empty(), Vec::new())
        });
        self.judge_dictionaries(&template, &places, &path, &mut collector);
        let mut file = FileReport::new(Arc::clone(&path));
        file.bytes = text.len() as u64;
        let elapsed = start.elapsed().as_secs_f64();
        let report = Report::new(vec![file], Vec::new(), collector.finish(&[path]), false, elapsed);
        let next = (report.summary.verdict != Verdict::Rejected).then(|| {
            let file = what::shell_word(&self.file);
            format!("odmkit template blank samples --template {file}")
        });
        self.reporting.write(&report, output, next, global)?;
        Ok(reporting::exit(&report))
    }

    /// Says which given dictionaries cannot be read, and once of each that the template names and that is not at hand.
    /// One that was given and cannot be read is told as that alone.
    fn judge_dictionaries(
        &self,
        template: &Template,
        places: &[Option<TextPlace>],
        path: &Arc<str>,
        collector: &mut Collector,
    ) {
        let mut dictionaries = Dictionaries::bundled();
        let mut errors = self.dictionaries.as_deref().map_or_else(Vec::new, |folder| {
            dictionaries.add_folder(folder).err().unwrap_or_default()
        });
        for (name, file) in &self.dictionary {
            errors.extend(dictionaries.add_file(name, file).err());
        }
        for error in &errors {
            collector.push(p002_bad_dictionary::finding(error));
        }
        // A template that cannot be read names none.
        if !template.attributes().is_empty() {
            for finding in p002_bad_dictionary::unused(&self.dictionary, template, &dictionaries) {
                collector.push(finding);
            }
        }
        let mut told: Vec<&str> = Vec::new();
        let mut missing: Vec<(&str, &str, Option<TextPlace>)> = Vec::new();
        for (attribute, place) in template.attributes().iter().zip(places) {
            let Some(name) = attribute.dictionary.as_deref() else {
                continue;
            };
            let other = Rename::of(name).filter(|other| dictionaries.is_given(other.name()));
            if let Some(other) = other.filter(|_| !told.contains(&name) && !dictionaries.is_given(name)) {
                told.push(name);
                let attribute = &attribute.name;
                collector.push(m012_no_dictionary::given_as(path, *place, attribute, name, other));
                continue;
            }
            if told.contains(&name)
                || dictionaries.get(name).is_some()
                || errors
                    .iter()
                    .any(|error| Dictionaries::answers(&error.name, name))
            {
                continue;
            }
            told.push(name);
            missing.push((&attribute.name, name, *place));
        }
        let all: Vec<&str> = missing.iter().map(|(_, name, _)| *name).collect();
        for (attribute, name, place) in missing {
            let finding = m012_no_dictionary::of_template(path, place, attribute, name, &all);
            collector.push(finding);
        }
    }
}

impl Blank {
    fn run(&self) -> anyhow::Result<Exit> {
        let template = match &self.template {
            None => Template::bundled(),
            Some(file) => Template::from_json(&read(file)?).map_err(|_| {
                let file = what::shell_word(file);
                anyhow!("the template {file} is not valid: `odmkit template check {file}` says why")
            })?,
        };
        // Tables of some kinds have columns of their own, and are judged by no template.
        let columns: Vec<Arc<str>> = match self.kind {
            FileKind::Cells => blank_cell_columns().map(Arc::from).collect(),
            FileKind::FlowCytometry => facs::COLUMNS.map(Arc::from).to_vec(),
            FileKind::Mapping => mapping::COLUMNS.map(Arc::from).to_vec(),
            kind => template.blank_columns(kind, Some(self.describes)),
        };
        if let Some(output) = self
            .output
            .as_deref()
            .filter(|output| output.is_file() && !self.overwrite)
        {
            bail!(
                "{} is there already: a table may be filled in. Choose another name, or give --overwrite",
                output.display()
            );
        }
        Output::open(self.output.as_deref())?.with(|out| writeln!(out, "{}", columns.join("\t")))?;
        Ok(Exit::Success)
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
