//! What is written while it is checked is what is written after the check, which `verify` asks for.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use odmkit_diagnostics::Overrides;
use odmkit_export::{Codec, Container, Layout, ValueType};
use odmkit_testkit::{Matrix, pack};

use crate::check::CheckOptions;
use crate::convert::{ConvertError, ConvertOutcome, ConvertRequest, Fate, Target, convert};
use crate::{NoProgress, Progress, Resources};

/// Enough to write while checking.
const PLENTY: u64 = 4 << 30;

fn request(folder: &Path, files: &[&str]) -> ConvertRequest {
    ConvertRequest {
        inputs: files.iter().map(|file| folder.join(file)).collect(),
        target: Target::Folder(folder.join("out")),
        container: None,
        layout: None,
        codec: Codec::Zstd(3),
        values: ValueType::F64,
        skip_zeros: false,
        tile: None,
        no_check: false,
        overwrite: false,
        verify: false,
        resume: false,
        fail_fast: false,
        outputs: HashMap::new(),
        options: CheckOptions::default(),
        overrides: Overrides::new(),
        resources: Resources::new(NonZeroUsize::new(3).expect("threads"), PLENTY),
    }
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).expect("it is written");
    }
    folder
}

fn run(request: &ConvertRequest) -> ConvertOutcome {
    convert(request, &NoProgress).expect("the inputs are there")
}

/// The names below a folder of outputs, temporary ones too.
fn listed(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder.join("out"))
        .expect("the folder is made")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

/// Counts bytes, and looks after each beginning whether something is there.
#[derive(Default)]
struct Watch {
    bytes: AtomicU64,
    at: Option<(&'static str, PathBuf)>,
    seen: AtomicU64,
}

impl Progress for Watch {
    fn begin(&self, label: &str, _total: Option<u64>) {
        if let Some((name, path)) = &self.at
            && label.ends_with(name)
        {
            self.seen
                .fetch_add(1 + u64::from(path.is_file()), Ordering::Relaxed);
        }
    }
    fn advance(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
    fn end(&self) {}
}

/// The bytes of the one output, and how many bytes were read for it.
fn output(folder: &Path, file: &str, change: impl Fn(&mut ConvertRequest)) -> (Vec<u8>, u64) {
    let mut request = request(folder, &[file]);
    request.overwrite = true;
    change(&mut request);
    let watch = Watch::default();
    let outcome = convert(&request, &watch).expect("the input is there");
    let [converted] = outcome.files.as_slice() else {
        panic!("{file}: {:?}", outcome.files)
    };
    assert!(
        matches!(converted.fate, Fate::Written { .. }),
        "{:?}: {:?}",
        converted.fate,
        outcome.report.diagnostics
    );
    let bytes = std::fs::read(&converted.output).expect("it is there");
    (bytes, watch.bytes.into_inner())
}

#[test]
fn a_text_is_read_once_and_gives_the_same_bytes() {
    let text = Matrix::gct(3000, 12).text;
    for (name, packed) in pack::every("m.gct", text.as_bytes()) {
        let folder = folder(&[(&name, &packed)]);
        for layout in [Layout::Wide, Layout::Long, Layout::Matrix] {
            for container in [Container::Parquet, Container::Arrow] {
                let form = |request: &mut ConvertRequest| {
                    request.layout = Some(layout);
                    request.container = Some(container);
                };
                let (once, read) = output(folder.path(), &name, form);
                let (twice, again) = output(folder.path(), &name, |request| {
                    form(request);
                    request.verify = true;
                });
                assert!(once == twice, "{name}, {layout:?}, {container:?}");
                // Checking, converting and verifying read it three times.
                assert_eq!(read * 3, again, "{name}, {layout:?}, {container:?}");
            }
        }
    }
}

#[test]
fn where_memory_is_scarce_a_text_is_read_twice() {
    let text = Matrix::gct(3000, 12).text;
    let folder = folder(&[("m.gct", text.as_bytes())]);
    let (_, once) = output(folder.path(), "m.gct", |_| ());
    let (_, twice) = output(folder.path(), "m.gct", |request| {
        request.resources.memory_limit = 64 << 20;
    });
    assert_eq!(once * 2, twice);
}

#[test]
fn an_error_at_the_end_leaves_nothing() {
    for bad in ["G3001\tna\t1\n", "G3001\tna\t1\tx\t3\n", "G1\tna\t1\t2\t3\n"] {
        let text = Matrix::gct(3000, 3).text.replacen("3000\t3", "3001\t3", 1) + bad;
        let folder = folder(&[("m.gct", text.as_bytes())]);
        let outcome = run(&request(folder.path(), &["m.gct"]));
        assert!(
            matches!(outcome.files[0].fate, Fate::Rejected { errors: 1 }),
            "{:?} {:?}",
            outcome.files,
            outcome.report.diagnostics
        );
        assert_eq!(listed(folder.path()), [""; 0], "{bad}");
    }
}

#[test]
fn a_feature_column_that_is_no_longer_numeric_gives_the_same_bytes() {
    let mut text = "gene\tlength\tS1\tS2\n".to_owned();
    for row in 0..20_000 {
        let length = if row == 19_000 {
            "unknown".to_owned()
        } else {
            row.to_string()
        };
        let _ = writeln!(text, "G{row}\t{length}\t{row}.5\t1");
    }
    let folder = folder(&[("m.tsv", text.as_bytes())]);
    let two = |request: &mut ConvertRequest| request.options.feature_attributes = Some(2);
    let (early, _) = output(folder.path(), "m.tsv", two);
    let (late, _) = output(folder.path(), "m.tsv", |request| {
        two(request);
        request.verify = true;
    });
    assert!(early == late);
}

#[test]
fn an_output_has_its_name_before_the_next_file_is_checked() {
    let text = Matrix::gct(20, 3).text;
    let folder = folder(&[("a.gct", text.as_bytes()), ("b.gct", text.as_bytes())]);
    let watch = Watch {
        at: Some(("b.gct", folder.path().join("out/a.parquet"))),
        ..Watch::default()
    };
    let outcome = convert(&request(folder.path(), &["a.gct", "b.gct"]), &watch).expect("they are there");
    assert_eq!(outcome.files.len(), 2);
    assert_eq!(watch.seen.into_inner(), 2, "begun once, when the other was there");
    assert_eq!(listed(folder.path()), ["a.parquet", "b.parquet"]);
}

#[test]
fn one_output_is_not_written_for_two_inputs() {
    let text = Matrix::gct(20, 3).text;
    let frame = "gene\tS1\nG1\t1\n";
    let folder = folder(&[("m.gct", text.as_bytes()), ("m.tsv", frame.as_bytes())]);
    let outcome = run(&request(folder.path(), &["m.gct", "m.tsv"]));
    let [first, second] = outcome.files.as_slice() else {
        panic!("{:?}", outcome.files)
    };
    assert!(matches!(first.fate, Fate::Written { .. }), "{first:?}");
    let Fate::Failed(ConvertError::SameOutput { other }) = &second.fate else {
        panic!("{second:?}")
    };
    assert_eq!(other, &first.input);
    assert_eq!(listed(folder.path()), ["m.parquet"]);
}

#[test]
fn nothing_is_written_after_a_failure_where_that_is_asked_for() {
    let text = Matrix::gct(20, 3).text;
    let bad = text.replacen("20\t3", "21\t3", 1);
    let folder = folder(&[("a.gct", bad.as_bytes()), ("b.gct", text.as_bytes())]);
    let mut request = request(folder.path(), &["a.gct", "b.gct"]);
    request.fail_fast = true;
    let outcome = run(&request);
    assert!(
        matches!(outcome.files[0].fate, Fate::Rejected { .. }),
        "{outcome:?}"
    );
    assert!(matches!(outcome.files[1].fate, Fate::NotTried), "{outcome:?}");
    assert_eq!(listed(folder.path()), [""; 0]);
}

#[test]
fn two_inputs_do_not_go_into_one_named_output() {
    let text = Matrix::gct(20, 3).text;
    let folder = folder(&[("a.gct", text.as_bytes()), ("b.gct", text.as_bytes())]);
    let mut request = request(folder.path(), &["a.gct", "b.gct"]);
    request.target = Target::File(folder.path().join("m.parquet"));
    let outcome = run(&request);
    for file in &outcome.files {
        assert!(
            matches!(file.fate, Fate::Failed(ConvertError::OneOutput(2))),
            "{file:?}"
        );
    }
    assert!(!folder.path().join("m.parquet").exists());
}
