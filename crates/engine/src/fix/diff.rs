//! A unified diff of a text and its mended form.
//!
//! Mending changes lines, deletes blank ones, and puts lines before the first names of a GCT file; nothing moves.
//! So the two are gone through side by side, however long they are.

use std::io::{self, Write};

use odmkit_formats::{Line, Lines, Terminator};

/// Lines of context.
const AROUND: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Both,
    Old,
    New,
}

/// Writes a unified diff. Line ends are compared too: where they alone differ, the lines differ.
pub fn unified(
    name: &str,
    new_name: &str,
    before: &[u8],
    after: &[u8],
    out: &mut dyn Write,
) -> io::Result<()> {
    let old: Vec<Line<'_>> = Lines::new(before).collect();
    let new: Vec<Line<'_>> = Lines::new(after).collect();
    let steps = steps(&old, &new);
    writeln!(out, "--- {name}\n+++ {new_name}")?;
    let changed: Vec<usize> = (0..steps.len()).filter(|&at| steps[at] != Step::Both).collect();
    let mut next = 0;
    let (mut at, mut in_old, mut in_new) = (0, 0, 0);
    while let Some(&first) = changed.get(next) {
        let mut last = first;
        while let Some(&later) = changed.get(next).filter(|&&later| later <= last + 2 * AROUND + 1) {
            last = later;
            next += 1;
        }
        let start = first.saturating_sub(AROUND).max(at);
        let end = (last + AROUND + 1).min(steps.len());
        for step in &steps[at..start] {
            in_old += usize::from(*step != Step::New);
            in_new += usize::from(*step != Step::Old);
        }
        let hunk = &steps[start..end];
        let olds = hunk.iter().filter(|step| **step != Step::New).count();
        let news = hunk.iter().filter(|step| **step != Step::Old).count();
        writeln!(out, "@@ -{} +{} @@", range(in_old, olds), range(in_new, news))?;
        for step in hunk {
            match step {
                Step::Both | Step::Old => {
                    line(if *step == Step::Old { b"-" } else { b" " }, &old[in_old], out)?;
                }
                Step::New => line(b"+", &new[in_new], out)?,
            }
            in_old += usize::from(*step != Step::New);
            in_new += usize::from(*step != Step::Old);
        }
        at = end;
    }
    Ok(())
}

/// How the two texts are gone through: deletions before additions in each run of changes.
fn steps(old: &[Line<'_>], new: &[Line<'_>]) -> Vec<Step> {
    let same =
        |one: &Line<'_>, other: &Line<'_>| one.text == other.text && one.terminator == other.terminator;
    let kept = old.iter().filter(|line| !line.is_blank()).count();
    let mut put_in = new.len().saturating_sub(kept);
    let (mut steps, mut waiting) = (Vec::new(), 0);
    let (mut i, mut j) = (0, 0);
    let flush = |steps: &mut Vec<Step>, waiting: &mut usize| {
        steps.extend(std::iter::repeat_n(Step::New, std::mem::take(waiting)));
    };
    loop {
        match (old.get(i), new.get(j)) {
            (None, None) => break,
            (Some(one), Some(other)) if same(one, other) => {
                flush(&mut steps, &mut waiting);
                steps.push(Step::Both);
                (i, j) = (i + 1, j + 1);
            }
            (Some(one), Some(_)) if one.is_blank() => {
                steps.push(Step::Old);
                i += 1;
            }
            // Lines are put in at the top only, and none before the version line.
            (Some(one), Some(_)) if put_in > 0 && j < 2 && !one.text.starts_with(b"#") => {
                waiting += 1;
                put_in -= 1;
                j += 1;
            }
            (one, other) => {
                if one.is_some() {
                    steps.push(Step::Old);
                    i += 1;
                }
                if other.is_some() {
                    waiting += 1;
                    j += 1;
                }
            }
        }
    }
    flush(&mut steps, &mut waiting);
    steps
}

fn range(before: usize, count: usize) -> String {
    match count {
        0 => format!("{before},0"),
        1 => format!("{}", before + 1),
        _ => format!("{},{count}", before + 1),
    }
}

fn line(sign: &[u8], line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(sign)?;
    out.write_all(line.text)?;
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
        unified("a", "b", before.as_bytes(), after.as_bytes(), &mut out).expect("memory takes it");
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
}
