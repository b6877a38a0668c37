//! What needs files that are too large for the repository.

#[cfg(target_os = "linux")]
use std::io::{BufWriter, Write as _};

/// What a run may use. The program itself takes most of it.
#[cfg(target_os = "linux")]
const LIMIT: &str = "64MiB";

/// The same in bytes, and how many times as much text is read.
#[cfg(target_os = "linux")]
const LIMIT_BYTES: u64 = 64 << 20;
#[cfg(target_os = "linux")]
const TIMES: u64 = 3;

/// A GCT file of several times the limit, in rows of so many values. Numbers differ from row to row.
#[cfg(target_os = "linux")]
fn write_matrix(out: impl std::io::Write, samples: usize) -> u64 {
    write_matrix_of(LIMIT_BYTES * TIMES, out, samples)
}

/// One of about so many bytes.
#[cfg(target_os = "linux")]
fn write_matrix_of(bytes: u64, out: impl std::io::Write, samples: usize) -> u64 {
    let mut out = BufWriter::with_capacity(1 << 20, out);
    let cells = text(0..samples + 4_099, |cell| {
        format!("	{}.{:03}", cell % 97, cell * 7919 % 1000)
    });
    let starts: Vec<usize> = cells.match_indices('\t').map(|(at, _)| at).collect();
    let rows = usize::try_from(bytes).expect("it fits") / (starts[samples] + 12) + 1;
    let names = text(0..samples, |sample| format!("	S{sample}"));
    let mut lines = format!("#1.2\n{rows}\t{samples}\nName\tDescription{names}\n");
    let mut bytes = 0;
    for row in 0..=rows {
        out.write_all(lines.as_bytes()).expect("it is written");
        bytes += lines.len() as u64;
        let first = row % 4_099;
        lines = format!("G{row}\tna{}\n", &cells[starts[first]..starts[first + samples]]);
    }
    out.flush().expect("it is written");
    bytes
}

/// The texts of some numbers, one after another.
#[cfg(target_os = "linux")]
fn text(numbers: std::ops::Range<usize>, each: impl Fn(usize) -> String) -> String {
    numbers.fold(String::new(), |mut all, number| {
        all.push_str(&each(number));
        all
    })
}

/// Runs the binary, and gives what came of it and the most memory that it had, in bytes. The system keeps the
/// highest figure, so looking now and then misses at most what is asked for in the last few milliseconds.
#[cfg(target_os = "linux")]
fn peak(directory: &std::path::Path, args: &[&str]) -> (std::process::Output, u64) {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_odmkit"))
        .args(args)
        .current_dir(directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let status = format!("/proc/{}/status", child.id());
    let mut highest = 0;
    while child.try_wait().expect("it can be waited for").is_none() {
        let kibibytes = std::fs::read_to_string(&status).ok().and_then(|text| {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
            line.split_whitespace().next()?.parse::<u64>().ok()
        });
        highest = highest.max(kibibytes.unwrap_or(0) * 1024);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    (child.wait_with_output().expect("it has ended"), highest)
}

/// Converts `file`, its check included, and holds the memory to the limit.
#[cfg(target_os = "linux")]
fn assert_bounded(directory: &std::path::Path, file: &str) {
    let args = [
        "convert",
        "--overwrite",
        "--memory-limit",
        LIMIT,
        file,
        "-o",
        "out.parquet",
    ];
    let (output, highest) = peak(directory, &args);
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(highest > 1 << 20, "the memory of {args:?} was measured");
    assert!(
        highest <= LIMIT_BYTES,
        "{args:?} took {highest} bytes of {LIMIT_BYTES}"
    );
}

/// Many short rows, and few long ones.
#[cfg(target_os = "linux")]
const SAMPLES: [usize; 2] = [100, 20_000];

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_under_the_limit_for_plain_files() {
    let directory = tempfile::tempdir().expect("a directory");
    for samples in SAMPLES {
        let file = std::fs::File::create(directory.path().join("m.gct")).expect("it is made");
        let bytes = write_matrix(file, samples);
        assert!(bytes >= LIMIT_BYTES * TIMES, "{bytes} bytes");
        assert_bounded(directory.path(), "m.gct");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_under_the_limit_for_gzip() {
    let directory = tempfile::tempdir().expect("a directory");
    for samples in SAMPLES {
        let file = std::fs::File::create(directory.path().join("m.gct.gz")).expect("it is made");
        write_matrix(
            flate2::write::GzEncoder::new(file, flate2::Compression::fast()),
            samples,
        );
        assert_bounded(directory.path(), "m.gct.gz");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_under_the_limit_for_zip() {
    let directory = tempfile::tempdir().expect("a directory");
    for samples in SAMPLES {
        let file = std::fs::File::create(directory.path().join("m.gct.zip")).expect("it is made");
        let mut zip = zip::ZipWriter::new(file);
        let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
        zip.start_file("m.gct", options).expect("it has a member");
        write_matrix(&mut zip, samples);
        zip.finish().expect("it is finished");
        assert_bounded(directory.path(), "m.gct.zip");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_under_the_limit_for_fix_and_inspect() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("m.gct");
    // To be mended, and of several times the limit; and with more numbers than are held, which are read again.
    let fix = ["fix", "m.gct", "--write", "--no-backup", "--memory-limit", LIMIT];
    let inspect = ["inspect", "m.gct", "--quiet", "--memory-limit", LIMIT];
    for (args, bytes) in [(&fix[..], LIMIT_BYTES * TIMES), (&inspect, LIMIT_BYTES / 2)] {
        for samples in SAMPLES {
            let mut file = std::fs::File::create(&path).expect("it is made");
            write_matrix_of(bytes, &file, samples);
            writeln!(file, "last\t{}", "\tNA".repeat(samples)).expect("it is written");
            drop(file);
            let (output, highest) = peak(directory.path(), args);
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(
                output.status.code().is_some_and(|code| code < 2),
                "{args:?}: {errors}"
            );
            assert!(highest > 1 << 20, "the memory of {args:?} was measured");
            assert!(
                highest <= LIMIT_BYTES,
                "{args:?} took {highest} bytes of {LIMIT_BYTES}"
            );
        }
    }
}
