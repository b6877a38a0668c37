//! `odmkit init`: a study.toml for a folder of files.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use odmkit_engine::init::Init;
use odmkit_study::{Entity, Study, names};

use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::table::{Table, counted};
use crate::what::{What, shell_word};

/// Finds out what each file in a folder is, and writes it down as study.toml
#[derive(Debug, Args)]
#[command(mut_arg("kind", |arg| arg.hide(true)), mut_arg("dictionary", |arg| arg.hide(true)))]
pub(crate) struct InitArgs {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Replace a study.toml that is there already
    #[arg(long)]
    overwrite: bool,

    /// Print the study.toml and write nothing
    #[arg(long, conflicts_with = "overwrite")]
    dry_run: bool,

    #[command(flatten)]
    what: What,
}

impl InitArgs {
    pub(crate) fn run(&self, global: &Global) -> anyhow::Result<Exit> {
        if self.what.kind.is_some() {
            bail!("--kind says what one file is; a study.toml has a section for each kind");
        }
        if !self.what.dictionary.is_empty() {
            bail!("a study.toml names one folder of dictionaries: give it with --dictionaries DIR");
        }
        let init = Init::plan(&self.folder, &self.what.options())?;
        if self.dry_run {
            if !global.quiet {
                // Where stderr is gone, the text still matters.
                let _ = found(&init.study, &mut io::stderr().lock());
            }
            Output::stdout().with(|out| out.write_all(init.text.as_bytes()))?;
            return Ok(Exit::Success);
        }
        init.write(self.overwrite)?;
        Output::stdout().with(|out| {
            if !global.quiet {
                found(&init.study, out)?;
                writeln!(out)?;
            }
            writeln!(
                out,
                "wrote {}. Next: `odmkit check {}`",
                shell_word(&init.target),
                shell_word(&self.folder)
            )
        })?;
        Ok(Exit::Success)
    }
}

/// What each file was found to be, and why.
fn found(study: &Study, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::default();
    for entity in &study.entities {
        let path = names::file_name(entity.file().unwrap_or_default());
        table.row([path.to_owned(), entity.kind.to_string(), reason(entity)]);
        if let Some(metadata) = &entity.metadata {
            let name = names::file_name(metadata.as_str()).to_owned();
            table.row([
                name,
                "expression-metadata".to_owned(),
                format!("it describes {path}"),
            ]);
        }
    }
    for skipped in &study.skipped {
        let name = names::file_name(&skipped.path).to_owned();
        table.row([name, "left out".to_owned(), skipped.because()]);
    }
    table.write_wrapped(out)
}

/// Why a file is what it is; of a data frame also where its values begin.
fn reason(entity: &Entity) -> String {
    let mut text = entity.because.clone();
    match (entity.feature_attributes, entity.hints.to_give()) {
        (None, Some((count, because))) if entity.is_data_frame() => {
            let columns = counted(count as u64, "feature column");
            text = format!("{text}; {columns}: {because}");
        }
        (None, None) if entity.is_data_frame() => {
            let why = entity.hints.unfit.as_deref();
            text.push_str("; ");
            text.push_str(why.unwrap_or("its number of feature columns is for you to fill in"));
        }
        _ => {}
    }
    text
}
