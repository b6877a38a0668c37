//! The renderers, each on the same report.

mod forms;
mod human;
mod json;

use std::sync::Arc;

use odmkit_core::{ByteOffset, DataFormat, FieldNumber, FileKind, LineNumber, Position};
use odmkit_diagnostics::{
    Code, Collector, Diagnostic, Effect, Example, Fixable, Overrides, Rule, Selector, Severity, Sink as _,
};

use crate::{
    Around, Detail, FileReport, Human, LinkReport, NoSnippets, Report, Snippets, verdict, write_github,
    write_html, write_json, write_jsonl, write_sarif,
};

static NOT_A_NUMBER: Rule = Rule {
    code: Code::new("G012"),
    name: "not-a-number",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A value that is no number.",
    why: "ODM stores numbers only.",
    mend: "Write a number.",
    example: Example::NONE,
};

static SYNONYM: Rule = Rule {
    code: Code::new("M005"),
    name: "synonym",
    severity: Severity::Warning,
    effect: Effect::Flagged,
    fix: Fixable::Safe,
    what: "A synonym of a term.",
    why: "ODM marks it.",
    mend: "Write the term.",
    example: Example::NONE,
};

const MATRIX: &str = "#1.2\n2\t2\nName\tDescription\tA\tB\nTP53\tna\tabc\t1.5\n試料\tna\t1\t<b>\n";

/// The files of the report, in memory.
struct Files;

impl Snippets for Files {
    fn around(&mut self, path: &str, byte: ByteOffset, before: usize, after: usize) -> Option<Around> {
        let bytes = MATRIX.as_bytes();
        let at = usize::try_from(byte.0)
            .ok()
            .filter(|&at| path == "a.gct" && at <= bytes.len())?;
        let start = at.saturating_sub(before);
        Some(Around {
            bytes: bytes[start..bytes.len().min(at + after)].to_vec(),
            at: at - start,
        })
    }
}

fn place(text: &str, line: u64, field: u64) -> Position {
    let byte = MATRIX.find(text).expect("the text is in the matrix");
    Position::field(
        LineNumber::new(line),
        FieldNumber::new(field),
        ByteOffset(byte as u64),
    )
}

fn report(overrides: Overrides, max_per_rule: usize) -> Report {
    let (matrix, samples): (Arc<str>, Arc<str>) = (Arc::from("a.gct"), Arc::from("s, 100%.tsv"));
    let mut collector = Collector::new(overrides, max_per_rule);
    collector.push(
        Diagnostic::new(&NOT_A_NUMBER, &matrix, "`abc` in sample `A` is not a number")
            .at(place("abc", 4, 3))
            .field("A")
            .value("abc")
            .help(
                "write a number, or leave the cell empty for a missing value, then run `odmkit check a.gct`",
            ),
    );
    collector.push(
        Diagnostic::new(&NOT_A_NUMBER, &matrix, "`<b>` in sample `B` is not a number").at(place("<b>", 5, 4)),
    );
    for line in [2, 5, 6, 7, 8, 9, 10] {
        collector.push(
            Diagnostic::new(
                &SYNONYM,
                &samples,
                "`man` is a synonym of `male` in attribute `Sex`\u{1b}",
            )
            .at(Position::field(
                LineNumber::new(line),
                FieldNumber::new(2),
                ByteOffset(line * 7),
            ))
            .odm_error("SYNONYM_ATTRIBUTE")
            .fix("write `male`")
            .cause("man"),
        );
    }
    let files = [Arc::clone(&matrix), Arc::clone(&samples)];
    let files_in_order = files.clone();
    let mut reports: Vec<FileReport> = files.into_iter().map(FileReport::new).collect();
    reports[0].kind = Some(FileKind::Expression);
    reports[0].format = Some(DataFormat::Gct12);
    (reports[0].features, reports[0].samples) = (2, 2);
    reports[1].kind = Some(FileKind::Samples);
    (reports[1].rows, reports[1].columns) = (9, 3);
    Report::new(
        reports,
        Vec::new(),
        collector.finish(&files_in_order),
        false,
        0.25,
    )
}

fn human(human: &Human, report: &Report) -> String {
    let mut out = Vec::new();
    human
        .write(report, &mut Files, &mut out)
        .expect("memory takes it");
    String::from_utf8(out).expect("it is text")
}

fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("memory takes it");
    String::from_utf8(out).expect("it is text")
}

#[test]
fn findings_stand_without_source_lines() {
    let mut out = Vec::new();
    Human::default()
        .write(&report(Overrides::new(), 20), &mut NoSnippets, &mut out)
        .expect("memory takes it");
    let text = String::from_utf8(out).expect("it is text");
    assert!(text.contains(" --> a.gct:4:3\n  = help:"), "{text}");
}

/// A report of two links: one whole, and one with hostile names of which some are not found.
fn linked() -> Report {
    let mut report = report(Overrides::new(), 20);
    let link = |from: &str, matched, unmatched: &[&str], unnamed: &[&str]| LinkReport {
        from: Arc::from(from),
        from_kind: FileKind::Expression,
        to: vec![Arc::from("s, 100%.tsv")],
        to_kind: FileKind::Samples,
        attribute: "Sample <Source> ID".to_owned(),
        names: matched + unmatched.len() as u64,
        matched,
        unmatched: unmatched.len() as u64,
        unnamed: unnamed.len() as u64,
        unmatched_names: unmatched.iter().map(|name| (*name).to_owned()).collect(),
        unnamed_records: unnamed.iter().map(|name| (*name).to_owned()).collect(),
    };
    report.links = vec![
        link("a.gct", 2, &[], &[]),
        link(
            "<img src=x>.gct",
            1,
            &["</td><script>"],
            &["S\n::error::", "b", "c", "d"],
        ),
    ];
    report
}

#[test]
fn every_form_says_how_the_files_hang_together() {
    let report = linked();
    let sentence = "a.gct to s, 100%.tsv by `Sample <Source> ID`: 2 of 2 names found";
    assert!(
        human(
            &Human {
                width: 200,
                ..Human::default()
            },
            &report
        )
        .contains(&format!("linked    {sentence}\n"))
    );

    let page = written(|out| write_html(&report, &mut NoSnippets, out));
    for cells in [
        "<tr><td>a.gct<td class=\"clean\">linked<td>s, 100%.tsv<td>Sample &lt;Source&gt; ID<td class=\"n\">2 of 2<td>none<td>none</tr>",
        "<tr><td>&lt;img src=x&gt;.gct<td class=\"rejected\">partial<td>s, 100%.tsv<td>Sample &lt;Source&gt; ID<td class=\"n\">1 of 2",
        "<td>1 (<code>&lt;/td&gt;&lt;script&gt;</code>)<td>4 (<code>S\\n::error::</code>, <code>b</code>, <code>c</code>, …)</tr>",
    ] {
        assert!(page.contains(cells), "{cells} is not in {page}");
    }

    let log: serde_json::Value =
        serde_json::from_str(&written(|out| write_sarif(&report, out))).expect("it is JSON");
    let links = &log["runs"][0]["properties"]["links"];
    assert_eq!(
        (&links[0]["matched"], &links[1]["unmatched"]),
        (&2.into(), &1.into()),
        "{links}"
    );

    let commands = written(|out| write_github(&report, out));
    let notices: Vec<&str> = commands
        .lines()
        .filter(|line| line.starts_with("::notice"))
        .collect();
    assert_eq!(
        notices,
        [
            "::notice file=a.gct,title=linked::a.gct to s, 100%25.tsv by `Sample <Source> ID`: 2 of 2 names found",
            "::notice file=<img src=x>.gct,title=partial::<img src=x>.gct to s, 100%25.tsv by `Sample <Source> ID`: 1 of \
             2 names found, not found: 1 (`</td><script>`); not named: 4 (`S\\n::error::`, `b`, `c`, …)",
        ]
    );
}
