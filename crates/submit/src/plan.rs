//! What a study consists of, as plain data.

use std::fmt;
use std::path::{Path, PathBuf};

use odmkit_odm_api::{Accession, FileLink, LinkKind};
use serde::{Deserialize, Serialize};

use crate::error::Refusal;

/// The attribute by which ODM links data to samples unless told otherwise.
const DEFAULT_ATTRIBUTE: &str = "Sample Source ID";

/// Entities and the links between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The folder of the manifest, from which links are relative.
    pub root: PathBuf,
    /// Where the run's state is kept, as in `trial.odmkit-run.json`.
    pub state_file: PathBuf,
    pub(crate) entities: Vec<Entity>,
    pub(crate) links: Vec<PlannedLink>,
}

/// An entity's place in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntityIndex(pub(crate) usize);

/// Something to be imported, or that is in ODM already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// Where it comes from.
    pub origin: Origin,
    /// What else ODM is told about it.
    pub parameters: Parameters,
    /// How many members (records, sample columns) the file has, where it was counted: what a link's total is.
    pub members: Option<u64>,
}

/// What an entity is to ODM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntityKind {
    /// A study.
    Study,
    /// A sample group.
    Samples,
    /// A library group.
    Libraries,
    /// A preparation group.
    Preparations,
    /// A cell group.
    Cells,
    /// A matrix of measurements.
    Expression,
    /// Variant calls.
    Variant,
    /// Gated flow cytometry.
    FlowCytometry,
    /// Any file, attached to the study.
    File,
    /// A cross-reference from transcripts to genes.
    Mapping,
}

/// Where an entity comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is imported.
    Import {
        /// The table, or the data.
        file: Source,
        /// The data's one-record metadata.
        metadata: Option<Source>,
    },
    /// It is in ODM already.
    Existing(Accession),
}

/// A file to import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// On this machine; staged as the run's options say.
    File(PathBuf),
    /// At a link that ODM can fetch; always imported by it.
    Link(FileLink),
}

/// What ODM is told about an entity beside its files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Parameters {
    /// The template to apply; the server's default one where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Accession>,
    /// The data class, for expression and attachments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_class: Option<String>,
    /// How many of the leftmost columns describe the feature, for data frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature_attributes: Option<u32>,
    /// What stands between sample and measurement in a column's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measurement_separator: Option<String>,
    /// The version of the data that this one follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_version: Option<Accession>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedLink {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) attribute: Option<String>,
}

/// What is done for one entity: it is imported, and then linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) entity: usize,
    pub(crate) links: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Import(usize),
    Link(usize),
}

impl Plan {
    /// An empty plan.
    pub fn new(root: impl Into<PathBuf>, state_file: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            state_file: state_file.into(),
            entities: Vec::new(),
            links: Vec::new(),
        }
    }

    /// Adds an entity.
    pub fn add(&mut self, entity: Entity) -> EntityIndex {
        self.entities.push(entity);
        EntityIndex(self.entities.len() - 1)
    }

    /// Adds a link; `attribute` is the sample attribute to link data by, where it is not `Sample Source ID`.
    pub fn link(&mut self, from: EntityIndex, to: EntityIndex, attribute: Option<String>) {
        let attribute = attribute.filter(|name| name != DEFAULT_ATTRIBUTE);
        self.links.push(PlannedLink {
            from: from.0,
            to: to.0,
            attribute,
        });
    }

    /// The entities, in the order in which they were added.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// Every entity's place.
    pub fn indices(&self) -> impl Iterator<Item = EntityIndex> + use<> {
        (0..self.entities.len()).map(EntityIndex)
    }

    /// An entity.
    pub fn entity(&self, index: EntityIndex) -> &Entity {
        &self.entities[index.0]
    }

    /// The files on this machine that the plan imports.
    pub fn files(&self) -> Vec<PathBuf> {
        let files = self
            .entities
            .iter()
            .flat_map(Entity::sources)
            .filter_map(|source| match source {
                Source::File(path) => Some(path.clone()),
                Source::Link(_) => None,
            });
        files.collect()
    }

    /// The entity's file as people know it: relative to the plan's folder, the link, or the accession.
    pub(crate) fn label(&self, index: usize) -> String {
        match &self.entities[index].origin {
            Origin::Import { file, .. } => self.source_label(file),
            Origin::Existing(accession) => accession.to_string(),
        }
    }

    pub(crate) fn source_label(&self, source: &Source) -> String {
        match source {
            Source::File(path) => path
                .strip_prefix(&self.root)
                .unwrap_or(path)
                .display()
                .to_string(),
            Source::Link(link) => link.to_string(),
        }
    }

    /// What stands for the entity in the state file.
    pub(crate) fn key(&self, index: usize) -> String {
        format!("{} {}", self.entities[index].kind, self.label(index))
    }

    pub(crate) fn link_kind(&self, link: &PlannedLink) -> Option<LinkKind> {
        link_kind(self.entities[link.from].kind, self.entities[link.to].kind)
    }

    /// The study, by which libraries are read back and under which ODM keeps uploads.
    pub(crate) fn study(&self) -> Option<usize> {
        self.entities
            .iter()
            .position(|entity| entity.kind == EntityKind::Study)
    }

    /// The same with a template for everything that takes one and names none.
    #[must_use]
    pub(crate) fn with_default_template(&self, template: &Accession) -> Self {
        let mut plan = self.clone();
        for entity in &mut plan.entities {
            if entity.lacks_template() {
                entity.parameters.template = Some(template.clone());
            }
        }
        plan
    }

    /// Whether ODM's default template has to be looked up, as ODM's own client does: something new takes a template and
    /// names none. Under a study that is there already, ODM is left to choose.
    pub(crate) fn wants_default_template(&self) -> bool {
        let existing = self
            .study()
            .is_some_and(|study| matches!(self.entities[study].origin, Origin::Existing(_)));
        !existing && self.entities.iter().any(Entity::lacks_template)
    }

    /// The work in ODM's order: study; samples; libraries and preparations; cells and cross-references; data and
    /// attachments. Of one stage nothing hangs on anything else, so that all of it can be done at once.
    pub(crate) fn stages(&self) -> Vec<Vec<Unit>> {
        let stage = |rank: u8| {
            let here = |index: &usize| self.entities[*index].kind.rank() == rank;
            let units = (0..self.entities.len()).filter(here).map(|entity| Unit {
                entity,
                links: (0..self.links.len())
                    .filter(|&link| self.links[link].from == entity)
                    .collect(),
            });
            units.collect()
        };
        (0..=EntityKind::LAST_RANK).map(stage).collect()
    }

    /// The same as one step after the other.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let units = self.stages().into_iter().flatten();
        let steps = units.flat_map(|unit| {
            let links = unit.links.into_iter().map(Step::Link);
            std::iter::once(Step::Import(unit.entity)).chain(links)
        });
        steps.collect()
    }

    /// Everything about the plan itself that ODM would refuse, or that would not end well.
    pub(crate) fn refusals(&self) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        let mut keys: Vec<String> = (0..self.entities.len()).map(|index| self.key(index)).collect();
        keys.sort_unstable();
        for pair in keys.windows(2).filter(|pair| pair[0] == pair[1]) {
            refusals.push(Refusal::Twice {
                what: pair[0].clone(),
            });
        }
        for (index, entity) in self.entities.iter().enumerate() {
            if entity.kind == EntityKind::File && self.study().is_none() {
                refusals.push(Refusal::NoStudy {
                    path: self.label(index),
                });
            }
        }
        for link in &self.links {
            let (from, to) = (self.entities[link.from].kind, self.entities[link.to].kind);
            match link_kind(from, to) {
                None => refusals.push(Refusal::NoSuchLink {
                    from,
                    to,
                    path: self.label(link.from),
                }),
                Some(kind) if link.attribute.is_some() && !kind.takes_attribute() => {
                    refusals.push(Refusal::NoLinkAttribute {
                        from,
                        to,
                        path: self.label(link.from),
                    });
                }
                Some(_) => {}
            }
        }
        refusals
    }
}

impl Entity {
    /// An entity to be imported from a file on this machine.
    pub fn file(kind: EntityKind, path: impl Into<PathBuf>) -> Self {
        let origin = Origin::Import {
            file: Source::File(path.into()),
            metadata: None,
        };
        Self {
            kind,
            origin,
            parameters: Parameters::default(),
            members: None,
        }
    }

    /// An entity that is in ODM already.
    pub fn existing(kind: EntityKind, accession: Accession) -> Self {
        Self {
            kind,
            origin: Origin::Existing(accession),
            parameters: Parameters::default(),
            members: None,
        }
    }

    /// The same with a metadata file.
    #[must_use]
    pub fn with_metadata(mut self, path: &Path) -> Self {
        if let Origin::Import { metadata, .. } = &mut self.origin {
            *metadata = Some(Source::File(path.to_owned()));
        }
        self
    }

    /// The same with parameters.
    #[must_use]
    pub fn with_parameters(mut self, parameters: Parameters) -> Self {
        self.parameters = parameters;
        self
    }

    /// The same with a count of members.
    #[must_use]
    pub fn with_members(mut self, members: u64) -> Self {
        self.members = Some(members);
        self
    }

    /// Whether it is imported with a template, and names none.
    fn lacks_template(&self) -> bool {
        let takes_one = !matches!(
            self.kind,
            EntityKind::Cells | EntityKind::File | EntityKind::Mapping
        );
        takes_one && matches!(self.origin, Origin::Import { .. }) && self.parameters.template.is_none()
    }

    pub(crate) fn sources(&self) -> impl Iterator<Item = &Source> {
        let (file, metadata) = match &self.origin {
            Origin::Import { file, metadata } => (Some(file), metadata.as_ref()),
            Origin::Existing(_) => (None, None),
        };
        file.into_iter().chain(metadata)
    }
}

impl EntityKind {
    /// The name in reports and manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Samples => "samples",
            Self::Libraries => "libraries",
            Self::Preparations => "preparations",
            Self::Cells => "cells",
            Self::Expression => "expression",
            Self::Variant => "variant",
            Self::FlowCytometry => "flow-cytometry",
            Self::File => "file",
            Self::Mapping => "mapping",
        }
    }

    const LAST_RANK: u8 = 4;

    const fn rank(self) -> u8 {
        match self {
            Self::Study => 0,
            Self::Samples => 1,
            Self::Libraries | Self::Preparations => 2,
            Self::Cells | Self::Mapping => 3,
            Self::Expression | Self::Variant | Self::FlowCytometry | Self::File => Self::LAST_RANK,
        }
    }
}

impl fmt::Display for EntityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

const fn link_kind(from: EntityKind, to: EntityKind) -> Option<LinkKind> {
    use EntityKind::{
        Cells, Expression, FlowCytometry, Libraries, Mapping, Preparations, Samples, Study, Variant,
    };
    Some(match (from, to) {
        (Samples, Study) => LinkKind::SamplesStudy,
        (Libraries, Samples) => LinkKind::LibrariesSamples,
        (Preparations, Samples) => LinkKind::PreparationsSamples,
        (Cells, Samples) => LinkKind::CellsSamples,
        (Cells, Libraries) => LinkKind::CellsLibraries,
        (Cells, Preparations) => LinkKind::CellsPreparations,
        (Expression, Samples) => LinkKind::ExpressionSamples,
        (Expression, Libraries) => LinkKind::ExpressionLibraries,
        (Expression, Preparations) => LinkKind::ExpressionPreparations,
        (Expression, Cells) => LinkKind::ExpressionCells,
        (Variant, Samples) => LinkKind::VariantSamples,
        (FlowCytometry, Samples) => LinkKind::FlowCytometrySamples,
        (Expression, Mapping) => LinkKind::ExpressionMapping,
        _ => return None,
    })
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
