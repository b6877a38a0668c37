//! The report for people: findings by file, each with its source line and what to do, then the files with their
//! verdicts, and the verdict on all in words as the last line.

use std::io::{self, Write};

use odmkit_diagnostics::{Code, Diagnostic, Severity};

use crate::also::also;
use crate::excerpt::{Excerpt, Snippets, excerpt};
use crate::style::Style;
use crate::text::{clip_quoted, columns, counted, escape, wrap};
use crate::{FileReport, Report, link, verdict};

/// Columns of a name or value in a message.
const QUOTED: usize = 44;

/// What stands before the further lines of a message.
const HANG: &str = "    ";

/// How the human report is written.
#[derive(Debug, Clone)]
pub struct Human {
    /// Whether to use colour.
    pub color: bool,
    /// Columns to keep to where the text allows.
    pub width: usize,
    /// How much to say.
    pub detail: Detail,
    /// The command to type next; it ends the last line.
    pub next: Option<String>,
}

/// How much the human report says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// Errors, warnings and the verdict.
    Quiet,
    /// All findings, the files and the verdict.
    #[default]
    Normal,
    /// The same, and why ODM cares.
    Verbose,
}

impl Default for Human {
    fn default() -> Self {
        Self {
            color: false,
            width: 80,
            detail: Detail::Normal,
            next: None,
        }
    }
}

impl Human {
    /// Writes the report.
    pub fn write(&self, report: &Report, snippets: &mut dyn Snippets, out: &mut dyn Write) -> io::Result<()> {
        for finding in &report.diagnostics {
            if self.detail > Detail::Quiet || finding.severity > Severity::Info {
                self.finding(finding, snippets, out)?;
                writeln!(out)?;
            }
        }
        self.not_shown(report, out)?;
        if self.detail > Detail::Quiet {
            self.files(report, out)?;
            self.links(report, out)?;
        }
        if let Some(files) = report.stopped() {
            let note = format!(
                "Reading stopped early in {files}: nothing further could be trusted. Mending that may bring up more."
            );
            self.paragraph("", "", &note, out)?;
            writeln!(out)?;
        }
        self.last_line(report, out)
    }

    /// Writes one finding, with its source line.
    pub fn finding(
        &self,
        finding: &Diagnostic,
        snippets: &mut dyn Snippets,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let style = Style::from(finding.severity);
        let code = format!("{}[{}]", finding.severity, finding.rule.code);
        let name = format!(" {}: ", finding.rule.name);
        let used = columns(&code) + columns(&name);
        let room = self.width.saturating_sub(HANG.len());
        let message = clip_quoted(&escape(&finding.message), QUOTED);
        let lines = wrap(&message, used.saturating_sub(HANG.len()), room);
        write!(
            out,
            "{}{}",
            style.paint(self.color, &code),
            Style::Strong.paint(self.color, &name)
        )?;
        for (index, line) in lines.iter().enumerate() {
            let indent = if index == 0 { "" } else { HANG };
            writeln!(out, "{indent}{}", Style::Strong.paint(self.color, line))?;
        }

        let number = finding.line.map(|line| line.to_string()).unwrap_or_default();
        let gutter = number.len().max(1);
        let place = [
            &number,
            &finding
                .column
                .map(|column| column.to_string())
                .unwrap_or_default(),
        ]
        .into_iter()
        .filter(|part| !part.is_empty())
        .fold(escape(&finding.path), |place, part| format!("{place}:{part}"));
        writeln!(out, "{:gutter$}{} {place}", "", self.quiet("-->"))?;

        let room = self.width.saturating_sub(gutter + 3).max(20);
        let source = finding
            .byte
            .and_then(|byte| excerpt(snippets, &finding.path, byte, room))
            // At the end of a text that breaks off there is nothing to be seen.
            .filter(|source| finding.line.is_some() || !source.is_empty());
        if let Some(source) = source {
            self.source(&source, &number, gutter, finding.column.is_some(), style, out)?;
        }
        self.notes(finding, gutter, out)
    }

    /// The source line and the marks under the field.
    fn source(
        &self,
        source: &Excerpt,
        number: &str,
        gutter: usize,
        marked: bool,
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let Excerpt {
            before,
            field,
            after,
            indent,
            width,
        } = source;
        let bar = self.quiet("|");
        writeln!(out, "{:gutter$} {bar}", "")?;
        writeln!(
            out,
            "{} {bar} {before}{field}{after}",
            self.quiet(&format!("{number:>gutter$}"))
        )?;
        if marked {
            let marks = "^".repeat(*width);
            writeln!(
                out,
                "{:gutter$} {bar} {:indent$}{}",
                "",
                "",
                style.paint(self.color, &marks)
            )?;
        }
        Ok(())
    }

    /// What belongs to the finding: how often, what to do, where else.
    fn notes(&self, finding: &Diagnostic, gutter: usize, out: &mut dyn Write) -> io::Result<()> {
        let lead = format!("{:gutter$} {} ", "", self.quiet("="));
        let hang = " ".repeat(gutter + 3);
        let mut note = |text: &str| self.paragraph(&lead, &hang, text, out);
        let mend = finding.fix.as_ref().map(|fix| &fix.title);
        if let Some(help) = finding.help.as_ref().or(mend) {
            note(&format!("help: {}", escape(help)))?;
        }
        if self.detail == Detail::Verbose && !finding.rule.why.is_empty() {
            note(&format!("why: {}", escape(finding.rule.why)))?;
        }
        for place in &finding.related {
            let at = match place.line {
                // The path stands above already.
                Some(line) if place.path == finding.path => format!("line {line}"),
                Some(line) => format!("{}:{line}", escape(&place.path)),
                None => escape(&place.path),
            };
            note(&format!("{at}: {}", escape(&place.message)))?;
        }
        if let Some(also) = also(finding) {
            note(&also)?;
        }
        Ok(())
    }

    /// Says how many findings of each rule were left out.
    fn not_shown(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let mut any = false;
        for (code, &all) in &report.summary.by_code {
            let shown = shown(report, *code);
            if all > shown {
                let text = format!(
                    "and {} more of {code}, {all} in all (`--max-per-rule` shows more)",
                    all - shown
                );
                self.paragraph("", "", &text, out)?;
                any = true;
            }
        }
        if any { writeln!(out) } else { Ok(()) }
    }

    /// Writes the files, each with its verdict and what it was taken for, and an empty line.
    pub fn files(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let names: Vec<String> = report.files.iter().map(|file| escape(&file.path)).collect();
        let widest = names
            .iter()
            .map(|name| columns(name))
            .filter(|&name| name <= 40)
            .max()
            .unwrap_or(0);
        for (file, name) in report.files.iter().zip(&names) {
            let verdict = verdict::of_file(report, file);
            let word = format!("{:<8}", verdict.map_or("checked", crate::Verdict::name));
            let style = verdict.map_or(Style::Strong, Style::from);
            let facts = facts(file);
            let word = style.paint(self.color, &word);
            let padding = widest.saturating_sub(columns(name)) + 2;
            if facts.is_empty() {
                writeln!(out, "{word}  {name}")?;
            } else if 10 + columns(name) + padding + columns(&facts) <= self.width {
                writeln!(out, "{word}  {name}{:padding$}{facts}", "")?;
            } else {
                writeln!(out, "{word}  {name}\n          {facts}")?;
            }
        }
        if report.files.is_empty() {
            Ok(())
        } else {
            writeln!(out)
        }
    }

    /// Writes how the files hang on each other, and an empty line.
    fn links(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        for link in &report.links {
            let (word, verdict) = link::state(report, link);
            let word = format!("{word:<8}");
            write!(out, "{}  ", Style::from(verdict).paint(self.color, &word))?;
            let text = link::sentence(link);
            let room = self.width.saturating_sub(10);
            for (index, line) in wrap(&text, 0, room).iter().enumerate() {
                writeln!(out, "{}{line}", if index == 0 { "" } else { "          " })?;
            }
        }
        if report.links.is_empty() {
            Ok(())
        } else {
            writeln!(out)
        }
    }

    fn last_line(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let next = self.next.as_ref().map(|next| format!(". Next: `{next}`"));
        let next = next.unwrap_or_default();
        let mut sentence = verdict::sentence(report);
        if columns(&sentence) + columns(&next) > self.width {
            sentence = verdict::short(report);
        }
        let (word, rest) = sentence.split_once(':').unwrap_or((&sentence, ""));
        let word = Style::from(report.summary.verdict).paint(self.color, word);
        writeln!(out, "{word}:{rest}{next}")
    }

    /// Text that is broken into lines, the first after `lead` and the others after `hang`.
    fn paragraph(&self, lead: &str, hang: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let room = self.width.saturating_sub(columns(hang));
        for (index, line) in wrap(text, 0, room).iter().enumerate() {
            writeln!(out, "{}{line}", if index == 0 { lead } else { hang })?;
        }
        Ok(())
    }

    fn quiet(&self, text: &str) -> String {
        Style::Quiet.paint(self.color, text).to_string()
    }
}

/// How many occurrences of a rule the shown findings stand for.
fn shown(report: &Report, code: Code) -> u64 {
    report
        .diagnostics
        .iter()
        .filter(|finding| finding.rule.code == code)
        .map(|finding| finding.count)
        .sum()
}

/// What a file was taken for, in a few words.
fn facts(file: &FileReport) -> String {
    let mut facts = Vec::new();
    facts.extend(file.kind.map(|kind| kind.name().to_owned()));
    facts.extend(file.format.map(|format| format.name().to_owned()));
    if file.compression != odmkit_core::Compression::None {
        facts.push(file.compression.name().to_owned());
    }
    if file.features > 0 {
        facts.push(counted(file.features, "feature"));
        facts.push(counted(file.samples, "sample"));
    } else if file.rows > 0 {
        facts.push(counted(file.rows, "row"));
        facts.push(counted(file.columns, "column"));
    }
    if file.measurements.len() > 1 {
        facts.push(counted(file.measurements.len() as u64, "measurement"));
    }
    facts.join(", ")
}
