//! Judging the header of a mapping.

use std::sync::Arc;

use odmkit_diagnostics::Sink;
use odmkit_formats::mapping::{self, HeaderShape};
use odmkit_formats::table::TableHeader;

use super::MappingLayout;
use crate::matrix::sample;
use crate::names::{header_below, pad, unnamed, unquoted, with_unnamed};
use crate::rules::t012_quoted_field::whole_file;
use crate::rules::{
    t001_ragged_row, t005_blank_line, t006_padded_text, t013_misplaced_names, x001_bad_mapping as x001,
};

/// Judges the header; `rows` is some text below it. `None` where there is nothing to read the rows by.
pub fn check_header(
    path: &Arc<str>,
    header: &TableHeader,
    rows: &[u8],
    sink: &mut dyn Sink,
) -> Option<MappingLayout> {
    for blank in &header.blanks {
        sink.push(t005_blank_line::finding(path, *blank));
    }
    let names = header.names.as_ref()?;
    let names = with_unnamed(names, unnamed(names, rows));
    pad(path, &names, sink);
    let width = names.fields.len();
    let (names, quoted) = unquoted(path, names, 0..width, sink, whole_file);
    let names = &names;
    for (index, name) in names.fields.iter().enumerate() {
        if name.is_padded() && !name.text().is_empty() {
            sink.push(t006_padded_text::in_name(path, names.position(index), &name.raw));
        }
    }
    let judged = mapping::judge(names);
    let is_header = |shape| {
        matches!(
            shape,
            HeaderShape::Right | HeaderShape::Case | HeaderShape::Swapped
        )
    };
    if is_header(judged.shape) && sample::has_row_names(rows, width) {
        sink.push(t001_ragged_row::numbered(path, header.body));
        return None;
    }
    if !is_header(judged.shape)
        && let Some(line) = header_below(rows, header.body, |line| is_header(mapping::judge(line).shape))
    {
        sink.push(t013_misplaced_names::below(path, names.start(), line));
        return None;
    }
    let right = x001::right_header();
    let found = (0..names.fields.len())
        .map(|index| format!("`{}`", names.text(index)))
        .collect::<Vec<_>>();
    let width = found.len();
    let (what, help) = match judged.shape {
        HeaderShape::Right => (String::new(), String::new()),
        HeaderShape::Case => (
            format!(
                "the columns are called {}, and not as ODM spells them",
                found.join(" and ")
            ),
            format!("write {right}"),
        ),
        HeaderShape::Swapped => (
            "the genes stand before the transcripts".to_owned(),
            format!("swap the two columns, so that the header is {right}"),
        ),
        HeaderShape::TooWide => (
            format!("the file has {width} columns, and ODM takes two"),
            format!("keep the two columns {right}"),
        ),
        HeaderShape::Separator(separator) => (
            format!(
                "the columns are separated by {}, and not by tabs",
                separator_name(separator)
            ),
            "save the file with tabs between fields (tab delimited text)".to_owned(),
        ),
        HeaderShape::Misnamed => (
            format!(
                "the columns are called {}, and not `TXNAME` and `GENEID`",
                found.join(" and ")
            ),
            format!("put the transcripts first and the genes second, and write {right} as the first line"),
        ),
        HeaderShape::Data => (
            "the first line is a row, and not a header".to_owned(),
            format!("write {right} above it"),
        ),
        HeaderShape::Other => (
            format!(
                "the header has {width} {} and not `TXNAME` and `GENEID`",
                if width == 1 { "column" } else { "columns" }
            ),
            format!("keep one column of transcripts and one of genes, and write {right} as the first line"),
        ),
    };
    if judged.shape != HeaderShape::Right {
        sink.push(x001::header(path, names.start(), &what, &help));
    }
    let readable = !matches!(judged.shape, HeaderShape::Separator(_) | HeaderShape::Other);
    readable.then(|| MappingLayout {
        path: Arc::clone(path),
        names: names.clone(),
        transcript: judged.transcript,
        gene: judged.gene,
        quoted,
    })
}

const fn separator_name(separator: char) -> &'static str {
    match separator {
        ',' => "commas",
        ';' => "semicolons",
        '|' => "bars",
        _ => "blanks",
    }
}
