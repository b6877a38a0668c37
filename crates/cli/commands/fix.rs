//! `odmkit fix`: mends what can be mended without guessing.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use clap::Args;
use odmkit_checks::rules::find;
use odmkit_core::Compression;
use odmkit_engine::fix::{FixError, FixRequest, Fixed, Waiting, fix};
use odmkit_report::{escape, found, wrap};

use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::progress::Bars;
use crate::table::{Entries, WIDTH, counted};
use crate::what::{What, shell_word, shell_words};

/// Mends what can be mended without guessing; without --write or --out-dir it says what that would be
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags are booleans")]
pub(crate) struct FixArgs {
    /// Files, directories, or a study.toml
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// Show each change as a unified diff
    #[arg(long)]
    diff: bool,

    /// Write the mended files in their places; what they were is kept beside them, with .orig behind the name
    #[arg(long)]
    write: bool,

    /// Keep no .orig files
    #[arg(long, requires = "write")]
    no_backup: bool,

    /// Write all the files, mended or not, into DIR; packed ones that are mended are unpacked
    #[arg(short, long, value_name = "DIR", conflicts_with = "write")]
    out_dir: Option<PathBuf>,

    /// Also correct declared numbers of rows and columns, and rewrite Windows-1252 as UTF-8: this could hide that data
    /// was lost, or give wrong letters
    #[arg(long = "unsafe")]
    with_unsafe: bool,

    #[command(flatten)]
    what: What,
}

/// What became of the files.
#[derive(Default)]
struct Tally {
    entries: Entries,
    changed: u64,
    errors: u64,
    warnings: u64,
    /// Tables of samples beside those that a study has already.
    other_samples: Vec<String>,
    /// A packed file is to be mended, which is not done in its place.
    packed: bool,
    failures: Vec<FixError>,
}

impl FixArgs {
    pub(crate) fn run(&self, global: &Global) -> anyhow::Result<Exit> {
        if self.paths.iter().any(|path| path.as_os_str() == "-") {
            bail!("fix rewrites files and does not read the standard input: name the file");
        }
        let resources = global.resources();
        let request = FixRequest {
            inputs: self.paths.clone(),
            options: self.what.options(),
            with_unsafe: self.with_unsafe,
            waiting: self.waiting(),
            resources,
        };
        let mut tally = Tally::default();
        let bars = Bars::new(global);
        fix(&request, &bars, |fixed| {
            let fixed = match fixed {
                Ok(fixed) => fixed,
                Err(error) => return tally.failures.push(error),
            };
            if let Err(error) = self.act(&fixed) {
                return tally.failures.push(error);
            }
            tally.changed += u64::from(fixed.is_changed());
            tally.packed |= fixed.is_changed() && fixed.compression != Compression::None;
            tally.errors += fixed.errors;
            tally.warnings += fixed.warnings;
            if fixed.has_other_samples() {
                tally.other_samples.extend(fixed.tables().into_iter().take(1));
            }
            self.tell(&fixed, &mut tally.entries);
        })?;
        if self.diff {
            if !global.quiet {
                // Where stderr is gone there is nobody left to tell.
                let _ = self.summary(&tally, &mut io::stderr().lock());
            }
        } else {
            Output::stdout().with(|out| self.summary(&tally, out))?;
        }
        for error in &tally.failures {
            let _ = writeln!(io::stderr(), "odmkit: error: {error}");
        }
        Ok(match (tally.failures.len(), tally.errors) {
            (0, 0) => Exit::Success,
            (0, _) => Exit::Found,
            _ => Exit::Failed,
        })
    }

    fn act(&self, fixed: &Fixed) -> Result<(), FixError> {
        if self.diff {
            let mut out = Output::stdout();
            let failed = |source| FixError::Diff {
                path: Arc::clone(&fixed.path),
                source,
            };
            match fixed.diff(&mut out).and_then(|()| out.flush().map_err(failed)) {
                // A reader that has gone away is no error.
                Err(FixError::Diff { source, .. }) if source.kind() == io::ErrorKind::BrokenPipe => {}
                other => other?,
            }
        }
        if self.write {
            fixed.write(!self.no_backup)?;
        }
        if let Some(folder) = &self.out_dir {
            fixed.write_into(folder)?;
        }
        Ok(())
    }

    /// Says of a file what is mended in it, and what is left.
    fn tell(&self, fixed: &Fixed, entries: &mut Entries) {
        let done = match (fixed.is_changed(), self.writes()) {
            (false, _) => "as it was",
            (true, true) => "mended",
            (true, false) => "to mend",
        };
        let mut mends: Vec<String> = fixed
            .edits
            .iter()
            .map(|(code, count)| mend(code, count))
            .collect();
        mends.extend(fixed.tables().iter().map(|table| format!("and `{table}`")));
        let mends = Some(mends.join(", ")).filter(|mends| !mends.is_empty());
        let left = found(fixed.errors, fixed.warnings).map(|left| format!("{left} left"));
        entries.add(done, &fixed.path, mends.into_iter().chain(left));
    }

    fn summary(&self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        tally.entries.write(out)?;
        for table in &tally.other_samples {
            let note = format!(
                "note: `{}` holds what the GCT 1.3 file said of its samples. There is a samples table already: compare the two, and add what it lacks.",
                escape(table)
            );
            writeln!(out)?;
            for line in wrap(&note, 0, WIDTH) {
                writeln!(out, "{line}")?;
            }
        }
        let files = counted(tally.changed, "file");
        let others = match tally.failures.len() {
            0 => String::new(),
            failed => format!(", {failed} left as it was: the error says why"),
        };
        let flags = self.what.typed();
        let named = shell_words(&self.paths);
        let paths = match &self.out_dir {
            Some(folder) => shell_word(folder),
            None => named.clone(),
        };
        let also = if self.with_unsafe { " --unsafe" } else { "" };
        let how = if tally.packed { "-o mended" } else { "--write" };
        match (tally.changed, self.writes(), found(tally.errors, tally.warnings)) {
            (0, ..) if !tally.failures.is_empty() => Ok(()),
            (0, _, None) => writeln!(out, "\nnothing to mend"),
            (0, _, Some(left)) => writeln!(
                out,
                "\nnothing that can be mended without you: {left} left. Next: `odmkit check {named}{flags}`"
            ),
            (_, true, _) => writeln!(
                out,
                "\n{files} mended{others}. Next: `odmkit check {paths}{flags}`"
            ),
            (_, false, _) => writeln!(
                out,
                "\n{files} to mend{others}. Next: `odmkit fix {paths}{flags}{also} {how}`"
            ),
        }
    }

    fn waiting(&self) -> Waiting {
        match &self.out_dir {
            Some(folder) => Waiting::In(folder.clone()),
            None if self.write => Waiting::Beside,
            None => Waiting::Elsewhere,
        }
    }

    const fn writes(&self) -> bool {
        self.write || self.out_dir.is_some()
    }
}

/// What was mended by a rule, in words and with its code.
fn mend(code: &str, count: u64) -> String {
    let name = find(code).map_or("", |rule| rule.name);
    match count {
        1 => format!("{name} ({code})"),
        _ => format!("{name} ({code}) ×{count}"),
    }
}
