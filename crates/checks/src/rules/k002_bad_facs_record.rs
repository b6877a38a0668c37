//! K002 bad-facs-record.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};
use odmkit_formats::facs::Readout;

use crate::values::{NotANumber, words};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("K002"),
    name: "bad-facs-record",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A row of a flow cytometry table lacks its sample, population or value, or has a readout or a value that is none.",
    why: "ODM takes Count, Median and Percentage, and numbers; a row of anything else fails the import.",
    mend: "Fill in the cell, or delete the row; write Count, Median or Percentage, and numbers with a decimal point.",
    example: Example {
        command: "gates.facs",
        files: &[
            ("gates.facs", "Sample<TAB>CellPopulation<TAB>ReadoutType<TAB>Color/Marker<TAB>Value\nS1<TAB>Lymphocytes<TAB>Mean<TAB>CD4<TAB>12.5\n"),
        ],
    },
};

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Nothing in a column that needs something.
    Blank,
    /// No readout that ODM knows.
    Readout,
    /// No number.
    Value(NotANumber),
    /// A number of cells that is not whole.
    Fraction,
}

/// The cell at `position`, of the column `name`, holds `text`. All of one kind in a column are one cause, but each
/// unknown readout and each text for a number is one of its own.
pub fn finding(path: &Arc<str>, position: Position, name: &str, text: &str, fault: Fault) -> Diagnostic {
    let text = text.trim();
    let (message, help) = match fault {
        Fault::Blank => (
            format!("`{name}` is blank"),
            match name {
                "Sample" => "write the Sample Source ID of the sample".to_owned(),
                "CellPopulation" => "write the path of gates, for instance Lymphocytes/CD3+/CD4+".to_owned(),
                "Value" => "write the number, or delete the row".to_owned(),
                _ => "write Count, Median or Percentage".to_owned(),
            },
        ),
        Fault::Readout => (
            format!("`{text}` is no readout that ODM takes"),
            match nearest(text) {
                Some(readout) => format!("write {}", readout.name()),
                None => "write Count, Median or Percentage".to_owned(),
            },
        ),
        Fault::Value(kind) if kind.mended(text).is_some() || kind == NotANumber::Quoted => words(kind, text),
        Fault::Value(_) => (
            format!("`{text}` is no number"),
            "write a number, or delete the row".to_owned(),
        ),
        Fault::Fraction => (
            format!("`{text}` is no number of cells: a count is whole"),
            "write the whole count, or Percentage or Median as the readout".to_owned(),
        ),
    };
    let finding = Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .help(help)
        .cause(cause(name, text, fault));
    if text.is_empty() {
        finding
    } else {
        finding.value(text)
    }
}

/// What folds findings.
fn cause(name: &str, text: &str, fault: Fault) -> String {
    match fault {
        Fault::Blank | Fault::Fraction => format!("{fault:?} {name}"),
        Fault::Readout => format!("readout {text}"),
        Fault::Value(kind) => kind.cause(text),
    }
}

/// The readout that is probably meant.
fn nearest(text: &str) -> Option<Readout> {
    let lower = text.to_lowercase();
    let word = lower
        .split(|letter: char| !letter.is_alphabetic())
        .next()
        .unwrap_or_default();
    match word {
        "freq" | "frequency" | "percent" | "percents" | "perc" | "pct" => return Some(Readout::Percentage),
        "number" | "num" | "cells" | "events" => return Some(Readout::Count),
        "mfi" => return Some(Readout::Median),
        _ if text.starts_with('%') => return Some(Readout::Percentage),
        _ => {}
    }
    Readout::ALL
        .into_iter()
        .map(|readout| {
            (
                strsim::osa_distance(&lower, &readout.name().to_lowercase()),
                readout,
            )
        })
        .min_by_key(|(distance, _)| *distance)
        // A mean is no misspelt median.
        .filter(|(distance, _)| *distance <= 2 && distance * 3 < lower.len())
        .map(|(_, readout)| readout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_readout_is_named() {
        for (text, expected) in [
            ("count", Some(Readout::Count)),
            ("COUNTS", Some(Readout::Counts)),
            ("Medain", Some(Readout::Median)),
            ("Percentages", Some(Readout::Percentage)),
            ("percent of parent", Some(Readout::Percentage)),
            ("% of live", Some(Readout::Percentage)),
            ("Freq. of Parent", Some(Readout::Percentage)),
            ("MFI", Some(Readout::Median)),
            ("Mean", None),
            ("", None),
        ] {
            assert_eq!(nearest(text), expected, "{text}");
        }
    }
}
