//! Puts a study together from a manifest, a folder, or a list of files.

use std::collections::{BTreeMap, HashSet};
use std::io;

use odmkit_core::{Compression, DataClass, DataFormat, FileKind};

use super::{Attachment, Content, Entity, Location, SkipReason, Skipped, Study};
use crate::Heads;
use crate::detect::{Detected, Detection, Foreign, detect, detect_by_name};
use crate::manifest::{AttachmentSection, MANIFEST_NAME, Manifest, Origin};
use crate::names::{
    self, ends_with, file_name, folder, join, kind_of_foreign_table, plain_path, promises_data, strip_ending,
    unpacked, without_foreign_packing,
};

/// The folder that holds dictionaries, where nothing else is said.
const DICTIONARIES: &str = "dictionaries";

/// A file that was looked at.
struct Seen {
    path: String,
    detection: Detection,
    compression: Compression,
}

pub(super) fn from_manifest(manifest: &Manifest, base: &str, heads: &dyn Heads) -> Study {
    let mut study = Study::default();
    if let Some(section) = &manifest.study {
        study.template = section.template.as_ref().map(|location| location.within(base));
        study.template_id.clone_from(&section.template_id);
        study.dictionaries = section
            .dictionaries
            .as_ref()
            .map(|location| location.within(base));
        if let Some(origin) = &section.origin {
            let entity = stated(FileKind::Study, origin, base, heads);
            study.entities.push(Entity {
                place: Some(section.place),
                ..entity
            });
        }
    }
    for kind in [
        FileKind::Samples,
        FileKind::Libraries,
        FileKind::Preparations,
        FileKind::Cells,
        FileKind::Mapping,
    ] {
        for section in manifest.groups(kind) {
            let entity = stated(kind, &section.origin, base, heads);
            study.entities.push(Entity {
                place: Some(section.place),
                ..entity
            });
        }
    }
    for section in &manifest.data {
        let location = section.file.within(base);
        let seen = look(location.as_str(), &[], heads).ok();
        let detected = seen.as_ref().map(|seen| &seen.detection);
        let kind = section
            .kind
            .or_else(|| detected.and_then(Detection::kind).filter(|kind| kind.is_data()))
            .or_else(|| {
                detect_by_name(location.as_str())
                    .map(|(kind, _)| kind)
                    .filter(|kind| kind.is_data())
            })
            .unwrap_or(FileKind::Expression);
        let because = match (section.kind, detected) {
            (None, Some(detection)) if detection.kind() == Some(kind) => detection.because.clone(),
            _ => format!("{MANIFEST_NAME} says so"),
        };
        let format = format_of(kind, location.as_str(), detected);
        study.entities.push(Entity {
            format: Some(format),
            compression: seen.as_ref().map_or(Compression::None, |seen| seen.compression),
            metadata: section.metadata.as_ref().map(|location| location.within(base)),
            data_class: section.data_class.clone().or_else(|| class_of(format)),
            feature_attributes: section.feature_attributes,
            measurement_separator: section.measurement_separator.clone(),
            link_to: section.link_to,
            link_attribute: section.link_attribute.clone(),
            previous_version: section.previous_version.clone(),
            because,
            place: Some(section.place),
            ..Entity::new(kind, Content::File(location))
        });
    }
    study.entities.sort_by_key(|entity| rank(entity.kind));
    let attached = |section: &AttachmentSection| Attachment {
        file: section.file.within(base),
        metadata: section.metadata.as_ref().map(|location| location.within(base)),
        data_class: section.data_class.clone(),
    };
    study.attachments = manifest.attachments.iter().map(attached).collect();
    study
}

pub(super) fn from_folder(base: &str, heads: &dyn Heads) -> io::Result<Study> {
    let mut names = heads.list(base)?;
    names.retain(|name| !is_ours_or_hidden(name));
    let all = names.clone();
    names.retain(|name| !names::is_kept_beside(name, &all));
    names.sort_unstable();
    let mut study = Study::default();
    if heads.folders(base)?.iter().any(|name| name == DICTIONARIES) {
        study.dictionaries = Some(Location::Path(join(base, DICTIONARIES)));
    }
    let mut found = Vec::new();
    let mut templates = Vec::new();
    for name in &names {
        let path = join(base, name);
        let plain = unpacked(name);
        if plain.len() < name.len() && names.iter().any(|other| other == plain) {
            study.skipped.push(Skipped {
                path,
                reason: SkipReason::PackedCopy(plain.to_owned()),
                expected: false,
            });
            continue;
        }
        match look(&path, &names, heads) {
            Ok(seen) if is_template(name, &seen.detection) => templates.push((path, seen)),
            Ok(seen) => found.push(seen),
            Err(error) => study.skipped.push(unreadable(path, &error, promises_data(name))),
        }
    }
    // What reads as a template comes before what is but called one.
    let sure =
        |(_, seen): &(String, Seen)| seen.detection.detected == Detected::NotThisKind(Foreign::Template);
    let at = match templates.iter().filter(|template| sure(template)).count() {
        0 => Some(0).filter(|_| templates.len() == 1),
        1 => templates.iter().position(sure),
        // Of several none is taken: which one is meant is not ours to guess.
        _ => None,
    };
    if let Some(at) = at {
        let (path, _) = templates.remove(at);
        study.template = Some(Location::Path(path));
    }
    found.extend(templates.into_iter().map(|(_, seen)| seen));
    assemble(&mut study, found, promises_data);
    expect_what_is_lacking(&mut study);
    below(base, heads, &mut study)?;
    Ok(study)
}

/// How far down a folder of a study is looked for files that were meant to be part of it.
const BELOW: usize = 2;

/// Folders below that of a study take no part in it, whatever is in them.
fn below(base: &str, heads: &dyn Heads, study: &mut Study) -> io::Result<()> {
    for_each_folder(base, heads, |folder| {
        let mut found = Vec::new();
        if let Err(error) = folders(folder, heads, BELOW, &mut found) {
            study.skipped.push(unreadable(folder.to_owned(), &error, false));
        }
        study.skipped.extend(found.into_iter().map(|path| Skipped {
            path,
            reason: SkipReason::Below,
            expected: false,
        }));
        Ok(())
    })
}

pub(super) fn folders(
    base: &str,
    heads: &dyn Heads,
    deeper: usize,
    found: &mut Vec<String>,
) -> io::Result<()> {
    if heads
        .list(base)?
        .iter()
        .any(|name| name == MANIFEST_NAME || (!is_ours_or_hidden(name) && promises_data(name)))
    {
        found.push(base.to_owned());
        return Ok(());
    }
    if deeper > 0 {
        for_each_folder(base, heads, |folder| folders(folder, heads, deeper - 1, found))?;
    }
    Ok(())
}

/// Looks at the folders in a folder that may hold studies, in the order of their names.
fn for_each_folder(
    base: &str,
    heads: &dyn Heads,
    mut look: impl FnMut(&str) -> io::Result<()>,
) -> io::Result<()> {
    let mut below = heads.folders(base)?;
    below.retain(|name| !name.starts_with('.') && name != DICTIONARIES);
    below.sort_unstable();
    below.iter().try_for_each(|name| look(&join(base, name)))
}

pub(super) fn from_files(paths: &[String], heads: &dyn Heads) -> Study {
    let mut study = Study::default();
    let mut listings: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let (mut met, mut found) = (HashSet::new(), Vec::new());
    for path in paths.iter().filter(|path| met.insert(plain_path(path))) {
        let is_path = matches!(Location::new(path), Location::Path(_));
        let beside = listings.entry(folder(path)).or_insert_with(|| {
            // Without a listing the file is judged by itself.
            let folder = if folder(path).is_empty() {
                "."
            } else {
                folder(path)
            };
            if is_path {
                heads.list(folder).unwrap_or_default()
            } else {
                Vec::new()
            }
        });
        match look(path, beside, heads) {
            Ok(seen) => found.push(seen),
            Err(error) => study.skipped.push(unreadable(path.clone(), &error, true)),
        }
    }
    assemble(&mut study, found, |_| true);
    study
}

/// Sorts what was found into entities and skipped files, and gives data its descriptions.
fn assemble(study: &mut Study, found: Vec<Seen>, expected: impl Fn(&str) -> bool) {
    let mut descriptions = Vec::new();
    for seen in found {
        let Detected::Known { kind, format } = seen.detection.detected else {
            study.skipped.push(Skipped {
                expected: expected(&seen.path),
                path: seen.path,
                reason: SkipReason::Content(seen.detection),
            });
            continue;
        };
        let entity = Entity {
            format: Some(format),
            compression: seen.compression,
            data_class: if kind == FileKind::Expression {
                class_of(format)
            } else {
                None
            },
            because: seen.detection.because,
            ..Entity::new(kind, Content::File(Location::new(&seen.path)))
        };
        if kind == FileKind::ExpressionMetadata {
            descriptions.push((seen.detection.describes, entity));
        } else {
            study.entities.push(entity);
        }
    }
    for (describes, description) in descriptions {
        let own = description.file().unwrap_or_default().to_owned();
        let data = describes.and_then(|name| {
            let wanted = join(folder(&own), &name);
            study
                .entities
                .iter_mut()
                .find(|entity| entity.kind.is_data() && entity.file() == Some(wanted.as_str()))
        });
        match data {
            Some(data) if data.metadata.is_none() => data.metadata = Some(Location::new(&own)),
            _ => study.entities.push(description),
        }
    }
    study.entities.sort_by_key(|entity| rank(entity.kind));
    study.skipped.sort_by(|a, b| a.path.cmp(&b.path));
}

/// A table that is no table for ODM is expected to be one where its name says what the study lacks: the samples in a
/// spreadsheet, a matrix in a packing that ODM does not know. Beside the real one it is but a copy.
fn expect_what_is_lacking(study: &mut Study) {
    let there: HashSet<FileKind> = study.entities.iter().map(|entity| entity.kind).collect();
    let names: HashSet<String> = study
        .entities
        .iter()
        .filter_map(|entity| entity.file())
        .map(|file| unpacked(file_name(file)).to_lowercase())
        .collect();
    for skipped in &mut study.skipped {
        let name = file_name(&skipped.path);
        let table = kind_of_foreign_table(name).is_some_and(|kind| !there.contains(&kind));
        let packed = without_foreign_packing(name)
            .is_some_and(|inner| promises_data(inner) && !names.contains(&inner.to_lowercase()));
        skipped.expected |= table || packed;
    }
}

/// Reads the first bytes of a file and tells what it is.
fn look(path: &str, beside: &[String], heads: &dyn Heads) -> io::Result<Seen> {
    let head = heads.head(path)?;
    Ok(Seen {
        path: path.to_owned(),
        detection: detect(file_name(path), &head, beside),
        compression: head.compression,
    })
}

/// An entity whose kind the manifest states.
fn stated(kind: FileKind, origin: &Origin, base: &str, heads: &dyn Heads) -> Entity {
    let because = format!("{MANIFEST_NAME} says so");
    match origin {
        Origin::Accession(accession) => Entity {
            because,
            ..Entity::new(kind, Content::Accession(accession.clone()))
        },
        Origin::File(location) => {
            let location = location.within(base);
            // What cannot be read now is reported by whoever reads it whole.
            let compression = heads
                .head(location.as_str())
                .map_or(Compression::None, |head| head.compression);
            Entity {
                format: Some(DataFormat::Tsv),
                compression,
                because,
                ..Entity::new(kind, Content::File(location))
            }
        }
    }
}

fn format_of(kind: FileKind, name: &str, detected: Option<&Detection>) -> DataFormat {
    let by_content = detected
        .filter(|detection| detection.kind() == Some(kind))
        .and_then(Detection::format);
    by_content.unwrap_or(match kind {
        FileKind::Expression if ends_with(name, ".gct") => DataFormat::Gct12,
        FileKind::Variant => DataFormat::Vcf,
        FileKind::FlowCytometry => DataFormat::Facs,
        _ => DataFormat::Tsv,
    })
}

fn class_of(format: DataFormat) -> Option<String> {
    format
        .is_gct()
        .then(|| DataClass::BULK_TRANSCRIPTOMICS.to_owned())
}

fn is_template(name: &str, detection: &Detection) -> bool {
    match detection.detected {
        Detected::NotThisKind(Foreign::Template) => true,
        // One that is broken goes by its name: what is wrong with it is told then.
        Detected::NotThisKind(Foreign::Json) => name.to_lowercase().contains("template"),
        _ => false,
    }
}

fn is_ours_or_hidden(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with("~$")
        || name == MANIFEST_NAME
        || strip_ending(name, ".odmkit-run.json").is_some()
        || strip_ending(name, ".odmkit-run.key").is_some()
        || strip_ending(name, ".orig").is_some()
}

fn unreadable(path: String, error: &io::Error, expected: bool) -> Skipped {
    Skipped {
        path,
        reason: SkipReason::Unreadable(error.kind()),
        expected,
    }
}

/// The order in which ODM needs them.
const fn rank(kind: FileKind) -> u8 {
    match kind {
        FileKind::Study => 0,
        FileKind::Samples => 1,
        FileKind::Libraries => 2,
        FileKind::Preparations => 3,
        FileKind::Cells => 4,
        FileKind::Expression | FileKind::Variant | FileKind::FlowCytometry => 5,
        FileKind::Mapping => 6,
        FileKind::ExpressionMetadata => 7,
    }
}
