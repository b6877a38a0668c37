use odmkit_core::FileKind;

use super::*;

fn hints(text: &str) -> FrameHints {
    FrameHints::read(text.as_bytes(), true, &FrameFacts::default())
}

fn features(text: &str) -> Option<usize> {
    hints(text).feature_attributes.map(|hint| hint.count)
}

fn separator(columns: &[&str]) -> Option<(&'static str, usize, String)> {
    likely_separator(columns).map(|hint| (hint.separator, hint.samples, hint.measurements.join(" ")))
}

#[test]
fn samples_of_numbers_and_text_have_no_number_of_features() {
    let text = |samples: usize| {
        let header = "\tbeta\tgene".repeat(samples);
        let row = "\t0.5\tTP53".repeat(samples);
        format!("probe{header}\tlast\ncg1{row}\t7\n")
    };
    assert_eq!(features(&text(2)), Some(5));
    assert_eq!(features(&text(40)), None);
}

#[test]
fn features_end_with_the_last_column_of_text() {
    assert_eq!(features("gene\tS1\tS2\na\t1\t2\n"), Some(1));
    assert_eq!(features("gene\tname\tS1\tS2\na\tx\t1\t2\n"), Some(2));
    assert_eq!(features("id\tS1\tS2\n7\t1\t2\n8\t3\t4\n"), Some(1));
    assert_eq!(features("chrom\tstart\tend\tS1\tS2\nchr1\t5\t6\t1\t2\n"), Some(3));
    assert_eq!(features("gene\tnote\n"), None);
    assert_eq!(features("gene\tnote\na\tb\n"), None);
    // One bad cell in a column of numbers does not make it a column of features.
    let faulty = "gene\tS1\tS2\na\tbad\t2\nb\t1\t2\nc\t1\t2\nd\t1\t2\ne\t1\t2\nf\t1\t2\n";
    assert_eq!(features(faulty), Some(1));
}

#[test]
fn numbers_outside_the_grid_of_names_are_features() {
    let text = "gene\tbp\tS1:TPM\tS1:count\tS2:TPM\tS2:count\na\t900\t1\t2\t3\t4\n";
    let hints = hints(text);
    assert_eq!(hints.feature_attributes.as_ref().map(|hint| hint.count), Some(2));
    assert_eq!(hints.separator.map(|hint| hint.separator), Some(":"));
}

#[test]
fn a_second_line_of_names_is_no_row() {
    let text = "id\tS1\tS2\nref\tlog2 ratio\tlog2 ratio\na\t1\t2\nb\t3\t4\n";
    assert_eq!(features(text), Some(1));
    // One row of words for missing values alone makes no second header, and neither does a row with a number.
    assert_eq!(features("id\tS1\tS2\na\tx\t2\nb\t3\t4\nc\t3\t4\n"), Some(2));
}

#[test]
fn a_table_that_no_number_fits_gets_none() {
    let text =
        "ref\tS1\tS1\tS2\tS2\nel\tBeta\tGene\tBeta\tGene\ncg1\t1\tTP53\t2\tTP53\ncg2\t3\tEGFR\t4\tEGFR\n";
    assert_eq!(hints(text).feature_attributes, None);
    // The last column is text: there is nothing to say, and none is said of numbers.
    let text =
        "ref\tS1\tS1\tS2\tS2\nel\tGene\tBeta\tGene\tBeta\ncg1\tTP53\t1\tTP53\t2\ncg2\tEGFR\t3\tEGFR\t4\n";
    let hints = hints(text);
    assert_eq!(hints.feature_attributes, None);
    assert_eq!(
        hints.unfit.as_deref(),
        Some(
            "no number fits: columns of text and of numbers are both called `S1`; leave the columns of text out, and give each \
             column a name of its own"
        )
    );
}

#[test]
fn a_table_that_ends_in_text_says_so() {
    let found = hints("gene\tS1\tS2\tsymbol\na\t1\t2\tx\nb\t3\t4\ty\n");
    assert_eq!(found.feature_attributes, None);
    assert!(
        found
            .unfit
            .is_some_and(|why| why.contains("the last column, `symbol`, holds text"))
    );
    assert_eq!(hints("gene\tnote\na\tx\n").unfit, None);
}

#[test]
fn one_text_in_a_short_column_is_a_wrong_cell() {
    assert_eq!(
        features("id\tS1\tS2\na\t1\tn.d.\nb\t3\t4\nc\t3\t4\nd\t3\t4\n"),
        Some(1)
    );
}

#[test]
fn text_under_a_grid_of_names_is_a_measurement() {
    let text = "probe\tA:signal\tA:call\tB:signal\tB:call\tC:call\tC:signal\np1\t1\tP\t2\tA\tP\t3\np2\t1\tP\t2\tA\tP\t3\n";
    let features = hints(text).feature_attributes.expect("a hint");
    assert_eq!(features.count, 1);
    assert_eq!(
        features.because,
        "from `A:signal` on the names are those of samples and measurements"
    );
}

fn told(
    text: &str,
    separator: Option<&str>,
    known: &[&str],
    nearly: &[&str],
) -> Option<(usize, String, bool)> {
    let known = Known {
        names: known.iter().copied().collect(),
        kind: Some(FileKind::Samples),
    };
    let nearly = nearly.iter().copied().collect();
    let facts = FrameFacts {
        separator,
        known: Some(&known),
        nearly: Some(&nearly),
        known_cells: None,
    };
    let hint = FrameHints::read(text.as_bytes(), true, &facts).feature_attributes?;
    Some((hint.count, hint.because, hint.by_names))
}

#[test]
fn known_samples_and_the_separator_say_where_values_begin() {
    let by = |count: usize, because: &str| Some((count, because.to_owned(), true));
    let text = "P\tGene\tLen\tS1\tS2\na\tb\t3\t1\t2\nc\td\t3\t1\t2\n";
    let known = "`S1` is the first column that names a known sample";
    assert_eq!(told(text, None, &["S1", "S2"], &[]), by(3, known));
    // One of the columns may be misspelt, and so may the first.
    assert_eq!(
        told(&text.replace("S2", "S3\tS2"), None, &["S1", "S2"], &[]),
        by(3, known)
    );
    let nearly = text.replace("Len", "s_0");
    assert_eq!(
        told(&nearly, None, &["S1", "S2"], &["s_0"]),
        by(2, "`s_0` is the first column that names a known sample")
    );
    // The names of a few columns among many say nothing.
    assert_eq!(told(text, None, &["Len"], &[]).map(|hint| hint.2), Some(false));
    let text = "gene\tlen\tS1:a\tS2:a\nx\t3\t1\t2\ny\t4\t1\t2\n";
    let cut = "`S1:a` is the first column with the separator `:`";
    assert_eq!(told(text, Some(":"), &[], &[]), by(2, cut));
    assert_eq!(
        told(text, Some(":"), &["S1", "S2"], &[]),
        by(2, "`S1:a` is the first column that names a known sample")
    );
    let rank = text.replace("len", "rank");
    assert_eq!(told(&rank, Some("_"), &[], &[]).map(|hint| hint.0), Some(1));
}

#[test]
fn the_records_that_columns_name_are_called_what_they_are() {
    let known = Known {
        names: HashSet::from(["L1", "L2"]),
        kind: Some(FileKind::Libraries),
    };
    let facts = FrameFacts {
        known: Some(&known),
        ..FrameFacts::default()
    };
    let text = "gene\tL1\tL2\na\t1\t2\nb\t1\t2\n";
    let hint = FrameHints::read(text.as_bytes(), true, &facts).feature_attributes;
    assert_eq!(
        hint.expect("a hint").because,
        "`L1` is the first column that names a known library"
    );
}

#[test]
fn row_numbers_are_not_given() {
    let hints = hints("\tid\tgene\tS1\n1\ta\tx\t5\n2\tb\ty\t6\n");
    assert_eq!(hints.feature_attributes.as_ref().map(|hint| hint.count), Some(3));
    let (count, because) = hints.to_give().expect("a number");
    assert_eq!(count, 2);
    assert!(because.ends_with("without the row numbers"), "{because}");
}

#[test]
fn a_column_without_a_name_is_called_by_its_place() {
    let hint = hints("gene\t\tS1\tS2\na\tx\t1\t2\nb\ty\t1\t2\n")
        .feature_attributes
        .expect("a hint");
    assert_eq!(
        hint.because,
        "column 2 is the last column with text, and numbers follow it"
    );
}

#[test]
fn hints_say_why() {
    let hints = hints("protein\tgene\tA|x\tA|y\tB|x\tB|y\np\tg\t1\t2\t3\t4\n");
    let features = hints.feature_attributes.expect("a hint");
    assert_eq!(
        features.because,
        "`gene` is the last column with text, and numbers follow it"
    );
    let separator = hints.separator.expect("a hint");
    assert_eq!(separator.because, "each of 2 samples has 2 columns: `x`, `y`");
}

#[test]
fn a_full_grid_of_names_has_a_separator() {
    assert_eq!(
        separator(&["A:x", "A:y", "B:x", "B:y"]),
        Some((":", 2, "x y".to_owned()))
    );
    assert_eq!(
        separator(&["A__x", "A__y", "B__y", "B__x"]),
        Some(("__", 2, "x y".to_owned()))
    );
    assert_eq!(
        separator(&["A.pval", "A.logFC", "B.pval", "B.logFC"]),
        Some((".", 2, "pval logFC".to_owned()))
    );
    assert_eq!(
        separator(&["S-1_TPM", "S-1_count", "S-2_TPM", "S-2_count"]),
        Some(("_", 2, "TPM count".to_owned()))
    );
    assert_eq!(
        separator(&["A-mean", "A-sd", "B-mean", "B-sd"]),
        Some(("-", 2, "mean sd".to_owned()))
    );
}

#[test]
fn names_with_replicates_have_no_separator() {
    for columns in [
        &["ctrl_1", "ctrl_2", "trt_1", "trt_2"],
        &["ctrl_rep1", "ctrl_rep2", "trt_rep1", "trt_rep2"],
        &["A:1", "A:2", "B:1", "B:2"],
        &["P1_CD4", "P1_CD8", "P2_CD4", "P2_CD8"],
        // Not a full grid.
        &["A:x", "A:y", "B:x", "B:z"],
        &["A:x", "A:y", "B:x", "C"],
        &["A:x", "A:x", "B:x", "B:x"],
        &["A:x", "A:y", "A:z", "A:w"],
        &["A:x", "B:x", "C:x", "D:x"],
        &[":x", ":y", "B:x", "B:y"],
    ] {
        assert_eq!(separator(columns), None, "{columns:?}");
    }
}

#[test]
fn cells_are_numbers_missing_or_text() {
    for (text, cell) in [
        ("1", Cell::Number),
        ("-1.5e-3", Cell::Number),
        (" 2 ", Cell::Number),
        (".5", Cell::Number),
        ("", Cell::Missing),
        ("NA", Cell::Missing),
        ("-Inf", Cell::Missing),
        ("1,5", Cell::Number),
        ("-1,5e-3", Cell::Number),
        ("1,234.5", Cell::Number),
        ("1,234,567", Cell::Number),
        ("1.234,5", Cell::Number),
        ("1,2,3", Cell::Text),
        ("1,23.4", Cell::Text),
        (",", Cell::Text),
        ("infinity", Cell::Text),
        ("e", Cell::Text),
        ("0x10", Cell::Text),
    ] {
        assert_eq!(Cell::of(text), cell, "{text:?}");
    }
}

#[test]
fn columns_numbered_as_known_samples_are_measured_and_others_before_them_describe() {
    let told =
        |text: &str, known: &[&str]| told(text, None, known, &[]).map(|(count, because, _)| (count, because));
    // Of five samples two are known; the columns before them are none.
    let few = "id\tsymbol\trank\tshare\tS1\tS2\tS3\tS4\tS5\na\tx\t1\t2\t3\t4\t5\t6\t7\n";
    assert_eq!(
        told(few, &["S1", "S2"]),
        Some((4, "`S1` is the first column that names a known sample".to_owned()))
    );
    // A sample that is not known stands before one that is.
    let before = "id\trank\tS1\tS2\tS3\na\t1\t2\t3\t4\n";
    assert_eq!(
        told(before, &["S2", "S3"]),
        Some((
            2,
            "`S1` is the first column that is named as known samples are".to_owned()
        ))
    );
    // Samples that are not known are more than the one that is: they are not taken for descriptions.
    let strange = "id\tann\tbob\tcat\tdan\na\t1\t2\t3\t4\nb\t1\t2\t3\t4\n";
    assert_eq!(told(strange, &["dan"]).map(|(count, _)| count), Some(1));
}
