use super::*;

fn is(name: &str, text: impl AsRef<[u8]>) -> String {
    is_beside(name, text, &[])
}

fn is_beside(name: &str, text: impl AsRef<[u8]>, beside: &[&str]) -> String {
    let beside: Vec<String> = beside.iter().map(|&name| name.to_owned()).collect();
    match detect(name, &Head::whole(text.as_ref()), &beside).detected {
        Detected::Known { kind, format } => format!("{kind} {format}"),
        Detected::NotThisKind(foreign) => foreign.to_string(),
        Detected::Unknown(unclear) => format!("{unclear:?}"),
    }
}

#[test]
fn lines_of_quotes_around_nothing_are_no_table() {
    for text in ["\"\"\nM-1\nM-2\n", "\"\"\t\"\"\na\t1\n", "\t\na\t1\n"] {
        assert!(!is("x.tsv", text).starts_with("expression"), "{text:?}");
    }
}

#[test]
fn gct_says_so_whatever_it_is_called() {
    let body = "\n2\t2\nName\tDescription\tS1\tS2\na\t\t1\t2\nb\t\t3\t4\n";
    for (first, wanted) in [
        ("#1.2", "expression gct-1.2"),
        ("#1.3", "expression gct-1.3"),
        ("\u{feff}#1.2", "expression gct-1.2"),
        ("#1.2\t\t\t", "expression gct-1.2"),
        ("  #1.2 ", "expression gct-1.2"),
        ("\"#1.2\"", "expression gct-1.2"),
        ("#1.2,,,", "expression gct-1.2"),
        ("#1.4", "expression gct-1.2"),
    ] {
        assert_eq!(is("anything.txt", format!("{first}{body}")), wanted, "{first}");
    }
    assert_eq!(
        is("x.txt", "#1.2\r2\t2\rName\tDescription\tS1\tS2\r"),
        "expression gct-1.2"
    );
    assert_eq!(is("x.txt", &body[1..]), "expression gct-1.2");
    assert_eq!(
        is("x.gct", "NAME\tdescription\tS1\na\t\t1\n"),
        "expression gct-1.2"
    );
    assert_eq!(is("x.gct.gz", "gene\tS1\na\t1\n"), "expression gct-1.2");
}

#[test]
fn what_is_named_cells_and_has_barcodes_is_cells() {
    let header = "Barcode\tSample Source ID\tCell Type\nAAAC-1\tS1\tT cell\n";
    assert_eq!(is("a.cells.tsv", header), "cells tsv");
    assert_eq!(is("a.tsv", header), "samples tsv");
    let of_samples = "Sample Source ID\tSex\nS1\tmale\n";
    assert_eq!(is("t-cells.tsv", of_samples), "samples tsv");
}

#[test]
fn a_line_of_no_break_blanks_is_blank() {
    assert_eq!(
        is("a.tsv", " \u{a0}\t\u{a0} \nSample Source ID\tSex\nS1\tmale\n"),
        "samples tsv"
    );
    assert_eq!(is("a.tsv", " \u{a0} \n"), "Empty");
    assert_eq!(is("a.tsv", " \u{a0} \nx y\n"), is("a.tsv", "x y\n"));
}

#[test]
fn key_columns_name_the_table() {
    for (header, wanted) in [
        ("Sample Source ID\tSex", "samples tsv"),
        ("Sex\t Sample Source ID ", "samples tsv"),
        ("sample_source_id\tSex", "samples tsv"),
        ("Library ID\tSample Source ID", "libraries tsv"),
        ("\"Library ID\"\tSample Source ID", "libraries tsv"),
        ("Sample Source ID\tPreparation ID", "preparations tsv"),
        ("barcode\tbatch\tcellType", "cells tsv"),
        ("Barcode\tBatch", "cells tsv"),
        ("barcode\tcellType\tumap", "cells tsv"),
        ("TXNAME\tGENEID", "mapping tsv"),
        (
            "Sample\tCellPopulation\tReadoutType\tColor/Marker\tValue",
            "flow-cytometry facs",
        ),
        (
            "Sample\tCellPopulation\tReadoutType\tMarker\tValue",
            "flow-cytometry facs",
        ),
        ("Library ID\tPreparation ID", "TwoKinds(Libraries, Preparations)"),
        ("#CHROM\tPOS\tID", "variant vcf"),
    ] {
        assert_eq!(
            is("table.tsv", format!("{header}\na\tb\tc\td\te\n")),
            wanted,
            "{header}"
        );
    }
    assert_eq!(
        is("t.libraries.tsv", "Library ID\tPreparation ID\nL\tP\n"),
        "libraries tsv"
    );
    assert_eq!(
        is("t.samples.tsv", "Library ID\tSample Source ID\nL\tS\n"),
        "samples tsv"
    );
    assert_eq!(
        is("t.libraries.tsv", "Name\tSample Source ID\nL\tS\n"),
        "libraries tsv"
    );
    assert_eq!(is("x", "##fileformat=VCFv4.2\t\t\n#CHROM\tPOS\n"), "variant vcf");
}

#[test]
fn a_study_is_one_record_with_study_attributes() {
    assert_eq!(is("a.tsv", "Study Source\tName\nGEO\tx\n"), "study tsv");
    assert_eq!(is("a.tsv", "Study Title\tStudy Description\n"), "study tsv");
    assert_eq!(
        is("a.tsv", "Study Title\tStudy Description\na\tb\nc\td\n"),
        "study tsv"
    );
    assert_eq!(is("a.tsv", "Study Title\tGenus\na\tb\nc\td\n"), "SomeTable");
    assert_eq!(is("my_study.tsv", "Title\tOwner\na\tb\n"), "study tsv");
    assert_eq!(
        is("a.tsv", "Study Title\tSample Source ID\na\tS1\n"),
        "samples tsv"
    );
}

#[test]
fn names_speak_where_content_does_not() {
    let record = "Scanner\tOperator\nA\tB\n";
    assert_eq!(
        is_beside("x.gct.tsv", record, &["x.gct"]),
        "expression-metadata tsv"
    );
    assert_eq!(is("x.gct.tsv", record), "expression-metadata tsv");
    assert_eq!(
        is_beside("x.metadata.tsv", record, &["x.tsv"]),
        "expression-metadata tsv"
    );
    assert_eq!(
        is_beside("x.tsv", record, &["x.vcf", "x.tsv"]),
        "expression-metadata tsv"
    );
    assert_eq!(is_beside("x.tsv", record, &["x.tsv"]), "SomeTable");
    assert_eq!(
        is_beside("x.metadata.tsv", "Sample Source ID\tSex\nS\tf\n", &["x.tsv"]),
        "samples tsv"
    );
    assert_eq!(
        is_beside("x.tsv", "g\tS1\tS2\na\t1\t2\nb\t3\t4\n", &["x.gct"]),
        "expression tsv"
    );
    assert_eq!(
        is("d.tsv", "Genome Version\tNormalization Method\nGRCh38\tTPM\n"),
        "expression-metadata tsv"
    );
    let found = detect(
        "x.gct.tsv",
        &Head::whole(record),
        &["a.gct".to_owned(), "x.gct.gz".to_owned()],
    );
    assert_eq!(found.describes.as_deref(), Some("x.gct.gz"));
}

#[test]
fn numbers_up_to_the_last_column_make_a_data_frame() {
    assert_eq!(
        is(
            "m.tsv",
            "protein\tgene\tS1\tS2\tS3\np\tg\t1\tNA\t2.5\nq\th\t\t1e-3\t4\n"
        ),
        "expression tsv"
    );
    assert_eq!(
        is("m.tsv", "name\tS1\tS2\tnote\np\t1\t2\tx\nq\t3\t4\ty\n"),
        "SomeTable"
    );
    // What begins with features is a frame, though a column of text stands where none may.
    assert_eq!(
        is("m.tsv", "protein\tS1\tS2\tnote\np\t1\t2\tx\nq\t3\t4\ty\n"),
        "expression tsv"
    );
    assert_eq!(is("m.tsv", "name\tscore\na\t1\nb\t2\n"), "SomeTable");
    assert_eq!(is("m.tsv", "Gene symbol\tS1\na\t1\nb\t2\n"), "expression tsv");
    assert_eq!(
        is("m.tsv", "protein\tname\tspecies\tS1\np\tx\tm\t1\nq\ty\tm\t2\n"),
        "expression tsv"
    );
    assert_eq!(
        is("m.expression.tsv", "gene\tscore\na\t1\nb\t2\n"),
        "expression tsv"
    );
    assert_eq!(is("m.tsv", "a\t1\t2\nb\t3\t4\n"), "NoHeader");
    assert_eq!(
        is("m.tsv", "# made by hand\ngene\tS1\tS2\na\t1\t2\n"),
        "expression tsv"
    );
    assert_eq!(
        is("m.tsv", "# made by hand\nchr1\t5\t9\nchr1\t6\t8\n"),
        "Comments"
    );
    let header = (0..2000)
        .map(|n| format!("CELL{n}"))
        .collect::<Vec<_>>()
        .join("\t");
    let cut = detect("m.tsv", &Head::part(format!("gene\t{header}").as_bytes()), &[]);
    assert_eq!(cut.kind(), Some(FileKind::Expression));
}

#[test]
fn other_formats_are_named() {
    for (bytes, wanted) in [
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n".as_slice(),
            Foreign::GitLfsPointer,
        ),
        (b"<!DOCTYPE html>\n<html>", Foreign::Html),
        (b"\xEF\xBB\xBF\n <HTML><body>", Foreign::Html),
        (b"<?xml version=\"1.0\"?>\n<Error/>", Foreign::Xml),
        (b"<Error><Code>AccessDenied</Code></Error>", Foreign::Xml),
        (b"{\"error\": \"gone\"}", Foreign::Json),
        (b"[\n  {\"name\": 1}]", Foreign::Json),
        (b"PK\x03\x04....xl/workbook.xml", Foreign::Spreadsheet),
        (b"PK\x03\x04....[Content_Types].xml", Foreign::OfficeDocument),
        (b"PK\x03\x04....data.tsv", Foreign::Zip),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", Foreign::OldSpreadsheet),
        (b"\x1F\x8B\x08\0\0\0\0\0", Foreign::Gzip),
        (b"BZh91AY&SY", Foreign::Bzip2),
        (b"\x89HDF\r\n\x1A\n\0\0", Foreign::Hdf5),
        (b"%PDF-1.7\n", Foreign::Pdf),
        (b"PAR1\x15\0\x15", Foreign::Parquet),
        (b"FCS3.1    ", Foreign::Fcs),
        (b"%%MatrixMarket matrix\n", Foreign::MatrixMarket),
        (b"\xFF\xFEN\0a\0", Foreign::Utf16LittleEndian),
        (b"N\0a\0m\0e\0\t\0S\x001\0\n\0a\0b\0", Foreign::Utf16LittleEndian),
        (b"\0N\0a\0m\0e\0\t\0S\x001\0\n\0a\0b", Foreign::Utf16BigEndian),
        (b"\x01\x02\x03\x04\x05\x06abc\x07", Foreign::Binary),
        (b"gene,S1,S2\na,1,2\n\"b,c\",3,4\n", Foreign::CommaSeparated),
        (b"gene;S1\na;1,5\nb;2,5\n", Foreign::SemicolonSeparated),
        (b"label,S1\na,1\nb,2\n", Foreign::CommaSeparated),
        (b"Label\nmale\nfemale\n", Foreign::Dictionary),
        (b"\xEF\xBB\xBFname,label\nm,male\n", Foreign::Dictionary),
        (b"Label,Synonyms\r\nmale,\"M,boy\"\r\n", Foreign::Dictionary),
        (
            b"[{\"name\": \"Sex\", \"metainfoType\": \"com.genestack.api.metainfo.StringValue\"}]",
            Foreign::Template,
        ),
    ] {
        assert_eq!(
            is("x.tsv", bytes),
            wanted.to_string(),
            "{}",
            String::from_utf8_lossy(bytes)
        );
        assert!(!wanted.help().is_empty());
    }
}

#[test]
fn text_is_not_taken_for_another_format() {
    for text in [
        "PAR1\tS1\tS2\nF2R\t1\t2\n",
        "BZh\tS1\tS2\nF2R\t1\t2\n",
        "<5\tS1\tS2\nF2R\t1\t2\n",
        "{a}\tS1\tS2\nF2R\t1\t2\n",
        "[a]\tS1\tS2\nF2R\t1\t2\n",
        "a\0b\tS1\tS2\nF2R\t1\t2\n",
        "Study Description\nWhite mice, in cages, of two sizes\n",
        "Größe, cm\tS1\tS2\nα\t1\t2\n",
    ] {
        assert_eq!(Foreign::of(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn nothing_and_prose_are_not_guessed_at() {
    assert_eq!(is("x.gct", ""), "Empty");
    assert_eq!(is("x.samples.tsv", " \n\t\n\r\n"), "Empty");
    assert_eq!(is("README.md", "# Title\n\nSome words.\n"), "NoTable");
    assert_eq!(is("x.txt", "#title\na\tb\nc\td\n"), "Comments");
    assert_eq!(
        is("notes-on-the-study.md", "Some words.\nMore words.\n"),
        "NoTable"
    );
    assert_eq!(is("study", "Some words.\nMore words.\n"), "NoTable");
    assert_eq!(is("list.txt", "a\tb\nc\td\n"), "SomeTable");
}

#[test]
fn every_beginning_of_any_file_is_judged_without_panic() {
    let texts: [&[u8]; 5] = [
        b"\xEF\xBB\xBF#1.2\t\t\r\n2\t2\r\nName\tDescription\tS1\tS2\r\na\t\xFF\t1\t2\r",
        b"Sample Source ID\tLibrary ID\nS1\tL1\n",
        b"\xFF\xFES\0a\0m\0",
        b"PK\x03\x04\0\0xl/",
        b"g;h,i\n\"a;b\",c\n\0\0\0",
    ];
    for text in texts {
        for end in 0..=text.len() {
            for head in [Head::whole(&text[..end]), Head::part(&text[..end])] {
                let found = detect("x.tsv", &head, &["x.vcf".to_owned()]);
                assert!(!found.because.is_empty());
            }
        }
    }
}

#[test]
fn a_name_alone_tells_what_a_url_is() {
    let by_name = |name| detect_by_name(name).map(|(kind, format)| format!("{kind} {format}"));
    assert_eq!(
        by_name("https://h/x.gct.gz").as_deref(),
        Some("expression gct-1.2")
    );
    assert_eq!(
        by_name("https://h/x.gct.tsv").as_deref(),
        Some("expression-metadata tsv")
    );
    assert_eq!(by_name("https://h/x.samples.tsv").as_deref(), Some("samples tsv"));
    assert_eq!(by_name("https://h/x.tsv"), None);
}
