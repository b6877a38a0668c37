//! Tests of the checks of VCF.

use std::sync::Arc;

use odmkit_core::{ByteOffset, LineNumber};
use odmkit_diagnostics::{Collector, Diagnostic, Overrides};
use odmkit_formats::vcf::read;
use proptest::prelude::*;

use super::*;
use crate::BlockStart;

const HEAD: &str = "##fileformat=VCFv4.2\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA\tB\n";

/// What is found in a file whose records are scanned in blocks of so many lines.
fn check(text: &str, lines: usize) -> Vec<Diagnostic> {
    let path: Arc<str> = Arc::from("x.vcf");
    let mut sink = Collector::new(Overrides::default(), 100);
    let header = read(text.as_bytes(), true).expect("the text is whole");
    let body = &text[usize::try_from(header.body.byte.0).expect("it is small")..];
    if let Some(layout) = check_header(&path, &header, body.as_bytes(), &mut sink) {
        let mut state = VcfState::default();
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

fn record(chromosome: &str, position: &str) -> String {
    format!("{chromosome}\t{position}\t.\tA\tC\t9\tPASS\t.\tGT\t0/1\t.\n")
}

#[test]
fn a_good_file_is_silent() {
    let text = format!(
        "{HEAD}{}{}{}",
        record("1", "5"),
        record("1", "5"),
        record("2", "1")
    );
    assert_eq!(short(&text), []);
    assert_eq!(short(&text.replace('\n', "\r\n")), []);
}

#[test]
fn padding_is_one_cause_from_the_first_line_to_the_last() {
    let text = format!("{HEAD}{}{}", record("1", "5"), record("1", "6")).replace('\n', "\t\t\n");
    let found = check(&text, usize::MAX);
    assert_eq!(short(&text), [("T007", 1, Some(2), 4)]);
    assert_eq!(found[0].byte, Some(ByteOffset(21)));
    assert_eq!(found[0].also.len(), 3);
}

#[test]
fn padding_and_records_of_another_width_are_told_apart() {
    let wide = record("1", "5").replace('\n', "\t./.\n");
    let short_one = record("1", "6").replace("\t.\n", "\n");
    let text = format!("{HEAD}{wide}{short_one}{}", record("1", "7"));
    assert_eq!(short(&text), [("T001", 3, Some(12), 1), ("T001", 4, Some(10), 1)]);
}

#[test]
fn a_header_alone_has_no_rows() {
    assert_eq!(short(HEAD), [("T008", 2, None, 1)]);
}

#[test]
fn what_is_no_vcf_at_all_is_told_of_once() {
    for text in ["a\tb\n1\t2\n", "#1.2\n2\t2\nName\tDescription\tA\n"] {
        assert_eq!(short(text), [("V001", 1, None, 1)], "{text}");
    }
    let joined = format!("{HEAD}{}#CHROM\tPOS\n##x\n", record("1", "5"));
    assert_eq!(short(&joined), [("V001", 4, None, 2)]);
}

#[test]
fn samples_are_named_once_and_not_blank() {
    let names = HEAD.replace("A\tB", "A\t\tA\t B");
    let row = record("1", "5").replace("\t.\n", "\t.\t.\t.\n");
    assert_eq!(
        short(&format!("{names}{row}")),
        [
            ("T003", 2, Some(11), 1),
            ("V003", 2, Some(12), 1),
            ("T006", 2, Some(13), 1)
        ]
    );
}

#[test]
fn padded_fields_are_judged_without_their_blanks() {
    let text = format!("{HEAD}{}", record("1 ", " 5").replace("\tA\t", "\t A \t"));
    assert_eq!(
        short(&text),
        [
            ("T006", 3, Some(1), 1),
            ("T006", 3, Some(2), 1),
            ("T006", 3, Some(4), 1)
        ]
    );
}

#[test]
fn positions_and_chromosomes_out_of_order_are_one_finding_each() {
    let order = |records: &[(&str, &str)]| {
        let body: String = records
            .iter()
            .map(|(chromosome, position)| record(chromosome, position))
            .collect();
        short(&format!("{HEAD}{body}"))
    };
    assert_eq!(
        order(&[("1", "9"), ("1", "8"), ("2", "1"), ("1", "10"), ("1", "7")]),
        [("V004", 4, Some(2), 2), ("V004", 6, Some(1), 1)]
    );
    // A position that is none has no place in the order.
    assert_eq!(
        order(&[("1", "9"), ("1", "x"), ("1", "8")]),
        [("V002", 4, Some(2), 1), ("V004", 5, Some(2), 1)]
    );
    assert_eq!(order(&[("1", "9"), ("2", "8"), ("3", "7")]), []);
}

#[test]
fn what_is_no_text_is_left_to_those_who_tell_of_it() {
    let path: Arc<str> = Arc::from("x.vcf");
    let header = read(HEAD.as_bytes(), true).expect("the text is whole");
    let mut found = Vec::new();
    let layout = check_header(&path, &header, b"", &mut found).expect("it can be read");
    let start = BlockStart {
        line: header.body.line,
        byte: header.body.byte,
    };
    let block = b"1\t5\t.\t\xFF\tC\t9\tPASS\t\0\tGT\t.\t.\n";
    VcfState::default().absorb(&layout, layout.scan(block), &start, &mut found);
    assert_eq!(found.len(), 0, "{found:?}");
}

#[test]
fn real_files_have_the_faults_that_are_known_of_them() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let known = |name: &str| -> &[(&str, u64)] {
        match name {
            // A random sample of a larger file, which a spreadsheet has padded.
            name if name.ends_with("SRP32_v4.0.vcf") => &[("T007", 1), ("V004", 1363), ("V004", 835)],
            "Example.gx-dummy.vcf" => &[("T007", 27)],
            _ => &[],
        }
    };
    for folder in ["vcf", "studies/study-variants"] {
        for entry in std::fs::read_dir(format!("{data}/{folder}"))
            .into_iter()
            .flatten()
        {
            let path = entry.expect("the folder can be listed").path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if !name.to_lowercase().ends_with(".vcf") {
                continue;
            }
            // The blocks of this test are cut at LF.
            let text = std::fs::read_to_string(&path).expect("it is text");
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            let found: Vec<(&str, u64)> = check(&text, 50)
                .iter()
                .map(|finding| (finding.rule.code.as_str(), finding.count))
                .collect();
            assert_eq!(found, known(&name), "{name}");
        }
    }
}

fn lines() -> impl Strategy<Value = Vec<String>> {
    let chromosome = prop::sample::select(vec!["1", "2", "X", "", "a:b"]);
    let position = prop::sample::select(vec!["1", "2", "3", "3000000000", "x", "."]);
    let reference = prop::sample::select(vec!["A", "", "Q", "g"]);
    let rest = prop::sample::select(vec![
        "\tC\t9\tPASS\t.\tGT\t0/1\t.\n",
        "\tC,\t1,5\t0\t. .\tDP:GT\t1\t1:2:3\n",
        "\t<X>\tnan\t\t\t\t\t\n",
        "\tC\t.\n",
        "\tC\t.\t.\t.\t.\t.\t.\t\t\n",
    ]);
    let record =
        (chromosome, position, reference, rest).prop_map(|(chromosome, position, reference, rest)| {
            format!("{chromosome}\t{position}\t.\t{reference}{rest}")
        });
    let other =
        prop::sample::select(vec!["\n", " \t\n", "##x\n", "1 2 3 4 5 6 7 8\n"]).prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![8 => record, 1 => other], 1..40)
}

proptest! {
    /// Wherever the blocks are cut, the same is found at the same places.
    #[test]
    fn blocks_make_no_difference(lines in lines(), size in 1..12_usize) {
        let text = format!("{HEAD}{}", lines.concat());
        let whole = format!("{:#?}", check(&text, usize::MAX));
        prop_assert_eq!(whole, format!("{:#?}", check(&text, size)));
    }

    /// Nothing makes it panic.
    #[test]
    fn any_text_is_judged(text in "(##?[a-z=<>\"]{0,9}\n|#?CHROM[\tA-Z ]{0,30}\n|[\t.0-9ACGT:;,<>*\\[\\] ]{0,40}\n){0,12}") {
        check(&text, 3);
        check(&format!("{HEAD}{text}"), 3);
    }
}

#[test]
fn quotes_around_fields_are_one_cause_and_what_stands_in_them_is_judged() {
    let rows = "\"chr1\"\t\"7\"\t\"a\"\t\"A\"\t\"C\"\t\"9\"\t\"PASS\"\t\"DP=3\"\t\"GT\"\t\"0/1\"\t\".\"\n\
                \"chr1\"\t\"6\"\t\"a\"\t\"X\"\t\"C\"\t\"9\"\t\"PASS\"\t\"DP=3\"\t\"GT\"\t\"0/1\"\t\".\"\n";
    let text = format!("{HEAD}{rows}");
    let found = short(&text);
    assert_eq!(
        found,
        [
            ("T012", 3, Some(1), 22),
            ("V004", 4, Some(2), 1),
            ("V002", 4, Some(4), 1)
        ]
    );
    for lines in [1, 2] {
        let counts: Vec<u64> = check(&text, lines).iter().map(|finding| finding.count).collect();
        assert_eq!(counts, [22, 1, 1]);
    }
    // Where only the names of samples are quoted, these are told by themselves.
    let names = text
        .replace("\tA\tB\n", "\t\"A\"\t\"B\"\n")
        .replace(rows, &record("chr1", "7"));
    assert_eq!(short(&names), [("T012", 2, Some(10), 2)]);
}

#[test]
fn a_column_that_the_header_alone_lacks_is_one_cause() {
    let head = HEAD.replace("\tFORMAT", "");
    assert_eq!(
        short(&format!("{head}1\t5\t.\tA\tG\t.\t.\t.\tGT\t0/1\t0/1\n")),
        [("V001", 2, Some(9), 1)]
    );
}

#[test]
fn a_position_with_separators_is_written_out() {
    for (position, help) in [
        ("1,000", "write 1000, without anything else"),
        ("1 000 000", "write 1000000, without anything else"),
        ("100.0", "write 100, without anything else"),
        ("12,34", "write a whole number, without separators"),
        ("-5", "write a whole number, without separators"),
    ] {
        let found = check(
            &format!("{HEAD}1\t{position}\t.\tA\tG\t.\t.\t.\tGT\t0/1\t0/1\n"),
            1,
        );
        assert_eq!(found[0].help.as_deref(), Some(help), "{position}");
    }
}

#[test]
fn a_cut_record_is_one_cause_wherever_blocks_begin() {
    let cut_id = record("2", "7").replacen('2', "2\n", 1);
    let cut_info = record("2", "8").replace("PASS", "PA\nSS");
    let text = format!("{HEAD}{}{cut_id}{cut_info}{}", record("1", "5"), record("2", "9"));
    for lines in 1..9 {
        let found: Vec<_> = check(&text, lines)
            .iter()
            .map(|finding| (finding.rule.code.as_str(), finding.count, finding.message.clone()))
            .collect();
        let [("T001", 2, message)] = &found[..] else {
            panic!("{lines} lines: {found:?}");
        };
        assert!(message.contains("line break"), "{message}");
    }
}

#[test]
fn parts_that_make_no_record_are_told_of_each() {
    let short = record("1", "6").replace("\t.\n", "\n");
    let nameless = record("", "8");
    let text = format!(
        "{HEAD}{}{short}{short}note\n{}{nameless}",
        record("1", "5"),
        record("1", "7")
    );
    let whole = short_of(&text, usize::MAX);
    assert_eq!(whole, [("T001", 4, 2), ("T001", 6, 1), ("V002", 8, 1)]);
    for lines in 1..9 {
        assert_eq!(short_of(&text, lines), whole, "{lines}");
    }
}

/// Code, line and count of what is found.
fn short_of(text: &str, lines: usize) -> Vec<(&'static str, u64, u64)> {
    let line = |finding: &Diagnostic| finding.line.map_or(0, LineNumber::get);
    check(text, lines)
        .iter()
        .map(|finding| (finding.rule.code.as_str(), line(finding), finding.count))
        .collect()
}
