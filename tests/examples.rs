//! The example of every rule gives the rule's finding.

use std::path::Path;

use odmkit_checks::rules::RULES;
use odmkit_diagnostics::Rule;
use serde_json::Value;

use crate::support::odmkit;

#[test]
fn every_example_gives_its_finding() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let directory = tempfile::tempdir().expect("a directory");
        write_files(rule, directory.path());
        let report: Value = serde_json::from_str(&run(rule, directory.path(), &["--format", "json"]))
            .unwrap_or_else(|error| panic!("{}: {error}", rule.code));
        let given = report["diagnostics"].as_array().expect("findings");
        let finding = given.iter().find(|finding| finding["code"] == rule.code.as_str());
        let as_the_rule_says = finding.is_some_and(|finding| finding["effect"] == rule.effect.name());
        // An example shows one thing. What else it has is at most a note, or follows from it.
        let others: Vec<&Value> = given
            .iter()
            .filter(|finding| finding["code"] != rule.code.as_str() && finding["severity"] == "error")
            .map(|finding| &finding["code"])
            .collect();
        if !as_the_rule_says || !others.is_empty() {
            wrong.push(format!("{}: {others:?} beside {finding:?}", rule.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_cannot_be_seen_is_written_in_brackets() {
    let given = "a<TAB>b<FC><EF><BB><CR><NUL>\n<x, 3 times><b> <1 TAB>";
    assert_eq!(bytes(given), b"a\tb\xFC\xEF\xBB\r\0\nxxx<b> <1 TAB>");
    assert_eq!(bytes("h\n<L9 to L11 of S>"), b"h\nL9\tS\nL10\tS\nL11\tS\n");
}

/// Writes the files of a rule's example.
pub(crate) fn write_files(rule: &Rule, directory: &Path) {
    for (name, text) in rule.example.files {
        let path = directory.join(name);
        std::fs::create_dir_all(path.parent().expect("it lies in the directory")).expect("it is made");
        std::fs::write(path, bytes(text)).expect("it is written");
    }
}

/// What `odmkit check` prints of a rule's example.
pub(crate) fn run(rule: &Rule, directory: &Path, flags: &[&str]) -> String {
    let words = words(rule.example.command);
    let mut args = vec!["check"];
    args.extend(words.iter().map(String::as_str));
    args.extend(flags);
    let output = odmkit(directory, &args);
    assert!(output.stderr.is_empty(), "{}: {output:?}", rule.code);
    String::from_utf8(output.stdout).expect("it is text")
}

/// The words of a command in which `'` quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in command.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// The bytes of a file in an example, or of a fixture that is made.
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        bytes.extend_from_slice(&rest.as_bytes()[..open]);
        rest = &rest[open..];
        let mark = rest.split_once('>');
        if let Some((unseen, after)) = mark.and_then(|(mark, after)| Some((unseen(&mark[1..])?, after))) {
            bytes.extend(unseen);
            rest = after;
        } else {
            bytes.push(b'<');
            rest = &rest[1..];
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

/// What stands for itself in brackets.
fn unseen(mark: &str) -> Option<Vec<u8>> {
    match mark {
        "TAB" => return Some(b"\t".to_vec()),
        "CR" => return Some(b"\r".to_vec()),
        "NUL" => return Some(b"\0".to_vec()),
        _ => {}
    }
    if let Some((letter, count)) = mark.split_once(", ") {
        let count = count.strip_suffix(" times")?.parse().ok()?;
        return (letter.len() == 1).then(|| letter.repeat(count).into_bytes());
    }
    if let Some((range, parent)) = mark.split_once(" of ") {
        let (first, last) = range.split_once(" to L")?;
        let (first, last): (u32, u32) = (first.strip_prefix('L')?.parse().ok()?, last.parse().ok()?);
        let rows: Vec<String> = (first..=last).map(|row| format!("L{row}\t{parent}\n")).collect();
        return Some(rows.concat().into_bytes());
    }
    let byte = u8::from_str_radix(mark, 16).ok().filter(|_| mark.len() == 2)?;
    Some(vec![byte])
}
