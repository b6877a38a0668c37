use odmkit_core::FileKind;
use odmkit_template::{Dictionaries, Template};

use super::tests::{brief, codes, found, found_by, help, only};

#[test]
fn look_alike_names_are_not_also_near_names() {
    let text = "Library ID\tSample Source ID\tFlow \u{421}ell\tread length\tFreezer\nL1\tS1\tx\t7,5\ty\n";
    let findings = found(FileKind::Libraries, text);
    assert_eq!(
        brief(&findings),
        ["T009 1:3@28", "M007 1:4@39", "M006 1:5@51", "M003 2:4@67"]
    );
    assert!(findings[0].message.contains("U+0421"));
    assert_eq!(help(&findings[1]), "rename the column to Read Length");
}

#[test]
fn near_names_of_attributes_that_are_there_are_just_unknown() {
    let text = "Sample Source ID\tSample Source\tSex\tsex\nS1\tx\tmale\tmale\n";
    assert_eq!(codes(FileKind::Samples, text), ["M006 1:4@35"]);
}

#[test]
fn a_misnamed_key_is_one_error() {
    let text = "Sample source ID\tSample Source\nS1\tx\nS1\ty\n";
    let findings = found(FileKind::Samples, text);
    assert_eq!(brief(&findings), ["M010 1:1@0", "M013 3:1@36"]);
    assert_eq!(
        help(&findings[0]),
        "rename the column `Sample source ID` to Sample Source ID"
    );
    let quoted = found(
        FileKind::Samples,
        "\"Sample Source ID\"\tSample Source\tx\nS1\ty\t1\n",
    );
    assert_eq!(brief(&quoted), ["M010 1:1@0", "M006 1:3@33"]);
    assert!(help(&quoted[0]).ends_with("the quotes are part of the name"));
    let look_alike = found(FileKind::Samples, "Sample\u{a0}Source ID\tSample Source\nS1\ty\n");
    assert!(help(&look_alike[0]).contains("U+00A0"));
}

#[test]
fn absent_keys_are_errors() {
    assert_eq!(
        codes(FileKind::Samples, "Sample Source\tName\nx\ty\n"),
        ["M010 1:0@0", "M006 1:2@14"]
    );
    assert_eq!(
        codes(FileKind::Libraries, "Name\nx\n"),
        ["M010 1:0@0", "M010 1:0@0"]
    );
    assert_eq!(
        codes(FileKind::Cells, "cellType\nx\n"),
        ["C001 1:0@0", "C001 1:0@0"]
    );
}

#[test]
fn what_may_be_the_key_is_named() {
    let told = |kind, header: &str| {
        let findings = only("M010", found(kind, &format!("{header}\nx\ty\tz\n")));
        findings
            .iter()
            .map(|finding| help(finding).to_owned())
            .collect::<Vec<_>>()
    };
    let samples = told(FileKind::Samples, "Sample_ID\tSample Source\tSex");
    assert!(samples[0].starts_with("if `Sample_ID` is what"), "{samples:?}");
    let libraries = told(FileKind::Libraries, "Library\tSample ID\tFreezer");
    assert!(
        libraries[0].starts_with("if `Library` is what")
            && libraries[1].starts_with("if `Sample ID` is what")
    );
    let neither = told(FileKind::Libraries, "Library ID\tID\tFreezer");
    assert!(neither[0].starts_with("add a column"), "{neither:?}");
}

#[test]
fn what_odm_sets_itself_is_ignored() {
    let text =
        "Data Class\tGenome Version\tgenestack:accession\tValues (numeric)\nProteomics\tGRCh38\tGSF1\tTPM\n";
    let findings = found(FileKind::ExpressionMetadata, text);
    assert_eq!(brief(&findings), ["M008 1:1@0", "M008 1:3@26", "M008 1:4@46"]);
    assert!(help(&findings[0]).contains("--data-class"));
}

#[test]
fn dictionaries_that_are_not_given_are_named_once() {
    let text = "Sample Source ID\tSample Source\tOrganism\tTissue\nS1\tx\tHomo sapiens\tliver\n";
    let findings = found(FileKind::Samples, text);
    assert_eq!(brief(&findings), ["M012 1:3@31", "M012 1:4@40"]);
    assert_eq!(
        help(&findings[0]),
        "give each with --dictionary NAME=FILE, or all with --dictionaries FOLDER, whose files have their names: \
         NCBI Taxonomy, Uberon Anatomical Entities"
    );
    let one = found(FileKind::Samples, &text.replace("\tTissue", "\tOther"));
    let one = only("M012", one);
    assert_eq!(help(&one[0]), "give it with --dictionary \"NCBI Taxonomy=FILE\"");
}

#[test]
fn names_are_held_to_the_rules_of_every_table() {
    let long = "n".repeat(256);
    let text = format!("Sample Source ID \tSample Source\t\t{long}\tx\tx\nS1\ty\tz\t1\t2\t3\n");
    let found = found(FileKind::Samples, &text);
    let mut brief = brief(&found);
    brief.sort_unstable();
    assert_eq!(
        brief,
        [
            "M006 1:4@33",
            "M006 1:5@290",
            "T002 1:6@292",
            "T003 1:3@32",
            "T004 1:4@33",
            "T006 1:1@0"
        ]
    );
    assert_eq!(codes(FileKind::Samples, "\t\t\nx\n"), ["T003 1:0@0"]);
    let bom = "\u{feff}Sample Source ID\tSample Source\nS1\tx\n";
    assert_eq!(codes(FileKind::Samples, bom), Vec::<String>::new());
}

#[test]
fn another_separator_is_one_finding() {
    let findings = found(FileKind::Samples, "Sample Source ID,Sample Source,Sex\nS1,x,M\n");
    assert_eq!(brief(&findings), ["F008 1:0@0"]);
    assert!(findings[0].message.contains("comma-separated"));
    assert_eq!(
        codes(FileKind::Study, "\"Study Title\";\"Study Source\"\na;b\n"),
        ["F008 1:0@0"]
    );
}

#[test]
fn under_an_empty_template_only_keys_and_rows_are_judged() {
    let text = "Sample Source ID\tSample Source\tSex\tFreezer\nS1\tx\tM\ty\nS1\tx\tM\ty\n";
    let findings = found_by(
        FileKind::Samples,
        text,
        &Template::empty(),
        &Dictionaries::bundled(),
    );
    assert_eq!(brief(&findings), ["M013 3:1@52"]);
}

#[test]
fn a_renamed_key_is_told_once() {
    for (kind, text) in [
        (FileKind::Samples, "SampleID\tSample Source\nS1\tc\n"),
        (FileKind::Libraries, "Library ID\tSample ID\nL1\tS1\n"),
    ] {
        let findings = found(kind, text);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].rule.code.as_str(), "M010");
        assert!(findings[0].column.is_some() && help(&findings[0]).contains("rename it to Sample Source ID"));
    }
}

#[test]
fn the_accession_of_older_templates_is_for_odm_to_fill() {
    let json = r#"[{"name": "Accession", "isRequired": true, "isReadOnly": true,
        "metainfoType": "com.genestack.api.metainfo.StringValue", "dataType": "genestack:sampleObject"}]"#;
    let template = Template::from_json(json.as_bytes()).expect("a template");
    let codes = |text: &str| {
        brief(&found_by(
            FileKind::Samples,
            text,
            &template,
            &Dictionaries::bundled(),
        ))
    };
    assert_eq!(codes("Sample Source ID\tSample Source\nS1\tc\n"), [""; 0]);
    let given = codes("Sample Source ID\tSample Source\tAccession\nS1\tc\tGSF1\n");
    assert_eq!(given, ["M008 1:3@31"]);
}

#[test]
fn of_a_blank_column_nothing_is_unchecked() {
    let text =
        "Sample Source ID\tSample Source\tOrganism\tTissue\tColour\nS1\tx\t\tliver\t\nS2\tx\t \tlung\t\n";
    let findings = found(FileKind::Samples, text);
    assert_eq!(brief(&findings), ["M012 1:4@40"]);
    assert_eq!(
        help(&findings[0]),
        "give it with --dictionary \"Uberon Anatomical Entities=FILE\""
    );
}

#[test]
fn names_all_spelt_otherwise_are_one_thing_to_tell() {
    let text = "Sample Source ID\tsample_source\tsex\tage\nS1\tclinic\tmale\t3\n";
    let found = only("M007", found(FileKind::Samples, text));
    let told: Vec<_> = found
        .iter()
        .map(|finding| (help(finding), finding.cause.is_some()))
        .collect();
    assert_eq!(told, [("rename the columns to Sample Source, Sex, Age", true); 3]);
}

#[test]
fn what_moves_the_paper_of_a_printer_is_white_space_around_a_name() {
    let text = "Sample Source ID\u{b}\tSample Source\u{c}\tS\u{b}ex\nS1\tx\tmale\n";
    assert_eq!(
        codes(FileKind::Samples, text),
        ["T006 1:1@0", "T006 1:2@18", "T009 1:3@33"]
    );
    let cells = "barcode\tbatch\tcell_type\u{b}\nA\tS1\tx\n";
    assert_eq!(codes(FileKind::Cells, cells), ["T006 1:3@14", "C003 1:3@14"]);
}
