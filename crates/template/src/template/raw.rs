//! From JSON with places to attributes, with every violation reported.

use std::collections::HashMap;
use std::sync::Arc;

use crate::attribute::{ACCESSION, Attribute, DataType, ValueType, is_technical};
use crate::json::{Member, Node, TextPlace, Value, parse};
use crate::violation::{Holds, Violation, ViolationKind};

const KEYS: [&str; 10] = [
    "name",
    "isRequired",
    "metainfoType",
    "dataType",
    "description",
    "isReadOnly",
    "dictionaryName",
    "isSingle",
    "dictionaryPath",
    "referencedKeyName",
];

const REQUIRED: [&str; 4] = ["name", "isRequired", "metainfoType", "dataType"];

/// The longest description, in characters.
const DESCRIPTION_LIMIT: usize = 500;

/// The longest name of a column that ODM takes, in characters.
const NAME_LIMIT: usize = 255;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The keys that only attributes of a template have: without any, an item is something else.
const TELLING: [&str; 3] = ["isRequired", "metainfoType", "dataType"];

/// Reads a template, or says everything that is wrong with it. With each attribute comes the place at which its
/// dictionary is named.
pub(super) fn read(text: &[u8]) -> Result<Vec<(Attribute, Option<TextPlace>)>, Vec<Violation>> {
    let mut reader = Reader {
        text,
        skipped: 0,
        violations: Vec::new(),
    };
    if text.starts_with(BYTE_ORDER_MARK) {
        reader.report(ViolationKind::ByteOrderMark, "", 0);
        reader.skipped = BYTE_ORDER_MARK.len();
    }
    let attributes = match parse(&text[reader.skipped..]) {
        Ok(node) => reader.template(&node),
        Err((error, at)) => {
            reader.report(ViolationKind::NotJson(error), "", at);
            Vec::new()
        }
    };
    if reader.violations.is_empty() {
        return Ok(attributes);
    }
    reader.violations.sort_by_key(|violation| violation.place.byte);
    Err(reader.violations)
}

struct Reader<'a> {
    text: &'a [u8],
    /// Bytes before the JSON.
    skipped: usize,
    violations: Vec<Violation>,
}

/// An attribute as far as it could be read.
#[derive(Default)]
struct Draft<'a> {
    name: Option<&'a str>,
    required: Option<bool>,
    value_type: Option<ValueType>,
    data_type: Option<DataType>,
    description: Option<&'a str>,
    read_only: Option<bool>,
    dictionary: Option<&'a str>,
    /// The byte at which the dictionary is named.
    dictionary_at: Option<usize>,
}

impl Reader<'_> {
    fn report(&mut self, kind: ViolationKind, pointer: &str, at: usize) {
        let place = TextPlace::of(self.text, self.skipped + at);
        self.violations.push(Violation {
            kind,
            pointer: pointer.to_owned(),
            place,
        });
    }

    fn template(&mut self, root: &Node) -> Vec<(Attribute, Option<TextPlace>)> {
        let Value::Array(items) = &root.value else {
            let kind = ViolationKind::NotAnArray {
                found: root.type_name(),
                holds: Holds::of(root),
            };
            self.report(kind, "", root.span.start);
            return Vec::new();
        };
        if let Some(item) = items.first().filter(|_| items.iter().all(is_something_else)) {
            self.report(ViolationKind::NotATemplate, "/0", item.span.start);
            return Vec::new();
        }
        let mut first: HashMap<(DataType, &str), usize> = HashMap::new();
        let mut attributes = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let pointer = format!("/{index}");
            let Some(draft) = self.item(item, &pointer) else {
                continue;
            };
            if let (Some(data_type), Some(name)) = (draft.data_type, draft.name) {
                if let Some(&before) = first.get(&(data_type, name)) {
                    let kind = if items[before].same(item) {
                        ViolationKind::DuplicateItem { first: before }
                    } else {
                        ViolationKind::DuplicateAttribute {
                            name: name.to_owned(),
                            data_type,
                            first: before,
                        }
                    };
                    self.report(kind, &pointer, item.span.start);
                    continue;
                }
                first.insert((data_type, name), index);
                let altered = draft
                    .value_type
                    .is_some_and(|value_type| value_type != ValueType::String)
                    || draft.dictionary.is_some()
                    || draft.read_only == Some(false)
                    || (name == ACCESSION && draft.required == Some(false));
                if altered && is_technical(name, data_type) {
                    let kind = ViolationKind::AlteredTechnical {
                        name: name.to_owned(),
                    };
                    self.report(kind, &pointer, item.span.start);
                }
            }
            let place = draft
                .dictionary_at
                .map(|at| TextPlace::of(self.text, self.skipped + at));
            attributes.extend(draft.finish().map(|attribute| (attribute, place)));
        }
        attributes
    }

    fn item<'n>(&mut self, item: &'n Node, pointer: &str) -> Option<Draft<'n>> {
        let Value::Object(members) = &item.value else {
            let kind = ViolationKind::WrongType {
                expected: "an attribute in braces",
                found: item.type_name(),
            };
            self.report(kind, pointer, item.span.start);
            return None;
        };
        let mut draft = Draft::default();
        let mut has_path = false;
        for (index, member) in members.iter().enumerate() {
            let pointer = format!("{pointer}/{}", escaped(&member.key));
            if members[..index].iter().any(|earlier| earlier.key == member.key) {
                self.report(
                    ViolationKind::RepeatedKey {
                        key: member.key.clone(),
                    },
                    &pointer,
                    member.at,
                );
            }
            match member.key.as_str() {
                "name" => {
                    draft.name = self.string(member, &pointer);
                    if let Some(kind) = draft.name.and_then(bad_name) {
                        self.report(kind, &pointer, member.value.span.start);
                    }
                }
                "isRequired" => draft.required = self.boolean(member, &pointer),
                "isReadOnly" => draft.read_only = self.boolean(member, &pointer),
                "isSingle" => {
                    self.boolean(member, &pointer);
                }
                "metainfoType" => draft.value_type = self.value_type(member, &pointer),
                "dataType" => draft.data_type = self.data_type(member, &pointer),
                "description" => {
                    draft.description = self.string(member, &pointer);
                    let length = draft.description.map_or(0, |text| text.chars().count());
                    if length > DESCRIPTION_LIMIT {
                        let kind = ViolationKind::LongDescription { length };
                        self.report(kind, &pointer, member.value.span.start);
                    }
                }
                "dictionaryName" => {
                    draft.dictionary = self.string(member, &pointer);
                    draft.dictionary_at = Some(member.value.span.start);
                }
                "dictionaryPath" => {
                    has_path = true;
                    self.string(member, &pointer);
                    if !members.iter().any(|other| other.key == "dictionaryName") {
                        self.report(ViolationKind::PathWithoutName, &pointer, member.at);
                    }
                }
                "referencedKeyName" => {
                    self.string(member, &pointer);
                }
                key => {
                    let nearest = nearest_key(key);
                    self.report(
                        ViolationKind::UnknownKey {
                            key: key.to_owned(),
                            nearest,
                        },
                        &pointer,
                        member.at,
                    );
                }
            }
        }
        for key in REQUIRED {
            // One that is misspelt is told of by itself.
            let is_meant =
                |found: &str| found == key || (!KEYS.contains(&found) && nearest_key(found) == Some(key));
            if !members.iter().any(|member| is_meant(&member.key)) {
                self.report(ViolationKind::MissingKey { key }, pointer, item.span.start);
            }
        }
        // The deprecated path alone must not pass for a dictionary.
        if has_path && draft.dictionary.is_none() {
            return None;
        }
        Some(draft)
    }

    fn string<'n>(&mut self, member: &'n Member, pointer: &str) -> Option<&'n str> {
        if let Value::String(text) = &member.value.value {
            return Some(text);
        }
        let kind = ViolationKind::WrongType {
            expected: "a string",
            found: member.value.type_name(),
        };
        self.report(kind, pointer, member.value.span.start);
        None
    }

    fn boolean(&mut self, member: &Member, pointer: &str) -> Option<bool> {
        if let Value::Bool(flag) = member.value.value {
            return Some(flag);
        }
        let kind = ViolationKind::WrongType {
            expected: "true or false",
            found: member.value.type_name(),
        };
        self.report(kind, pointer, member.value.span.start);
        None
    }

    fn value_type(&mut self, member: &Member, pointer: &str) -> Option<ValueType> {
        let text = self.string(member, pointer)?;
        let found = ValueType::find(text);
        if found.is_none() {
            // `IntegerValue`, `Integer` and `integer` are what people write for the full name.
            let short = |name: &'static str| name.rsplit('.').next().unwrap_or(name);
            let known = ValueType::ALL.into_iter().flat_map(|one| {
                [
                    (one.name(), one),
                    (short(one.name()), one),
                    (short(one.name()).trim_end_matches("Value"), one),
                ]
            });
            let nearest = nearest_of(text, known);
            let kind = ViolationKind::BadValueType {
                found: text.to_owned(),
                nearest,
            };
            self.report(kind, pointer, member.value.span.start);
        }
        found
    }

    fn data_type(&mut self, member: &Member, pointer: &str) -> Option<DataType> {
        let text = self.string(member, pointer)?;
        let found = DataType::find(text);
        if found.is_none() {
            let known = DataType::ALL.into_iter().flat_map(|one| {
                let short = one.name().trim_start_matches("genestack:");
                [
                    (one.name(), one),
                    (short, one),
                    (short.trim_end_matches("Object"), one),
                ]
            });
            let nearest = nearest_of(text, known);
            let kind = ViolationKind::BadDataType {
                found: text.to_owned(),
                nearest,
            };
            self.report(kind, pointer, member.value.span.start);
        }
        found
    }
}

impl Draft<'_> {
    fn finish(self) -> Option<Attribute> {
        Some(Attribute {
            data_type: self.data_type?,
            name: self.name?.into(),
            value_type: self.value_type?,
            required: self.required?,
            read_only: self.read_only.unwrap_or(false),
            dictionary: self.dictionary.map(Arc::from),
            description: self.description.map(Arc::from),
        })
    }
}

/// The key that is meant by one that is none.
fn nearest_key(key: &str) -> Option<&'static str> {
    let without_is = |known: &&str| {
        let rest = known.strip_prefix("is");
        rest.is_some_and(|rest| rest.eq_ignore_ascii_case(key))
    };
    let shorter = KEYS.into_iter().find(without_is);
    shorter.or_else(|| nearest_of(key, KEYS.into_iter().map(|known| (known, known))))
}

/// What is wrong with the name of an attribute, which becomes that of a column.
fn bad_name(name: &str) -> Option<ViolationKind> {
    let length = name.chars().count();
    let bare = name.trim();
    if bare.is_empty() {
        Some(ViolationKind::BlankName)
    } else if name.contains(char::is_control) {
        Some(ViolationKind::ControlInName)
    } else if bare.len() < name.len() {
        Some(ViolationKind::PaddedName {
            bare: bare.to_owned(),
        })
    } else {
        (length > NAME_LIMIT).then_some(ViolationKind::LongName { length })
    }
}

impl Holds {
    /// What a value is that is no array of attributes.
    fn of(root: &Node) -> Self {
        let Value::Object(members) = &root.value else {
            return Self::Other;
        };
        if members.iter().any(|member| member.key == "template_path") {
            return Self::Settings;
        }
        if !is_something_else(root) {
            return Self::OneAttribute;
        }
        let is_array = |member: &&Member| matches!(member.value.value, Value::Array(_));
        match members.iter().find(is_array) {
            Some(member) => Self::ArrayUnder(member.key.clone()),
            None => Self::Other,
        }
    }
}

/// Whether an item has none of the keys by which an attribute is known.
fn is_something_else(item: &Node) -> bool {
    let Value::Object(members) = &item.value else {
        return false;
    };
    !members
        .iter()
        .any(|member| nearest_of(&member.key, TELLING.into_iter().map(|key| (key, key))).is_some())
}

/// What `text` is nearest to, if anything is near: equal but for case, or a few edits away.
fn nearest_of<T>(text: &str, known: impl Iterator<Item = (&'static str, T)>) -> Option<T> {
    let text = text.to_lowercase();
    known
        .map(|(name, what)| {
            (
                strsim::osa_distance(&text, &name.to_lowercase()),
                name.len(),
                what,
            )
        })
        .filter(|(distance, length, _)| *distance <= (length / 6).clamp(1, 3))
        .min_by_key(|(distance, ..)| *distance)
        .map(|(.., what)| what)
}

/// A key as a step of a JSON pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
