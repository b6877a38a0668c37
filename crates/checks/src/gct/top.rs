//! The lines above the names of a GCT file: its version, its figures, and what should not be there.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Diagnostic, Sink};
use odmkit_formats::gct::{Header, Version};
use odmkit_formats::{HeaderLine, Name};

use super::old::{self, is_gct_1_2_but_for_its_version};
use crate::names::pad;
use crate::rules::{
    g001_bad_version, g002_bad_dimensions, g003_row_count_mismatch, g014_no_version_line, t005_blank_line,
    t006_padded_text,
};

/// Tells of blank lines. Below a version line ODM reads the figures and the names from the lines where they belong.
pub(super) fn check_blanks(path: &Arc<str>, header: &Header, sink: &mut dyn Sink) {
    let above = header.above.first().map(|line| line.line);
    // Where the figures are missing, a blank line stands for them: that is told of as what it is.
    let figures = blank_for_figures(header);
    let is_told = |blank: &Position| figures.is_some_and(|figures| blank.line >= figures.line);
    for blank in header
        .blanks
        .iter()
        .filter(|blank| above.is_none_or(|above| blank.line < above) && !is_told(blank))
    {
        sink.push(if header.version_line.is_some() {
            t005_blank_line::in_header(path, *blank)
        } else {
            t005_blank_line::finding(path, *blank)
        });
    }
}

/// The blank line that stands where the figures should, below the version line and above the names.
fn blank_for_figures(header: &Header) -> Option<Position> {
    let version = header
        .version_line
        .as_ref()
        .filter(|_| header.dimensions_line.is_none())?;
    let names = header.names.as_ref()?;
    let between = |blank: &&Position| blank.line > version.line && blank.line < names.line;
    header.blanks.iter().find(between).copied()
}

/// Whether it is known which columns the lines below the header have; says what is in the way.
pub(super) fn is_laid_out(path: &Arc<str>, header: &Header, sink: &mut dyn Sink) -> bool {
    if header.version_line.is_none()
        && header.dimensions_line.is_none()
        && !is_gct_header(header.names.as_ref())
    {
        // Nothing here is GCT but perhaps the name of the file: more findings would be noise.
        return false;
    }
    if old::has_four_figures(header) {
        // The figures are those of another version, and so is what follows.
        return false;
    }
    check_dimensions(path, header, sink);
    if header.version != Some(Version::V13) {
        return true;
    }
    let Some(figures) = header.dimensions else {
        // Which columns hold values, and which lines attributes, only the figures tell.
        return false;
    };
    let lines = header.sample_attributes.len() as u64;
    if let Some(position) = header.figure(3).filter(|_| old::lacks_attributes(header)) {
        sink.push(g003_row_count_mismatch::attributes(
            path,
            position,
            figures.sample_attributes,
            figures.rows,
            lines,
        ));
        return false;
    }
    true
}

/// Whether a line without a version above it begins as the header of a GCT file does.
fn is_gct_header(names: Option<&HeaderLine>) -> bool {
    names.is_some_and(|names| {
        names.text(0).eq_ignore_ascii_case("name") || names.text(1).eq_ignore_ascii_case("description")
    })
}

pub(super) fn check_version(path: &Arc<str>, header: &Header, sink: &mut dyn Sink) {
    let Some(line) = &header.version_line else {
        let figures = header.dimensions_line.as_ref();
        let begins = match figures {
            Some(_) if old::has_four_figures(header) => g014_no_version_line::Begins::WithFourFigures,
            Some(_) => g014_no_version_line::Begins::WithFigures,
            None if is_gct_header(header.names.as_ref()) => g014_no_version_line::Begins::WithHeader,
            None => g014_no_version_line::Begins::Otherwise,
        };
        if let Some(first) = figures.or(header.names.as_ref()) {
            sink.push(g014_no_version_line::finding(path, first.start(), begins));
        }
        return;
    };
    pad(path, line, sink);
    if let Some(first) = header.above.first() {
        sink.push(g001_bad_version::below(
            path,
            first.start(),
            first.text(0),
            line.line,
        ));
    }
    if header.has_joined_figures() {
        // That is told of the figures.
    } else if header.version.is_none() || line.fields.len() > 1 {
        let four = old::has_four_figures(header);
        sink.push(g001_bad_version::finding(
            path,
            line.position(0),
            &joined(line),
            four,
        ));
    } else if line.fields[0].is_padded() {
        sink.push(t006_padded_text::in_version_line(
            path,
            line.position(0),
            &line.fields[0].raw,
        ));
    }
}

fn check_dimensions(path: &Arc<str>, header: &Header, sink: &mut dyn Sink) {
    let wanted = if header.version == Some(Version::V13) {
        4
    } else {
        2
    };
    match (&header.dimensions_line, header.dimensions) {
        (Some(line), figures) => {
            // A figure that is not there is no padding.
            if figures.is_some() || line.fields.len() as u64 + line.padding != wanted as u64 {
                pad(path, line, sink);
            }
            let told = is_gct_1_2_but_for_its_version(header);
            if !told && (figures.is_none() || line.fields.len() != wanted) {
                let finding =
                    g002_bad_dimensions::finding(path, line.position(0), Some(&joined(line)), wanted);
                sink.push(mendable(header, finding));
            }
        }
        (None, _) if header.version_line.is_some() && header.names.is_some() => {
            let position = header.names.as_ref().map_or(Position::START, HeaderLine::start);
            let finding = match (blank_for_figures(header), header.figure(0)) {
                (_, Some(beside)) => g002_bad_dimensions::joined(path, beside),
                (Some(blank), None) => g002_bad_dimensions::blank(path, blank, wanted),
                (None, None) => g002_bad_dimensions::finding(path, position, None, wanted),
            };
            sink.push(mendable(header, finding));
        }
        (None, _) => {}
    }
}

/// The finding about the figures, with a mend only where what they are to be can be counted: in GCT 1.3 they tell what there
/// is to count.
fn mendable(header: &Header, mut finding: Diagnostic) -> Diagnostic {
    if header.version == Some(Version::V13) && header.dimensions.is_none() {
        finding.fix = None;
    }
    finding
}

fn joined(line: &HeaderLine) -> String {
    line.fields.iter().map(Name::text).collect::<Vec<_>>().join(" ")
}
