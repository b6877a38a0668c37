//! Writes a `study.toml`.

use std::fmt::Write as _;

use odmkit_core::{DataFormat, FileKind};

use crate::graph::{Content, Entity, Location, Study};

/// The text of a `study.toml` for a study; paths are written relative to `folder`.
pub fn text(study: &Study, folder: &str) -> String {
    let mut out = String::new();
    let mut unsettled = Vec::new();
    header(&mut out, study, folder, &mut unsettled);
    for entity in &study.entities {
        match entity.kind {
            FileKind::Study => {}
            FileKind::Samples | FileKind::Libraries | FileKind::Preparations => {
                group(&mut out, entity, "metadata", folder);
            }
            FileKind::Cells | FileKind::Mapping => group(&mut out, entity, "file", folder),
            FileKind::Expression | FileKind::Variant | FileKind::FlowCytometry => {
                data(&mut out, entity, folder);
            }
            FileKind::ExpressionMetadata => {
                unsettled.push((
                    path_of(entity, folder),
                    "it describes a data file, but which one is not clear".to_owned(),
                ));
            }
        }
    }
    unsettled.extend(
        study
            .skipped
            .iter()
            .map(|skipped| (relative(&Location::new(&skipped.path), folder), skipped.because())),
    );
    for attachment in &study.attachments {
        out.push_str("\n[[attachments]]\n");
        pair(&mut out, "file", &relative(&attachment.file, folder), None);
        if let Some(metadata) = &attachment.metadata {
            pair(&mut out, "metadata", &relative(metadata, folder), None);
        }
        pair(&mut out, "data_class", &attachment.data_class, None);
    }
    if !unsettled.is_empty() {
        out.push_str("\n# Not part of the study as it stands:\n");
        for (path, why) in unsettled {
            let _ = writeln!(out, "# {} ({})", one_line(&path), one_line(&why));
        }
    }
    out
}

fn header(out: &mut String, study: &Study, folder: &str, unsettled: &mut Vec<(String, String)>) {
    out.push_str("[study]\n");
    let studies: Vec<&Entity> = study.of(FileKind::Study).collect();
    match studies[..] {
        [one] => origin(out, one, "metadata", folder),
        [] => out.push_str(
            "# metadata = \"…\"  # the file with the study's one record, or: accession = \"GSF…\"\n",
        ),
        _ => out.push_str("# metadata = \"…\"  # one of the studies named below\n"),
    }
    if studies.len() > 1 {
        let why = format!("one of {} studies; a study.toml describes one", studies.len());
        unsettled.extend(
            studies
                .into_iter()
                .map(|other| (path_of(other, folder), why.clone())),
        );
    }
    if let Some(template) = &study.template {
        pair(out, "template", &relative(template, folder), None);
    }
    if let Some(template_id) = &study.template_id {
        pair(out, "template_id", template_id, None);
    }
    if let Some(dictionaries) = &study.dictionaries {
        pair(
            out,
            "dictionaries",
            &format!("{}/", relative(dictionaries, folder).trim_end_matches('/')),
            None,
        );
    }
}

fn group(out: &mut String, entity: &Entity, key: &str, folder: &str) {
    let _ = write!(out, "\n[[{}]]\n", entity.kind);
    origin(out, entity, key, folder);
}

fn data(out: &mut String, entity: &Entity, folder: &str) {
    out.push_str("\n[[data]]\n");
    origin(out, entity, "file", folder);
    if let Some(metadata) = &entity.metadata {
        pair(out, "metadata", &relative(metadata, folder), None);
    }
    // Content tells GCT, VCF and most data frames apart; the kind is written where the reader would want to know.
    pair(out, "kind", entity.kind.name(), None);
    match &entity.data_class {
        Some(class) => pair(out, "data_class", class, None),
        None if entity.kind == FileKind::Expression => {
            out.push_str("# data_class = \"…\"  # ODM needs it: what was measured, such as \"Proteomics\"\n");
        }
        None => {}
    }
    if entity.format == Some(DataFormat::Tsv) {
        frame(out, entity);
    }
    if let Some(target) = entity.link_to {
        pair(out, "link_to", target.name(), None);
    }
    if let Some(attribute) = &entity.link_attribute {
        pair(out, "link_attribute", attribute, None);
    }
    if let Some(version) = &entity.previous_version {
        pair(out, "previous_version", version, None);
    }
}

fn frame(out: &mut String, entity: &Entity) {
    match (entity.feature_attributes, entity.hints.to_give()) {
        (Some(count), _) => {
            let _ = writeln!(out, "feature_attributes = {count}");
        }
        (None, Some((count, because))) => {
            let _ = writeln!(
                out,
                "feature_attributes = {count}  # likely: {}",
                one_line(&because)
            );
        }
        (None, None) => {
            let why = entity.hints.unfit.as_deref();
            let why = why.unwrap_or("how many leading columns describe the feature");
            let _ = writeln!(out, "# feature_attributes = …  # {}", one_line(why));
        }
    }
    match (&entity.measurement_separator, &entity.hints.separator) {
        (Some(separator), _) => pair(out, "measurement_separator", separator, None),
        (None, Some(hint)) => pair(out, "measurement_separator", hint.separator, Some(&hint.because)),
        (None, None) => {}
    }
}

fn origin(out: &mut String, entity: &Entity, key: &str, folder: &str) {
    match &entity.content {
        Content::File(location) => pair(out, key, &relative(location, folder), None),
        Content::Accession(accession) => pair(out, "accession", accession, None),
    }
}

fn pair(out: &mut String, key: &str, value: &str, likely: Option<&str>) {
    let _ = write!(out, "{key} = {}", quoted(value));
    if let Some(because) = likely {
        let _ = write!(out, "  # likely: {}", one_line(because));
    }
    out.push('\n');
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            character if character.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(character));
            }
            character => out.push(character),
        }
    }
    out.push('"');
    out
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect()
}

fn path_of(entity: &Entity, folder: &str) -> String {
    match &entity.content {
        Content::File(location) => relative(location, folder),
        Content::Accession(accession) => accession.clone(),
    }
}

/// The path as seen from the folder, where it lies in it.
fn relative(location: &Location, folder: &str) -> String {
    let path = location.as_str();
    let folder = folder.trim_end_matches('/');
    let inside = match location {
        Location::Path(_) if !folder.is_empty() => {
            path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'))
        }
        _ => None,
    };
    inside.unwrap_or(path).to_owned()
}
