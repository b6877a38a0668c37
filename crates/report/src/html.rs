//! The report as one self-contained HTML page: no script, no font, no request to anywhere.

use std::io::{self, Write};

use odmkit_diagnostics::Diagnostic;

use crate::also::also;
use crate::excerpt::{Snippets, excerpt};
use crate::{FileReport, Report, TOOL, link, verdict};

/// Columns of a source line.
const ROOM: usize = 110;

/// Writes the report as an HTML page.
pub fn write_html(report: &Report, snippets: &mut dyn Snippets, out: &mut impl Write) -> io::Result<()> {
    let sentence = Escaped(&verdict::sentence(report)).to_string();
    let class = report.summary.verdict.name();
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">"
    )?;
    writeln!(
        out,
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    )?;
    writeln!(
        out,
        "<title>odmkit: {class}</title>\n<style>{STYLE}</style>\n</head>\n<body>"
    )?;
    writeln!(
        out,
        "<h1>odmkit check</h1>\n<p class=\"verdict {class}\">{sentence}</p>"
    )?;
    if let Some(files) = report.stopped() {
        let files = Escaped(&files);
        writeln!(
            out,
            "<p>Reading stopped early in {files}: nothing further could be trusted.</p>"
        )?;
    }
    files(report, out)?;
    links(report, out)?;
    for finding in &report.diagnostics {
        write_finding(finding, snippets, out)?;
    }
    counts(report, out)?;
    writeln!(
        out,
        "<footer>{} {}</footer>\n</body>\n</html>",
        TOOL.name, TOOL.version
    )
}

fn files(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "<div class=\"wide\"><table>\n<thead><tr><th>File<th>Verdict<th>Kind<th>Format<th>Rows<th>Columns</tr></thead>"
    )?;
    for file in &report.files {
        let FileReport {
            path,
            kind,
            format,
            rows,
            columns,
            ..
        } = file;
        let word = verdict::of_file(report, file).map_or("checked", crate::Verdict::name);
        let kind = kind.map_or("unknown", odmkit_core::FileKind::name);
        let format = format.map_or("", odmkit_core::DataFormat::name);
        writeln!(
            out,
            "<tr><td>{}<td class=\"{word}\">{word}<td>{kind}<td>{format}<td class=\"n\">{rows}<td class=\"n\">{columns}</tr>",
            Escaped(path)
        )?;
    }
    writeln!(out, "</table></div>")
}

fn links(report: &Report, out: &mut impl Write) -> io::Result<()> {
    if report.links.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<div class=\"wide\"><table>\n<thead><tr><th>Names in<th>Link<th>Records of<th>By<th>Found<th>Not found<th>Not named</tr></thead>"
    )?;
    for link in &report.links {
        let (state, verdict) = link::state(report, link);
        writeln!(
            out,
            "<tr><td>{}<td class=\"{}\">{state}<td>{}<td>{}<td class=\"n\">{} of {}<td>{}<td>{}</tr>",
            Escaped(&link.from),
            verdict.name(),
            Escaped(&link::to(link)),
            Escaped(&link.attribute),
            link.matched,
            link.names,
            Marked(&some(link.unmatched, &link.unmatched_names)),
            Marked(&some(link.unnamed, &link.unnamed_records)),
        )?;
    }
    writeln!(out, "</table></div>")
}

fn some(count: u64, names: &[String]) -> String {
    if count == 0 {
        "none".to_owned()
    } else {
        link::some_of("", count, names)
    }
}

fn write_finding(finding: &Diagnostic, snippets: &mut dyn Snippets, out: &mut impl Write) -> io::Result<()> {
    let severity = finding.severity.name();
    writeln!(
        out,
        "<article class=\"{severity}\">\n<h2><span>{severity} {}</span> {}</h2>\n<p>{}</p>",
        finding.rule.code,
        finding.rule.name,
        Marked(&finding.message)
    )?;
    write!(out, "<p class=\"place\">{}", Escaped(&finding.path))?;
    if let Some(line) = finding.line {
        write!(out, ", line {line}")?;
    }
    if let Some(column) = finding.column {
        write!(out, ", field {column}")?;
    }
    writeln!(out, "</p>")?;
    if let Some(source) = finding
        .byte
        .and_then(|byte| excerpt(snippets, &finding.path, byte, ROOM))
    {
        let (before, field, after) = (
            Escaped(&source.before),
            Escaped(&source.field),
            Escaped(&source.after),
        );
        match finding.column {
            Some(_) => writeln!(out, "<pre>{before}<mark>{field}</mark>{after}</pre>")?,
            None => writeln!(out, "<pre>{before}{field}{after}</pre>")?,
        }
    }
    let mend = finding.fix.as_ref().map(|fix| &fix.title);
    if let Some(help) = finding.help.as_ref().or(mend) {
        writeln!(out, "<p class=\"help\">{}</p>", Marked(help))?;
    }
    if !finding.related.is_empty() {
        writeln!(out, "<ul>")?;
        for place in &finding.related {
            write!(out, "<li>{}", Escaped(&place.path))?;
            if let Some(line) = place.line {
                write!(out, ", line {line}")?;
            }
            writeln!(out, ": {}</li>", Marked(&place.message))?;
        }
        writeln!(out, "</ul>")?;
    }
    if let Some(also) = also(finding) {
        writeln!(out, "<p>{}</p>", Marked(&also))?;
    }
    writeln!(out, "</article>")
}

fn counts(report: &Report, out: &mut impl Write) -> io::Result<()> {
    if report.summary.by_code.is_empty() {
        return Ok(());
    }
    writeln!(out, "<table>\n<thead><tr><th>Rule<th>Occurrences</tr></thead>")?;
    for (code, count) in &report.summary.by_code {
        writeln!(out, "<tr><td>{code}<td class=\"n\">{count}</tr>")?;
    }
    writeln!(out, "</table>")
}

/// A sentence in which what stands between back ticks is set apart, where they come in pairs.
struct Marked<'a>(&'a str);

impl std::fmt::Display for Marked<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<&str> = self.0.split('`').collect();
        if parts.len().is_multiple_of(2) {
            return write!(f, "{}", Escaped(self.0));
        }
        for (index, part) in parts.into_iter().enumerate() {
            if index.is_multiple_of(2) {
                write!(f, "{}", Escaped(part))?;
            } else {
                write!(f, "<code>{}</code>", Escaped(part))?;
            }
        }
        Ok(())
    }
}

/// Text with what HTML would act on replaced, and what nobody could see made visible.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use std::fmt::Write as _;
        for character in crate::text::escape(self.0).chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

const STYLE: &str = "
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #1d2733; }
table { border-collapse: collapse; margin: 1rem 0; }
.wide { overflow-x: auto; }
.wide th, .wide td { white-space: nowrap; }
code { font: .9em ui-monospace, monospace; background: #f3f5f8; padding: 0 .2em; overflow-wrap: anywhere; white-space: pre-wrap; }
.wide code { white-space: pre; overflow-wrap: normal; }
th, td { text-align: left; padding: .25rem .75rem; border-bottom: 1px solid #d8dee6; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
.verdict { font-size: 1.2rem; font-weight: 600; }
.rejected, .error h2 span { color: #b3261e; }
.flagged, .warning h2 span { color: #8a5a00; }
.clean { color: #1b6e3c; }
article { border-left: 4px solid #7a8797; padding: .1rem 1rem; margin: 1.5rem 0; }
article.error { border-color: #b3261e; }
article.warning { border-color: #d99a1c; }
h2 { font-size: 1rem; margin: .5rem 0; }
.place { color: #55616f; margin: 0; }
pre { background: #f3f5f8; padding: .5rem; overflow-x: auto; }
mark { background: #ffd9d6; }
.help::before { content: '→ '; color: #55616f; }
.place, .verdict { overflow-wrap: anywhere; }
footer { color: #55616f; margin-top: 2rem; }
";
