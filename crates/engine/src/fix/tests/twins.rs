//! Names that only quotes tell apart.

use super::*;

/// What the check promises to mend, and its help for what it does not.
fn promised(request: &FixRequest) -> (Vec<String>, Vec<String>) {
    let found = report(request).diagnostics;
    let (mended, left): (Vec<_>, Vec<_>) = found.into_iter().partition(|finding| finding.fix.is_some());
    let help = left.into_iter().filter_map(|finding| finding.help);
    (
        mended
            .iter()
            .map(|finding| finding.rule.code.to_string())
            .collect(),
        help.collect(),
    )
}

/// What is promised of a text under a name, its help, and what becomes of it.
fn tried(name: &str, text: &str, features: Option<u64>) -> (Vec<String>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let mut request = request(path.clone());
    request.options.feature_attributes = features;
    let (mended, help) = promised(&request);
    fix(&request, &NoProgress, |fixed| {
        fixed.unwrap().write(false).unwrap();
    })
    .unwrap();
    (mended, help.join("; "), std::fs::read_to_string(path).unwrap())
}

#[test]
fn rows_that_would_have_one_name_keep_their_quotes() {
    let before = "#1.2\n3\t1\nName\tDescription\tS1\n\"A\"\tNA\t1\n\"B\"\tNA\t2\nA\tNA\t3\n";
    let (promised, help, after) = tried("m.gct", before, None);
    assert_eq!((promised, after.as_str()), (vec![], before));
    assert!(help.contains("lines 4 and 6 would both be called `A`"), "{help}");
    // The names of rows are all the columns before the values.
    let before = "G\tT\tS1\n\"A\"\tx\t1\nA\t\"x\"\t2\n";
    let (promised, help, after) = tried("m.tsv", before, Some(2));
    assert_eq!((promised, after.as_str()), (vec![], before));
    assert!(help.contains("`A | x`"), "{help}");
    // Where no two are alike, all is mended.
    let (promised, _, after) = tried("m.tsv", "G\tS1\n\"A\"\t1\nB\t2\n", Some(1));
    assert_eq!(
        (promised, after.as_str()),
        (vec!["T012".to_owned()], "G\tS1\nA\t1\nB\t2\n")
    );
}

#[test]
fn samples_that_would_have_one_name_keep_their_quotes() {
    let before = "#1.2\n1\t3\nName\tDescription\tS1\t\"S1\"\t\"S2\"\nA\tNA\t1\t2\t3\n";
    let (promised, help, after) = tried("m.gct", before, None);
    assert_eq!(promised, ["T012"], "the other name is mended");
    assert_eq!(after, before.replace("\"S2\"", "S2"));
    assert!(help.contains("give it a name of its own"), "{help}");
    let before = "G\tS1\t\"S1\"\nA\t1\t2\n";
    let (promised, _, after) = tried("m.tsv", before, Some(1));
    assert_eq!((promised, after.as_str()), (vec![], before));
}

#[test]
fn gct_1_3_of_such_names_stays_what_it_is() {
    let before = "#1.3\n1\t2\t0\t1\nid\tS1\t\"S1\"\nx\ty\tz\nA\t1\t2\n";
    let (promised, _, after) = tried("m.gct", before, None);
    assert_eq!((promised, after.as_str()), (vec![], before));
}

#[test]
fn samples_of_variants_that_would_have_one_name_keep_their_quotes() {
    let before = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\t\"S1\"\t\"S2\"\n\
        1\t100\t.\tA\t\"C\"\t.\tPASS\t.\tGT\t0/1\t0/0\t0/0\n";
    let (_, _, after) = tried("m.vcf", before, None);
    assert_eq!(after, before.replace("\"S2\"", "S2").replace("\"C\"", "C"));
}
