//! The header of a GCT file.

mod displaced;
mod doubled;
mod first_names;
mod lacking;
mod old;
mod separator;
mod top;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::Sink;
use odmkit_formats::HeaderLine;
use odmkit_formats::gct::{Header, Version};

pub use self::old::is_gct_1_2_but_for_its_version;

use self::lacking::{WithUnnamed, with_first_names};
use crate::matrix::{GctFacts, HeaderAgain, MatrixKind, MatrixLayout, Second, Stray, sample};
use crate::names::{self, pad};
use crate::rules::{
    f008_not_this_kind, g004_column_count_mismatch, g005_bad_name_header, g007_duplicate_sample,
    g008_space_in_sample, t001_ragged_row, t003_unnamed_column, t008_no_rows, t012_quoted_field,
};
use crate::text;

/// Judges the header; `rows` is some text below it. Gives the layout of the rows, or `None` where there is no header to
/// read them by.
pub fn check_header(
    path: &Arc<str>,
    header: &Header,
    rows: &[u8],
    sink: &mut dyn Sink,
) -> Option<MatrixLayout> {
    let names = check_lines(path, header, rows, sink)?;
    let quoted = unquoted(path, header, sink);
    let facts = GctFacts {
        quoted: quoted.is_some(),
        ..GctFacts::default()
    };
    let names = quoted.as_ref().unwrap_or(names);
    let columns = Columns::find(path, header, names, facts, rows, sink)?;
    columns.check(path, header, rows, sink)
}

/// Judges the lines of the header as such. Gives that of the names, where it is clear what the lines below it are.
fn check_lines<'h>(
    path: &Arc<str>,
    header: &'h Header,
    rows: &[u8],
    sink: &mut dyn Sink,
) -> Option<&'h HeaderLine> {
    let Some(names) = &header.names else {
        top::check_blanks(path, header, sink);
        // The file was cut off. What was to be in its last line cannot be told.
        let last = header.dimensions_line.as_ref().or(header.version_line.as_ref());
        let last = last.map_or(Position::START, HeaderLine::start);
        sink.push(t008_no_rows::without_header(path, last));
        return None;
    };
    if let Some(separator) = separator::separator(names) {
        // Without tabs no line is what it is to be: that is one cause, and nothing more can be read.
        let is_alone = sample::rows(rows)
            .next()
            .is_some_and(|line| line.text.contains(&b'\t'));
        sink.push(if is_alone {
            g005_bad_name_header::separated(path, names.position(0), separator.each)
        } else {
            f008_not_this_kind::finding(path, separator.table, separator.help)
        });
        return None;
    }
    if let Some(finding) = doubled::throughout(path, names, rows) {
        sink.push(finding);
        return None;
    }
    if displaced::check_top_lines(path, header, rows, sink) {
        return None;
    }
    top::check_blanks(path, header, sink);
    for comment in &header.comments {
        sink.push(t001_ragged_row::stray(path, comment.start(), Stray::Comment));
    }
    top::check_version(path, header, sink);
    old::check_version(path, header, sink);
    top::is_laid_out(path, header, sink).then_some(names)
}

/// The columns of the rows.
struct Columns {
    /// Their names, blank ones where the header lacks some.
    with_unnamed: WithUnnamed,
    /// How many samples the header names.
    named: u64,
    /// How many columns, from the left, describe a row.
    features: usize,
    facts: GctFacts,
}

impl Columns {
    /// Finds what the columns are. `None` where that cannot be relied on, which is told.
    fn find(
        path: &Arc<str>,
        header: &Header,
        names: &HeaderLine,
        mut facts: GctFacts,
        rows: &[u8],
        sink: &mut dyn Sink,
    ) -> Option<Self> {
        let old = header.version == Some(Version::V13);
        let declared_samples = header.dimensions.map(|figures| figures.samples);
        if let Some(finding) = displaced::misplaced_names(path, header, names, rows) {
            sink.push(finding);
            return None;
        }
        let with_first = with_first_names(names, header, old, rows);
        if let Some(with_first) = &with_first {
            facts.lacking = with_first.lacking;
            sink.push(with_first.finding(path, names));
        }
        let names = with_first.as_ref().map_or(names, |with_first| &with_first.names);
        let features = if old {
            let declared = header.dimensions.map_or(0, |figures| figures.row_attributes);
            // With more of them than there are columns no row can be read.
            let attributes = usize::try_from(declared).unwrap_or(usize::MAX);
            facts.second = Second::Unclear;
            1 + attributes.min(names.fields.len())
        } else {
            facts.second = first_names::check(path, names, declared_samples, rows, sink);
            if facts.second == Second::Sample { 1 } else { 2 }
        };
        let empty = doubled::in_rows(path, names, features, header, rows);
        if let Some(finding) = empty.or_else(|| displaced::surplus(path, header, names, features, rows)) {
            sink.push(finding);
            return None;
        }
        let with_unnamed = WithUnnamed::of(names, features, declared_samples, rows);
        if old {
            facts.attributes = old::check_attributes(path, header, &with_unnamed, rows, sink)?;
        }
        Some(Self {
            named: names.fields.len().saturating_sub(features) as u64,
            with_unnamed,
            features,
            facts,
        })
    }

    /// Judges the names, and compares them with the figures.
    fn check(
        self,
        path: &Arc<str>,
        header: &Header,
        rows: &[u8],
        sink: &mut dyn Sink,
    ) -> Option<MatrixLayout> {
        let (features, mut facts) = (self.features, self.facts);
        let found = self.with_unnamed.found();
        let names = &self.with_unnamed.names;
        let width = names.fields.len();
        let samples = width.saturating_sub(features) as u64;
        let joined = self.with_unnamed.joined(features);
        let declared_samples = header.dimensions.map(|figures| figures.samples);
        if self.with_unnamed.lacking > 0 {
            let short = t003_unnamed_column::ShortHeader {
                lacking: self.with_unnamed.lacking,
                found: found as u64,
                samples,
                declared: declared_samples.zip(header.figure(1).map(|figure| figure.line)),
                joined,
                attribute: header
                    .dimensions
                    .filter(|figures| figures.row_attributes == self.with_unnamed.lacking)
                    .map(|_| names.text(1)),
            };
            sink.push(t003_unnamed_column::short_header(path, names.start(), &short));
        } else {
            pad(path, names, sink);
        }
        let texts = sample::Texts::of(rows, features, width);
        check_samples(path, names, features..found, &texts.columns, joined, sink);

        // A column without a name, or with one that another has, or of text, is told of: what becomes of it settles the
        // figure.
        let own: HashSet<&str> = (features..width).map(|index| names.text(index)).collect();
        let with_own_names = own.iter().filter(|name| !name.is_empty()).count() as u64;
        let of_numbers = samples - texts.columns.len() as u64;
        facts.wrong_samples = declared_samples
            .filter(|declared| ![samples, self.named, of_numbers, with_own_names].contains(declared))
            .zip(header.figure(1));
        let declared_rows = header.dimensions.map(|figures| figures.rows);
        if width < features {
            if let Some((declared, position)) = facts.wrong_samples {
                sink.push(g004_column_count_mismatch::finding(
                    path,
                    position,
                    declared,
                    samples,
                    features as u64,
                ));
            }
            return None;
        }
        Some(MatrixLayout {
            path: Arc::clone(path),
            kind: MatrixKind::Gct,
            names: names.clone(),
            features,
            described: (header.version != Some(Version::V13) || is_gct_1_2_but_for_its_version(header))
                && features == 2,
            text_columns: texts.columns,
            copies: Vec::new(),
            doubtful_until: None,
            mixed_columns: texts.mixed,
            seeming_features: None,
            second_header: sample::second_header(rows, features, width)
                .map(|lines| header.body.line.advanced(lines)),
            has_row_names: false,
            returns_cut: text::returns_cut(rows),
            header_again: HeaderAgain::of(names, features),
            declared_rows: declared_rows.zip(header.figure(0)),
            gct: facts,
        })
    }
}

/// The header without the quotes that stand around its names, where they stand around the version or the first name:
/// the file was written so throughout.
fn unquoted(path: &Arc<str>, header: &Header, sink: &mut dyn Sink) -> Option<HeaderLine> {
    let names = header.names.as_ref()?;
    let is = |line: &&HeaderLine| t012_quoted_field::is_wrapped(line.text(0).as_bytes());
    let lines = [
        header.version_line.as_ref(),
        header.dimensions_line.as_ref(),
        Some(names),
    ];
    let first = lines.into_iter().flatten().find(is)?;
    sink.push(t012_quoted_field::whole_file(
        path,
        first.position(0),
        first.text(0),
    ));
    Some(names::without_quotes(names))
}

fn check_samples(
    path: &Arc<str>,
    names: &HeaderLine,
    samples: Range<usize>,
    texts: &[usize],
    joined: Option<&str>,
    sink: &mut dyn Sink,
) {
    let (features, width) = (samples.start, samples.end);
    for index in 0..features.min(width) {
        names::padded(path, names, index, sink);
    }
    names::check(
        path,
        names,
        features..width,
        "sample name",
        sink,
        |position, name, first| g007_duplicate_sample::finding(path, position, name, first),
    );
    // The name of a column of text is no sample's, and of names that stand in one field it is told already.
    let told = |index: &usize| texts.contains(index) || joined == Some(names.text(*index));
    for index in (features..width).filter(|index| !told(index)) {
        let text = names.text(index);
        if text.contains(char::is_whitespace) && !t012_quoted_field::is_quoted(text.as_bytes()) {
            sink.push(g008_space_in_sample::finding(path, names.position(index), text));
        }
    }
}
