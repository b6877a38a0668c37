//! What a header is beside the rows under it: whether it is one, whether it lacks a name at one end, and whether the samples
//! stand in the rows and not in it.

use std::collections::HashSet;

use super::features::form;
use super::{Cell, FrameFacts, describes_feature, plain, trailing_numeric};
use crate::detect::{FEATURES, Table};

/// What a header is beside the rows under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeaderShape {
    /// Whether some of its names are known, so that it is certainly one.
    pub known: bool,
    /// Whether there is none, and the first line is a row.
    pub absent: bool,
    /// The name that it lacks, where all rows have one field more than it.
    pub lacking: Option<Lacking>,
    /// Whether the first column numbers the rows, and has no name.
    pub row_numbers: bool,
    /// Where the samples stand, where that is in the rows and not in the header.
    pub sample_rows: Option<SampleRows>,
}

impl HeaderShape {
    /// Looks at a table to whose header the name was added that is `lacking`.
    pub(super) fn of(table: &Table, lacking: Option<Lacking>, facts: &FrameFacts<'_>) -> Self {
        let known = table.header.iter().any(|name| facts.is_known(name));
        Self {
            known,
            absent: !known && has_no_header(table),
            lacking,
            row_numbers: has_row_numbers(table),
            sample_rows: sample_rows(table, facts.known_cells).filter(|_| !known),
        }
    }
}

/// The name that a header lacks which has one field less than every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking {
    /// That of the first column: R leaves out the name of the row names.
    First,
    /// Those of so many last ones.
    Last(usize),
}

/// The samples stand in the rows, and not in the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleRows {
    /// The column in which they stand.
    pub column: usize,
    /// Whether each stands in several rows: there is a row for each value.
    pub long: bool,
    /// Whether they are known samples. Else it is the name of the column that says so.
    pub known: bool,
}

/// So many columns are looked at for samples.
const LOOKED_AT: usize = 16;

/// What a column is called that names samples in the rows.
const SAMPLE_WORDS: [&str; 6] = [
    "sample",
    "samples",
    "sampleid",
    "samplename",
    "samplesourceid",
    "sampleno",
];

/// What programs call the column in which they number rows.
const ROW_NUMBERS: [&str; 5] = ["", "Unnamed: 0", "...1", "X", "index"];

/// Whether the first line holds numbers where the rows do, so that it is a row itself. Numbers name samples too: whole ones
/// that differ, beside a first name that is plainly one.
pub fn has_no_header(table: &Table) -> bool {
    let columns = table.header.len();
    let values = trailing_numeric(table).min(columns);
    let numbers: Vec<&str> = table.header[columns - values..]
        .iter()
        .map(String::as_str)
        .filter(|name| Cell::of(name) == Cell::Number)
        .collect();
    if values == 0 || numbers.len() * 2 <= values {
        return false;
    }
    let whole = numbers
        .iter()
        .all(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
    let differ = numbers.iter().collect::<HashSet<_>>().len() == numbers.len();
    !(whole && differ && is_name(&table.header[0]))
}

/// Whether a column of features is called so.
fn is_name(first: &str) -> bool {
    let first = first.to_lowercase();
    let ends = ["id", "ids", "name", "names", "key"];
    first.is_empty()
        || FEATURES.iter().any(|word| first.contains(word))
        || ends.iter().any(|end| first.ends_with(end))
}

/// Which names the header lacks, where all rows have as many fields more.
pub fn lacking(table: &Table) -> Option<Lacking> {
    let fields = table.rows.first()?.len();
    // Of a single row it cannot be told whether it has a field too many.
    if table.rows.len() < 2 || table.rows.iter().any(|row| row.len() != fields) {
        return None;
    }
    let width = table.used_width();
    let names = width.checked_sub(table.header.len()).filter(|names| *names > 0)?;
    // Fields that are blank in every row are padding, which a header that is not padded does not have.
    if width < 3 || (width < fields && !table.header_padded) {
        return None;
    }
    if names > 1 {
        let is_cut = table.header.len() > 1 && !table.header_padded;
        return is_cut.then_some(Lacking::Last(names));
    }
    let shifted = table.with_name(Lacking::First);
    let text = width - trailing_numeric(&shifted);
    // The last column of text has a feature's name where the header begins with the first name, and a sample's where not.
    let (name, others) = table.header[text.saturating_sub(1).min(width - 2)..].split_first()?;
    let shared = common_form(others);
    let is_alike = shared.is_some() && shared == form(name);
    let is_feature = names_features(name) && (text == 0 || !describes_feature(name));
    let is_other = is_feature || (shared.is_some() && !is_alike);
    // A blank field after the names is a name that is not there already, unless it is plain that they stand too far left.
    if has_row_numbers(&shifted) || is_alike || (!is_other && !table.header_padded) {
        Some(Lacking::First)
    } else {
        (!table.header_padded).then_some(Lacking::Last(1))
    }
}

/// The form that all of several names share, where they are numbered.
fn common_form(names: &[String]) -> Option<String> {
    let (first, others) = names.split_first().filter(|(_, others)| !others.is_empty())?;
    let shared = form(first)?;
    let is_shared = |name: &String| form(name).as_ref() == Some(&shared);
    others.iter().all(is_shared).then_some(shared)
}

/// Whether a column of features is plainly called so: by what they are, or as their id or name.
fn names_features(name: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = name.rsplit(|letter: char| !letter.is_alphanumeric());
    let last = words.next().unwrap_or_default();
    FEATURES.iter().any(|word| name.contains(word)) || ["id", "ids", "name", "names", "key"].contains(&last)
}

/// Whether the first column numbers the rows and has no name, or what stands for none.
pub fn has_row_numbers(table: &Table) -> bool {
    let first = table.header.first();
    let is_named_so = first.is_some_and(|name| ROW_NUMBERS.contains(&name.as_str()));
    let next_is_text = table.header.len() > 2 && trailing_numeric(table) + 1 < table.header.len();
    is_named_so && next_is_text && is_numbered(table)
}

/// Whether the cells of the first column are 0, 1, 2 … or 1, 2, 3 …
fn is_numbered(table: &Table) -> bool {
    let number = |row: usize| table.cell(row, 0).parse::<usize>().ok();
    let Some(first) = number(0).filter(|first| *first < 2) else {
        return false;
    };
    table.rows.len() > 1 && (0..table.rows.len()).all(|row| number(row) == Some(first + row))
}

/// The column in which the samples stand, where they stand in the rows: one whose cells are known samples, or that is
/// called so and repeats its values, as another column does.
fn sample_rows(table: &Table, known: Option<&HashSet<&str>>) -> Option<SampleRows> {
    let columns = table.header.len().min(LOOKED_AT);
    let distinct = |column: usize| -> HashSet<&str> {
        let cells = (0..table.rows.len()).map(|row| table.cell(row, column));
        cells.filter(|cell| !cell.is_empty()).collect()
    };
    let repeats = |column: usize| distinct(column).len() < table.rows.len();
    let is_known = |column: &usize| {
        let cells = distinct(*column);
        let hits = cells
            .iter()
            .filter(|cell| known.is_some_and(|known| known.contains(*cell)))
            .count();
        hits > 1 && hits * 2 > cells.len()
    };
    if let Some(column) = (0..columns).find(is_known) {
        return Some(SampleRows {
            column,
            long: repeats(column),
            known: true,
        });
    }
    let is_called_so = |column: &usize| SAMPLE_WORDS.contains(&plain(&table.header[*column]).as_str());
    let text = table.header.len() - trailing_numeric(table);
    let column = (0..columns.min(text)).find(is_called_so)?;
    let other = (0..columns.min(text)).find(|other| *other != column && repeats(*other));
    (text < table.header.len() && repeats(column) && other.is_some()).then_some(SampleRows {
        column,
        long: true,
        known: false,
    })
}

impl Table {
    /// The table with the name that its header lacks, as a blank one.
    pub(crate) fn with_name(&self, lacking: Lacking) -> Self {
        let mut table = self.clone();
        match lacking {
            Lacking::First => table.header.insert(0, String::new()),
            Lacking::Last(names) => {
                let all = table.header.len() + names;
                table.header.resize(all, String::new());
            }
        }
        table
    }

    /// The cells of the first columns, of which some may name samples.
    pub fn first_cells(&self) -> HashSet<&str> {
        let cells = self.rows.iter().flat_map(|row| row.iter().take(LOOKED_AT));
        cells
            .map(String::as_str)
            .filter(|cell| !cell.is_empty())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        Table::read(text.as_bytes(), true).expect("a table")
    }

    #[test]
    fn numbers_are_names_where_they_are_whole_and_differ() {
        for (header, is_none) in [
            ("gene\t101\t102\t103", false),
            ("\t101\t102\t103", false),
            ("gene\tS1\tS2\tS3", false),
            ("gene\t1.5\t2\t3", true),
            ("gene\t5\t0\t0", true),
            ("ENSG1\t5\t0\t3", true),
            ("MYC\t5\t0\t3", true),
            ("7157\t5\t0\t3", true),
        ] {
            let table = table(&format!(
                "{header}\nENSG2\t1.5\t2\t0\nENSG3\t1\t2.5\t0\nENSG4\t1\t2\t0\n"
            ));
            assert_eq!(has_no_header(&table), is_none, "{header}");
        }
    }

    #[test]
    fn it_is_told_which_name_a_header_lacks() {
        use Lacking::{First, Last};
        for (header, rows, which) in [
            ("S1\tS2", ["ENSG1\t1\t2", "ENSG2\t1\t2"], Some(First)),
            (
                "symbol\tS1\tS2",
                ["ENSG1\tTP53\t1\t2", "ENSG2\tMYC\t1\t2"],
                Some(First),
            ),
            (
                "gene_id\tsymbol\tS1\tS2",
                ["1\tENSG1\tTP53\t1\t2", "2\tENSG2\tMYC\t1\t2"],
                Some(First),
            ),
            (
                "gene_id\tsymbol\tS1\tS2",
                ["ENSG1\tTP53\t1\t2\t3", "ENSG2\tMYC\t1\t2\t3"],
                Some(Last(1)),
            ),
            ("gene\tS1", ["ENSG1\t1\t2", "ENSG2\t1\t2"], Some(Last(1))),
            ("length\tS1", ["ENSG1\t1\t2", "ENSG2\t1\t2"], Some(First)),
            ("gene\tS1", ["ENSG1\t1\t2\t3", "ENSG2\t1\t2\t3"], Some(Last(2))),
            ("gene\tS1", ["ENSG1\t1\t2", "ENSG2\t1"], None),
            ("title", ["gene\tS1\tS2", "ENSG2\t1\t2"], None),
            ("gene\tS1\t", ["ENSG1\t1\t2", "ENSG2\t1\t2"], None),
            ("S1\tS2\tS3\t", ["ENSG1\t1\t2\t3", "ENSG2\t1\t2\t3"], Some(First)),
            (
                "S1\tS2\tS3\t\t",
                ["ENSG1\t1\t2\t3\t", "ENSG2\t1\t2\t3\t"],
                Some(First),
            ),
            ("Accession\tS1\tS2\t", ["ENSG1\t1\t2\t3", "ENSG2\t1\t2\t3"], None),
            (
                "Accession\tS1\tS2",
                ["ENSG1\t1\t2\t3", "ENSG2\t1\t2\t3"],
                Some(Last(1)),
            ),
            (
                "liver\tlung\tskin",
                ["ENSG1\t1\t2\t3", "ENSG2\t1\t2\t3"],
                Some(First),
            ),
            ("liver\tlung\tskin\t", ["ENSG1\t1\t2\t3", "ENSG2\t1\t2\t3"], None),
            ("probe_id\tS1\t", ["ENSG1\t1\t2", "ENSG2\t1\t2"], None),
            ("id\tS1\tS2", ["ENSG1\t1\t2\t3", "ENSG2\t1\t2\t3"], Some(Last(1))),
            ("\"S1\"\t\"S2\"", ["\"E1\"\t1\t2", "\"E2\"\t1\t2"], Some(First)),
            ("gene\tS1", ["ENSG1\t1\t", "ENSG2\t1\t"], None),
        ] {
            let table = table(&format!("{header}\n{}\n", rows.join("\n")));
            assert_eq!(lacking(&table), which, "{header} over {rows:?}");
        }
    }

    #[test]
    fn samples_in_the_rows_are_seen() {
        let known = HashSet::from(["S1", "S2", "S3"]);
        let long = table("gene\tsample\tvalue\nA\tS1\t1\nA\tS2\t2\nB\tS1\t1\nB\tS2\t2\n");
        let found =
            |table: &Table, known| sample_rows(table, known).map(|rows| (rows.column, rows.long, rows.known));
        assert_eq!(found(&long, Some(&known)), Some((1, true, true)));
        assert_eq!(found(&long, None), Some((1, true, false)));
        let turned = table("id\tTP53\tMYC\nS1\t1\t2\nS2\t1\t2\n");
        assert_eq!(found(&turned, Some(&known)), Some((0, false, true)));
        assert_eq!(found(&turned, None), None);
        let plain = table("gene\tS1\tS2\nA\t1\t2\nB\t1\t2\n");
        assert_eq!(found(&plain, Some(&known)), None);
        let described = table("gene\tsample\tS1\nA\tx\t1\nB\tx\t2\n");
        assert_eq!(found(&described, None), None);
    }
}
