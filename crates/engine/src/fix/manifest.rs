//! The copy of a manifest: it names the files of the study where their copies are.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use odmkit_study::manifest::MANIFEST_NAME;
use odmkit_study::names::plain_path;
use odmkit_study::{Location, Study};

use super::places::Places;
use super::places::{folder_of, relative};
use super::{FixError, FixRequest, Fixed};

/// The manifest of a study with the names that its files have among the copies, of which `copied` says where they are. What
/// is not copied is named where it is.
pub(super) fn adjusted(
    fixed: Fixed,
    study: &Study,
    places: &Places,
    copied: &HashMap<String, PathBuf>,
    request: &FixRequest,
) -> Result<Fixed, FixError> {
    let folder = folder_of(&fixed.path).to_owned();
    let place = fixed.place.to_string_lossy().into_owned();
    let mut renamed = Vec::new();
    for path in named(study) {
        let before = Path::new(path).strip_prefix(&folder).unwrap_or(Path::new(path));
        let before = before.to_string_lossy().into_owned();
        let whole = copied.get(path).cloned().or_else(|| places.below_a_root(path));
        let now = match whole {
            Some(place_of_it) => relative(&place_of_it.to_string_lossy(), folder_of(&place)),
            // A name from the root of the system, or an address, is right wherever the manifest lies.
            None if before.starts_with('/') || before.contains("://") => continue,
            None => match std::fs::canonicalize(path) {
                Ok(whole) => whole.to_string_lossy().into_owned(),
                Err(_) => continue,
            },
        };
        if plain_path(&before) != now && !renamed.contains(&(before.clone(), now.clone())) {
            renamed.push((before, now));
        }
    }
    if renamed.is_empty() {
        return Ok(fixed);
    }
    let unread = |source| FixError::Write {
        path: PathBuf::from(&*fixed.path),
        source,
    };
    let mut text = std::fs::read_to_string(&*fixed.path).map_err(unread)?;
    renamed.retain(|(before, now)| {
        let known = ["", "./"]
            .into_iter()
            .flat_map(|here| ['"', '\''].map(|quote| format!("{quote}{here}{before}{quote}")));
        let known: Vec<String> = known.filter(|name| text.contains(name.as_str())).collect();
        for name in &known {
            text = text.replace(name, &quoted(now));
        }
        !known.is_empty()
    });
    let room = request.waiting.room(&fixed.path)?;
    let after = room.path().join(MANIFEST_NAME);
    std::fs::write(&after, text).map_err(|source| FixError::Write {
        path: after.clone(),
        source,
    })?;
    Ok(Fixed {
        after: Some(after),
        renamed,
        _folder: Some(room),
        ..fixed
    })
}

/// The paths that a manifest names.
fn named(study: &Study) -> impl Iterator<Item = &str> {
    let entities = study.entities.iter();
    let files = entities.flat_map(|entity| {
        let metadata = entity.metadata.as_ref().map(Location::as_str);
        entity.file().into_iter().chain(metadata)
    });
    let judged_by = study.template.iter().chain(&study.dictionaries);
    let attached = study.attachments.iter();
    let attached = attached.flat_map(|one| std::iter::once(&one.file).chain(&one.metadata));
    files.chain(judged_by.chain(attached).map(Location::as_str))
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
