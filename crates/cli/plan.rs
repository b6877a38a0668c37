//! From a checked study to what is imported and linked.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use odmkit_core::FileKind;
use odmkit_engine::check::{CheckOutcome, CheckedFile};
use odmkit_odm_api::{Accession, FileLink};
use odmkit_study::{Content, Entity as StudyEntity, Location, Study};
use odmkit_submit::{Entity, EntityIndex, EntityKind, Origin, Parameters, Plan, Source};

/// What the command line says of the plan, beside what the study says.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlanOptions {
    /// The study is in ODM already.
    pub(crate) study_accession: Option<Accession>,
    /// The samples are in ODM already.
    pub(crate) samples_accession: Option<Accession>,
    /// The template that ODM is told to apply.
    pub(crate) template_id: Option<Accession>,
    /// The version that the one data file follows.
    pub(crate) previous_version: Option<Accession>,
    /// What is said of the data frames that a manifest does not settle.
    pub(crate) feature_attributes: Option<u64>,
    /// The attribute by which data hangs on samples.
    pub(crate) link_attribute: Option<String>,
    /// Link data to every group that it could hang on, not only to those whose names it has.
    pub(crate) link_all_to_all: bool,
}

/// A plan, and the files of the study that have no part in it.
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    pub(crate) left_out: Vec<String>,
}

/// What has to be done for a study that was checked.
pub(crate) fn plan(
    inputs: &[PathBuf],
    state_folder: Option<&Path>,
    outcome: &CheckOutcome,
    options: &PlanOptions,
) -> anyhow::Result<Planned> {
    let study = match outcome.studies.as_slice() {
        [study] => study,
        [] => bail!("there is nothing to submit"),
        several => bail!("these are {} studies: submit one at a time", several.len()),
    };
    let root = root(inputs, study);
    let state = state_folder
        .unwrap_or(&root)
        .join(format!("{}.odmkit-run.json", name(&root, study)));
    let mut builder = Builder {
        plan: Plan::new(&root, state),
        options,
        outcome,
        template: match (&options.template_id, &study.template_id) {
            (Some(template), _) => Some(template.clone()),
            (None, Some(text)) => Some(text.parse().with_context(|| format!("template_id `{text}`"))?),
            (None, None) => None,
        },
        placed: Vec::new(),
        left_out: Vec::new(),
    };
    builder.entities(study)?;
    builder.links();
    if builder.placed.is_empty() {
        bail!("there is nothing to submit");
    }
    Ok(Planned {
        plan: builder.plan,
        left_out: builder.left_out,
    })
}

struct Builder<'a> {
    plan: Plan,
    options: &'a PlanOptions,
    outcome: &'a CheckOutcome,
    template: Option<Accession>,
    placed: Vec<Placed>,
    left_out: Vec<String>,
}

/// An entity of the study, and its place in the plan.
struct Placed {
    index: EntityIndex,
    kind: EntityKind,
    path: Option<String>,
    link_to: Option<FileKind>,
    link_attribute: Option<String>,
    is_import: bool,
}

impl Builder<'_> {
    /// Adds every entity, in ODM's order. What the command line says is in ODM already takes the place of the file.
    fn entities(&mut self, study: &Study) -> anyhow::Result<()> {
        let given = [
            (EntityKind::Study, self.options.study_accession.clone()),
            (EntityKind::Samples, self.options.samples_accession.clone()),
        ];
        for (kind, accession) in &given {
            if let Some(accession) = accession {
                self.place(*kind, Entity::existing(*kind, accession.clone()), None);
            }
        }
        let data = study.data().filter(|entity| entity.file().is_some()).count();
        if self.options.previous_version.is_some() && data != 1 {
            bail!("--previous-version is for one data file, and there are {data}");
        }
        for entity in &study.entities {
            let Some(kind) = entity_kind(entity.kind) else {
                self.left_out.extend(entity.file().map(str::to_owned));
                continue;
            };
            if given
                .iter()
                .any(|(given, accession)| *given == kind && accession.is_some())
            {
                continue;
            }
            let planned = match &entity.content {
                Content::Accession(text) => {
                    Entity::existing(kind, text.parse().with_context(|| format!("accession `{text}`"))?)
                }
                Content::File(file) => self.import(kind, entity, file)?,
            };
            self.place(kind, planned, Some(entity));
        }
        for attachment in &study.attachments {
            let entity = Entity {
                kind: EntityKind::File,
                origin: Origin::Import {
                    file: source(&attachment.file),
                    metadata: attachment.metadata.as_ref().map(source),
                },
                parameters: Parameters {
                    data_class: Some(attachment.data_class.clone()),
                    ..Parameters::default()
                },
                members: None,
            };
            self.place(EntityKind::File, entity, None);
        }
        Ok(())
    }

    fn place(&mut self, kind: EntityKind, entity: Entity, from: Option<&StudyEntity>) {
        let is_import = matches!(entity.origin, Origin::Import { .. });
        let index = self.plan.add(entity);
        self.placed.push(Placed {
            index,
            kind,
            path: from.and_then(StudyEntity::file).map(str::to_owned),
            link_to: from.and_then(|entity| entity.link_to),
            link_attribute: from.and_then(|entity| entity.link_attribute.clone()),
            is_import,
        });
    }

    fn import(&self, kind: EntityKind, entity: &StudyEntity, file: &Location) -> anyhow::Result<Entity> {
        let checked = self
            .outcome
            .files
            .iter()
            .find(|checked| checked.report.path.as_ref() == file.as_str());
        let matrix = checked.and_then(|checked| checked.matrix.as_ref());
        let frame = entity.is_data_frame();
        let given = self
            .options
            .feature_attributes
            .and_then(|count| u32::try_from(count).ok());
        let previous_version = match (&self.options.previous_version, &entity.previous_version) {
            (Some(version), _) => Some(version.clone()),
            (None, Some(text)) => Some(
                text.parse()
                    .with_context(|| format!("previous_version `{text}`"))?,
            ),
            (None, None) => None,
        };
        let untemplated = matches!(kind, EntityKind::Cells | EntityKind::Mapping);
        let parameters = Parameters {
            template: self.template.clone().filter(|_| !untemplated),
            data_class: matrix
                .and_then(|matrix| matrix.data_class.clone())
                .or_else(|| entity.data_class.clone()),
            feature_attributes: entity.feature_attributes.or(given).filter(|_| frame),
            measurement_separator: matrix
                .and_then(|matrix| matrix.separator.clone())
                .or_else(|| entity.measurement_separator.clone())
                .filter(|_| frame),
            previous_version: previous_version.filter(|_| entity.kind.is_data()),
        };
        let metadata = entity.metadata.as_ref().map(source);
        Ok(Entity {
            kind,
            origin: Origin::Import {
                file: source(file),
                metadata,
            },
            parameters,
            members: checked.map(members),
        })
    }

    /// Samples hang on the study; everything else hangs on what its names were found in.
    fn links(&mut self) {
        let found = self.found();
        let mut links = Vec::new();
        for from in &self.placed {
            let path = from.path.as_deref();
            let summary = path.and_then(|path| found.get(path));
            let kind = from
                .link_to
                .and_then(entity_kind)
                .or_else(|| summary.map(|summary| summary.kind));
            let Some(kind) = kind.or_else(|| self.parent_kind(from.kind)) else {
                continue;
            };
            let named: Vec<&Placed> = self.of(kind).collect();
            let by_names = |to: &&Placed| match (summary, path, &to.path) {
                (Some(summary), Some(path), Some(to))
                    if summary.kind == kind && !self.options.link_all_to_all =>
                {
                    self.share_a_name(path, to, summary.attribute)
                }
                _ => true,
            };
            let attribute = summary.map(|summary| summary.attribute.to_owned());
            let attribute = from
                .link_attribute
                .clone()
                .or_else(|| self.options.link_attribute.clone())
                .or(attribute);
            let attribute = attribute.filter(|_| kind == EntityKind::Samples && is_data(from.kind));
            let matching: Vec<&Placed> = named.iter().copied().filter(by_names).collect();
            // Where no names are shared, ODM is asked all the same, and its refusal is told.
            for to in if matching.is_empty() { named } else { matching } {
                // What was in ODM before the run was linked there, or not, on purpose.
                if from.is_import || to.is_import {
                    links.push((from.index, to.index, attribute.clone()));
                }
            }
        }
        // Every matrix is tied to every cross-reference: its features are looked up in them.
        for from in self.of(EntityKind::Expression) {
            for to in self.of(EntityKind::Mapping) {
                if from.is_import || to.is_import {
                    links.push((from.index, to.index, None));
                }
            }
        }
        for (from, to, attribute) in links {
            self.plan.link(from, to, attribute);
        }
    }

    /// What the check found each file to hang on.
    fn found(&self) -> HashMap<&str, Found<'_>> {
        let mut found = HashMap::new();
        for link in &self.outcome.links {
            if let Some(kind) = entity_kind(link.to_kind) {
                found.insert(
                    link.from.as_ref(),
                    Found {
                        kind,
                        attribute: &link.attribute,
                    },
                );
            }
        }
        found
    }

    /// Whether any name of one file is a value of the attribute in another. Where the files do not tell, they may.
    fn share_a_name(&self, from: &str, to: &str, attribute: &str) -> bool {
        let file = |path: &str| {
            self.outcome
                .files
                .iter()
                .find(|file| file.report.path.as_ref() == path)
        };
        let (Some(names), Some(known)) = (file(from).and_then(|from| names(from, attribute)), file(to))
        else {
            return true;
        };
        let Some(known) = column(known, attribute) else {
            return true;
        };
        let known: HashSet<&str> = known.collect();
        names.iter().any(|name| known.contains(name))
    }

    /// What a kind hangs on where nothing says so: the nearest that the study has.
    fn parent_kind(&self, kind: EntityKind) -> Option<EntityKind> {
        use EntityKind::{
            Cells, Expression, File, FlowCytometry, Libraries, Mapping, Preparations, Samples, Study, Variant,
        };
        let candidates: &[EntityKind] = match kind {
            Study | File | Mapping => &[],
            Samples => &[Study],
            Libraries | Preparations | Variant | FlowCytometry => &[Samples],
            Cells | Expression => &[Libraries, Preparations, Samples],
        };
        candidates
            .iter()
            .copied()
            .find(|kind| self.of(*kind).next().is_some())
    }

    fn of(&self, kind: EntityKind) -> impl Iterator<Item = &Placed> {
        self.placed.iter().filter(move |placed| placed.kind == kind)
    }
}

/// What a file hangs on, as the check found it.
struct Found<'a> {
    kind: EntityKind,
    attribute: &'a str,
}

/// What a file calls the things that it hangs on: samples of data, values of a table.
fn names<'a>(file: &'a CheckedFile, attribute: &str) -> Option<Vec<&'a str>> {
    match (&file.matrix, &file.columns) {
        (Some(matrix), _) => Some(matrix.samples.iter().map(String::as_str).collect()),
        (None, Some(data)) => Some(data.columns.iter().map(|(name, _)| name.as_str()).collect()),
        (None, None) => column(file, attribute)
            .or_else(|| column(file, "batch"))
            .map(Iterator::collect),
    }
}

/// The values of a column that was kept for links.
fn column<'a>(file: &'a CheckedFile, name: &str) -> Option<impl Iterator<Item = &'a str> + use<'a>> {
    let kept = file.table.as_ref()?.kept.iter().find(|kept| kept.name == name)?;
    Some(kept.values.iter().map(|(value, _)| value.as_str()))
}

/// How many members a file has: samples of data, records of a table.
fn members(checked: &CheckedFile) -> u64 {
    match (&checked.matrix, &checked.columns) {
        (Some(matrix), _) => matrix.samples.len() as u64,
        (None, Some(data)) => data.columns.len() as u64,
        (None, None) => checked.report.rows,
    }
}

fn source(location: &Location) -> Source {
    match location {
        Location::Path(path) => Source::File(PathBuf::from(path)),
        Location::Url(url) => Source::Link(FileLink::new(url)),
    }
}

/// The folder of the study: the directory that was named, the one of the manifest, or that of the first file.
fn root(inputs: &[PathBuf], study: &Study) -> PathBuf {
    match inputs {
        [folder] if folder.is_dir() => folder.clone(),
        [file] => parent(file),
        _ => study
            .entities
            .iter()
            .find_map(StudyEntity::file)
            .map_or_else(PathBuf::new, |file| parent(Path::new(file))),
    }
}

fn parent(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}

/// What the study is called: by its file, else by its folder.
fn name(root: &Path, study: &Study) -> String {
    let file = study.of(FileKind::Study).find_map(StudyEntity::file);
    let stem = file.and_then(|file| {
        Path::new(file)
            .file_name()?
            .to_str()?
            .split('.')
            .next()
            .map(str::to_owned)
    });
    stem.filter(|stem| !stem.is_empty() && stem != "study")
        .or_else(|| Some(std::path::absolute(root).ok()?.file_name()?.to_str()?.to_owned()))
        .unwrap_or_else(|| "study".to_owned())
}

const fn is_data(kind: EntityKind) -> bool {
    matches!(
        kind,
        EntityKind::Expression | EntityKind::Variant | EntityKind::FlowCytometry
    )
}

/// What an entity is to ODM's import API; `None` for what it has no import of.
const fn entity_kind(kind: FileKind) -> Option<EntityKind> {
    Some(match kind {
        FileKind::Study => EntityKind::Study,
        FileKind::Samples => EntityKind::Samples,
        FileKind::Libraries => EntityKind::Libraries,
        FileKind::Preparations => EntityKind::Preparations,
        FileKind::Cells => EntityKind::Cells,
        FileKind::Expression => EntityKind::Expression,
        FileKind::Variant => EntityKind::Variant,
        FileKind::FlowCytometry => EntityKind::FlowCytometry,
        FileKind::Mapping => EntityKind::Mapping,
        FileKind::ExpressionMetadata => return None,
    })
}
