//! What the user names: patterns are replaced by the files that fit them, folders of a bucket by their objects.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern, PatternError};
use odmkit_remote::{Object, RemoteUrl, wait};
use odmkit_study::names::plain_path;

use crate::EngineError;

/// The paths and addresses behind some inputs, each once and in the order of the inputs; those of a pattern are sorted.
///
/// A path that exists stands for itself, whatever signs are in it: shells replace patterns before we see them, and
/// file names with brackets are about.
pub(crate) fn expand(inputs: &[PathBuf]) -> Result<Vec<PathBuf>, EngineError> {
    let mut expanded: Vec<PathBuf> = Vec::with_capacity(inputs.len());
    let mut met = HashSet::new();
    for input in inputs {
        for path in one(input)? {
            if met.insert(plain_path(&path.to_string_lossy())) {
                expanded.push(path);
            }
        }
    }
    Ok(expanded)
}

fn one(input: &Path) -> Result<Vec<PathBuf>, EngineError> {
    let text = input.to_string_lossy();
    if RemoteUrl::is_remote(&text) {
        let url = RemoteUrl::parse(&text)?;
        // On a web server a question mark begins the query, and nothing can be listed.
        let folder = url.key().is_empty() || url.key().ends_with('/');
        return if url.is_bucket() && (folder || is_pattern(url.key())) {
            objects(input, &url)
        } else {
            Ok(vec![input.to_owned()])
        };
    }
    if !is_pattern(&text) || input.exists() {
        return Ok(vec![input.to_owned()]);
    }
    let options = MatchOptions {
        require_literal_leading_dot: true,
        ..MatchOptions::new()
    };
    let found = glob::glob_with(&text, options).map_err(|error| bad(input, &error))?;
    let mut paths = Vec::new();
    for path in found {
        paths.push(path.map_err(|error| EngineError::Folder {
            path: error.path().to_owned(),
            source: error.into(),
        })?);
    }
    some(input, paths)
}

/// The objects of a folder in a bucket, or those whose keys fit a pattern.
fn objects(input: &Path, url: &RemoteUrl) -> Result<Vec<PathBuf>, EngineError> {
    let key = url.key();
    let constant = key.find(['*', '?', '[']).unwrap_or(key.len());
    let folder = key[..constant].rfind('/').map_or("", |at| &key[..at]);
    let text = url.expose();
    let base = text.strip_suffix(key).unwrap_or(text).trim_end_matches('/');
    let object = Object::at(&RemoteUrl::parse(&format!("{base}/{folder}"))?)?;
    let found = wait(async move { object.list().await })?;
    let pattern = Pattern::new(key).map_err(|error| bad(input, &error))?;
    let options = MatchOptions {
        require_literal_separator: true,
        ..MatchOptions::new()
    };
    let wanted = |found: &RemoteUrl| {
        if is_pattern(key) {
            pattern.matches_with(found.key(), options)
        } else {
            // A folder stands for the files in it, and for those below no more than a folder on a disk.
            let below = found.key().strip_prefix(key).unwrap_or_default();
            !below.is_empty() && !below.contains('/')
        }
    };
    let paths = found.iter().filter(|found| wanted(found));
    some(input, paths.map(|found| found.expose().into()).collect())
}

fn some(pattern: &Path, paths: Vec<PathBuf>) -> Result<Vec<PathBuf>, EngineError> {
    if paths.is_empty() {
        let pattern = pattern.to_owned();
        return Err(EngineError::NoMatch { pattern });
    }
    Ok(paths)
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

fn bad(pattern: &Path, error: &PatternError) -> EngineError {
    EngineError::BadPattern {
        pattern: pattern.to_owned(),
        why: error.msg,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_files_and_names_with_brackets_are_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.gct", "a.gct", ".c.gct", "x.tsv", "y[1].tsv"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let names = |inputs: &[&str]| -> Vec<String> {
            let inputs: Vec<PathBuf> = inputs.iter().map(|input| folder.path().join(input)).collect();
            let paths = expand(&inputs).unwrap();
            let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
            paths.iter().map(name).collect()
        };
        assert_eq!(names(&["*.gct"]), ["a.gct", "b.gct"]);
        assert_eq!(names(&["b.gct", "?.gct", "x.tsv"]), ["b.gct", "a.gct", "x.tsv"]);
        assert_eq!(names(&["y[1].tsv"]), ["y[1].tsv"]);
        assert_eq!(names(&["none.tsv"]), ["none.tsv"]);
        assert_eq!(names(&["x.tsv", "./x.tsv"]), ["x.tsv"]);
        let none = expand(&[folder.path().join("*.vcf")]).unwrap_err().to_string();
        assert!(none.starts_with("no file fits the pattern"), "{none}");
        let bad = expand(&[folder.path().join("a***")]).unwrap_err().to_string();
        assert!(bad.contains("is no pattern"), "{bad}");
    }

    #[test]
    fn addresses_of_web_servers_are_no_patterns() {
        let inputs = [
            PathBuf::from("https://h/x.gct?a=[1]*"),
            PathBuf::from("s3://b/x.gct"),
        ];
        assert_eq!(expand(&inputs).unwrap(), inputs);
    }
}
