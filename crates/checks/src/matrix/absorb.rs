//! Taking in what blocks of rows say, and saying what is wrong.

use std::collections::BTreeMap;
use std::io;

use odmkit_core::{ByteOffset, FieldNumber, LineNumber, Position};
use odmkit_diagnostics::{Diagnostic, Sink};

use super::features::FeatureColumn;
use super::layout::{MatrixKind, MatrixLayout, Miscount};
use super::parts::{Judged, Parts};
use super::scan::{Fault, MatrixPartial};
use super::stray::Stray;
use super::told::finding;
use crate::BlockStart;
use crate::rules::{
    d003_feature_attributes_suspect, d009_duplicate_feature, d010_demoted_column, g003_row_count_mismatch,
    g004_column_count_mismatch, g011_duplicate_feature, t008_no_rows, t010_spreadsheet_damage,
};
use crate::tally::{Group, tell};
use crate::unique::{Names, Twins};

/// The rows of a matrix so far.
#[derive(Debug)]
pub struct MatrixState {
    rows: u64,
    broken: u64,
    headers: u64,
    /// Rows without a value, and the line of the last.
    bare: u64,
    last_bare: Option<LineNumber>,
    /// Whether another file begins among the rows.
    pasted: bool,
    /// Whether the file ends in the middle of a row.
    cut_off: bool,
    /// Names that stand a second time, as is told.
    repeated: u64,
    /// The last lines, as far as they are not judged yet.
    parts: Parts<Position>,
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
    /// Whether the rows without values, with which the file ends, are more than it declares: they may be notes.
    pub has_notes: bool,
    /// Whether a line that counts as a sample attribute is a row of GCT 1.3, and among the rows stands what is none.
    pub has_row_among_attributes: bool,
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
            cut_off: false,
            repeated: 0,
            parts: Parts::default(),
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
        // What follows another file's first line is that file's.
        if self.pasted || partial.lines == 0 {
            return Ok(());
        }
        self.rows += partial.rows;
        self.broken += partial.broken;
        self.cut_off |= partial.cut_off;
        self.headers += partial.headers;
        if partial.bare > 0 {
            self.bare += partial.bare;
            self.last_bare = Some(start.line.advanced(partial.last_bare));
        }
        self.missing += partial.missing;
        for (column, count) in partial.odd {
            *self.odd.entry(column).or_default() += count;
        }
        self.judge_parts(layout, sink, |parts, judge| {
            for (line, spot) in partial.lead {
                parts.add(line, start.position(spot), layout.shape(), judge);
            }
            if partial.settled {
                parts.whole(false, judge);
            }
        });
        if partial.settled {
            self.parts = partial.parts.map(|spot| start.position(spot));
        }
        self.pasted = partial.pasted;
        for group in partial.faults.into_groups() {
            if is_of_second_header(layout, &group, start) {
                continue;
            }
            let path = &layout.path;
            group.report(path, start, sink, |position, text| {
                finding(layout, group.kind, position, text)
            });
        }
        for (column, later) in self.features.iter_mut().zip(partial.features) {
            column.absorb(later, start);
        }
        self.names.absorb(&partial.names, start.line.get(), start.byte.0)
    }

    /// Has the lines judged that wait for it, and tells of them.
    fn judge_parts(
        &mut self,
        layout: &MatrixLayout,
        sink: &mut dyn Sink,
        take: impl FnOnce(&mut Parts<Position>, &mut dyn FnMut(Judged, Position)),
    ) {
        let (rows, broken, cut_off) = (&mut self.rows, &mut self.broken, &mut self.cut_off);
        take(&mut self.parts, &mut |judged, position| {
            *rows += u64::from(judged.is_broken_row);
            *broken += u64::from(judged.is_broken_row);
            *cut_off |= judged.fault == Fault::Stray(Stray::CutOff);
            tell(sink, finding(layout, judged.fault, position, ""));
        });
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
        let mut repeated = 0;
        self.twins = names.finish(|text, line, byte, first| {
            repeated += 1;
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
        self.repeated = repeated;
        Ok(())
    }

    /// Says what only the whole file shows.
    pub fn finish(mut self, layout: &MatrixLayout, sink: &mut dyn Sink) -> MatrixSummary {
        self.judge_parts(layout, sink, |parts, judge| parts.whole_but_notes(judge));
        if self.rows == 0 {
            sink.push(t008_no_rows::finding(&layout.path, layout.names.start()));
        }
        let has_notes = self.compare_figures(layout, sink);
        self.judge_parts(layout, sink, |parts, judge| parts.finish(has_notes, judge));
        self.judge_features(layout, sink);
        let numeric_features = match layout.kind {
            MatrixKind::Gct => vec![false; layout.features],
            MatrixKind::Frame => self.features.iter().map(FeatureColumn::is_numeric).collect(),
        };
        MatrixSummary {
            has_row_among_attributes: self.displaced_row(layout).is_some(),
            twins: self.twins,
            has_notes,
            rows: self.rows,
            features: self.rows - self.headers,
            missing: self.missing,
            odd: self.odd,
            numeric_features,
        }
    }

    /// Compares what the file declares with what it has. Gives whether rows without values were told to be more than are
    /// declared.
    fn compare_figures(&self, layout: &MatrixLayout, sink: &mut dyn Sink) -> bool {
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
            sink.push(g003_row_count_mismatch::swapped(path, position, rows, samples));
            return false;
        }
        let mut has_notes = false;
        // Rows whose names stand twice may be there twice: what becomes of them settles the figure.
        let is_but_for_repeated =
            |declared: u64| self.repeated > 0 && rows.checked_sub(declared) == Some(self.repeated);
        // Where a line break has cut rows, or a cell is lost, how many there are is not known before that is mended; nor
        // where the rows of another file follow.
        let doubtful = self.broken + u64::from(layout.second_header.is_some());
        let may_be_right = |declared: u64| {
            self.pasted
                || (self.cut_off && declared > rows)
                || declared.abs_diff(rows) <= doubtful
                || is_but_for_repeated(declared)
        };
        if let Some((declared, position)) = wrong_rows.filter(|(declared, _)| !may_be_right(*declared)) {
            if let Some(finding) = of_attributes(layout, rows) {
                sink.push(finding);
                return false;
            }
            let surplus = rows.checked_sub(declared);
            let notes = [self.bare, self.parts.notes() as u64];
            let note = self
                .last_bare
                .filter(|_| surplus.is_some_and(|surplus| surplus > 0 && notes.contains(&surplus)));
            has_notes = note.is_some() && notes[0] == notes[1];
            sink.push(match note {
                Some(line) => g003_row_count_mismatch::note(path, position, declared, rows, line),
                None => g003_row_count_mismatch::finding(path, position, declared, rows),
            });
        }
        if wrong_rows.is_none()
            && let Some(finding) = self.displaced_row(layout)
        {
            sink.push(finding);
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
        has_notes
    }

    /// What is said of a row of GCT 1.3 that stands among the sample attributes, where text among the values shows that an
    /// attribute stands among the rows.
    fn displaced_row(&self, layout: &MatrixLayout) -> Option<Diagnostic> {
        let (figure, position) = layout.gct.attributes.figure?;
        let (_, first) = layout.gct.attributes.rows.filter(|_| !self.odd.is_empty())?;
        Some(g003_row_count_mismatch::row_above(
            &layout.path,
            position,
            figure,
            first,
            None,
        ))
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
        // So many columns of text that are told of stand behind the values, and may belong before them.
        let misplaced = layout.text_columns.len();
        if misplaced > 0 && seeming + misplaced == layout.features {
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
