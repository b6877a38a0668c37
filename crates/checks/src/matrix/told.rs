//! What is said of faults in rows.

use odmkit_columns::number::OutOfRange;
use odmkit_core::Position;
use odmkit_diagnostics::{Diagnostic, Rule};

use super::layout::{MatrixKind, MatrixLayout};
use super::scan::Fault;
use crate::metadata::look_alike;
use crate::rules::{
    d004_not_a_number, d012_near_missing_token, g009_empty_name, g010_empty_description, g012_not_a_number,
    g015_missing_token, t001_ragged_row, t005_blank_line, t006_padded_text, t007_padding_tabs,
    t009_look_alike_characters, t010_spreadsheet_damage, t011_number_out_of_range, t012_quoted_field,
    t014_lost_characters,
};
use crate::values::{self, TextIn};

/// The rule for values that are no numbers.
const fn not_a_number(layout: &MatrixLayout) -> &'static Rule {
    match layout.kind {
        MatrixKind::Gct => &g012_not_a_number::RULE,
        MatrixKind::Frame => &d004_not_a_number::RULE,
    }
}

/// What is said of a fault at a place where `text` stands.
pub(super) fn finding(layout: &MatrixLayout, fault: Fault, position: Position, text: &str) -> Diagnostic {
    let path = &layout.path;
    let name = |column: u32| layout.name(column as usize);
    let here = position.field.map_or("", |field| layout.name(field.index()));
    match fault {
        Fault::Ragged(found) if layout.has_row_names && found as usize == layout.width() + 1 => {
            t001_ragged_row::row_names(path, position)
        }
        Fault::Ragged(found) => {
            t001_ragged_row::finding(path, position, u64::from(found), layout.width() as u64)
        }
        Fault::Stray(stray) => t001_ragged_row::stray(path, position, stray),
        Fault::HeaderAgain => t001_ragged_row::header_again(path, position),
        Fault::BlankLine => t005_blank_line::finding(path, position),
        Fault::PaddingTabs => {
            let tabs = text.bytes().filter(|byte| *byte == b'\t').count() as u64;
            t007_padding_tabs::finding(path, position, tabs)
        }
        Fault::EmptyName => g009_empty_name::finding(path, position),
        Fault::EmptyDescription => g010_empty_description::finding(path, position),
        Fault::PaddedFeature(column) => t006_padded_text::in_value(path, position, name(column), text),
        Fault::PaddedValue => t006_padded_text::in_measurement(path, position, here, text),
        Fault::QuotedFeature(_) | Fault::QuotedValue if layout.gct.quoted => {
            t012_quoted_field::whole_file(path, position, text)
        }
        Fault::QuotedValue => t012_quoted_field::number(path, position, here, text),
        Fault::QuotedFeature(column) => t012_quoted_field::finding(path, position, name(column), text),
        Fault::Lost(column) => t014_lost_characters::in_value(path, position, name(column), text),
        Fault::Odd(column) => {
            let odd = look_alike::invisible(text);
            let finding = |odd| t009_look_alike_characters::in_value(path, position, name(column), text, odd);
            odd.map_or_else(
                || t014_lost_characters::in_value(path, position, name(column), text),
                finding,
            )
        }
        Fault::Damaged(damage) => t010_spreadsheet_damage::finding(path, position, here, text.trim(), damage),
        Fault::NotANumber(_) if layout.second_header == Some(position.line) => {
            values::second_header(not_a_number(layout), path, position, here, text.trim())
        }
        Fault::MixedColumn(_) => text_in(layout, TextIn::Numbers, position, here, text),
        Fault::TextColumn => text_in(layout, TextIn::Columns, position, here, text),
        Fault::NotANumber(_) => values::not_a_number(not_a_number(layout), path, position, here, text),
        Fault::MissingToken { infinite } => {
            g015_missing_token::finding(path, position, here, text.trim(), infinite)
        }
        Fault::NearMissing => d012_near_missing_token::finding(path, position, here, text.trim()),
        Fault::OutOfRange(out) => {
            let becomes = match out {
                OutOfRange::Infinity => t011_number_out_of_range::Becomes::Infinity,
                OutOfRange::Zero => t011_number_out_of_range::Becomes::Zero,
            };
            t011_number_out_of_range::finding(path, position, here, text, becomes)
        }
    }
}

/// There is text in a column of values.
fn text_in(layout: &MatrixLayout, how: TextIn, position: Position, name: &str, text: &str) -> Diagnostic {
    let help = match (layout.kind, how) {
        (_, TextIn::Columns) if layout.is_all_text() => values::ALL_TEXT,
        (MatrixKind::Gct, TextIn::Numbers) => g012_not_a_number::MIXED_COLUMN,
        (MatrixKind::Gct, TextIn::Columns) => g012_not_a_number::TEXT_COLUMN,
        (MatrixKind::Frame, TextIn::Numbers) => d004_not_a_number::MIXED_COLUMN,
        (MatrixKind::Frame, TextIn::Columns) => d004_not_a_number::TEXT_COLUMN,
    };
    values::text_in(
        how,
        not_a_number(layout),
        &layout.path,
        position,
        name,
        text.trim(),
    )
    .help(help)
}
