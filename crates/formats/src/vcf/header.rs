//! The lines above the records.

use odmkit_core::{ByteOffset, FieldNumber, LineNumber, Position};

use crate::{HeadLines, HeaderLine, NeedMore};

/// The header of a VCF, as it stands.
#[derive(Debug, Clone)]
pub struct VcfHeader {
    /// The lines above the one that names the columns.
    pub meta: Vec<MetaLine>,
    /// The line that names the columns; `None` where the records, or nothing, follow at once.
    pub columns: Option<HeaderLine>,
    /// Blank lines above the records.
    pub blanks: Vec<Position>,
    /// Where the records begin.
    pub body: Position,
}

/// A line above the one that names the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetaLine {
    /// What it is.
    pub kind: MetaKind,
    /// The line without white space at its end. What is not UTF-8 is replaced.
    pub text: String,
    /// Where it begins.
    pub start: Position,
    /// Tabs after the text.
    pub padding: u64,
    /// Where the first field begins that the padding makes.
    pub padding_position: Position,
}

/// What a line above the records is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetaKind {
    /// `##key=value`
    Meta,
    /// `"##key=value"`, as a spreadsheet writes a line that has quotes in it.
    Quoted,
    /// A line with one `#` that does not name the columns.
    Comment,
}

/// A version of the format: 4 and 2 for `VCFv4.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The figure before the point.
    pub major: u32,
    /// The figure after it.
    pub minor: u32,
}

/// Reads the header of a VCF from the beginning of its text.
///
/// # Errors
///
/// Where the header goes on beyond `head`.
pub fn read(head: &[u8], complete: bool) -> Result<VcfHeader, NeedMore> {
    let mut lines = HeadLines::new(head, complete);
    let mut meta = Vec::new();
    let (mut columns, mut records) = (None, None);
    while let Some((text, line, byte)) = lines.next_line()? {
        let kind = if text.starts_with(b"##") {
            MetaKind::Meta
        } else if text.starts_with(b"\"##") {
            MetaKind::Quoted
        } else if names_columns(text) {
            columns = Some(HeaderLine::read(text, line, byte));
            break;
        } else if text.starts_with(b"#") {
            MetaKind::Comment
        } else {
            records = Some(Position::line(line, byte));
            break;
        };
        meta.push(MetaLine::new(kind, text, line, byte));
    }
    Ok(VcfHeader {
        meta,
        columns,
        body: records.unwrap_or_else(|| lines.rest()),
        blanks: lines.blanks(),
    })
}

impl VcfHeader {
    /// Where the first line stands that is not blank.
    pub fn start(&self) -> Position {
        let meta = self.meta.first().map(|line| line.start);
        let columns = self.columns.as_ref().map(HeaderLine::start);
        meta.or(columns).unwrap_or(self.body)
    }

    /// Where the last line of the header stands.
    pub fn end(&self) -> Position {
        let columns = self.columns.as_ref().map(HeaderLine::start);
        let meta = self.meta.last().map(|line| line.start);
        columns.or(meta).unwrap_or(self.body)
    }
}

impl MetaLine {
    fn new(kind: MetaKind, text: &[u8], line: LineNumber, byte: ByteOffset) -> Self {
        let used = text.trim_ascii_end();
        let rest = &text[used.len()..];
        let before = memchr::memchr_iter(b'\t', used).count();
        let tab = memchr::memchr(b'\t', rest).unwrap_or(rest.len());
        Self {
            kind,
            text: String::from_utf8_lossy(used).into_owned(),
            start: Position::line(line, byte),
            padding: memchr::memchr_iter(b'\t', rest).count() as u64,
            padding_position: Position::field(
                line,
                FieldNumber::from_index(before + 1),
                byte.advanced(used.len() + tab + 1),
            ),
        }
    }

    /// What stands between `##` and `=`; all of it where there is no `=`.
    pub fn key(&self) -> &str {
        let text = self.text.trim_start_matches(['#', '"']);
        text.split_once('=').map_or(text, |(key, _)| key)
    }

    /// What follows the first `=`.
    pub fn value(&self) -> Option<&str> {
        self.text.split_once('=').map(|(_, value)| value)
    }
}

impl Version {
    /// Reads `VCFv4.2`.
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.strip_prefix("VCFv")?.split_once('.')?;
        let figure = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        Some(Self {
            major: figure(major)?,
            minor: figure(minor)?,
        })
    }
}

/// Whether a line is the one that names the columns, or would be with a `#` and tabs, and without quotes.
fn names_columns(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\"").unwrap_or(text);
    let text = text.strip_prefix(b"#").unwrap_or(text).trim_ascii_start();
    let first = text
        .split(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | b'|' | b'"'))
        .next();
    first.is_some_and(|first| first.eq_ignore_ascii_case(b"CHROM"))
}
