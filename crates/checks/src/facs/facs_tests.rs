//! Tests of the checks of flow cytometry tables.

use std::sync::Arc;

use odmkit_core::LineNumber;
use odmkit_diagnostics::{Collector, Diagnostic, Overrides};
use odmkit_formats::table::read;
use proptest::prelude::*;

use super::*;
use crate::BlockStart;

const HEAD: &str = "Sample\tCellPopulation\tReadoutType\tColor/Marker\tValue\n";

/// What is found in a table whose rows are scanned in blocks of so many lines.
fn check(text: &str, lines: usize) -> (Vec<Diagnostic>, Option<FacsSummary>) {
    let path: Arc<str> = Arc::from("x.facs");
    let mut sink = Collector::new(Overrides::default(), 100);
    let header = read(text.as_bytes(), true).expect("the text is whole");
    let mut summary = None;
    let body = &text[usize::try_from(header.body.byte.0).expect("it is small")..];
    if let Some(layout) = check_header(&path, &header, body.as_bytes(), &mut sink) {
        let mut state = FacsState::default();
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
        summary = Some(state.finish(&layout, &mut sink));
    }
    (sink.finish(&[path]).diagnostics, summary)
}

/// The findings in short: code, line, field, count.
fn short(text: &str) -> Vec<(&'static str, u64, Option<u64>, u64)> {
    check(text, usize::MAX)
        .0
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
fn samples_are_listed_once_with_their_first_places() {
    let text = format!(
        "{HEAD}M-1\tLive\tCount\t\t5\nM-2\tLive\tCount\t\t6\n M-1\tDead\tCount\t\t7\nM-3\tLive\tCount\t\t8\n"
    );
    for lines in [1, 2, usize::MAX] {
        let (found, summary) = check(&text, lines);
        assert_eq!(found.len(), 1, "the blank before M-1 is told of: {found:?}");
        let summary = summary.expect("it can be read");
        assert_eq!(summary.rows, 4);
        let samples: Vec<(&str, u64)> = summary
            .samples
            .iter()
            .map(|(name, position)| (name.as_str(), position.line.get()))
            .collect();
        assert_eq!(samples, [("M-1", 2), ("M-2", 3), ("M-3", 5)]);
    }
}

#[test]
fn a_misnamed_column_is_one_finding_and_its_cells_are_judged() {
    let text = format!("{}M-1\tLive\tCount\t\tmany\n", HEAD.replace("Value", "VALUE"));
    assert_eq!(short(&text), [("K001", 1, Some(5), 1), ("K002", 2, Some(5), 1)]);
}

#[test]
fn an_absent_column_is_not_found_missing_in_every_row() {
    let text = "Sample\tCellPopulation\tReadoutType\tColor/Marker\nM-1\tLive\tCount\t\nM-1\tDead\tCount\t\n";
    assert_eq!(short(text), [("K001", 1, None, 1)]);
}

#[test]
fn rows_have_the_faults_that_rows_of_tables_have() {
    let text =
        format!("{HEAD}M-1\tLive\tCount\t\t5\t\t\n\nM-1\tLive\tCount\n\"M-1\"\tLive\tCount\t\t1e400\n");
    assert_eq!(
        short(&text),
        [
            ("T007", 2, Some(6), 1),
            ("T005", 3, None, 1),
            ("T001", 4, Some(3), 1),
            ("T012", 5, Some(1), 1),
            ("T011", 5, Some(5), 1)
        ]
    );
    assert_eq!(short(HEAD), [("T008", 1, None, 1)]);
}

#[test]
fn the_rarer_spelling_of_counts_is_told_of() {
    let row = |readout: &str| format!("M-1\tLive\t{readout}\t\t5\n");
    let text = format!("{HEAD}{}{}{}", row("Count"), row("Counts"), row("Counts"));
    assert_eq!(short(&text), [("K003", 2, Some(3), 1)]);
    let text = format!("{HEAD}{}{}{}", row("Counts"), row("Median"), row("Counts"));
    assert_eq!(short(&text), []);
}

proptest! {
    /// Wherever the blocks are cut, the same is found at the same places.
    #[test]
    fn blocks_make_no_difference(
        rows in prop::collection::vec(
            prop::sample::select(vec![
                "M-1\tLive\tCount\t\t5\n", "M-2\tLive\tCounts\tX\t5.5\n", "\tLive\tMean\t\tNA\n",
                "M-3\t\tMedian\t\t1,5\n", " M-4\tLive\tPercentage\t\t40%\n", "\n", "M-5\tLive\n",
                "M-6\tLive\tCount\t\t5\t\t\n",
            ]),
            1..30,
        ),
        size in 1..9_usize,
    ) {
        let text = format!("{HEAD}{}", rows.concat());
        let (whole, parts) = (check(&text, usize::MAX), check(&text, size));
        prop_assert_eq!(format!("{:#?}", whole.0), format!("{:#?}", parts.0));
        prop_assert_eq!(whole.1, parts.1);
    }
}
