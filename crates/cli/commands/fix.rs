//! `odmkit fix`: mends what can be mended without guessing.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use clap::Args;
use odmkit_checks::rules::find;
use odmkit_core::Compression;
use odmkit_engine::fix::{FixError, FixRequest, Fixed, Note, Waiting, fix};
use odmkit_report::{escape, found, wrap};
use odmkit_study::names::file_name;

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

    /// Also correct declared numbers of rows and columns, rewrite Windows-1252 as UTF-8, and read dates such as 03/04/2021
    /// as others of their column are read: this could hide that data was lost, or give wrong letters or dates
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
    /// What is to be said of tables beside files, and of which.
    notes: Vec<(String, Vec<String>)>,
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
            for (table, note) in fixed.notes() {
                tally.note(table, said(note));
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
        // A file that cannot be read is one that nothing can be said for, here as in a check.
        let unread = |failure: &FixError| matches!(failure, FixError::Input { .. });
        Ok(if !tally.failures.iter().all(unread) {
            Exit::Failed
        } else if tally.failures.is_empty() && tally.errors == 0 {
            Exit::Success
        } else {
            Exit::Found
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
        let renamed = fixed.renamed().iter();
        mends.extend(renamed.map(|(before, now)| format!("`{before}` is named `{now}` in it")));
        let mends = Some(mends.join(", ")).filter(|mends| !mends.is_empty());
        let left = found(fixed.errors, fixed.warnings).map(|left| format!("{left} left"));
        entries.add(done, &fixed.path, mends.into_iter().chain(left));
    }

    fn summary(&self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        tally.entries.write(out)?;
        for (text, tables) in &tally.notes {
            let tables: Vec<String> = tables.iter().map(|table| format!("`{table}`")).collect();
            let note = escape(&format!("note: {}: {text}", tables.join(", ")));
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

impl Tally {
    /// Takes in what is to be said of a table. What is true of several is said once.
    fn note(&mut self, table: String, text: String) {
        match self.notes.iter_mut().find(|(known, _)| *known == text) {
            Some((_, tables)) => tables.push(table),
            None => self.notes.push((text, vec![table])),
        }
    }
}

/// What a note says, after the name of the table.
fn said(note: &Note) -> String {
    match note {
        Note::ForManifest { manifest, entry } => {
            let (manifest, entry) = (file_name(manifest), entry.replace('\\', "\\\\"));
            format!(
                "the samples that the GCT 1.3 file described. Add [[samples]] and, in the line below it, metadata = \"{entry}\" to `{manifest}`: it says what is part of the study."
            )
        }
        Note::Beside { samples, known, .. } if samples == known => {
            "what the GCT 1.3 file said of its samples. There is a samples table already that has them: compare the two, and add what it lacks.".to_owned()
        }
        Note::Beside { samples, known, unknown, as_samples } => {
            let unknown = unknown.as_deref().unwrap_or_default();
            let which = match known {
                0 => format!("knows none of them, such as `{unknown}`"),
                _ => format!("has {known} of {samples}, and lacks `{unknown}`"),
            };
            let what = match known {
                0 => format!("If these are other samples, rename it to `{as_samples}`; if they are the same, give them the same names"),
                _ => "Add the others and what it says of them to that table".to_owned(),
            };
            format!("what the GCT 1.3 file said of its samples. There is a samples table already, which {which}. {what}.")
        }
        _ => String::new(),
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
