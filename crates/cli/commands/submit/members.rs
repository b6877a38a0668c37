//! The studies of a submission.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use odmkit_engine::each_study;

/// A study of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    /// Its directory, its manifest, or its files.
    pub(super) inputs: Vec<PathBuf>,
    /// What people call it.
    pub(super) label: String,
    /// Where it lies below what named it: a directory of studies, or the folder of the list. Its own name where it was
    /// named by itself.
    pub(super) place: PathBuf,
}

/// The studies that paths and a list of studies stand for.
pub(super) fn members(paths: &[PathBuf], list: Option<&Path>) -> anyhow::Result<Vec<Member>> {
    let mut members = Vec::new();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() || is_manifest(path) {
            members.extend(below(path, path)?);
        } else {
            files.push(path.clone());
        }
    }
    if !files.is_empty() {
        members.push(Member {
            label: label(&files),
            place: PathBuf::new(),
            inputs: files,
        });
    }
    if let Some(list) = list {
        members.extend(listed(list)?);
    }
    let mut seen = BTreeMap::new();
    for member in &members {
        let path = std::path::absolute(&member.inputs[0]).unwrap_or_else(|_| member.inputs[0].clone());
        let folder = if is_manifest(&path) {
            path.parent().map(Path::to_owned).unwrap_or_default()
        } else {
            path
        };
        if let Some(before) = seen.insert(folder, &member.label) {
            bail!(
                "{before} and {} are one study: it would be submitted twice",
                member.label
            );
        }
    }
    Ok(members)
}

/// Two studies whose places are one, where there are such.
pub(super) fn same_place(members: &[Member]) -> Option<(&Member, &Member)> {
    let mut seen: BTreeMap<&Path, &Member> = BTreeMap::new();
    members
        .iter()
        .find_map(|member| seen.insert(&member.place, member).map(|before| (before, member)))
}

/// The studies that a file lists, one a line. A line that begins with `#` is a remark.
fn listed(list: &Path) -> anyhow::Result<Vec<Member>> {
    let text = std::fs::read_to_string(list).with_context(|| format!("cannot read {}", list.display()))?;
    let folder = list.parent().map(Path::to_owned).unwrap_or_default();
    let mut members = Vec::new();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let path = folder.join(line);
        let place = || format!("{}:{}", list.display(), number + 1);
        if !(path.is_dir() || (is_manifest(&path) && path.is_file())) {
            bail!(
                "{}: {} is no directory and no study.toml; paths are relative to the list",
                place(),
                path.display()
            );
        }
        members.extend(below(&path, &folder).with_context(place)?);
    }
    if members.is_empty() {
        bail!(
            "{} lists no study: write one directory or study.toml a line",
            list.display()
        );
    }
    Ok(members)
}

/// The studies of a directory, or of a manifest.
fn below(path: &Path, root: &Path) -> anyhow::Result<Vec<Member>> {
    let studies = each_study(&[path.to_owned()])?;
    let member = |inputs: Vec<PathBuf>| {
        let folder = match inputs.first() {
            Some(manifest) if is_manifest(manifest) => {
                manifest.parent().map(Path::to_owned).unwrap_or_default()
            }
            Some(folder) => folder.clone(),
            None => PathBuf::new(),
        };
        let below = folder.strip_prefix(root).ok().filter(|place| is_plain(place));
        Member {
            label: label(&inputs),
            place: below.map_or_else(|| own_name(&folder), Path::to_owned),
            inputs,
        }
    };
    Ok(studies.into_iter().map(member).collect())
}

/// Whether a path leads down, and somewhere.
fn is_plain(path: &Path) -> bool {
    let mut parts = path.components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, std::path::Component::Normal(_)))
}

fn own_name(folder: &Path) -> PathBuf {
    let full = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    full.file_name().map(PathBuf::from).unwrap_or_default()
}

fn is_manifest(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

fn label(inputs: &[PathBuf]) -> String {
    match inputs {
        [one] => one.display().to_string(),
        [first, rest @ ..] => format!("{} and {} more", first.display(), rest.len()),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for study in ["all/a", "all/deep/b", "c"] {
            let study = folder.path().join(study);
            std::fs::create_dir_all(&study).unwrap();
            std::fs::write(study.join("study.toml"), "").unwrap();
        }
        folder
    }

    fn places(members: &[Member]) -> Vec<String> {
        let place = |member: &Member| member.place.display().to_string();
        members.iter().map(place).collect()
    }

    #[test]
    fn a_tree_holds_studies_and_a_study_is_one() {
        let tree = tree();
        let path = |name: &str| tree.path().join(name);
        let found = members(&[path("all"), path("c/study.toml")], None).unwrap();
        assert_eq!(places(&found), ["a", "deep/b", "c"]);
        assert_eq!(found[0].inputs, [path("all/a")]);
        assert_eq!(found[2].inputs, [path("c/study.toml")]);
        let twice = members(&[path("c"), path("c/study.toml")], None).unwrap_err();
        assert!(twice.to_string().contains("are one study"), "{twice}");
        let files = members(&[path("x.gct"), path("y.tsv")], None).unwrap();
        assert_eq!(files.len(), 1);
    }

    #[test]
    fn a_list_names_studies_relative_to_itself() {
        let tree = tree();
        let list = tree.path().join("all/list.txt");
        std::fs::write(&list, "# two\n\na\n../c/study.toml\n").unwrap();
        let found = members(&[], Some(&list)).unwrap();
        assert_eq!(places(&found), ["a", "c"]);
        assert_eq!(same_place(&found), None);
        for (text, complaint) in [("a\nnothing\n", "list.txt:2"), ("# none\n", "lists no study")] {
            std::fs::write(&list, text).unwrap();
            let problem = members(&[], Some(&list)).unwrap_err();
            assert!(format!("{problem:#}").contains(complaint), "{problem:#}");
        }
    }

    #[test]
    fn two_studies_of_one_name_are_noticed() {
        let member = |label: &str| Member {
            inputs: vec![label.into()],
            label: label.to_owned(),
            place: "trial".into(),
        };
        assert!(same_place(&[member("a/trial"), member("b/trial")]).is_some());
    }
}
