//! Judging the header of a VCF.

use std::sync::Arc;

use odmkit_diagnostics::Sink;
use odmkit_formats::vcf::{FIXED, FORMAT, MetaKind, MetaLine, VcfHeader, Version};
use odmkit_formats::{HeaderLine, Line, Lines, fields};

use super::{VcfLayout, scan};
use crate::matrix::{Stray, sample};
use crate::names::{self, pad, unnamed, with_unnamed};
use crate::rules::{
    t005_blank_line, t006_padded_text, t007_padding_tabs,
    t012_quoted_field::{self, whole_file},
    v001_bad_vcf_header as v001, v003_duplicate_vcf_sample,
};
use crate::text;

/// Lines of this kind hold `<ID=…>`, where they hold `<`.
const STRUCTURED: [&str; 5] = ["INFO", "FORMAT", "FILTER", "ALT", "contig"];

/// Judges the header; `records` is some text below it. `None` where there is nothing to read the records by.
pub fn check_header(
    path: &Arc<str>,
    header: &VcfHeader,
    records: &[u8],
    sink: &mut dyn Sink,
) -> Option<VcfLayout> {
    for blank in &header.blanks {
        sink.push(t005_blank_line::finding(path, *blank));
    }
    // Of a file without any header that is said once.
    if header.columns.is_none() && header.meta.iter().all(|line| line.kind == MetaKind::Comment) {
        sink.push(v001::no_header(path, header.start()));
        return None;
    }
    let version_at = version_at(header);
    let version = check_version(path, header, version_at, sink);
    for (index, line) in header.meta.iter().enumerate() {
        check_meta(path, line, version_at.is_some_and(|at| index < at), sink);
    }
    let Some(names) = &header.columns else {
        sink.push(v001::no_columns(path, header.end()));
        return None;
    };
    let names = with_unnamed(names, unnamed(names, records));
    pad(path, &names, sink);
    let (names, quoted) = without_quotes(path, names, records, sink);
    let names = &names;
    if names.fields.len() == 1 {
        sink.push(v001::no_tabs(path, names.start(), names.text(0)));
        return None;
    }
    if !check_fixed(path, names, sink) {
        return None;
    }
    let format = check_format(path, names, sink);
    if !format && names.fields.len() > FIXED.len() && first_width(records) == Some(names.fields.len() + 1) {
        // It is there in the records: their fields stand under the names of others.
        return None;
    }
    let layout = VcfLayout {
        path: Arc::clone(path),
        names: names.clone(),
        format,
        version,
        quoted,
        has_row_names: has_row_names(records, names.fields.len()),
        returned: if text::returns_cut(records) {
            Stray::Returned
        } else {
            Stray::LineBreak
        },
    };
    check_samples(&layout, sink);
    Some(layout)
}

/// The names without quotes around those of the first columns, where there are any, and whether there were. Quotes around the
/// names of samples alone are told with these names, or, where records are in quotes as well, with the records: whoever writes
/// a table so has quotes around all its text.
fn without_quotes(
    path: &Arc<str>,
    names: HeaderLine,
    records: &[u8],
    sink: &mut dyn Sink,
) -> (HeaderLine, bool) {
    let all = 0..names.fields.len();
    let first = 0..FIXED.len().min(all.end);
    let are_twins = !names::twin_names(&names, first.end..all.end).is_empty();
    let fixed_in_quotes = first.clone().any(|index| names::is_in_quotes(&names, index));
    match scan::quotes_of_first(records).filter(|_| !are_twins) {
        None => names::unquoted(path, names, first, sink, whole_file),
        Some(refused) if refused || fixed_in_quotes => names::unquoted(path, names, all, sink, whole_file),
        Some(_) => (
            names::unquoted(path, names, all, sink, t012_quoted_field::fields).0,
            false,
        ),
    }
}

/// Which line gives the version, where one does.
fn version_at(header: &VcfHeader) -> Option<usize> {
    // In quotes it is the version all the same: the quotes are told of.
    let is_version =
        |line: &MetaLine| line.kind != MetaKind::Comment && line.key().eq_ignore_ascii_case("fileformat");
    header.meta.iter().position(is_version)
}

fn check_version(
    path: &Arc<str>,
    header: &VcfHeader,
    version_at: Option<usize>,
    sink: &mut dyn Sink,
) -> Option<Version> {
    let Some(index) = version_at else {
        sink.push(v001::no_version(path, header.start()));
        return None;
    };
    let line = &header.meta[index];
    let version = line
        .value()
        .map(|value| value.trim_matches('"'))
        .and_then(Version::parse);
    if version.is_none() || line.key() != "fileformat" {
        sink.push(v001::bad_version(path, line.start, &line.text));
    } else if header.meta[..index]
        .iter()
        .any(|line| line.kind != MetaKind::Comment)
    {
        // Comments above it are told of themselves.
        sink.push(v001::late_version(path, line.start));
    }
    version
}

/// Judges a line above the names; `is_above` says that it stands above the version.
fn check_meta(path: &Arc<str>, line: &MetaLine, is_above: bool, sink: &mut dyn Sink) {
    if line.padding > 0 {
        sink.push(t007_padding_tabs::finding(
            path,
            line.padding_position,
            line.padding,
        ));
    }
    match line.kind {
        MetaKind::Quoted => return sink.push(v001::quoted_meta(path, line.start)),
        MetaKind::Comment => return sink.push(v001::comment(path, line.start, &line.text, is_above)),
        MetaKind::Meta => {}
    }
    let (key, Some(entries)) = (line.key(), line.value().and_then(|value| value.strip_prefix('<'))) else {
        return;
    };
    match entries.strip_suffix('>') {
        None => sink.push(v001::open_meta(path, line.start, key)),
        Some(entries) if STRUCTURED.contains(&key) && !has_id(entries) => {
            sink.push(v001::meta_without_id(path, line.start, key));
        }
        Some(_) => {}
    }
}

fn has_id(entries: &str) -> bool {
    entries
        .split(',')
        .filter_map(|entry| entry.trim_start().strip_prefix("ID="))
        .any(|id| !id.trim().is_empty())
}

/// Judges the first eight names; gives whether the columns are what they should be all the same.
fn check_fixed(path: &Arc<str>, names: &HeaderLine, sink: &mut dyn Sink) -> bool {
    let alike = |index: usize, expected: &str| {
        let plain = |name: &str| name.trim_start_matches('#').trim().to_ascii_lowercase();
        plain(names.text(index)) == plain(expected)
    };
    let wrong: Vec<usize> = (0..FIXED.len())
        .filter(|index| !alike(*index, FIXED[*index]))
        .collect();
    if let [first, others @ ..] = wrong.as_slice() {
        let first = *first;
        // Where it stands further on, it is the order that is wrong.
        let moved = (first + 1..names.fields.len()).any(|index| alike(index, FIXED[first]));
        if moved {
            sink.push(v001::misplaced(
                path,
                names.position(first),
                names.text(first),
                FIXED[first],
            ));
            return false;
        }
        // A column that is left out moves all that follow it to the left.
        let moved = FIXED
            .get(first + 1)
            .map_or(names.fields.len() <= first, |next| alike(first, next));
        if moved || names.fields.len() < FIXED.len() {
            sink.push(v001::absent(path, names.position(first), FIXED[first]));
            return false;
        }
        if others.len() > 1 {
            sink.push(v001::misnamed(
                path,
                names.position(first),
                names.text(first),
                FIXED[first],
            ));
            return false;
        }
    }
    for (index, expected) in FIXED.iter().enumerate() {
        let name = &names.fields[index];
        if name.text() != *expected {
            sink.push(v001::misnamed(path, names.position(index), name.text(), expected));
        } else if name.is_padded() {
            sink.push(t006_padded_text::in_name(path, names.position(index), &name.raw));
        }
    }
    true
}

/// Judges the name after INFO; gives whether it is FORMAT, or is meant to be.
fn check_format(path: &Arc<str>, names: &HeaderLine, sink: &mut dyn Sink) -> bool {
    let index = FIXED.len();
    let Some(name) = names.fields.get(index) else {
        return false;
    };
    let position = names.position(index);
    if name.text() == FORMAT {
        if name.is_padded() {
            sink.push(t006_padded_text::in_name(path, position, &name.raw));
        }
        return true;
    }
    if name.text().eq_ignore_ascii_case(FORMAT) {
        sink.push(v001::misnamed(path, position, name.text(), FORMAT));
        return true;
    }
    sink.push(v001::no_format(path, position, name.text()));
    false
}

/// How many fields the first record has.
fn first_width(records: &[u8]) -> Option<usize> {
    first_record(records).map(|line| fields(line.text).count())
}

fn first_record(records: &[u8]) -> Option<Line<'_>> {
    let is_record = |line: &Line<'_>| !line.is_blank() && !line.text.starts_with(b"#");
    Lines::new(records).find(is_record)
}

/// Whether each record has a field more than there are names, and that is its first.
fn has_row_names(records: &[u8], width: usize) -> bool {
    let Some(first) = first_record(records).filter(|_| sample::has_row_names(records, width)) else {
        return false;
    };
    let all: Vec<_> = fields(first.text)
        .map(|(_, field)| t012_quoted_field::meant(field.trim_ascii()))
        .collect();
    scan::is_record(&all[1..]) && !scan::is_record(&all)
}

fn check_samples(layout: &VcfLayout, sink: &mut dyn Sink) {
    let path = &layout.path;
    let samples = layout.first_sample()..layout.width();
    names::check(
        path,
        &layout.names,
        samples,
        "sample name",
        sink,
        |position, name, first| v003_duplicate_vcf_sample::finding(path, position, name, first),
    );
}
