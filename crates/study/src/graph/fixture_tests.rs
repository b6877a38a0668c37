//! The studies under `fixtures/detect`, read from disk: each folder makes the `study.toml` beside it.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::*;
use crate::{Head, Heads, Manifest};

/// Plain files on disk.
struct Disk(PathBuf);

impl Disk {
    fn names(&self, folder: &str, wanted: fn(&Path) -> bool) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(self.0.join(folder))?;
        let paths = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<Vec<_>>>()?;
        let names = paths
            .iter()
            .filter(|path| wanted(path))
            .filter_map(|path| path.file_name());
        Ok(names.map(|name| name.to_string_lossy().into_owned()).collect())
    }
}

impl Heads for Disk {
    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        self.names(folder, Path::is_file)
    }

    fn folders(&self, folder: &str) -> io::Result<Vec<String>> {
        self.names(folder, Path::is_dir)
    }

    fn head(&self, path: &str) -> io::Result<Head> {
        fs::read(self.0.join(path)).map(Head::whole)
    }
}

#[test]
fn each_folder_makes_its_manifest() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/detect");
    let disk = Disk(root.clone());
    let mut folders = disk.folders("").expect("there are fixtures");
    folders.sort();
    assert!(!folders.is_empty());
    for folder in folders {
        let wanted = fs::read_to_string(root.join(format!("{folder}.toml"))).unwrap_or_default();
        let mut study = Study::from_folder(&folder, &disk).expect("listed");
        study.add_hints(&disk);
        let text = study.to_manifest(&folder);
        assert_eq!(text, wanted, "{folder}.toml should be:\n{text}");
        let manifest = Manifest::parse(&text).expect("what is written is valid");
        let again = Study::from_manifest(&manifest, &folder, &disk);
        let data = |study: &Study| {
            study
                .data()
                .map(|data| (data.kind, data.content.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(data(&again), data(&study), "{folder}");
    }
}
