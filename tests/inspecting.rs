//! What `inspect` says of a file, however it is packed and whatever is in it.

use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::support::odmkit;

fn inspection(directory: &Path, file: &str) -> Value {
    let output = odmkit(directory, &["inspect", file, "--format", "json"]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{file}: {errors}");
    serde_json::from_slice(&output.stdout).expect("one object")
}

#[test]
fn packing_does_not_change_what_is_in_a_matrix() {
    let directory = tempfile::tempdir().expect("a directory");
    let matrix = odmkit_testkit::Matrix::gct(3_000, 7);
    let path = |name: &str| directory.path().join(name);
    std::fs::write(path("m.gct"), &matrix.text).expect("it is written");
    let file = std::fs::File::create(path("m.gct.gz")).expect("it is made");
    let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packed.write_all(matrix.text.as_bytes()).expect("it is written");
    packed.finish().expect("it is finished");
    let file = std::fs::File::create(path("m.gct.zip")).expect("it is made");
    let mut packed = zip::ZipWriter::new(file);
    packed
        .start_file("m.gct", zip::write::SimpleFileOptions::default())
        .expect("it has a member");
    packed.write_all(matrix.text.as_bytes()).expect("it is written");
    packed.finish().expect("it is finished");

    let plain = inspection(directory.path(), "m.gct");
    assert_eq!(plain["value_columns"].as_array().map(Vec::len), Some(7));
    assert_eq!(plain["file"]["features"], 3_000);
    for file in ["m.gct.gz", "m.gct.zip"] {
        let packed = inspection(directory.path(), file);
        assert_eq!(packed["value_columns"], plain["value_columns"], "{file}");
        assert_eq!(packed["samples"], plain["samples"], "{file}");
    }
}

#[test]
fn matrices_of_nothing_are_summed_up() {
    let directory = tempfile::tempdir().expect("a directory");
    let look = |rows: &str| {
        let text = format!("#1.2\n1\t2\nName\tDescription\tA\tB\n{rows}");
        std::fs::write(directory.path().join("m.gct"), text).expect("it is written");
        inspection(directory.path(), "m.gct")["value_columns"].clone()
    };
    let figures = |column: &Value| {
        ["missing", "infinite", "zeros", "min", "median", "max"].map(|figure| column[figure].to_string())
    };
    let nothing = ["0", "0", "0", "null", "null", "null"];
    let none = look("");
    assert_eq!(
        (figures(&none[0]), figures(&none[1])),
        (nothing.map(str::to_owned), nothing.map(str::to_owned))
    );
    let one = look("g\tna\t0\t-2.5\n");
    assert_eq!(figures(&one[0]), ["0", "0", "1", "0.0", "0.0", "0.0"]);
    assert_eq!(figures(&one[1]), ["0", "0", "0", "-2.5", "-2.5", "-2.5"]);
    let missing = look("g\tna\t\tNaN\nh\tna\tNA\t-Inf\n");
    assert_eq!(figures(&missing[0]), ["2", "0", "0", "null", "null", "null"]);
    assert_eq!(figures(&missing[1]), ["2", "1", "0", "null", "null", "null"]);
}
