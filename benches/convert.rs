//! Writing a matrix, its check and its reading included, in every layout and with every codec.

#[expect(dead_code, reason = "not every benchmark uses all of it")]
mod support;

use std::num::NonZeroUsize;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use odmkit_diagnostics::Overrides;
use odmkit_engine::bench::{Shape, write_gct};
use odmkit_engine::check::CheckOptions;
use odmkit_engine::convert::{ConvertRequest, Fate, Target, convert};
use odmkit_engine::{NoProgress, Resources};
use odmkit_export::{Codec, Container, Layout, ValueType};

/// Rows of a file: some tens of megabytes.
const ROWS: u64 = 10_000;

/// Values in a tile.
const TILE: NonZeroUsize = NonZeroUsize::new(64).expect("it is not zero");

fn request(source: &Path, target: &Path, threads: NonZeroUsize) -> ConvertRequest {
    ConvertRequest {
        inputs: vec![source.to_path_buf()],
        target: Target::File(target.to_path_buf()),
        container: None,
        layout: Some(Layout::Wide),
        codec: Codec::DEFAULT,
        values: ValueType::F64,
        skip_zeros: false,
        tile: None,
        no_check: false,
        overwrite: true,
        verify: false,
        resume: false,
        fail_fast: false,
        outputs: std::collections::HashMap::new(),
        options: CheckOptions::default(),
        overrides: Overrides::new(),
        resources: Resources::new(threads, 1 << 30),
    }
}

fn files(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let mut group = criterion.benchmark_group("convert");
    group.sample_size(10);
    for shape in Shape::ALL {
        let mut text = Vec::new();
        write_gct(&mut text, shape, ROWS, support::SAMPLES).expect("memory can be written to");
        let source = folder.path().join(format!("{}.gct", shape.name()));
        std::fs::write(&source, &text).expect("a file");
        group.throughput(Throughput::Bytes(text.len() as u64));
        drop(text);
        let target = folder.path().join("out");
        let wide = request(&source, &target, cores);
        let form = |container, layout, codec| ConvertRequest {
            container: Some(container),
            layout: Some(layout),
            codec,
            ..wide.clone()
        };
        let zstd = Codec::DEFAULT;
        let cases = [
            ("parquet/wide/zstd", form(Container::Parquet, Layout::Wide, zstd)),
            (
                "parquet/wide/zstd/1 thread",
                ConvertRequest {
                    container: Some(Container::Parquet),
                    ..request(&source, &target, NonZeroUsize::MIN)
                },
            ),
            (
                "parquet/wide/snappy",
                form(Container::Parquet, Layout::Wide, Codec::Snappy),
            ),
            (
                "parquet/wide/lz4",
                form(Container::Parquet, Layout::Wide, Codec::Lz4),
            ),
            (
                "parquet/wide/none",
                form(Container::Parquet, Layout::Wide, Codec::None),
            ),
            (
                "parquet/matrix/zstd",
                form(Container::Parquet, Layout::Matrix, zstd),
            ),
            (
                "parquet/tiles/zstd",
                ConvertRequest {
                    tile: Some(TILE),
                    ..form(Container::Parquet, Layout::Matrix, zstd)
                },
            ),
            ("parquet/long/zstd", form(Container::Parquet, Layout::Long, zstd)),
            (
                "arrow/wide/none",
                form(Container::Arrow, Layout::Wide, Codec::None),
            ),
            ("arrow/wide/zstd", form(Container::Arrow, Layout::Wide, zstd)),
        ];
        for (name, request) in cases {
            group.bench_function(format!("{}/{name}", shape.name()), |bencher| {
                bencher.iter(|| {
                    let outcome = convert(&request, &NoProgress).expect("the file can be read");
                    assert!(matches!(outcome.files[0].fate, Fate::Written { .. }));
                });
            });
        }
    }
}

criterion_group!(benches, files);
criterion_main!(benches);
