//! L004 unknown-parent.

use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use super::l001_unknown_sample::to;
use crate::links::words::{differs, look_alike, spoilt};
use crate::links::{Difference, Group, LinkSummary, records, some};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("L004"),
    name: "unknown-parent",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A library, preparation or cell names a sample (a cell: the sample, library or preparation in `batch`) that \
           the study does not have.",
    why: "The import succeeds and the link drops the record without a word; for cells the link fails where no batch matches.",
    mend: "Write the id as the parent's file does, or add the parent there. Several samples are separated by `|`.",
    example: Example {
        command: "trial.samples.tsv trial.libraries.tsv",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
            ("trial.libraries.tsv", "Library ID<TAB>Sample Source ID\nL1<TAB>S9\n"),
        ],
    },
};

/// The ids of a group differ from known ones in one way, or are unlike any.
pub fn finding(link: &LinkSummary, group: &Group<'_>) -> Diagnostic {
    let (one, many, to) = (link.to_kind.record(), records(link.to_kind), to(link));
    let attribute = &link.attribute;
    let first = &group.members[0];
    let count = group.members.len();
    let message = match (&group.difference, first.near) {
        (Difference::Letters, Some(near)) => {
            format!(
                "{attribute} `{}` is no {one} of {to}; the nearest is `{near}`",
                first.name
            )
        }
        (Difference::Unlike, _) | (_, None) if count == 1 => {
            format!("{attribute} `{}` is no {one} of {to}", first.name)
        }
        (Difference::Unlike, _) | (_, None) => format!(
            "{count} values of {attribute} are no {many} of {to}: {}",
            some(group.members.iter().map(|member| member.name))
        ),
        (_, Some(near)) if count == 1 => {
            format!(
                "{attribute} `{}` {} {one} `{near}`",
                first.name,
                differs(group, true)
            )
        }
        (_, Some(_)) => {
            format!(
                "{count} values of {attribute} {} {many} of {to}: {}",
                differs(group, false),
                group.pairs()
            )
        }
    };
    let help = spoilt(first).unwrap_or_else(|| match group.difference {
        Difference::Unlike => format!(
            "add the {} to {to}, or correct the id",
            if count == 1 { one } else { many }
        ),
        Difference::Letters => format!(
            "if `{}` is meant, write it so; else add `{}` to {to}",
            first.near.unwrap_or_default(),
            first.name
        ),
        Difference::LookAlike | Difference::Composition => look_alike(first),
        Difference::Pool => "write one | between several ids".to_owned(),
        _ => format!("write the id as in {to}: ODM compares them letter by letter"),
    });
    Diagnostic::new(&RULE, &link.from, message)
        .at(first.position)
        .field(attribute)
        .value(first.name)
        .count(group.count())
        .help(help)
}
