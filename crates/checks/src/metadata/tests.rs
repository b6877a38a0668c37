use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use odmkit_core::FileKind;
use odmkit_diagnostics::Diagnostic;
use odmkit_template::{Dictionaries, Template};

use super::*;

/// What is found in a text, under the bundled template.
pub(super) fn found(kind: FileKind, text: &str) -> Vec<Diagnostic> {
    found_by(kind, text, &Template::bundled(), &Dictionaries::bundled())
}

/// What is found in a text, which must not depend on where blocks begin.
pub(super) fn found_by(
    kind: FileKind,
    text: &str,
    template: &Template,
    dictionaries: &Dictionaries,
) -> Vec<Diagnostic> {
    let path: Arc<str> = "t.tsv".into();
    let input = MetadataInput {
        path: &path,
        kind,
        describes: None,
        template,
        dictionaries,
        keep: &[],
        keep_all_up_to: 0,
    };
    let mut whole = Vec::new();
    check(&input, text.as_bytes(), &mut whole);
    let mut split = Vec::new();
    line_by_line(&input, text.as_bytes(), &mut split);
    assert_eq!(format!("{whole:#?}"), format!("{split:#?}"));
    whole
}

/// Checks with each line as a block of its own.
fn line_by_line(input: &MetadataInput<'_>, text: &[u8], sink: &mut Vec<Diagnostic>) {
    let mut lines = Lines::new(text);
    let Some(header) = lines.next() else { return };
    let plan = MetadataPlan::new(input, header.text, Position::START, sink);
    let mut state = MetadataState::new(&plan);
    let mut scratch = plan.scratch(Kernel::Portable);
    for (number, line) in lines.enumerate() {
        let start = BlockStart {
            line: LineNumber::new(2 + number as u64),
            byte: ByteOffset(line.start as u64),
        };
        state.absorb(
            &plan,
            plan.scan(&mut scratch, &text[line.start..line.end()]),
            &start,
        );
    }
    state.finish(&plan, sink);
}

/// Code, line, field, byte and count of each finding.
pub(super) fn brief(findings: &[Diagnostic]) -> Vec<String> {
    let one = |finding: &Diagnostic| {
        let mut text = finding.rule.code.to_string();
        let line = finding.line.map_or(0, LineNumber::get);
        let field = finding.column.map_or(0, odmkit_core::FieldNumber::get);
        let byte = finding.byte.map_or(0, |byte| byte.0);
        let _ = write!(text, " {line}:{field}@{byte}");
        if finding.count > 1 {
            let _ = write!(text, " x{}", finding.count);
        }
        text
    };
    findings.iter().map(one).collect()
}

pub(super) fn codes(kind: FileKind, text: &str) -> Vec<String> {
    brief(&found(kind, text))
}

/// Of the findings those with one code.
pub(super) fn only(code: &str, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings
        .into_iter()
        .filter(|finding| finding.rule.code.as_str() == code)
        .collect()
}

pub(super) fn help(finding: &Diagnostic) -> &str {
    finding.help.as_deref().unwrap_or_default()
}

#[test]
fn a_clean_samples_file_has_no_findings() {
    let text = "Sample Source ID\tSample Source\tSex\tAge\tAge Unit\nS1\tLab\tmale\t34\tyear\nS2\tLab\tfemale\t30.5\tyear\n";
    assert_eq!(codes(FileKind::Samples, text), Vec::<String>::new());
    assert_eq!(
        codes(FileKind::Samples, &text.replace('\n', "\r\n")),
        Vec::<String>::new()
    );
    assert_eq!(
        codes(FileKind::Samples, &text.replace('\n', "\r")),
        Vec::<String>::new()
    );
}

#[test]
fn each_required_attribute_is_missed_once() {
    let text = "Study Title\tStudy Source\nA trial\tGEO\n";
    let findings = found(FileKind::Study, text);
    assert_eq!(brief(&findings), ["M001 1:0@0", "M001 1:0@0"]);
    assert_eq!(findings[0].field.as_deref(), Some("Study Source ID"));
    assert_eq!(findings[0].odm_error, Some("MISSING_ATTRIBUTE"));
}

#[test]
fn blank_required_recommended_and_key_values_are_told_apart() {
    let text = "Study Title\tStudy Source\tStudy Source ID\tStudy Description\n\tGEO\t \td\n";
    assert_eq!(codes(FileKind::Study, text), ["M015 2:1@59", "M002 2:3@64"]);
    let text = "Sample Source\tSample Source ID\nLab\tS1\n\tS2\nLab\t\n\tS4\n";
    assert_eq!(codes(FileKind::Samples, text), ["M015 3:1@38 x2", "M016 4:2@46"]);
    let text = "Library ID\tSample Source ID\nL1\t\n";
    assert_eq!(codes(FileKind::Libraries, text), ["M016 2:2@31"]);
}

#[test]
fn duplicate_keys_name_the_first() {
    let text = "Sample Source ID\tSample Source\nS1\tx\nS2\tx\nS1\tx\n S1\tx\n";
    let findings = only("M013", found(FileKind::Samples, text));
    assert_eq!(brief(&findings), ["M013 4:1@41 x2"]);
    let related: Vec<(u64, &str)> = findings[0]
        .related
        .iter()
        .map(|one| (one.line.map_or(0, LineNumber::get), one.message.as_str()))
        .collect();
    assert_eq!(related, [(2, "`S1` stands here first")]);
    let also: Vec<u64> = findings[0].also.iter().map(|one| one.line.get()).collect();
    assert_eq!(also, [5]);
    let cells = "barcode\tbatch\nA\tS1\nA\tS2\nB\t\n";
    assert_eq!(codes(FileKind::Cells, cells), ["C001 3:1@19", "C001 4:2@26"]);
}

#[test]
fn study_and_data_metadata_have_one_record() {
    let header = "Study Title\tStudy Source\tStudy Source ID\tStudy Description\n";
    assert_eq!(codes(FileKind::Study, header), ["M009 1:0@0"]);
    let several = format!("{header}a\tb\tc\td\n\na\tb\tc\td\n");
    assert_eq!(codes(FileKind::Study, &several), ["T005 3:0@67", "M009 4:0@68"]);
    assert_eq!(
        codes(FileKind::ExpressionMetadata, "Genome Version\n"),
        ["M009 1:0@0"]
    );
    assert_eq!(
        codes(FileKind::Samples, "Sample Source ID\tSample Source\n"),
        ["T008 1:0@0"]
    );
}

#[test]
fn lists_are_judged_item_by_item() {
    let text = "Sample Source ID\tSample Source\tSex\nS1\tx\tmale|F\nS2\tx\tmale||female\nS3\tx\t|male\nS4\tx\tmale | female\n";
    assert_eq!(
        codes(FileKind::Samples, text),
        ["M005 2:3@40", "M011 3:3@52", "M011 4:3@70", "M011 5:3@81"]
    );
    let text = "Library ID\tSample Source ID\nL1\tS1 | S2\nL2\tS3| \n";
    assert_eq!(
        codes(FileKind::Libraries, text),
        ["L009 2:2@31", "M011 2:2@31", "M011 3:2@42", "T006 3:2@42"]
    );
}

#[test]
fn lists_of_a_group_have_one_length() {
    let text = "Sample Source ID\tSample Source\tDrug / Name\tDrug / Dose\nS1\tx\ta|b\t5\nS2\tx\ta|b\t\nS3\tx\ta|b\t1|2\nS4\tx\ta\t1|2|3\n";
    let findings = only("M014", found(FileKind::Samples, text));
    assert_eq!(brief(&findings), ["M014 2:0@55 x2"]);
    assert_eq!(
        findings[0].message,
        "the attributes of `Drug` have lists of different lengths: 1 and 2 items"
    );
}

#[test]
fn values_are_held_to_the_rules_of_every_table() {
    let text = "Sample Source ID\tSample Source\tSex\n10-Sep\tx\tmale \n2.31E+13\t\"x\"\t\"M\"\n\n";
    assert_eq!(
        codes(FileKind::Samples, text),
        [
            "T010 2:1@35",
            "T006 2:3@44",
            "T010 3:1@50",
            "T012 3:2@59",
            "T012 3:3@63",
            "T005 4:0@67"
        ]
    );
}

#[test]
fn bytes_that_are_not_utf8_are_read_as_far_as_they_go() {
    let path: Arc<str> = "t.tsv".into();
    let (template, dictionaries) = (Template::bundled(), Dictionaries::bundled());
    let input = MetadataInput {
        path: &path,
        kind: FileKind::Samples,
        describes: None,
        template: &template,
        dictionaries: &dictionaries,
        keep: &["Site".to_owned()],
        keep_all_up_to: 0,
    };
    let mut findings = Vec::new();
    let text = b"Sample Source ID\tSample Source\tSite\tSex\nS1\tx\tM\xF6lndal\tM\xE4nnlich\n\tx\ty\t\n";
    let summary = check(&input, text, &mut findings).expect("a header");
    assert_eq!((summary.rows, summary.columns, summary.missing), (2, 4, 2));
    let site = summary.column("Site").expect("kept");
    let (value, position) = site.get(0).expect("a value");
    assert_eq!(
        (value, position.line.get(), position.byte.0),
        ("M\u{FFFD}lndal", 2, 45)
    );
    assert_eq!(
        site.iter().map(|(value, _)| value.to_owned()).collect::<Vec<_>>(),
        ["M\u{FFFD}lndal", "y"]
    );
    assert_eq!(summary.column("Sample Source ID").map(KeptColumn::len), Some(2));
    assert!(summary.column("Sex").is_none());
}

#[test]
fn every_column_is_kept_of_a_small_file() {
    let path: Arc<str> = "t.tsv".into();
    let (template, dictionaries) = (Template::bundled(), Dictionaries::bundled());
    let names = |limit| {
        let input = MetadataInput {
            path: &path,
            kind: FileKind::Samples,
            describes: None,
            template: &template,
            dictionaries: &dictionaries,
            keep: &[],
            keep_all_up_to: limit,
        };
        let summary = check(
            &input,
            b"Sample Source ID\tSample Source\tSex\nS1\tx\tmale\nS2\tx\tmale\n",
            &mut Vec::new(),
        );
        summary.map(|summary| {
            summary
                .kept
                .iter()
                .map(|kept| (kept.name.clone(), kept.len()))
                .collect::<Vec<_>>()
        })
    };
    let of = |name: &str| (name.to_owned(), 2);
    assert_eq!(
        names(2),
        Some(vec![of("Sample Source ID"), of("Sample Source"), of("Sex")])
    );
    assert_eq!(names(1), Some(vec![of("Sample Source ID")]));
}

#[test]
fn many_distinct_values_are_counted_exactly() {
    let mut text = String::from("Sample Source ID\tSample Source\tSex\n");
    for row in 0..5000 {
        let _ = writeln!(text, "S{row}\tx\tword {row}");
    }
    let path: Arc<str> = "t.tsv".into();
    let (template, dictionaries) = (Template::bundled(), Dictionaries::bundled());
    let input = MetadataInput {
        path: &path,
        kind: FileKind::Samples,
        describes: None,
        template: &template,
        dictionaries: &dictionaries,
        keep: &[],
        keep_all_up_to: 0,
    };
    let mut findings = Vec::new();
    check(&input, text.as_bytes(), &mut findings);
    let findings = only("M004", findings);
    assert_eq!(findings.iter().map(|finding| finding.count).sum::<u64>(), 5000);
    assert_eq!(findings.len(), 4097);
}

#[test]
fn positions_are_exact_whatever_ends_the_lines() {
    let lines = [
        "Sample Source ID\tSample Source\tSex",
        "S1\tx\tM",
        "",
        "S2\tx\tmale",
        "S1\ty\tmale",
    ];
    for ends in [["\n"; 5], ["\r\n"; 5], ["\r"; 5], ["\r", "\n", "\r\n", "\r", ""]] {
        let text: String = lines
            .iter()
            .zip(ends)
            .flat_map(|(line, end)| [*line, end])
            .collect();
        let at = |line: usize| -> usize {
            lines
                .iter()
                .zip(ends)
                .take(line - 1)
                .map(|(line, end)| line.len() + end.len())
                .sum()
        };
        assert_eq!(
            codes(FileKind::Samples, &text),
            [
                format!("M005 2:3@{}", at(2) + 5),
                format!("T005 3:0@{}", at(3)),
                format!("M013 5:1@{}", at(5))
            ]
        );
    }
}

/// The published example studies, where they are at hand.
#[test]
fn the_example_studies_show_what_odm_would_flag() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/studies");
    let of = |kind, file: &str| {
        let text = std::fs::read(folder.join(file)).ok()?;
        Some(found(kind, &String::from_utf8(text).expect("UTF-8")))
    };
    let Some(libraries) = of(
        FileKind::Libraries,
        "study-samples-libraries-omics/Test.libraries.tsv",
    ) else {
        return;
    };
    let told = |code: &str, field: &str, count: u64| {
        assert!(
            libraries.iter().any(|finding| {
                finding.rule.code.as_str() == code
                    && finding.count == count
                    && (finding.field.as_deref() == Some(field) || finding.value.as_deref() == Some(field))
            }),
            "{code} {field}: {:#?}",
            brief(&libraries)
        );
    };
    told("T009", "Flow Cell", 1);
    told("M007", "RIN Value - RNA Fragmentation Efficiency", 1);
    told("M003", "199,205", 2);
    told("M003", "221,69", 1);
    told("M003", "7,5", 1);
    told("M004", "Tx", 3);
    told("M004", "Spatial RNA-Seq-1", 1);
    told("M004", "illumina NextSeq500", 2);
    assert!(
        libraries
            .iter()
            .all(|finding| finding.severity < odmkit_diagnostics::Severity::Error)
    );

    let samples = of(FileKind::Samples, "study-samples-omics/Test.samples.tsv").expect("samples");
    assert_eq!(
        brief(&only("M005", samples)),
        ["M005 2:3@78 x2", "M005 3:3@120 x2"].map(str::to_owned)
    );
    let study = of(FileKind::Study, "study-samples-omics/Test.study.tsv").expect("a study");
    assert_eq!(brief(&study), ["M001 1:0@0"]);
    let data = of(
        FileKind::ExpressionMetadata,
        "study-samples-omics/Test.expression.gct.tsv",
    )
    .expect("metadata");
    assert_eq!(brief(&data), ["M006 1:1@0"]);
    let short = of(
        FileKind::ExpressionMetadata,
        "study-variants/Example.expression.gct.tsv",
    )
    .expect("metadata");
    assert_eq!(brief(&only("T001", short)).len(), 1);
}

#[test]
fn quotes_that_are_not_closed_are_told() {
    let text = "Sample Source ID\tSample Source\nS3\t\"abc\nS4\tabc\"\n";
    assert_eq!(codes(FileKind::Samples, text), ["T012 2:2@34"]);
    let text = "\"Sample Source ID\"\t\"Sample Source\"\t\"Sex\"\n\"S1\"\t\"GEO\"\t\"male\"\n";
    let findings = found(FileKind::Samples, text);
    let mut causes: Vec<_> = findings
        .iter()
        .map(|one| (one.rule.code.as_str(), one.cause.clone()))
        .collect();
    causes.dedup();
    assert_eq!(causes.len(), 1, "{causes:?}");
}

#[test]
fn ids_with_blanks_that_nobody_sees_are_told() {
    let text = "Sample Source ID\tSample Source\tSex\nS1\tc\tmale\nS1\u{A0}\tc\tmale\u{A0}\nS\u{A0}2\tc\tmale\nS  2\tc\tmale\nS 3\tc\tmale\n";
    let findings = found(FileKind::Samples, text);
    assert_eq!(brief(&findings), ["T009 3:1@45 x3", "T006 3:3@52"]);
}

#[test]
fn a_literal_pipe_with_blanks_is_one_finding() {
    let text = "Sample Source ID\tSample Source\tSample Name\nS1\tc\ta || b\nS2\tc\ta | b\n";
    let findings = found(FileKind::Samples, text);
    assert_eq!(brief(&findings), ["M011 2:3@48", "M011 3:3@60"]);
}

#[test]
fn a_value_of_blanks_that_ascii_does_not_know_is_blank() {
    let text = "Sample Source ID\tSample Source\nS1\t\u{a0}\n \u{a0}\tclinic\n";
    assert_eq!(codes(FileKind::Samples, text), ["M015 2:2@34", "M016 3:1@37"]);
}

#[test]
fn what_cannot_be_seen_is_told_of_plain_text_too() {
    let text = "Sample Source ID\tSample Source\nS1\u{7}\tcli\u{b}nic\nS2\u{b}\tx\n";
    assert_eq!(
        codes(FileKind::Samples, text),
        ["T009 2:1@31", "T009 2:2@35", "T006 3:1@43"]
    );
}

#[test]
fn a_text_that_was_read_in_another_encoding_is_told() {
    let text = "Sample Source ID\tSample Source\nS1\tK\u{c3}\u{b6}ln\nS2\tK\u{f6}ln\n";
    let findings = found(FileKind::Samples, text);
    assert_eq!(brief(&findings), ["T014 2:2@34"]);
    assert!(
        help(&findings[0]).starts_with("write K\u{f6}ln,"),
        "{}",
        help(&findings[0])
    );
}

#[test]
fn blanks_around_the_values_of_many_columns_are_one_cause() {
    let causes = |text: &str| {
        let mut causes: Vec<_> = found(FileKind::Samples, text)
            .into_iter()
            .filter_map(|finding| finding.cause)
            .collect();
        causes.dedup();
        causes.len()
    };
    assert_eq!(
        causes("Sample Source ID\tSample Source\tSex\nS1 \tx \tmale \n"),
        1
    );
    assert_eq!(causes("Sample Source ID\tSample Source\tSex\nS1 \tx \tmale\n"), 2);
}

#[test]
fn keys_of_which_a_spreadsheet_made_one_are_one_cause() {
    let text = "Sample Source ID\tSample Source\n2.31E+13\tx\n2.31E+13\tx\n2.32E+13\tx\n";
    let findings = found(FileKind::Samples, text);
    assert_eq!(brief(&findings), ["M013 3:1@42"]);
    assert!(help(&findings[0]).contains("rounded"));
}

#[test]
fn terms_with_another_separator_are_a_list() {
    let text = "Sample Source ID\tSample Source\tSex\nS1\tx\tmale; female\nS2\tx\tmale/other\n";
    let findings = found(FileKind::Samples, text);
    assert!(
        help(&findings[0]).starts_with("write male|female"),
        "{}",
        help(&findings[0])
    );
    assert!(!help(&findings[1]).contains('|'));
}
