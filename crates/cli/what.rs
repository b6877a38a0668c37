//! The flags that say what a file is. They mean the same on every command that takes them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use odmkit_core::FileKind;
use odmkit_engine::check::CheckOptions;

/// What the files are, where it is not to be found out.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "What the files are")]
pub(crate) struct What {
    /// What the file is [default: found out from its content and name]
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    pub(crate) kind: Option<FileKind>,

    /// Judge metadata by this template (JSON) [default: a bundled one with ODM's default attributes]
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,

    /// Check values against this dictionary (CSV)
    #[arg(long = "dictionary", value_name = "NAME=FILE", value_parser = named_file)]
    pub(crate) dictionary: Vec<(String, PathBuf)>,

    /// Take every CSV in DIR as a dictionary; the file name without its ending is the dictionary's name
    #[arg(long, value_name = "DIR")]
    pub(crate) dictionaries: Option<PathBuf>,

    /// How many columns at the left of a data frame describe the feature
    #[arg(long, value_name = "N", value_parser = whole, visible_aliases = ["number-of-feature-attributes", "nfa"])]
    pub(crate) feature_attributes: Option<u64>,

    /// What stands between sample and measurement in the column names of a data frame
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) measurement_separator: Option<String>,

    /// The data class of the data files, such as `Proteomics`
    #[arg(long, value_name = "NAME")]
    pub(crate) data_class: Option<String>,

    /// The attribute of the samples file that data columns name [default: Sample Source ID]
    #[arg(long, value_name = "NAME")]
    pub(crate) link_attribute: Option<String>,
}

impl What {
    /// The flags that were given, to be typed after a command; each has a blank before it.
    pub(crate) fn typed(&self) -> String {
        let mut typed = String::new();
        let mut flag = |name: &str, value: &str| {
            typed.extend([" --", name, " ", &shell_text(value)]);
        };
        if let Some(kind) = self.kind {
            flag("kind", kind.name());
        }
        if let Some(file) = &self.template {
            flag("template", &file.to_string_lossy());
        }
        for (name, file) in &self.dictionary {
            flag("dictionary", &format!("{name}={}", file.to_string_lossy()));
        }
        if let Some(folder) = &self.dictionaries {
            flag("dictionaries", &folder.to_string_lossy());
        }
        if let Some(number) = self.feature_attributes {
            flag("feature-attributes", &number.to_string());
        }
        if let Some(separator) = &self.measurement_separator {
            flag("measurement-separator", separator);
        }
        if let Some(class) = &self.data_class {
            flag("data-class", class);
        }
        if let Some(name) = &self.link_attribute {
            flag("link-attribute", name);
        }
        typed
    }

    /// The same with what findings say that it should be.
    pub(crate) fn with_flags<'f>(&self, flags: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let mut what = self.clone();
        for (name, text) in flags {
            match name {
                "feature-attributes" => what.feature_attributes = text.parse().ok(),
                "measurement-separator" => what.measurement_separator = Some(text.to_owned()),
                "data-class" => what.data_class = Some(text.to_owned()),
                "link-attribute" => what.link_attribute = Some(text.to_owned()),
                _ => {}
            }
        }
        what
    }

    /// The same in the engine's words.
    pub(crate) fn options(&self) -> CheckOptions {
        CheckOptions {
            kind: self.kind,
            template: self.template.clone(),
            dictionaries: self.dictionary.clone(),
            dictionary_folder: self.dictionaries.clone(),
            feature_attributes: self.feature_attributes,
            measurement_separator: self.measurement_separator.clone(),
            data_class: self.data_class.clone(),
            link_attribute: self.link_attribute.clone(),
            elsewhere: Vec::new(),
        }
    }
}

/// Parses a whole number.
fn whole(text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| "write a whole number, such as 2".to_owned())
}

/// Accepts every kind of file.
fn kinds() -> impl TypedValueParser<Value = FileKind> {
    kinds_that(|_| true)
}

/// Accepts the kinds of which tables are filled in.
pub(crate) fn table_kinds() -> impl TypedValueParser<Value = FileKind> {
    kinds_that(|kind| {
        let own = matches!(
            kind,
            FileKind::Cells | FileKind::FlowCytometry | FileKind::Mapping
        );
        kind.is_metadata() || own
    })
}

/// Accepts the kinds that hold data.
pub(crate) fn data_kinds() -> impl TypedValueParser<Value = FileKind> {
    kinds_that(FileKind::is_data)
}

fn kinds_that(wanted: impl Fn(FileKind) -> bool) -> impl TypedValueParser<Value = FileKind> {
    let names = FileKind::ALL
        .into_iter()
        .filter(|kind| wanted(*kind))
        .map(FileKind::name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<FileKind>())
}

/// Parses `NAME=FILE`.
pub(crate) fn named_file(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.trim().is_empty() && !file.is_empty() => {
            Ok((name.trim().to_owned(), PathBuf::from(file)))
        }
        _ => Err("write NAME=FILE, such as Sex=sex.csv".to_owned()),
    }
}

/// A path as one word of a command that can be typed, and that is not taken for a flag.
pub(crate) fn shell_word(path: &Path) -> String {
    let text = path.to_string_lossy();
    if text.len() > 1 && text.starts_with('-') {
        shell_text(&format!("./{text}"))
    } else {
        shell_text(&text)
    }
}

/// Paths as words with blanks between them. What an address says beside the place may be a secret, and is left out.
pub(crate) fn shell_words(paths: &[PathBuf]) -> String {
    let shown = |path: &PathBuf| PathBuf::from(odmkit_input::label(&path.to_string_lossy()));
    let words: Vec<String> = paths.iter().map(|path| shell_word(&shown(path))).collect();
    words.join(" ")
}

/// Any text as one word of a command.
fn shell_text(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "/._-+=:,@".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else if text.chars().any(char::is_control) {
        // What acts on a terminal, or ends its line, is spelled out as shells take it.
        let mut spelled = "$'".to_owned();
        for letter in text.chars() {
            match letter {
                '\'' | '\\' => spelled.extend(['\\', letter]),
                _ if letter.is_control() => {
                    for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                        let _ = write!(spelled, "\\x{byte:02x}");
                    }
                }
                _ => spelled.push(letter),
            }
        }
        spelled + "'"
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        for (path, word) in [
            ("study/a.gct", "study/a.gct"),
            ("my study", "'my study'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("", "''"),
            ("-", "-"),
            ("-x y.gct", "'./-x y.gct'"),
            ("a\nb'c", r"$'a\x0ab\'c'"),
            ("esc\u{1b}[31m.gct", r"$'esc\x1b[31m.gct'"),
        ] {
            assert_eq!(shell_word(Path::new(path)), word);
        }
    }

    #[test]
    fn a_dictionary_has_a_name_and_a_file() {
        assert_eq!(
            named_file("Sex=a=b.csv"),
            Ok(("Sex".to_owned(), PathBuf::from("a=b.csv")))
        );
        for text in ["Sex", "=a.csv", "Sex=", " =x"] {
            assert!(named_file(text).is_err(), "{text}");
        }
    }
}
