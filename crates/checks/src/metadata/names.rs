//! Which column of a metadata file is which attribute, and what is wrong with the names.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use odmkit_core::{FileKind, Position};
use odmkit_diagnostics::{Diagnostic, Effect, Sink};
use odmkit_template::attribute::is_technical;
use odmkit_template::{Attribute, DataType, Dictionaries};

use super::cells::{self, CellColumn};
use super::header::{Header, Name};
use super::known::{Known, Likeness, Role, known, likest, loose};
use super::look_alike::{differing, is_white};
use super::plan::{Column, Judged, MetadataInput};
use crate::names::{as_one_cause, odd_name};
use crate::rules::{
    c001_bad_cells_column as c001, c003_cells_column_alias as c003, f008_not_this_kind as f008,
    m001_missing_attribute as m001, m007_near_attribute as m007, m008_read_only_attribute as m008,
    m010_no_key_column as m010, m015_recommended_attribute as m015, t002_duplicate_column as t002,
    t003_unnamed_column as t003, t004_long_column_name as t004, t006_padded_text as t006,
    t009_look_alike_characters as t009, t012_quoted_field as t012,
};

/// The longest name, in characters.
const NAME_LIMIT: usize = 255;

/// A column that is not the likest to the name that it is most like is compared with those that are left, so many times.
const LIKENINGS: usize = 3;

/// Judges the names and says what each column is. Nothing comes back for a header of another format.
pub(super) fn judge_names(
    input: &MetadataInput<'_>,
    data_type: Option<DataType>,
    header: &Header,
    sink: &mut dyn Sink,
) -> Option<Vec<Column>> {
    let mut judge = Judge {
        input,
        data_type,
        known: known(input.kind, data_type, input.template),
        columns: header.names.iter().map(Column::named).collect(),
        claimed: HashMap::new(),
        disputed: HashSet::new(),
        repeated: HashSet::new(),
        nameless: Vec::new(),
        sink,
    };
    if let Some(separated) = header
        .single
        .as_deref()
        .and_then(|line| judge.other_separator(line))
    {
        let help = "save the file as tab-separated text";
        judge.sink.push(f008::finding(input.path, separated, help));
        return None;
    }
    if header.names.is_empty() {
        judge.sink.push(t003::finding(input.path, header.at));
        return None;
    }
    judge.spelling(header);
    judge.exact(header);
    let unknown = judge.likeness(header);
    judge.odd(header, &unknown);
    let renamed = judge.absent(header);
    for finding in std::mem::take(&mut judge.nameless) {
        judge.sink.push(finding);
    }
    judge.unknown(&unknown, &renamed);
    judge.dictionaries();
    Some(judge.columns)
}

impl Column {
    fn named(name: &Name) -> Self {
        Self {
            name: name.text.clone(),
            at: name.at,
            meant: None,
            role: Role::Plain,
            judged: None,
            cell: None,
            misnamed: false,
            kept: None,
            group: None,
            ignored: false,
            unknown_to: None,
            no_dictionary: None,
        }
    }
}

struct Judge<'a> {
    input: &'a MetadataInput<'a>,
    data_type: Option<DataType>,
    known: Vec<Known>,
    columns: Vec<Column>,
    /// The column that stands for each known name, by the name's place.
    claimed: HashMap<usize, usize>,
    /// The known names that several columns are equally like.
    disputed: HashSet<usize>,
    /// The first columns of names that are used more than once: which of them the name is meant for, nobody can tell.
    repeated: HashSet<usize>,
    /// What is told of columns that have no name, or one that stands before them.
    nameless: Vec<Diagnostic>,
    sink: &'a mut dyn Sink,
}

impl Judge<'_> {
    /// What a header without tabs is separated by, if it holds a known name between commas or semicolons.
    fn other_separator(&self, line: &str) -> Option<&'static str> {
        let separated = |separator: char| {
            line.contains(separator)
                && line
                    .split(separator)
                    .map(|part| part.trim().trim_matches('"'))
                    .any(|part| {
                        self.known
                            .iter()
                            .any(|known| known.name.eq_ignore_ascii_case(part))
                    })
        };
        if separated(',') {
            Some("a comma-separated table")
        } else if separated(';') {
            Some("a semicolon-separated table")
        } else {
            None
        }
    }

    /// What is wrong with names whatever they mean.
    fn spelling(&mut self, header: &Header) {
        let mut first: HashMap<&str, (usize, Position)> = HashMap::new();
        let plain: HashMap<&str, Position> = header
            .names
            .iter()
            .rev()
            .filter(|name| !name.quoted)
            .map(|name| (name.text.as_str(), name.at))
            .collect();
        for (index, (column, name)) in self.columns.iter_mut().zip(&header.names).enumerate() {
            let path = self.input.path;
            if name.text.is_empty() {
                self.nameless.push(t003::finding(path, name.at));
                column.ignored = true;
                continue;
            }
            let length = name.text.chars().count();
            if length > NAME_LIMIT {
                self.sink
                    .push(t004::finding(path, name.at, &name.text, length as u64));
            }
            if name.raw.starts_with(is_white) || name.raw.ends_with(is_white) {
                self.sink.push(t006::in_name(path, name.at, &name.raw));
            }
            let written = name.raw.trim();
            if let Some((first, at)) = first.get(written) {
                self.nameless.push(t002::finding(path, name.at, &name.text, *at));
                self.repeated.insert(*first);
                column.ignored = true;
                continue;
            }
            first.insert(written, (index, name.at));
            if let Some(other) = plain.get(name.text.as_str()).filter(|_| name.quoted) {
                self.sink
                    .push(t012::name_twice(path, name.at, "column name", written, *other));
                column.ignored = true;
            }
        }
    }

    /// Columns with exactly a known name, or with one that ODM fills itself.
    fn exact(&mut self, header: &Header) {
        if let Some(first) = header.names.first().filter(|_| header.all_quoted) {
            let has_key = self.input.kind.key_attribute().is_some();
            self.sink
                .push(t012::all_names(self.input.path, first.at, &first.text, has_key));
        }
        for (index, name) in header.names.iter().enumerate() {
            if self.columns[index].ignored {
                continue;
            }
            let known = self
                .known
                .iter()
                .position(|known| known.name.as_ref() == name.text);
            if let Some(known) = known {
                self.claim(known, index);
                if name.quoted && !header.all_quoted {
                    self.quoted(known, name);
                }
                continue;
            }
            if name.quoted && !header.all_quoted {
                self.sink
                    .push(t012::finding(self.input.path, name.at, &name.text, &name.raw));
            }
            let of_template = |data_type| self.input.template.find(data_type, &name.text);
            let technical = match (self.data_type, self.input.kind) {
                (Some(data_type), _) => {
                    is_technical(&name.text, data_type)
                        || of_template(data_type).is_some_and(Attribute::is_technical)
                }
                (None, FileKind::Cells) => ["cellID", "genestack:accession"].contains(&name.text.as_str()),
                (None, _) => false,
            };
            if technical {
                self.sink
                    .push(m008::finding(self.input.path, name.at, &name.text));
                self.columns[index].ignored = true;
            }
        }
    }

    /// A known name in quotes. ODM takes the quotes for part of the name, so that a key is not found.
    fn quoted(&mut self, known: usize, name: &Name) {
        let known = &self.known[known];
        let path = self.input.path;
        let why = "the quotes are part of the name";
        let raw = name.raw.trim();
        self.sink.push(match (known.role, self.input.kind) {
            (Role::Key | Role::Parent, FileKind::Cells) => {
                c001::misnamed(path, name.at, &known.name, raw, Some(why))
            }
            (Role::Key | Role::Parent, _) => m010::misnamed(path, name.at, &known.name, raw, Some(why)),
            _ => t012::finding(path, name.at, &name.text, raw),
        });
    }

    /// Columns whose names are only like a known one; gives those that nobody knows.
    fn likeness(&mut self, header: &Header) -> Vec<usize> {
        let mut unknown = Vec::new();
        let claimed: HashSet<usize> = self.claimed.values().copied().collect();
        let mut left: Vec<usize> = (0..self.columns.len())
            .filter(|index| !self.columns[*index].ignored && !claimed.contains(index))
            .collect();
        // By the column, in whose order they are told.
        let mut findings: BTreeMap<usize, Diagnostic> = BTreeMap::new();
        let mut near = HashSet::new();
        for _ in 0..LIKENINGS {
            let mut liked: BTreeMap<usize, Vec<(Likeness, usize)>> = BTreeMap::new();
            let free: Vec<usize> = (0..self.known.len())
                .filter(|known| !self.claimed.contains_key(known) && !self.disputed.contains(known))
                .collect();
            let names: Vec<&str> = free
                .iter()
                .map(|known| self.known[*known].name.as_ref())
                .collect();
            for index in std::mem::take(&mut left) {
                match self.likest(&header.names[index].text, &names) {
                    Some((likeness, at)) => liked.entry(free[at]).or_default().push((likeness, index)),
                    None => unknown.push(index),
                }
            }
            for (known, columns) in liked {
                let nearest = columns.iter().map(|(likeness, _)| *likeness).min();
                let (nearest, farther): (Vec<_>, Vec<_>) = columns
                    .into_iter()
                    .partition(|(likeness, _)| Some(*likeness) == nearest);
                left.extend(farther.iter().map(|(_, index)| *index));
                if let [(likeness, index)] = nearest[..] {
                    self.claim(known, index);
                    let column = &mut self.columns[index];
                    column.misnamed = likeness != Likeness::LookAlike && column.cell.is_some();
                    if !column.misnamed {
                        if likeness == Likeness::Near {
                            near.insert(index);
                        }
                        findings.insert(index, self.alike(likeness, known, &header.names[index]));
                    }
                } else {
                    let rivals: Vec<&Name> = nearest.iter().map(|(_, index)| &header.names[*index]).collect();
                    findings.insert(nearest[0].1, self.rivals(known, &rivals));
                    self.disputed.insert(known);
                }
            }
        }
        unknown.append(&mut left);
        unknown.sort_unstable();
        let renamed = findings
            .iter_mut()
            .filter(|(index, finding)| near.contains(index) && finding.rule.code == m007::RULE.code);
        let mut renamed: Vec<&mut Diagnostic> = renamed.map(|(_, finding)| finding).collect();
        as_one_cause(&mut renamed);
        for finding in findings.into_values() {
            self.sink.push(finding);
        }
        unknown
    }

    /// The place of the one of these names that `found` is most like.
    fn likest(&self, found: &str, names: &[&str]) -> Option<(Likeness, usize)> {
        let alias = match self.input.kind {
            FileKind::Cells => cells::alias(found).filter(|name| names.contains(name)),
            _ => None,
        };
        let (likeness, meant) = alias
            .map(|alias| (Likeness::Near, alias))
            .or_else(|| likest(found, names))?;
        Some((likeness, names.iter().position(|name| *name == meant)?))
    }

    /// Names that nobody knows, and that are not what they look like.
    fn odd(&mut self, header: &Header, unknown: &[usize]) {
        for index in unknown {
            let Column { name, at, .. } = &self.columns[*index];
            if let Some(finding) = odd_name(self.input.path, *at, name, header.is_utf8) {
                self.sink.push(finding);
            }
        }
    }

    /// Columns that nobody knows, but for those that are told to be renamed.
    fn unknown(&mut self, unknown: &[usize], renamed: &[usize]) {
        // An empty template stands for one that could not be read: what it would know, nobody can tell.
        let knows = !self.input.template.attributes().is_empty();
        let Some(data_type) = self.data_type.filter(|_| knows) else {
            return;
        };
        for index in unknown.iter().filter(|index| !renamed.contains(index)) {
            self.columns[*index].unknown_to = Some(data_type);
        }
    }

    /// A column has a name that is like a known one.
    fn alike(&self, likeness: Likeness, known: usize, name: &Name) -> Diagnostic {
        let known = &self.known[known];
        let path = self.input.path;
        let why = differing(&name.text);
        let is_cells = self.input.kind == FileKind::Cells;
        let required = known.role == Role::Required;
        match (known.role, likeness) {
            (Role::Key | Role::Parent, _) => {
                let why = Some(why.as_str()).filter(|why| !why.is_empty());
                if is_cells {
                    c001::misnamed(path, name.at, &known.name, &name.text, why)
                } else {
                    m010::misnamed(path, name.at, &known.name, &name.text, why)
                }
            }
            (_, Likeness::LookAlike) => {
                let finding = t009::finding(path, name.at, &name.text, &known.name, &why);
                if required {
                    finding.effect(Effect::Flagged).odm_error("MISSING_ATTRIBUTE")
                } else {
                    finding
                }
            }
            _ if is_cells => c003::finding(path, name.at, &name.text, &known.name),
            _ => m007::finding(path, name.at, &name.text, &known.name, required),
        }
    }

    /// Several columns are equally like a known name: which of them is meant is not ours to guess.
    fn rivals(&self, known: usize, names: &[&Name]) -> Diagnostic {
        let known = &self.known[known];
        let path = self.input.path;
        let at = names[0].at;
        let texts: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
        let is_cells = self.input.kind == FileKind::Cells;
        match known.role {
            Role::Key | Role::Parent if is_cells => c001::rivals(path, at, &known.name, &texts),
            Role::Key | Role::Parent => m010::rivals(path, at, &known.name, &texts),
            _ if is_cells => c003::rivals(path, at, &known.name, &texts),
            role => m007::rivals(path, at, &known.name, &texts, role == Role::Required),
        }
    }

    /// Known names that have no column. Gives the columns that may be what is missing under another name.
    fn absent(&mut self, header: &Header) -> Vec<usize> {
        let mut renamed = Vec::new();
        let is_absent = |index: &usize| !self.claimed.contains_key(index) && !self.disputed.contains(index);
        let is_wanted = |index: &usize| self.known[*index].role != Role::Plain;
        let absent: Vec<usize> = (0..self.known.len())
            .filter(is_absent)
            .filter(is_wanted)
            .collect();
        // One column that is absent, and one without a name of its own, are likely the same.
        let is_elsewhere = |known: &Known| {
            matches!(known.role, Role::Key | Role::Parent) && self.candidate(&known.name).is_some()
        };
        if let [one] = absent[..]
            && !is_elsewhere(&self.known[one])
            && let [nameless] = &mut self.nameless[..]
        {
            as_absent(nameless, &self.known[one].name);
            return renamed;
        }
        let required = absent
            .iter()
            .filter(|index| self.known[**index].role == Role::Required)
            .count();
        for index in absent {
            let Known { name, role, .. } = &self.known[index];
            let path = self.input.path;
            let at = header.at;
            let is_cells = self.input.kind == FileKind::Cells;
            let finding = match role {
                Role::Key | Role::Parent if is_cells => c001::absent(path, at, name),
                Role::Key | Role::Parent => {
                    let candidate = self.candidate(name);
                    renamed.extend(candidate);
                    match candidate.map(|index| &header.names[index]) {
                        Some(found) => m010::renamed(path, found.at, name, &found.text),
                        None if *role == Role::Key => {
                            m010::finding(path, at, name, m010::Purpose::Identifies)
                        }
                        None => m010::finding(path, at, name, m010::Purpose::Ties),
                    }
                }
                Role::Required => m001::finding(path, at, name, required),
                Role::Recommended => m015::absent(path, at, name),
                Role::Plain => continue,
            };
            self.sink.push(finding);
        }
        renamed
    }

    /// A column that may hold what the key `name` should: `Sample ID` for `Sample Source ID`.
    fn candidate(&self, name: &str) -> Option<usize> {
        let noun = name.split(' ').next()?.to_lowercase();
        let free = |index: &usize| {
            !self.columns[*index].ignored && !self.claimed.values().any(|column| column == index)
        };
        let loosely = |wanted: &[String]| {
            (0..self.columns.len()).filter(free).find(|index| {
                let found = loose(&self.columns[*index].name);
                wanted.contains(&found)
            })
        };
        loosely(&["id", "identifier", "accession", "number", ""].map(|word| format!("{noun}{word}")))
            .or_else(|| loosely(&["name", "label"].map(|word| format!("{noun}{word}"))))
            .or_else(|| {
                loosely(&["id".to_owned()])
                    .filter(|_| name != "Sample Source ID" || self.input.kind == FileKind::Samples)
            })
    }

    /// Dictionaries that the columns need and nobody gave, each once. One that was given and could not be read has
    /// been told as that.
    fn dictionaries(&mut self) {
        for (known, column) in &self.claimed {
            let attribute = self.known[*known].attribute.as_ref();
            let Some(dictionary) = attribute.and_then(|attribute| attribute.dictionary.as_ref()) else {
                continue;
            };
            let dictionaries = self.input.dictionaries;
            if dictionaries.get(dictionary).is_none() && !dictionaries.is_unread(dictionary) {
                self.columns[*column].no_dictionary = Some(dictionary.to_string());
            }
        }
    }

    fn claim(&mut self, known: usize, column: usize) {
        self.claimed.insert(known, column);
        let Known {
            name,
            role,
            attribute,
        } = &self.known[known];
        self.columns[column].meant = Some(Arc::clone(name));
        if self.repeated.contains(&column) && !matches!(role, Role::Key | Role::Parent) {
            return;
        }
        self.columns[column].role = *role;
        if self.input.kind == FileKind::Cells {
            self.columns[column].cell = CellColumn::find(name);
        }
        self.columns[column].judged = attribute
            .as_ref()
            .and_then(|attribute| Judged::by(attribute, self.input.dictionaries));
    }
}

/// What is told of a column without a name of its own, where `name` is the only one that no column has.
fn as_absent(nameless: &mut Diagnostic, name: &str) {
    let help = if nameless.rule.code == t002::RULE.code {
        format!("give one of the two the name {name}, if that is what it holds; else add such a column")
    } else {
        format!("name it {name}, if that is what it holds; else delete it, and add a column {name}")
    };
    nameless.message = format!("{}, and there is no column `{name}`", nameless.message);
    nameless.field = Some(name.to_owned());
    nameless.help = Some(help);
}

impl Judged {
    fn by(attribute: &Attribute, dictionaries: &Dictionaries) -> Option<Self> {
        let named = attribute.dictionary.as_deref();
        let dictionary = named
            .and_then(|name| dictionaries.get(name))
            .filter(|one| !one.is_empty())
            .cloned();
        let value_type = attribute.value_type;
        let is_free_text = value_type == odmkit_template::ValueType::String && dictionary.is_none();
        (!is_free_text).then_some(Self {
            value_type,
            dictionary,
        })
    }
}
