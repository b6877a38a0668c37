//! `odmkit convert`: matrices and metadata tables as Parquet, Arrow, GCT or TSV.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use odmkit_engine::convert::{
    ConvertOutcome, ConvertRequest, Converted, Fate, STANDARD_OUTPUT, Target, convert, stands_in_the_way,
};
use odmkit_export::{Codec, Container, Layout, ValueType};
use odmkit_remote::RemoteUrl;
use odmkit_report::{Human, grouped};

use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::progress::Bars;
use crate::reporting::Severities;
use crate::snippets::FileSnippets;
use crate::table::{Entries, bytes, counted};
use crate::what::{What, shell_words};

/// Writes matrices and metadata tables as Parquet, Arrow, GCT 1.2 or TSV
///
/// An output appears under its name only when it is complete. A file with errors is not converted; the others are.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ConvertArgs {
    /// Files, directories, patterns, a study.toml, addresses (https://, s3://, gs://, az://), or - for the standard
    /// input
    #[arg(value_name = "INPUT", required_unless_present = "manifest")]
    inputs: Vec<PathBuf>,

    /// Convert what FILE lists: on each line an input, and after a tab its output where --out-dir does not say it
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,

    #[command(flatten)]
    destination: Destination,

    #[command(flatten)]
    form: Form,

    /// Convert files with errors too
    #[arg(long)]
    no_check: bool,

    /// Replace outputs that exist
    #[arg(long)]
    overwrite: bool,

    /// Read both sides again and compare every value before an output gets its name
    #[arg(long)]
    verify: bool,

    /// Do only what is left: pass over inputs whose outputs are there and not older
    #[arg(long)]
    resume: bool,

    /// Convert nothing more after the first file that cannot be converted
    #[arg(long)]
    fail_fast: bool,

    #[command(flatten)]
    severities: Severities,

    #[command(flatten)]
    what: What,
}

/// Where the outputs go.
#[derive(Debug, Clone, Args)]
#[group(multiple = false)]
struct Destination {
    /// Write the one output to FILE, an address, or - for the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write an output per input into DIR, which may be an address
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
}

/// What the outputs look like.
#[derive(Debug, Clone, Args)]
struct Form {
    /// The file format [default: by the name of the output, else parquet]
    #[arg(long, value_name = "FORMAT")]
    to: Option<To>,

    /// A column per sample (wide), a row per value (long), or one list of values per feature (matrix) [default:
    /// wide up to 2,000 value columns, else matrix in tiles of 256]
    #[arg(long, value_name = "LAYOUT")]
    layout: Option<LayoutName>,

    /// The precision of values
    #[arg(long, value_name = "TYPE", default_value = "f64")]
    values: Values,

    /// The compression inside the file
    #[arg(long, value_name = "CODEC", default_value = "zstd")]
    compression: Compression,

    /// Leave out values that are zero; long layout only
    #[arg(long)]
    skip_zeros: bool,

    /// Cut each row into lists of W values, one column per list: quicker than one list where single samples are
    /// read; matrix layout only, which it stands for
    #[arg(long, value_name = "W")]
    tile: Option<NonZeroUsize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    Parquet,
    Arrow,
    Gct,
    Tsv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LayoutName {
    Wide,
    Long,
    Matrix,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Values {
    F64,
    F32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Compression {
    Zstd,
    Snappy,
    Lz4,
    None,
}

impl ConvertArgs {
    pub(crate) fn run(&self, global: &Global) -> anyhow::Result<Exit> {
        let list = self
            .manifest
            .as_deref()
            .map(List::read)
            .transpose()?
            .unwrap_or_default();
        let all_placed = self.inputs.is_empty() && list.inputs.len() == list.outputs.len();
        let target = self.destination.target(all_placed)?;
        let to_stdout = matches!(&target, Target::File(file) if file.as_os_str() == STANDARD_OUTPUT);
        let request = ConvertRequest {
            inputs: self.inputs.iter().chain(&list.inputs).cloned().collect(),
            target,
            verify: self.verify,
            resume: self.resume,
            fail_fast: self.fail_fast,
            outputs: list.outputs,
            container: self.form.to.map(Container::from),
            layout: self.form.layout.map(Layout::from),
            codec: self.form.compression.into(),
            values: self.form.values.into(),
            skip_zeros: self.form.skip_zeros,
            tile: self.form.tile,
            no_check: self.no_check,
            overwrite: self.overwrite,
            options: self.what.options(),
            overrides: self.severities.overrides()?,
            resources: global.resources(),
        };
        super::tell_unencrypted(&request.inputs, "read", global)?;
        let outputs: Vec<PathBuf> = match &request.target {
            Target::File(output) | Target::Folder(output) => std::iter::once(output),
        }
        .chain(request.outputs.values())
        .cloned()
        .collect();
        super::tell_unencrypted(&outputs, "written", global)?;
        let outcome = convert(&request, &Bars::new(global))?;
        let exit = exit(&outcome);
        show_errors(&outcome, global)?;
        let mut entries = Entries::default();
        for file in &outcome.files {
            tell(file, &mut entries);
        }
        let sentence = sentence(&outcome, &self.inputs, &self.what.typed());
        let tell = |out: &mut dyn io::Write| {
            entries.write(out)?;
            writeln!(out, "\n{sentence}")
        };
        if to_stdout {
            tell(&mut io::stderr().lock())?;
        } else {
            Output::stdout().with(|out| tell(out))?;
        }
        if exit == Exit::Success
            && !outcome
                .files
                .iter()
                .any(|file| matches!(file.fate, Fate::Written { .. } | Fate::Kept))
        {
            bail!("there is nothing to convert");
        }
        Ok(exit)
    }
}

impl Destination {
    /// Where the outputs go. The command line makes sure that one of the two is given.
    fn target(&self, all_placed: bool) -> anyhow::Result<Target> {
        match (&self.output, &self.out_dir) {
            (Some(file), None) => Ok(Target::File(file.clone())),
            (None, Some(folder)) => Ok(Target::Folder(folder.clone())),
            // Nothing goes there: the list says for each input where its output goes.
            _ if all_placed => Ok(Target::Folder(PathBuf::new())),
            _ => bail!("give -o FILE or --out-dir DIR"),
        }
    }
}

impl From<To> for Container {
    fn from(to: To) -> Self {
        match to {
            To::Parquet => Self::Parquet,
            To::Arrow => Self::Arrow,
            To::Gct => Self::Gct,
            To::Tsv => Self::Tsv,
        }
    }
}

impl From<LayoutName> for Layout {
    fn from(name: LayoutName) -> Self {
        match name {
            LayoutName::Wide => Self::Wide,
            LayoutName::Long => Self::Long,
            LayoutName::Matrix => Self::Matrix,
        }
    }
}

impl From<Values> for ValueType {
    fn from(values: Values) -> Self {
        match values {
            Values::F64 => Self::F64,
            Values::F32 => Self::F32,
        }
    }
}

impl From<Compression> for Codec {
    fn from(compression: Compression) -> Self {
        match compression {
            Compression::Zstd => Self::DEFAULT,
            Compression::Snappy => Self::Snappy,
            Compression::Lz4 => Self::Lz4,
            Compression::None => Self::None,
        }
    }
}

/// What `--manifest` lists.
#[derive(Debug, Default)]
struct List {
    inputs: Vec<PathBuf>,
    outputs: HashMap<String, PathBuf>,
}

impl List {
    /// Reads a list. Paths in it are relative to its folder; blank lines and those that begin with `#` say nothing.
    fn read(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let place = |text: &str| {
            if RemoteUrl::is_remote(text) {
                PathBuf::from(text)
            } else {
                folder.join(text)
            }
        };
        let mut list = Self::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut fields = line.split('\t').map(str::trim);
            let input = place(fields.next().unwrap_or_default());
            if let Some(output) = fields.next() {
                let label = odmkit_input::label(&input.to_string_lossy());
                list.outputs.insert(label, place(output));
            }
            if fields.next().is_some() {
                bail!(
                    "{}:{}: a line has an input and at most one output, with a tab between",
                    path.display(),
                    index + 1
                );
            }
            list.inputs.push(input);
        }
        if list.inputs.is_empty() {
            bail!("{} lists no input", path.display());
        }
        Ok(list)
    }
}

/// The gravest of what became of the files.
fn exit(outcome: &ConvertOutcome) -> Exit {
    let of_file = |file: &Converted| match file.fate {
        Fate::Written { .. } | Fate::NoTable | Fate::IsText { .. } | Fate::Kept | Fate::NotTried => {
            Exit::Success
        }
        Fate::Rejected { .. } => Exit::Found,
        Fate::Failed(_) => Exit::Failed,
    };
    outcome.files.iter().map(of_file).max().unwrap_or(Exit::Success)
}

/// Says what became of a file.
pub(crate) fn tell(file: &Converted, entries: &mut Entries) {
    let output = || odmkit_input::label(&file.output.to_string_lossy());
    let (word, facts) = match &file.fate {
        Fate::Written {
            bytes: size,
            rows,
            layout,
            text,
            seconds,
        } => {
            let mut facts = counted(*rows, "row");
            if let Some(layout) = layout {
                facts.push_str(", ");
                facts.push_str(layout.name());
            }
            let _ = write!(facts, ", {}, {seconds:.2} s", bytes(*size));
            if *text > 0 {
                let _ = write!(facts, ", {} written as missing", counted(*text, "text"));
            }
            ("written", vec![format!("to {}", output()), facts])
        }
        Fate::Rejected { errors } => ("rejected", vec![counted(*errors, "error")]),
        Fate::NoTable => (
            "left out",
            vec!["it is nothing that can be written so".to_owned()],
        ),
        Fate::IsText { kind, container } => {
            let why = match container {
                Container::Gct => "a GCT file holds a matrix",
                _ => "it is a TSV already",
            };
            let text = format!(
                "it is a {kind} table, and {why}: use it as it is, or write it with --to parquet or --to arrow"
            );
            ("left out", vec![text])
        }
        Fate::Kept => ("kept", vec![format!("{} is there already", output())]),
        Fate::NotTried => ("not tried", vec!["another file failed before it".to_owned()]),
        Fate::Failed(error) => ("failed", vec![error.to_string()]),
    };
    entries.add(word, &file.input, facts);
}

/// The outcome in one line, with the command to type where files are left.
fn sentence(outcome: &ConvertOutcome, inputs: &[PathBuf], flags: &str) -> String {
    let count = |wanted: &dyn Fn(&Fate) -> bool| {
        let files = outcome.files.iter();
        files.filter(|file| wanted(&file.fate)).count() as u64
    };
    let rejected = count(&|fate| matches!(fate, Fate::Rejected { .. }));
    let mut parts = vec![format!(
        "{} written",
        counted(count(&|fate| matches!(fate, Fate::Written { .. })), "file")
    )];
    for (count, word) in [
        (count(&|fate| matches!(fate, Fate::Kept)), "kept"),
        (rejected, "rejected"),
        (count(&|fate| matches!(fate, Fate::Failed(_))), "failed"),
        (count(&|fate| matches!(fate, Fate::NotTried)), "not tried"),
        (
            count(&|fate| matches!(fate, Fate::NoTable | Fate::IsText { .. })),
            "left out",
        ),
    ] {
        if count > 0 {
            parts.push(format!("{} {word}", grouped(count)));
        }
    }
    let sentence = parts.join(", ");
    if rejected > 0 && !inputs.is_empty() {
        format!("{sentence}. Next: `odmkit check {}{flags}`", shell_words(inputs))
    } else {
        sentence
    }
}

/// Says on stderr what stands in the way of the files that were not converted.
fn show_errors(outcome: &ConvertOutcome, global: &Global) -> anyhow::Result<()> {
    let rejected = |path: &str| {
        let is = |file: &Converted| file.input.as_ref() == path && matches!(file.fate, Fate::Rejected { .. });
        outcome.files.iter().any(is)
    };
    let findings: Vec<_> = outcome
        .report
        .diagnostics
        .iter()
        .filter(|finding| stands_in_the_way(finding) && rejected(&finding.path))
        .collect();
    if findings.is_empty() {
        return Ok(());
    }
    let stderr = io::stderr();
    let human = Human {
        color: global.color(stderr.is_terminal()),
        detail: global.detail(),
        ..Human::default()
    };
    let mut snippets = FileSnippets::default();
    let mut out = stderr.lock();
    for finding in findings {
        human.finding(finding, &mut snippets, &mut out)?;
        writeln!(out)?;
    }
    Ok(())
}
