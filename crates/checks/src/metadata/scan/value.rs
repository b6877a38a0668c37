//! What is told of a value whatever its type: its quotes, its blanks, its pipes, and what cannot be seen in it.

use memchr::memchr;
use odmkit_core::FileKind;
use odmkit_template::value;

use super::typed::fault;
use super::{Fit, Scanner, Whole};
use crate::block::Spot;
use crate::encoding::misread;
use crate::metadata::known::Role;
use crate::metadata::look_alike;
use crate::metadata::partial::{ColumnPart, Told};
use crate::metadata::plan::Judged;
use crate::names::is_plain;
use crate::rules::t010_spreadsheet_damage::{Damage, is_error, judge as damage};
use crate::rules::t012_quoted_field::{Quoting, is_hollow, is_wrapped};

/// A value with nothing around it.
#[derive(Clone, Copy)]
struct Value<'v> {
    text: &'v [u8],
    spot: Spot,
    is_key: bool,
    is_list: bool,
    /// All its characters are on a plain keyboard.
    plain: bool,
    fit: Fit,
}

impl Scanner<'_> {
    /// Looks at one field of a row.
    pub(super) fn field(&mut self, index: usize, field: &[u8], spot: Spot, line: Whole) {
        let column = &self.plan.columns[index];
        let part = &mut self.found.columns.of(line.fit == Fit::Short)[index];
        let is_key = matches!(column.role, Role::Key | Role::Parent);
        let plain = line.plain || is_plain(field);
        let text = bare(field, is_key, plain);
        if let Some(kept) = column.kept {
            let key = if line.fit == Fit::Torn { b"" } else { text };
            self.found.kept[kept].push(key, spot.line, spot.byte);
        }
        if text.is_empty() {
            self.found.lines.missing += 1;
            if column.role != Role::Plain && line.fit.is_judged() {
                part[Told::Blank].add(spot, b"");
            }
            return;
        }
        part.filled = true;
        if column.ignored || !line.fit.is_judged() {
            return;
        }
        let quoting = if text[0] == b'"' { Quoting::of(text) } else { None };
        if quoting == Some(Quoting::Unclosed) {
            // Blanks around a part of a cell are no cause of their own.
            part[Told::Unclosed].add(spot, text);
            self.found.lines.opened.add(spot, text);
            return;
        }
        if text.len() < field.len() {
            part[Told::Padded].add(spot, field);
        }
        let is_list = line.lists && memchr(b'|', text).is_some();
        if let Some(told) = no_value(text, quoting, is_list) {
            part[told].add(spot, text);
            return;
        }
        let value = Value {
            text,
            spot,
            is_key,
            is_list,
            plain,
            fit: line.fit,
        };
        self.value(index, value);
    }

    /// Looks at what a value says.
    fn value(&mut self, index: usize, value: Value<'_>) {
        let column = &self.plan.columns[index];
        let part = &mut self.found.columns.of(value.fit == Fit::Short)[index];
        let Value { text, spot, .. } = value;
        if value.is_list {
            judge_list(part, text, spot, column.judged.as_ref());
            let pools = column.role == Role::Parent && self.plan.kind != FileKind::Cells;
            if pools && count_items(text, |item| !item.is_empty()) > 1 {
                part[Told::Pooled].add(spot, text);
            }
        }
        if let Some(group) = column.group {
            let items = if value.is_list {
                count_items(text, |_| true)
            } else {
                1
            };
            let (low, high) = self.ranges[group].unwrap_or((items, items));
            self.ranges[group] = Some((low.min(items), high.max(items)));
        }
        if value.is_key {
            match std::str::from_utf8(text).ok().and_then(damage) {
                Some(Damage::Date) => part[Told::Date].add(spot, text),
                Some(Damage::Number) => part[Told::Rounded].add(spot, text),
                Some(Damage::Error) | None => {}
            }
        }
        let is_free_text = column.judged.is_none() && column.cell.is_none();
        if (value.is_key || is_free_text)
            && let Some(told) = oddity(text, value.is_key, value.plain)
        {
            part[told].add(spot, text);
        }
        if let Some(fault) = column.cell.and_then(|cell| cell.judge(text)) {
            part.add_cell_fault(fault, spot, text);
        }
        if let Some(judged) = &column.judged {
            let fine = &mut self.scratch.fine[index];
            self.seen.of(value.fit == Fit::Short)[index].judge(judged, fine, part, text, spot);
        }
    }
}

/// What is told of a text that is no value, or none that anything else is to be said of.
fn no_value(text: &[u8], quoting: Option<Quoting>, is_list: bool) -> Option<Told> {
    if is_error(text) {
        return Some(Told::FormulaError);
    }
    match quoting {
        Some(Quoting::Around) => Some(Told::Quoted),
        Some(Quoting::Blank) => Some(Told::QuotedBlank),
        Some(Quoting::Several | Quoting::Unclosed) => Some(Told::QuotedTwice),
        None => {
            (is_list && memchr(b'"', text).is_some() && has_quoted_item(text)).then_some(Told::QuotedItem)
        }
    }
}

/// A value without white space around it. Quotes around nothing are no key.
fn bare(field: &[u8], is_key: bool, plain: bool) -> &[u8] {
    let trimmed = if plain {
        field.trim_ascii()
    } else {
        trim(field, is_key)
    };
    if is_key && is_hollow(trimmed) {
        b""
    } else {
        trimmed
    }
}

/// The same of a field whose blanks may not be plain ones. Of such alone it holds nothing.
fn trim(field: &[u8], is_key: bool) -> &[u8] {
    let trimmed =
        std::str::from_utf8(field).map_or_else(|_| field.trim_ascii(), |text| text.trim().as_bytes());
    if is_key && !trimmed.is_empty() {
        look_alike::trim_key(field)
    } else {
        trimmed
    }
}

/// How many items of a list are such.
fn count_items(list: &[u8], is: impl Fn(&str) -> bool) -> u64 {
    value::items(&String::from_utf8_lossy(list))
        .filter(|item| is(item))
        .count() as u64
}

/// What is wrong with the pipes of a value. A doubled one is right where the value is what its attribute wants.
fn judge_list(part: &mut ColumnPart<Spot>, value: &[u8], spot: Spot, judged: Option<&Judged>) {
    let text = String::from_utf8_lossy(value);
    let literal = |judged| value::items(&text).all(|item| fault(judged, item).is_none());
    if text.contains("||") && !judged.is_some_and(literal) {
        part[Told::DoubledPipe].add(spot, value);
    }
    if value::items(&text).any(str::is_empty) {
        part[Told::EmptyItem].add(spot, value);
    } else if has_spaced_pipe(&text) {
        part[Told::SpacedPipe].add(spot, value);
    }
}

/// Whether one of several items stands in quotes.
fn has_quoted_item(list: &[u8]) -> bool {
    value::items(&String::from_utf8_lossy(list))
        .any(|item| is_wrapped(item.as_bytes()) && !item.contains("||"))
}

/// Whether blanks stand around a pipe that separates two items.
fn has_spaced_pipe(text: &str) -> bool {
    let separators = text.replace("||", "");
    separators.contains(" |") || separators.contains("| ")
}

/// What in a value is not what a reader takes it for. Of values that are judged by a type or a dictionary that is told as what
/// is wrong with them.
fn oddity(value: &[u8], is_key: bool, plain: bool) -> Option<Told> {
    if plain && !(is_key && memchr(b' ', value).is_some()) {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?;
    if text.contains(look_alike::LOST) {
        Some(Told::Lost)
    } else if misread(text).is_some() {
        Some(Told::Misread)
    } else if look_alike::in_typographic_quotes(text) {
        Some(Told::Typographic)
    } else if is_key {
        look_alike::odd_in_id(text).map(|_| Told::OddId)
    } else {
        look_alike::invisible(text).map(|_| Told::Invisible)
    }
}
