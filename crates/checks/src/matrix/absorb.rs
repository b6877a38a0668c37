//! Taking in what blocks of rows say, and saying what is wrong.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use odmkit_columns::number::OutOfRange;
use odmkit_core::{ByteOffset, FieldNumber, LineNumber, Position};
use odmkit_diagnostics::{Diagnostic, Rule, Sink};

use super::features::FeatureColumn;
use super::layout::{MatrixKind, MatrixLayout, Miscount};
use super::scan::{Before, Fault, MatrixPartial, ShortStart};
use super::stray::Stray;
use crate::BlockStart;
use crate::metadata::look_alike;
use crate::rules::{
    d003_feature_attributes_suspect, d004_not_a_number, d009_duplicate_feature, d010_demoted_column,
    d012_near_missing_token, g003_row_count_mismatch, g004_column_count_mismatch, g009_empty_name,
    g010_empty_description, g011_duplicate_feature, g012_not_a_number, g015_missing_token, t001_ragged_row,
    t005_blank_line, t006_padded_text, t007_padding_tabs, t008_no_rows, t009_look_alike_characters,
    t010_spreadsheet_damage, t011_number_out_of_range, t012_quoted_field, t014_lost_characters,
};
use crate::tally::{Group, Tally};
use crate::unique::{Names, Twins};
use crate::values::{self, TextIn};

/// The rows of a matrix so far.
#[derive(Debug)]
pub struct MatrixState {
    rows: u64,
    broken: u64,
    headers: u64,
    /// Rows with a name and nothing else, and the line of the last.
    bare: u64,
    last_bare: Option<LineNumber>,
    /// Whether another file begins among the rows.
    pasted: bool,
    /// How the last line ended.
    before: Before,
    missing: u64,
    odd: BTreeMap<usize, u64>,
    names: Names,
    twins: Option<Twins>,
    features: Vec<FeatureColumn<Position>>,
}

/// What the rows of a matrix are, all in all.
#[derive(Debug, Clone, Default)]
pub struct MatrixSummary {
    /// The first two names of rows that only quotes tell apart.
    pub twins: Option<Twins>,
    /// Rows that are not blank.
    pub rows: u64,
    /// Those of them that are not the header once more.
    pub features: u64,
    /// Values that are missing.
    pub missing: u64,
    /// Cells of a column that are neither numbers nor missing, for each column that has any.
    pub odd: BTreeMap<usize, u64>,
    /// For each feature column, whether ODM types it as numbers.
    pub numeric_features: Vec<bool>,
}

impl MatrixState {
    /// No rows yet, and the bytes of memory that their names may take: those beyond go to a temporary file.
    pub fn new(layout: &MatrixLayout, names: usize) -> Self {
        let features = if layout.kind == MatrixKind::Frame {
            layout.features
        } else {
            0
        };
        Self {
            rows: 0,
            broken: 0,
            headers: 0,
            bare: 0,
            last_bare: None,
            pasted: false,
            before: Before::Whole,
            missing: 0,
            odd: BTreeMap::new(),
            names: Names::new(names),
            twins: None,
            features: (0..features).map(|_| FeatureColumn::default()).collect(),
        }
    }

    /// Takes in the next block, which begins at `start`.
    ///
    /// # Errors
    ///
    /// Where names do not fit in memory, and the temporary file for them cannot be written.
    pub fn absorb(
        &mut self,
        layout: &MatrixLayout,
        partial: MatrixPartial,
        start: &BlockStart,
        sink: &mut dyn Sink,
    ) -> io::Result<()> {
        self.rows += partial.rows;
        self.broken += partial.broken;
        self.headers += partial.headers;
        if partial.bare > 0 {
            self.bare += partial.bare;
            self.last_bare = Some(start.line.advanced(partial.last_bare));
        }
        self.missing += partial.missing;
        for (column, count) in partial.odd {
            *self.odd.entry(column).or_default() += count;
        }
        self.begin_block(layout, partial.start, start, sink);
        if partial.lines > 0 {
            self.before = partial.before;
        }
        for group in partial.faults.into_groups() {
            self.pasted |= group.kind == Fault::Stray(Stray::Version);
            if is_of_second_header(layout, &group, start) {
                continue;
            }
            let path = &layout.path;
            group.report(path, start, sink, |position, text| {
                finding(layout, group.kind, position, text, path)
            });
        }
        for (column, later) in self.features.iter_mut().zip(partial.features) {
            column.absorb(later, start);
        }
        self.names.absorb(&partial.names, start.line.get(), start.byte.0)
    }

    /// Tells of a short line at the beginning of a block, as what stands before it wants.
    fn begin_block(
        &mut self,
        layout: &MatrixLayout,
        line: Option<ShortStart>,
        start: &BlockStart,
        sink: &mut dyn Sink,
    ) {
        let Some(ShortStart { fault, spot }) = line else {
            return;
        };
        let fault = match self.before {
            Before::Returned { short: true } => {
                self.rows -= 1;
                self.broken -= 1;
                return;
            }
            Before::Returned { short: false } => Fault::Stray(Stray::Returned),
            Before::Whole | Before::Unknown => fault,
        };
        let mut alone = Tally::new();
        alone.add(fault, b"", spot, b"");
        for group in alone.into_groups() {
            group.report(&layout.path, start, sink, |position, text| {
                finding(layout, group.kind, position, text, &layout.path)
            });
        }
    }

    /// Says which names stand more than once, as far as the rows have been taken in.
    ///
    /// # Errors
    ///
    /// Where names did not fit in memory, and the temporary file of them cannot be read.
    pub fn find_repeated(&mut self, layout: &MatrixLayout, sink: &mut dyn Sink) -> io::Result<()> {
        let names = std::mem::replace(&mut self.names, Names::new(0));
        if layout.doubtful_until.is_some() {
            return Ok(());
        }
        let rule = match layout.kind {
            MatrixKind::Gct => &g011_duplicate_feature::RULE,
            MatrixKind::Frame => &d009_duplicate_feature::RULE,
        };
        self.twins = names.finish(|text, line, byte, first| {
            let name = String::from_utf8_lossy(text).replace('\t', " | ");
            if !sink.shows(rule, &layout.path, Some(&name)) {
                return sink.count(rule, &layout.path, 1);
            }
            let first = LineNumber::new(first);
            let position = Position {
                line: LineNumber::new(line),
                field: Some(FieldNumber::from_index(0)),
                byte: ByteOffset(byte),
            };
            sink.push(match layout.kind {
                MatrixKind::Gct => g011_duplicate_feature::finding(&layout.path, position, &name, first),
                MatrixKind::Frame => d009_duplicate_feature::finding(&layout.path, position, &name, first),
            });
        })?;
        Ok(())
    }

    /// Says what only the whole file shows.
    pub fn finish(self, layout: &MatrixLayout, sink: &mut dyn Sink) -> MatrixSummary {
        if self.rows == 0 {
            sink.push(t008_no_rows::finding(&layout.path, layout.names.start()));
        }
        self.compare_figures(layout, sink);
        self.judge_features(layout, sink);
        let numeric_features = match layout.kind {
            MatrixKind::Gct => vec![false; layout.features],
            MatrixKind::Frame => self.features.iter().map(FeatureColumn::is_numeric).collect(),
        };
        MatrixSummary {
            twins: self.twins,
            rows: self.rows,
            features: self.rows - self.headers,
            missing: self.missing,
            odd: self.odd,
            numeric_features,
        }
    }

    /// Compares what the file declares with what it has.
    fn compare_figures(&self, layout: &MatrixLayout, sink: &mut dyn Sink) {
        let path = &layout.path;
        let rows = self.rows - self.headers;
        let samples = layout.value_columns().len() as u64;
        let wrong_rows = layout
            .declared_rows
            .filter(|(declared, _)| *declared != rows && self.rows > 0);
        if let (Some((declared_rows, position)), Some((declared_samples, _))) =
            (wrong_rows, layout.gct.wrong_samples)
            && (declared_rows, declared_samples) == (samples, rows)
        {
            return sink.push(g003_row_count_mismatch::swapped(path, position, rows, samples));
        }
        // Where a line break has cut rows, or a cell is lost, how many there are is not known before that is mended; nor
        // where the rows of another file follow.
        let doubtful = self.broken + u64::from(layout.second_header.is_some());
        let may_be_right = |declared: u64| self.pasted || declared.abs_diff(rows) <= doubtful;
        if let Some((declared, position)) = wrong_rows.filter(|(declared, _)| !may_be_right(*declared)) {
            if let Some(finding) = of_attributes(layout, rows) {
                return sink.push(finding);
            }
            let note = self
                .last_bare
                .filter(|_| declared.checked_add(self.bare) == Some(rows));
            sink.push(match note {
                Some(line) => g003_row_count_mismatch::note(path, position, declared, rows, line),
                None => g003_row_count_mismatch::finding(path, position, declared, rows),
            });
        }
        if let Some((declared, position)) = layout.gct.wrong_samples {
            sink.push(g004_column_count_mismatch::finding(
                path,
                position,
                declared,
                samples,
                layout.features as u64,
            ));
        }
    }

    fn judge_features(&self, layout: &MatrixLayout, sink: &mut dyn Sink) {
        for (column, name) in self.features.iter().zip(&layout.names.fields) {
            let few = column.is_demoted();
            let told = |line: LineNumber| column.text == 1 && layout.second_header == Some(line);
            if let Some((position, value)) = column
                .first_text
                .as_ref()
                .filter(|(position, _)| few && !told(position.line))
                .filter(|(_, value)| !t010_spreadsheet_damage::is_error(value.as_bytes()))
            {
                let (text, numbers) = (column.text, column.numbers);
                sink.push(d010_demoted_column::finding(
                    &layout.path,
                    *position,
                    name.text(),
                    value,
                    text,
                    numbers,
                ));
            }
        }
        // Where the number is doubtful already, or what the first rows make likely, nothing contradicts that.
        let seeming = layout.seeming_features.unwrap_or(1);
        if layout.doubtful_until.is_some() || seeming >= layout.features {
            return;
        }
        // Identifiers, lengths and positions are whole numbers; fractions at the end of the description are
        // measurements, and so are numbers under a name of the form that all samples have.
        let shape = value_shape(layout);
        let measured = self
            .features
            .iter()
            .zip(&layout.names.fields)
            .skip(1)
            .rev()
            .take_while(|(column, name)| {
                let is_sample = || {
                    shape
                        .as_ref()
                        .is_some_and(|shape| *shape == shape_of(name.text()))
                };
                column.is_numeric() && (column.fractional || is_sample())
            })
            .count();
        if measured > 0 {
            let likely = seeming.max(layout.features - measured);
            sink.push(d003_feature_attributes_suspect::values_among_attributes(
                &layout.path,
                layout.names.position(likely),
                layout.features as u64,
                likely as u64,
                layout.name(likely),
            ));
        }
    }
}

/// What is said of other rows than declared where lines of sample attributes, rightly counted, settle the difference.
fn of_attributes(layout: &MatrixLayout, rows: u64) -> Option<Diagnostic> {
    let (figure, position) = layout.gct.attributes.figure?;
    let path = &layout.path;
    Some(match layout.miscounted_attributes(rows)? {
        Miscount::Rows { count, first } => {
            let right = figure.checked_sub(count);
            g003_row_count_mismatch::row_above(path, position, figure, first, right)
        }
        Miscount::Attributes { count, first } => {
            g003_row_count_mismatch::attributes_below(path, position, figure, first, count)
        }
    })
}

/// Whether a fault is that of a second header line, which has no name and no description: the line is told of by itself.
fn is_of_second_header(layout: &MatrixLayout, group: &Group<Fault>, start: &BlockStart) -> bool {
    let lacks = matches!(group.kind, Fault::EmptyName | Fault::EmptyDescription);
    let first = group.first.first();
    lacks
        && group.count == 1
        && first.is_some_and(|(spot, _)| layout.second_header == Some(start.position(*spot).line))
}

/// The form of the names of all value columns, where they share one and it has a number in it: `S01`, `S02`.
fn value_shape(layout: &MatrixLayout) -> Option<String> {
    let mut shapes = layout.value_columns().iter().map(|name| shape_of(name.text()));
    let first = shapes.next().filter(|shape| shape.contains('0'))?;
    shapes.all(|shape| shape == first).then_some(first)
}

/// A name with one 0 for each number in it.
fn shape_of(name: &str) -> String {
    let mut shape = String::with_capacity(name.len());
    for letter in name.chars() {
        match (letter.is_ascii_digit(), shape.ends_with('0')) {
            (true, true) => {}
            (true, false) => shape.push('0'),
            (false, _) => shape.push(letter),
        }
    }
    shape
}

/// The rule for values that are no numbers.
const fn not_a_number(layout: &MatrixLayout) -> &'static Rule {
    match layout.kind {
        MatrixKind::Gct => &g012_not_a_number::RULE,
        MatrixKind::Frame => &d004_not_a_number::RULE,
    }
}

fn finding(
    layout: &MatrixLayout,
    fault: Fault,
    position: Position,
    text: &str,
    path: &Arc<str>,
) -> Diagnostic {
    let name = |column: u32| layout.name(column as usize);
    let here = position.field.map_or("", |field| layout.name(field.index()));
    match fault {
        Fault::Ragged(found) if layout.has_row_names && found as usize == layout.width() + 1 => {
            t001_ragged_row::row_names(path, position)
        }
        Fault::Ragged(found) => {
            t001_ragged_row::finding(path, position, u64::from(found), layout.width() as u64)
        }
        Fault::Stray(stray) => t001_ragged_row::stray(path, position, stray),
        Fault::HeaderAgain => t001_ragged_row::header_again(path, position),
        Fault::BlankLine => t005_blank_line::finding(path, position),
        Fault::PaddingTabs => {
            let tabs = text.bytes().filter(|byte| *byte == b'\t').count() as u64;
            t007_padding_tabs::finding(path, position, tabs)
        }
        Fault::EmptyName => g009_empty_name::finding(path, position),
        Fault::EmptyDescription => g010_empty_description::finding(path, position),
        Fault::PaddedFeature(column) => t006_padded_text::in_value(path, position, name(column), text),
        Fault::PaddedValue => t006_padded_text::in_measurement(path, position, here, text),
        Fault::QuotedFeature(_) | Fault::QuotedValue if layout.gct.quoted => {
            t012_quoted_field::whole_file(path, position, text)
        }
        Fault::QuotedValue => t012_quoted_field::number(path, position, here, text),
        Fault::QuotedFeature(column) => t012_quoted_field::finding(path, position, name(column), text),
        Fault::Lost(column) => t014_lost_characters::in_value(path, position, name(column), text),
        Fault::Odd(column) => {
            let odd = look_alike::invisible(text);
            let finding = |odd| t009_look_alike_characters::in_value(path, position, name(column), text, odd);
            odd.map_or_else(
                || t014_lost_characters::in_value(path, position, name(column), text),
                finding,
            )
        }
        Fault::Damaged(damage) => t010_spreadsheet_damage::finding(path, position, here, text.trim(), damage),
        Fault::NotANumber(_) if layout.second_header == Some(position.line) => {
            values::second_header(not_a_number(layout), path, position, here, text.trim())
        }
        Fault::MixedColumn(_) => text_in(layout, TextIn::Numbers, position, here, text),
        Fault::TextColumn => text_in(layout, TextIn::Columns, position, here, text),
        Fault::NotANumber(_) => values::not_a_number(not_a_number(layout), path, position, here, text),
        Fault::MissingToken { infinite } => {
            g015_missing_token::finding(path, position, here, text.trim(), infinite)
        }
        Fault::NearMissing => d012_near_missing_token::finding(path, position, here, text.trim()),
        Fault::OutOfRange(out) => {
            let becomes = match out {
                OutOfRange::Infinity => t011_number_out_of_range::Becomes::Infinity,
                OutOfRange::Zero => t011_number_out_of_range::Becomes::Zero,
            };
            t011_number_out_of_range::finding(path, position, here, text, becomes)
        }
    }
}

/// There is text in a column of values.
fn text_in(layout: &MatrixLayout, how: TextIn, position: Position, name: &str, text: &str) -> Diagnostic {
    let help = match (layout.kind, how) {
        (_, TextIn::Columns) if layout.is_all_text() => values::ALL_TEXT,
        (MatrixKind::Gct, TextIn::Numbers) => g012_not_a_number::MIXED_COLUMN,
        (MatrixKind::Gct, TextIn::Columns) => g012_not_a_number::TEXT_COLUMN,
        (MatrixKind::Frame, TextIn::Numbers) => d004_not_a_number::MIXED_COLUMN,
        (MatrixKind::Frame, TextIn::Columns) => d004_not_a_number::TEXT_COLUMN,
    };
    values::text_in(
        how,
        not_a_number(layout),
        &layout.path,
        position,
        name,
        text.trim(),
    )
    .help(help)
}
