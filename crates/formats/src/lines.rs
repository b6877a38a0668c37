//! Lines and fields.
//!
//! A line ends at LF, at CRLF, or at a CR that no LF follows: what Java's line reader does, and so the reading
//! that agrees with ODM on CR-only files from spreadsheets. Tabs separate fields; quotes mean nothing.

use memchr::{memchr, memchr_iter, memchr2};

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Terminator {
    /// `\n`
    Lf,
    /// `\r\n`
    Crlf,
    /// `\r` alone.
    Cr,
    /// The end of the text.
    End,
}

impl Terminator {
    /// Its length in bytes.
    pub const fn len(self) -> usize {
        match self {
            Self::Lf | Self::Cr => 1,
            Self::Crlf => 2,
            Self::End => 0,
        }
    }

    /// Whether the line ended without any terminator.
    pub const fn is_empty(self) -> bool {
        matches!(self, Self::End)
    }
}

/// One line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The line without its terminator.
    pub text: &'a [u8],
    /// Where it begins, in bytes from the start of the text that is iterated.
    pub start: usize,
    /// How it ends.
    pub terminator: Terminator,
}

impl Line<'_> {
    /// Whether it has no characters other than blanks and tabs, or what moved the paper of a printer.
    pub fn is_blank(&self) -> bool {
        self.text
            .iter()
            .all(|byte| matches!(byte, b' ' | b'\t' | 0x0B | 0x0C))
    }

    /// Where the next line begins.
    pub const fn end(&self) -> usize {
        self.start + self.length()
    }

    /// How many lines of `text`, which this one stands in, follow it and are the same, terminator and all.
    pub fn repeats(&self, text: &[u8]) -> usize {
        let (length, end) = (self.length(), self.end());
        if self.terminator.is_empty() || text.get(end) != text.get(self.start) {
            return 0;
        }
        // As far as the text is the same as itself one line earlier, it repeats the line.
        let (now, earlier) = (&text[end..], &text[self.start..]);
        let chunks = now.chunks_exact(CHUNK).zip(earlier.chunks_exact(CHUNK));
        let mut same = CHUNK * chunks.take_while(|(now, earlier)| now == earlier).count();
        let rest = now[same..].iter().zip(&earlier[same..]);
        same += rest.take_while(|(now, earlier)| now == earlier).count();
        let count = same / length;
        // A CR before a LF does not end its line alone.
        let cut = self.terminator == Terminator::Cr && text.get(end + count * length) == Some(&b'\n');
        count.saturating_sub(usize::from(cut))
    }

    /// Its length with its terminator.
    pub const fn length(&self) -> usize {
        self.text.len() + self.terminator.len()
    }
}

/// Iterates over the lines of a text. A text that ends with a terminator has no empty last line.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    text: &'a [u8],
    position: usize,
    has_cr: bool,
}

impl<'a> Lines<'a> {
    /// The lines of `text`.
    pub fn new(text: &'a [u8]) -> Self {
        // Nearly no file has a CR, and one look at the block saves looking for two bytes in each line.
        Self {
            text,
            position: 0,
            has_cr: memchr(b'\r', text).is_some(),
        }
    }

    /// Passes over the lines that come next and are the same as the one just taken, and says how many they are. A
    /// file can be a gigabyte of line feeds, and each of them a line: a run of them is one step.
    pub fn pass_repeats(&mut self, line: &Line<'a>) -> u64 {
        let count = line.repeats(self.text);
        self.position += count * line.length();
        count as u64
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let start = self.position;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let found = if self.has_cr {
            memchr2(b'\n', b'\r', rest)
        } else {
            memchr(b'\n', rest)
        };
        let (length, terminator) = match found {
            None => (rest.len(), Terminator::End),
            Some(at) if rest[at] == b'\n' => (at, Terminator::Lf),
            Some(at) if rest.get(at + 1) == Some(&b'\n') => (at, Terminator::Crlf),
            Some(at) => (at, Terminator::Cr),
        };
        self.position = start + length + terminator.len();
        Some(Line {
            text: &rest[..length],
            start,
            terminator,
        })
    }
}

/// Bytes that are compared at a time.
const CHUNK: usize = 64;

/// The fields of a line, with the byte within the line at which each begins. An empty line has one empty field.
pub fn fields(line: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    memchr_iter(b'\t', line)
        .chain(std::iter::once(line.len()))
        .map(move |end| {
            let field = (start, &line[start..end]);
            start = end + 1;
            field
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(&str, usize, Terminator)> {
        Lines::new(text.as_bytes())
            .map(|line| {
                (
                    std::str::from_utf8(line.text).expect("text"),
                    line.start,
                    line.terminator,
                )
            })
            .collect()
    }

    #[test]
    fn every_terminator_ends_a_line() {
        use Terminator::{Cr, Crlf, End, Lf};
        assert_eq!(split(""), []);
        assert_eq!(split("a"), [("a", 0, End)]);
        assert_eq!(split("a\n"), [("a", 0, Lf)]);
        assert_eq!(
            split("a\rb\r\nc\nd"),
            [("a", 0, Cr), ("b", 2, Crlf), ("c", 5, Lf), ("d", 7, End)]
        );
        assert_eq!(split("\r\r\n\n"), [("", 0, Cr), ("", 1, Crlf), ("", 3, Lf)]);
        assert_eq!(split("a\n\r"), [("a", 0, Lf), ("", 2, Cr)]);
    }

    /// The lines of a text, those passed over as repeats written out.
    fn unfolded(text: &[u8]) -> Vec<(&[u8], usize, Terminator)> {
        let mut lines = Lines::new(text);
        let mut all = Vec::new();
        while let Some(line) = lines.next() {
            let repeats = usize::try_from(lines.pass_repeats(&line)).expect("few");
            for at in 0..=repeats {
                all.push((line.text, line.start + at * line.length(), line.terminator));
            }
        }
        all
    }

    proptest::proptest! {
        #[test]
        fn lines_that_repeat_are_the_lines_there_are(
            runs in proptest::collection::vec(("[a \t]{0,2}", "\r?\n|\r|", 0_usize..200), 0..8)
        ) {
            let text: Vec<u8> = runs
                .iter()
                .flat_map(|(line, end, times)| format!("{line}{end}").repeat(*times).into_bytes())
                .collect();
            let one_by_one: Vec<_> = Lines::new(&text)
                .map(|line| (line.text, line.start, line.terminator))
                .collect();
            proptest::prop_assert_eq!(unfolded(&text), one_by_one);
        }
    }

    #[test]
    fn a_run_of_the_same_line_is_one_step() {
        for (line, end) in [("", "\n"), ("", "\r\n"), ("", "\r"), (" \t", "\n")] {
            let text = format!("a\n{}b\n", format!("{line}{end}").repeat(1000));
            let mut lines = Lines::new(text.as_bytes());
            let first = lines.nth(1).expect("a line");
            assert_eq!(lines.pass_repeats(&first), 999, "{text:?}");
            assert_eq!(lines.next().expect("the last").text, b"b");
        }
    }

    #[test]
    fn tabs_separate_fields() {
        let all = |line: &'static str| fields(line.as_bytes()).collect::<Vec<_>>();
        assert_eq!(all(""), [(0, b"".as_slice())]);
        assert_eq!(all("a\tbc\t"), [(0, b"a".as_slice()), (2, b"bc"), (5, b"")]);
    }
}
