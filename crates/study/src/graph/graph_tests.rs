use std::collections::BTreeMap;
use std::io;

use super::*;
use crate::{Head, Heads};

/// A file system in memory.
struct Memory(BTreeMap<&'static str, &'static str>);

impl Heads for Memory {
    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let inside = |path: &&&str| crate::names::folder(path) == folder;
        Ok(self
            .0
            .keys()
            .rev()
            .filter(inside)
            .map(|path| file_name(path).to_owned())
            .collect())
    }

    fn folders(&self, folder: &str) -> io::Result<Vec<String>> {
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let inside = |path: &&str| {
            path.strip_prefix(&prefix)?
                .split_once('/')
                .map(|(name, _)| name.to_owned())
        };
        let mut names: Vec<String> = self.0.keys().filter_map(inside).collect();
        names.dedup();
        Ok(names)
    }

    fn head(&self, path: &str) -> io::Result<Head> {
        match self.0.get(path) {
            Some(&"unreadable") => Err(io::ErrorKind::PermissionDenied.into()),
            Some(text) => Ok(Head::whole(*text)),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

const STUDY: &str = "Study Source\tStudy Title\nGEO\tMice\n";
const SAMPLES: &str = "Sample Source ID\tSex\nS1\tfemale\n";
const GCT: &str = "#1.2\n1\t1\nName\tDescription\tS1\ng\t\t1\n";
const FRAME: &str = "protein\tgene\tS1:a\tS1:b\tS2:a\tS2:b\np\tg\t1\t2\t3\t4\n";
const RECORD: &str = "Scale\tGenome Version\nTPM\tGRCh38\n";

fn folder() -> Memory {
    Memory(BTreeMap::from([
        ("d/z.study.tsv", STUDY),
        ("d/a.samples.tsv", SAMPLES),
        ("d/b.libraries.tsv", "Library ID\tSample Source ID\nL1\tS1\n"),
        ("d/x.gct", GCT),
        ("d/x.gct.tsv", RECORD),
        ("d/protein.tsv", FRAME),
        ("d/protein.metadata.tsv", RECORD),
        ("d/v.vcf", "##fileformat=VCFv4.2\n#CHROM\tPOS\n"),
        ("d/v.tsv", RECORD),
        ("d/lost.tsv", "\u{0}unreadable"),
        ("d/locked.tsv", "unreadable"),
        ("d/page.gct", "<!DOCTYPE html><html>"),
        ("d/README.md", "Words.\nMore words.\n"),
        ("d/template.json", "{\"name\": 1}"),
        ("d/.hidden.tsv", SAMPLES),
        ("d/study.toml.orig", "x"),
        ("d/dictionaries/sex.csv", "Label\nmale\n"),
    ]))
}

fn lines(study: &Study) -> Vec<String> {
    study
        .entities
        .iter()
        .map(|entity| {
            let metadata = entity
                .metadata
                .as_ref()
                .map_or(String::new(), |metadata| format!(" + {metadata}"));
            format!(
                "{} {}{metadata}",
                entity.kind,
                entity.file().unwrap_or("accession")
            )
        })
        .collect()
}

#[test]
fn a_folder_is_sorted_paired_and_explained() {
    let mut study = Study::from_folder("d", &folder()).expect("listed");
    study.add_hints(&folder());
    assert_eq!(
        lines(&study),
        [
            "study d/z.study.tsv",
            "samples d/a.samples.tsv",
            "libraries d/b.libraries.tsv",
            "expression d/protein.tsv + d/protein.metadata.tsv",
            "variant d/v.vcf + d/v.tsv",
            "expression d/x.gct + d/x.gct.tsv",
        ]
    );
    let skipped: Vec<_> = study
        .skipped
        .iter()
        .map(|file| (file.path.as_str(), file.because(), file.expected))
        .collect();
    assert_eq!(
        skipped,
        [
            (
                "d/README.md",
                "it is text, but not a table with tabs".to_owned(),
                false
            ),
            (
                "d/locked.tsv",
                "it cannot be read: permission denied".to_owned(),
                true
            ),
            (
                "d/lost.tsv",
                "it is text, but not a table with tabs".to_owned(),
                true
            ),
            ("d/page.gct", "it is an HTML page".to_owned(), true),
        ]
    );
    assert_eq!(study.template, Some(Location::Path("d/template.json".to_owned())));
    assert_eq!(
        study.dictionaries,
        Some(Location::Path("d/dictionaries".to_owned()))
    );
    let protein = study.data().next().expect("data");
    assert!(protein.is_data_frame());
    assert_eq!(protein.feature_attributes, None);
    assert_eq!(
        protein.hints.feature_attributes.as_ref().map(|hint| hint.count),
        Some(2)
    );
    assert_eq!(
        study.data().nth(2).and_then(|gct| gct.data_class.as_deref()),
        Some("Bulk transcriptomics")
    );
}

#[test]
fn a_packed_copy_of_a_file_is_left_out() {
    let gct = "#1.2\n1\t1\nName\tDescription\tS1\nA\ta\t1\n";
    let folder = Memory(BTreeMap::from([
        ("d/x.gct", gct),
        ("d/x.gct.gz", gct),
        ("d/y.gct.gz", gct),
    ]));
    let study = Study::from_folder("d", &folder).unwrap();
    assert_eq!(lines(&study), ["expression d/x.gct", "expression d/y.gct.gz"]);
    let skipped: Vec<_> = study
        .skipped
        .iter()
        .map(|file| (file.path.as_str(), file.because()))
        .collect();
    let why = "it is x.gct, packed, by its name: one of the two is enough".to_owned();
    assert_eq!(skipped, [("d/x.gct.gz", why)]);
}

#[test]
fn where_values_begin_is_told_by_the_samples_of_the_folder() {
    let folder = Memory(BTreeMap::from([
        ("d/a.samples.tsv", "Sample Source ID\tSex\nS1\tfemale\nS2\tmale\n"),
        ("d/x.tsv", "P\tGene\tLen\tS1\tS2\na\tb\t3\t1\t2\nc\td\t3\t1\t2\n"),
    ]));
    let mut study = Study::from_folder("d", &folder).unwrap();
    study.add_hints(&folder);
    let frame = study.data().next().expect("a frame");
    let hint = frame.hints.feature_attributes.as_ref().expect("a hint");
    assert_eq!((hint.count, hint.by_names), (3, true));
}

#[test]
fn files_that_were_named_are_all_expected() {
    let paths = ["d/x.gct", "d/README.md", "d/x.gct.tsv", "d/none.tsv", "d/x.gct"].map(str::to_owned);
    let study = Study::from_files(&paths, &folder());
    assert_eq!(lines(&study), ["expression d/x.gct + d/x.gct.tsv"]);
    let skipped: Vec<_> = study
        .skipped
        .iter()
        .map(|file| (file.path.as_str(), file.expected))
        .collect();
    assert_eq!(skipped, [("d/README.md", true), ("d/none.tsv", true)]);
}

#[test]
fn a_description_without_its_data_stands_alone() {
    let study = Study::from_files(&["d/x.gct.tsv".to_owned()], &folder());
    assert_eq!(lines(&study), ["expression-metadata d/x.gct.tsv"]);
}

#[test]
fn a_manifest_is_followed_to_the_letter() {
    let text = "[study]\naccession = \"GSF1\"\ntemplate = \"t.json\"\n[[samples]]\nmetadata = \"gone.tsv\"\n\
                [[data]]\nfile = \"protein.tsv\"\nfeature_attributes = 1\nlink_to = \"samples\"\n\
                [[data]]\nfile = \"v.vcf\"\nmetadata = \"v.tsv\"\n\
                [[data]]\nfile = \"https://h/y.gct\"\n";
    let manifest = Manifest::parse(text).expect("valid");
    let study = Study::from_manifest(&manifest, "d", &folder());
    assert_eq!(
        lines(&study),
        [
            "study accession",
            "samples d/gone.tsv",
            "expression d/protein.tsv",
            "variant d/v.vcf + d/v.tsv",
            "expression https://h/y.gct",
        ]
    );
    let formats: Vec<_> = study.data().map(|data| data.format).collect();
    assert_eq!(
        formats,
        [
            Some(DataFormat::Tsv),
            Some(DataFormat::Vcf),
            Some(DataFormat::Gct12)
        ]
    );
    let protein = study.data().next().expect("data");
    assert_eq!(protein.feature_attributes, Some(1));
    assert_eq!(protein.link_to, Some(FileKind::Samples));
    assert_eq!(protein.place.map(|place| place.line.get()), Some(6));
    assert_eq!(study.template, Some(Location::Path("d/t.json".to_owned())));
}

#[test]
fn a_written_manifest_says_what_is_likely() {
    let mut study = Study::from_folder("d", &folder()).expect("listed");
    study.add_hints(&folder());
    let text = study.to_manifest("d");
    assert_eq!(
        text,
        r#"[study]
metadata = "z.study.tsv"
template = "template.json"
dictionaries = "dictionaries/"

[[samples]]
metadata = "a.samples.tsv"

[[libraries]]
metadata = "b.libraries.tsv"

[[data]]
file = "protein.tsv"
metadata = "protein.metadata.tsv"
kind = "expression"
# data_class = "…"  # ODM needs it: what was measured, such as "Proteomics"
feature_attributes = 2  # likely: `S1:a` is the first column that names a known sample
measurement_separator = ":"  # likely: each of 2 samples has 2 columns: `a`, `b`

[[data]]
file = "v.vcf"
metadata = "v.tsv"
kind = "variant"

[[data]]
file = "x.gct"
metadata = "x.gct.tsv"
kind = "expression"
data_class = "Bulk transcriptomics"

# Not part of the study as it stands:
# README.md (it is text, but not a table with tabs)
# locked.tsv (it cannot be read: permission denied)
# lost.tsv (it is text, but not a table with tabs)
# page.gct (it is an HTML page)
"#
    );
}

#[test]
fn a_written_manifest_is_read_back_as_the_same_study() {
    let mut study = Study::from_folder("d", &folder()).expect("listed");
    study.add_hints(&folder());
    let manifest = Manifest::parse(&study.to_manifest("d")).expect("what is written is valid");
    let again = Study::from_manifest(&manifest, "d", &folder());
    assert_eq!(lines(&again), lines(&study));
    assert_eq!(again.template, study.template);
    assert_eq!(
        again.data().next().and_then(|data| data.feature_attributes),
        Some(2)
    );
}

#[test]
fn odd_names_survive_the_manifest() {
    let odd = "a \"b\" \\ c\u{7}#\u{e9}.samples.tsv";
    let mut study = Study::default();
    study
        .entities
        .push(Entity::new(FileKind::Samples, Content::File(Location::new(odd))));
    let manifest = Manifest::parse(&study.to_manifest("")).expect("valid");
    assert_eq!(
        manifest.samples[0].origin,
        crate::manifest::Origin::File(Location::new(odd))
    );
}

#[test]
fn studies_are_found_below_a_folder() {
    let files = Memory(BTreeMap::from([
        ("top/README.md", "Words."),
        ("top/b/x.gct", GCT),
        ("top/b/dictionaries/y.tsv", SAMPLES),
        ("top/a/deep/study.toml", ""),
        ("top/.git/z.tsv", SAMPLES),
        ("top/dictionaries/z.tsv", SAMPLES),
    ]));
    assert_eq!(
        Study::folders("top", &files).expect("listed"),
        ["top/a/deep", "top/b"]
    );
    assert_eq!(Study::folders("top/b", &files).expect("listed"), ["top/b"]);
    assert_eq!(Study::folders("top/none", &files).expect("listed"), ["top/none"]);
}

#[test]
fn folders_below_are_told() {
    let disk = Memory(BTreeMap::from([
        ("d/a.samples.tsv", SAMPLES),
        ("d/data/more/x.gct", GCT),
        ("d/doc/read.me", "Words.\n"),
        ("d/dictionaries/a.tsv", "a\n"),
        ("d/.hidden/x.gct", GCT),
    ]));
    let study = Study::from_folder("d", &disk).expect("listed");
    let left: Vec<&str> = study
        .skipped
        .iter()
        .map(|skipped| skipped.path.as_str())
        .collect();
    assert_eq!(left, ["d/data/more"]);
    assert_eq!(study.entities.len(), 1);
}
