//! Looking at many bytes at once: the index of a block and the shape of its values, by every kernel that this
//! processor can run.

mod support;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use odmkit_columns::kernel::Kernel;
use odmkit_engine::bench::Shape;

fn index(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("index");
    for shape in Shape::ALL {
        let rows = support::rows(shape);
        group.throughput(Throughput::Bytes(rows.len() as u64));
        for kernel in Kernel::available() {
            let mut ends = Vec::new();
            group.bench_function(format!("{}/{kernel:?}", shape.name()), |bencher| {
                bencher.iter(|| kernel.index(black_box(&rows), &mut ends));
            });
        }
    }
}

fn row(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("row");
    for shape in Shape::ALL {
        let rows = support::rows(shape);
        group.throughput(Throughput::Bytes(rows.len() as u64));
        for kernel in Kernel::available() {
            let (mut ends, mut odd) = (Vec::new(), Vec::new());
            group.bench_function(format!("{}/{kernel:?}", shape.name()), |bencher| {
                bencher.iter(|| {
                    let (block, mut start, mut tabs) = (black_box(&rows), 0, 0);
                    while start < block.len() {
                        let facts = kernel.row(block, start, 2, &mut ends, &mut odd);
                        start = facts.next;
                        tabs += facts.tabs;
                    }
                    tabs
                });
            });
        }
    }
}

criterion_group!(benches, index, row);
criterion_main!(benches);
