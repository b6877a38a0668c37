//! What is mended in a matrix: a GCT 1.2 file or a data frame.

use std::borrow::Cow;
use std::collections::HashSet;

use odmkit_checks::gct::is_gct_1_2_but_for_its_version;
use odmkit_checks::matrix::is_quoted_number;
use odmkit_checks::matrix::{FirstNames, MatrixKind, MatrixLayout, ScanBuffers, Second};
use odmkit_checks::rules::t012_quoted_field::{self as t012, is_nothing};
use odmkit_columns::cell::{self, Cell};
use odmkit_columns::kernel::Kernel;
use odmkit_columns::missing::{Missing, TOKENS};
use odmkit_core::DataFormat;
use odmkit_formats::gct;
use odmkit_formats::{HeaderLine, Lines, fields};

use super::Edits;
use super::cells::{Fields, bare, bare_of_blanks, has_row_name, is_mended, trimmed};
use super::gct_header::GctHeader;
use super::gct13::{self, Gct13};
use super::kept::{naming_columns, stays_old, twin_columns, twin_rows};
use super::text::Endings;
use crate::check::CheckedMatrix;

/// How a matrix is rewritten.
pub(super) struct MatrixRows<'a> {
    layout: &'a MatrixLayout,
    /// The line of the names as it stands.
    names: Vec<u8>,
    /// Of a GCT file.
    header: Option<GctHeader>,
    /// What stands between sample and measurement in the names of all value columns.
    separator: Option<&'a str>,
    /// Whether somebody said where the values begin, or the format does.
    certain: bool,
    /// Columns, from the left, in which quotes stay: without them two rows would have one name.
    quoted_rows: usize,
    /// Columns whose names keep their quotes.
    quoted_names: HashSet<usize>,
    /// Whether the header lacks the name of the row names, and has quotes around all others.
    has_quoted_row_names: bool,
    /// Whether names alone, where the file ends with them, may be notes.
    has_notes: bool,
}

/// A table that goes beside a mended file.
pub(super) struct Beside {
    /// What its name ends in, after the stem of the file.
    pub(super) suffix: &'static str,
    /// What it begins with.
    pub(super) text: Vec<u8>,
}

impl<'a> MatrixRows<'a> {
    /// A plan for a matrix whose rows could be read to their end; `head` holds the header and some rows, which
    /// begin at `body`. The header of a GCT 1.3 file keeps what it says.
    pub(super) fn new(
        matrix: &'a CheckedMatrix,
        format: Option<DataFormat>,
        head: &[u8],
        with_unsafe: bool,
        keeps_old: bool,
        certain: bool,
    ) -> Option<Self> {
        let layout = matrix.layout.as_ref();
        let quoted_rows = twin_rows(matrix).map_or(0, |_| naming_columns(matrix));
        let quoted_names = twin_columns(matrix);
        let mut fields = layout.names.fields.iter();
        let has_quoted_row_names = layout.has_row_names
            && quoted_names.is_empty()
            && fields.all(|name| t012::comes_off(name.text().as_bytes()));
        let above = usize::try_from(layout.names.line.get() - 1).ok()?;
        let names = Lines::new(head)
            .nth(above)
            .map_or(&b""[..], |line| line.text)
            .to_vec();
        if layout.kind == MatrixKind::Frame {
            let separator = matrix.separator.as_deref();
            return Some(Self {
                layout,
                names,
                header: None,
                separator: separator.filter(|_| !matrix.measurements.is_empty()),
                certain,
                quoted_rows,
                quoted_names,
                has_quoted_row_names,
                has_notes: false,
            });
        }
        let read = gct::read(head, true).ok()?;
        let by_name = is_gct_1_2_but_for_its_version(&read);
        let old = format == Some(DataFormat::Gct13) && !by_name;
        let second = if by_name {
            Second::Description
        } else {
            layout.gct.second
        };
        Some(Self {
            layout,
            names,
            separator: None,
            certain: true,
            quoted_rows,
            quoted_names,
            has_quoted_row_names,
            has_notes: matrix.summary.has_notes,
            header: Some(GctHeader {
                rows: matrix.summary.features,
                samples: matrix.samples.len() as u64,
                with_unsafe,
                second,
                old,
                by_name,
                downgrade: Gct13::new(&read, matrix).filter(|_| old && !keeps_old && !stays_old(matrix)),
                read,
            }),
        })
    }

    /// The samples of a GCT 1.3 file as a table, and the beginning of one for what its rows have beside a description.
    pub(super) fn beside(&self, head: &[u8], matrix: &CheckedMatrix) -> Vec<Beside> {
        let Some((header, downgrade)) = self.downgrade() else {
            return Vec::new();
        };
        let mut tables = vec![Beside {
            suffix: gct13::SAMPLES,
            text: gct13::samples(head, &header.read, matrix),
        }];
        if downgrade.has_more() {
            let mut text = Vec::new();
            let names: Vec<&[u8]> = (0..self.layout.features)
                .map(|column| self.layout.name(column).as_bytes())
                .collect();
            downgrade.feature(&names, &mut text);
            tables.push(Beside {
                suffix: gct13::FEATURES,
                text,
            });
        }
        tables
    }

    /// Whether a block of rows stays as it is, byte for byte, but for the ends of its lines: where the check finds
    /// nothing wrong with it. That is told faster than row by row.
    pub(super) fn stays(&self, kernel: Kernel, block: &[u8], buffers: &mut ScanBuffers) -> bool {
        let rebuilt = self
            .header
            .as_ref()
            .is_some_and(|header| header.downgrade.is_some() || header.second == Second::Sample);
        !rebuilt && self.layout.scan_fast(kernel, block, buffers).0.is_faultless()
    }

    /// Whether it is GCT 1.3.
    fn is_old(&self) -> bool {
        self.header.as_ref().is_some_and(|header| header.old)
    }

    fn downgrade(&self) -> Option<(&GctHeader, &Gct13)> {
        let header = self.header.as_ref()?;
        Some((header, header.downgrade.as_ref()?))
    }

    /// Rewrites the lines above the rows.
    pub(super) fn head(&self, head: &[u8], endings: Endings, out: &mut Vec<u8>, edits: &mut Edits) {
        // Places count from the beginning of the file, the byte order mark included; numbers of lines do not mind.
        let mut figures_due = false;
        if let Some(header) = &self.header {
            figures_due = header.begin(endings, out, edits);
        }
        for (number, line) in (1_u64..).zip(Lines::new(head)) {
            if line.is_blank() {
                endings.leave_out(1, edits);
                continue;
            }
            let is = |known: Option<&HeaderLine>| known.is_some_and(|known| known.line.get() == number);
            if self.downgrade().is_some_and(|(header, _)| {
                let mut lines = header.read.sample_attributes.iter();
                lines.any(|line| line.line.get() == number)
            }) {
                continue;
            }
            match &self.header {
                Some(header) if is(header.read.version_line.as_ref()) => {
                    header.version(line.text, out, edits);
                }
                Some(header) if is(header.read.dimensions_line.as_ref()) => {
                    header.dimensions(line.text, out, edits);
                }
                Some(header) if !is(header.read.names.as_ref()) => out.extend_from_slice(line.text),
                _ => {
                    if std::mem::take(&mut figures_due)
                        && let Some(header) = &self.header
                    {
                        out.extend_from_slice(header.figures(edits).as_bytes());
                        endings.end_new(out);
                    }
                    self.names(line.text, out, edits);
                }
            }
            endings.end(line.terminator, out, edits);
        }
    }

    fn names(&self, line: &[u8], out: &mut Vec<u8>, edits: &mut Edits) {
        if self.downgrade().is_some() {
            let mut written = Fields::new(out);
            written.push(b"Name");
            written.push(b"Description");
            let samples = fields(line).take(self.layout.width()).skip(self.layout.features);
            samples.for_each(|(_, name)| written.push(&bare(name, edits)));
            return;
        }
        let width = self.layout.width();
        let mut fields: Vec<&[u8]> = fields(line).map(|(_, field)| field).collect();
        let lacking = self.layout.gct.lacking;
        let own = width - if self.is_old() { 0 } else { lacking.count() };
        let is_blank = |field: &&[u8]| field.trim_ascii().is_empty();
        if fields.len() > own && (self.layout.names.padding > 0 || fields[own..].iter().all(is_blank)) {
            edits.add("T007", 1);
            fields.truncate(own);
        }
        let mut written = Fields::new(out);
        if matches!(lacking, FirstNames::Name | FirstNames::Both) && !self.is_old() {
            edits.add("G005", 1);
            fields.insert(0, b"Name");
        }
        if matches!(lacking, FirstNames::Description | FirstNames::Both) {
            if lacking == FirstNames::Description {
                edits.add("G006", 1);
            }
            fields.insert(1, b"Description");
        }
        for (column, field) in fields.into_iter().enumerate() {
            let is_fixed = self.header.is_some() && column < self.layout.features;
            let stays = self.quoted_names.contains(&column);
            let name = if stays || (is_fixed && !self.layout.gct.quoted) {
                trimmed(field, edits).into()
            } else {
                bare(field, edits)
            };
            let is = |usual: &[u8]| name.trim_ascii().eq_ignore_ascii_case(usual);
            let name: &[u8] = match &self.header {
                Some(header) if !header.old && column == 0 && !is(b"name") => {
                    edits.add("G005", 1);
                    b"Name"
                }
                Some(header)
                    if column == 1 && header.second == Second::Description && !is(b"description") =>
                {
                    edits.add("G006", 1);
                    b"Description"
                }
                _ => &name,
            };
            match self.closed_up(column, name) {
                Some(name) => {
                    edits.add("T006", 1);
                    written.push(&name);
                }
                None => written.push(name),
            }
            if column == 0
                && self
                    .header
                    .as_ref()
                    .is_some_and(|header| header.second == Second::Sample)
            {
                edits.add("G006", 1);
                written.push(b"Description");
            }
        }
    }

    /// The name of a value column without blanks beside the separator, where there are any.
    fn closed_up(&self, column: usize, name: &[u8]) -> Option<Vec<u8>> {
        let separator = self.separator.filter(|_| column >= self.layout.features)?;
        let (sample, measurement) = std::str::from_utf8(name).ok()?.split_once(separator)?;
        let closed = format!("{}{separator}{}", sample.trim(), measurement.trim());
        (closed.len() < name.len()).then(|| closed.into_bytes())
    }

    /// Rewrites a row that is not blank. One that has other columns than the header is left alone: which field is
    /// which cannot be told.
    pub(super) fn row(&self, line: &[u8], out: &mut Vec<u8>, beside: &mut Vec<u8>, edits: &mut Edits) {
        // The header once more stays that: with names that are no longer those of the header it would be a row.
        if self.downgrade().is_none() && line == self.names {
            return self.names(line, out, edits);
        }
        let (width, features) = (self.layout.width(), self.layout.features);
        let tabs = memchr::memchr_iter(b'\t', line).count();
        let mut line = line;
        if tabs >= width {
            let end = memchr::memchr_iter(b'\t', line)
                .nth(width - 1)
                .unwrap_or(line.len());
            if line[end..].trim_ascii().is_empty() {
                edits.add("T007", 1);
                line = &line[..end];
            }
        }
        let even =
            tabs + 1 == width || (tabs >= width && memchr::memchr_iter(b'\t', line).count() + 1 == width);
        if let Some((_, downgrade)) = self.downgrade() {
            let row: Vec<&[u8]> = fields(line).map(|(_, field)| field).collect();
            let mut written = Fields::new(out);
            downgrade
                .row(&row, edits)
                .iter()
                .for_each(|field| written.push(field));
            row.iter()
                .skip(features)
                .for_each(|field| written.push(self.value(field, edits)));
            if downgrade.has_more() {
                downgrade.feature(&row, beside);
            }
            return;
        }
        if self.has_quoted_row_names && tabs == width && !even && has_row_name(line) {
            let mut written = Fields::new(out);
            fields(line).for_each(|(_, field)| written.push(&bare(field, edits)));
            return;
        }
        if even && self.layout.is_no_feature(line, self.has_notes) {
            return out.extend_from_slice(line);
        }
        let is_gct = self.layout.kind == MatrixKind::Gct;
        let absent = self
            .header
            .as_ref()
            .is_some_and(|header| header.second == Second::Sample);
        let mut written = Fields::new(out);
        for (column, (_, field)) in fields(line).enumerate() {
            let described = is_gct && column > 0;
            let field: Cow<'_, [u8]> = if !even {
                field.into()
            } else if column >= features {
                self.value(field, edits).into()
            } else if described && self.layout.described && is_nothing(bare_of_blanks(field)) {
                edits.add("G010", 1);
                b"NA".into()
            } else if described && !is_mended(field) {
                field.into()
            } else if column < self.quoted_rows {
                trimmed(field, edits).into()
            } else {
                bare(field, edits)
            };
            written.push(&field);
            // A line of one field is no row.
            if column == 0 && absent && tabs > 0 {
                edits.add("G006", 1);
                written.push(b"NA");
            }
        }
    }

    fn value<'f>(&self, field: &'f [u8], edits: &mut Edits) -> &'f [u8] {
        let is_gct = self.layout.kind == MatrixKind::Gct;
        let mut now = field;
        if is_quoted_number(now) {
            edits.add("T012", 1);
            let trimmed = now.trim_ascii();
            now = &trimmed[1..trimmed.len() - 1];
        }
        if cell::judge(now) == Cell::Padded {
            edits.add("T006", 1);
            now = now.trim_ascii();
        }
        match cell::judge(now) {
            // An infinity is no missing value: emptying its cell would lose that.
            Cell::Missing(Missing::Token | Missing::NearToken) if is_gct => {
                edits.add("G015", 1);
                b""
            }
            // Where the values begin is a guess, this may be a word of a column that describes features.
            _ if !self.certain => now,
            Cell::Missing(Missing::NearToken) => {
                edits.add("D012", 1);
                let token = TOKENS
                    .iter()
                    .find(|token| token.as_bytes().eq_ignore_ascii_case(now));
                token.map_or(b"NA", |token| token.as_bytes())
            }
            Cell::Missing(Missing::NearInfinity { positive }) if !is_gct => {
                edits.add("D012", 1);
                if positive { b"Inf" } else { b"-Inf" }
            }
            _ => now,
        }
    }
}
