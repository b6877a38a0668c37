//! A slow, obvious twin of the scan, and texts that nobody would write.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use odmkit_core::{FieldNumber, FileKind};
use odmkit_diagnostics::Diagnostic;
use odmkit_template::{Dictionaries, Template};
use proptest::prelude::*;

use super::*;

static JUDGE: LazyLock<(Template, Dictionaries)> =
    LazyLock::new(|| (Template::bundled(), Dictionaries::bundled()));

/// Code, first line, first field and byte, and count.
type Found = (String, u64, u64, u64, u64);

/// Judges a text in blocks that end after the lines that `cuts` marks.
fn fast(text: &[u8], cuts: &[bool]) -> (Vec<Diagnostic>, MetadataSummary) {
    let (template, dictionaries) = &*JUDGE;
    let path: Arc<str> = "t.tsv".into();
    let input = MetadataInput {
        path: &path,
        kind: FileKind::Samples,
        describes: None,
        template,
        dictionaries,
        keep: &[],
        keep_all_up_to: 0,
    };
    let mut findings = Vec::new();
    let mut lines = Lines::new(text);
    let header = lines.next().expect("a header");
    let plan = MetadataPlan::new(&input, header.text, Position::START, &mut findings);
    let mut state = MetadataState::new(&plan);
    let mut scratch = plan.scratch(Kernel::best());
    let (mut from, mut first) = (header.end(), 2);
    let ends: Vec<usize> = lines.map(|line| line.end()).collect();
    for (number, end) in ends.iter().enumerate() {
        let last = number + 1 == ends.len();
        if last || cuts.get(number).copied().unwrap_or(false) {
            let start = BlockStart {
                line: LineNumber::new(first),
                byte: ByteOffset(from as u64),
            };
            state.absorb(&plan, plan.scan(&mut scratch, &text[from..*end]), &start);
            (from, first) = (*end, number as u64 + 3);
        }
    }
    let summary = state.finish(&plan, &mut findings);
    (findings, summary)
}

/// The same for `Sample Source ID`, `Sample Source`, `Sex`, in as many words as it takes.
fn slow(text: &str) -> (BTreeMap<String, Found>, u64, u64) {
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    let mut add = |code: &str, cause: String, line: u64, field: u64, byte: usize| {
        found
            .entry(format!("{code} {cause}"))
            .or_insert((code.to_owned(), line, field, byte as u64, 0))
            .4 += 1;
    };
    let (mut rows, mut missing) = (0, 0);
    // The rows that may be parts of cells with line breaks, and the quotes that begin such cells.
    let mut parts: Vec<(u8, [u64; 3])> = Vec::new();
    let mut opened: Vec<[u64; 3]> = Vec::new();
    let mut notes: Vec<(u64, usize)> = Vec::new();
    let mut ends = false;
    let mut keys: Vec<String> = Vec::new();
    let mut byte = 0;
    for (number, line) in text.split('\n').enumerate() {
        let at = byte;
        byte += line.len() + 1;
        let number = number as u64 + 1;
        if number == 1 || (at == text.len() && line.is_empty()) {
            continue;
        }
        if line.chars().all(|character| matches!(character, ' ' | '\t')) {
            add("T005", String::new(), number, 0, at);
            continue;
        }
        if !line.contains(['\t', '"']) && line.split_whitespace().count() > 2 {
            notes.push((number, at));
            continue;
        }
        rows += 1;
        let fields: Vec<&str> = line.split('\t').collect();
        let beyond = fields.iter().skip(3).any(|field| !field.trim().is_empty());
        let start_of = |index: usize| at + fields[..index].iter().map(|field| field.len() + 1).sum::<usize>();
        let quotes = |text: &str| text.matches('"').count() % 2 == 1;
        let opens = |text: &str| text.starts_with('"') && quotes(text);
        let is_short = fields.len() < 3;
        let is_end = is_short && quotes(fields[0].trim()) && !opens(fields[0].trim());
        let is_part = is_end || (is_short && fields.len() == 1);
        if beyond {
            add("T001", fields.len().to_string(), number, 4, start_of(3));
        } else if is_short {
            let last = fields.len() - 1;
            let place = [number, last as u64 + 1, start_of(last) as u64];
            missing += 3 - fields.len() as u64;
            ends |= is_end;
            let begins = !is_part && opens(fields[last].trim());
            if is_part || begins {
                parts.push((u8::from(is_end) + 2 * u8::from(begins), place));
            } else {
                add(
                    "T001",
                    fields.len().to_string(),
                    place[0],
                    place[1],
                    start_of(last),
                );
            }
        }
        let mut field_at = at;
        for (index, field) in fields.iter().enumerate() {
            let (here, place) = (field_at, index as u64 + 1);
            field_at += field.len() + 1;
            let value = field.trim();
            if index == 3 && !beyond {
                add("T007", String::new(), number, place, here);
            }
            if index > 2 {
                break;
            }
            if index == 0 && !value.is_empty() && !is_end {
                if keys.iter().any(|key| key == value) {
                    add("M013", value.to_owned(), number, place, here);
                }
                keys.push(value.to_owned());
            }
            if value.is_empty() {
                missing += 1;
            }
            if beyond || is_part {
                continue;
            }
            if !value.is_empty() && !opens(value) && value.len() < field.len() {
                add("T006", place.to_string(), number, place, here);
            }
            let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            if inner.is_some_and(|inner| !inner.replace("\"\"", "").contains('"')) {
                add("T012", format!("quoted {place}"), number, place, here);
                continue;
            }
            if opens(value) {
                opened.push([number, place, here as u64]);
                continue;
            }
            match (value.is_empty(), index) {
                (true, 0) => add("M016", String::new(), number, place, here),
                (true, 1) => add("M015", String::new(), number, place, here),
                (true, _) => {}
                (false, _) => {
                    if index == 0 && value.contains("  ") {
                        add("T009", String::new(), number, place, here);
                    }
                    if index == 2 {
                        match value {
                            "M" => add("M005", value.to_owned(), number, place, here),
                            "male" | "N/A" => {}
                            other => add("M004", other.to_owned(), number, place, here),
                        }
                    }
                }
            }
        }
    }
    let is_torn = ends && !opened.is_empty();
    let as_usize = |byte: u64| usize::try_from(byte).expect("a byte of the text");
    for (kind, [line, field, byte]) in &parts {
        if !is_torn {
            add(
                "T001",
                format!("part {kind} {field}"),
                *line,
                *field,
                as_usize(*byte),
            );
        } else if *kind == 1 {
            let [line, field, byte] = opened[0];
            add("T001", "torn".to_owned(), line, field, as_usize(byte));
        }
    }
    for [line, field, byte] in opened.iter().filter(|_| !is_torn) {
        add("T012", field.to_string(), *line, *field, as_usize(*byte));
    }
    for (line, byte) in notes.iter().filter(|_| !is_torn) {
        add("T001", "note".to_owned(), *line, 1, *byte);
    }
    if rows == 0 && notes.is_empty() {
        add("T008", String::new(), 1, 0, 0);
    }
    (found, rows, missing)
}

fn places(findings: &[Diagnostic]) -> Vec<Found> {
    let mut all: Vec<Found> = findings
        .iter()
        .map(|finding| {
            (
                finding.rule.code.to_string(),
                finding.line.map_or(0, LineNumber::get),
                finding.column.map_or(0, FieldNumber::get),
                finding.byte.map_or(0, |byte| byte.0),
                finding.count,
            )
        })
        .collect();
    all.sort();
    all
}

const WORDS: &[&str] = &[
    "S1", "S2", "M", "male", "N/A", "blue", "\t", "\t", "\t", "\n", "\n", " ", "\"a", "b\"",
];

const ANYTHING: &[&str] = &[
    "S1",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "|",
    "||",
    " ",
    "\"",
    "7,5",
    "é",
    "\u{a0}",
    "Sex",
    "Sample Source ID",
    "M",
    "Drug / Day",
    "Drug / Dose",
    "10-Sep",
    "Age",
    "Read Length",
];

proptest! {
    #[test]
    fn the_scan_agrees_with_its_twin(
        words in prop::collection::vec(prop::sample::select(WORDS), 0..60),
        cuts in prop::collection::vec(any::<bool>(), 60),
    ) {
        let text = format!("Sample Source ID\tSample Source\tSex\n{}", words.concat());
        let (findings, summary) = fast(text.as_bytes(), &cuts);
        let (expected, rows, missing) = slow(&text);
        let mut expected: Vec<Found> = expected.into_values().collect();
        expected.sort();
        prop_assert_eq!(places(&findings), expected);
        prop_assert_eq!((summary.rows, summary.missing), (rows, missing));
    }

    #[test]
    fn any_text_is_judged_the_same_in_any_blocks(
        words in prop::collection::vec(prop::sample::select(ANYTHING), 1..80),
        cuts in prop::collection::vec(any::<bool>(), 80),
    ) {
        let text = words.concat();
        let (in_one, summary) = fast(text.as_bytes(), &[]);
        let (in_many, _) = fast(text.as_bytes(), &cuts);
        prop_assert_eq!(format!("{in_one:?}"), format!("{in_many:?}"));
        prop_assert!(in_one.iter().all(|one| one.byte.is_none_or(|byte| byte.0 <= text.len() as u64)));
        prop_assert!(summary.kept.iter().all(|kept| kept.len() as u64 == summary.rows));
    }

    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 1..200)) {
        fast(&bytes, &[true, false, true]);
    }
}
