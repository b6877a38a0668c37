//! `odmkit fix`: mends what can be mended without guessing.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use odmkit_core::Compression;
use odmkit_engine::fix::{FixError, FixRequest, Fixed, Waiting, fix};

use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::progress::Bars;
use crate::table::{Table, counted};
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
    table: Table,
    changed: u64,
    errors: u64,
    /// A packed file is to be mended, which is not done in its place.
    packed: bool,
    failures: Vec<FixError>,
}

impl FixArgs {
    pub(crate) fn run(&self, global: &Global) -> anyhow::Result<Exit> {
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
            tally.table.row(self.row(&fixed));
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

    fn row(&self, fixed: &Fixed) -> [String; 4] {
        let done = match (fixed.is_changed(), self.writes()) {
            (false, _) => "as it was",
            (true, true) => "mended",
            (true, false) => "to mend",
        };
        let edits: Vec<String> = fixed
            .edits
            .iter()
            .map(|(code, count)| match count {
                1 => code.to_owned(),
                _ => format!("{code} ×{count}"),
            })
            .collect();
        let mut edits = edits.join(", ");
        let tables = fixed.tables();
        if !tables.is_empty() {
            edits.extend([" (and ", &tables.join(", "), ")"]);
        }
        let left = match (fixed.errors, fixed.warnings) {
            (0, 0) => String::new(),
            (0, warnings) => format!("{} left", counted(warnings, "warning")),
            (errors, 0) => format!("{} left", counted(errors, "error")),
            (errors, warnings) => {
                let warnings = counted(warnings, "warning");
                format!("{} and {warnings} left", counted(errors, "error"))
            }
        };
        [done.to_owned(), fixed.path.to_string(), edits, left]
    }

    fn summary(&self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        tally.table.write(out)?;
        let files = counted(tally.changed, "file");
        let flags = self.what.typed();
        let paths = match &self.out_dir {
            Some(folder) => shell_word(folder),
            None => shell_words(&self.paths),
        };
        let also = if self.with_unsafe { " --unsafe" } else { "" };
        let how = if tally.packed { "-o mended" } else { "--write" };
        match (tally.changed, self.writes()) {
            (0, _) if !tally.failures.is_empty() => Ok(()),
            (0, _) => writeln!(out, "\nnothing to mend"),
            (_, true) => writeln!(out, "\n{files} mended. Next: `odmkit check {paths}{flags}`"),
            (_, false) => writeln!(
                out,
                "\n{files} to mend. Next: `odmkit fix {paths}{flags}{also} {how}`"
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
