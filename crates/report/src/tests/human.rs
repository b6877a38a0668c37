//! What people read.

use super::*;

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
