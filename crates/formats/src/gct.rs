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
    /// Lines above the version line: comments and titles, which the format does not have.
    pub above: Vec<HeaderLine>,
    /// The line that names a version, or begins with `#`, if there is one.
    pub version_line: Option<HeaderLine>,
    /// The version by which the lines below are laid out: what the line says, unless they plainly say otherwise.
    pub version: Option<Version>,
    /// Comments below the version line and above the rows, which the format does not have.
    pub comments: Vec<HeaderLine>,
    /// The line of figures, if there is one.
    pub dimensions_line: Option<HeaderLine>,
    /// The figures, where the line has as many integers as the version wants and nothing else; or those that stand on the
    /// version line in its place.
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

/// Lines that may stand above the version line.
const MOST_ABOVE: usize = 20;

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

    let mut above = Vec::new();
    while above.len() < MOST_ABOVE && line.as_ref().is_some_and(is_loose) {
        above.extend(line.take());
        line = lines.next_header()?;
    }
    if !line.as_ref().is_some_and(says_version) {
        // There is no version line below them either: nothing is known of these lines but that they come first.
        lines = HeadLines::new(head, complete);
        line = lines.next_header()?;
        above.clear();
    }
    let mut version_line = line.take_if(|line| says_version(line) || bare(line.text(0)).starts_with('#'));
    version_line.iter_mut().for_each(cut_hollow_end);
    let mut comments = Vec::new();
    if version_line.is_some() {
        line = next_but_comments(&mut lines, &mut comments)?;
    }
    let joined = version_line
        .as_ref()
        .filter(|_| line.as_ref().is_some_and(is_names))
        .and_then(version_with_figures);
    let said = match joined {
        Some((version, _)) => Some(version),
        None => version_line.as_ref().and_then(said_version),
    };

    let is_figures = |line: &mut HeaderLine| match version_line {
        // Under a version line stands the line of figures, unless it is plainly the header already.
        Some(_) => !is_names(line),
        None => line.fields.len() <= 4 && line.fields.iter().all(|name| integer(name.text()).is_some()),
    };
    line.iter_mut()
        .filter(|line| !is_names(line))
        .for_each(cut_hollow_end);
    let dimensions_line = line.take_if(is_figures);
    if dimensions_line.is_some() {
        line = next_but_comments(&mut lines, &mut comments)?;
    }
    let is_old = said == Some(Version::V12)
        && dimensions_line
            .as_ref()
            .zip(line.as_ref())
            .is_some_and(|(figures, names)| fits_1_3(figures, names));
    let version = if is_old { Some(Version::V13) } else { said };
    let dimensions = match &dimensions_line {
        Some(figures) => figures_of(figures, version, line.as_ref()),
        None => joined.map(|(_, figures)| figures),
    };

    let count = dimensions
        .map_or(0, |figures| figures.sample_attributes)
        .min(MOST_SAMPLE_ATTRIBUTES);
    let mut sample_attributes = Vec::new();
    while (sample_attributes.len() as u64) < count {
        match next_but_comments(&mut lines, &mut comments)? {
            Some(attributes) => sample_attributes.push(attributes),
            None => break,
        }
    }
    Ok(Header {
        above,
        version_line,
        version,
        comments,
        dimensions_line,
        dimensions,
        names: line,
        sample_attributes,
        body: lines.rest(),
        blanks: lines.blanks(),
    })
}

impl Header {
    /// Whether the figures stand on the version line, and not on one of their own.
    pub fn has_joined_figures(&self) -> bool {
        self.dimensions_line.is_none() && self.dimensions.is_some()
    }

    /// Where the figure at a 0-based index stands.
    pub fn figure(&self, index: usize) -> Option<Position> {
        match (&self.dimensions_line, &self.version_line) {
            (Some(line), _) => Some(line.position(index)),
            (None, Some(line)) if self.has_joined_figures() => {
                Some(line.position((index + 1).min(line.fields.len() - 1)))
            }
            _ => None,
        }
    }

    /// Whether a spreadsheet has made all lines as long as the longest: the names end where the padding of the lines above them
    /// does.
    pub fn is_rectangle(&self) -> bool {
        let width = |line: &HeaderLine| line.fields.len() as u64 + line.padding;
        let lines = [&self.version_line, &self.dimensions_line];
        let padded =
            |line: &&HeaderLine| line.padding > 0 && self.names.as_ref().map(width) == Some(width(line));
        lines.into_iter().flatten().any(|line| padded(&line))
    }

    /// Whether the first line says 1.2, and the lines below are plainly those of GCT 1.3.
    pub fn is_gct_1_3_but_for_its_version(&self) -> bool {
        self.version == Some(Version::V13)
            && self.version_line.as_ref().and_then(said_version) == Some(Version::V12)
    }
}

fn said_version(line: &HeaderLine) -> Option<Version> {
    version_of(bare(line.text(0)))
}

fn version_of(text: &str) -> Option<Version> {
    match text {
        "#1.2" => Some(Version::V12),
        "#1.3" => Some(Version::V13),
        _ => None,
    }
}

/// The version and the figures of a line that holds both, with tabs or blanks between.
fn version_with_figures(line: &HeaderLine) -> Option<(Version, Dimensions)> {
    let mut words = line.fields.iter().flat_map(|name| name.text().split_whitespace());
    let version = version_of(words.next()?)?;
    let figures: Vec<u64> = words.map(integer).collect::<Option<_>>()?;
    Some((version, dimensions_of(&figures, version)?))
}

/// The next line that is no comment.
fn next_but_comments(
    lines: &mut HeadLines<'_>,
    comments: &mut Vec<HeaderLine>,
) -> Result<Option<HeaderLine>, NeedMore> {
    loop {
        let line = lines.next_header()?;
        match line {
            Some(line) if line.fields.len() == 1 && line.text(0).starts_with('#') => comments.push(line),
            line => return Ok(line),
        }
    }
}

/// Whether a line names a version, with or without the `#`, and in quotes or not.
fn says_version(line: &HeaderLine) -> bool {
    let text = bare(line.text(0));
    text.starts_with("#1.")
        || (line.fields.len() == 1 && matches!(text, "1.2" | "1.3" | "v1.2" | "v1.3" | "V1.2" | "V1.3"))
}

/// Whether a line has one field that begins nothing of the format: a comment or a title.
fn is_loose(line: &HeaderLine) -> bool {
    let text = line.text(0);
    line.fields.len() == 1
        && !says_version(line)
        && !bare(text).eq_ignore_ascii_case("name")
        && integer(text).is_none()
}

/// Takes the fields off the end that have nothing between their quotes, of a line that is in quotes: where all fields of a
/// table are, so is its padding.
fn cut_hollow_end(line: &mut HeaderLine) {
    let hollow = |text: &str| !text.is_empty() && bare(text).is_empty();
    if line.text(0).starts_with('"') {
        while line.fields.len() > 1 && line.fields.last().is_some_and(|name| hollow(name.text())) {
            line.fields.pop();
        }
    }
}

/// A field without the quotes around it.
fn bare(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.map_or(text, str::trim)
}

/// Whether a line of four figures counts the columns of the header as version 1.3 does.
fn fits_1_3(figures: &HeaderLine, names: &HeaderLine) -> bool {
    let columns = figures_of(figures, Some(Version::V13), Some(names))
        .filter(|_| figures.fields.len() == 4)
        .and_then(|figures| {
            figures
                .samples
                .checked_add(figures.row_attributes)?
                .checked_add(1)
        });
    columns == Some(names.fields.len() as u64)
}

/// Whether a line is plainly the header: its first field is a usual one, or it has several and none is a number.
fn is_names(line: &HeaderLine) -> bool {
    let first = bare(line.text(0));
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
        // Files that say 1.3 and are laid out as 1.2 exist; the description is then the one row attribute. With other
        // names, two figures do not tell what is an attribute and what a value.
        (Some(Version::V13), &[rows, samples])
            if names.is_some_and(|names| bare(names.text(1)).eq_ignore_ascii_case("description")) =>
        {
            Some(Dimensions {
                rows,
                samples,
                row_attributes: 1,
                sample_attributes: 0,
            })
        }
        (version, figures) => dimensions_of(figures, version.unwrap_or(Version::V12)),
    }
}

/// What as many figures mean as a version has.
fn dimensions_of(figures: &[u64], version: Version) -> Option<Dimensions> {
    match (version, figures) {
        (Version::V13, &[rows, samples, row_attributes, sample_attributes]) => Some(Dimensions {
            rows,
            samples,
            row_attributes,
            sample_attributes,
        }),
        (Version::V12, &[rows, samples]) => Some(Dimensions {
            rows,
            samples,
            ..Dimensions::default()
        }),
        _ => None,
    }
}

/// A figure: digits and nothing else, but for quotes around them.
fn integer(text: &str) -> Option<u64> {
    let text = bare(text);
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
#[path = "gct_tests.rs"]
mod tests;
