//! ODM templates and dictionaries.
//!
//! A [`Template`] says which attributes an entity has, of which type, and which vocabulary their values come
//! from. It is read from ODM's JSON in two steps: raw, with the place of everything and with every violation
//! of the published schema collected, then valid by type. [`Dictionaries`] are the vocabularies that are at
//! hand: a few small ones are bundled, the others are given by the user. [`value::judge`] says whether a text
//! is a value of a type and, if not, what it looks like.
//!
//! Nothing here knows of files' rows or of diagnostics: the checks join the two.

pub mod attribute;
pub mod dictionary;
mod json;
pub mod registry;
pub mod renames;
pub mod template;
mod units;
pub mod value;
pub mod violation;

#[cfg(test)]
mod hostile_tests;

pub use attribute::{Attribute, DataType, ValueType};
pub use dictionary::{Dictionary, DictionaryError, DictionaryFault, Judged, Lookup};
pub use json::{SyntaxError, TextPlace};
pub use registry::Dictionaries;
pub use renames::Rename;
pub use template::Template;
pub use value::{Form, Judgement};
pub use violation::{Holds, Violation, ViolationKind};
