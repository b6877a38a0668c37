//! Gated flow cytometry: a table with one readout of one cell population of one sample in each row.

use crate::HeaderLine;

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// The sample.
    Sample,
    /// The path of gates: `Lymphocytes/CD3+/CD4+`.
    CellPopulation,
    /// What was measured.
    ReadoutType,
    /// The colour or marker that was measured; may be blank.
    Marker,
    /// The number.
    Value,
}

/// What a row measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Readout {
    /// `Count`
    Count,
    /// `Counts`
    Counts,
    /// `Median`
    Median,
    /// `Percentage`
    Percentage,
}

/// How a column was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// By its name.
    Named(usize),
    /// By the other name that is in use.
    Alias(usize),
    /// By a name that differs in case, blanks or punctuation.
    Nearly(usize),
    /// Not at all.
    Absent,
}

impl Column {
    /// All columns, in their order.
    pub const ALL: [Self; 5] = [
        Self::Sample,
        Self::CellPopulation,
        Self::ReadoutType,
        Self::Marker,
        Self::Value,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sample => "Sample",
            Self::CellPopulation => "CellPopulation",
            Self::ReadoutType => "ReadoutType",
            Self::Marker => "Color/Marker",
            Self::Value => "Value",
        }
    }

    /// The other name that is in use for it.
    pub const fn alias(self) -> Option<&'static str> {
        match self {
            Self::Marker => Some("Marker"),
            _ => None,
        }
    }

    /// Looks for it in a header.
    pub fn find(self, names: &HeaderLine) -> Found {
        let by = |matches: &dyn Fn(&str) -> bool| {
            (0..names.fields.len()).find(|index| matches(names.text(*index)))
        };
        let plain = |name: &str| -> String {
            name.chars()
                .filter(|character| character.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect()
        };
        let own = plain(self.name());
        let other = self.alias().map(plain);
        if let Some(index) = by(&|name| name == self.name()) {
            Found::Named(index)
        } else if let Some(index) = by(&|name| Some(name) == self.alias()) {
            Found::Alias(index)
        } else if let Some(index) =
            by(&|name| plain(name) == own || other.as_ref().is_some_and(|other| plain(name) == *other))
        {
            Found::Nearly(index)
        } else {
            Found::Absent
        }
    }
}

impl Readout {
    /// All readouts.
    pub const ALL: [Self; 4] = [Self::Count, Self::Counts, Self::Median, Self::Percentage];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Counts => "Counts",
            Self::Median => "Median",
            Self::Percentage => "Percentage",
        }
    }

    /// The readout of this name.
    pub fn parse(field: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|readout| readout.name().as_bytes() == field)
    }

    /// Whether it counts cells, so that its values are whole.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Count | Self::Counts)
    }
}

impl Found {
    /// The 0-based index of the column.
    pub const fn index(self) -> Option<usize> {
        match self {
            Self::Named(index) | Self::Alias(index) | Self::Nearly(index) => Some(index),
            Self::Absent => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use odmkit_core::{ByteOffset, LineNumber};

    use super::*;

    #[test]
    fn columns_are_found_by_name_alias_and_likeness() {
        let names = HeaderLine::read(
            b"Value\tMarker\t sample \tCellPopulation\tReadout type",
            LineNumber::FIRST,
            ByteOffset(0),
        );
        assert_eq!(Column::Value.find(&names), Found::Named(0));
        assert_eq!(Column::Marker.find(&names), Found::Alias(1));
        assert_eq!(Column::Sample.find(&names), Found::Nearly(2));
        assert_eq!(Column::CellPopulation.find(&names), Found::Named(3));
        assert_eq!(Column::ReadoutType.find(&names), Found::Nearly(4));
        let other = HeaderLine::read(b"color marker\tSamples", LineNumber::FIRST, ByteOffset(0));
        assert_eq!(Column::Marker.find(&other), Found::Nearly(0));
        assert_eq!(Column::Sample.find(&other), Found::Absent);
    }

    #[test]
    fn readouts_are_exact() {
        assert_eq!(Readout::parse(b"Counts"), Some(Readout::Counts));
        assert!(Readout::parse(b"Count").is_some_and(Readout::counts));
        assert!(!Readout::Median.counts());
        assert_eq!(Readout::parse(b"median"), None);
        assert_eq!(Readout::parse(b""), None);
    }
}
