//! V002 bad-vcf-record.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};
use odmkit_formats::vcf::BadPosition;

use crate::rows::shown;
use crate::values::NotANumber;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("V002"),
    name: "bad-vcf-record",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A record of a VCF has a field that VCF does not allow: CHROM, POS, REF, ALT, QUAL, or a sample with more parts than FORMAT.",
    why: "Such a record cannot be read as a variant, and the import of the file fails.",
    mend: "Write the field as VCF has it: a whole number for POS, bases for REF and ALT, a number or `.` for QUAL.",
    example: Example {
        command: "calls.vcf",
        files: &[
            ("calls.vcf", "##fileformat=VCFv4.2\n#CHROM<TAB>POS<TAB>ID<TAB>REF<TAB>ALT<TAB>QUAL<TAB>FILTER<TAB>INFO\nchr1<TAB>1.05E+08<TAB>.<TAB>A<TAB>G<TAB>100<TAB>PASS<TAB>.\n"),
        ],
    },
};

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The whole line is one field.
    NoTabs,
    /// There is no position, and another field that each record must have is none either.
    NoRecord,
    /// CHROM is blank.
    NoChromosome,
    /// POS is no position.
    Position(BadPosition),
    /// REF is blank or `.`.
    NoReference,
    /// REF has other letters than bases.
    Reference,
    /// ALT is blank, or an entry of it is.
    NoAlternative,
    /// An entry of ALT is no allele.
    Alternative,
    /// QUAL is blank.
    NoQuality,
    /// QUAL is neither a number nor `.`.
    Quality(NotANumber),
    /// A sample has more parts than FORMAT has keys.
    TooManyParts,
}

/// The field at `position` holds `text`, under the column `name`. All faults of one kind are one cause.
pub fn finding(path: &Arc<str>, position: Position, name: &str, text: &str, fault: Fault) -> Diagnostic {
    let text = text.trim();
    let (message, help) = words(fault, name, text);
    let finding = Diagnostic::new(&RULE, path, message)
        .at(position)
        .help(help)
        .cause(format!("{fault:?}"));
    match (name, text) {
        ("", _) => finding,
        (name, "") => finding.field(name),
        (name, text) => finding.field(name).value(text),
    }
}

/// The digits of a position that has separators between thousands, or `.0` after it.
fn plain_position(text: &str) -> Option<String> {
    let whole = text.split_once('.').filter(|(_, rest)| !rest.is_empty() && rest.bytes().all(|digit| digit == b'0'));
    let whole = whole.map_or(text, |(whole, _)| whole);
    let groups: Vec<&str> = whole.split([',', ' ', '\'', '\u{A0}', '\u{202F}']).collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    let in_threes = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    (in_threes && groups.iter().all(digits)).then(|| groups.concat())
}

fn words(fault: Fault, name: &str, text: &str) -> (String, String) {
    let (message, help) = match fault {
        Fault::NoTabs => (
            "the record has blanks where VCF has tabs".to_owned(),
            "save the file with tabs between fields",
        ),
        Fault::NoRecord => (
            "this line is no record: it has no position, and other fields are not what a record has there either".to_owned(),
            "delete the line, if it is a note, a total or a row of units; else look for fields that are lost or have moved",
        ),
        Fault::NoChromosome => (
            "the record names no chromosome".to_owned(),
            "write the chromosome as the other records do",
        ),
        Fault::Position(BadPosition::Missing) => (
            "the record has no position".to_owned(),
            "write the position, counted from 1",
        ),
        Fault::Position(BadPosition::Spelling | BadPosition::Text) if plain_position(text).is_some() => {
            return (
                format!("the position `{text}` is no whole number from 0 on"),
                format!("write {}, without anything else", plain_position(text).unwrap_or_default()),
            );
        }
        Fault::Position(BadPosition::Spelling) => (
            format!("the position `{text}` is no whole number from 0 on"),
            if text.contains(['e', 'E']) {
                "a spreadsheet has rounded it: take the position from the file as it was before"
            } else {
                "write a whole number, without separators"
            },
        ),
        Fault::Position(BadPosition::TooLarge) => (
            format!("the position `{text}` is beyond 2147483647, the greatest that VCF holds"),
            "look at where the position comes from",
        ),
        Fault::Position(BadPosition::Text) => (
            format!("the position `{text}` is no number"),
            "write a whole number; a field may be lost further left",
        ),
        Fault::NoReference => (
            "the record has no reference bases".to_owned(),
            "write the bases of the reference at this position; for an insertion, the base before it",
        ),
        Fault::Reference => (
            format!(
                "the reference `{}` has other letters than A, C, G, T and N",
                shown(text)
            ),
            "write N for a base that is not known",
        ),
        Fault::NoAlternative => (
            "an alternative allele is blank".to_owned(),
            "write . where there is none; for a deletion, the base before it",
        ),
        Fault::Alternative => (
            format!(
                "`{}` is no allele: it is neither bases nor `*`, `<ID>` or a breakend",
                shown(text)
            ),
            "write bases (A, C, G, T, N), separated by commas; write . where there is no alternative",
        ),
        Fault::NoQuality => ("the quality is blank".to_owned(), "write . where there is none"),
        Fault::Quality(kind @ NotANumber::DecimalComma) => {
            return (
                format!("the quality `{text}` is no number: VCF has a decimal point, not a comma"),
                format!("write {}", kind.mended(text).unwrap_or_default()),
            );
        }
        Fault::Quality(kind @ (NotANumber::Thousands | NotANumber::ThousandsPoint)) => {
            return (
                format!("the quality `{text}` is no number: VCF has no thousands separators"),
                format!("write {}", kind.mended(text).unwrap_or_default()),
            );
        }
        Fault::Quality(_) => (
            format!("the quality `{}` is no number", shown(text)),
            "write a number, or . where there is none",
        ),
        Fault::TooManyParts => (
            format!(
                "sample `{name}` has more parts than FORMAT has keys: `{}`",
                shown(text)
            ),
            "give the same parts as FORMAT, separated by colons; those at the end may be left out",
        ),
    };
    (message, help.to_owned())
}
