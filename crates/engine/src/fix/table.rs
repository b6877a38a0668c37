//! What is mended in a metadata table.

use std::collections::HashMap;

use odmkit_checks::rules::t012_quoted_field::is_quoted;
use odmkit_core::FileKind;
use odmkit_diagnostics::Collected;
use odmkit_formats::{Lines, fields};
use odmkit_template::value::{self, ALWAYS_VALID};
use odmkit_template::{DataType, Dictionary, Judgement, Lookup, ValueType};

use super::Edits;
use super::cells::{Fields, bare, bare_name};
use super::text::Endings;
use crate::check::{CheckedTable, Judge};

/// How a metadata table is rewritten.
pub(super) struct TableRows<'a> {
    columns: Vec<Column<'a>>,
    /// Whether blank names after the last column are cut off, and what stands under them.
    cut_names: bool,
}

#[derive(Default)]
struct Column<'a> {
    /// The name that was meant, and the rule that says so.
    renamed: Option<(&'static str, &'a str)>,
    /// Nothing is said of its values, and nothing is mended.
    ignored: bool,
    value_type: Option<ValueType>,
    dictionary: Option<&'a Dictionary>,
}

impl<'a> TableRows<'a> {
    /// A plan for a table that was checked.
    pub(super) fn new(
        table: &'a CheckedTable,
        kind: FileKind,
        describes: Option<FileKind>,
        judge: &'a Judge,
        found: &'a Collected,
    ) -> Self {
        let data_type = DataType::judging(kind, describes);
        let mut met: HashMap<&str, usize> = HashMap::new();
        let mut columns: Vec<Column<'a>> = Vec::new();
        for (index, (name, _)) in table.columns.iter().enumerate() {
            let first = *met.entry(name.as_str()).or_insert(index) == index;
            let attribute = data_type.and_then(|data_type| judge.template.find(data_type, name));
            let dictionary = attribute
                .and_then(|attribute| judge.dictionaries.get(attribute.dictionary.as_deref()?))
                .filter(|dictionary| !dictionary.is_empty());
            columns.push(Column {
                renamed: None,
                ignored: name.is_empty() || !first,
                value_type: attribute.map(|attribute| attribute.value_type),
                dictionary: dictionary.map(AsRef::as_ref),
            });
        }
        let mut unnamed = false;
        let mut padded = false;
        for finding in &found.diagnostics {
            let column = finding.column.and_then(|column| columns.get_mut(column.index()));
            match (finding.rule.code.as_str(), column) {
                ("M007", Some(column)) => {
                    column.renamed = finding.field.as_deref().map(|name| ("M007", name));
                }
                ("C003", Some(column)) => {
                    column.renamed = finding.field.as_deref().map(|name| ("C003", name));
                }
                ("M008", Some(column)) => column.ignored = true,
                ("T003", _) => unnamed = true,
                ("T007", _) => padded = true,
                _ => {}
            }
        }
        Self {
            columns,
            cut_names: padded && !unnamed,
        }
    }

    /// Rewrites the header.
    pub(super) fn head(&self, head: &[u8], endings: Endings, out: &mut Vec<u8>, edits: &mut Edits) {
        for line in Lines::new(head) {
            if line.is_blank() {
                edits.add("T005", 1);
                continue;
            }
            let mut written = Fields::new(out);
            let mut cut = false;
            for (index, (_, field)) in fields(line.text).enumerate() {
                match self.columns.get(index) {
                    Some(Column {
                        renamed: Some((code, name)),
                        ..
                    }) => {
                        edits.add(code, 1);
                        written.push(name.as_bytes());
                    }
                    Some(_) => written.push(bare_name(field, edits)),
                    None if self.cut_names => cut = true,
                    None => written.push(field),
                }
            }
            if cut {
                edits.add("T007", 1);
            }
            endings.end(line.terminator, out, edits);
        }
    }

    /// Rewrites a row that is not blank. One with values beyond the last column is left alone: which field is
    /// which cannot be told.
    pub(super) fn row(&self, line: &[u8], out: &mut Vec<u8>, edits: &mut Edits) {
        let width = self.columns.len();
        let beyond = fields(line).nth(width).map(|(start, _)| start);
        let judged = beyond.is_none_or(|start| line[start..].trim_ascii().is_empty());
        if !judged {
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
                    let bared = bare(field, edits);
                    match column.mended(bared, edits) {
                        Some(value) => written.push(value.as_bytes()),
                        None => written.push(bared),
                    }
                }
                _ => written.push(field),
            }
        }
    }
}

impl Column<'_> {
    /// The value with its items as the template wants them; `None` where nothing is to be mended.
    fn mended(&self, value: &[u8], edits: &mut Edits) -> Option<String> {
        let value_type = self.value_type?;
        if (value_type == ValueType::String && self.dictionary.is_none()) || is_quoted(value) {
            return None;
        }
        let text = std::str::from_utf8(value).ok()?;
        let mut mended: Option<String> = None;
        let mut done = 0;
        for item in value::items(text).filter(|item| !item.is_empty()) {
            // An item is a part of the text.
            let start = item.as_ptr().addr() - text.as_ptr().addr();
            let Some((code, new)) = self.item(value_type, item) else {
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
            return form.mended(value_type, item).map(|new| ("M003", new));
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
