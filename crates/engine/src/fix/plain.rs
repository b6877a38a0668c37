//! What is mended in a flow cytometry table, a mapping, or variants: what stands around fields and lines, and nothing
//! that they say.

use odmkit_checks::{Wrapping, Wrappings};
use odmkit_formats::{Lines, fields};

use super::Edits;
use super::cells::{Fields, bare, trimmed, within, without_padding};
use super::text::Endings;

/// How such a table is rewritten.
pub(super) struct PlainRows<'a> {
    wrappings: &'a Wrappings,
}

impl<'a> PlainRows<'a> {
    pub(super) const fn new(wrappings: &'a Wrappings) -> Self {
        Self { wrappings }
    }

    /// Rewrites the lines above the rows, of which the last has the names.
    pub(super) fn head(&self, head: &[u8], endings: Endings, out: &mut Vec<u8>, edits: &mut Edits) {
        let last = Lines::new(head).filter(|line| !line.is_blank()).last();
        let last = last.map(|line| line.start);
        for line in Lines::new(head) {
            if line.is_blank() {
                endings.leave_out(1, edits);
                continue;
            }
            if Some(line.start) == last {
                self.names(line.text, out, edits);
            } else {
                out.extend_from_slice(without_padding(line.text, edits));
            }
            endings.end(line.terminator, out, edits);
        }
    }

    fn names(&self, line: &[u8], out: &mut Vec<u8>, edits: &mut Edits) {
        // Columns without a name that have values are none of the padding.
        let used = within(line, self.wrappings.names.len());
        if used.len() < line.len() {
            edits.add("T007", 1);
        }
        let mut written = Fields::new(out);
        for (index, (_, name)) in fields(used).enumerate() {
            written.push(&match self.wrappings.names.get(index) {
                Some(Wrapping::Padding) => trimmed(name, edits).into(),
                Some(Wrapping::Quotes) => bare(name, edits),
                Some(Wrapping::Untold) | None => name.into(),
            });
        }
    }

    /// Rewrites a row that is not blank. One of another width is left alone.
    pub(super) fn row(&self, line: &[u8], out: &mut Vec<u8>, edits: &mut Edits) {
        let values = &self.wrappings.values;
        let used = within(line, values.len());
        let comment = self.wrappings.comments && line.starts_with(b"#");
        if comment || fields(used).count() != values.len() {
            return out.extend_from_slice(line);
        }
        if used.len() < line.len() {
            edits.add("T007", 1);
        }
        let mut written = Fields::new(out);
        for ((_, field), wrapping) in fields(used).zip(values) {
            written.push(&match wrapping {
                Wrapping::Padding => trimmed(field, edits).into(),
                Wrapping::Quotes => bare(field, edits),
                Wrapping::Untold => field.into(),
            });
        }
    }
}
