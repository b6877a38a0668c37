//! A header without tabs: something else stands between its names.

use odmkit_formats::HeaderLine;

/// What separates the columns of a header without tabs.
pub(super) struct Separator {
    text: &'static str,
    /// What stands between the names.
    pub(super) each: &'static str,
    /// What a table is where it stands between all fields.
    pub(super) table: &'static str,
    /// What to do about that.
    pub(super) help: &'static str,
}

static SEPARATORS: [Separator; 4] = [
    Separator {
        text: "\\t",
        each: "`\\t`, written out,",
        table: "a table with `\\t` written out between its fields",
        help: "save it with tabs between the fields, and not with a backslash and a t",
    },
    Separator {
        text: ",",
        each: "commas",
        table: "a comma-separated table",
        help: "save it with tabs between the fields instead of commas",
    },
    Separator {
        text: ";",
        each: "semicolons",
        table: "a semicolon-separated table",
        help: "save it with tabs between the fields instead of semicolons",
    },
    Separator {
        text: " ",
        each: "blanks",
        table: "a table with blanks between its fields",
        help: "save it with tabs between the fields instead of blanks",
    },
];

/// What stands between the names, where all are in the first field. Padding behind that has one field for each further name.
pub(super) fn separator(names: &HeaderLine) -> Option<&'static Separator> {
    if names.fields.len() > 1 {
        return None;
    }
    SEPARATORS.iter().find(|separator| {
        let text = names.text(0).split(separator.text);
        let fits = names.padding == 0 || text.clone().count() as u64 == 1 + names.padding;
        let mut fields = text.map(|field| field.trim().trim_matches('"'));
        let first = fields.next().unwrap_or_default();
        let is_usual = ["name", "id"]
            .iter()
            .any(|usual| first.eq_ignore_ascii_case(usual));
        fits && is_usual && fields.any(|field| !field.is_empty())
    })
}
