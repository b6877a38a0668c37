//! Advice to say something of a file, in a flag or in its section of study.toml.

use std::fmt;

/// Words around something to be said of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What stands before it.
    pub before: String,
    /// What is to be said, or not to be said.
    pub setting: Setting,
    /// What stands behind it.
    pub after: String,
    /// Where it is to be said.
    pub place: Saying,
}

/// Something to be said of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The flag, without the dashes; the key of study.toml has `_` for `-`.
    pub name: &'static str,
    /// What to give.
    pub value: Given,
}

/// What is to be given with a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// This text.
    Text(String),
    /// This text, once something else has been done.
    Then(String),
    /// A text that only the user knows; the word stands for it.
    Any(&'static str),
    /// The setting is spoken of, and nothing to be given.
    Nothing,
}

/// Where something is said of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// In a flag.
    Flag,
    /// In a flag, when the file is checked by itself.
    FlagAlone,
    /// In the section of study.toml that speaks of the file.
    Section,
    /// In a study.toml, which there is not yet.
    NewManifest,
}

impl Advice {
    /// Advice to give a text with a flag.
    pub fn give(before: impl Into<String>, name: &'static str, text: impl Into<String>) -> Self {
        Self::new(before, name, Given::Text(text.into()))
    }

    /// Advice to do something, and to give a text with a flag then.
    pub fn then(before: impl Into<String>, name: &'static str, text: impl Into<String>) -> Self {
        Self::new(before, name, Given::Then(text.into()))
    }

    /// Advice to give what only the user knows, for which the `word` stands.
    pub fn ask(before: impl Into<String>, name: &'static str, word: &'static str) -> Self {
        Self::new(before, name, Given::Any(word))
    }

    /// Advice that speaks of a flag.
    pub fn about(before: impl Into<String>, name: &'static str) -> Self {
        Self::new(before, name, Given::Nothing)
    }

    fn new(before: impl Into<String>, name: &'static str, value: Given) -> Self {
        Self {
            before: before.into(),
            setting: Setting { name, value },
            after: String::new(),
            place: Saying::Flag,
        }
    }

    /// Adds words behind it.
    #[must_use]
    pub fn and(mut self, after: impl Into<String>) -> Self {
        self.after = after.into();
        self
    }

    /// What the flag would say, where that is known and the flag is the place to say it.
    pub fn flag(&self) -> Option<(&'static str, &str)> {
        match &self.setting.value {
            Given::Text(text) if self.place == Saying::Flag => Some((self.setting.name, text)),
            _ => None,
        }
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.before)?;
        match self.place {
            Saying::Flag | Saying::FlagAlone => self.setting.flag(f)?,
            Saying::Section | Saying::NewManifest => self.setting.key(f)?,
        }
        f.write_str(&self.after)?;
        match self.place {
            Saying::Flag | Saying::Section => Ok(()),
            Saying::FlagAlone => f.write_str(", with this file alone: the flag is for every data frame"),
            Saying::NewManifest => {
                f.write_str(", in a study.toml, which `odmkit init` writes: the flag is for every data frame")
            }
        }
    }
}

impl Setting {
    /// As it is typed.
    fn flag(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--{}", self.name)?;
        match &self.value {
            Given::Text(text) | Given::Then(text) if is_number(text) => write!(f, " {text}"),
            // Not every shell knows single quotes; in double ones some characters are not what they are.
            Given::Text(text) | Given::Then(text) if text.contains(['\\', '"', '$', '`']) => {
                write!(f, " '{text}'")
            }
            Given::Text(text) | Given::Then(text) => write!(f, " \"{text}\""),
            Given::Any(word) => write!(f, " {word}"),
            Given::Nothing => Ok(()),
        }
    }

    /// As it is written in study.toml.
    fn key(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name.replace('-', "_"))?;
        match &self.value {
            Given::Text(text) | Given::Then(text) if is_number(text) => write!(f, " = {text}"),
            Given::Text(text) | Given::Then(text) => {
                write!(f, " = \"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
            Given::Any(word) => write!(f, " = {word}"),
            Given::Nothing => Ok(()),
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_as_the_place_has_it() {
        let number = Advice::give("probably ", "feature-attributes", "2").and("; look");
        let separator = Advice::give("", "measurement-separator", "\\");
        let about = Advice::about("leave out ", "measurement-separator");
        let ask = Advice::ask("say ", "feature-attributes", "N");
        for (place, texts) in [
            (
                Saying::Flag,
                [
                    "probably --feature-attributes 2; look",
                    "--measurement-separator '\\'",
                    "leave out --measurement-separator",
                    "say --feature-attributes N",
                ],
            ),
            (
                Saying::Section,
                [
                    "probably feature_attributes = 2; look",
                    "measurement_separator = \"\\\\\"",
                    "leave out measurement_separator",
                    "say feature_attributes = N",
                ],
            ),
        ] {
            let told = [&number, &separator, &about, &ask].map(|advice| {
                let advice = Advice {
                    place,
                    ..advice.clone()
                };
                advice.to_string()
            });
            assert_eq!(told, texts);
        }
        assert_eq!(number.flag(), Some(("feature-attributes", "2")));
        assert_eq!(ask.flag(), None);
    }
}
