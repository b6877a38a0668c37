//! The check of a whole file, by one thread and by all, and with every kernel; and beside it what `inspect` does in the
//! same pass: every value is read, and each column summed up.

#[expect(dead_code, reason = "not every benchmark uses all of it")]
mod support;

use std::num::NonZeroUsize;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use odmkit_columns::kernel::Kernel;
use odmkit_diagnostics::Overrides;
use odmkit_engine::bench::{Shape, write_gct};
use odmkit_engine::check::{CheckOptions, CheckRequest, check};
use odmkit_engine::inspect::{InspectRequest, inspect};
use odmkit_engine::{NoProgress, Resources};

/// Rows of a file: some tens of megabytes.
const ROWS: u64 = 10_000;

fn files(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let mut group = criterion.benchmark_group("check");
    for shape in Shape::ALL {
        let mut text = Vec::new();
        write_gct(&mut text, shape, ROWS, support::SAMPLES).expect("memory can be written to");
        let path = folder.path().join(format!("{}.gct", shape.name()));
        std::fs::write(&path, &text).expect("a file");
        group.throughput(Throughput::Bytes(text.len() as u64));
        drop(text);
        for threads in [NonZeroUsize::MIN, cores] {
            for kernel in Kernel::available() {
                let request = CheckRequest {
                    inputs: vec![path.clone()],
                    options: CheckOptions::default(),
                    overrides: Overrides::new(),
                    max_per_rule: 20,
                    resources: {
                        let mut resources = Resources::new(threads, 1 << 30);
                        resources.kernel = kernel;
                        resources
                    },
                };
                group.bench_function(format!("{}/{kernel:?}/{threads}", shape.name()), |bencher| {
                    bencher.iter(|| check(&request, &NoProgress).expect("the file can be read"));
                });
            }
            let request = InspectRequest {
                path: path.clone(),
                options: CheckOptions::default(),
                resources: Resources::new(threads, 1 << 30),
            };
            group.bench_function(format!("{}/inspect/{threads}", shape.name()), |bencher| {
                bencher.iter(|| inspect(&request, &NoProgress).expect("the file can be read"));
            });
        }
    }
}

criterion_group!(benches, files);
criterion_main!(benches);
