//! A unified diff of a text and its mended form.
//!
//! Mending changes lines, deletes blank ones and those that go elsewhere, and puts lines before the first names of a
//! GCT file; nothing moves. So the two are gone through side by side, and where they part a few lines ahead are
//! enough to find where they meet again: it takes no more memory than those lines, however long the texts are.

use std::collections::VecDeque;
use std::io::{self, Write};

use odmkit_formats::{Lines, Terminator};
use odmkit_input::{Blocks, Scratch};

/// Lines of context.
const AROUND: usize = 3;

/// Lines ahead in which the two texts may meet again, and bytes that are held for it.
const AHEAD: usize = 32;
const AHEAD_BYTES: usize = 4 << 20;

/// Bytes of a hunk, above which it is parted.
const HUNK_BYTES: usize = 1 << 20;

/// A line with its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    text: Vec<u8>,
    terminator: Terminator,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Both,
    Old,
    New,
}

/// Writes a unified diff. Line ends are compared too: where they alone differ, the lines differ. Lines of which the
/// text is the same are shown as changed where `recoded` says that their bytes were others.
pub(super) fn unified(
    names: (&str, &str),
    before: impl Iterator<Item = io::Result<Line>>,
    after: impl Iterator<Item = io::Result<Line>>,
    recoded: impl Fn(&[u8]) -> bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "--- {}\n+++ {}", names.0, names.1)?;
    let (mut old, mut new) = (Window::new(before), Window::new(after));
    let mut hunk = Hunk::default();
    loop {
        old.fill()?;
        new.fill()?;
        match (old.lines.front(), new.lines.front()) {
            (None, None) => break,
            (Some(one), Some(other)) if one == other => {
                let (Some(was), Some(is)) = (old.pop(), new.pop()) else {
                    break;
                };
                if recoded(&is.text) {
                    hunk.push(Step::Old, was, out)?;
                    hunk.push(Step::New, is, out)?;
                } else {
                    hunk.push(Step::Both, is, out)?;
                }
            }
            _ => {
                let (olds, news) = meeting(&old.lines, &new.lines);
                for _ in 0..olds {
                    if let Some(line) = old.pop() {
                        hunk.push(Step::Old, line, out)?;
                    }
                }
                for _ in 0..news {
                    if let Some(line) = new.pop() {
                        hunk.push(Step::New, line, out)?;
                    }
                }
            }
        }
    }
    hunk.end(out)
}

/// The lines of a file, block by block.
pub(super) fn lines_of(mut blocks: Blocks) -> impl Iterator<Item = io::Result<Line>> {
    let mut scratch = Scratch::default();
    let mut waiting: VecDeque<Line> = VecDeque::new();
    std::iter::from_fn(move || {
        while waiting.is_empty() {
            let ticket = match blocks.draw() {
                Ok(Some(ticket)) => ticket,
                Ok(None) => return None,
                Err(error) => return Some(Err(io::Error::other(error))),
            };
            match scratch.load(ticket) {
                Ok(block) => waiting.extend(owned(block.text)),
                Err(error) => return Some(Err(io::Error::other(error))),
            }
        }
        waiting.pop_front().map(Ok)
    })
}

fn owned(text: &[u8]) -> impl Iterator<Item = Line> {
    Lines::new(text).map(|line| Line {
        text: line.text.to_vec(),
        terminator: line.terminator,
    })
}

/// How many lines go, and how many come, before the texts are the same again; a line for a line where that is
/// not in sight.
fn meeting(old: &VecDeque<Line>, new: &VecDeque<Line>) -> (usize, usize) {
    for far in 1..old.len() + new.len() {
        // The fewest lines first, and of those the ones that go line for line.
        let mut pairs: Vec<(usize, usize)> = (0..=far).map(|olds| (olds, far - olds)).collect();
        pairs.sort_by_key(|(olds, news)| olds.abs_diff(*news));
        let met = pairs.into_iter().find(|&(olds, news)| {
            old.get(olds)
                .zip(new.get(news))
                .is_some_and(|(one, other)| one == other && !one.text.trim_ascii().is_empty())
        });
        if let Some(met) = met {
            return met;
        }
    }
    (old.len().min(1), new.len().min(1))
}

/// The next lines of a text.
struct Window<I> {
    rest: I,
    lines: VecDeque<Line>,
    bytes: usize,
}

impl<I: Iterator<Item = io::Result<Line>>> Window<I> {
    fn new(rest: I) -> Self {
        Self {
            rest,
            lines: VecDeque::new(),
            bytes: 0,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        while self.lines.is_empty() || (self.lines.len() < AHEAD && self.bytes < AHEAD_BYTES) {
            let Some(line) = self.rest.next() else { break };
            let line = line?;
            self.bytes += line.text.len();
            self.lines.push_back(line);
        }
        Ok(())
    }

    fn pop(&mut self) -> Option<Line> {
        let line = self.lines.pop_front()?;
        self.bytes -= line.text.len();
        Some(line)
    }
}

/// Lines that are not written yet: a hunk, or what may come before one.
#[derive(Default)]
struct Hunk {
    lines: Vec<(Step, Line)>,
    bytes: usize,
    /// Lines at the end that both texts have.
    common: usize,
    changed: bool,
    /// Lines of the two texts before the hunk.
    begun: (usize, usize),
}

impl Hunk {
    fn push(&mut self, step: Step, line: Line, out: &mut dyn Write) -> io::Result<()> {
        self.bytes += line.text.len();
        self.lines.push((step, line));
        self.common = if step == Step::Both { self.common + 1 } else { 0 };
        self.changed |= step != Step::Both;
        if self.changed && (self.common > 2 * AROUND || self.bytes > HUNK_BYTES) {
            self.write(self.common.saturating_sub(AROUND), out)?;
        }
        if !self.changed && self.lines.len() > AROUND {
            self.forget(1);
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.changed {
            self.write(self.common.saturating_sub(AROUND), out)?;
        }
        Ok(())
    }

    /// Writes the hunk but for some lines at its end, which may come before the next one.
    fn write(&mut self, kept: usize, out: &mut dyn Write) -> io::Result<()> {
        let count = self.lines.len() - kept;
        let hunk = &self.lines[..count];
        let olds = hunk.iter().filter(|(step, _)| *step != Step::New).count();
        let news = hunk.iter().filter(|(step, _)| *step != Step::Old).count();
        let (old, new) = (range(self.begun.0, olds), range(self.begun.1, news));
        writeln!(out, "@@ -{old} +{new} @@")?;
        // In each run of changes what goes stands before what comes.
        for run in hunk.chunk_by(|(one, _), (other, _)| (*one == Step::Both) == (*other == Step::Both)) {
            for (sign, wanted) in [(b" ", Step::Both), (b"-", Step::Old), (b"+", Step::New)] {
                for (_, line) in run.iter().filter(|(step, _)| *step == wanted) {
                    write_line(sign, line, out)?;
                }
            }
        }
        self.forget(count);
        self.changed = false;
        self.common = self.lines.len();
        Ok(())
    }

    fn forget(&mut self, count: usize) {
        for (step, line) in self.lines.drain(..count) {
            self.bytes -= line.text.len();
            self.begun.0 += usize::from(step != Step::New);
            self.begun.1 += usize::from(step != Step::Old);
        }
    }
}

fn range(before: usize, count: usize) -> String {
    match count {
        0 => format!("{before},0"),
        1 => format!("{}", before + 1),
        _ => format!("{},{count}", before + 1),
    }
}

fn write_line(sign: &[u8], line: &Line, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(sign)?;
    out.write_all(&line.text)?;
    match line.terminator {
        Terminator::Lf => out.write_all(b"\n"),
        // A line of a diff ends with LF; a CR alone is part of what it shows.
        Terminator::Crlf | Terminator::Cr => out.write_all(b"\r\n"),
        Terminator::End => out.write_all(b"\n\\ No newline at end of file\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(before: &str, after: &str) -> String {
        let mut out = Vec::new();
        let (old, new) = (owned(before.as_bytes()).map(Ok), owned(after.as_bytes()).map(Ok));
        unified(("a", "b"), old, new, |_| false, &mut out).expect("memory takes it");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn changes_stand_in_their_context() {
        assert_eq!(
            diff("1\n2\n3\n4\n5\n\n6\n7 \n8\n9\n", "1\n2\n3\n4\n5\n6\n7\n8\n9\n"),
            "--- a\n+++ b\n@@ -3,8 +3,7 @@\n 3\n 4\n 5\n-\n 6\n-7 \n+7\n 8\n 9\n"
        );
        let numbers: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        let far = numbers.join("\n") + "\n";
        let changed = far.replacen("0\n", "x\n", 1).replace("19\n", "y");
        assert_eq!(
            diff(&far, &changed),
            "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-0\n+x\n 1\n 2\n 3\n@@ -17,4 +17,4 @@\n 16\n 17\n 18\n-19\n+y\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn lines_are_put_in_at_the_top() {
        assert_eq!(
            diff("Name\tS\na\t1\n", "#1.2\n1\t1\nName\tDescription\tS\na\tNA\t1\n"),
            "--- a\n+++ b\n@@ -1,2 +1,4 @@\n-Name\tS\n-a\t1\n+#1.2\n+1\t1\n+Name\tDescription\tS\n+a\tNA\t1\n"
        );
        assert_eq!(
            diff("#1.2\nName\n", "#1.2\n1\t1\nName\n"),
            "--- a\n+++ b\n@@ -1,2 +1,3 @@\n #1.2\n+1\t1\n Name\n"
        );
    }

    #[test]
    fn lines_that_go_elsewhere_are_passed_over() {
        let rows: Vec<String> = (0..50).map(|row| format!("r{row}\tx\t1\n")).collect();
        let rows = rows.concat();
        assert_eq!(
            diff(
                &format!("#1.3\n50\t1\t1\t2\nid\td\tS\na\tna\t1\nb\tna\t2\n{rows}"),
                &format!("#1.2\n50\t1\nName\tDescription\tS\n{rows}")
            ),
            "--- a\n+++ b\n@@ -1,8 +1,6 @@\n-#1.3\n-50\t1\t1\t2\n-id\td\tS\n-a\tna\t1\n-b\tna\t2\n+#1.2\n+50\t1\n+Name\tDescription\tS\n r0\tx\t1\n r1\tx\t1\n r2\tx\t1\n"
        );
    }

    #[test]
    fn lines_of_other_bytes_are_shown_as_text() {
        let (before, after) = ("a\nm\u{fc}\nx \n", "a\nm\u{fc}\nx\n");
        let mut out = Vec::new();
        let (old, new) = (owned(before.as_bytes()).map(Ok), owned(after.as_bytes()).map(Ok));
        unified(("a", "b"), old, new, |line| !line.is_ascii(), &mut out).expect("memory takes it");
        assert_eq!(
            String::from_utf8(out).expect("text"),
            "--- a\n+++ b\n@@ -1,3 +1,3 @@\n a\n-m\u{fc}\n-x \n+m\u{fc}\n+x\n"
        );
    }

    #[test]
    fn a_hunk_without_end_is_parted() {
        let line = "x".repeat(1000);
        let before = format!("{line}\r").repeat(3000);
        let text = diff(&before, &before.replace('\r', "\n"));
        assert!(text.matches("\n@@ ").count() > 3);
        let count = |sign: &str| text.lines().filter(|line| line.starts_with(sign)).count();
        assert_eq!((count("-x"), count("+x")), (3000, 3000));
    }

    proptest::proptest! {
        /// Whoever applies the hunks to the one text gets the other.
        #[test]
        fn a_diff_tells_all(
            before in proptest::collection::vec(0_u8..6, 0..60),
            after in proptest::collection::vec(0_u8..6, 0..60),
        ) {
            let text = |lines: &[u8]| lines.iter().map(|line| format!("{line}\n")).collect::<Vec<_>>().concat();
            let (before, after) = (text(&before), text(&after));
            let mut old = before.lines();
            let mut made = String::new();
            let mut at = 0;
            for line in diff(&before, &after).lines().skip(2) {
                if let Some(header) = line.strip_prefix("@@ -") {
                    let (range, _) = header.split_once(' ').expect("two ranges");
                    let (start, count) = range.split_once(',').unwrap_or((range, "1"));
                    let start: usize = start.parse().expect("a number");
                    let before_it = if count == "0" { start } else { start - 1 };
                    while at < before_it {
                        made += old.next().expect("a line");
                        made += "\n";
                        at += 1;
                    }
                    continue;
                }
                let (sign, rest) = line.split_at(1);
                if sign != "+" {
                    proptest::prop_assert_eq!(old.next(), Some(rest));
                    at += 1;
                }
                if sign != "-" {
                    made += rest;
                    made += "\n";
                }
            }
            old.for_each(|line| { made += line; made += "\n"; });
            proptest::prop_assert_eq!(made, after);
        }
    }
}
