//! A row cut into fields, all of them borrowed from its line.

use memchr::memchr_iter;

/// Cuts lines into fields; its buffer is used again for each line.
#[derive(Debug, Default)]
pub struct Cutter {
    ends: Vec<usize>,
}

/// The fields of a line. An empty line has one empty field.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    text: &'a [u8],
    ends: &'a [usize],
}

impl Cutter {
    /// Cuts a line, which has no terminator.
    pub fn cut<'a>(&'a mut self, text: &'a [u8]) -> Row<'a> {
        self.ends.clear();
        self.ends.extend(memchr_iter(b'\t', text));
        self.ends.push(text.len());
        Row {
            text,
            ends: &self.ends,
        }
    }
}

impl<'a> Row<'a> {
    /// How many fields there are: at least one.
    pub const fn width(&self) -> usize {
        self.ends.len()
    }

    /// The byte within the line at which the field at a 0-based index begins; the line's length where there is
    /// no such field.
    pub fn start(&self, index: usize) -> usize {
        match index.checked_sub(1) {
            None => 0,
            Some(before) => self
                .ends
                .get(before)
                .map_or(self.text.len(), |end| (end + 1).min(self.text.len())),
        }
    }

    /// The field at a 0-based index; empty where there is none.
    pub fn field(&self, index: usize) -> &'a [u8] {
        let end = self.ends.get(index).copied().unwrap_or(self.text.len());
        self.text.get(self.start(index)..end).unwrap_or_default()
    }

    /// What follows the first `width` fields, from the tab on.
    pub fn beyond(&self, width: usize) -> &'a [u8] {
        let end = width.checked_sub(1).and_then(|last| self.ends.get(last));
        end.and_then(|end| self.text.get(*end..)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_at_tabs() {
        let mut cutter = Cutter::default();
        let row = cutter.cut(b"a\t\tbc\t");
        assert_eq!(row.width(), 4);
        let fields: Vec<(usize, &[u8])> = (0..5).map(|index| (row.start(index), row.field(index))).collect();
        assert_eq!(
            fields,
            [(0, b"a".as_slice()), (2, b""), (3, b"bc"), (6, b""), (6, b"")]
        );
        assert_eq!(row.beyond(3), b"\t");
        assert_eq!(row.beyond(4), b"");
        assert_eq!(row.beyond(9), b"");
        assert_eq!(cutter.cut(b"").width(), 1);
    }
}
