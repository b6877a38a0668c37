use crate::NeedMore;
use crate::gct::{Dimensions, Header, Version, read};

fn header(text: &str) -> Header {
    read(text.as_bytes(), true).expect("complete")
}

fn names(header: &Header) -> Vec<&str> {
    header
        .names
        .as_ref()
        .expect("a line of names")
        .fields
        .iter()
        .map(|name| name.raw.as_str())
        .collect()
}

#[test]
fn a_plain_header() {
    let text = "#1.2\n2\t3\nName\tDescription\tA\tB\tC\nTP53\tna\t1\t2\t3\n";
    let header = header(text);
    assert_eq!(header.version, Some(Version::V12));
    assert_eq!(
        header.dimensions,
        Some(Dimensions {
            rows: 2,
            samples: 3,
            ..Dimensions::default()
        })
    );
    assert_eq!(names(&header), ["Name", "Description", "A", "B", "C"]);
    assert_eq!(header.body.line.get(), 4);
    assert_eq!(header.body.byte.0, text.find("TP53").expect("there") as u64);
}

#[test]
fn places_are_exact_after_blank_lines_marks_and_odd_line_ends() {
    let text = "\u{FEFF}\r#1.2\t\t\r\n\n1\t1\t\rNAME\tDescription\t S \r\nx\t\t1";
    let header = header(text);
    let version = header.version_line.as_ref().expect("a version");
    assert_eq!((version.line.get(), version.byte.0, version.padding), (2, 4, 2));
    assert_eq!(version.padding_position().byte.0, 9);
    let figures = header.dimensions_line.as_ref().expect("figures");
    assert_eq!((figures.line.get(), figures.padding), (4, 1));
    let names = header.names.as_ref().expect("names");
    assert_eq!(names.line.get(), 5);
    assert_eq!(names.position(2).byte.0, text.find(" S ").expect("there") as u64);
    assert!(names.fields[2].is_padded());
    assert_eq!(
        header
            .blanks
            .iter()
            .map(|blank| blank.line.get())
            .collect::<Vec<_>>(),
        [1, 3]
    );
    assert_eq!(header.body.line.get(), 6);
}

#[test]
fn version_1_3_has_sample_attributes() {
    let header =
        header("#1.3\n1\t2\t1\t2\nid\tsymbol\ts1\ts2\nage\tna\t3\t4\nsex\tna\tf\tm\nr1\tTP53\t1\t2\n");
    assert_eq!(header.version, Some(Version::V13));
    let figures = header.dimensions.expect("figures");
    assert_eq!((figures.row_attributes, figures.sample_attributes), (1, 2));
    assert_eq!(
        header
            .sample_attributes
            .iter()
            .map(|line| line.text(0))
            .collect::<Vec<_>>(),
        ["age", "sex"]
    );
    assert_eq!(header.body.line.get(), 6);
}

#[test]
fn missing_lines_are_missed_and_not_misread() {
    let found = header("Name\tDescription\tA\nx\ty\t1\n");
    assert!(found.version_line.is_none() && found.dimensions_line.is_none());
    assert_eq!(names(&found), ["Name", "Description", "A"]);

    let found = header("3\t1\nName\tDescription\tA\n");
    assert!(found.version_line.is_none() && found.dimensions.is_some());

    let found = header("#1.2\nName\tDescription\tA\nx\ty\t1\n");
    assert!(found.version.is_some() && found.dimensions_line.is_none());
    assert_eq!(names(&found), ["Name", "Description", "A"]);

    let found = header("#1.2\n3 4\nName\tDescription\tA\n");
    assert!(found.dimensions_line.is_some() && found.dimensions.is_none());
    assert_eq!(names(&found), ["Name", "Description", "A"]);

    assert!(header("").names.is_none());
    assert!(header("#1.2\n").names.is_none());
    assert!(header("#1.2\n1\t1\n").names.is_none());
}

#[test]
fn figures_are_digits_only() {
    for line in [
        "2\t3\t4",
        "2",
        "-2\t3",
        "2.0\t3",
        "+2\t3",
        "two\tthree",
        "2,3",
        "99999999999999999999\t1",
        "#2\t3",
    ] {
        let found = header(&format!("#1.2\n{line}\nName\tDescription\tA\n"));
        assert_eq!(found.dimensions, None, "{line}");
        assert!(found.dimensions_line.is_some(), "{line}");
    }
}

#[test]
fn more_is_asked_for_until_the_header_is_whole() {
    let text = b"#1.3\r\n1\t1\t0\t1\r\nid\ts1\r\nage\t3\r\nr1\t1\r\n";
    let whole = read(text, true).expect("complete");
    for length in 0..text.len() {
        match read(&text[..length], false) {
            Err(NeedMore) => assert!(length as u64 <= whole.body.byte.0, "asked for more at {length}"),
            Ok(header) => {
                assert_eq!(header.body, whole.body, "at {length}");
                assert!(length as u64 >= whole.body.byte.0, "taken at {length}");
            }
        }
    }
}
