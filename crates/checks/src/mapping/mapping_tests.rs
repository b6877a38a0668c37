//! Tests of the checks of mappings.

use std::sync::Arc;

use odmkit_core::LineNumber;
use odmkit_diagnostics::{Collector, Diagnostic, Overrides};
use odmkit_formats::table::read;

use super::*;
use crate::BlockStart;

const HEAD: &str = "TXNAME\tGENEID\n";

/// What is found in a mapping whose rows are scanned in blocks of so many lines.
fn check(text: &str, lines: usize) -> Vec<Diagnostic> {
    let path: Arc<str> = Arc::from("x.tsv");
    let mut sink = Collector::new(Overrides::default(), 100);
    let header = read(text.as_bytes(), true).expect("the text is whole");
    let body = &text[usize::try_from(header.body.byte.0).expect("it is small")..];
    if let Some(layout) = check_header(&path, &header, body.as_bytes(), &mut sink) {
        let mut state = MappingState::default();
        let mut start = BlockStart {
            line: header.body.line,
            byte: header.body.byte,
        };
        let all: Vec<&str> = body.split_inclusive('\n').collect();
        for block in all.chunks(lines.max(1)) {
            let text = block.concat();
            state.absorb(&layout, layout.scan(text.as_bytes()), &start, &mut sink);
            start.line = start.line.advanced(block.len() as u64);
            start.byte = start.byte.advanced(text.len());
        }
        state.finish(&layout, &mut sink);
    }
    sink.finish(&[path]).diagnostics
}

/// The findings in short: code, line, field, count.
fn short(text: &str) -> Vec<(&'static str, u64, Option<u64>, u64)> {
    check(text, usize::MAX)
        .iter()
        .map(|finding| {
            (
                finding.rule.code.as_str(),
                finding.line.map_or(0, LineNumber::get),
                finding.column.map(odmkit_core::FieldNumber::get),
                finding.count,
            )
        })
        .collect()
}

#[test]
fn a_transcript_in_many_rows_is_one_finding() {
    let text = format!("{HEAD}T1\tG1\nT2\tG1\nT1\tG1\nT1 \tG1\nT1\tG2\n");
    let found = check(&text, usize::MAX);
    assert_eq!(short(&text), [("X002", 4, Some(1), 3), ("T006", 5, Some(1), 1)]);
    let firsts = found[0]
        .related
        .iter()
        .filter(|place| place.message.contains("first"))
        .count();
    assert_eq!(firsts, 1, "{:?}", found[0].related);
    for lines in 1..6 {
        assert_eq!(format!("{found:#?}"), format!("{:#?}", check(&text, lines)));
    }
}

#[test]
fn another_gene_is_another_help() {
    let help = |gene: &str| check(&format!("{HEAD}T1\tG1\nT1\t{gene}\n"), 1)[0].help.clone();
    assert_ne!(help("G1"), help("G2"));
}

#[test]
fn columns_in_the_other_order_are_told_of_once() {
    let text = "GENEID\tTXNAME\nG1\tT1\nG1\tT2\nG1\t\n";
    assert_eq!(short(text), [("X001", 1, None, 1), ("X001", 4, Some(2), 1)]);
}

#[test]
fn rows_have_the_faults_that_rows_of_tables_have() {
    let text = format!("{HEAD}T1\tG1\t\n\nT2\nT3\t\"G1\"\n");
    assert_eq!(
        short(&text),
        [
            ("T007", 2, Some(3), 1),
            ("T005", 3, None, 1),
            ("T001", 4, Some(1), 1),
            ("T012", 5, Some(2), 1)
        ]
    );
    assert_eq!(short(HEAD), [("T008", 1, None, 1)]);
}
