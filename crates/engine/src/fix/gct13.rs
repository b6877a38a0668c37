//! GCT 1.3 as GCT 1.2, with its sample attributes in a samples table beside it.
//!
//! GCT 1.2 has room for one attribute of a row, its description. Further ones go to a table of features.

use std::borrow::Cow;

use odmkit_checks::rules::t012_quoted_field::is_nothing;
use odmkit_formats::gct::{Dimensions, Header};
use odmkit_formats::{HeaderLine, Lines, fields};

use super::Edits;
use super::cells::{bare, bare_of_blanks, is_mended};
use crate::check::CheckedMatrix;

/// What the format writes where a sample attribute has no value.
const NO_VALUE: &[u8] = b"-666";

/// The column that links samples to data.
pub(super) const KEY: &str = "Sample Source ID";

/// What the names of the tables end in: of the samples as ODM takes them, of what the file says of its samples beside a
/// study that has some, and of what it says of its features.
pub(super) const SAMPLES: &str = "samples.tsv";
pub(super) const COLUMNS: &str = "columns.tsv";
pub(super) const FEATURES: &str = "features.tsv";

/// How GCT 1.3 becomes GCT 1.2.
pub(super) struct Gct13 {
    figures: Dimensions,
    /// The column that becomes the description.
    description: Option<usize>,
    /// Columns that describe the row, the name of it included.
    features: usize,
}

impl Gct13 {
    /// A plan for a header whose figures are known.
    pub(super) fn new(header: &Header, matrix: &CheckedMatrix) -> Option<Self> {
        let figures = header.dimensions?;
        let features = matrix.layout.features;
        let named =
            (1..features).find(|&column| matrix.layout.name(column).eq_ignore_ascii_case("description"));
        Some(Self {
            figures,
            description: named.or((features > 1).then_some(1)),
            features,
        })
    }

    /// The declared numbers of rows and samples.
    pub(super) const fn declared(&self) -> [u64; 2] {
        [self.figures.rows, self.figures.samples]
    }

    /// The fields before the values.
    pub(super) fn row<'a>(&self, row: &[&'a [u8]], edits: &mut Edits) -> [Cow<'a, [u8]>; 2] {
        let name = row.first().map_or(b"".into(), |field| bare(field, edits));
        let field = self.description.and_then(|column| row.get(column));
        let description = match field.map_or(&b""[..], |field| bare_of_blanks(field)) {
            field if is_nothing(field) => b"NA".into(),
            field if is_mended(field) => bare(field, edits),
            field => field.into(),
        };
        [name, description]
    }

    /// Whether there are attributes of rows that have no place in GCT 1.2.
    pub(super) fn has_more(&self) -> bool {
        self.features > 2
    }

    /// A line of the table of features.
    pub(super) fn feature(&self, row: &[&[u8]], out: &mut Vec<u8>) {
        for (column, field) in row.iter().take(self.features).enumerate() {
            if column > 0 {
                out.push(b'\t');
            }
            out.extend_from_slice(&bare(field, &mut Edits::default()));
        }
        out.push(b'\n');
    }
}

/// The samples as ODM takes them: one row for each, with its attributes.
pub(super) fn samples(head: &[u8], header: &Header, matrix: &CheckedMatrix) -> Vec<u8> {
    let lines: Vec<&[u8]> = Lines::new(head).map(|line| line.text).collect();
    let texts = |line: &HeaderLine| -> Vec<&[u8]> {
        let text = usize::try_from(line.line.get())
            .ok()
            .and_then(|number| lines.get(number - 1));
        text.map_or_else(Vec::new, |text| fields(text).map(|(_, field)| field).collect())
    };
    let features = matrix.layout.features;
    let attributes: Vec<Vec<&[u8]>> = header.sample_attributes.iter().map(texts).collect();
    let names = header.names.as_ref().map_or_else(Vec::new, texts);

    let mut out = Vec::new();
    let mut used = vec![KEY.to_owned()];
    out.extend_from_slice(KEY.as_bytes());
    for (number, line) in (1..).zip(&attributes) {
        let name = line
            .first()
            .map_or(b"".into(), |name| bare(name, &mut Edits::default()));
        let name = free_name(&String::from_utf8_lossy(&name), number, &used);
        out.push(b'\t');
        out.extend_from_slice(name.as_bytes());
        used.push(name);
    }
    out.push(b'\n');
    for column in features..matrix.layout.width() {
        let name = names.get(column).copied().unwrap_or_default();
        out.extend_from_slice(&bare(name, &mut Edits::default()));
        for line in &attributes {
            let value = bare(
                line.get(column).copied().unwrap_or_default(),
                &mut Edits::default(),
            );
            let value = value.trim_ascii();
            out.push(b'\t');
            out.extend_from_slice(if value == NO_VALUE { b"" } else { value });
        }
        out.push(b'\n');
    }
    out
}

/// A column name that is none yet.
fn free_name(name: &str, number: usize, used: &[String]) -> String {
    let plain = if name.trim().is_empty() {
        format!("Attribute {number}")
    } else {
        name.to_owned()
    };
    let numbered = (2..).map(|number| format!("{plain} ({number})"));
    let mut names = std::iter::once(plain.clone()).chain(numbered);
    names.find(|name| !used.contains(name)).unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_names_are_made_unique() {
        let used = [
            "Sample Source ID".to_owned(),
            "dose".to_owned(),
            "dose (2)".to_owned(),
        ];
        for (name, free) in [
            ("time", "time"),
            ("dose", "dose (3)"),
            ("Sample Source ID", "Sample Source ID (2)"),
            (" ", "Attribute 4"),
        ] {
            assert_eq!(free_name(name, 4, &used), free);
        }
    }
}
