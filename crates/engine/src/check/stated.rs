//! Findings about what a manifest says: they name the line that says it.

use std::collections::HashMap;
use std::sync::Arc;

use odmkit_core::{FileKind, LineNumber};
use odmkit_diagnostics::{Collector, Diagnostic, Rule, Saying, Sink};
use odmkit_study::manifest::Location;
use odmkit_study::{Entity, Study};

/// Takes findings, and adds the line of the manifest to those that its words are the cause of.
pub(super) struct Stated<'a> {
    sink: &'a mut Collector,
    manifest: Option<Arc<str>>,
    /// By file.
    entities: HashMap<String, (&'a Entity, LineNumber)>,
}

impl<'a> Stated<'a> {
    pub(super) fn new(study: &'a Study, sink: &'a mut Collector) -> Self {
        let entities = study.entities.iter().flat_map(|entity| {
            let files = [entity.metadata.as_ref().map(Location::as_str), entity.file()];
            let of_file = move |path| Some((odmkit_input::label(path), (entity, entity.place?.line)));
            files.into_iter().flatten().filter_map(of_file)
        });
        Self {
            sink,
            manifest: study.manifest.as_deref().map(Arc::from),
            entities: entities.collect(),
        }
    }

    /// The findings that are shown so far.
    pub(super) fn shown(&self) -> &[Diagnostic] {
        self.sink.shown()
    }

    /// The finding with the line of the manifest that it is about, and with advice for that line: a flag would not count there,
    /// or be for other files as well.
    fn in_manifest(&self, manifest: &Arc<str>, mut finding: Diagnostic) -> Diagnostic {
        let said = self
            .said(&finding)
            .map(|(line, key)| (line, format!("the section here gives `{key}`")));
        let asked = || {
            let (_, line) = self.entities.get(finding.path.as_ref())?;
            let is_asked = finding.advice.is_some();
            is_asked.then(|| (*line, "the section here is that of the file".to_owned()))
        };
        let Some((line, message)) = said.or_else(asked) else {
            return finding;
        };
        finding.say_in(Saying::Section);
        finding.related(manifest, Some(line), message)
    }

    /// The line that says what the finding finds fault with, and the key there.
    fn said(&self, finding: &Diagnostic) -> Option<(LineNumber, &'static str)> {
        let related = finding.related.iter().map(|related| &related.path);
        std::iter::once(&finding.path).chain(related).find_map(|path| {
            let (entity, line) = self.entities.get(path.as_ref())?;
            Some((*line, key(finding, path, entity)?))
        })
    }
}

/// The key of an entity's section that the finding finds fault with, where the section has it.
fn key(finding: &Diagnostic, path: &str, entity: &Entity) -> Option<&'static str> {
    match finding.rule.code.as_str() {
        "F001" if path != finding.path.as_ref() => None,
        "F001" => Some(key_of_file(path, entity)),
        "D002" | "D003" => entity.feature_attributes.map(|_| "feature_attributes"),
        "D005" | "D007" => entity
            .measurement_separator
            .as_ref()
            .map(|_| "measurement_separator"),
        "D008" => entity.data_class.as_ref().map(|_| "data_class"),
        "D013" => match (entity.feature_attributes, &entity.measurement_separator) {
            (Some(number), _) if finding.value.as_deref() == Some(&number.to_string()) => {
                Some("feature_attributes")
            }
            (_, Some(_)) => Some("measurement_separator"),
            _ => None,
        },
        "L003" | "L006" => entity.link_attribute.as_ref().map(|_| "link_attribute"),
        "L007" | "L008" => entity.link_to.map(|_| "link_to"),
        "L001" if finding.line.is_none() => entity.link_to.map(|_| "link_to"),
        _ => None,
    }
}

/// The key that names a file of an entity.
fn key_of_file(path: &str, entity: &Entity) -> &'static str {
    let is_itself = entity
        .file()
        .is_some_and(|file| odmkit_input::label(file) == path);
    let of_table = matches!(
        entity.kind,
        FileKind::Study | FileKind::Samples | FileKind::Libraries | FileKind::Preparations
    );
    if is_itself && !of_table {
        "file"
    } else {
        "metadata"
    }
}

impl Sink for Stated<'_> {
    fn push(&mut self, finding: Diagnostic) {
        let finding = match &self.manifest {
            Some(manifest) => self.in_manifest(manifest, finding),
            None => finding,
        };
        self.sink.push(finding);
    }

    fn shows(&self, rule: &'static Rule, path: &Arc<str>, cause: Option<&str>) -> bool {
        self.sink.shows(rule, path, cause)
    }

    fn count(&mut self, rule: &'static Rule, path: &Arc<str>, count: u64) {
        self.sink.count(rule, path, count);
    }
}

#[cfg(test)]
#[path = "stated_tests.rs"]
mod tests;
