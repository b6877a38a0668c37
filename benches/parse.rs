//! From text to doubles: one number at a time, and whole rows.

mod support;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use odmkit_columns::batch::ValueOrder;
use odmkit_columns::kernel::Kernel;
use odmkit_columns::rows::RowShape;
use odmkit_columns::{cell, number};
use odmkit_engine::bench::Shape;

/// The exact grammar, and the standard library on the same cells.
fn numbers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("number");
    for shape in Shape::ALL {
        let rows = support::rows(shape);
        let values = |line: &str| line.split('\t').skip(2).map(str::to_owned).collect::<Vec<_>>();
        let text = String::from_utf8(rows).expect("text");
        let cells: Vec<String> = text.lines().flat_map(values).collect();
        group.throughput(Throughput::Elements(cells.len() as u64));
        group.bench_function(format!("{}/parse", shape.name()), |bencher| {
            bencher.iter(|| {
                cells
                    .iter()
                    .filter_map(|cell| number::parse(black_box(cell).as_bytes()))
                    .sum::<f64>()
            });
        });
        group.bench_function(format!("{}/judge", shape.name()), |bencher| {
            let fine = |cell: &&String| cell::judge(black_box(cell.as_bytes())) == cell::Cell::Number;
            bencher.iter(|| cells.iter().filter(fine).count());
        });
        group.bench_function(format!("{}/standard-library", shape.name()), |bencher| {
            bencher.iter(|| {
                cells
                    .iter()
                    .filter_map(|cell| black_box(cell).parse::<f64>().ok())
                    .sum::<f64>()
            });
        });
    }
}

/// Whole blocks, by the slow way and by every kernel.
fn rows(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rows");
    let layout = RowShape {
        width: 2 + usize::try_from(support::SAMPLES).expect("a small number"),
        numeric_features: vec![false, false],
    };
    for shape in Shape::ALL {
        let rows = support::rows(shape);
        group.throughput(Throughput::Bytes(rows.len() as u64));
        group.bench_function(format!("{}/slow", shape.name()), |bencher| {
            bencher.iter(|| {
                layout
                    .parse(black_box(&rows), ValueOrder::RowMajor)
                    .expect("even rows")
            });
        });
        for kernel in Kernel::available() {
            for order in [ValueOrder::RowMajor, ValueOrder::ColumnMajor] {
                let mut ends = Vec::new();
                group.bench_function(format!("{}/{kernel:?}/{order:?}", shape.name()), |bencher| {
                    bencher.iter(|| {
                        layout
                            .parse_fast(kernel, black_box(&rows), order, &mut ends)
                            .expect("even rows")
                    });
                });
            }
        }
    }
}

criterion_group!(benches, numbers, rows);
criterion_main!(benches);
