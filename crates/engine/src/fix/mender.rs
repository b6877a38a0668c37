//! Rewriting a text: what comes before its rows, and its rows block by block, on any thread.

use odmkit_checks::matrix::ScanBuffers;
use odmkit_columns::kernel::Kernel;
use odmkit_formats::head::BYTE_ORDER_MARK;

use super::Edits;
use super::matrix::MatrixRows;
use super::plain::PlainRows;
use super::table::TableRows;
use super::text::Endings;

/// How a text is rewritten.
pub(super) struct Mender<'a> {
    /// Whether a byte order mark goes.
    pub(super) mark: bool,
    pub(super) endings: Endings,
    /// Bytes before the rows.
    pub(super) head: usize,
    pub(super) rows: Rows<'a>,
}

/// How rows are rewritten: as text, or by what they are.
pub(super) enum Rows<'a> {
    Text,
    Matrix(Box<MatrixRows<'a>>),
    Table(Box<TableRows<'a>>),
    Plain(PlainRows<'a>),
}

impl Mender<'_> {
    /// Rewrites what comes before the rows.
    pub(super) fn head(&self, head: &[u8], out: &mut Vec<u8>, edits: &mut Edits) {
        let mut head = head;
        if self.mark
            && let Some(rest) = head.strip_prefix(BYTE_ORDER_MARK)
        {
            head = rest;
            edits.add("F004", 1);
        }
        match &self.rows {
            Rows::Text => {}
            Rows::Matrix(rows) => rows.head(head, self.endings, out, edits),
            Rows::Table(rows) => rows.head(head, self.endings, out, edits),
            Rows::Plain(rows) => rows.head(head, self.endings, out, edits),
        }
    }

    /// Whether a block stays as it is.
    pub(super) fn stays(&self, kernel: Kernel, block: &[u8], buffers: &mut ScanBuffers) -> bool {
        match &self.rows {
            Rows::Matrix(rows) => self.endings.stay() && rows.stays(kernel, block, buffers),
            Rows::Text | Rows::Table(_) | Rows::Plain(_) => false,
        }
    }

    /// Rewrites whole lines of rows.
    pub(super) fn block(&self, block: &[u8], out: &mut Vec<u8>, beside: &mut Vec<u8>, edits: &mut Edits) {
        let mut lines = odmkit_formats::Lines::new(block);
        while let Some(line) = lines.next() {
            let start = out.len();
            match &self.rows {
                Rows::Text => out.extend_from_slice(line.text),
                Rows::Matrix(_) | Rows::Table(_) | Rows::Plain(_) if line.is_blank() => {
                    self.endings.leave_out(1 + lines.pass_repeats(&line), edits);
                    continue;
                }
                Rows::Matrix(rows) => rows.row(line.text, out, beside, edits),
                Rows::Table(rows) => rows.row(line.text, out, edits),
                Rows::Plain(rows) => rows.row(line.text, out, edits),
            }
            // There was nothing but quotes in it.
            if matches!(self.rows, Rows::Table(_)) && out[start..].trim_ascii().is_empty() {
                out.truncate(start);
                self.endings.leave_out(1, edits);
                continue;
            }
            self.endings.end(line.terminator, out, edits);
        }
    }
}
