//! D010 demoted-column.

use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("D010"),
    name: "demoted-column",
    severity: Severity::Warning,
    effect: Effect::Degraded,
    fix: Fixable::No,
    what: "A feature column of numbers is read as text because of a few cells.",
    why: "ODM types a feature column as a number only if every value is one; as text it cannot be searched by range.",
    mend: "Correct the cells, or empty them.",
    example: Example {
        command: "protein.tsv --feature-attributes 2",
        files: &[
            ("protein.tsv", "Protein<TAB>Length<TAB>S1\nP04637<TAB>393<TAB>1.5\nP01112<TAB>189<TAB>2.5\nP38398<TAB>1863 aa<TAB>3.5\nP60484<TAB>403<TAB>1\nP06400<TAB>928<TAB>2\nP42771<TAB>156<TAB>3\nQ00987<TAB>491<TAB>4\nP10415<TAB>239<TAB>5\nP20000<TAB>200<TAB>0\nP20001<TAB>201<TAB>1\nP20002<TAB>202<TAB>2\nP20003<TAB>203<TAB>3\nP20004<TAB>204<TAB>4\nP20005<TAB>205<TAB>5\nP20006<TAB>206<TAB>6\nP20007<TAB>207<TAB>7\nP20008<TAB>208<TAB>8\nP20009<TAB>209<TAB>9\nP20010<TAB>210<TAB>10\nP20011<TAB>211<TAB>11\nP20012<TAB>212<TAB>12\nP20013<TAB>213<TAB>13\nP20014<TAB>214<TAB>14\nP20015<TAB>215<TAB>15\n"),
        ],
    },
};

/// `text` cells of the column `name`, the first at `position`, are no numbers, beside `numbers` that are.
pub fn finding(path: &Arc<str>, position: Position, name: &str, value: &str, text: u64, numbers: u64) -> Diagnostic {
    let cells = if text == 1 { "1 cell".to_owned() } else { format!("{text} cells") };
    Diagnostic::new(&RULE, path, format!("the feature column `{name}` has {numbers} numbers, and becomes text because of {cells}"))
        .at(position)
        .field(name)
        .value(value)
        .help(format!("correct the cells that are no numbers, such as `{value}`, or empty them"))
        .cause("demoted columns")
}
