//! What `template blank` writes is a table of its kind that lacks rows and nothing else.

use serde_json::Value;

use crate::support::odmkit;

/// The kinds, and the rule that asks for rows.
const KINDS: [(&str, &str); 8] = [
    ("study", "M009"),
    ("samples", "T008"),
    ("libraries", "T008"),
    ("preparations", "T008"),
    ("cells", "T008"),
    ("expression-metadata", "M009"),
    ("flow-cytometry", "T008"),
    ("mapping", "T008"),
];

/// The errors and warnings of a file of a kind.
fn spoken(directory: &std::path::Path, kind: &str) -> Vec<String> {
    let args = ["check", "table.tsv", "--kind", kind, "--format", "json"];
    let output = odmkit(directory, &args);
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let findings = report["diagnostics"].as_array().expect("findings");
    let told = findings.iter().filter(|finding| finding["severity"] != "info");
    told.map(|finding| format!("{} {}", finding["code"], finding["message"]))
        .collect()
}

/// Something that is right in a column of this name, and not the same in two rows.
fn filling(column: &str, row: usize) -> String {
    match column {
        "nCounts" | "Value" => "12".to_owned(),
        "percentMito" => "0.5".to_owned(),
        "umap" | "tsne" | "pca" => "1.5,2.5".to_owned(),
        "ReadoutType" => "Count".to_owned(),
        "barcode" | "batch" | "cellType" | "cluster" | "Sample" | "CellPopulation" | "TXNAME" | "GENEID" => {
            format!("x{row}")
        }
        key if key.ends_with(" ID") => format!("x{row}"),
        _ => "Not applicable".to_owned(),
    }
}

#[test]
fn a_blank_table_lacks_rows_and_nothing_else() {
    let directory = tempfile::tempdir().expect("a directory");
    for (kind, asks) in KINDS {
        let args = ["template", "blank", kind, "-o", "table.tsv"];
        let output = odmkit(directory.path(), &args);
        assert!(output.status.success(), "{kind}: {output:?}");
        let said = spoken(directory.path(), kind);
        assert!(
            matches!(&said[..], [one] if one.contains(asks)),
            "{kind}: {said:?}"
        );

        let path = directory.path().join("table.tsv");
        let header = std::fs::read_to_string(&path).expect("it is written");
        let columns: Vec<&str> = header.trim_end().split('\t').collect();
        let row = |row| {
            let cells: Vec<String> = columns.iter().map(|column| filling(column, row)).collect();
            cells.join("\t") + "\n"
        };
        let rows = if asks == "M009" { row(1) } else { row(1) + &row(2) };
        std::fs::write(&path, header + &rows).expect("it is written");
        let said = spoken(directory.path(), kind);
        assert!(said.is_empty(), "{kind}: {said:?}");
        std::fs::remove_file(&path).expect("it is there");
    }
}
