//! V001 bad-vcf-header.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};
use odmkit_formats::vcf::FIXED;

use crate::rows::shown;

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("V001"),
    name: "bad-vcf-header",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "The header of a VCF is not one: the version, the `##` lines or the `#CHROM` line.",
    why: "ODM reads the version and the sample names from the header; without them the records mean nothing, and the import fails.",
    mend: "Begin the file with `##fileformat=VCFv4.2`, and put the `#CHROM` line, with tabs, right above the records.",
    example: Example {
        command: "calls.vcf",
        files: &[
            ("calls.vcf", "##fileformat=VCFv4.2\n#CHROM<TAB>POS<TAB>ID<TAB>REF<TAB>ALT<TAB>QUAL<TAB>FILTER<TAB>INFO<TAB>S1\nchr1<TAB>100<TAB>.<TAB>A<TAB>G<TAB>.<TAB>.<TAB>.<TAB>0/1\n"),
        ],
    },
};

/// No line gives the version; `start` is where the first line stands.
pub fn no_version(path: &Arc<str>, start: Position) -> Diagnostic {
    base(
        path,
        start,
        "the file does not begin with `##fileformat=VCFv…`".to_owned(),
    )
    .help("write the version of the format as the first line: ##fileformat=VCFv4.2")
}

/// The version stands below other lines.
pub fn late_version(path: &Arc<str>, position: Position) -> Diagnostic {
    base(
        path,
        position,
        "`##fileformat` is not on the first line".to_owned(),
    )
    .help("move this line to the top of the file")
}

/// The version is none, or its key is misspelt.
pub fn bad_version(path: &Arc<str>, position: Position, text: &str) -> Diagnostic {
    base(
        path,
        position,
        format!("`{}` gives no version of VCF", shown(text)),
    )
    .value(text)
    .help("write the version that the file has, for instance ##fileformat=VCFv4.2")
}

/// A `##` line is wrapped in quotes. All such lines are one cause.
pub fn quoted_meta(path: &Arc<str>, position: Position) -> Diagnostic {
    base(path, position, "quotes stand around a `##` line: a spreadsheet has written it".to_owned())
        .help("remove the quotes at its ends, and write \" for each \"\" within; better, take the file as it was before the spreadsheet")
        .cause("quoted")
}

/// A line begins with one `#` and does not name the columns; `is_above` says that it stands above the version.
pub fn comment(path: &Arc<str>, position: Position, text: &str, is_above: bool) -> Diagnostic {
    base(
        path,
        position,
        format!(
            "`{}` begins with one `#`, as only the line of column names does",
            shown(text)
        ),
    )
    .value(text)
    .help(if is_above {
        "delete the line: the first one must be ##fileformat"
    } else {
        "begin the line with ##, or delete it"
    })
    .cause("comment")
}

/// A `##KEY=<…` line has no `>` at its end.
pub fn open_meta(path: &Arc<str>, position: Position, key: &str) -> Diagnostic {
    base(path, position, format!("`##{key}=<…` is not closed by `>`"))
        .field(key)
        .help("the line may be broken in two: join it with the next, and end it with >")
        .cause("not closed")
}

/// A `##KEY=<…>` line has no ID.
pub fn meta_without_id(path: &Arc<str>, position: Position, key: &str) -> Diagnostic {
    base(path, position, format!("`##{key}=<…>` has no `ID=`"))
        .field(key)
        .help(format!(
            "begin it with the name that the records use: ##{key}=<ID=…"
        ))
        .cause("no ID")
}

/// No line names the columns; `end` is the last line of what there is of a header.
pub fn no_columns(path: &Arc<str>, end: Position) -> Diagnostic {
    base(path, end, "no `#CHROM` line names the columns".to_owned()).help(format!(
        "put this line, with tabs, above the first record: {}, then FORMAT and the samples",
        FIXED.join(" ")
    ))
}

/// There is no header at all.
pub fn no_header(path: &Arc<str>, start: Position) -> Diagnostic {
    base(
        path,
        start,
        "the file has no header: neither `##` lines nor a `#CHROM` line".to_owned(),
    )
    .help(format!(
        "put ##fileformat=VCFv4.2 above the records, and then, with tabs: {}, FORMAT and the samples",
        FIXED.join(" ")
    ))
}

/// The columns are named, as `names` says, and something else than tabs separates the names.
pub fn no_tabs(path: &Arc<str>, position: Position, names: &str) -> Diagnostic {
    let message = match names.find([';', ',', '|', ' ']).map(|at| names.as_bytes()[at]) {
        Some(b';') => "semicolons separate the column names, and not tabs",
        Some(b',') => "commas separate the column names, and not tabs",
        Some(b'|') => "bars separate the column names, and not tabs",
        _ => {
            return base(path, position, "the column names are not separated by tabs".to_owned()).help(
                "save the file with tabs between fields, the records too; an editor may have turned tabs into blanks",
            );
        }
    };
    base(path, position, message.to_owned()).help("save the file with tabs between fields, the records too")
}

/// A column has another name than it must.
pub fn misnamed(path: &Arc<str>, position: Position, found: &str, expected: &str) -> Diagnostic {
    base(
        path,
        position,
        format!("a column is called `{found}` where VCF has `{expected}`"),
    )
    .field(expected)
    .value(found)
    .help(format!("write {expected}"))
    .cause("column names")
}

/// A column stands further on than it must, and another in its place.
pub fn misplaced(path: &Arc<str>, position: Position, found: &str, expected: &str) -> Diagnostic {
    base(path, position, format!("the column `{found}` stands where `{expected}` belongs"))
        .field(expected)
        .value(found)
        .help(format!(
            "put the first eight columns in this order, the values under them too: {}",
            FIXED.join(" ")
        ))
}

/// A column is not there, and the next one stands in its place.
pub fn absent(path: &Arc<str>, position: Position, expected: &str) -> Diagnostic {
    base(path, position, format!("the column `{expected}` is missing"))
        .field(expected)
        .help(format!(
            "VCF begins with these eight columns: {}",
            FIXED.join(" ")
        ))
}

/// Samples follow INFO at once.
pub fn no_format(path: &Arc<str>, position: Position, found: &str) -> Diagnostic {
    base(
        path,
        position,
        format!("the column after `INFO` is `{found}` and not `FORMAT`"),
    )
    .field("FORMAT")
    .value(found)
    .help("put a column FORMAT between INFO and the first sample: it says what the samples' fields hold")
}

/// A line of a header stands among the records. All such lines are one cause.
pub fn among_records(path: &Arc<str>, position: Position) -> Diagnostic {
    base(
        path,
        position,
        "a line of a header stands among the records".to_owned(),
    )
    .help("two files may have been joined: join them with `bcftools concat`, or delete the second header")
    .cause("among records")
}

fn base(path: &Arc<str>, position: Position, message: String) -> Diagnostic {
    Diagnostic::new(&RULE, path, message).at(position)
}
