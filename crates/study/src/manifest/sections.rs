//! From TOML tables to the sections of a [`Manifest`].

use std::collections::HashSet;

use odmkit_core::{DataClass, FileKind};

use super::problem::{Problem, ProblemKind};
use super::raw::{Document, Section, nearest};
use super::{AttachmentSection, DataSection, GroupSection, Location, Manifest, Origin, StudySection};
use crate::names::plain_path;

const SECTIONS: [&str; 8] = [
    "study",
    "samples",
    "libraries",
    "preparations",
    "cells",
    "data",
    "mapping",
    "attachments",
];
const STUDY_KEYS: [&str; 5] = ["metadata", "accession", "template", "template_id", "dictionaries"];
const GROUP_KEYS: [&str; 2] = ["metadata", "accession"];
/// Of cells and cross-references.
const FILE_KEYS: [&str; 2] = ["file", "accession"];
const ATTACHMENT_KEYS: [&str; 3] = ["file", "metadata", "data_class"];
const DATA_KEYS: [&str; 9] = [
    "file",
    "metadata",
    "kind",
    "data_class",
    "feature_attributes",
    "measurement_separator",
    "link_to",
    "link_attribute",
    "previous_version",
];
/// Sections that have keys of their own, and the keys that are not.
const SECTIONS_OF_KEYS: [(&str, &[&str]); 2] = [("study", &STUDY_KEYS), ("data", &DATA_KEYS)];
const SHARED_KEYS: [&str; 4] = ["file", "metadata", "accession", "kind"];

/// What a `[[data]]` section may hold.
pub(super) const DATA_KINDS: [FileKind; 3] =
    [FileKind::Expression, FileKind::Variant, FileKind::FlowCytometry];
/// What data may be tied to.
pub(super) const LINK_TARGETS: [FileKind; 4] = [
    FileKind::Samples,
    FileKind::Libraries,
    FileKind::Preparations,
    FileKind::Cells,
];

pub(super) fn read(document: &Document<'_>, problems: &mut Vec<Problem>) -> Manifest {
    for (key, _) in &document.root {
        let found = key.get_ref().as_ref();
        if !SECTIONS.contains(&found) {
            let found = found.to_owned();
            let has = |keys: &[&str]| keys.contains(&found.as_str());
            let with_key = SECTIONS_OF_KEYS
                .iter()
                .find(|(_, keys)| has(keys) && !has(&SHARED_KEYS));
            problems.push(Problem {
                place: document.place(&key.span()),
                kind: match with_key {
                    Some((section, _)) => ProblemKind::Outside { found, section },
                    None => ProblemKind::UnknownSection {
                        nearest: nearest(&found, &SECTIONS),
                        found,
                    },
                },
            });
        }
    }
    let study = document
        .single("study", problems)
        .map(|section| study(&section, problems));
    let mut groups = |name, keys: &[&'static str; 2]| {
        let sections = document.repeated(name, problems);
        sections
            .iter()
            .filter_map(|section| group(section, keys, problems))
            .collect::<Vec<_>>()
    };
    let samples = groups("samples", &GROUP_KEYS);
    let libraries = groups("libraries", &GROUP_KEYS);
    let preparations = groups("preparations", &GROUP_KEYS);
    let cells = groups("cells", &FILE_KEYS);
    let mappings = groups("mapping", &FILE_KEYS);
    let sections = document.repeated("attachments", problems);
    let attachments: Vec<AttachmentSection> = sections
        .iter()
        .filter_map(|section| attachment(section, problems))
        .collect();
    let sections = document.repeated("data", problems);
    let data: Vec<DataSection> = sections
        .iter()
        .filter_map(|section| data(section, problems))
        .collect();
    let manifest = Manifest {
        study,
        samples,
        libraries,
        preparations,
        cells,
        data,
        mappings,
        attachments,
    };
    repeated(&manifest, problems);
    manifest
}

fn study(section: &Section<'_>, problems: &mut Vec<Problem>) -> StudySection {
    section.only(&STUDY_KEYS, problems);
    StudySection {
        origin: origin(section, &STUDY_KEYS, false, problems),
        template: location(section, "template", problems),
        template_id: section.accession("template_id", problems),
        dictionaries: location(section, "dictionaries", problems),
        place: section.place,
    }
}

fn group(
    section: &Section<'_>,
    keys: &[&'static str; 2],
    problems: &mut Vec<Problem>,
) -> Option<GroupSection> {
    section.only(keys, problems);
    origin(section, keys, true, problems).map(|origin| GroupSection {
        origin,
        place: section.place,
    })
}

fn data(section: &Section<'_>, problems: &mut Vec<Problem>) -> Option<DataSection> {
    section.only(&DATA_KEYS, problems);
    if !section.gives("file") && !section.gives_otherwise("file", &DATA_KEYS) {
        section.report("file", ProblemKind::Missing(section.key("file")), problems);
    }
    // Every key is read before the section is given up, so that every problem is reported.
    let file = location(section, "file", problems);
    let metadata = location(section, "metadata", problems);
    let kind = section.kind("kind", &DATA_KINDS, problems);
    let data_class = section.text("data_class", problems);
    let feature_attributes = section.count("feature_attributes", problems);
    let measurement_separator = section.text("measurement_separator", problems);
    let link_to = section.kind("link_to", &LINK_TARGETS, problems);
    let link_attribute = section.text("link_attribute", problems);
    let previous_version = section.accession("previous_version", problems);
    Some(DataSection {
        file: file?,
        metadata,
        kind,
        data_class,
        feature_attributes,
        measurement_separator,
        link_to,
        link_attribute,
        previous_version,
        place: section.place,
    })
}

fn attachment(section: &Section<'_>, problems: &mut Vec<Problem>) -> Option<AttachmentSection> {
    section.only(&ATTACHMENT_KEYS, problems);
    for name in ["file", "data_class"] {
        if !section.gives(name) && !section.gives_otherwise(name, &ATTACHMENT_KEYS) {
            section.report(name, ProblemKind::Missing(section.key(name)), problems);
        }
    }
    let file = location(section, "file", problems);
    let metadata = location(section, "metadata", problems);
    let data_class = section.text("data_class", problems);
    if let Some(found) = &data_class
        && DataClass::find(found).is_none()
    {
        let kind = ProblemKind::UnknownDataClass { found: found.clone() };
        section.report("data_class", kind, problems);
    }
    Some(AttachmentSection {
        file: file?,
        metadata,
        data_class: data_class?,
        place: section.place,
    })
}

fn origin(
    section: &Section<'_>,
    keys: &[&'static str],
    needed: bool,
    problems: &mut Vec<Problem>,
) -> Option<Origin> {
    let file = keys[0];
    let path = location(section, file, problems);
    let accession = section.accession("accession", problems);
    match (section.gives(file), section.gives("accession")) {
        (true, true) => {
            section.report(
                "accession",
                ProblemKind::Both {
                    section: section.name,
                    file,
                },
                problems,
            );
            None
        }
        (false, false) => {
            if needed && !section.gives_otherwise(file, keys) {
                section.report(
                    file,
                    ProblemKind::Neither {
                        section: section.name,
                        file,
                    },
                    problems,
                );
            }
            None
        }
        _ => path.map(Origin::File).or(accession.map(Origin::Accession)),
    }
}

fn location(section: &Section<'_>, name: &'static str, problems: &mut Vec<Problem>) -> Option<Location> {
    section.text(name, problems).map(|text| Location::new(&text))
}

/// Reports a file that is listed twice in one role, or in two roles.
fn repeated(manifest: &Manifest, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    let groups = [
        &manifest.samples,
        &manifest.libraries,
        &manifest.preparations,
        &manifest.cells,
        &manifest.mappings,
    ];
    let of_groups = groups
        .into_iter()
        .flatten()
        .map(|group| (Some(&group.origin), group.place));
    let of_study = manifest
        .study
        .iter()
        .map(|study| (study.origin.as_ref(), study.place));
    let files = of_study
        .chain(of_groups)
        .filter_map(|(origin, place)| match origin {
            Some(Origin::File(file)) => Some((file, place)),
            _ => None,
        });
    let of_data = manifest.data.iter().map(|data| (&data.file, data.place));
    let of_attachments = manifest.attachments.iter().map(|file| (&file.file, file.place));
    for (file, place) in files.chain(of_data).chain(of_attachments) {
        if !seen.insert(plain_path(file.as_str())) {
            problems.push(Problem {
                place,
                kind: ProblemKind::Repeated(file.as_str().to_owned()),
            });
        }
    }
}
