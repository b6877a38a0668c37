use std::sync::Arc;

use odmkit_columns::batch::ValueOrder;
use odmkit_columns::kernel::Kernel;
use odmkit_columns::rows::RowShape;
use odmkit_core::{ByteOffset, LineNumber, Position};
use odmkit_diagnostics::Diagnostic;
use odmkit_formats::{HeaderLine, Lines};
use proptest::prelude::*;

use super::{
    GctFacts, HeaderAgain, MatrixKind, MatrixLayout, MatrixPartial, MatrixState, RowWatch, ScanBuffers,
};
use crate::BlockStart;
use crate::text::{self, TextPartial, TextState};

fn layout(kind: MatrixKind, columns: usize, features: usize) -> MatrixLayout {
    let names: Vec<String> = (0..columns).map(|column| format!("c{column}")).collect();
    MatrixLayout {
        path: Arc::from("a.gct"),
        kind,
        names: HeaderLine::read(names.join("\t").as_bytes(), LineNumber::new(3), ByteOffset(10)),
        features,
        described: kind == MatrixKind::Gct && features == 2,
        text_columns: Vec::new(),
        copies: Vec::new(),
        doubtful_until: None,
        mixed_columns: Vec::new(),
        seeming_features: None,
        second_header: None,
        has_row_names: false,
        returns_cut: true,
        header_again: HeaderAgain::BySamples,
        declared_rows: Some((3, Position::START)),
        gct: GctFacts::default(),
    }
}

/// Everything that is said of a block, in words.
fn words(layout: &MatrixLayout, partial: MatrixPartial, text: TextPartial) -> String {
    let start = BlockStart {
        line: LineNumber::new(4),
        byte: ByteOffset(100),
    };
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut state = MatrixState::new(layout, 1 << 20);
    state
        .absorb(layout, partial, &start, &mut found)
        .expect("few names");
    state.find_repeated(layout, &mut found).expect("few names");
    let summary = state.finish(layout, &mut found);
    let mut as_text = TextState::default();
    let lines = text.lines();
    as_text.absorb(text, &start);
    as_text.finish(&layout.path, &mut found);
    format!("{summary:?} {lines} {found:#?}")
}

/// The scan without a step over more than one line.
fn line_by_line(layout: &MatrixLayout, block: &[u8]) -> MatrixPartial {
    let mut partial = layout.empty_partial();
    for line in Lines::new(block) {
        if line.is_blank() {
            partial.add_blank_lines(&line, 1);
        } else {
            layout.scan_line(&line, &mut super::scan::Row::default(), &mut partial);
        }
    }
    partial
}

fn agree(layout: &MatrixLayout, block: &[u8]) {
    let expected = words(layout, line_by_line(layout, block), text::scan(block));
    assert_eq!(words(layout, layout.scan(block), text::scan(block)), expected);
    let mut buffers = ScanBuffers::default();
    for kernel in Kernel::available() {
        for _ in 0..2 {
            let (partial, text) = layout.scan_fast(kernel, block, &mut buffers);
            assert_eq!(
                words(layout, partial, text),
                expected,
                "{kernel:?} {:?}",
                String::from_utf8_lossy(block)
            );
            let (partial, text) = watched(layout, kernel, block, &mut buffers);
            assert_eq!(
                words(layout, partial, text),
                expected,
                "watched, {kernel:?} {:?}",
                String::from_utf8_lossy(block)
            );
        }
    }
}

/// The scan of rows that are read at the same time.
fn watched(
    layout: &MatrixLayout,
    kernel: Kernel,
    block: &[u8],
    buffers: &mut ScanBuffers,
) -> (MatrixPartial, TextPartial) {
    let shape = RowShape {
        width: layout.width(),
        numeric_features: vec![false; layout.features],
    };
    let mut watch = RowWatch::new(layout, buffers);
    let order = ValueOrder::ColumnMajor;
    let parsed = shape.parse_watched(kernel, block, order, &mut Vec::new(), &mut watch);
    let found = watch.finish(kernel, block);
    if let Ok(parsed) = parsed {
        assert_eq!(parsed.batch.rows as u64, found.0.rows);
    }
    found
}

#[test]
fn no_damaged_identifier_is_passed_over() {
    use crate::rules::t010_spreadsheet_damage::judge;
    for text in [
        "10-Sep",
        "1-Mar",
        "Mar-01",
        "Sep-2010",
        "2.31E+13",
        "1E+10",
        "2.310009E+13",
    ] {
        assert!(
            judge(text).is_some() && super::cells::may_be_damaged(text.as_bytes()),
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn no_identifier_is_passed_over_that_would_be_judged(text in "[0-9A-Za-z.+-]{0,14}|[0-9]{1,2}-(jan|Sep)|[0-9]\\.[0-9]{0,8}E\\+[0-9]{2}") {
        use crate::rules::t010_spreadsheet_damage::judge;
        prop_assert!(judge(&text).is_none() || super::cells::may_be_damaged(text.as_bytes()));
    }
}

#[test]
fn tricky_blocks_are_scanned_alike() {
    let blocks: [&[u8]; 31] = [
        b"a\tb\t1\t2\t\t\nc\td\t3\t4\t\n",
        b"a\tb\t\t\t\t\t\r\nc\td\t\t4\t\r\n",
        b"a\tb\t1\tx\t\t\nc\td\tNA\t1,5\t",
        b"a\tb\t1\t2\t \t\nc\td\t3\t4\t\t \n",
        b"a\tb\t1\t2\t\t5\t\n",
        b"a\t\t\t\t\t\t\n\t\t\t\t\t\t\n",
        b"",
        b"\n",
        b"\n\n\n",
        b"a\tb\t1\t2\n",
        b"a\tb\t1\t2",
        b"a\tb\t1\t2\r\nc\td\t\t\r\n",
        b"a\tb\t1\t2\r\nc\td\t3\t4\n",
        b"a\tb\t1\t2\rc\td\t3\t4\r",
        b"a\tb\n\nc\td\t1\t2\n",
        b"a\n\n\nc\td\t1\t2\n",
        b"a\tb\t1\nc\td\t1\t2\n",
        b"a\tb\t1\t2\t\t\nc\td\t1\t2\t\n",
        b"\t\t\t\nc\td\t1\t2\n",
        b"\td\t1\t2\n \td\t1\t2\n",
        b"a\t\t\t\nb\t\t\t1\n",
        b"a\tb\t-\t.\nb\tc\t1.\t.5\nb\tc\t-.5\t1..2\n",
        b"a\tb\tNA\tnan\nb\tc\tInf\t1e5\nb\tc\t1e400\t 7\n",
        b"10-Sep\tb\t1,5\t\"2\"\n\"q\"\tc\t#N/A\t12345678901234567890123\n",
        b"a\tb\t1\0\t2\nb\tc\tM\xFC\t3\n",
        b"a\tb\t1\t2\n\r\nb\tc\t3\t4\r",
        b"# a\n# a\t\n# a\t\t\t\n# a\t\t\t\t\na\tb\t1\t2\n\x1A",
        b"a\tb\t1\t2\n#1.2\n1\t2\nc0\tc1\tc2\tc3\na\tb\t1\t2\n",
        b"c0\tc1\tc2\tc3\na\tb\tc2\t2\nb\tb\t1\tc3 \n",
        b"a\t\"b\nc\"\t1\t2\nd\t\"b\"\t\"1\"\t\"\"\n",
        b"a\t\"b\nc\t1\t2\n5\t6\n",
    ];
    for kind in [MatrixKind::Gct, MatrixKind::Frame] {
        for features in 1..=4 {
            for block in blocks {
                agree(&layout(kind, 4, features), block);
            }
        }
    }
}

#[test]
fn long_cells_are_scanned_alike() {
    for length in [60, 64, 255, 256, 300, 320, 400, 1000] {
        let number = "9".repeat(length);
        let small = format!("0.{}1", "0".repeat(length));
        agree(
            &layout(MatrixKind::Gct, 4, 2),
            format!("a\tb\t{number}\t{small}\nb\tc\t1\t{number}\n").as_bytes(),
        );
    }
}

fn line() -> impl Strategy<Value = String> {
    let cell = prop_oneof![
        8 => "[0-9]{1,4}(\\.[0-9]{1,4})?",
        2 => "-?[0-9]{1,2}\\.[0-9]{1,3}",
        2 => Just(String::new()),
        1 => "[-+.0-9eE]{1,6}",
        1 => prop::sample::select(vec!["NA", "NaN", "Inf", "nan", "#N/A", "1,5", " 3", "x y", "1e400", "\"1\"", "\"\"", "\"", "c2", "c4", "é"]).prop_map(str::to_owned),
    ];
    let width = prop_oneof![12 => Just(6_usize), 1 => 1_usize..9];
    let cells = width.prop_flat_map(move |width| prop::collection::vec(cell.clone(), width));
    let ending = prop_oneof![10 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r"), 1 => Just("\n\n"), 1 => Just("\t\n")].prop_map(str::to_owned);
    let run = (
        prop::sample::select(vec!["", " ", "\t"]),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        1_usize..90,
    );
    let run =
        run.prop_map(|(blank, ending, times)| format!("\n{}", format!("{blank}{ending}").repeat(times)));
    let ending = prop_oneof![15 => ending, 1 => run];
    ("[A-D]{0,2}|[A-D]{0,2}|[A-D]{0,2}|#|#1\\.2|c0|\"A", cells, ending)
        .prop_map(|(name, cells, ending)| format!("{name}\t{}{ending}", cells.join("\t")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_block_is_scanned_alike(lines in prop::collection::vec(line(), 0..12), kind in any::<bool>(), features in 1_usize..4) {
        let kind = if kind { MatrixKind::Gct } else { MatrixKind::Frame };
        agree(&layout(kind, 7, features), lines.concat().as_bytes());
    }

    #[test]
    fn any_bytes_are_scanned_alike(block in prop::collection::vec(prop::sample::select(b"01.9-\t\t\t\n\r aN\0\xC3".to_vec()), 0..300)) {
        agree(&layout(MatrixKind::Gct, 4, 2), &block);
    }
}

/// What is said of the rows of a text in blocks of so many lines, each finding with its cause and how often it is.
fn in_blocks(layout: &MatrixLayout, text: &[u8], lines: usize) -> (Vec<(String, u64)>, u64) {
    let mut state = MatrixState::new(layout, 1 << 20);
    let mut found: Vec<Diagnostic> = Vec::new();
    let all: Vec<_> = Lines::new(text).collect();
    for (number, some) in all.chunks(lines).enumerate() {
        let (from, to) = (some[0].start, some[some.len() - 1].end());
        let partial = layout.scan_fast(Kernel::best(), &text[from..to], &mut ScanBuffers::default());
        let start = BlockStart {
            line: LineNumber::new(4 + (number * lines) as u64),
            byte: ByteOffset(from as u64),
        };
        state
            .absorb(layout, partial.0, &start, &mut found)
            .expect("few names");
    }
    let mut counts: Vec<(String, u64)> = Vec::new();
    for finding in found {
        let cause = finding.cause.clone().unwrap_or_default();
        match counts.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, count)) => *count += finding.count,
            None => counts.push((cause, finding.count)),
        }
    }
    counts.sort();
    (counts, state.finish(layout, &mut Vec::new()).rows)
}

#[test]
fn a_row_that_a_return_cuts_is_one_wherever_blocks_end() {
    let layout = layout(MatrixKind::Gct, 4, 2);
    for (text, cut, rows) in [
        ("a\tx\ry\t1\t2\nb\ty\t2\t3\n", 1, 2),
        ("a\tx\ry\rz\t1\t2\nb\ty\t2\t3\n", 1, 2),
        ("a\rb\tx\t1\t2\nc\ry\tx\t2\t3\nd\tx\t1\t2\n", 2, 5),
        ("a\tx\t1\t2\rjunk\nb\tx\t1\t2\n", 1, 3),
    ] {
        for lines in 1..5 {
            let found = in_blocks(&layout, text.as_bytes(), lines);
            let returned = vec![("carriage return".to_owned(), cut)];
            assert_eq!(found, (returned, rows), "{text:?} in blocks of {lines}");
        }
    }
}

/// What is said of a text that is taken in as these blocks.
fn said(layout: &MatrixLayout, blocks: &[&[u8]]) -> String {
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut state = MatrixState::new(layout, 1 << 20);
    let mut start = BlockStart {
        line: LineNumber::new(4),
        byte: ByteOffset(100),
    };
    for block in blocks {
        let partial = layout.scan(block);
        let lines = partial.lines;
        state
            .absorb(layout, partial, &start, &mut found)
            .expect("few names");
        start = BlockStart {
            line: start.line.advanced(lines),
            byte: start.byte.advanced(block.len()),
        };
    }
    let summary = state.finish(layout, &mut found);
    // What blocks fold is told of place by place.
    let mut places: Vec<_> = found
        .iter()
        .flat_map(|finding| {
            let first = (finding.line, finding.column);
            let also = finding.also.iter().map(|place| (Some(place.line), place.column));
            let what = (finding.rule.code.to_string(), finding.message.clone());
            std::iter::once(first)
                .chain(also)
                .map(move |place| (place, what.clone()))
        })
        .collect();
    places.sort();
    format!("{:?} {places:?}", summary.rows)
}

#[test]
fn parts_of_rows_are_told_of_wherever_blocks_begin() {
    let layout = layout(MatrixKind::Gct, 4, 2);
    for text in [
        "a\tx\t1\t2\nb\ty\nz\t3\t4\nc\tx\t1\t2\n",
        "b\ty\nand\nz\t3\t4\nc\tx\nd\tx\nd\tx\t1\n\nnote of all\t\t\t\n\nlast note\t\t\t\n",
        "a\tx\t1\nb\t\"y\nz\"\t3\t4\nthis is a note\nc\tx\t1\n",
        "a\ty\rz\t1\t2\nb\tx\t1\t2\r3\nc\tx\t1\nd\t\t\t\ne\tx\t1\t2\n",
        "a\tx\t1\t2\n#1.2\n1\t2\nName\tDescription\tc2\tc3\nb\tx\ty\tz\n",
    ] {
        let text = text.as_bytes();
        let whole = said(&layout, &[text]);
        let ends: Vec<usize> = (1..=text.len()).filter(|end| text[end - 1] == b'\n').collect();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let lines: Vec<&[u8]> = starts.zip(&ends).map(|(start, end)| &text[start..*end]).collect();
        assert_eq!(said(&layout, &lines), whole, "line by line");
        for at in ends {
            assert_eq!(said(&layout, &[&text[..at], &text[at..]]), whole, "cut at {at}");
        }
    }
}
