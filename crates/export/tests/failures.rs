//! What cannot be written leaves nothing behind, and says why.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use odmkit_columns::batch::{MatrixBatch, ValueOrder};
use odmkit_export::{Codec, Container, ExportError, ExportSpec, Exporter, Layout, TableMeta, Unsupported};

fn spec(columns: usize) -> ExportSpec {
    let samples: Vec<String> = (0..columns).map(|column| format!("s{column}")).collect();
    ExportSpec::new(TableMeta {
        feature_attributes: vec![("Name".to_owned(), false)],
        columns: TableMeta::columns_of_samples(&samples),
        samples,
        ..TableMeta::default()
    })
}

fn batch(rows: usize, columns: usize) -> MatrixBatch {
    let names: StringArray = (0..rows).map(|row| Some(format!("g{row}"))).collect();
    MatrixBatch {
        rows,
        features: vec![Arc::new(names) as ArrayRef],
        values: vec![1.0; rows * columns],
        order: ValueOrder::RowMajor,
        columns,
        nulls: Vec::new(),
    }
}

fn entries(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap();
    names
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

const CONTAINERS: [Container; 4] = [
    Container::Parquet,
    Container::Arrow,
    Container::Gct,
    Container::Tsv,
];

#[test]
fn a_dropped_exporter_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for container in CONTAINERS {
        let spec = ExportSpec {
            container,
            memory_budget: 1_000,
            ..spec(3)
        };
        let mut exporter = Exporter::create(folder.path().join("out"), spec).unwrap();
        exporter.write(batch(500, 3)).unwrap();
        let under_way = entries(folder.path());
        assert!(under_way.len() == 1 && under_way[0] != "out", "{under_way:?}");
        drop(exporter);
        assert_eq!(entries(folder.path()), [""; 0]);
    }
}

#[test]
fn a_finished_file_stands_alone_under_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.parquet");
    let mut exporter = Exporter::create(&path, spec(2)).unwrap();
    exporter.write(batch(5, 2)).unwrap();
    assert!(!path.exists());
    exporter.finish().unwrap();
    assert_eq!(entries(folder.path()), ["out.parquet"]);
}

#[cfg(unix)]
#[test]
fn the_file_is_as_readable_as_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (path, other) = (folder.path().join("out"), folder.path().join("other"));
    std::fs::write(&other, "x").unwrap();
    Exporter::create(&path, spec(1)).unwrap().finish().unwrap();
    assert_eq!(
        path.metadata().unwrap().permissions().mode(),
        other.metadata().unwrap().permissions().mode()
    );
}

#[test]
fn an_existing_file_is_kept_unless_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    std::fs::write(&path, "precious").unwrap();
    assert!(matches!(
        Exporter::create(&path, spec(1)),
        Err(ExportError::Exists { .. })
    ));
    let spec = ExportSpec {
        overwrite: true,
        ..spec(1)
    };
    drop(Exporter::create(&path, spec.clone()).unwrap());
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    Exporter::create(&path, spec).unwrap().finish().unwrap();
    assert_eq!(&std::fs::read(&path).unwrap()[..4], b"PAR1");
}

#[test]
fn a_file_that_appears_meanwhile_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let exporter = Exporter::create(&path, spec(1)).unwrap();
    std::fs::write(&path, "precious").unwrap();
    assert!(matches!(exporter.finish(), Err(ExportError::Exists { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    assert_eq!(entries(folder.path()), ["out"]);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let failed = Exporter::create("no/such/folder/out.parquet", spec(1));
    let Err(ExportError::Io { path, .. }) = failed else {
        panic!("{failed:?}")
    };
    assert_eq!(path, Path::new("no/such/folder/out.parquet"));
}

/// `/dev/full` refuses every byte; a name through it cannot be tried, so the error is made by hand.
#[test]
fn a_full_disk_has_a_message_of_its_own() {
    let error = ExportError::OutOfSpace {
        path: "out.parquet".into(),
        source: std::io::Error::from(std::io::ErrorKind::StorageFull),
    };
    assert_eq!(error.to_string(), "no space is left to write out.parquet");
}

#[test]
fn impossible_outputs_are_refused_before_a_file_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let base = spec(2);
    let three = TableMeta {
        feature_attributes: ["a", "b", "c"].map(|name| (name.to_owned(), false)).to_vec(),
        ..base.meta.clone()
    };
    let twice = TableMeta {
        feature_attributes: vec![("s1".to_owned(), false)],
        ..base.meta.clone()
    };
    let none = TableMeta {
        columns: Vec::new(),
        ..base.meta.clone()
    };
    let cases = [
        (
            ExportSpec {
                container: Container::Arrow,
                codec: Codec::Snappy,
                ..base.clone()
            },
            Unsupported::SnappyInArrow,
        ),
        (
            ExportSpec {
                container: Container::Tsv,
                layout: Layout::Matrix,
                ..base.clone()
            },
            Unsupported::MatrixAsText,
        ),
        (
            ExportSpec {
                container: Container::Gct,
                layout: Layout::Long,
                ..base.clone()
            },
            Unsupported::LongAsGct,
        ),
        (
            ExportSpec {
                container: Container::Gct,
                meta: three,
                ..base.clone()
            },
            Unsupported::GctFeatures(3),
        ),
        (
            ExportSpec {
                skip_zeros: true,
                ..base.clone()
            },
            Unsupported::SkipZeros,
        ),
        (
            ExportSpec {
                tile: NonZeroUsize::new(2),
                ..base.clone()
            },
            Unsupported::Tile,
        ),
        (
            ExportSpec {
                codec: Codec::Zstd(0),
                ..base.clone()
            },
            Unsupported::ZstdLevel(0),
        ),
        (
            ExportSpec {
                codec: Codec::Zstd(23),
                ..base.clone()
            },
            Unsupported::ZstdLevel(23),
        ),
        (
            ExportSpec {
                meta: twice,
                ..base.clone()
            },
            Unsupported::DuplicateColumn,
        ),
        (
            ExportSpec {
                meta: none,
                layout: Layout::Long,
                ..base.clone()
            },
            Unsupported::NoValues,
        ),
    ];
    for (spec, wanted) in cases {
        match Exporter::create(folder.path().join("out"), spec) {
            Err(ExportError::Unsupported(found)) => assert_eq!(found, wanted),
            other => panic!("{wanted:?}: {other:?}"),
        }
    }
    assert_eq!(entries(folder.path()), [""; 0]);
}

#[test]
fn a_batch_of_another_shape_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut exporter = Exporter::create(folder.path().join("out"), spec(3)).unwrap();
    assert!(matches!(
        exporter.write(batch(2, 4)),
        Err(ExportError::Shape {
            what: "value columns",
            ..
        })
    ));
    let mut short = batch(2, 3);
    short.values.pop();
    assert!(matches!(
        exporter.write(short),
        Err(ExportError::Shape { what: "values", .. })
    ));
    let mut bare = batch(2, 3);
    bare.features.clear();
    assert!(matches!(
        exporter.write(bare),
        Err(ExportError::Shape {
            what: "feature columns",
            ..
        })
    ));
    let mut wrong = batch(2, 3);
    wrong.features = vec![Arc::new(arrow_array::Float64Array::from(vec![1.0, 2.0]))];
    assert!(matches!(
        exporter.write(wrong),
        Err(ExportError::Unsupported(Unsupported::FeatureType))
    ));
    exporter.write(batch(2, 3)).unwrap();
    assert_eq!(exporter.finish().unwrap().rows, 2);
}
