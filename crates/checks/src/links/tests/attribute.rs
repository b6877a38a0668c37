//! The attribute that data is tied by.

use super::*;

#[test]
fn the_column_that_does_hold_the_names_is_named() {
    let text = "Sample Source ID\tSample Name\nS1\tliver\nS2\tkidney\n";
    let tables = [table("samples.tsv", FileKind::Samples, text)];
    let files = [data("m.gct", "liver kidney")];
    let (found, _) = run(&of(&tables, &files));
    assert_eq!(
        line(&found[0]),
        "L001 m.gct 3:3 x2 the columns are in the column `Sample Name` of `samples.tsv`, and not in `Sample Source ID`, by which data is tied"
    );
    assert_eq!(
        found[0].help.as_deref(),
        Some("give --link-attribute \"Sample Name\", or use the `Sample Source ID` in the data")
    );
    assert_eq!(found.len(), 1);
    let attributes = [SAMPLE_KEY.to_owned()];
    let links = Links {
        sample_attributes: Some(&attributes),
        ..of(&tables, &files)
    };
    assert_eq!(
        run(&links).0[0].help.as_deref(),
        Some("use the `Sample Source ID` in the data: the template has no attribute `Sample Name` to tie by")
    );
}

#[test]
fn a_linking_attribute_must_be_a_column() {
    let text = "Sample Source ID\tSample Name\nS1\tliver\n";
    let tables = [table("samples.tsv", FileKind::Samples, text)];
    let by = |attribute: &str| DataColumns {
        link_attribute: Some(attribute.to_owned()),
        ..data("m.gct", "liver")
    };
    let (found, _) = run(&of(&tables, &[by("Sample name"), by("Sample name")]));
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        ["L003 samples.tsv 1 there is no column `Sample name`, by which data is to be tied to these samples"]
    );
    assert_eq!(
        found[0].help.as_deref(),
        Some("the nearest column is `Sample Name`: give --link-attribute \"Sample Name\"")
    );
    assert!(said(&of(&tables, &[by("Sample Name")])).is_empty());
}

#[test]
fn a_linking_attribute_must_be_in_the_template() {
    let tables = [table(
        "samples.tsv",
        FileKind::Samples,
        "Sample Source ID\tLab code\nS1\tx1\n",
    )];
    let file = DataColumns {
        link_attribute: Some("Lab code".to_owned()),
        ..data("m.gct", "x1")
    };
    let attributes = [SAMPLE_KEY.to_owned()];
    let links = Links {
        sample_attributes: Some(&attributes),
        ..of(&tables, std::slice::from_ref(&file))
    };
    assert_eq!(
        said(&links),
        ["L006 m.gct data cannot be tied by `Lab code`: the template has no such attribute of samples"]
    );
    let attributes = [SAMPLE_KEY.to_owned(), "Lab code".to_owned()];
    assert!(
        said(&Links {
            sample_attributes: Some(&attributes),
            ..links
        })
        .is_empty()
    );
}

#[test]
fn a_value_of_several_samples_is_ambiguous_where_data_uses_it() {
    let text = "Sample Source ID\tSample Name\nS1\tliver\nS2\tliver\nS3\theart\nS4\tskin\nS5\tskin\n";
    let tables = [table("samples.tsv", FileKind::Samples, text)];
    let file = DataColumns {
        link_attribute: Some("Sample Name".to_owned()),
        ..data("m.gct", "liver heart")
    };
    assert_eq!(
        said(&of(&tables, &[file])),
        [
            "L005 samples.tsv 3:2 `liver` stands for several samples, so data of that name belongs to no one sample",
            "L002 samples.tsv 5:1 x2 no data file mentions 2 of the 5 samples: `S4`, `S5`",
        ]
    );
}

#[test]
fn a_repeated_key_is_the_files_own_fault_unless_two_files_share_it() {
    let files = [data("m.gct", "S1")];
    assert!(said(&of(&[samples("S1 S1")], &files)).is_empty());
    let tables = [
        samples("S1"),
        table("more.tsv", FileKind::Samples, "Sample Source ID\nS1"),
    ];
    assert_eq!(
        said(&of(&tables, &files)),
        ["L005 more.tsv 2:1 `S1` stands for several samples, so data of that name belongs to no one sample"]
    );
}

#[test]
fn a_linking_attribute_that_is_blank_throughout_ties_nothing() {
    let text = "Sample Source ID\tSample Name\nS1\t\nS2\t\n";
    let tables = [table("samples.tsv", FileKind::Samples, text)];
    let file = DataColumns {
        link_attribute: Some("Sample Name".to_owned()),
        ..data("m.gct", "X Y")
    };
    let (found, summaries) = run(&of(&tables, &[file]));
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        [
            "L001 m.gct 3:3 x2 no column can be tied by `Sample Name`: it is blank in every record of `samples.tsv`"
        ]
    );
    assert_eq!((summaries[0].names, summaries[0].linked), (2, 0));
}
