//! What every name in a header must be, whatever the kind of file.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use odmkit_core::{LineNumber, Position};
use odmkit_diagnostics::{Diagnostic, Sink};
use odmkit_formats::{HeaderLine, Line, Lines, Name, fields};

use crate::encoding::misread;
use crate::metadata::look_alike;
use crate::rules::{
    t003_unnamed_column, t004_long_column_name, t006_padded_text, t007_padding_tabs,
    t009_look_alike_characters, t012_quoted_field, t014_lost_characters,
};

/// Characters that ODM takes in a column name.
const LONGEST_NAME: usize = 255;

/// Judges the names of some columns, each called `what`. `repeated` makes the finding for a name that stands a second
/// time: its place, the name, and the place of the first.
pub(crate) fn check(
    path: &Arc<str>,
    names: &HeaderLine,
    columns: Range<usize>,
    what: &str,
    sink: &mut dyn Sink,
    repeated: impl Fn(Position, &str, Position) -> Diagnostic,
) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let twins = twin_names(names, columns.clone());
    for index in columns {
        let position = names.position(index);
        let text = names.text(index);
        if text.is_empty() {
            sink.push(t003_unnamed_column::finding(path, position));
            continue;
        }
        padded(path, names, index, sink);
        let length = text.chars().count();
        if length > LONGEST_NAME {
            sink.push(t004_long_column_name::finding(
                path,
                position,
                text,
                length as u64,
            ));
        }
        if t012_quoted_field::is_quoted(text.as_bytes()) {
            sink.push(match twin_of(names, index, &twins) {
                Some(twin) => {
                    let other = names.position(twin);
                    t012_quoted_field::name_twice(path, position, what, text, other)
                        .cause(t012_quoted_field::TWICE)
                }
                None => t012_quoted_field::finding(path, position, what, text),
            });
        }
        if let Some(finding) = odd_name(path, position, text, names.is_utf8) {
            sink.push(finding);
        }
        let first = *seen.entry(text).or_insert(index);
        if first != index {
            sink.push(repeated(position, text, names.position(first)));
        }
    }
}

/// What is to be told of a name that is not what a reader takes it for. That its line is not UTF-8 is told by itself.
pub(crate) fn odd_name(path: &Arc<str>, position: Position, name: &str, is_utf8: bool) -> Option<Diagnostic> {
    if is_plain(name.as_bytes()) {
        None
    } else if name.contains(look_alike::LOST) {
        is_utf8.then(|| t014_lost_characters::in_name(path, position, name))
    } else if let Some(meant) = misread(name) {
        Some(t014_lost_characters::misread_name(path, position, name, &meant))
    } else if look_alike::in_typographic_quotes(name) {
        Some(t012_quoted_field::typographic(path, position, name, name))
    } else {
        let odd = look_alike::invisible(name)?;
        Some(t009_look_alike_characters::in_name(path, position, name, odd))
    }
}

/// The letters and digits of a name, in lower case: what is left when slips of spelling are put aside.
pub(crate) fn loose(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Whether all characters of a text are on a plain keyboard: nothing in it is odd.
pub(crate) fn is_plain(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The columns whose names differ from another's, and would not without the quotes around them.
pub fn twin_names(names: &HeaderLine, columns: Range<usize>) -> HashSet<usize> {
    let is_quoted = |index| t012_quoted_field::is_quoted(names.text(index).as_bytes());
    if !columns.clone().any(is_quoted) {
        return HashSet::new();
    }
    let mut met: HashMap<Cow<'_, [u8]>, Vec<usize>> = HashMap::new();
    for index in columns {
        let name = t012_quoted_field::meant(names.text(index).as_bytes());
        met.entry(name).or_default().push(index);
    }
    let differ = |all: &Vec<usize>| all.iter().any(|index| names.text(*index) != names.text(all[0]));
    met.into_values().filter(differ).flatten().collect()
}

/// The first of the `twins` that a name would be the same as without quotes, where it is one of them.
fn twin_of(names: &HeaderLine, index: usize, twins: &HashSet<usize>) -> Option<usize> {
    let meant = |index| t012_quoted_field::meant(names.text(index).as_bytes());
    let others = twins.iter().copied().filter(|other| *other != index);
    let own = twins.contains(&index).then(|| meant(index))?;
    others.filter(|other| meant(*other) == own).min()
}

/// Whether the name of a column stands in quotes.
pub(crate) fn is_in_quotes(names: &HeaderLine, index: usize) -> bool {
    t012_quoted_field::is_wrapped(names.text(index).as_bytes())
}

/// The header without the quotes that stand around its names.
pub(crate) fn without_quotes(names: &HeaderLine) -> HeaderLine {
    let mut bare = names.clone();
    for (index, name) in bare.fields.iter_mut().enumerate() {
        if is_in_quotes(names, index) {
            let text = name.text();
            name.raw = text[1..text.len() - 1].to_owned();
        }
    }
    bare
}

/// The header without quotes, and whether there were any around one of the `columns`: then `tell` makes the finding that the
/// file is written so.
pub(crate) fn unquoted(
    path: &Arc<str>,
    names: HeaderLine,
    columns: Range<usize>,
    sink: &mut dyn Sink,
    tell: fn(&Arc<str>, Position, &str) -> Diagnostic,
) -> (HeaderLine, bool) {
    let Some(first) = columns.into_iter().find(|index| is_in_quotes(&names, *index)) else {
        return (names, false);
    };
    sink.push(tell(path, names.position(first), names.text(first)));
    (without_quotes(&names), true)
}

/// How often, in words.
pub(crate) fn times(count: u64) -> String {
    if count == 2 {
        "twice".to_owned()
    } else {
        format!("{count} times")
    }
}

/// Names of which each may be the one that is meant.
pub(crate) fn rivals(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [first @ .., last] if names.len() <= SHOWN => format!("`{}` and `{last}`", first.join("`, `")),
        _ => format!(
            "`{}` and {} more",
            names[..SHOWN].join("`, `"),
            names.len() - SHOWN
        ),
    }
}

/// Several columns that are spelt otherwise than ODM spells them, for one reason: what the header was made with. They are told
/// as one thing, with the names of all of them; `field` of each is the name that ODM knows.
pub(crate) fn as_one_cause(findings: &mut [&mut Diagnostic]) {
    const SHOWN: usize = 12;
    // Two may be slips, each by itself.
    if findings.len() < 3 {
        return;
    }
    let names: Vec<&str> = findings
        .iter()
        .filter_map(|finding| finding.field.as_deref())
        .collect();
    let shown = names[..names.len().min(SHOWN)].join(", ");
    let help = match names.len().saturating_sub(SHOWN) {
        0 => format!("rename the columns to {shown}"),
        more => format!("rename the columns to {shown} and {more} more"),
    };
    for finding in findings {
        finding.help = Some(help.clone());
        finding.cause = Some("names spelt otherwise".to_owned());
    }
}

/// What to do about them.
pub(crate) fn rivals_help(known: &str) -> String {
    format!(
        "rename the one that holds what is meant to {known}, and give any other a name that is less like it"
    )
}

/// Tells of white space around a name.
pub(crate) fn padded(path: &Arc<str>, names: &HeaderLine, index: usize, sink: &mut dyn Sink) {
    if let Some(name) = names
        .fields
        .get(index)
        .filter(|name| name.is_padded() && !name.text().is_empty())
    {
        sink.push(t006_padded_text::in_name(path, names.position(index), &name.raw));
    }
}

/// The line below a header in which its names stand, where that `is_header`.
pub(crate) fn header_below(
    rows: &[u8],
    body: Position,
    is_header: impl Fn(&HeaderLine) -> bool,
) -> Option<LineNumber> {
    const LOOKED_AT: usize = 20;
    let mut lines = (0..).zip(Lines::new(rows).take(LOOKED_AT));
    lines.find_map(|(number, line)| {
        let at = body.line.advanced(number);
        is_header(&HeaderLine::read(line.text, at, body.byte)).then_some(at)
    })
}

/// The header with so many of the blank fields after its last name as columns without one.
pub(crate) fn with_unnamed(names: &HeaderLine, count: u64) -> HeaderLine {
    let mut names = names.clone();
    let count = count.min(names.padding);
    for _ in 0..count {
        names.padding_byte = names.padding_byte.advanced(1);
        names.fields.push(Name {
            raw: String::new(),
            byte: names.padding_byte,
        });
    }
    names.padding -= count;
    names
}

/// The header with a first column of this name, which it lacks. A blank field after its last name then makes up for it.
pub(crate) fn with_first(names: &HeaderLine, name: &str) -> HeaderLine {
    let mut names = names.clone();
    if names.padding > 0 {
        names.padding -= 1;
        names.padding_byte = names.padding_byte.advanced(1);
    }
    let first = Name {
        raw: name.to_owned(),
        byte: names.byte,
    };
    names.fields.insert(0, first);
    names.put_before += 1;
    names
}

/// The header with so many last columns without a name, which it lacks.
pub(crate) fn with_last(names: &HeaderLine, count: usize) -> HeaderLine {
    let mut names = names.clone();
    let blank = Name {
        raw: String::new(),
        byte: names.padding_byte,
    };
    let all = names.fields.len() + count;
    names.fields.resize(all, blank);
    names
}

/// How many of the blank fields after the last name have values under them in some rows, those between included: they are
/// columns without a name, and no padding. Where only one row of several has something there, it is that row which is too long.
pub(crate) fn unnamed(names: &HeaderLine, rows: &[u8]) -> u64 {
    if names.padding == 0 {
        return 0;
    }
    let width = names.fields.len();
    let used = |line: Line<'_>| {
        let all: Vec<_> = fields(line.text).collect();
        let last = all
            .iter()
            .rposition(|(_, field)| !t012_quoted_field::is_nothing(field.trim_ascii()))?;
        // With more fields than the header has, it is the row that is wrong.
        let fits = (last as u64) < width as u64 + names.padding;
        fits.then(|| (last + 1).saturating_sub(width) as u64)
    };
    let (mut lines, mut longer, mut most) = (0, 0, 0);
    for used in Lines::new(rows).filter_map(used) {
        lines += 1;
        longer += u32::from(used > 0);
        most = most.max(used);
    }
    if longer == 1 && lines > 2 { 0 } else { most }
}

/// Tells of blank fields after the last one of a header line.
pub(crate) fn pad(path: &Arc<str>, line: &HeaderLine, sink: &mut dyn Sink) {
    if line.padding > 0 {
        sink.push(t007_padding_tabs::finding(
            path,
            line.padding_position(),
            line.padding,
        ));
    }
}
