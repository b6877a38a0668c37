//! `odmkit bench`: how fast this machine checks and converts, beside what the machine can do.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use odmkit_engine::bench::{BenchOutcome, BenchRequest, Shape, Stage, bench};

use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::table::{Table, bytes, counted};
use crate::what::What;

/// Measures how fast a matrix is checked, parsed and converted to Parquet on this machine
///
/// The file is a generated one, or yours. Each stage runs several times after a run that does not count; what the
/// machine itself can do (memory read by all threads, a search of the same file for line feeds by one) is measured
/// in the same run, so that the figures can be read as ratios.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// A GCT file or a data frame to measure with [default: a generated GCT file]
    #[arg(value_name = "FILE", conflicts_with_all = ["shape", "rows", "samples"])]
    file: Option<PathBuf>,

    /// What the generated values are like
    #[arg(long, value_name = "SHAPE", default_value = "tpm")]
    shape: ShapeName,

    /// Rows of the generated file [default: by its shape]
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u64).range(1..))]
    rows: Option<u64>,

    /// Samples of the generated file [default: by its shape]
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..))]
    samples: Option<u64>,

    /// How often each stage is run
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,

    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: BenchFormat,

    #[command(flatten)]
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShapeName {
    /// Expression levels with four decimals, four in ten of them zero: 40,000 × 500
    Tpm,
    /// Whole numbers: 40,000 × 500
    Counts,
    /// Expression levels of many samples: 2,500 × 8,000
    Wide,
    /// Seventeen digits each: 20,000 × 500
    LongMantissa,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BenchFormat {
    /// A table for people
    Human,
    /// One JSON object
    Json,
}

impl BenchArgs {
    pub(crate) fn run(&self, global: &Global) -> anyhow::Result<Exit> {
        let outcome = bench(&BenchRequest {
            file: self.file.clone(),
            shape: match self.shape {
                ShapeName::Tpm => Shape::Tpm,
                ShapeName::Counts => Shape::Counts,
                ShapeName::Wide => Shape::Wide,
                ShapeName::LongMantissa => Shape::LongMantissa,
            },
            rows: self.rows,
            samples: self.samples,
            runs: usize::from(self.runs),
            options: self.what.options(),
            resources: global.resources(),
        })?;
        Output::stdout().with(|out| match self.format {
            BenchFormat::Human => table(&outcome, out),
            BenchFormat::Json => {
                serde_json::to_writer_pretty(&mut *out, &outcome)?;
                writeln!(out)
            }
        })?;
        Ok(Exit::Success)
    }
}

fn table(outcome: &BenchOutcome, out: &mut dyn Write) -> io::Result<()> {
    let packed = outcome.ceilings.iter().find(|stage| stage.name == "unpack");
    let size = match packed {
        Some(_) => format!("{}, {} of text", bytes(outcome.bytes), bytes(outcome.text_bytes)),
        None => bytes(outcome.bytes),
    };
    writeln!(
        out,
        "{}: {}, {}, {}; {}, {}",
        outcome.file,
        size,
        counted(outcome.rows, "row"),
        counted(outcome.columns, "value column"),
        counted(outcome.threads as u64, "thread"),
        outcome.kernel
    )?;
    writeln!(out)?;
    let scan = outcome
        .ceilings
        .iter()
        .find(|stage| stage.name == "line-feed-scan");
    let (ceiling, named) = match packed {
        Some(unpack) => (Some(unpack), "of unpacking"),
        None => (scan, "of the scan"),
    };
    let mut table = Table::default();
    table.row(
        [
            "",
            "median",
            "fastest",
            "slowest",
            "MB/s",
            "Mvalues/s",
            named,
            "peak",
            "output",
        ]
        .map(str::to_owned),
    );
    for stage in outcome.ceilings.iter().chain(&outcome.stages) {
        table.row(row(stage, ceiling));
    }
    table.write(out)
}

fn row(stage: &Stage, ceiling: Option<&Stage>) -> [String; 9] {
    let seconds = |seconds: f64| format!("{seconds:.3} s");
    let share = ceiling.filter(|_| stage.million_values_per_second.is_some());
    [
        stage.name.to_owned(),
        seconds(stage.median_seconds),
        seconds(stage.fastest_seconds),
        seconds(stage.slowest_seconds),
        format!("{:.0}", stage.megabytes_per_second),
        stage
            .million_values_per_second
            .map_or_else(String::new, |values| format!("{values:.0}")),
        share.map_or_else(String::new, |ceiling| {
            format!("{:.2}", ceiling.median_seconds / stage.median_seconds)
        }),
        stage.peak_bytes.map_or_else(String::new, bytes),
        stage.output_bytes.map_or_else(String::new, bytes),
    ]
}
