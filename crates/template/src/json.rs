//! JSON with places: every value and key knows the byte at which it begins.
//!
//! `serde_json` forgets where things stand, and a violation is only useful when it says its line.

mod parse;

use std::fmt;
use std::ops::Range;

pub(crate) use parse::parse;

/// A value and the bytes that it covers.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Range<usize>,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// The number as written.
    Number(String),
    String(String),
    Array(Vec<Node>),
    Object(Vec<Member>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) key: String,
    /// Where the key begins.
    pub(crate) at: usize,
    pub(crate) value: Node,
}

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SyntaxError {
    /// The text is not UTF-8.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// Nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// The text ends inside a value.
    #[error("the text ends before the JSON does")]
    UnexpectedEnd,
    /// A character that nothing can begin or go on with.
    #[error("`{0}` is not expected here")]
    Unexpected(char),
    /// A comma before a closing bracket.
    #[error("a comma stands before the closing bracket; JSON allows none there")]
    TrailingComma,
    /// A bad escape in a string.
    #[error("the string holds an escape that JSON does not know")]
    BadEscape,
    /// A control character in a string.
    #[error("the string holds an unescaped line break or control character")]
    ControlCharacter,
    /// A number that breaks JSON's grammar.
    #[error("this is not a JSON number")]
    BadNumber,
    /// Text after the value.
    #[error("there is text after the end of the JSON value")]
    TrailingText,
    /// Brackets nested beyond reason.
    #[error("brackets are nested more than {MAX_DEPTH} deep")]
    TooDeep,
}

/// How deep brackets may nest.
pub(crate) const MAX_DEPTH: usize = 64;

impl Node {
    /// The name of the value's JSON type, with its article.
    pub(crate) fn type_name(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// Whether both are the same JSON value; the order of keys means nothing.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a == b || a.parse::<f64>().ok() == b.parse::<f64>().ok(),
            (Value::String(a), Value::String(b)) => a == b,
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len()
                    && a.iter().all(|one| {
                        b.iter()
                            .any(|two| one.key == two.key && one.value.same(&two.value))
                    })
            }
            _ => false,
        }
    }
}

/// A place in a JSON text as people count: lines from 1, characters of the line from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextPlace {
    /// The line, 1-based.
    pub line: u64,
    /// The character of the line, 1-based.
    pub column: u64,
    /// The byte of the text, 0-based.
    pub byte: u64,
}

impl TextPlace {
    /// The place of a byte.
    pub(crate) fn of(text: &[u8], byte: usize) -> Self {
        let before = &text[..byte.min(text.len())];
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let lines = before.split(|byte| *byte == b'\n').count();
        // Characters, not bytes: every byte that does not continue a UTF-8 sequence begins one.
        let characters = before[line_start..]
            .iter()
            .filter(|byte| **byte & 0xC0 != 0x80)
            .count();
        Self {
            line: lines as u64,
            column: characters as u64 + 1,
            byte: byte as u64,
        }
    }
}

impl fmt::Display for TextPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
