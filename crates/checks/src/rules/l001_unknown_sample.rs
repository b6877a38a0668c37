//! L001 unknown-sample.

use std::sync::Arc;

use odmkit_core::FileKind;
use odmkit_diagnostics::{Advice, Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};

use crate::links::words::{differs, look_alike, spoilt};
use crate::links::{Difference, Group, LinkSummary, Member, SAMPLE_KEY, SeparatorTale, records, some};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("L001"),
    name: "unknown-sample",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A column of a data file names a sample (or a library, a preparation, a cell) that the study does not have.",
    why: "ODM ties data to samples by equal names, letter by letter. It links the columns that it can and leaves out the \
          rest without a word, so that data is in ODM and nobody finds it; with no match at all the link fails.",
    mend: "Write the names the same way on both sides, or add the missing records. Where the names stand in another \
           column of the samples file, give that column with --link-attribute.",
    example: Example {
        command: "trial.samples.tsv trial.gct",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS-1<TAB>clinic\nS-2<TAB>clinic\n"),
            ("trial.gct", "#1.2\n1<TAB>2\nName<TAB>Description<TAB>S_1<TAB>S_2\nTP53<TAB>na<TAB>1.5<TAB>2\n"),
        ],
    },
};

/// What to do about two columns of one name.
const ONE_COLUMN: &str =
    "keep one column for each: ODM takes no name twice. Where both are meant, each needs a sample of its own";

/// The names of a group differ from known ones in one way, or are unlike any.
pub fn group(link: &LinkSummary, group: &Group<'_>) -> Diagnostic {
    let (one, many) = (link.to_kind.record(), records(link.to_kind));
    let to = to(link);
    let count = group.members.len();
    let first = &group.members[0];
    let noun = noun(link.from_kind, count);
    let message = match (&group.difference, first.near) {
        (Difference::Letters, Some(near)) => {
            format!(
                "{noun} `{}` is no known {one}; the nearest is `{near}`",
                first.name
            )
        }
        (Difference::Unlike, _) | (_, None) if count == 1 => {
            format!("{noun} `{}` is no known {one} of {to}", first.name)
        }
        (Difference::Unlike, _) | (_, None) => {
            format!(
                "{count} {noun} are no known {many} of {to}: {}",
                listed(&group.members)
            )
        }
        (_, Some(near)) if count == 1 => {
            format!(
                "{noun} `{}` {} {one} `{near}`{}",
                first.name,
                differs(group, true),
                if group.taken { ", which has a column already" } else { "" }
            )
        }
        (_, Some(_)) => format!(
            "{count} {noun} {} known {many}{}: {}",
            differs(group, false),
            if group.taken { " that have columns already" } else { "" },
            group.pairs()
        ),
    };
    let spoilt = if group.taken { None } else { spoilt(first) };
    let help = spoilt.unwrap_or_else(|| match &group.difference {
        _ if group.taken => ONE_COLUMN.to_owned(),
        Difference::Unlike => {
            let add = format!(
                "add {} to {to}, or take {} out of the data",
                them(count),
                them(count)
            );
            match first.near {
                Some(near) if count == 1 => format!("{add}; the nearest, `{near}`, has a {noun} of its own"),
                _ => add,
            }
        }
        Difference::Letters => match first.near {
            Some(near) => format!(
                "if `{near}` is meant, write it so on both sides; else add `{}` to {to}",
                first.name
            ),
            None => format!("add `{}` to {to}", first.name),
        },
        quotes if quotes.is_quotes() => "save the file without quotes around fields".to_owned(),
        Difference::LookAlike | Difference::Composition => look_alike(first),
        Difference::WholeNumber => {
            "a program read the names as numbers: read that column as text (in pandas: dtype=str), and write the file again"
                .to_owned()
        }
        Difference::Date => "export the names again, with the cells formatted as text".to_owned(),
        Difference::Pool if link.to_kind == FileKind::Samples => {
            "ODM ties a column to one record: describe each pool as a library of its samples, and name the column by its Library ID"
                .to_owned()
        }
        Difference::Pool => format!("ODM ties a column to one record: give each {one} a column of its own"),
        Difference::RName => {
            "R rewrites such names on reading: read the table with check.names = FALSE, and write it again"
                .to_owned()
        }
        _ => format!("write the names as in {to}: ODM compares them letter by letter"),
    });
    let finding = base(link, message, first, count).help(help);
    if group.difference.is_quotes() && !group.taken {
        finding.fix("remove the quotes around fields")
    } else {
        finding
    }
}

/// No name is known; `groups` say how they differ and `examples` are some of those that are known.
pub fn none_known(
    link: &LinkSummary,
    groups: &[Group<'_>],
    first: &Member<'_>,
    examples: &[&str],
) -> Diagnostic {
    let mut members: Vec<&Member<'_>> = groups.iter().flat_map(|group| &group.members).collect();
    members.sort_by_key(|member| member.position);
    let count = members.len();
    let to = to(link);
    let message = if count == 1 {
        format!(
            "{} `{}`, the only one, is no known {} of {to}",
            noun(link.from_kind, 1),
            first.name,
            link.to_kind.record()
        )
    } else {
        format!(
            "none of the {count} {} is a known {} of {to}: {}",
            noun(link.from_kind, count),
            link.to_kind.record(),
            some(members.iter().map(|member| member.name))
        )
    };
    let known = some(examples.iter().copied());
    let mut help = format!("the `{}` in {to} are such as {known}", link.attribute);
    let largest = groups
        .iter()
        .filter(|group| !matches!(group.difference, Difference::Unlike | Difference::Pool))
        .max_by_key(|group| group.members.len());
    match largest {
        Some(group) if group.members.len() * 2 >= count => {
            let near = group.members.len();
            let (those, known) = if near == count && count == 1 {
                ("this one".to_owned(), "one of them")
            } else if near == count {
                ("all".to_owned(), "them")
            } else {
                (format!("{near} of the {count}"), "some of them")
            };
            let mend = match group.difference {
                Difference::Date => "export the names again, with the cells formatted as text",
                _ => "write the names so on both sides",
            };
            help = format!(
                "{help}; {those} {} {known}: {mend}, for instance {}",
                differs(group, near == 1),
                group.pairs()
            );
        }
        _ if link.to_kind == FileKind::Samples => {
            help = format!(
                "{help}; use these in the data, or say with --link-attribute which column holds the names"
            );
        }
        _ => help = format!("{help}; use these in the data"),
    }
    base(link, message, first, count).help(help)
}

/// The names do stand in the file, in another column than the one that links go by.
pub fn other_column(
    link: &LinkSummary,
    first: &Member<'_>,
    count: usize,
    column: &str,
    in_template: bool,
) -> Diagnostic {
    let to = to(link);
    let message = format!(
        "the {} are in the column `{column}` of {to}, and not in `{}`, by which data is tied",
        noun(link.from_kind, 2),
        link.attribute
    );
    let help = if link.to_kind == FileKind::Samples && in_template {
        format!(
            "give --link-attribute \"{column}\", or use the `{}` in the data",
            link.attribute
        )
    } else if link.to_kind == FileKind::Samples {
        format!(
            "use the `{}` in the data: the template has no attribute `{column}` to tie by",
            link.attribute
        )
    } else {
        format!(
            "use the `{}` in the data: {} are tied by nothing else",
            link.attribute,
            records(link.to_kind)
        )
    };
    base(link, message, first, count).help(help)
}

/// The names are ids of records of another `kind`: all that the file has, or some.
pub fn of_other_kind(
    link: &LinkSummary,
    members: &[Member<'_>],
    kind: FileKind,
    whole: bool,
    said: bool,
) -> Diagnostic {
    let first = &members[0];
    let count = members.len();
    let theirs = if count == 1 {
        format!("{} `{}` is a {}", noun(link.from_kind, 1), first.name, kind.record())
    } else {
        let noun = noun(link.from_kind, count);
        format!("{count} {noun} are {}, as {}", records(kind), listed(members))
    };
    let message = format!("{theirs}, and this data is tied to {}", records(link.to_kind));
    let key = link.to_kind.key_attribute().unwrap_or(SAMPLE_KEY);
    let help = if whole && said {
        format!("write link_to = \"{kind}\" in study.toml, or name the columns by their {key}")
    } else if whole {
        format!("name the columns by their {key}")
    } else {
        format!(
            "ODM ties a file to one kind of record: name {} by {key} as well",
            if count == 1 { "this column" } else { "these columns" }
        )
    };
    base(link, message, first, count).help(help)
}

/// Columns that are there twice, and were renamed for it.
pub fn doubled(link: &LinkSummary, members: &[Member<'_>]) -> Diagnostic {
    let first = &members[0];
    let near = first.near.unwrap_or_default();
    let message = match members {
        [_] => format!(
            "column `{}` is a second column `{near}`, as R and pandas rename one",
            first.name
        ),
        _ => format!(
            "{} columns are there twice, and were renamed as R and pandas do: {}",
            members.len(),
            listed(members)
        ),
    };
    base(link, message, first, members.len())
        .help(ONE_COLUMN)
}

/// The attribute that data is tied by is blank in every record.
pub fn blank_attribute(
    data: &Arc<str>,
    first: &Member<'_>,
    count: usize,
    attribute: &str,
    table: &Arc<str>,
) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        data,
        format!(
            "no {} can be tied by `{attribute}`: it is blank in every record of `{}`",
            noun(FileKind::Expression, 1),
            file_name(table)
        ),
    )
    .at(first.position)
    .field(attribute)
    .value(first.name)
    .count(count as u64)
    .help(format!(
        "fill in `{attribute}` with the names of the columns, or tie by another attribute"
    ))
}

/// The names are not known because of how they are split into sample and measurement.
pub fn separator(
    link: &LinkSummary,
    first: &Member<'_>,
    count: usize,
    given: Option<&str>,
    tale: &SeparatorTale,
) -> Diagnostic {
    let one = link.to_kind.record();
    let given = given.unwrap_or_default();
    let (message, advice) = match tale {
        SeparatorTale::NotNeeded => (
            format!(
                "the whole column names are known {}; splitting them at `{given}` makes unknown ones",
                records(link.to_kind)
            ),
            Advice::about("leave out ", "measurement-separator"),
        ),
        SeparatorTale::InsideIds { column, id, taken } => (
            format!(
                "ODM splits column names at the first `{given}` and takes `{taken}` for the {one} in `{column}`, not `{id}`"
            ),
            renamed("the ids hold the separator themselves: ", column, id, given),
        ),
        SeparatorTale::LastOne {
            separator,
            column,
            id,
        } => (
            format!(
                "the columns name {one} and measurement, as `{column}` for `{id}`, but ODM splits names at the first \
                 `{separator}`, which the ids hold themselves"
            ),
            renamed("", column, id, separator),
        ),
        SeparatorTale::Other {
            separator,
            column,
            id,
        } => (
            if given.is_empty() {
                format!(
                    "the columns name {one} and measurement, as `{column}` for `{id}`, and no separator is given"
                )
            } else {
                format!(
                    "splitting at `{given}` gives no known {one}: in `{column}`, `{id}` ends at `{separator}`"
                )
            },
            Advice::give("give ", "measurement-separator", *separator),
        ),
        SeparatorTale::Blank { column, id } => (
            format!(
                "the columns name {one} and measurement, as `{column}` for `{id}`, with a blank between, which ODM takes for no \
                 separator"
            ),
            renamed("", column, id, " "),
        ),
        SeparatorTale::Reversed {
            separator,
            column,
            id,
        } => {
            let measurement = column
                .strip_suffix(id.as_str())
                .and_then(|before| before.strip_suffix(separator))
                .unwrap_or_default();
            (
                format!("the columns name the measurement before the {one}, as `{column}` for `{id}`"),
                renamed("", &format!("{id}{separator}{measurement}"), id, separator),
            )
        }
    };
    base(link, message, first, count).advise(advice)
}

/// The data is tied to a kind of which the study has nothing.
pub fn no_group(data: &Arc<str>, kind: FileKind, count: usize) -> Diagnostic {
    let many = records(kind);
    Diagnostic::new(
        &RULE,
        data,
        format!("this data is to hang on {many}, and the study has none"),
    )
    .count(count as u64)
    .help(format!(
        "add the {many} to the study ([[{kind}]] in study.toml), or change link_to"
    ))
}

fn base(link: &LinkSummary, message: String, first: &Member<'_>, count: usize) -> Diagnostic {
    Diagnostic::new(&RULE, &link.from, message)
        .at(first.position)
        .field(&link.attribute)
        .value(first.name)
        .count(count as u64)
}

/// How to name columns so that they can be split after the id.
fn renamed(because: &str, column: &str, id: &str, separator: &str) -> Advice {
    let other = [":", "|", ";", "/", "::"];
    let free = other.into_iter().find(|other| !id.contains(other)).unwrap_or("||");
    let measurement = column.get(id.len() + separator.len()..).unwrap_or_default();
    let before = format!("{because}rename the columns, this one to `{id}{free}{measurement}`, and give ");
    Advice::then(before, "measurement-separator", free)
}

/// The table or tables that the names are looked for in.
pub(super) fn to(link: &LinkSummary) -> String {
    match &link.to[..] {
        [one] => format!("`{}`", file_name(one)),
        several => format!("the {} {} files", several.len(), link.to_kind),
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn noun(kind: FileKind, count: usize) -> &'static str {
    match (kind, count) {
        (FileKind::FlowCytometry, 1) => "sample name",
        (FileKind::FlowCytometry, _) => "sample names",
        (_, 1) => "column",
        _ => "columns",
    }
}

fn them(count: usize) -> &'static str {
    if count == 1 { "it" } else { "them" }
}

fn listed(members: &[Member<'_>]) -> String {
    some(members.iter().map(|member| member.name))
}
