//! Where findings stand, against an oracle that knows nothing of blocks, threads or layouts: it splits the whole text
//! into lines and fields, one byte after the other.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{entries, name, odmkit, root};

/// The ways in which every fixture is written anew: line endings in turn, a byte order mark, blank lines between rows.
const WAYS: [(&[&[u8]], bool, bool); 5] = [
    (&[b"\n"], false, false),
    (&[b"\r"], false, false),
    (&[b"\r\n"], true, false),
    (&[b"\n", b"\r\n", b"\r"], false, true),
    (&[b"\r", b"\r", b"\n"], true, true),
];

#[test]
fn every_finding_stands_where_it_says() {
    let directory = tempfile::tempdir().expect("a directory");
    let (mut found, mut wrong) = (0, Vec::new());
    for (way, (endings, mark, blanks)) in WAYS.into_iter().enumerate() {
        for case in cases() {
            let text = std::fs::read(&case).expect("a fixture");
            let mut rewritten = if mark {
                b"\xEF\xBB\xBF".to_vec()
            } else {
                Vec::new()
            };
            for (index, (_, line)) in lines(&text).into_iter().enumerate() {
                let ending = endings[index % endings.len()];
                rewritten.extend_from_slice(line);
                rewritten.extend_from_slice(ending);
                // The first lines of GCT have no room for blank ones.
                if blanks && index % 3 == 2 {
                    rewritten.extend_from_slice(ending);
                }
            }
            let label = format!("{way}-{}", name(&case));
            std::fs::write(directory.path().join(&label), &rewritten).expect("it is written");
            for finding in findings(directory.path(), &label, "--feature-attributes=1") {
                found += 1;
                if let Err(problem) = stands(&finding, &rewritten) {
                    wrong.push(format!("{label}: {problem}"));
                }
            }
        }
    }
    assert!(found > 500, "only {found} findings");
    assert!(wrong.is_empty(), "{} of {found}: {wrong:#?}", wrong.len());
}

/// The text fixtures of every rule that are judged without further files.
fn cases() -> Vec<PathBuf> {
    let text = ["gct", "tsv", "vcf", "facs"];
    entries(&root().join("fixtures/rules"))
        .iter()
        .flat_map(|rule| entries(rule))
        .filter(|case| case.is_file())
        .filter(|case| {
            case.extension()
                .is_some_and(|ending| text.iter().any(|known| ending == *known))
        })
        .collect()
}

fn findings(directory: &Path, file: &str, flag: &str) -> Vec<Value> {
    let output = odmkit(directory, &["check", "--format", "json", flag, file]);
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{file}: {error}; {output:?}"));
    report["diagnostics"].as_array().expect("findings").clone()
}

/// Whether the byte of a finding is the one that its line and field begin with.
fn stands(finding: &Value, text: &[u8]) -> Result<(), String> {
    let number = |key: &str| {
        finding[key]
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
    };
    let (Some(line), Some(byte)) = (number("line"), number("byte")) else {
        return Ok(());
    };
    let all = lines(text);
    let Some(&(start, content)) = all.get(line - 1) else {
        return Err(format!("{finding}: there are {} lines", all.len()));
    };
    // The mark is part of the first line and of no field.
    let mark = if start == 0 && content.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    let fields: Vec<&[u8]> = content[mark..].split(|byte| *byte == b'\t').collect();
    let Some(column) = number("column") else {
        let stands = byte == start || byte == start + mark;
        return stands
            .then_some(())
            .ok_or_else(|| format!("{finding}: line {line} begins at {start}"));
    };
    if column > fields.len() + 1 {
        return Err(format!("{finding}: line {line} has {} fields", fields.len()));
    }
    let begin = start
        + mark
        + fields[..column - 1]
            .iter()
            .map(|field| field.len() + 1)
            .sum::<usize>();
    let end = begin + fields.get(column - 1).map_or(0, |field| field.len());
    // Of a byte that is no text the byte itself is given.
    let inside = matches!(finding["code"].as_str(), Some("F003" | "F006")) && (begin..=end).contains(&byte);
    if byte != begin && !inside {
        return Err(format!(
            "{finding}: field {column} of line {line} begins at {begin}"
        ));
    }
    Ok(())
}

/// The lines of a text and where they begin; LF, CRLF and a lone CR end one.
fn lines(text: &[u8]) -> Vec<(usize, &[u8])> {
    let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
    while at < text.len() {
        if text[at] == b'\n' || text[at] == b'\r' {
            lines.push((start, &text[start..at]));
            at += if text[at..].starts_with(b"\r\n") { 2 } else { 1 };
            start = at;
        } else {
            at += 1;
        }
    }
    if start < text.len() {
        lines.push((start, &text[start..]));
    }
    lines
}
