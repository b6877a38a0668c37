//! What file names say.

use odmkit_core::FileKind;

const PACKED: [&str; 7] = [".gz", ".bgz", ".zip", ".br", ".lz4", ".zst", ".zstd"];
const TABLES: [&str; 3] = [".tsv", ".txt", ".tab"];
/// Tables of other programs.
const FOREIGN_TABLES: [&str; 4] = [".csv", ".xlsx", ".xls", ".ods"];
/// Packings that ODM does not take off.
const FOREIGN_PACKED: [&str; 5] = [".xz", ".bz2", ".7z", ".rar", ".tgz"];

/// The part after the last `/` or `\`.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The folder part of a path, without its final `/`; empty for a bare name.
pub fn folder(path: &str) -> &str {
    path.rfind('/')
        .map_or("", |at| if at == 0 { "/" } else { &path[..at] })
}

/// A path inside a folder. An absolute path stands for itself.
pub fn join(folder: &str, path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    if folder.is_empty() || folder == "." || path.starts_with('/') || has_drive(path) {
        path.to_owned()
    } else if folder.ends_with('/') {
        format!("{folder}{path}")
    } else {
        format!("{folder}/{path}")
    }
}

/// The name without the endings that tell how the file is packed.
pub fn unpacked(name: &str) -> &str {
    let mut rest = name;
    while let Some(shorter) = PACKED.iter().find_map(|ending| strip_ending(rest, ending)) {
        rest = shorter;
    }
    rest
}

/// Whether the unpacked name ends so, in any case.
pub fn ends_with(name: &str, ending: &str) -> bool {
    strip_ending(unpacked(file_name(name)), ending).is_some()
}

/// Whether the name promises a file for ODM.
pub fn promises_data(name: &str) -> bool {
    [".tsv", ".gct", ".vcf", ".facs"]
        .iter()
        .any(|ending| ends_with(name, ending))
}

/// Whether the file is called as what a mended GCT 1.3 file beside it no longer holds and ODM has no place for:
/// `x.features.tsv` and `x.columns.tsv` beside `x.gct`.
pub fn is_kept_beside(name: &str, beside: &[String]) -> bool {
    let stem = [".features.tsv", ".columns.tsv"]
        .iter()
        .find_map(|ending| strip_ending(name, ending));
    stem.is_some_and(|stem| {
        let mut others = beside.iter().map(|other| unpacked(file_name(other)));
        others.any(|other| strip_ending(other, ".gct").is_some_and(|other| other.eq_ignore_ascii_case(stem)))
    })
}

/// What the name says that the file is, by the words people use: `x.samples.tsv`, `x_libraries.tsv`, `study.tsv`,
/// `sample_metadata.tsv`.
pub fn kind_by_word(name: &str) -> Option<FileKind> {
    let name = unpacked(file_name(name));
    let stem = TABLES
        .iter()
        .find_map(|ending| strip_ending(name, ending))
        .unwrap_or(name)
        .to_lowercase();
    let words: Vec<&str> = stem
        .split(['.', '_', '-', ' '])
        .filter(|word| !word.is_empty())
        .collect();
    let (last, before) = words.split_last()?;
    let describes = matches!(
        *last,
        "metadata" | "meta" | "info" | "annotation" | "annotations" | "sheet" | "table"
    );
    let word = if describes { before.last()? } else { last };
    Some(match *word {
        "study" | "studies" => FileKind::Study,
        "sample" | "samples" => FileKind::Samples,
        "library" | "libraries" => FileKind::Libraries,
        "preparation" | "preparations" | "preps" => FileKind::Preparations,
        "cell" | "cells" => FileKind::Cells,
        "expression" if describes => FileKind::ExpressionMetadata,
        "expression" => FileKind::Expression,
        "mapping" | "xref" | "tx2gene" if !describes => FileKind::Mapping,
        _ => return None,
    })
}

/// What a table of another program would be to ODM, by the words of its name: `trial.samples.csv`, `Libraries.xlsx`.
pub fn kind_of_foreign_table(name: &str) -> Option<FileKind> {
    let name = unpacked(file_name(name));
    let stem = FOREIGN_TABLES
        .iter()
        .find_map(|ending| strip_ending(name, ending))?;
    kind_by_word(stem)
}

/// The name without the ending of a packing that ODM does not take off.
pub fn without_foreign_packing(name: &str) -> Option<&str> {
    FOREIGN_PACKED
        .iter()
        .find_map(|ending| strip_ending(name, ending))
}

/// A path without `./`, doubled `/` and steps back, so that two spellings of one path are equal; an address as it is.
pub fn plain_path(path: &str) -> String {
    if path.contains("://") {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

/// What the ending of the name says, for the endings that mean one kind.
pub fn kind_by_ending(name: &str) -> Option<FileKind> {
    [
        (".gct", FileKind::Expression),
        (".vcf", FileKind::Variant),
        (".facs", FileKind::FlowCytometry),
    ]
    .into_iter()
    .find_map(|(ending, kind)| ends_with(name, ending).then_some(kind))
}

/// Whether the name alone says that the file describes a data file: `x.gct.tsv`, `x.vcf.tsv`, `x.facs.tsv`.
pub fn is_metadata_of_a_data_file(name: &str) -> bool {
    [".gct.tsv", ".vcf.tsv", ".facs.tsv", ".gct.txt"]
        .iter()
        .any(|ending| ends_with(name, ending))
}

/// How surely a name says that a file describes a data file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// `x.tsv` beside `x.vcf`: the name allows it.
    Weak,
    /// `x.gct.tsv`, `x.metadata.tsv`: the name says it.
    Strong,
}

/// Whether the file `name` describes the data file `data`, by their names.
pub fn describes(name: &str, data: &str) -> Option<Claim> {
    let (name, data) = (unpacked(file_name(name)), unpacked(file_name(data)));
    if name.eq_ignore_ascii_case(data) {
        return None;
    }
    let stem = TABLES.iter().find_map(|ending| strip_ending(name, ending))?;
    let data_stem = data.rfind('.').map_or(data, |at| &data[..at]);
    let strong = ["", ".metadata", "_metadata", "-metadata", ".meta", "_meta"]
        .into_iter()
        .any(|tail| {
            strip_ending(stem, tail).is_some_and(|rest| {
                rest.eq_ignore_ascii_case(data) || (!tail.is_empty() && rest.eq_ignore_ascii_case(data_stem))
            })
        });
    if strong {
        return Some(Claim::Strong);
    }
    let weak = stem.eq_ignore_ascii_case(data_stem) && !TABLES.iter().any(|ending| ends_with(data, ending));
    weak.then_some(Claim::Weak)
}

/// The name without this ending, compared in any case.
pub fn strip_ending<'a>(name: &'a str, ending: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(ending.len())?;
    (name.is_char_boundary(at) && name[at..].eq_ignore_ascii_case(ending)).then(|| &name[..at])
}

fn has_drive(path: &str) -> bool {
    let mut characters = path.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic()) && characters.next() == Some(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_is_taken_off() {
        assert_eq!(unpacked("a.gct.gz"), "a.gct");
        assert_eq!(unpacked("a.tsv.ZIP"), "a.tsv");
        assert_eq!(unpacked("gz"), "gz");
        assert!(ends_with("data/A.VCF.gz", ".vcf"));
    }

    #[test]
    fn words_name_kinds() {
        let table = [
            ("trial.samples.tsv", Some(FileKind::Samples)),
            ("GSE1_study.tsv", Some(FileKind::Study)),
            ("sample_metadata.tsv.gz", Some(FileKind::Samples)),
            ("Libraries.txt", Some(FileKind::Libraries)),
            ("x.preparations.tsv", Some(FileKind::Preparations)),
            ("run-cells.tsv", Some(FileKind::Cells)),
            ("t.expression.tsv", Some(FileKind::Expression)),
            ("t.expression.metadata.tsv", Some(FileKind::ExpressionMetadata)),
            ("tx2gene.tsv", Some(FileKind::Mapping)),
            ("resamples2.tsv", None),
            ("metadata.tsv", None),
            ("", None),
        ];
        for (name, kind) in table {
            assert_eq!(kind_by_word(name), kind, "{name}");
        }
    }

    #[test]
    fn what_a_mended_file_no_longer_holds_is_known_by_its_name() {
        let beside = ["m.gct".to_owned(), "packed.gct.gz".to_owned(), "t.tsv".to_owned()];
        for (name, kept) in [
            ("m.features.tsv", true),
            ("m.columns.tsv", true),
            ("packed.features.tsv", true),
            ("t.features.tsv", false),
            ("m.samples.tsv", false),
            ("features.tsv", false),
        ] {
            assert_eq!(is_kept_beside(name, &beside), kept, "{name}");
        }
    }

    #[test]
    fn tables_of_other_programs_are_named_like_ours() {
        let table = [
            ("trial.samples.csv", Some(FileKind::Samples)),
            ("GEO libraries.XLSX", Some(FileKind::Libraries)),
            ("samples.csv.gz", Some(FileKind::Samples)),
            ("protein.csv", None),
            ("samples.docx", None),
        ];
        for (name, kind) in table {
            assert_eq!(kind_of_foreign_table(name), kind, "{name}");
        }
        assert_eq!(without_foreign_packing("a.gct.xz"), Some("a.gct"));
        assert_eq!(without_foreign_packing("a.gct.gz"), None);
    }

    #[test]
    fn spellings_of_one_path_are_one() {
        for (path, plain) in [
            ("./a.tsv", "a.tsv"),
            ("b/../a.tsv", "a.tsv"),
            ("b//a.tsv", "b/a.tsv"),
            ("/b/./a.tsv", "/b/a.tsv"),
            ("../../a.tsv", "../../a.tsv"),
            ("https://host//a/../b", "https://host//a/../b"),
        ] {
            assert_eq!(plain_path(path), plain, "{path}");
        }
    }

    #[test]
    fn metadata_names_pair_with_data_names() {
        let table = [
            ("x.gct.tsv", "x.gct", Some(Claim::Strong)),
            ("x.gct.tsv", "X.GCT.gz", Some(Claim::Strong)),
            ("x.metadata.tsv", "x.tsv", Some(Claim::Strong)),
            ("x_metadata.tsv", "x.vcf", Some(Claim::Strong)),
            ("x.tsv.metadata.tsv", "x.tsv", Some(Claim::Strong)),
            ("x.tsv", "x.vcf", Some(Claim::Weak)),
            ("x.tsv", "x.tsv.gz", None),
            ("x.tsv", "x.txt", None),
            ("x.tsv", "y.vcf", None),
        ];
        for (name, data, claim) in table {
            assert_eq!(describes(name, data), claim, "{name} beside {data}");
        }
    }

    #[test]
    fn paths_are_joined() {
        assert_eq!(join("", "a"), "a");
        assert_eq!(join("d/e", "./a"), "d/e/a");
        assert_eq!(join("/", "a"), "/a");
        assert_eq!(join("d", "/a"), "/a");
        assert_eq!(folder("d/e/a"), "d/e");
        assert_eq!(folder("/a"), "/");
        assert_eq!(folder("a"), "");
    }
}
