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
fn rates_of_a_packed_file_are_of_its_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = odmkit_testkit::Matrix::gct(3_000, 9).text;
    let files = odmkit_testkit::pack::every("m.gct", text.as_bytes());
    // Plain, of several members, and read in order: the others are unpacked as one of these is.
    let kinds = ["m.gct", "members.m.gct.gz", "m.gct.zip"];
    for (name, packed) in files
        .into_iter()
        .filter(|(name, _)| kinds.contains(&name.as_str()))
    {
        let path = folder.path().join(&name);
        std::fs::write(&path, &packed).expect("written");
        let outcome = bench(&BenchRequest {
            file: Some(path),
            runs: 1,
            resources: Resources::new(std::num::NonZeroUsize::MIN.saturating_add(2), 1 << 28),
            ..request(Shape::Tpm)
        })
        .expect("it can be measured");
        assert_eq!(
            (outcome.bytes, outcome.text_bytes),
            (packed.len() as u64, text.len() as u64),
            "{name}"
        );
        let ceiling = if name == "m.gct" {
            "line-feed-scan"
        } else {
            "unpack"
        };
        let names: Vec<&str> = outcome.ceilings.iter().map(|stage| stage.name).collect();
        assert_eq!(names, ["memory-read", ceiling], "{name}");
        for stage in outcome.ceilings[1..].iter().chain(&outcome.stages) {
            let bytes = stage.megabytes_per_second * 1e6 * stage.median_seconds;
            #[expect(clippy::cast_precision_loss, reason = "a small text")]
            let text = text.len() as f64;
            assert!((bytes - text).abs() < 1.0, "{name}: {stage:?}");
        }
    }
}

#[test]
fn what_cannot_be_unpacked_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("m.gct.gz");
    let packed = odmkit_testkit::pack::gzip(odmkit_testkit::Matrix::gct(3_000, 9).text.as_bytes());
    std::fs::write(&path, &packed[..packed.len() / 2]).expect("written");
    let error = bench(&BenchRequest {
        file: Some(path),
        ..request(Shape::Tpm)
    })
    .expect_err("half of it is missing");
    assert!(matches!(error, super::BenchError::Unpack(_)), "{error:?}");
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
