//! Links between what was imported.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::Accession;

/// The links that ODM has: from what, to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// A sample group to its study.
    SamplesStudy,
    /// A library group to a sample group.
    LibrariesSamples,
    /// A preparation group to a sample group.
    PreparationsSamples,
    /// A cell group to a sample group.
    CellsSamples,
    /// A cell group to a library group.
    CellsLibraries,
    /// A cell group to a preparation group.
    CellsPreparations,
    /// An expression group to a sample group.
    ExpressionSamples,
    /// An expression group to a library group.
    ExpressionLibraries,
    /// An expression group to a preparation group.
    ExpressionPreparations,
    /// An expression group to a cell group.
    ExpressionCells,
    /// A variant group to a sample group.
    VariantSamples,
    /// A flow cytometry group to a sample group.
    FlowCytometrySamples,
    /// An expression group to a cross-reference.
    ExpressionMapping,
}

/// A link to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What is linked to what.
    pub kind: LinkKind,
    /// The group that is linked.
    pub source: Accession,
    /// What it is linked to.
    pub target: Accession,
    /// The sample attribute whose values are the data's column names; ODM's default is `Sample Source ID`.
    pub attribute: Option<String>,
}

/// What the server answered to a link. Neither is proof: read the link back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkReply {
    /// 204: all of it.
    Whole,
    /// 200: some of it, or, before ODM 1.63, all of it.
    Perhaps,
}

/// What a link holds when it is read back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Linked {
    /// How many of the source's members are linked.
    pub members: u64,
}

/// A page of a list.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Page {
    Bare(Vec<Value>),
    Wrapped { data: Option<Vec<Value>> },
}

impl LinkKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::SamplesStudy,
        Self::LibrariesSamples,
        Self::PreparationsSamples,
        Self::CellsSamples,
        Self::CellsLibraries,
        Self::CellsPreparations,
        Self::ExpressionSamples,
        Self::ExpressionLibraries,
        Self::ExpressionPreparations,
        Self::ExpressionCells,
        Self::VariantSamples,
        Self::FlowCytometrySamples,
        Self::ExpressionMapping,
    ];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SamplesStudy => "samples-study",
            Self::LibrariesSamples => "libraries-samples",
            Self::PreparationsSamples => "preparations-samples",
            Self::CellsSamples => "cells-samples",
            Self::CellsLibraries => "cells-libraries",
            Self::CellsPreparations => "cells-preparations",
            Self::ExpressionSamples => "expression-samples",
            Self::ExpressionLibraries => "expression-libraries",
            Self::ExpressionPreparations => "expression-preparations",
            Self::ExpressionCells => "expression-cells",
            Self::VariantSamples => "variant-samples",
            Self::FlowCytometrySamples => "flow-cytometry-samples",
            Self::ExpressionMapping => "expression-mapping",
        }
    }

    /// The words of the two ends in the endpoint's path; a cross-reference has no such path and is linked by its body.
    pub(crate) const fn ends(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::ExpressionMapping => return None,
            Self::SamplesStudy => ("sample/group", "study"),
            Self::LibrariesSamples => ("library/group", "sample/group"),
            Self::PreparationsSamples => ("preparation/group", "sample/group"),
            Self::CellsSamples => ("cell/group", "sample/group"),
            Self::CellsLibraries => ("cell/group", "library/group"),
            Self::CellsPreparations => ("cell/group", "preparation/group"),
            Self::ExpressionSamples => ("expression/group", "sample/group"),
            Self::ExpressionLibraries => ("expression/group", "library/group"),
            Self::ExpressionPreparations => ("expression/group", "preparation/group"),
            Self::ExpressionCells => ("expression/group", "cell/group"),
            Self::VariantSamples => ("variant/group", "sample/group"),
            Self::FlowCytometrySamples => ("flow-cytometry/group", "sample/group"),
        })
    }

    /// Whether the endpoint takes `linkingAttribute`.
    pub const fn takes_attribute(self) -> bool {
        matches!(
            self,
            Self::ExpressionSamples | Self::VariantSamples | Self::FlowCytometrySamples
        )
    }

    /// Where the pairs of a link can be read back by the source's accession; ODM has no such list for the others.
    pub(crate) const fn pairs(self) -> Option<&'static str> {
        match self {
            Self::LibrariesSamples => Some("library/libraries-to-samples"),
            Self::PreparationsSamples => Some("preparation/preparations-to-samples"),
            Self::ExpressionSamples => Some("expression/run-to-samples"),
            Self::ExpressionLibraries => Some("expression/run-to-libraries"),
            Self::ExpressionPreparations => Some("expression/run-to-preparations"),
            Self::VariantSamples => Some("variant/run-to-samples"),
            Self::FlowCytometrySamples => Some("flow-cytometry/run-to-samples"),
            Self::SamplesStudy
            | Self::CellsSamples
            | Self::CellsLibraries
            | Self::CellsPreparations
            | Self::ExpressionCells
            | Self::ExpressionMapping => None,
        }
    }

    /// The key under which a pair names its source member, where servers agree on one.
    const fn member_keys(self) -> &'static [&'static str] {
        match self {
            Self::LibrariesSamples => &["libraryId", "library"],
            Self::PreparationsSamples => &["preparationId", "preparation"],
            _ => &["runId", "run", "runSourceId"],
        }
    }
}

impl Page {
    pub(crate) fn into_items(self) -> Vec<Value> {
        match self {
            Self::Bare(items) => items,
            Self::Wrapped { data } => data.unwrap_or_default(),
        }
    }
}

/// What tells one source member of a pair from another; the whole pair where it names none.
pub(crate) fn member(kind: LinkKind, pair: &Value) -> String {
    kind.member_keys()
        .iter()
        .find_map(|key| pair.get(key))
        .map_or_else(
            || pair.to_string(),
            |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        )
}
