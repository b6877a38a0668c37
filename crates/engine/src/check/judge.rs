//! What metadata is judged by: the template and the dictionaries of one study.

use std::path::Path;
use std::sync::Arc;

use odmkit_checks::rules::{f001_unreadable, p001_bad_template, p002_bad_dictionary};
use odmkit_diagnostics::{Diagnostic, Severity, Sink};
use odmkit_study::Study;
use odmkit_template::{DataType, Dictionaries, Template};

use super::CheckOptions;
use crate::EngineError;

/// The template and the dictionaries of one study.
#[derive(Debug)]
pub(crate) struct Judge {
    pub(crate) template: Template,
    pub(crate) dictionaries: Dictionaries,
    sample_attributes: Vec<String>,
    link_attributes: Vec<String>,
    /// Whether the template is the one that was asked for. Where it could not be read, nothing is judged by
    /// any.
    trusted: bool,
}

impl Judge {
    /// Reads what the flags name, else what the manifest names, else takes the bundled template.
    pub(crate) fn new(options: &CheckOptions, study: &Study, sink: &mut dyn Sink) -> Self {
        let named = options.template.as_deref();
        let template = named.or_else(|| {
            study
                .template
                .as_ref()
                .map(|location| Path::new(location.as_str()))
        });
        let (template, trusted) = match template {
            None => (Template::bundled(), true),
            Some(path) => match read_template(path, sink) {
                Some(template) => (template, true),
                None => (Template::empty(), false),
            },
        };
        let mut dictionaries = Dictionaries::bundled();
        let named = options.dictionary_folder.as_deref();
        let folder = named.or_else(|| {
            study
                .dictionaries
                .as_ref()
                .map(|location| Path::new(location.as_str()))
        });
        let mut errors = folder.map_or_else(Vec::new, |folder| {
            dictionaries.add_folder(folder).err().unwrap_or_default()
        });
        for (name, path) in &options.dictionaries {
            errors.extend(dictionaries.add_file(name, path).err());
        }
        for error in errors {
            sink.push(p002_bad_dictionary::finding(&error));
        }
        if trusted {
            for finding in p002_bad_dictionary::unused(&options.dictionaries, &template, &dictionaries) {
                sink.push(finding);
            }
        }
        let sample_attributes = template
            .of(DataType::Sample)
            .map(|attribute| attribute.name.to_string())
            .collect();
        let link_attributes = study
            .entities
            .iter()
            .filter_map(|entity| entity.link_attribute.clone())
            .collect();
        Self {
            template,
            dictionaries,
            sample_attributes,
            link_attributes,
            trusted,
        }
    }

    /// The same for work that would go wrong unseen by another template or dictionary than was asked for.
    ///
    /// # Errors
    ///
    /// Where one of them cannot be read.
    pub(crate) fn sure(options: &CheckOptions, study: &Study) -> Result<Self, EngineError> {
        let mut found: Vec<Diagnostic> = Vec::new();
        let judge = Self::new(options, study, &mut found);
        let error = found
            .into_iter()
            .find(|finding| finding.severity == Severity::Error);
        error.map_or(Ok(judge), |finding| Err(EngineError::from_finding(&finding)))
    }

    /// The attributes by which the study's data is linked, as far as the manifest names any.
    pub(crate) fn link_attributes(&self) -> &[String] {
        &self.link_attributes
    }

    /// The attributes by which ODM can link, where the template is known.
    pub(crate) fn sample_attributes(&self) -> Option<&[String]> {
        self.trusted.then_some(self.sample_attributes.as_slice())
    }
}

fn read_template(path: &Path, sink: &mut dyn Sink) -> Option<Template> {
    let shown: Arc<str> = path.to_string_lossy().into();
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) => {
            sink.push(f001_unreadable::finding(&shown, &error.to_string()));
            return None;
        }
    };
    match Template::from_json(&text) {
        Ok(template) => Some(template),
        Err(violations) => {
            for violation in violations {
                sink.push(p001_bad_template::finding(&shown, &violation));
            }
            None
        }
    }
}
