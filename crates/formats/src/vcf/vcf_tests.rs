//! Tests of the grammar of VCF.

use super::*;
use crate::NeedMore;

fn header(text: &str) -> VcfHeader {
    read(text.as_bytes(), true).expect("the text is whole")
}

#[test]
fn a_header_is_read_with_its_places() {
    let header = header("##fileformat=VCFv4.2\t\t\n\n##a\tb\n#CHROM\tPOS\n1\t2\n");
    assert_eq!(header.meta.len(), 2);
    let first = &header.meta[0];
    assert_eq!((first.key(), first.value()), ("fileformat", Some("VCFv4.2")));
    assert_eq!(first.padding, 2);
    assert_eq!(first.padding_position.byte.0, 21);
    assert_eq!(
        first.padding_position.field.map(odmkit_core::FieldNumber::get),
        Some(2)
    );
    let second = &header.meta[1];
    assert_eq!((second.text.as_str(), second.padding), ("##a\tb", 0));
    assert_eq!((second.key(), second.value()), ("a\tb", None));
    assert_eq!(second.start.line.get(), 3);
    assert_eq!(header.blanks.len(), 1);
    let columns = header.columns.as_ref().expect("they are named");
    assert_eq!(columns.line.get(), 4);
    assert_eq!(columns.text(1), "POS");
    assert_eq!((header.body.line.get(), header.body.byte.0), (5, 41));
}

#[test]
fn lines_above_the_records_are_told_apart() {
    let kinds = |text: &str| header(text).meta.iter().map(|line| line.kind).collect::<Vec<_>>();
    assert_eq!(
        kinds("##a=b\n\"##c=\"\"d\"\"\"\n# note\n"),
        [MetaKind::Meta, MetaKind::Quoted, MetaKind::Comment]
    );
    for names in [
        "#CHROM\tPOS",
        "CHROM\tPOS",
        "#chrom\tpos",
        "# CHROM POS",
        "#CHROM,POS",
    ] {
        assert!(header(names).columns.is_some(), "{names}");
    }
    for records in ["1\t2\n", "chr1\t2\n", "CHROMOSOME\t2\n"] {
        let header = header(&format!("##a=b\n\n{records}"));
        assert!(header.columns.is_none(), "{records}");
        assert_eq!((header.body.line.get(), header.body.byte.0), (3, 7));
        assert_eq!(header.end().line.get(), 1);
    }
}

#[test]
fn more_is_asked_for_until_the_columns_are_named() {
    for head in ["", "##a=b\n", "##a=b\n#CHROM\tPOS", "##a=b\n#CHROM\tPOS\r"] {
        assert_eq!(read(head.as_bytes(), false).err(), Some(NeedMore), "{head:?}");
    }
    assert!(read(b"##a=b\n#CHROM\tPOS\n", false).is_ok());
}

#[test]
fn versions_are_read() {
    let version = |major, minor| Some(Version { major, minor });
    assert_eq!(Version::parse("VCFv4.2"), version(4, 2));
    assert_eq!(Version::parse("VCFv4.10"), version(4, 10));
    for text in [
        "", "4.2", "VCF4.2", "VCFv4", "VCFv4.", "VCFv4.x", "VCFv+4.2", "vcfv4.2",
    ] {
        assert_eq!(Version::parse(text), None, "{text}");
    }
    assert!(version(4, 3) > version(4, 2));
}

#[test]
fn positions_are_whole_numbers_of_31_bits() {
    use BadPosition::{Missing, Spelling, Text, TooLarge};
    for (text, expected) in [
        ("0", Ok(0)),
        ("007", Ok(7)),
        ("2147483647", Ok(2_147_483_647)),
        ("2147483648", Err(TooLarge)),
        ("99999999999999999999999999", Err(TooLarge)),
        ("", Err(Missing)),
        (".", Err(Missing)),
        ("-1", Err(Spelling)),
        ("1.05E+08", Err(Spelling)),
        ("1,000", Err(Spelling)),
        ("chr1", Err(Text)),
        ("-", Err(Text)),
    ] {
        assert_eq!(position(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn alleles_are_told_apart() {
    use Allele::{Bases, Breakend, Missing, Overlapped, Symbolic};
    for (text, expected) in [
        ("A", Some(Bases)),
        ("acgtN", Some(Bases)),
        ("*", Some(Overlapped)),
        (".", Some(Missing)),
        ("<DEL>", Some(Symbolic)),
        ("<INS:ME:ALU>", Some(Symbolic)),
        ("<*>", Some(Symbolic)),
        ("G]17:198982]", Some(Breakend)),
        ("]13:123456]T", Some(Breakend)),
        ("C[<ctg1>:7[", Some(Breakend)),
        ("[HLA-A*01:01:5[A", Some(Breakend)),
        (".[13:123457[", Some(Breakend)),
        ("G.", Some(Breakend)),
        (".G", Some(Breakend)),
        ("", None),
        ("<>", None),
        ("<a b>", None),
        ("AR", None),
        ("0", None),
        ("-", None),
        ("G]17:198982[", None),
        ("G]17]", None),
        ("G]:5]", None),
        ("G]17:]", None),
        ("G]17:5]A", None),
        ("..", None),
    ] {
        assert_eq!(allele(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn keys_are_counted() {
    assert_eq!(
        (keys(b""), keys(b"GT"), keys(b"GT:DP:"), keys(b"::")),
        (1, 1, 3, 3)
    );
}
