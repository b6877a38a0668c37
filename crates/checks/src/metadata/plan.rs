//! What is to be done with each column of a metadata file, decided once by its header.

use std::sync::Arc;

use odmkit_columns::kernel::Kernel;
use odmkit_core::{FieldNumber, FileKind, Position};
use odmkit_diagnostics::Sink;
use odmkit_formats::fields;
use odmkit_formats::head::BYTE_ORDER_MARK;
use odmkit_template::{DataType, Dictionaries, Dictionary, Template, ValueType};

use super::cells::CellColumn;
use super::header::Header;
use super::known::Role;
use super::names::judge_names;
use super::partial::MetadataPartial;
use super::scan::{MetadataScratch, scan};
use crate::rules::t012_quoted_field::{is_nothing, meant};

/// What a metadata file is judged by.
#[derive(Debug, Clone, Copy)]
pub struct MetadataInput<'a> {
    /// The file, as the user named it.
    pub path: &'a Arc<str>,
    /// What the file is.
    pub kind: FileKind,
    /// The kind of the data file that an expression-metadata file describes; expression where it is not known.
    pub describes: Option<FileKind>,
    /// The template.
    pub template: &'a Template,
    /// The dictionaries that are at hand.
    pub dictionaries: &'a Dictionaries,
    /// Columns whose values are wanted in the summary. Key columns are always kept.
    pub keep: &'a [String],
    /// Up to this many records every column is kept.
    pub keep_all_up_to: u64,
}

/// The plan for the rows of one metadata file. Threads share it.
#[derive(Debug)]
pub struct MetadataPlan {
    pub(super) path: Arc<str>,
    pub(super) kind: FileKind,
    pub(super) header: Position,
    /// The line of the names, without white space and a byte order mark around it.
    pub(super) header_line: Vec<u8>,
    /// The named columns and those between them.
    pub(super) columns: Vec<Column>,
    /// Blank names after the last column.
    pub(super) padding: usize,
    /// The byte of the first of them.
    pub(super) padding_at: Position,
    /// All names are in quotes: values in quotes are no cause of their own.
    pub(super) all_quoted: bool,
    /// The headings of grouped attributes.
    pub(super) groups: Vec<String>,
    /// The kept columns.
    pub(super) kept: Vec<Kept>,
    /// Up to this many records every column is kept.
    pub(super) keep_all_up_to: u64,
    /// Rows are not looked at: the header is of another format.
    pub(super) unreadable: bool,
}

/// A column whose values are kept.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) field: FieldNumber,
    /// However many records there are.
    pub(super) always: bool,
}

/// What is to be done with the values of one column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    /// Where the name stands.
    pub(super) at: Position,
    /// The known name that it is, or was probably meant to be.
    pub(super) meant: Option<Arc<str>>,
    pub(super) role: Role,
    /// The type and the dictionary to judge values by, where there is anything to judge.
    pub(super) judged: Option<Judged>,
    /// How the values are read, in a cells file.
    pub(super) cell: Option<CellColumn>,
    /// It has another name than ODM knows for values that are read so: now they are text. Whether it is to be renamed its
    /// values say.
    pub(super) misnamed: bool,
    /// The place among the kept columns.
    pub(super) kept: Option<usize>,
    /// The place among the groups.
    pub(super) group: Option<usize>,
    /// Nothing is said of its values: it repeats another column, or ODM ignores it.
    pub(super) ignored: bool,
    /// The template has no such attribute of this data type. Told where the column has values.
    pub(super) unknown_to: Option<DataType>,
    /// The dictionary that its values should be looked up in, and that was not given. Told where it has values.
    pub(super) no_dictionary: Option<String>,
}

/// What values are judged by.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) value_type: ValueType,
    pub(super) dictionary: Option<Arc<Dictionary>>,
}

impl MetadataPlan {
    /// Judges a header line, without its terminator, that begins at `at`, and plans the rest.
    pub fn new(input: &MetadataInput<'_>, header: &[u8], at: Position, sink: &mut dyn Sink) -> Self {
        let header_line = without_mark(header).trim_ascii().to_vec();
        let header = Header::read(header, at);
        let data_type = DataType::judging(input.kind, input.describes);
        let mut plan = Self {
            path: Arc::clone(input.path),
            kind: input.kind,
            header: at,
            header_line,
            columns: Vec::new(),
            padding: header.padding,
            padding_at: header.padding_at,
            all_quoted: header.all_quoted,
            groups: Vec::new(),
            kept: Vec::new(),
            keep_all_up_to: input.keep_all_up_to,
            unreadable: false,
        };
        match judge_names(input, data_type, &header, sink) {
            Some(columns) => plan.columns = columns,
            None => plan.unreadable = true,
        }
        plan.plan_groups();
        plan.plan_kept(input.keep);
        plan
    }

    /// What a thread uses again for each block.
    pub fn scratch(&self, kernel: Kernel) -> MetadataScratch {
        MetadataScratch::new(kernel, self.columns.len())
    }

    /// Looks at one line-aligned block of rows. It does not know where the block stands.
    pub fn scan(&self, scratch: &mut MetadataScratch, block: &[u8]) -> MetadataPartial {
        scan(self, scratch, block)
    }

    /// What the file is.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Whether a column holds keys: its values are compared with those of other files.
    pub fn is_key(&self, index: usize) -> bool {
        let role = self.columns.get(index).map(|column| column.role);
        matches!(role, Some(Role::Key | Role::Parent))
    }

    /// The known name that a column, 0-based, stands for.
    pub fn meant(&self, index: usize) -> Option<&str> {
        self.columns.get(index)?.meant.as_deref()
    }

    /// The columns, 0-based, that are to be renamed where their values are what the name promises, and that name.
    pub fn misnamed(&self) -> impl Iterator<Item = (usize, &str)> {
        let columns = self.columns.iter().enumerate();
        columns
            .filter_map(|(index, column)| Some((index, column.meant.as_deref().filter(|_| column.misnamed)?)))
    }

    /// The names of the columns, in order, and where they stand; a column without a name has an empty one.
    pub fn names(&self) -> impl Iterator<Item = (&str, Position)> {
        self.columns
            .iter()
            .map(|column| (column.name.as_str(), column.at))
    }

    /// Whether a row says what the header says, in other letters or with something around the names perhaps. Of one column
    /// without keys a value may well be its name.
    pub fn is_header(&self, row: &[u8]) -> bool {
        let row = without_mark(row);
        let may_be = self.columns.len() > 1 || self.kind.key_attribute().is_some();
        may_be && first_letter(row) == first_letter(&self.header_line) && self.has_names(row)
    }

    fn has_names(&self, row: &[u8]) -> bool {
        let mut found = fields(row).map(|(_, field)| field.trim_ascii());
        let is = |column: &Column, field: &[u8]| meant(field).eq_ignore_ascii_case(column.name.as_bytes());
        row.trim_ascii() == self.header_line
            || (!self.columns.is_empty()
                && self
                    .columns
                    .iter()
                    .all(|column| found.next().is_some_and(|field| is(column, field)))
                && found.all(is_nothing))
    }

    /// Groups are worth a look where several columns share a heading.
    fn plan_groups(&mut self) {
        let heading = |name: &str| name.rsplit_once(" / ").map(|(heading, _)| heading.to_owned());
        let headings: Vec<Option<String>> = self
            .columns
            .iter()
            .map(|column| {
                if column.ignored {
                    None
                } else {
                    heading(&column.name)
                }
            })
            .collect();
        for (index, one) in headings.iter().enumerate() {
            let Some(one) = one else { continue };
            if headings
                .iter()
                .filter(|other| other.as_ref() == Some(one))
                .count()
                < 2
            {
                continue;
            }
            let place = self
                .groups
                .iter()
                .position(|group| group == one)
                .unwrap_or_else(|| {
                    self.groups.push(one.clone());
                    self.groups.len() - 1
                });
            self.columns[index].group = Some(place);
        }
    }

    fn plan_kept(&mut self, keep: &[String]) {
        for (index, column) in self.columns.iter_mut().enumerate() {
            let is_key = matches!(column.role, Role::Key | Role::Parent);
            // A key under a slip of a name is kept under the name that was meant: the slip is told already, and
            // is not to be told again as missing links.
            let meant = column.meant.as_deref().filter(|_| is_key);
            let name = meant.unwrap_or(&column.name);
            let always = is_key || keep.iter().any(|wanted| wanted == name);
            if (always || self.keep_all_up_to > 0) && !column.ignored {
                column.kept = Some(self.kept.len());
                let field = FieldNumber::from_index(index);
                self.kept.push(Kept {
                    name: name.to_owned(),
                    field,
                    always,
                });
            }
        }
    }
}

/// A line without the byte order mark before it: files that were put together have one in their middle.
fn without_mark(line: &[u8]) -> &[u8] {
    line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line)
}

/// The first letter of a line, in small letters, whatever stands around its first field.
fn first_letter(line: &[u8]) -> Option<u8> {
    let first = line.iter().find(|byte| !matches!(byte, b' ' | b'"'));
    first.map(u8::to_ascii_lowercase)
}
