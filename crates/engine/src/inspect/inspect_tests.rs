use std::fmt::Write as _;
use std::num::NonZeroUsize;

use super::*;
use crate::NoProgress;

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
            column("B", [4, 0, 0], [None; 4]),
            column("C", [1, 1, 0], [Some(2.0), Some(3.0), Some(4.0), Some(3.0)]),
        ]
    );
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
