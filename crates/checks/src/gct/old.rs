//! What only GCT 1.3 has: attributes of samples above the rows, and attributes of rows beside their names. Which lines and
//! columns these are only its figures tell. Where the text says otherwise, a row would become an attribute, or a sample.

use std::ops::RangeInclusive;
use std::sync::Arc;

use odmkit_columns::cell::{self, Cell};
use odmkit_columns::missing;
use odmkit_diagnostics::{Diagnostic, Sink};
use odmkit_formats::gct::{Dimensions, Header, Version};
use odmkit_formats::{HeaderLine, Line, fields};

use super::lacking::WithUnnamed;
use crate::matrix::{AttributeLines, Stray, sample};
use crate::rules::{
    g003_row_count_mismatch, g004_column_count_mismatch, g005_bad_name_header, g013_gct_1_3, t001_ragged_row,
};
use crate::values::NotANumber;

pub(super) fn check_version(path: &Arc<str>, header: &Header, sink: &mut dyn Sink) {
    let Some(line) = header
        .version_line
        .as_ref()
        .filter(|_| header.version == Some(Version::V13))
    else {
        return;
    };
    let position = line.position(0);
    sink.push(if header.is_gct_1_3_but_for_its_version() {
        g013_gct_1_3::but_for_its_name(path, position)
    } else if is_gct_1_2_but_for_its_version(header) {
        g013_gct_1_3::only_by_name(path, position)
    } else if lacks_attributes(header) {
        g013_gct_1_3::unclear(path, position)
    } else {
        g013_gct_1_3::finding(path, position)
    });
}

/// Whether the figures of GCT 1.3 do not tell which columns and lines are attributes, or more than there are.
pub(super) fn lacks_attributes(header: &Header) -> bool {
    header
        .dimensions
        .is_none_or(|figures| (header.sample_attributes.len() as u64) < figures.sample_attributes)
}

/// Whether the first line says 1.3, and the two lines below it are those of GCT 1.2.
#[must_use]
pub fn is_gct_1_2_but_for_its_version(header: &Header) -> bool {
    let two_figures = header.dimensions_line.as_ref().is_some_and(|line| {
        line.fields.len() == 2 && (0..2).all(|index| line.text(index).parse::<u64>().is_ok())
    });
    let named = header.names.as_ref().is_some_and(|names| {
        names.text(0).eq_ignore_ascii_case("name") && names.text(1).eq_ignore_ascii_case("description")
    });
    header.version == Some(Version::V13) && two_figures && named
}

/// Whether a file without a known version has figures like GCT 1.3: four.
pub(super) fn has_four_figures(header: &Header) -> bool {
    let figures = header.dimensions_line.as_ref();
    header.version.is_none() && figures.is_some_and(|line| line.fields.len() == 4)
}

/// Compares what the figures say of attributes with what the text shows, and says where they do not agree: then `None`. What only
/// the number of rows can settle is given.
pub(super) fn check_attributes(
    path: &Arc<str>,
    header: &Header,
    names: &WithUnnamed,
    rows: &[u8],
    sink: &mut dyn Sink,
) -> Option<AttributeLines> {
    let (found, names) = (names.found(), &names.names);
    let (Some(figures), Some(position)) = (header.dimensions, header.figure(3)) else {
        return Some(AttributeLines::default());
    };
    let width = names.fields.len();
    let features =
        usize::try_from(figures.row_attributes).map_or(width, |count| width.min(count.saturating_add(1)));
    let shape = Shape { features, width };
    let declared = figures.sample_attributes;
    if shape.is_filled(names) && !names.text(1).is_empty() {
        sink.push(g005_bad_name_header::no_names_but_attribute(
            path,
            names.position(0),
        ));
        return None;
    }
    if let Some(right) = shape.row_attributes(figures, rows) {
        sink.push(g004_column_count_mismatch::row_attributes(
            path,
            header.figure(2).unwrap_or(position),
            figures.row_attributes,
            right,
        ));
        return None;
    }
    let lines = &header.sample_attributes;
    if let Some(finding) = cut_line(path, lines, width) {
        sink.push(finding);
        return None;
    }
    let above = shape.first_row(lines);
    let certain = shape.attributes_below(rows, |row| shape.is_attribute(row));
    if certain > 0 {
        let finding = if let Some(first) = above {
            g003_row_count_mismatch::row_above(path, position, declared, lines[first].line, None)
        } else {
            let below = header.body.line;
            g003_row_count_mismatch::attributes_below(path, position, declared, below, certain)
        };
        sink.push(finding);
        return None;
    }
    check_widths(path, lines, found..=width, sink);
    let last_rows = above.filter(|first| lines[*first..].iter().all(|line| shape.is_row(line)));
    let below = shape.attributes_below(rows, |row| shape.has_filler_of(row, lines.last()));
    Some(AttributeLines {
        figure: Some((declared, position)),
        rows: last_rows.map(|first| ((lines.len() - first) as u64, lines[first].line)),
        more: (below > 0).then_some((below, header.body.line)),
    })
}

/// What is said of a line of sample attributes that a line break has cut: it and the next have its fields together, and the
/// cut one twice.
fn cut_line(path: &Arc<str>, lines: &[HeaderLine], width: usize) -> Option<Diagnostic> {
    let pairs = lines.windows(2);
    let cut = pairs.into_iter().find(|pair| {
        let [first, second] = [pair[0].fields.len(), pair[1].fields.len()];
        first <= width && second < width && first + second == width + 1
    })?;
    let last = cut[0].fields.len().saturating_sub(1);
    Some(t001_ragged_row::stray(
        path,
        cut[0].position(last),
        Stray::LineBreak,
    ))
}

/// Tells of lines of sample attributes that have other fields than the header, of which those with names are `widths.start()`:
/// where names are lacking, that is told.
fn check_widths(path: &Arc<str>, lines: &[HeaderLine], widths: RangeInclusive<usize>, sink: &mut dyn Sink) {
    let width = *widths.end();
    let is_told = |line: &&HeaderLine| {
        let all = line.fields.len() as u64 + line.padding;
        widths.start() < widths.end() && usize::try_from(all).is_ok_and(|all| widths.contains(&all))
    };
    for line in lines.iter().filter(|line| !is_told(line)) {
        let (used, all) = (line.fields.len() as u64, line.fields.len() as u64 + line.padding);
        let expected = width as u64;
        if used > expected || all < expected {
            let last = if used > expected {
                width
            } else {
                line.fields.len().saturating_sub(1)
            };
            let found = if used > expected { used } else { all };
            sink.push(t001_ragged_row::finding(
                path,
                line.position(last),
                found,
                expected,
            ));
        }
    }
}

/// How many columns describe a row, and how many there are.
struct Shape {
    features: usize,
    width: usize,
}

impl Shape {
    /// The first line of sample attributes that is a row. Where all lines look so, and say the same of the corner, that is
    /// just what this file writes there.
    fn first_row(&self, lines: &[HeaderLine]) -> Option<usize> {
        let first = lines.iter().position(|line| self.is_row(line))?;
        let corner = |line: &HeaderLine| -> Vec<String> {
            (1..self.features)
                .map(|column| line.text(column).to_owned())
                .collect()
        };
        let others_say_nothing = lines
            .iter()
            .any(|line| !self.is_row(line) && self.is_filled(line));
        let differ = lines.len() > 1 && lines[1..].iter().any(|line| corner(line) != corner(&lines[0]));
        (others_say_nothing || differ).then_some(first)
    }

    /// Whether a line has attributes of a row, and numbers behind them.
    fn is_row(&self, line: &HeaderLine) -> bool {
        let values = self.features..line.fields.len().min(self.width);
        let numbers = values
            .clone()
            .filter(|column| is_number(line.text(*column).as_bytes()));
        let described = (1..self.features).filter(|column| !is_filler(line.text(*column).as_bytes()));
        !values.is_empty() && described.count() * 2 > self.features - 1 && numbers.count() == values.len()
    }

    /// Whether nothing but filler stands in the corner between attributes of rows and of samples.
    fn is_filled(&self, line: &HeaderLine) -> bool {
        self.features > 1 && (1..self.features).all(|column| is_filler(line.text(column).as_bytes()))
    }

    /// How many of the first rows are lines of sample attributes, by what they look like. What most rows look like is what rows
    /// are.
    fn attributes_below(&self, rows: &[u8], is_attribute: impl Fn(&[&[u8]]) -> bool) -> u64 {
        let lines: Vec<Vec<&[u8]>> = sample::rows(rows)
            .map(|line| fields(line.text).map(|(_, field)| field).collect())
            .collect();
        let looks = |row: &Vec<&[u8]>| row.len() == self.width && is_attribute(row);
        // Attributes may be numbers, as well as what is under them; what stands in the corner tells them then.
        let is_like = |row: &&Vec<&[u8]>| row.len() == self.width && self.says_nothing(row);
        let run = lines.iter().take_while(is_like).count();
        let first = if lines[..run].iter().any(looks) { run } else { 0 };
        let others = &lines[first..];
        if others.len() > first && !others.iter().any(looks) {
            first as u64
        } else {
            0
        }
    }

    /// Whether a row is plainly a line of sample attributes: it has words in place of values, and says nothing of a row.
    fn is_attribute(&self, row: &[&[u8]]) -> bool {
        self.has_words(row) && self.says_nothing(row)
    }

    /// Whether nothing but filler stands in the corner of a row.
    fn says_nothing(&self, row: &[&[u8]]) -> bool {
        self.features > 1 && row[1..self.features].iter().all(|field| is_filler(field))
    }

    fn has_words(&self, row: &[&[u8]]) -> bool {
        let values = row.get(self.features..).unwrap_or_default();
        let words = values.iter().filter(|value| is_word(value)).count();
        words > 1 && !values.iter().any(|value| is_number(value))
    }

    fn has_filler_of(&self, row: &[&[u8]], above: Option<&HeaderLine>) -> bool {
        self.features > 1
            && above.is_some_and(|above| {
                self.is_filled(above)
                    && (1..self.features).all(|column| {
                        let field = row[column].trim_ascii();
                        field.eq_ignore_ascii_case(b"na") && field == above.text(column).as_bytes()
                    })
            })
    }

    /// How many attributes of rows there are, where the figures count others, and the header as many other samples: columns
    /// counted as samples that hold text, or columns counted as attributes that hold numbers.
    fn row_attributes(&self, figures: Dimensions, rows: &[u8]) -> Option<u64> {
        let named = (self.width - self.features) as u64;
        let declared = figures.samples;
        if figures.row_attributes != self.features as u64 - 1 {
            return None;
        }
        let wrong = usize::try_from(named.abs_diff(declared))
            .ok()
            .filter(|wrong| *wrong > 0)?;
        let columns = if named > declared {
            self.features..self.features + wrong
        } else {
            self.features.checked_sub(wrong).filter(|first| *first > 0)?..self.features
        };
        let is_fit = |line: &Line<'_>| {
            let fields = fields(line.text).map(|(_, field)| field);
            fields.skip(columns.start).take(columns.len()).all(|field| {
                if named > declared {
                    is_word(field)
                } else {
                    is_number(field)
                }
            })
        };
        // A line or two may be sample attributes that are not counted.
        let (fit, all) = (
            sample::rows(rows).filter(is_fit).count(),
            sample::rows(rows).count(),
        );
        let fits = fit > 0 && (all - fit) * 4 <= all;
        let right = if named > declared {
            figures.row_attributes + wrong as u64
        } else {
            figures.row_attributes - wrong as u64
        };
        fits.then_some(right)
    }
}

fn is_number(field: &[u8]) -> bool {
    matches!(
        cell::judge(field),
        Cell::Number | Cell::OutOfRange(_) | Cell::Padded
    )
}

fn is_word(field: &[u8]) -> bool {
    let text = String::from_utf8_lossy(field);
    matches!(cell::judge(field), Cell::Text)
        && !NotANumber::judge(&text).is_spelling()
        && !missing::is_placeholder(&text)
}

/// Whether a cell of the corner says nothing.
fn is_filler(field: &[u8]) -> bool {
    let field = field.trim_ascii();
    missing::judge(field).is_some() || field == b"-666"
}
