//! Files that unpack to far more than they are.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::Command;

use odmkit_testkit::{pack, peak};

/// More than the program lets a file unpack to at such a ratio.
const TEXT: u64 = 1100 << 20;
const LIMIT: u64 = 64 << 20;

/// A header, and one byte over and over.
fn text(byte: u8) -> impl Read {
    let head: &[u8] = b"#1.2\n1\t1\nName\tDescription\tS\nA\tna\t1\n";
    head.chain(io::repeat(byte).take(TEXT))
}

fn write(directory: &Path, file: &str, byte: u8) {
    let mut out = io::BufWriter::new(std::fs::File::create(directory.join(file)).expect("it is made"));
    let ending = Path::new(file).extension().and_then(|ending| ending.to_str());
    match ending {
        Some("gz") => {
            // The same members over and over: to pack them once is quick.
            let pack = |text: &[u8]| {
                if file.contains(".bgzf.") {
                    pack::bgzf(text, 60_000)
                } else {
                    pack::gzip(text)
                }
            };
            let mut head = Vec::new();
            text(byte)
                .take(1 << 10)
                .read_to_end(&mut head)
                .expect("it is read");
            out.write_all(&pack(&head)).expect("it is written");
            let member = pack(&vec![byte; 1 << 20]);
            for _ in 0..TEXT >> 20 {
                out.write_all(&member).expect("it is written");
            }
        }
        Some("zip") => {
            let mut archive = zip::ZipWriter::new(out);
            let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
            archive.start_file("m.gct", options).expect("it has a member");
            io::copy(&mut text(byte), &mut archive).expect("it is written");
            out = archive.finish().expect("it is finished");
        }
        Some("br") => out.write_all(&pack::brotli(text(byte))).expect("it is written"),
        Some("lz4") => out.write_all(&pack::lz4(text(byte))).expect("it is written"),
        _ => zstd::stream::copy_encode(text(byte), &mut out, 1).expect("it is written"),
    }
    out.flush().expect("it is written");
}

#[test]
fn a_file_that_unpacks_to_far_more_is_told_of_with_little_memory() {
    let directory = tempfile::tempdir().expect("a directory");
    for (file, byte) in [
        ("m.gct.gz", b'a'),
        ("lines.gct.gz", b'\n'),
        ("lines.bgzf.gct.gz", b'\n'),
        ("m.gct.zip", b'\t'),
        ("m.gct.zst", b'a'),
        ("lines.gct.zst", b'\n'),
        ("m.gct.br", b'a'),
        ("lines.gct.br", b'\n'),
        // It never packs more than 255 times, which a real file may as well.
        ("m.gct.lz4", b'a'),
    ] {
        write(directory.path(), file, byte);
        let packed = directory.path().join(file).metadata().expect("it is there").len();
        assert!(packed < TEXT / 100, "{file}: {packed} bytes");
        for args in [
            &["check", file][..],
            &["inspect", file],
            &["fix", file],
            &["convert", file, "-o", "out.parquet"],
        ] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_odmkit"));
            command
                .current_dir(directory.path())
                .env("TMPDIR", directory.path());
            command.args(["--memory-limit", "64MiB", "-j", "2"]).args(args);
            let (output, highest) = peak::run(&mut command);
            assert!(highest <= LIMIT, "{args:?} took {highest} bytes");
            let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            let code = output.status.code();
            assert!(code.is_some_and(|code| code <= 2), "{args:?}: {code:?}: {said}");
            let told: &[&str] = match (byte, args[0]) {
                // A second error is that ODM does not unpack Zstandard.
                (_, "fix") => &[
                    "1 error left",
                    "2 errors left",
                    "1 error and 1,073,741,789 warnings left",
                    "2 errors and 1,073,741,789 warnings left",
                ],
                (b'\n', _) => &["unpacks to more than 500 times its size"],
                _ => &["a line is longer than"],
            };
            assert!(told.iter().any(|told| said.contains(told)), "{args:?}: {said}");
            assert!(!directory.path().join("out.parquet").exists(), "{args:?}");
        }
    }
}
