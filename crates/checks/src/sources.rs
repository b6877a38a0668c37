//! The files of a study as files: their names, and where they lie. Nothing here opens one.

use std::collections::HashMap;
use std::sync::Arc;

use odmkit_diagnostics::Sink;

use crate::rules::{f012_same_file_name as f012, l010_mixed_sources as l010};

/// A data file or an attachment of a study.
#[derive(Debug, Clone)]
pub struct StudyFile {
    /// The path or address, as the user named it.
    pub path: Arc<str>,
    /// The file with the record that describes it.
    pub metadata: Option<Arc<str>>,
}

/// Judges the files of one study together.
pub fn check(files: &[StudyFile], sink: &mut dyn Sink) {
    let mut first: HashMap<&str, &Arc<str>> = HashMap::new();
    for file in files {
        let name = name(&file.path);
        let other = *first.entry(name).or_insert(&file.path);
        if *other != file.path {
            sink.push(f012::finding(&file.path, name, other));
        }
        let Some(metadata) = &file.metadata else { continue };
        if let (Some(one), Some(two)) = (source(&file.path), source(metadata))
            && one != two
        {
            sink.push(l010::finding(&file.path, metadata, (one, two)));
        }
    }
}

/// The last part of a path or an address.
fn name(path: &str) -> &str {
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.split(['?', '#']).next().unwrap_or(rest),
        None => path,
    };
    path.rsplit('/').next().unwrap_or(path)
}

/// The kind of source of an address, in words. A path has none yet: it is put somewhere on submission.
fn source(path: &str) -> Option<&'static str> {
    let (scheme, _) = path.split_once("://")?;
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => Some("a web address"),
        "s3" => Some("an s3:// address"),
        "gs" => Some("a gs:// address"),
        "az" => Some("an az:// address"),
        "file" => Some("a file:// address"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use odmkit_diagnostics::Diagnostic;

    use super::*;

    fn codes(files: &[(&str, Option<&str>)]) -> Vec<(String, String)> {
        let files: Vec<StudyFile> = files
            .iter()
            .map(|(path, metadata)| StudyFile {
                path: Arc::from(*path),
                metadata: metadata.map(Arc::from),
            })
            .collect();
        let mut found: Vec<Diagnostic> = Vec::new();
        check(&files, &mut found);
        found
            .iter()
            .map(|finding| (finding.rule.code.to_string(), finding.path.to_string()))
            .collect()
    }

    #[test]
    fn names_are_compared_wherever_the_files_lie() {
        let f012 = |path: &str| vec![("F012".to_owned(), path.to_owned())];
        assert_eq!(codes(&[("a/x.gct", None), ("b/x.gct", None)]), f012("b/x.gct"));
        assert_eq!(
            codes(&[("a/x.gct", None), ("https://host/x.gct?token=1", None)]),
            f012("https://host/x.gct?token=1")
        );
        assert_eq!(
            codes(&[("a/x.gct", None), ("b/x.tsv", None), ("b/X.gct", None)]),
            []
        );
        // One file in two roles is told elsewhere.
        assert_eq!(codes(&[("a/x.gct", None), ("a/x.gct", None)]), []);
    }

    #[test]
    fn data_and_its_description_come_from_one_kind_of_source() {
        let l010 = vec![("L010".to_owned(), "https://host/x.gct".to_owned())];
        for metadata in ["s3://bucket/x.tsv", "file:///srv/x.tsv"] {
            assert_eq!(
                codes(&[("https://host/x.gct", Some(metadata))]),
                l010,
                "{metadata}"
            );
        }
        for metadata in ["http://other/x.tsv", "HTTPS://host/x.tsv", "x.tsv"] {
            assert_eq!(codes(&[("https://host/x.gct", Some(metadata))]), [], "{metadata}");
        }
    }
}
