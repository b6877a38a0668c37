//! What is mended in a metadata table.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use odmkit_checks::metadata::{MetadataInput, MetadataPlan, is_note, is_part_of_cell};
use odmkit_checks::rules::m003_type_mismatch::OpenDates;
use odmkit_checks::rules::t012_quoted_field::{self as t012, Quoting, is_nothing, is_wrapped};
use odmkit_core::{ByteOffset, LineNumber, Position};
use odmkit_diagnostics::{Code, Collected, Diagnostic};
use odmkit_formats::{HeaderLine, Lines, fields};
use odmkit_template::value::{self, ALWAYS_VALID, DateOrder};
use odmkit_template::{DataType, Dictionary, Form, Judgement, Lookup, ValueType};

use super::Edits;
use super::cells::{Fields, bare, bare_key, bare_of_blanks, has_row_name, trimmed};
use super::kept::is_in_doubt;
use super::text::Endings;
use crate::check::CheckedTable;

/// One mend of a name opens the next: its quotes come off, and it is nearly one that is known.
const NAMINGS: usize = 4;

/// How a metadata table is rewritten.
pub(super) struct TableRows<'a> {
    columns: Vec<Column<'a>>,
    /// How many names the header has, blank ones after the last column among them.
    named: usize,
    /// What the header says.
    plan: MetadataPlan,
    /// The names in the end.
    names: Vec<Vec<u8>>,
    /// What was done to them.
    edits: Edits,
    /// Whether blank names after the last column are cut off, and what stands under them.
    cut_names: bool,
    /// Whether all names were in quotes.
    in_quotes: bool,
}

#[derive(Default)]
struct Column<'a> {
    /// The name that was meant, and the rule that says so.
    renamed: Option<(&'static str, String)>,
    /// Nothing is said of its values, and nothing is mended.
    ignored: bool,
    /// Its values are compared with those of other files.
    is_key: bool,
    /// Without their quotes some keys would stand twice.
    keeps_quotes: bool,
    value_type: Option<ValueType>,
    dictionary: Option<&'a Dictionary>,
    dates: Dates,
}

/// What is done with dates that are written with the day or the month first.
#[derive(Debug, Clone, Copy, Default)]
enum Dates {
    /// Those of which it is certain are mended.
    #[default]
    Certain,
    /// None: those of which it is certain show what others are.
    Shown,
    /// All, in this order.
    By(DateOrder),
}

impl<'a> TableRows<'a> {
    /// A plan for a table that was checked, whose first line is `header`.
    pub(super) fn new(
        header: &[u8],
        table: &CheckedTable,
        input: &MetadataInput<'a>,
        found: &Collected,
        with_unsafe: bool,
    ) -> Self {
        let width = table.columns.len();
        let has = |code: &str| found.by_code.keys().any(|known| known.as_str() == code);
        let mut rows = Self {
            columns: Vec::new(),
            named: fields(header).count(),
            plan: MetadataPlan::new(input, header, Position::START, &mut Vec::new()),
            names: fields(header)
                .take(width)
                .map(|(_, name)| name.to_vec())
                .collect(),
            edits: Edits::default(),
            in_quotes: found
                .diagnostics
                .iter()
                .any(|finding| finding.cause.as_deref() == Some(t012::QUOTED_TABLE) && finding.fix.is_some()),
            cut_names: has("T007") && !(is_in_doubt("T007", has) && has_unnamed_beyond(width, found)),
        };
        for _ in 0..NAMINGS {
            rows.columns = columns(&rows.names, input, found);
            let mut names: Vec<Vec<u8>> = Vec::with_capacity(rows.names.len());
            let mut taken: HashSet<Vec<u8>> =
                rows.names.iter().map(|name| name.trim_ascii().to_vec()).collect();
            for (name, column) in rows.names.iter().zip(&rows.columns) {
                let mut edits = Edits::default();
                let mended = match &column.renamed {
                    Some((code, meant)) => {
                        edits.add(code, 1);
                        meant.clone().into_bytes()
                    }
                    None => bare(name, &mut edits).into_owned(),
                };
                // Two columns of one name are worse than one that is misspelt. White space around a name makes no other one.
                let is_other = name.trim_ascii() != mended;
                if is_other && !taken.insert(mended.clone()) {
                    names.push(name.clone());
                } else {
                    rows.edits.take(&edits);
                    names.push(mended);
                }
            }
            if names == rows.names {
                break;
            }
            rows.names = names;
        }
        rows.settle_dates(table, found, with_unsafe);
        let twice = |finding: &&Diagnostic| finding.cause.as_deref() == Some(t012::TWICE);
        for column in found
            .diagnostics
            .iter()
            .filter(twice)
            .filter_map(|finding| finding.column)
        {
            if let Some(column) = rows.columns.get_mut(column.index()) {
                column.keeps_quotes = true;
            }
        }
        rows
    }

    /// Decides what is done with dates of which either the day or the month comes first.
    fn settle_dates(&mut self, table: &CheckedTable, found: &Collected, with_unsafe: bool) {
        // What dates in quotes show is known in the next round, when they have none.
        let quotes = |finding: &Diagnostic| {
            finding.rule.code.as_str() == "T012" && finding.fix.as_ref().is_some_and(|fix| fix.safe)
        };
        let has_quotes = found.diagnostics.iter().any(quotes);
        for column in &mut self.columns {
            column.dates = if has_quotes { Dates::Shown } else { Dates::Certain };
        }
        for (index, open) in &table.open_dates {
            if let Some(column) = self.columns.get_mut(*index) {
                column.dates = match open {
                    OpenDates::Settled(order) if with_unsafe && !has_quotes => Dates::By(*order),
                    _ => Dates::Shown,
                };
            }
        }
    }

    /// Rewrites the header.
    pub(super) fn head(&self, head: &[u8], endings: Endings, out: &mut Vec<u8>, edits: &mut Edits) {
        edits.take(&self.edits);
        for line in Lines::new(head) {
            if line.is_blank() {
                endings.leave_out(1, edits);
                continue;
            }
            self.names(line.text, out, edits);
            endings.end(line.terminator, out, edits);
        }
    }

    fn names(&self, line: &[u8], out: &mut Vec<u8>, edits: &mut Edits) {
        let mut written = Fields::new(out);
        let mut cut = false;
        for (index, (_, field)) in fields(line).enumerate() {
            match self.names.get(index) {
                Some(name) => written.push(name),
                None if self.cut_names => cut = true,
                None => written.push(field),
            }
        }
        if cut {
            edits.add("T007", 1);
        }
    }

    /// Rewrites a row that is not blank. One with values beyond the last column is left alone: which field is
    /// which cannot be told.
    pub(super) fn row(&self, line: &[u8], out: &mut Vec<u8>, edits: &mut Edits) {
        // The header once more stays that: with names that are no longer those of the header it would be a record.
        if self.plan.is_header(line) {
            edits.take(&self.edits);
            return self.names(line, out, edits);
        }
        let width = self.columns.len();
        let from = |index: usize| fields(line).nth(index).map(|(start, _)| start);
        let beyond = from(width);
        let judged = fields(line)
            .skip(self.named)
            .all(|(_, field)| is_nothing(field.trim_ascii()));
        let count = 1 + memchr::memchr_iter(b'\t', line).count();
        if self.in_quotes && count == width + 1 && !judged && has_row_name(line) {
            // Which name belongs to which field is not known, but what stands around each.
            let mut written = Fields::new(out);
            fields(line).for_each(|(_, field)| written.push(&bare(field, edits)));
            return;
        }
        if !judged || is_part_of_cell(line, count, width) || is_note(line) {
            out.extend_from_slice(line);
            return;
        }
        let used = match beyond {
            Some(start) if self.cut_names => {
                edits.add("T007", 1);
                &line[..start - 1]
            }
            _ => line,
        };
        let mut written = Fields::new(out);
        for (index, (_, field)) in fields(used).enumerate() {
            match self.columns.get(index) {
                Some(column) if !column.ignored && !field.trim_ascii().is_empty() => {
                    let mut value = column.bare(field, edits);
                    // A value that is of its type now may be a synonym.
                    for _ in 0..NAMINGS {
                        match column.mended(&value, edits) {
                            Some(mended) => value = Cow::Owned(mended.into_bytes()),
                            None => break,
                        }
                    }
                    written.push(&value);
                }
                _ => written.push(field),
            }
        }
    }
}

/// Whether a column without a name stands after the last one that has one: values under it are no padding.
fn has_unnamed_beyond(width: usize, found: &Collected) -> bool {
    let is = |code: Code| code.as_str() == "T003";
    let shown: Vec<&Diagnostic> = found
        .diagnostics
        .iter()
        .filter(|finding| is(finding.rule.code))
        .collect();
    let count = found
        .by_code
        .iter()
        .find(|(code, _)| is(**code))
        .map_or(0, |(_, count)| *count);
    // Findings of one cause are told together: how far they reach says where the last column is.
    let last = |finding: &Diagnostic| match finding.spread.and_then(|spread| spread.columns) {
        Some((_, last)) => Some(last),
        None => finding.column.filter(|_| finding.count == 1),
    };
    let beyond = |finding: &&Diagnostic| last(finding).is_none_or(|column| column.index() >= width);
    shown.iter().map(|finding| finding.count).sum::<u64>() != count || shown.iter().any(beyond)
}

/// What is to be done with columns of these names.
fn columns<'a>(names: &[Vec<u8>], input: &MetadataInput<'a>, found: &Collected) -> Vec<Column<'a>> {
    let line = names.join(&b'\t');
    let read = HeaderLine::read(&line, LineNumber::FIRST, ByteOffset(0));
    let data_type = DataType::judging(input.kind, input.describes);
    let mut met: HashMap<&str, usize> = HashMap::new();
    let mut columns: Vec<Column<'a>> = Vec::new();
    let mut findings: Vec<Diagnostic> = Vec::new();
    let plan = MetadataPlan::new(input, &line, Position::START, &mut findings);
    for index in 0..names.len() {
        let name = read.text(index);
        let first = *met.entry(name).or_insert(index) == index;
        // A name that only looks like a known one is judged by that, and not mended.
        let meant = plan.meant(index).unwrap_or(name);
        let attribute = data_type.and_then(|data_type| input.template.find(data_type, meant));
        let dictionary = attribute
            .and_then(|attribute| input.dictionaries.get(attribute.dictionary.as_deref()?))
            .filter(|dictionary| !dictionary.is_empty());
        columns.push(Column {
            renamed: None,
            ignored: name.is_empty() || !first,
            is_key: plan.is_key(index),
            keeps_quotes: false,
            value_type: attribute.map(|attribute| attribute.value_type),
            dictionary: dictionary.map(AsRef::as_ref),
            dates: Dates::default(),
        });
    }
    for finding in findings {
        let column = finding.column.and_then(|column| columns.get_mut(column.index()));
        let Some(column) = column else { continue };
        let code = ["M007", "M010", "C003"]
            .into_iter()
            .find(|code| *code == finding.rule.code.as_str());
        if let (Some(code), Some(_)) = (code, finding.fix) {
            column.renamed = finding.field.map(|name| (code, name));
        }
        column.ignored |= finding.rule.code.as_str() == "M008";
    }
    for (index, meant) in plan.misnamed() {
        let fits = |finding: &Diagnostic| {
            finding.rule.code.as_str() == "C003"
                && finding.fix.is_some()
                && finding.column.is_some_and(|column| column.index() == index)
        };
        if found.diagnostics.iter().any(fits) {
            columns[index].renamed = Some(("C003", meant.to_owned()));
        }
    }
    columns
}

impl Column<'_> {
    /// The value without white space and quotes around it.
    fn bare<'f>(&self, field: &'f [u8], edits: &mut Edits) -> Cow<'f, [u8]> {
        match Quoting::of(bare_of_blanks(field)) {
            // It may be a part of a cell that goes on in the next line.
            Some(Quoting::Unclosed) => return field.into(),
            Some(Quoting::Around) if self.keeps_quotes => return trimmed(field, edits).into(),
            Some(Quoting::Blank) if !self.is_key => {
                edits.add("T012", 1);
                return b"".into();
            }
            _ => {}
        }
        // In a key a blank that does not break is to be mended wherever the key is referred to.
        if self.is_key {
            bare_key(field, edits)
        } else {
            bare(field, edits)
        }
    }

    /// The value with its items as the template wants them; `None` where nothing is to be mended.
    fn mended(&self, value: &[u8], edits: &mut Edits) -> Option<String> {
        let is_list = value.contains(&b'|');
        let is_judged =
            self.dictionary.is_some() || self.value_type.is_some_and(|known| known != ValueType::String);
        if !(is_judged || is_list) || Quoting::of(value).is_some() {
            return None;
        }
        let text = std::str::from_utf8(value).ok()?;
        let mut mended: Option<String> = None;
        let mut done = 0;
        for item in value::items(text).filter(|item| !item.is_empty()) {
            // An item is a part of the text.
            let start = item.as_ptr().addr() - text.as_ptr().addr();
            let unquoted = || Some(item).filter(|item| is_list && is_wrapped(item.as_bytes()));
            let bare = unquoted().map(|item| ("T012", item[1..item.len() - 1].trim().to_owned()));
            let Some((code, new)) = bare.or_else(|| self.item(self.value_type?, item)) else {
                continue;
            };
            // A pipe would part the list at another place.
            if new.contains(['|', '\t', '\n', '\r']) || new.is_empty() {
                continue;
            }
            edits.add(code, 1);
            let whole = mended.get_or_insert_with(String::new);
            whole.push_str(&text[done..start]);
            whole.push_str(&new);
            done = start + item.len();
        }
        mended.map(|whole| whole + &text[done..])
    }

    fn item(&self, value_type: ValueType, item: &str) -> Option<(&'static str, String)> {
        if let Judgement::Not(form) = value::judge(value_type, item) {
            let mended = match (form, self.dates) {
                (Form::DayFirst | Form::MonthFirst, Dates::Shown) => None,
                (Form::EitherFirst, Dates::By(order)) => value::dated(item, order),
                _ => form.mended(value_type, item),
            };
            return mended.map(|new| ("M003", new));
        }
        if ALWAYS_VALID.contains(&item) {
            return None;
        }
        match self.dictionary?.lookup(item) {
            Lookup::Synonym(label) if label != item => Some(("M005", label.to_owned())),
            _ => None,
        }
    }
}
