//! Texts that are too large to be held: they are written, and packed, as they are made.

use std::io::{self, BufWriter, Write};

/// Numbers before a row is as an earlier one.
const DIFFERENT: usize = 4_099;

/// Writes a GCT file of at least so many bytes, in rows of so many values. Numbers differ from row to row.
///
/// # Errors
///
/// Where `out` takes no more.
pub fn gct(out: impl Write, bytes: u64, samples: usize) -> io::Result<u64> {
    gct_of(out, bytes, samples, |cell| {
        format!("{}.{:03}", cell % 97, cell * 7919 % 1000)
    })
}

/// The same with these values: `cell` is given a number that grows from column to column and from row to row.
///
/// # Errors
///
/// Where `out` takes no more.
pub fn gct_of(
    out: impl Write,
    bytes: u64,
    samples: usize,
    cell: impl Fn(usize) -> String,
) -> io::Result<u64> {
    let mut out = BufWriter::with_capacity(1 << 20, out);
    let mut cells = String::new();
    let mut starts = Vec::with_capacity(samples + DIFFERENT + 1);
    for number in 0..samples + DIFFERENT {
        starts.push(cells.len());
        cells.push('\t');
        cells.push_str(&cell(number));
    }
    starts.push(cells.len());
    let row = |row: usize| &cells[starts[row % DIFFERENT]..starts[row % DIFFERENT + samples]];
    let shortest = (0..DIFFERENT).map(|at| row(at).len()).min().unwrap_or(0) + "G0\tna\n".len();
    let rows = usize::try_from(bytes).unwrap_or(usize::MAX) / shortest + 1;
    let mut written = 0;
    let mut put = |text: &str| {
        written += text.len() as u64;
        out.write_all(text.as_bytes())
    };
    put(&format!("#1.2\n{rows}\t{samples}\nName\tDescription"))?;
    for sample in 0..samples {
        put(&format!("\tS{sample}"))?;
    }
    put("\n")?;
    for number in 0..rows {
        put(&format!("G{number}\tna"))?;
        put(row(number))?;
        put("\n")?;
    }
    out.flush()?;
    Ok(written)
}

/// Writes a samples table of so many records.
///
/// # Errors
///
/// Where `out` takes no more.
pub fn samples(out: impl Write, records: usize) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, out);
    out.write_all(b"Sample Source ID\tSample Source\tAge\tNotes\n")?;
    for record in 0..records {
        writeln!(
            out,
            "S{record}\thuman {}\t{}\tnote {record}",
            record % 7,
            record % 90
        )?;
    }
    out.flush()
}
