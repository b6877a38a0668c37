//! The header of a GCT file, version 1.2 or 1.3.
//!
//! ```text
//! 1.2                                    1.3
//! #1.2                                   #1.3
//! <rows> <samples>                       <rows> <samples> <row attributes> <sample attributes>
//! Name  Description  sample …            id  row attribute …     sample …
//! feature  text      value …             sample attribute  filler …  text …     (one line for each)
//!                                        feature  text …         value …
//! ```
//!
//! Source: the format's description by its makers at the Broad Institute. Real files lack the first two lines,
//! pad them, or declare other figures than they hold; whatever stands there is kept for the rules to judge.

use odmkit_core::Position;

use crate::{HeadLines, HeaderLine, NeedMore};

/// A version of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// 1.2: a name, a description, values.
    V12,
    /// 1.3: row and sample attributes inside the file.
    V13,
}

/// The figures of the second line, as declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dimensions {
    /// Features.
    pub rows: u64,
    /// Samples.
    pub samples: u64,
    /// Row attributes after the feature's name; 0 in 1.2, where the description is not counted.
    pub row_attributes: u64,
    /// Lines of sample attributes below the header; 0 in 1.2.
    pub sample_attributes: u64,
}

/// Everything above the first feature.
#[derive(Debug, Clone)]
pub struct Header {
    /// The line that begins with `#`, if there is one.
    pub version_line: Option<HeaderLine>,
    /// The version, where the line names one of the two.
    pub version: Option<Version>,
    /// The line of figures, if there is one.
    pub dimensions_line: Option<HeaderLine>,
    /// The figures, where the line has as many integers as the version wants and nothing else.
    pub dimensions: Option<Dimensions>,
    /// The line of column names; `None` where the file ends before it.
    pub names: Option<HeaderLine>,
    /// The lines of sample attributes (1.3).
    pub sample_attributes: Vec<HeaderLine>,
    /// Blank lines between and above these.
    pub blanks: Vec<Position>,
    /// Where the features begin.
    pub body: Position,
}

/// More lines of sample attributes than this are a wrong figure and not a file.
const MOST_SAMPLE_ATTRIBUTES: u64 = 10_000;

/// Reads the header from the beginning of a text.
///
/// # Errors
///
/// Where the header goes on beyond `head`.
pub fn read(head: &[u8], complete: bool) -> Result<Header, NeedMore> {
    let mut lines = HeadLines::new(head, complete);
    let mut line = lines.next_header()?;

    let version_line = line.take_if(|line| line.text(0).starts_with('#'));
    if version_line.is_some() {
        line = lines.next_header()?;
    }
    let version = version_line.as_ref().and_then(|line| match line.text(0) {
        "#1.2" => Some(Version::V12),
        "#1.3" => Some(Version::V13),
        _ => None,
    });

    let is_figures = |line: &mut HeaderLine| match version_line {
        // Under a version line stands the line of figures, unless it is plainly the header already.
        Some(_) => !is_names(line),
        None => line.fields.len() <= 4 && line.fields.iter().all(|name| integer(name.text()).is_some()),
    };
    let dimensions_line = line.take_if(is_figures);
    if dimensions_line.is_some() {
        line = lines.next_header()?;
    }
    let dimensions = dimensions_line
        .as_ref()
        .and_then(|figures| figures_of(figures, version, line.as_ref()));

    let count = dimensions
        .map_or(0, |figures| figures.sample_attributes)
        .min(MOST_SAMPLE_ATTRIBUTES);
    let mut sample_attributes = Vec::new();
    while (sample_attributes.len() as u64) < count {
        match lines.next_header()? {
            Some(attributes) => sample_attributes.push(attributes),
            None => break,
        }
    }
    Ok(Header {
        version_line,
        version,
        dimensions_line,
        dimensions,
        names: line,
        sample_attributes,
        body: lines.rest(),
        blanks: lines.blanks(),
    })
}

/// Whether a line is plainly the header: its first field is a usual one, or it has several and none is a number.
fn is_names(line: &HeaderLine) -> bool {
    let first = line.text(0);
    ["name", "id"]
        .iter()
        .any(|usual| first.eq_ignore_ascii_case(usual))
        || (line.fields.len() > 2 && line.fields.iter().all(|name| integer(name.text()).is_none()))
}

fn figures_of(line: &HeaderLine, version: Option<Version>, names: Option<&HeaderLine>) -> Option<Dimensions> {
    let figures: Vec<u64> = line
        .fields
        .iter()
        .map(|name| integer(name.text()))
        .collect::<Option<_>>()?;
    match (version, figures.as_slice()) {
        (Some(Version::V13), &[rows, samples, row_attributes, sample_attributes]) => Some(Dimensions {
            rows,
            samples,
            row_attributes,
            sample_attributes,
        }),
        // Files that say 1.3 and are laid out as 1.2 exist; the description is then the one row attribute.
        (Some(Version::V13), &[rows, samples]) => {
            let described = names.is_some_and(|names| names.text(1).eq_ignore_ascii_case("description"));
            Some(Dimensions {
                rows,
                samples,
                row_attributes: u64::from(described),
                sample_attributes: 0,
            })
        }
        (Some(Version::V12) | None, &[rows, samples]) => Some(Dimensions {
            rows,
            samples,
            ..Dimensions::default()
        }),
        _ => None,
    }
}

/// A figure: digits and nothing else.
fn integer(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
#[path = "gct_tests.rs"]
mod tests;
