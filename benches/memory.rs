//! The most memory that the program has for files many times larger than its limit: a Markdown table, a line for each
//! shape, packing, command and limit. `TMPDIR` says where the files are made (1.5 GB).
//!
//! Peaks are read from the system's own account of a process, which only Linux gives.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use odmkit_testkit::{Random, peak};

/// Name, rows, columns.
const SHAPES: [(&str, usize, usize); 3] = [
    ("many short rows", 2_500_000, 12),
    ("tall", 60_000, 500),
    ("few long rows", 1_500, 20_000),
];

/// The packings and what is done with a file in each of them.
const COMMANDS: [(&str, &[&[&str]]); 3] = [
    (
        "plain",
        &[
            &["check"],
            &["inspect"],
            &["convert", "--layout", "wide"],
            &["convert", "--layout", "matrix"],
            &["convert", "--layout", "matrix", "--tile", "256"],
            &["convert", "--layout", "long"],
            &["convert", "--layout", "wide", "--to", "arrow"],
        ],
    ),
    ("gzip", &[&["check"], &["inspect"], &["convert"]]),
    ("zip", &[&["check"], &["inspect"], &["convert"]]),
];

const LIMITS: [u64; 2] = [64, 256];

fn main() -> io::Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    let mut over = 0;
    println!("| file | packed | text | command | limit | peak | seconds |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (name, rows, columns) in SHAPES {
        let plain = matrix(folder.path(), rows, columns)?;
        let text = plain.metadata()?.len();
        for (packing, commands) in COMMANDS {
            let file = pack(&plain, packing)?;
            for (command, limit) in commands
                .iter()
                .flat_map(|command| LIMITS.map(|limit| (command, limit)))
            {
                let (told, within) = run(folder.path(), &file, command, limit);
                over += usize::from(!within);
                println!(
                    "| {name}, {rows} × {columns} | {packing} | {} MB | `{}` | {limit} MiB | {told} |",
                    text / 1_000_000,
                    command.join(" "),
                );
            }
            if file != plain {
                std::fs::remove_file(file)?;
            }
        }
        std::fs::remove_file(plain)?;
    }
    println!("\n{over} over their limit");
    Ok(if over == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs a command; its peak and its time, or why it would not, and whether it stayed under its limit.
fn run(folder: &Path, file: &Path, words: &[&str], limit: u64) -> (String, bool) {
    let out = folder.join("out");
    let mut command = Command::new(env!("CARGO_BIN_EXE_odmkit"));
    command.args(["--progress", "never", "--memory-limit", &format!("{limit}MiB")]);
    command.arg(words[0]).arg(file).args(&words[1..]);
    if words[0] == "convert" {
        command.args(["--overwrite", "-o"]).arg(&out);
        if !words.contains(&"--to") {
            command.args(["--to", "parquet"]);
        }
    }
    let began = Instant::now();
    let (output, highest) = peak::run(&mut command);
    let seconds = began.elapsed().as_secs_f64();
    let within = highest <= limit << 20;
    if output.status.success() {
        return (format!("{} MB | {seconds:.2}", highest / 1_000_000), within);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    (
        format!("{} | {seconds:.2}", said.trim().replace('\n', " ")),
        within,
    )
}

/// A GCT file of expression levels with four decimals, of which four in ten are zero.
fn matrix(folder: &Path, rows: usize, columns: usize) -> io::Result<PathBuf> {
    let path = folder.join("matrix.gct");
    let mut out = BufWriter::new(File::create(&path)?);
    write!(out, "#1.2\n{rows}\t{columns}\nName\tDescription")?;
    for column in 0..columns {
        write!(out, "\tS{column}")?;
    }
    writeln!(out)?;
    let mut random = Random::new(7);
    let mut line = String::new();
    for row in 0..rows {
        line.clear();
        let _ = write!(line, "G{row}\tna");
        for _ in 0..columns {
            if random.below(10) < 4 {
                line.push_str("\t0");
            } else {
                let _ = write!(line, "\t{}.{:04}", random.below(100), random.below(10_000));
            }
        }
        writeln!(out, "{line}")?;
    }
    out.into_inner()?;
    Ok(path)
}

fn pack(plain: &Path, packing: &str) -> io::Result<PathBuf> {
    let mut text = File::open(plain)?;
    let path = match packing {
        "gzip" => plain.with_extension("gct.gz"),
        "zip" => plain.with_extension("gct.zip"),
        _ => return Ok(plain.to_owned()),
    };
    let out = BufWriter::new(File::create(&path)?);
    if packing == "gzip" {
        let mut out = flate2::write::GzEncoder::new(out, flate2::Compression::fast());
        io::copy(&mut text, &mut out)?;
        out.finish()?.flush()?;
    } else {
        let mut archive = zip::ZipWriter::new(out);
        let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
        archive.start_file("matrix.gct", options)?;
        io::copy(&mut text, &mut archive)?;
        archive.finish()?.flush()?;
    }
    Ok(path)
}
