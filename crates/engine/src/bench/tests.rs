use super::{BenchRequest, Shape, bench};
use crate::Resources;
use crate::check::CheckOptions;

fn request(shape: Shape) -> BenchRequest {
    BenchRequest {
        file: None,
        shape,
        rows: Some(50),
        samples: Some(7),
        runs: 3,
        options: CheckOptions::default(),
        resources: Resources::new(std::num::NonZeroUsize::MIN, 1 << 28),
    }
}

#[test]
fn every_shape_is_generated_checked_and_converted() {
    for shape in Shape::ALL {
        let outcome = bench(&request(shape)).expect("it can be measured");
        assert_eq!((outcome.rows, outcome.columns), (50, 7), "{shape:?}");
        let names: Vec<&str> = outcome
            .ceilings
            .iter()
            .chain(&outcome.stages)
            .map(|stage| stage.name)
            .collect();
        assert_eq!(
            names,
            ["memory-read", "line-feed-scan", "check", "parse", "convert"]
        );
        for stage in &outcome.stages {
            assert!(
                stage.fastest_seconds > 0.0 && stage.fastest_seconds <= stage.median_seconds,
                "{stage:?}"
            );
            assert!(stage.median_seconds <= stage.slowest_seconds, "{stage:?}");
        }
        assert!(outcome.stages[2].output_bytes.is_some_and(|bytes| bytes > 0));
    }
}

#[test]
fn a_file_of_the_users_is_measured() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("m.gct");
    std::fs::write(&path, "#1.2\n1\t1\nName\tDescription\tS\nA\tna\t1\n").expect("written");
    let outcome = bench(&BenchRequest {
        file: Some(path),
        ..request(Shape::Tpm)
    })
    .expect("it can be measured");
    assert_eq!((outcome.file.as_str(), outcome.rows), ("m.gct", 1));
}

#[test]
fn what_is_no_matrix_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("m.gct");
    std::fs::write(&path, "hello\n").expect("written");
    assert!(
        bench(&BenchRequest {
            file: Some(path.clone()),
            ..request(Shape::Tpm)
        })
        .is_err()
    );
    std::fs::remove_file(&path).expect("removed");
    assert!(
        bench(&BenchRequest {
            file: Some(path),
            ..request(Shape::Tpm)
        })
        .is_err()
    );
}
