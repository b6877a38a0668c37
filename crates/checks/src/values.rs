//! What is said of a value that is no number: the same words in a GCT file and in a data frame.

use std::sync::Arc;

use odmkit_columns::number;
use odmkit_core::Position;
use odmkit_diagnostics::{Diagnostic, Rule};

/// Why a value is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotANumber {
    /// `1,5`
    DecimalComma,
    /// `1,234.5`
    Thousands,
    /// `"1.5"`
    Quoted,
    /// `#N/A`, `#DIV/0!` and the like.
    SpreadsheetError,
    /// Anything else.
    Text,
}

impl NotANumber {
    /// Looks at a value that is neither a number nor a missing token.
    pub fn judge(value: &str) -> Self {
        let value = value.trim();
        if value.len() >= 2 && value.starts_with('"') && value.ends_with('"') {
            return Self::Quoted;
        }
        if value.starts_with('#') {
            return Self::SpreadsheetError;
        }
        if !value.contains(',') {
            return Self::Text;
        }
        let commas = value.matches(',').count();
        let grouped = value
            .trim_start_matches(['-', '+'])
            .split('.')
            .next()
            .is_some_and(|whole| whole.split(',').skip(1).all(|group| group.len() == 3));
        if commas == 1 && number::is_number(value.replace(',', ".").as_bytes()) {
            Self::DecimalComma
        } else if grouped && number::is_number(value.replace(',', "").as_bytes()) {
            Self::Thousands
        } else {
            Self::Text
        }
    }

    /// What folds findings: the fault where it is one of a kind, the value where it is just text.
    pub fn cause(self, value: &str) -> String {
        match self {
            Self::DecimalComma => "decimal comma".to_owned(),
            Self::Thousands => "thousands separator".to_owned(),
            Self::Quoted => "quoted number".to_owned(),
            Self::SpreadsheetError | Self::Text => format!("value {}", value.trim()),
        }
    }
}

/// The finding for a value that is neither a number nor a missing token, under the column `sample`.
pub(crate) fn not_a_number(
    rule: &'static Rule,
    path: &Arc<str>,
    position: Position,
    sample: &str,
    value: &str,
) -> Diagnostic {
    let kind = NotANumber::judge(value);
    let (message, help) = match kind {
        NotANumber::DecimalComma => (
            format!("`{value}` is no number: ODM reads a decimal point, not a comma"),
            format!("write {}", value.trim().replace(',', ".")),
        ),
        NotANumber::Thousands => (
            format!("`{value}` is no number: ODM knows no thousands separators"),
            format!("write {}", value.trim().replace(',', "")),
        ),
        NotANumber::Quoted => (
            format!("`{value}` is no number: the quotes are part of the value"),
            "save the file without quotes around fields".to_owned(),
        ),
        NotANumber::SpreadsheetError => (
            format!("`{value}` is a spreadsheet's error and no number"),
            "mend the formula in the spreadsheet, or leave the cell empty".to_owned(),
        ),
        NotANumber::Text => (
            format!("`{value}` is no number"),
            "write a number, or leave the cell empty".to_owned(),
        ),
    };
    Diagnostic::new(rule, path, message)
        .at(position)
        .field(sample)
        .value(value)
        .help(help)
        .cause(kind.cause(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_apart() {
        use NotANumber::{DecimalComma, Quoted, SpreadsheetError, Text, Thousands};
        for (value, kind) in [
            ("1,5", DecimalComma),
            ("-0,25", DecimalComma),
            ("221,69", DecimalComma),
            ("1,234.5", Thousands),
            ("1,234,567", Thousands),
            ("\"1.5\"", Quoted),
            ("#N/A", SpreadsheetError),
            ("#DIV/0!", SpreadsheetError),
            ("n.d.", Text),
            ("1,2,3", Text),
            ("<0.5", Text),
            (",", Text),
        ] {
            assert_eq!(NotANumber::judge(value), kind, "{value}");
        }
    }
}
