use std::fmt::Write as _;
use std::num::NonZeroUsize;

use super::*;
use crate::NoProgress;
use crate::progress::Passes;

fn look(name: &str, text: &str, threads: usize, memory: u64, options: CheckOptions) -> Inspection {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let request = InspectRequest {
        path,
        options,
        resources: Resources::new(NonZeroUsize::new(threads).unwrap(), memory),
    };
    inspect(&request, &NoProgress).unwrap()
}

fn plainly(name: &str, text: &str) -> Inspection {
    look(name, text, 1, 64 << 20, CheckOptions::default())
}

#[test]
fn columns_are_summed_up() {
    let text = "#1.2\n4\t3\nName\tDescription\tA\tB\tC\na\tna\t1\t\t-Inf\nb\tna\t0\tNA\t2\nc\tna\t-3\tx\t\nd\tna\t10\t\t4\n";
    let found = plainly("m.gct", text);
    let column = |name: &str, counts: [u64; 3], figures: [Option<f64>; 4]| ColumnSummary {
        name: name.to_owned(),
        missing: counts[0],
        infinite: counts[1],
        zeros: counts[2],
        min: figures[0],
        median: figures[1],
        max: figures[2],
        mean: figures[3],
    };
    assert_eq!(
        found.columns,
        [
            column("A", [0, 0, 1], [Some(-3.0), Some(0.5), Some(10.0), Some(2.0)]),
            column("B", [3, 0, 0], [None; 4]),
            column("C", [2, 1, 0], [Some(2.0), Some(3.0), Some(4.0), Some(3.0)]),
        ]
    );
    // The columns add up to what the report says.
    assert_eq!(found.file.report.missing, 5);
    assert_eq!(
        found.first_error.map(|finding| finding.rule.code.as_str()),
        Some("G012")
    );
    assert_eq!(found.because, "the first line says `#1.2`");
}

#[test]
fn the_figures_do_not_depend_on_threads_or_memory() {
    let mut text = "#1.2\n5001\t3\nName\tDescription\tA\tB\tC\n".to_owned();
    for row in 0..5001_u32 {
        let value = f64::from(row * 7919 % 5001) / 10.0;
        let _ = writeln!(text, "g{row}\tna\t{value}\t{}\t1e{}", -value, row % 30);
    }
    let expected = plainly("m.gct", &text);
    assert_eq!(expected.columns[0].median, Some(250.0));
    assert_eq!(expected.columns[1].mean, Some(-250.0));
    // With so little memory each column is read by itself.
    for (threads, memory) in [(2, 64 << 20), (1, 40_000), (3, 200_000)] {
        let found = look("m.gct", &text, threads, memory, CheckOptions::default());
        assert_eq!(
            found.columns, expected.columns,
            "{threads} threads, {memory} bytes"
        );
    }
}

/// What a cell of a matrix is, by the one who made it.
#[derive(Debug, Clone, Copy)]
enum Made {
    Missing,
    Text,
    TooLarge,
    Infinite,
    Number(f64),
}

fn cell() -> impl proptest::strategy::Strategy<Value = (String, Made)> {
    use proptest::prelude::*;
    prop_oneof![
        3 => (-40_i32..40).prop_map(|tenths| {
            let value = f64::from(tenths) / 10.0;
            (format!("{value}"), Made::Number(value))
        }),
        1 => any::<f64>().prop_filter("a number", |value| value.is_finite())
            .prop_map(|value| (format!("{value:e}"), Made::Number(value))),
        1 => prop::sample::select(vec![("0", 0.0), ("-0", -0.0), ("0.000", 0.0), ("1e-400", 0.0), ("+7", 7.0)])
            .prop_map(|(text, value)| (text.to_owned(), Made::Number(value))),
        1 => prop::sample::select(vec!["", "NA", "NaN", "null", "nan"])
            .prop_map(|text| (text.to_owned(), Made::Missing)),
        1 => prop::sample::select(vec!["x", "1,5"]).prop_map(|text| (text.to_owned(), Made::Text)),
        1 => prop::sample::select(vec!["Inf", "-Inf"])
            .prop_map(|text| (text.to_owned(), Made::Infinite)),
        1 => Just(("1e400".to_owned(), Made::TooLarge)),
    ]
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(60))]

    #[test]
    fn figures_are_those_of_the_sorted_columns(
        rows in proptest::collection::vec(proptest::collection::vec(cell(), 3), 0..60),
        threads in 1_usize..4,
        memory in proptest::sample::select(vec![64_u64 << 20, 100, 2_000]),
    ) {
        let mut text = format!("#1.2\n{}\t3\nName\tDescription\tA\tB\tC\n", rows.len());
        for (row, cells) in rows.iter().enumerate() {
            let cells: Vec<&str> = cells.iter().map(|(text, _)| text.as_str()).collect();
            let _ = writeln!(text, "g{row}\tna\t{}", cells.join("\t"));
        }
        let found = look("m.gct", &text, threads, memory, CheckOptions::default()).columns;
        assert_eq!(found.len(), 3);
        for (column, found) in found.iter().enumerate() {
            let made = || rows.iter().map(|cells| cells[column].1);
            let mut numbers: Vec<f64> = made()
                .filter_map(|made| if let Made::Number(value) = made { Some(value) } else { None })
                .collect();
            numbers.sort_by(f64::total_cmp);
            let middle = |of: usize| numbers.get(of).copied();
            let median = middle(numbers.len().saturating_sub(1) / 2)
                .zip(middle(numbers.len() / 2))
                .map(|(lower, upper)| lower.midpoint(upper));
            let count = |wanted: fn(&Made) -> bool| made().filter(wanted).count() as u64;
            assert_eq!(found.missing, count(|made| matches!(made, Made::Missing | Made::Infinite)));
            assert_eq!(found.infinite, count(|made| matches!(made, Made::Infinite | Made::TooLarge)));
            assert_eq!(found.zeros, numbers.iter().filter(|value| **value == 0.0).count() as u64);
            assert_eq!(found.min, numbers.first().copied());
            assert_eq!(found.median, median);
            assert_eq!(found.max, numbers.last().copied());
        }
    }
}

#[test]
fn a_matrix_is_summed_up_as_it_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.gct");
    let write = |value: fn(u32) -> u32| {
        let mut text = "#1.2\n9000\t1\nName\tDescription\tA\n".to_owned();
        for row in 0..9000 {
            let _ = writeln!(text, "g{row}\tna\t{}", value(row));
        }
        std::fs::write(&path, text).unwrap();
    };
    // Once, also where not all numbers fit; four times more where the first rows do not say where the middle is and the
    // column does not fit by itself.
    for (memory, shuffled, passes) in [
        (64_u64 << 20, false, 1),
        (64 << 20, true, 1),
        (768_000, true, 1),
        (100_000, false, 5),
    ] {
        write(if shuffled {
            |row| row * 7919 % 9000
        } else {
            |row| row
        });
        let request = InspectRequest {
            path: path.clone(),
            options: CheckOptions::default(),
            resources: Resources::new(NonZeroUsize::MIN, memory),
        };
        let seen = Passes::default();
        let found = inspect(&request, &seen).unwrap();
        assert_eq!(found.columns[0].median, Some(4499.5));
        assert_eq!(seen.count(), passes, "{memory}, {shuffled}");
    }
}

#[test]
fn a_sorted_matrix_is_summed_up_in_one_pass() {
    const ROWS: u32 = 35_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.gct");
    let header = (0..32).fold(String::new(), |line, column| format!("{line}\ts{column}"));
    let mut text = format!("#1.2\n{ROWS}\t32\nName\tDescription{header}\n");
    for row in 0..ROWS {
        let _ = writeln!(text, "g{row}\tna{}", format!("\t{row}.5").repeat(32));
    }
    std::fs::write(&path, &text).unwrap();
    let packed = folder.path().join("m.gct.gz");
    std::fs::write(&packed, odmkit_testkit::pack::gzip(text.as_bytes())).unwrap();
    // Of a packed file only the first rows are known beforehand, and they mislead.
    for (path, passes) in [(path, 1), (packed, 2)] {
        for threads in 1..3 {
            let request = InspectRequest {
                path: path.clone(),
                options: CheckOptions::default(),
                resources: Resources::new(NonZeroUsize::new(threads).unwrap(), 1 << 30),
            };
            let seen = Passes::default();
            let found = inspect(&request, &seen).unwrap();
            let medians = found.columns.iter().map(|column| column.median);
            assert!(medians.eq([Some(f64::from(ROWS / 2)); 32]));
            assert_eq!(seen.count(), passes, "{}, {threads} threads", path.display());
        }
    }
}

#[test]
fn what_is_likely_of_a_frame_is_told_with_reasons() {
    let text = "accession\tgene\tS1:raw\tS1:n\tS2:raw\tS2:n\nP1\tTP53\t1\t2\t3\t4\nP2\tMYC\t5\t6\t7\t8\n";
    let found = plainly("p.tsv", text);
    let hint = found.hints.feature_attributes.unwrap();
    assert_eq!((hint.count, hint.because.is_empty()), (2, false));
    assert_eq!(found.hints.separator.unwrap().separator, ":");
    assert_eq!(found.columns.len(), 4);
}

#[test]
fn what_cannot_be_summed_up_is_not() {
    let ragged = plainly("m.gct", "#1.2\n2\t1\nName\tDescription\tA\na\tna\t1\nb\tna\n");
    assert_eq!((ragged.columns.len(), ragged.check.errors), (0, 1));
    let table = plainly("x.samples.tsv", "Sample Source ID\tSex\nS1\tmale\n");
    assert_eq!((table.columns.len(), table.file.report.samples), (0, 1));
    let page = plainly("m.gct", "<!DOCTYPE html><html></html>\n");
    assert_eq!(page.file.report.kind, None);
    assert!(page.because.contains("HTML"), "{}", page.because);
    let empty = plainly("m.gct", "#1.2\n0\t1\nName\tDescription\tA\n");
    assert_eq!(empty.columns[0].mean, None);
}

#[test]
fn a_folder_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let request = InspectRequest {
        path: folder.path().to_owned(),
        options: CheckOptions::default(),
        resources: Resources::new(NonZeroUsize::MIN, 1 << 20),
    };
    assert!(matches!(
        inspect(&request, &NoProgress),
        Err(InspectError::Folder { .. })
    ));
}
