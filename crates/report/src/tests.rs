//! The renderers, each on the same report.

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
fn people_get_the_place_the_line_and_what_to_do() {
    let text = human(
        &Human {
            next: Some("odmkit rules G012".to_owned()),
            ..Human::default()
        },
        &report(Overrides::new(), 20),
    );
    assert_eq!(
        text,
        "\
error[G012] not-a-number: `abc` in sample `A` is not a number
 --> a.gct:4:3
  |
4 | TP53→na→abc→1.5
  |         ^^^
  = help: write a number, or leave the cell empty for a missing value, then run
    `odmkit check a.gct`

error[G012] not-a-number: `<b>` in sample `B` is not a number
 --> a.gct:5:4
  |
5 | 試料→na→1→<b>
  |           ^^^

warning[M005] synonym: `man` is a synonym of `male` in attribute `Sex`\\u{1b}
 --> s, 100%.tsv:2:2
  = help: write `male`
  = also in lines 5, 6, 7, 8 and 2 more, up to line 10

rejected  a.gct        expression, gct-1.2, 2 features, 2 samples
flagged   s, 100%.tsv  samples, 9 rows, 3 columns

rejected: 2 errors and 7 warnings in 2 files. Next: `odmkit rules G012`
"
    );
}

#[test]
fn a_cap_is_said_and_counts_stay_exact() {
    let text = human(&Human::default(), &report(Overrides::new(), 1));
    assert!(
        text.contains("\nand 1 more of G012, 2 in all (`--max-per-rule` shows more)\n"),
        "{text}"
    );
    assert!(text.ends_with("rejected: 2 errors and 7 warnings in 2 files; ODM would refuse this\n"));

    let none = report(Overrides::new(), 0);
    let text = human(&Human::default(), &none);
    assert!(text.contains("and 7 more of M005, 7 in all"), "{text}");
    assert_eq!(
        verdict::of_file(&none, &none.files[0]),
        None,
        "nothing is known of a single file"
    );
}

#[test]
fn quiet_leaves_out_the_files_and_verbose_adds_why() {
    let report = report(Overrides::new(), 20);
    let quiet = human(
        &Human {
            detail: Detail::Quiet,
            ..Human::default()
        },
        &report,
    );
    assert!(
        !quiet.contains("2 features") && quiet.contains("error[G012]"),
        "{quiet}"
    );
    let verbose = human(
        &Human {
            detail: Detail::Verbose,
            ..Human::default()
        },
        &report,
    );
    assert!(
        verbose.contains("  = why: ODM stores numbers only.\n"),
        "{verbose}"
    );
}

#[test]
fn the_verdict_has_its_own_words_for_each_case() {
    let allow = |prefix: &str| Overrides::new().allow(Selector::Prefix(prefix.to_owned()));
    let sentence = |overrides| verdict::sentence(&report(overrides, 20));
    assert_eq!(
        sentence(allow("G")),
        "flagged: 7 warnings in 2 files; ODM would take them all the same"
    );
    assert_eq!(
        sentence(allow("G").allow(Selector::Prefix("M".to_owned()))),
        "clean: nothing in 2 files that ODM would reject or flag"
    );
    assert_eq!(
        sentence(allow("G").strict(true)),
        "rejected: 7 errors in 2 files by the severities asked for; ODM itself would take this"
    );
    assert_eq!(
        sentence(Overrides::new().warn(Selector::Prefix("G".to_owned()))),
        "flagged: 9 warnings in 2 files by the severities asked for; ODM itself would refuse this"
    );
    assert_eq!(
        sentence(allow("M")),
        "rejected: 2 errors in 2 files; ODM would refuse this"
    );
}

#[test]
fn colour_is_a_flag_and_changes_no_word() {
    let report = report(Overrides::new(), 20);
    let plain = human(&Human::default(), &report);
    let coloured = human(
        &Human {
            color: true,
            ..Human::default()
        },
        &report,
    );
    assert!(!plain.contains('\x1b'));
    assert!(coloured.contains("\x1b[1;31merror[G012]\x1b[0m"), "{coloured}");
    let mut stripped = coloured;
    for code in [
        "\x1b[1;31m",
        "\x1b[1;33m",
        "\x1b[1;36m",
        "\x1b[1;32m",
        "\x1b[1m",
        "\x1b[34m",
        "\x1b[0m",
    ] {
        stripped = stripped.replace(code, "");
    }
    assert_eq!(stripped, plain);
}

#[test]
fn json_has_the_fields_of_the_contract_in_their_order() {
    let report = report(Overrides::new(), 20);
    let text = written(|out| write_json(&report, out));
    let value: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(
        keys(&value),
        ["schema", "tool", "files", "links", "diagnostics", "summary"]
    );
    assert_eq!(value["schema"], "odmkit.report/1");
    assert_eq!(value["tool"]["name"], "odmkit");
    assert_eq!(
        keys(&value["files"][0]),
        [
            "path",
            "kind",
            "format",
            "compression",
            "bytes",
            "rows",
            "columns",
            "features",
            "samples",
            "feature_attributes",
            "measurements",
            "missing"
        ]
    );
    assert_eq!(
        keys(&value["diagnostics"][0]),
        [
            "code",
            "name",
            "severity",
            "effect",
            "message",
            "help",
            "path",
            "line",
            "column",
            "byte",
            "field",
            "value",
            "count",
            "odm_error",
            "fix",
            "related"
        ]
    );
    assert_eq!(
        keys(&value["summary"]),
        [
            "verdict",
            "errors",
            "warnings",
            "infos",
            "by_code",
            "truncated",
            "elapsed_seconds"
        ]
    );
    assert_eq!(value["files"][0]["kind"], "expression");
    assert_eq!(value["files"][0]["format"], "gct-1.2");
    assert_eq!(value["files"][0]["compression"], "none");
    let first = &value["diagnostics"][0];
    assert_eq!(first["effect"], "rejected");
    assert_eq!(
        (&first["line"], &first["column"], &first["byte"]),
        (&4.into(), &3.into(), &38.into())
    );
    assert_eq!(first["fix"], serde_json::Value::Null);
    let folded = &value["diagnostics"][2];
    assert_eq!(folded["count"], 7);
    assert_eq!(folded["odm_error"], "SYNONYM_ATTRIBUTE");
    assert_eq!(
        folded["fix"],
        serde_json::json!({"safe": true, "title": "write `male`"})
    );
    assert_eq!(
        folded["related"][0],
        serde_json::json!({"path": "s, 100%.tsv", "line": 5, "message": "also at field 2"})
    );
    assert_eq!(
        value["summary"]["by_code"],
        serde_json::json!({"G012": 2, "M005": 7})
    );
}

#[test]
fn json_lines_are_files_then_findings_then_the_summary() {
    let report = report(Overrides::new(), 20);
    let text = written(|out| write_jsonl(&report, out));
    let types: Vec<String> = text
        .lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
            value["type"].as_str().expect("it says what it is").to_owned()
        })
        .collect();
    assert_eq!(
        types,
        [
            "file",
            "file",
            "diagnostic",
            "diagnostic",
            "diagnostic",
            "summary"
        ]
    );
    let last = text.lines().last().expect("a summary");
    assert!(
        last.starts_with(r#"{"type":"summary","schema":"odmkit.report/1","tool":{"name":"odmkit""#),
        "{last}"
    );
    assert!(last.contains(r#""verdict":"rejected","errors":2"#), "{last}");
}

#[test]
fn sarif_names_rules_once_and_places_by_line() {
    let text = written(|out| write_sarif(&report(Overrides::new(), 20), out));
    let log: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules: Vec<_> = run["tool"]["driver"]["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .map(|r| &r["id"])
        .collect();
    assert_eq!(rules, ["G012", "M005"]);
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 3);
    let location = &results[2]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "s%2C%20100%25.tsv");
    assert_eq!(location["region"], serde_json::json!({"startLine": 2}));
    assert_eq!(results[2]["level"], "warning");
    assert_eq!(results[2]["occurrenceCount"], 7);
}

#[test]
fn workflow_commands_escape_their_separators() {
    let text = written(|out| write_github(&report(Overrides::new(), 20), out));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[1],
        "::error file=a.gct,line=5,title=G012 not-a-number::`<b>` in sample `B` is not a number"
    );
    assert!(
        lines[2].starts_with("::warning file=s%2C 100%25.tsv,line=2,title=M005 synonym::"),
        "{}",
        lines[2]
    );
    assert!(lines[2].ends_with("%0A7 times in this file"), "{}", lines[2]);
    assert!(lines[3].starts_with("rejected: "));
}

#[test]
fn a_page_escapes_what_files_say_and_asks_for_nothing() {
    let text = written(|out| write_html(&report(Overrides::new(), 20), &mut Files, out));
    assert!(text.starts_with("<!doctype html>"));
    assert!(text.contains("<mark>&lt;b&gt;</mark>"), "{text}");
    assert!(!text.contains("<b>") && !text.contains('\u{1b}'));
    for outside in ["http:", "https:", "<script", "<link", "url("] {
        assert!(!text.contains(outside), "{outside}");
    }
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
