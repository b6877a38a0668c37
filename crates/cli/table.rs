//! Tables of text for people.

use std::io::{self, Write};

pub(crate) use odmkit_report::counted;
use odmkit_report::{escape, text_columns, wrap};

/// How many columns of a terminal a line may take.
pub(crate) const WIDTH: usize = 80;

/// Rows of cells, written with each column as wide as its widest cell.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

/// A cell that is wider than this does not make its column wider.
const WIDEST: usize = 60;

/// The first column of a clipped table is never narrower than this.
const NARROWEST: usize = 12;

/// A text that wraps is never given less room than this.
const NARROW_TEXT: usize = 32;

impl Table {
    /// Adds a row. What comes from files is made safe for a terminal.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows
            .push(cells.into_iter().map(|cell| escape(&cell)).collect());
    }

    /// Writes the rows. Where the text in the last column is too long for its line, it goes on below itself, or where
    /// there is little room beside the others, stands below them.
    pub(crate) fn write_wrapped(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut widths = self.widths();
        widths.pop();
        let beside: usize = widths.iter().map(|width| width + 2).sum();
        let below = WIDTH < beside + NARROW_TEXT;
        let indent = if below { 4 } else { beside };
        let blanks = " ".repeat(indent);
        for row in &self.rows {
            let Some((text, cells)) = row.split_last() else {
                continue;
            };
            let mut start = padded(cells, &widths);
            if below {
                writeln!(out, "{}", start.trim_end())?;
                start.clone_from(&blanks);
            }
            let taken = text_columns(&start).saturating_sub(indent);
            for line in wrap(text, taken, WIDTH - indent) {
                writeln!(out, "{start}{line}")?;
                start.clone_from(&blanks);
            }
        }
        Ok(())
    }

    /// Writes the rows, with what stands in the first column cut in its middle where they would not fit into a line.
    pub(crate) fn write_clipped(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let others: usize = self.widths().iter().skip(1).map(|width| width + 2).sum();
        let most = WIDTH.saturating_sub(others).max(NARROWEST);
        for name in self.rows.iter_mut().filter_map(|row| row.first_mut()) {
            *name = clip(name, most);
        }
        self.write(out)
    }

    /// How wide each column is.
    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        (0..columns)
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column));
                cells
                    .map(|cell| text_columns(cell))
                    .filter(|&width| width <= WIDEST)
                    .max()
                    .unwrap_or(0)
            })
            .collect()
    }

    /// Writes the rows.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let widths = self.widths();
        for row in &self.rows {
            writeln!(out, "{}", padded(row, &widths).trim_end())?;
        }
        Ok(())
    }
}

/// What became of some files: for each a word, its name, and below it what there is to say of it.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    entries: Vec<(&'static str, String, Vec<String>)>,
}

impl Entries {
    /// Adds a file. What comes from files is made safe for a terminal.
    pub(crate) fn add(&mut self, word: &'static str, name: &str, facts: impl IntoIterator<Item = String>) {
        let facts = facts.into_iter().map(|fact| escape(&fact)).collect();
        self.entries.push((word, escape(name), facts));
    }

    /// Whether there is no file.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Writes them. A name is never broken, so that it can be copied; what is said of it is, at blanks.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let indent = self.entries.iter().map(|(word, ..)| word.len() + 2).max();
        let indent = indent.unwrap_or(0);
        for (word, name, facts) in &self.entries {
            writeln!(out, "{word:indent$}{name}")?;
            for line in facts.iter().flat_map(|fact| wrap(fact, 0, WIDTH - indent)) {
                writeln!(out, "{:indent$}{line}", "")?;
            }
        }
        Ok(())
    }
}

/// Cells, each with blanks up to the width of its column and two more.
fn padded(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        line.extend(std::iter::repeat_n(
            ' ',
            width.saturating_sub(text_columns(cell)) + 2,
        ));
    }
    line
}

/// `text` in at most `most` columns of a terminal: its beginning and its end, which are what names differ in.
pub(crate) fn clip(text: &str, most: usize) -> String {
    if text_columns(text) <= most {
        return text.to_owned();
    }
    let fits = |part: usize| {
        let mut used = 0;
        move |character: &char| {
            used += text_columns(character.encode_utf8(&mut [0; 4]));
            used <= part
        }
    };
    let head: String = text.chars().take_while(fits((most - 1) / 2)).collect();
    let mut tail: Vec<char> = text.chars().rev().take_while(fits(most / 2)).collect();
    tail.reverse();
    head + "…" + &String::from_iter(tail)
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
    fn long_texts_go_on_below_and_long_names_are_cut_in_the_middle() {
        let mut table = Table::default();
        table.row(["columns".to_owned(), "a column, ".repeat(9)]);
        let mut out = Vec::new();
        table.write_wrapped(&mut out).expect("memory takes it");
        let seven = "a column, a column, a column, a column, a column, a column, a column, a";
        assert_eq!(
            String::from_utf8(out).expect("text"),
            format!("columns  {seven}\n         column, a column,\n")
        );
        let mut table = Table::default();
        table.row(["n".repeat(50) + "end", "v".repeat(40)]);
        let mut out = Vec::new();
        table.write_clipped(&mut out).expect("memory takes it");
        let line = String::from_utf8(out).expect("text");
        assert_eq!(line.trim_end().chars().count(), 80);
        assert!(line.contains("n…n") && line.contains("nend  v"), "{line}");
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
