//! V005 loose-vcf-field.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::rows::shown;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("V005"),
    name: "loose-vcf-field",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A field of a VCF record is not as VCF has it, though most readers get over it: blanks within it, nothing where `.` stands for nothing, FILTER `0`, GT not first, QUAL `nan`.",
    why: "What is read from the field depends on the reader, and a search in ODM for what was meant may not find it.",
    mend: "Write the field as VCF has it; write `.` for nothing.",
    example: Example {
        command: "calls.vcf",
        files: &[
            ("calls.vcf", "##fileformat=VCFv4.2\n#CHROM<TAB>POS<TAB>ID<TAB>REF<TAB>ALT<TAB>QUAL<TAB>FILTER<TAB>INFO\nchr1<TAB>100<TAB>.<TAB>A<TAB>G<TAB>50<TAB>0<TAB>DP=7\n"),
        ],
    },
};

/// What is loose about a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Oddity {
    /// Nothing where `.` stands for nothing.
    Blank,
    /// The same, in a sample's column.
    BlankSample,
    /// White space within.
    WhiteSpace,
    /// A colon in CHROM.
    Colon,
    /// FILTER is `0`.
    FilterZero,
    /// GT is among the keys of FORMAT and not the first.
    GenotypeNotFirst,
    /// QUAL is `nan` or an infinity.
    NotFinite,
}

/// The field at `position` holds `text`, under the column `name`. All oddities of one kind in a column are one
/// cause.
pub fn finding(path: &Arc<str>, position: Position, name: &str, text: &str, oddity: Oddity) -> Diagnostic {
    let (message, help) = match oddity {
        Oddity::Blank => (
            format!("`{name}` is blank"),
            "write . where there is nothing to say",
        ),
        Oddity::BlankSample => (
            format!("the field of sample `{name}` is blank"),
            "write . where there is no call",
        ),
        Oddity::WhiteSpace => (
            format!("white space within `{name}`: `{}`", shown(text)),
            match name {
                "CHROM" => "write the chromosome as in the reference, without white space",
                "INFO" => "write entries separated by semicolons alone, and _ within values",
                _ => "write several entries separated by semicolons, without white space",
            },
        ),
        Oddity::Colon => (
            format!("a colon in the chromosome `{}`", shown(text)),
            "before VCF 4.3 breakends could not name it: rename it, or state the version that the file has",
        ),
        Oddity::FilterZero => (
            "`FILTER` is `0`, which VCF reserves".to_owned(),
            "write PASS where all filters are passed, . where none was applied",
        ),
        Oddity::GenotypeNotFirst => (
            format!("`GT` is not the first key of FORMAT: `{}`", shown(text)),
            "put GT first, in FORMAT and in each sample",
        ),
        Oddity::NotFinite => (
            format!("the quality is `{}`", shown(text)),
            "write . where there is none: ODM before 1.44 refused the file for it",
        ),
    };
    let column = if oddity == Oddity::BlankSample { "" } else { name };
    let finding = Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(name)
        .help(help)
        .cause(format!("{oddity:?} {column}"));
    if text.is_empty() {
        finding
    } else {
        finding.value(text)
    }
}
