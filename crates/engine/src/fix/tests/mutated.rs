//! The fixtures of all rules, with something put in, taken out or repeated: what the check promises of them is done, and
//! is done once. `PROPTEST_CASES` and `PROPTEST_RNG_SEED` try others than those of every run.

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;

use super::clash::promised;
use super::{findings, mend_with, request};

/// Fixtures are judged by their names: those that are not say so beside them.
const LARGEST: u64 = 2048;

/// What is put in.
const PIECES: [&str; 24] = [
    "\t",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    ",",
    ";",
    " ",
    "\u{feff}",
    "NA",
    "1,5",
    "13/04/2024",
    "03/04/2024",
    "\u{a0}",
    "#",
    "|",
    "#REF!",
    "-",
    "\t\t",
    "\n\n",
    "2-Sep",
    "'",
    "#1.2\n",
    "\u{201c}",
];

/// A change of a text.
#[derive(Debug, Clone)]
enum Change {
    Put(Index, &'static str),
    Drop(Index),
    RepeatLine(Index, Index),
    DropLine(Index),
    QuoteField(Index, Index),
    QuoteAll,
    PadAll,
    CutOff(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        3 => (at(), select(PIECES.to_vec())).prop_map(|(at, piece)| Change::Put(at, piece)),
        1 => at().prop_map(Change::Drop),
        1 => (at(), at()).prop_map(|(line, to)| Change::RepeatLine(line, to)),
        1 => at().prop_map(Change::DropLine),
        1 => (at(), at()).prop_map(|(line, field)| Change::QuoteField(line, field)),
        1 => Just(Change::QuoteAll),
        1 => Just(Change::PadAll),
        1 => at().prop_map(Change::CutOff),
    ]
}

impl Change {
    fn make(&self, text: &str) -> String {
        // Where a character begins.
        let place = |at: &Index| {
            let at = at.index(text.len() + 1);
            (at..=text.len())
                .find(|at| text.is_char_boundary(*at))
                .unwrap_or(text.len())
        };
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let quoted = |line: &str| {
            let fields: Vec<String> = line.split('\t').map(|field| format!("\"{field}\"")).collect();
            fields.join("\t")
        };
        match self {
            Self::Put(at, piece) => {
                let (before, after) = text.split_at(place(at));
                return format!("{before}{piece}{after}");
            }
            Self::Drop(at) => {
                let (before, after) = text.split_at(place(at));
                return before.to_owned() + after.get(1..).unwrap_or_default();
            }
            Self::CutOff(at) => return text[..place(at)].to_owned(),
            Self::RepeatLine(line, to) => {
                let line = line.get(&lines).clone();
                lines.insert(to.index(lines.len()), line);
            }
            Self::DropLine(line) => {
                lines.remove(line.index(lines.len()));
            }
            Self::QuoteField(line, field) => {
                let line = line.index(lines.len());
                let mut fields: Vec<String> = lines[line].split('\t').map(str::to_owned).collect();
                let field = field.index(fields.len());
                fields[field] = quoted(&fields[field]);
                lines[line] = fields.join("\t");
            }
            Self::QuoteAll => {
                let filled = |line: &String| {
                    if line.is_empty() {
                        String::new()
                    } else {
                        quoted(line)
                    }
                };
                lines = lines.iter().map(filled).collect();
            }
            Self::PadAll => lines.iter_mut().for_each(|line| line.push('\t')),
        }
        lines.join("\n")
    }
}

/// The name and the text of each fixture that needs no words beside it.
fn fixtures() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rules");
    let mut files: Vec<_> = std::fs::read_dir(root)
        .unwrap()
        .flat_map(|rule| std::fs::read_dir(rule.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.is_file() && path.metadata().unwrap().len() <= LARGEST)
        .collect();
    files.sort();
    let text = |path: &std::path::PathBuf| {
        let name = path.file_name()?.to_str()?;
        let is_table = [".tsv", ".gct", ".vcf", ".facs"]
            .iter()
            .any(|ending| name.ends_with(ending));
        Some((
            name.to_owned(),
            std::fs::read_to_string(path).ok().filter(|_| is_table)?,
        ))
    };
    files.iter().filter_map(text).collect()
}

#[test]
fn what_is_promised_is_done_once() {
    let fixtures = fixtures();
    assert!(fixtures.len() > 100, "{}", fixtures.len());
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let config = match config.rng_seed {
        RngSeed::Random => ProptestConfig {
            cases: 600,
            rng_seed: RngSeed::Fixed(1),
            ..config
        },
        RngSeed::Fixed(_) => config,
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let strategy = (any::<Index>(), prop::collection::vec(change(), 1..3));
    let outcome = runner.run(&strategy, |(file, changes)| {
        let (name, text) = file.get(&fixtures);
        let text = changes
            .iter()
            .fold(text.clone(), |text, change| change.make(&text));
        let mended = mend_with(name, text.as_bytes(), request);
        let shown = || {
            format!(
                "{name}\n{text}\nbecame\n{}",
                String::from_utf8_lossy(&mended.text)
            )
        };
        let left = promised(&findings(name, &mended.text));
        prop_assert_eq!(left, Vec::<String>::new(), "{}", shown());
        let again = mend_with(name, &mended.text, request);
        prop_assert_eq!(&again.edits, &[], "{}", shown());
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
