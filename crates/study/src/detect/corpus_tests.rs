//! Every file of a folder of real files, where one is at hand, is detected as the table beside this says: one line for
//! each file, none for a file that is not there. `ODMKIT_WRITE_DETECTIONS=1 cargo test -p odmkit-study corpus` writes the
//! table again, to be read before it is kept.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::{FrameFacts, FrameHints};

const TABLE: &str = "src/detect/real_files.tsv";

#[test]
fn real_files_are_what_the_table_says() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.join("../../../shared/data");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    if paths.is_empty() {
        return;
    }
    paths.sort();
    let mut found = "path\tis\tfeature_attributes\tmeasurement_separator\n".to_owned();
    for path in &paths {
        let name = path.strip_prefix(&root).expect("inside").to_string_lossy();
        let _ = writeln!(found, "{}\t{}", name.replace('\\', "/"), says(path));
    }
    let table = here.join(TABLE);
    if std::env::var_os("ODMKIT_WRITE_DETECTIONS").is_some() {
        fs::write(&table, &found).expect("it is written");
    }
    let wanted = fs::read_to_string(&table).expect("it lies beside this file");
    let only = |mark: char, one: &str, other: &str| -> Vec<String> {
        let other: Vec<&str> = other.lines().collect();
        one.lines()
            .filter(|line| !other.contains(line))
            .map(|line| format!("{mark} {line}"))
            .collect()
    };
    let mut differing = only('-', &wanted, &found);
    differing.extend(only('+', &found, &wanted));
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// What a file is, and what is likely of it where it is a data frame.
fn says(path: &Path) -> String {
    let bytes = fs::read(path).expect("readable");
    let limit = crate::head::HEAD_BYTES;
    let head = if bytes.len() <= limit {
        Head::whole(bytes)
    } else {
        Head::part(&bytes[..limit])
    };
    let beside = fs::read_dir(path.parent().expect("a folder"))
        .expect("listable")
        .map(|entry| {
            let name = entry.expect("an entry").file_name();
            name.to_string_lossy().into_owned()
        })
        .collect::<Vec<_>>();
    let detected = detect(&path.to_string_lossy(), &head, &beside).detected;
    let hints = match detected {
        Detected::Known {
            kind: FileKind::Expression,
            format: DataFormat::Tsv,
        } => FrameHints::read(&head.bytes, head.whole, &FrameFacts::default()),
        _ => FrameHints::default(),
    };
    let is = match detected {
        Detected::Known { kind, format } => format!("{kind} {format}"),
        Detected::NotThisKind(foreign) => format!("not for ODM: {foreign}"),
        Detected::Unknown(unclear) => format!("unknown: {unclear:?}"),
    };
    let features = hints.feature_attributes.map(|hint| hint.count.to_string());
    let separator = hints.separator.map(|hint| hint.separator);
    format!(
        "{is}\t{}\t{}",
        features.unwrap_or_default(),
        separator.unwrap_or_default()
    )
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            walk(&path, paths);
        } else {
            paths.push(path);
        }
    }
}
