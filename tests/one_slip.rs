//! One slip in a file that is right is one kind of finding: files of each kind, with one thing wrong in each, and the rules
//! that speak of it. Where several do, the table of answers shows it. Written again with `ODMKIT_WRITE_VERDICTS=1 cargo test
//! --test integration one_slip`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::support::{odmkit, root};

const TABLE: &str = "tests/one_slip.tsv";

/// A file that is right: its name, what is told of it, the lines above the names, the names, and how many of these come before
/// the values that slips are made in.
const FILES: [(&str, &[&str], &str, &str, usize); 7] = [
    (
        "m.gct",
        &[],
        "#1.2\n5\t3\n",
        "Name\tDescription\tS-1\tS-2\tS-3",
        2,
    ),
    (
        "f.tsv",
        &[
            "--kind",
            "expression",
            "--feature-attributes",
            "1",
            "--measurement-separator",
            ".",
        ],
        "",
        "gene\tS-1.tpm\tS-1.count\tS-2.tpm\tS-2.count\tS-3.tpm\tS-3.count",
        1,
    ),
    (
        "samples.tsv",
        &[],
        "",
        "Sample Source ID\tSample Source\tSex\tAge",
        2,
    ),
    (
        "libraries.tsv",
        &[],
        "",
        "Library ID\tSample Source ID\tLibrary Type",
        1,
    ),
    (
        "v.vcf",
        &[],
        "##fileformat=VCFv4.2\n##contig=<ID=1>\n",
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
        5,
    ),
    (
        "c.facs",
        &[],
        "",
        "Sample\tCellPopulation\tReadoutType\tColor/Marker\tValue",
        4,
    ),
    ("map.tsv", &["--kind", "mapping"], "", "TXNAME\tGENEID", 1),
];

/// What stands beside them, of which they speak or which speaks of them.
const BESIDE: [(&str, &str, &str); 3] = [
    (
        "samples.tsv",
        "expression.gct",
        "#1.2\n1\t5\nName\tDescription\tS-1\tS-2\tS-3\tS-4\tS-5\nTP53\tna\t1\t2\t3\t4\t5\n",
    ),
    (
        "libraries.tsv",
        "samples.tsv",
        "Sample Source ID\tSample Source\nS-1\tclinic\nS-2\tclinic\nS-3\tclinic\nS-4\tclinic\nS-5\tclinic\n",
    ),
    (
        "libraries.tsv",
        "expression.gct",
        "#1.2\n1\t5\nName\tDescription\tL-1\tL-2\tL-3\tL-4\tL-5\nTP53\tna\t1\t2\t3\t4\t5\n",
    ),
];

/// A file in parts.
#[derive(Clone)]
struct File {
    above: String,
    names: Vec<String>,
    rows: Vec<Vec<String>>,
    below: String,
    /// The 0-based column of values that slips are made in.
    value: usize,
}

type Slip = fn(&mut File);

/// The slips, all in the third row or the whole of a file.
const SLIPS: [(&str, Slip); 44] = [
    ("nothing", |_| {}),
    ("a cell is lost", |file| drop(file.rows[2].remove(file.value))),
    ("a cell is doubled", |file| {
        let cell = file.rows[2][file.value].clone();
        file.rows[2].insert(file.value, cell);
    }),
    ("a row is doubled", |file| file.rows.push(file.rows[2].clone())),
    ("a key is blank", |file| file.rows[2][0].clear()),
    ("a key is quoted", |file| {
        file.rows[2][0] = quoted(&file.rows[2][0]);
    }),
    ("a key has a blank behind it", |file| file.rows[2][0].push(' ')),
    ("a key has a character that cannot be seen", |file| {
        file.rows[2][0].insert(1, '\u{200b}');
    }),
    ("a key is a day", |file| file.rows[2][0] = String::from("2-Sep")),
    ("a key is another", |file| file.rows[2][0] = String::from("other")),
    ("all keys are quoted", |file| {
        file.rows.iter_mut().for_each(|row| row[0] = quoted(&row[0]));
    }),
    ("a value is quoted", |file| {
        file.rows[2][file.value] = quoted(&file.rows[2][file.value]);
    }),
    ("a row is quoted", |file| {
        file.rows[2] = file.rows[2].iter().map(|cell| quoted(cell)).collect();
    }),
    ("all is quoted", |file| {
        file.names = file.names.iter().map(|name| quoted(name)).collect();
        file.rows
            .iter_mut()
            .flatten()
            .for_each(|cell| *cell = quoted(cell));
    }),
    ("a value is words", |file| {
        file.rows[2][file.value] = String::from("see below");
    }),
    ("a value is an error", |file| {
        file.rows[2][file.value] = String::from("#REF!");
    }),
    ("a value is too wide to be shown", |file| {
        file.rows[2][file.value] = String::from("#####");
    }),
    ("a line break in a value", |file| {
        file.rows[2][file.value].push_str("\nx");
    }),
    ("a line break in a name", |file| file.names[file.value].push('\n')),
    ("a quoted line break in a name", |file| {
        let name = &mut file.names[file.value];
        *name = format!("\"{name}\n(all)\"");
    }),
    ("a name is lost", |file| drop(file.names.remove(file.value))),
    ("a name is blank", |file| file.names[file.value].clear()),
    ("a name is another's", |file| {
        file.names[file.value] = file.names[file.value - 1].clone();
    }),
    ("a name has a blank behind it", |file| {
        file.names[file.value].push(' ');
    }),
    ("a tab is doubled in the names", |file| {
        file.names.insert(file.value, String::new());
    }),
    ("a tab is a blank in the names", |file| {
        let next = file.names.pop().unwrap_or_default();
        if let Some(last) = file.names.last_mut() {
            last.push(' ');
            last.push_str(&next);
        }
    }),
    ("the names are lost", |file| file.names.clear()),
    ("the names stand twice", |file| {
        file.rows.insert(0, file.names.clone());
    }),
    ("the names stand last", |file| {
        let names = std::mem::take(&mut file.names);
        file.rows.push(names);
    }),
    ("a title above the names", |file| {
        file.above.push_str("Results of June\n");
    }),
    ("groups above the names", |file| {
        let groups = format!("{}Treated\n", "\t".repeat(file.names.len() - 1));
        file.above.push_str(&groups);
    }),
    ("a comment on top", |file| {
        file.above.insert_str(0, "# made in June\n");
    }),
    ("a note below", |file| {
        file.below.push_str("Source: our laboratory\n");
    }),
    ("a blank line", |file| file.rows.insert(2, Vec::new())),
    ("blank lines below", |file| file.below.push_str("\n\n")),
    ("a blank first column", |file| {
        file.names.insert(0, String::new());
        file.rows.iter_mut().for_each(|row| row.insert(0, String::new()));
    }),
    ("a blank column", |file| {
        let at = file.value;
        file.names.insert(at, String::new());
        file.rows.iter_mut().for_each(|row| row.insert(at, String::new()));
    }),
    ("a column stands twice", |file| {
        let at = file.value;
        file.names.push(file.names[at].clone());
        file.rows.iter_mut().for_each(|row| row.push(row[at].clone()));
    }),
    ("padding", |file| {
        file.names.push(String::new());
        file.rows.iter_mut().for_each(|row| row.push(String::new()));
    }),
    ("rows are numbered as in R", |file| {
        for (row, number) in file.rows.iter_mut().zip(1..) {
            row.insert(0, format!("{number}"));
        }
    }),
    ("rows are numbered as in pandas", |file| {
        file.names.insert(0, String::new());
        for (row, number) in file.rows.iter_mut().zip(0..) {
            row.insert(0, format!("{number}"));
        }
    }),
    ("the file stands twice", |file| file.below = file.text()),
    ("a letter is lost", |file| file.rows[2][0].push('\u{fffd}')),
    ("a control character in a key", |file| {
        file.rows[2][0].insert(1, '\u{7}');
    }),
];

fn quoted(cell: &str) -> String {
    format!("\"{cell}\"")
}

impl File {
    fn right(name: &str, above: &str, names: &str, value: usize) -> Self {
        let row = |number: usize| -> String {
            let (n, thrice) = (number + 1, number * 3 + 1);
            match name {
                "m.gct" => format!("ENSG{n}\tgene {n}\t{n}.5\t{thrice}.25\t{n}"),
                "f.tsv" => format!("GENE{n}\t{n}.5\t{thrice}\t{n}.25\t{n}\t{thrice}.5\t{n}"),
                "samples.tsv" => format!("S-{n}\tclinic\tmale\t{thrice}"),
                "libraries.tsv" => format!("L-{n}\tS-{n}\tPaired-end"),
                "v.vcf" => format!("1\t{thrice}00\trs{n}\tA\tG\t{n}\tPASS\t."),
                "c.facs" => format!("S-{n}\tLive/CD{n}\tCounts\tCD{n}\t{thrice}"),
                _ => format!("ENST{n}\tENSG{n}"),
            }
        };
        let cells = |line: &str| line.split('\t').map(str::to_owned).collect();
        Self {
            above: above.to_owned(),
            names: cells(names),
            rows: (0..5).map(|number| cells(&row(number))).collect(),
            below: String::new(),
            value,
        }
    }

    fn text(&self) -> String {
        let names = if self.names.is_empty() {
            String::new()
        } else {
            self.names.join("\t") + "\n"
        };
        let rows: String = self.rows.iter().map(|row| row.join("\t") + "\n").collect();
        format!("{}{names}{rows}{}", self.above, self.below)
    }
}

/// The rules that speak of a file, and of those beside it.
fn codes(directory: &Path, name: &str, args: &[&str]) -> BTreeSet<String> {
    let what = if BESIDE.iter().any(|(of, ..)| *of == name) {
        "."
    } else {
        name
    };
    let output = odmkit(directory, &[&["check", what, "--format", "json"], args].concat());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("panicked"), "{name}: {errors}");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let codes = report["summary"]["by_code"].as_object().expect("counts by code");
    codes.keys().cloned().collect()
}

#[test]
fn one_slip_is_told_by_the_rules_that_are_written_down() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut table = String::from("file\tslip\tcodes\n");
    for (name, args, above, names, value) in FILES {
        let directory = directory.path().join(name);
        std::fs::create_dir(&directory).expect("it is made");
        for (_, beside, text) in BESIDE.iter().filter(|(of, ..)| *of == name) {
            std::fs::write(directory.join(beside), text).expect("it is written");
        }
        let right = File::right(name, above, names, value);
        for (slip, make) in SLIPS {
            let mut file = right.clone();
            make(&mut file);
            std::fs::write(directory.join(name), file.text()).expect("it is written");
            let codes: Vec<String> = codes(&directory, name, args).into_iter().collect();
            assert!(
                slip != "nothing" || codes.is_empty(),
                "{name} is right: {codes:?}"
            );
            let _ = writeln!(table, "{name}\t{slip}\t{}", codes.join(" "));
        }
    }
    let path = root().join(TABLE);
    if std::env::var_os("ODMKIT_WRITE_VERDICTS").is_some() {
        std::fs::write(&path, &table).expect("it is written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    let new: Vec<&str> = table
        .lines()
        .filter(|line| !there.lines().any(|known| known == *line))
        .collect();
    assert!(
        new.is_empty() && there.lines().count() == table.lines().count(),
        "{TABLE} says otherwise; where the new answers are right, run ODMKIT_WRITE_VERDICTS=1 cargo test --test integration \
         one_slip:\n{}",
        new.join("\n")
    );
}
