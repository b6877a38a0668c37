//! Encodes generated matrices and prints sizes and rates: the figures behind the choice of encodings.
//!
//! ```text
//! cargo run --release -p odmkit-export --example encode -- SHAPE ROWS COLUMNS [CONTAINER] [LAYOUT] [CODEC] [OUT]
//! ```
//!
//! SHAPE is tpm, counts or mantissa. Rows are generated before the clock starts.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, StringArray};
use odmkit_columns::batch::{MatrixBatch, ValueOrder};
use odmkit_export::{Codec, Container, ExportSpec, Exporter, Layout, TableMeta};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |at: usize, default: &str| arguments.get(at).map_or(default, String::as_str).to_owned();
    let shape = argument(0, "tpm");
    let rows: usize = argument(1, "20000").parse()?;
    let columns: usize = argument(2, "500").parse()?;
    let container = match argument(3, "parquet").as_str() {
        "arrow" => Container::Arrow,
        "gct" => Container::Gct,
        "tsv" => Container::Tsv,
        _ => Container::Parquet,
    };
    let layout = match argument(4, "wide").as_str() {
        "long" => Layout::Long,
        "matrix" => Layout::Matrix,
        _ => Layout::Wide,
    };
    let codec = match argument(5, "zstd").as_str() {
        "none" => Codec::None,
        "snappy" => Codec::Snappy,
        "lz4" => Codec::Lz4,
        name => Codec::Zstd(name.trim_start_matches("zstd").parse().unwrap_or(3)),
    };
    let out = argument(6, "");
    let kept = !out.is_empty();
    let out = if kept {
        PathBuf::from(out)
    } else {
        std::env::temp_dir().join("odmkit-encode")
    };

    let samples: Vec<String> = (0..columns).map(|column| format!("sample-{column:05}")).collect();
    let meta = TableMeta {
        version: "bench".to_owned(),
        kind: "expression".to_owned(),
        source: "generated.gct".to_owned(),
        source_bytes: 0,
        feature_attributes: vec![("Name".to_owned(), false), ("Description".to_owned(), false)],
        columns: TableMeta::columns_of_samples(&samples),
        samples,
        ..TableMeta::default()
    };
    let mut spec = ExportSpec::new(meta);
    (spec.container, spec.layout, spec.codec) = (container, layout, codec);
    spec.threads = 2;
    spec.memory_budget = 4 << 30;
    spec.overwrite = true;
    let order = if layout == Layout::Wide {
        ValueOrder::ColumnMajor
    } else {
        ValueOrder::RowMajor
    };
    let batches = generate(&shape, rows, columns, order);
    let raw = rows * columns * 8;
    for run in 0..if kept { 1 } else { 5 } {
        let batches = batches.clone();
        let start = Instant::now();
        let mut exporter = Exporter::create(&out, spec.clone())?;
        for batch in batches {
            exporter.write(batch)?;
        }
        let written = exporter.finish()?;
        let seconds = start.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "figures for people")]
        let (megabytes, rate) = (written.bytes as f64 / 1e6, raw as f64 / 1e6 / seconds);
        let bits = megabytes * 8e6 / as_float(rows * columns);
        writeln!(
            std::io::stdout(),
            "{run} {seconds:.3} s  {megabytes:.1} MB  {bits:.2} bits/value  {rate:.0} MB/s of doubles"
        )?;
    }
    if !kept {
        std::fs::remove_file(out)?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn as_float(count: usize) -> f64 {
    count as f64
}

fn generate(shape: &str, rows: usize, columns: usize, order: ValueOrder) -> Vec<MatrixBatch> {
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let batch_rows = (1_000_000 / columns.max(1)).clamp(1, 10_000);
    let mut first = 0;
    let mut batches = Vec::new();
    while first < rows {
        let count = batch_rows.min(rows - first);
        let names: StringArray = (first..first + count)
            .map(|row| Some(format!("ENSG{row:011}")))
            .collect();
        let about: StringArray = (first..first + count)
            .map(|row| Some(format!("gene {row}")))
            .collect();
        let values: Vec<f64> = (0..count * columns)
            .map(|_| match shape {
                "counts" if random.unit() < 0.3 => 0.0,
                "counts" => (3.0 + 2.0 * random.normal()).exp().floor(),
                "mantissa" => (2.0 * random.normal()).exp(),
                _ if random.unit() < 0.4 => 0.0,
                _ => ((1.0 + 2.0 * random.normal()).exp() * 1e4).round() / 1e4,
            })
            .collect();
        let features: Vec<ArrayRef> = vec![Arc::new(names), Arc::new(about)];
        let batch = MatrixBatch {
            rows: count,
            features,
            values,
            order: ValueOrder::RowMajor,
            columns,
            nulls: Vec::new(),
        };
        batches.push(batch.into_order(order));
        first += count;
    }
    batches
}

/// Xorshift, and the Box-Muller transform.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 12;
        f64::from_bits(0x3FF0_0000_0000_0000 | bits) - 1.0 + f64::EPSILON
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}
