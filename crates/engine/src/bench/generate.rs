//! Matrices to measure with, the same on every machine.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// What the values of a generated matrix are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Expression levels: four zeros in ten, four decimals, many orders of magnitude.
    Tpm,
    /// Whole numbers, mostly small.
    Counts,
    /// Expression levels, of few features and many samples.
    Wide,
    /// Seventeen digits each.
    LongMantissa,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Self; 4] = [Self::Tpm, Self::Counts, Self::Wide, Self::LongMantissa];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tpm => "tpm",
            Self::Counts => "counts",
            Self::Wide => "wide",
            Self::LongMantissa => "long-mantissa",
        }
    }

    /// Rows and samples where nobody says how many.
    const fn size(self) -> (u64, u64) {
        match self {
            Self::Tpm | Self::Counts => (40_000, 500),
            Self::Wide => (2_500, 8_000),
            Self::LongMantissa => (20_000, 500),
        }
    }
}

/// Writes a GCT 1.2 file.
pub(super) fn write(path: &Path, shape: Shape, rows: Option<u64>, samples: Option<u64>) -> io::Result<()> {
    let (usual_rows, usual_samples) = shape.size();
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    write_gct(
        &mut out,
        shape,
        rows.unwrap_or(usual_rows),
        samples.unwrap_or(usual_samples),
    )?;
    out.flush()
}

/// Writes the text of a GCT 1.2 file.
///
/// # Errors
///
/// Where the text cannot be written.
pub fn write_gct(out: &mut impl Write, shape: Shape, rows: u64, samples: u64) -> io::Result<()> {
    write!(out, "#1.2\n{rows}\t{samples}\nName\tDescription")?;
    for sample in 0..samples {
        write!(out, "\tSAMPLE_{sample:05}")?;
    }
    out.write_all(b"\n")?;
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for row in 0..rows {
        write!(out, "ENSG{row:011}\tna")?;
        for _ in 0..samples {
            value(out, shape, &mut random)?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are small and not negative"
)]
fn value(out: &mut impl Write, shape: Shape, random: &mut Random) -> io::Result<()> {
    match shape {
        Shape::Tpm | Shape::Wide if random.unit() < 0.4 => out.write_all(b"\t0"),
        Shape::Tpm | Shape::Wide => write!(out, "\t{:.4}", random.level(1.5, 2.0)),
        Shape::Counts => write!(out, "\t{}", random.level(2.0, 2.2) as u64),
        Shape::LongMantissa => write!(out, "\t{:?}", random.level(1.5, 2.0)),
    }
}

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    /// A number from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept")]
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number whose logarithm is nearly normally distributed (the sum of twelve uniform numbers).
    fn level(&mut self, mean: f64, deviation: f64) -> f64 {
        let normal = (0..12).map(|_| self.unit()).sum::<f64>() - 6.0;
        (mean + deviation * normal).exp()
    }
}
