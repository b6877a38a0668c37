//! Tables of text for people.

use std::io::{self, Write};

use odmkit_report::{escape, text_columns};

/// Rows of cells, written with each column as wide as its widest cell.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

/// A cell that is wider than this does not make its column wider.
const WIDEST: usize = 60;

impl Table {
    /// Adds a row. What comes from files is made safe for a terminal.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows
            .push(cells.into_iter().map(|cell| escape(&cell)).collect());
    }

    /// Whether there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes the rows.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column));
                cells
                    .map(|cell| text_columns(cell))
                    .filter(|&width| width <= WIDEST)
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, &width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(
                    ' ',
                    width.saturating_sub(text_columns(cell)) + 2,
                ));
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Bytes as people read them: `812 B`, `4.2 kB`, `1.3 GB`.
#[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
pub(crate) fn bytes(bytes: u64) -> String {
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64;
    let mut unit = "B";
    for next in ["kB", "MB", "GB", "TB"] {
        // What would be written as 1000.0 is written in the next unit.
        if value < 999.95 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    format!("{value:.1} {unit}")
}

/// `1 row`, `2 rows`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_cells() {
        let mut table = Table::default();
        table.row(["a".to_owned(), "試料".to_owned(), "x".to_owned()]);
        table.row(["bcd".to_owned(), "e\u{1b}".to_owned()]);
        let mut out = Vec::new();
        table.write(&mut out).expect("memory takes it");
        assert_eq!(
            String::from_utf8(out).expect("text"),
            "a    試料     x\nbcd  e\\u{1b}\n"
        );
    }

    #[test]
    fn sizes_are_short() {
        for (count, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_960, "1.0 MB"),
            (1_300_000_000, "1.3 GB"),
        ] {
            assert_eq!(bytes(count), text);
        }
    }
}
