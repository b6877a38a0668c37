//! Runs of blank lines, which are taken in one step each: what is said, mended and written of a file with them, against
//! the same file without them and a count of its lines one by one.

use std::path::Path;

use odmkit_testkit::random::Random;
use serde_json::Value;

use crate::determinism::{batches, columns};
use crate::support::odmkit;

/// A file of each kind: its name, what is told of it, its header, its rows, and a row of which something is said.
const KINDS: [(&str, &[&str], &str, &str, &str); 6] = [
    (
        "m.gct",
        &[],
        "#1.2\n3\t1\nName\tDescription\tA",
        "G\tna\t1",
        "B\tna\tx",
    ),
    (
        "m.tsv",
        &["--kind", "expression", "--feature-attributes", "1"],
        "gene\tA",
        "G\t1.5",
        "B\tx",
    ),
    ("samples.tsv", &[], "Sample Source ID\tSex", "S\tF", "S\tF\tx"),
    (
        "v.vcf",
        &[],
        "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
        "chr1\t5\t.\tA\tC\t1\tPASS\tDP=1",
        "chr1\tx\t.\tA\tC\t1\tPASS\tDP=1",
    ),
    (
        "c.facs",
        &["--kind", "flow-cytometry"],
        "Sample\tCellPopulation\tReadoutType\tColor/Marker\tValue",
        "M\tLive\tCounts\t\t12",
        "M\tLive\tCounts\t\tx",
    ),
    (
        "map.tsv",
        &["--kind", "mapping"],
        "TXNAME\tGENEID",
        "T\tG",
        "T\tG\tx",
    ),
];

/// A file with and without its blank lines, and for each line of the latter where it stands in the former.
#[derive(Default)]
struct Sown {
    bare: String,
    full: String,
    /// Line and byte without blank lines, line and byte with them.
    moved: Vec<[u64; 4]>,
    /// Line and byte of each blank line.
    blanks: Vec<(u64, u64)>,
    line: u64,
}

impl Sown {
    fn push(&mut self, text: &str, end: &str) {
        self.line += 1;
        let bare = self.moved.len() as u64 + 1;
        self.moved
            .push([bare, self.bare.len() as u64, self.line, self.full.len() as u64]);
        for file in [&mut self.bare, &mut self.full] {
            file.push_str(text);
            file.push_str(end);
        }
    }

    fn blank(&mut self, text: &str, end: &str) {
        self.line += 1;
        self.blanks.push((self.line, self.full.len() as u64));
        self.full.push_str(text);
        self.full.push_str(end);
    }

    /// Where a byte of the bare file stands, and its line.
    fn place(&self, byte: u64) -> (u64, u64) {
        let at = self.moved.partition_point(|moved| moved[1] <= byte) - 1;
        let [_, bare, line, full] = self.moved[at];
        (line, full + byte - bare)
    }
}

/// Rows with runs of blank lines among them. Runs are short or longer than blocks are at the least, of lines that are
/// the same or in turn different, and they may follow each other.
fn sow(random: &mut Random, header: &str, row: &str, odd: Option<&str>, end: &str) -> Sown {
    let mut sown = Sown::default();
    header.lines().for_each(|line| sown.push(line, end));
    for number in 0..4 {
        for _ in 0..random.below(3) {
            let blank = one(random, ["", "", " ", "\t \t"]);
            let most = one(random, [3, 200, 90_000]);
            for _ in 0..=random.below(most) {
                sown.blank(blank, end);
            }
        }
        match odd.filter(|_| number % 2 == 1) {
            Some(odd) => sown.push(odd, end),
            // Rows have names of their own.
            None => sown.push(&row.replacen('\t', &format!("{number}\t"), 1), end),
        }
    }
    sown.blank("", end);
    sown
}

/// Any of these.
fn one<T: Copy, const MANY: usize>(random: &mut Random, of: [T; MANY]) -> T {
    of[usize::try_from(random.below(MANY as u64)).expect("few")]
}

fn report(directory: &Path, name: &str, args: &[&str]) -> Value {
    let how = ["check", name, "--format", "json", "--memory-limit", "1MiB"];
    let output = odmkit(directory, &[&how, args].concat());
    serde_json::from_slice(&output.stdout).expect("a report")
}

fn findings(report: &Value) -> Vec<Value> {
    report["diagnostics"].as_array().expect("findings").clone()
}

#[test]
fn a_run_of_blank_lines_moves_what_is_said_and_is_told_of_line_by_line() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut random = Random::new(5);
    for (name, args, header, row, odd) in KINDS {
        for end in ["\n", "\r\n", "\r"].repeat(4) {
            let sown = sow(&mut random, header, row, Some(odd), end);
            std::fs::write(directory.path().join(name), &sown.bare).expect("it is written");
            let bare = findings(&report(directory.path(), name, args));
            assert!(
                bare.iter().any(|finding| finding["severity"] == "error"),
                "{name}: {bare:#?}"
            );
            std::fs::write(directory.path().join(name), &sown.full).expect("it is written");
            let full = report(directory.path(), name, args);
            let (blank, full): (Vec<Value>, Vec<Value>) = findings(&full)
                .into_iter()
                .partition(|finding| finding["code"] == "T005");
            let [blank] = &blank[..] else {
                panic!("{name}: {blank:#?}")
            };
            assert_eq!(blank["count"], sown.blanks.len(), "{name} {end:?}");
            let (line, byte) = sown.blanks[0];
            assert_eq!(
                (&blank["line"], &blank["byte"]),
                (&line.into(), &byte.into()),
                "{name} {end:?}"
            );
            let also = blank["related"].as_array().expect("places");
            let also: Vec<u64> = also.iter().filter_map(|place| place["line"].as_u64()).collect();
            let next: Vec<u64> = sown.blanks[1..].iter().take(4).map(|(line, _)| *line).collect();
            assert_eq!(also, next, "{name} {end:?}");

            // Of metadata no last line is told.
            if sown.blanks.len() > 6 && name != "samples.tsv" {
                let said = odmkit(directory.path(), &[&["check", name], args].concat()).stdout;
                let said = String::from_utf8(said).expect("text").replace(',', "");
                let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
                let (last, _) = sown.blanks[sown.blanks.len() - 1];
                assert!(
                    said.contains(&format!("up to line {last} ")),
                    "{name} {end:?}: {last}: {said}"
                );
            }

            assert_eq!(full.len(), bare.len(), "{name} {end:?}: {full:#?}");
            for (mut bare, full) in bare.into_iter().zip(full) {
                if let Some(byte) = bare["byte"].as_u64() {
                    let (line, byte) = sown.place(byte);
                    (bare["line"], bare["byte"]) = (line.into(), byte.into());
                }
                bare["related"] = full["related"].clone();
                assert_eq!(full, bare, "{name} {end:?}");
            }
        }
    }
}

#[test]
fn a_file_with_runs_of_blank_lines_is_mended_and_converted_as_one_without() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut random = Random::new(9);
    let mut converted = 0;
    for (name, args, header, row, _) in KINDS {
        for end in ["\n", "\r\n", "\r"] {
            let header = header.replace("3\t1", "4\t1");
            let sown = sow(&mut random, &header, row, None, end);
            let [bare, full] = [&sown.bare, &sown.full].map(|text| {
                std::fs::write(directory.path().join(name), text).expect("it is written");
                let mended = directory.path().join("mended");
                let output = odmkit(directory.path(), &[&["fix", name, "-o", "mended"], args].concat());
                let said = String::from_utf8_lossy(&output.stdout).into_owned();
                assert_eq!(output.status.code(), Some(0), "{name} {end:?}: {said}");
                let text = std::fs::read_to_string(mended.join(name)).expect("it is there");
                std::fs::remove_dir_all(mended).expect("it was made");
                let rest = ["-o", "out.parquet", "--overwrite", "--memory-limit", "1MiB"];
                let output = odmkit(directory.path(), &[&["convert", name], &rest[..], args].concat());
                let made = output.status.success();
                let table = made.then(|| columns(&batches(&directory.path().join("out.parquet"))));
                (text, table, said)
            });
            assert_eq!(full.0, bare.0, "{name} {end:?}");
            assert!(full.1 == bare.1, "{name} {end:?}");
            converted += usize::from(full.1.is_some());
            let mut counts = full
                .2
                .split([' ', ',', '\n'])
                .skip_while(|word| *word != "(T005)");
            let told = counts.nth(1).expect("blank lines are told of");
            assert_eq!(
                told,
                format!("×{}", sown.blanks.len()),
                "{name} {end:?}: {}",
                full.2
            );
        }
    }
    assert!(
        converted >= 9,
        "matrices and tables are converted, not {converted}"
    );
}
