//! The rules, one file each, and the table of them all.

use odmkit_diagnostics::Rule;

/// Declares the modules of the rules and the table, in the order of their codes.
macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(pub mod $module;)*

        /// Every rule, sorted by code.
        pub static RULES: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    f001_unreadable,
    f002_empty_file,
    f003_not_utf8,
    f004_byte_order_mark,
    f005_line_endings,
    f006_nul_byte,
    f007_bad_archive,
    f008_not_this_kind,
    f009_too_large,
    f010_line_too_long,
    f011_unknown_kind,
    t001_ragged_row,
    t002_duplicate_column,
    t003_unnamed_column,
    t004_long_column_name,
    t005_blank_line,
    t006_padded_text,
    t007_padding_tabs,
    t008_no_rows,
    t009_look_alike_characters,
    t010_spreadsheet_damage,
    t011_number_out_of_range,
    t012_quoted_field,
}

/// The rule with this code.
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .copied()
        .find(|rule| rule.code.as_str().eq_ignore_ascii_case(code))
}
