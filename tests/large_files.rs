//! What needs files that are too large for the repository.

#[cfg(target_os = "linux")]
mod memory {
    use std::fs::File;
    use std::path::Path;
    use std::process::{Command, Output};

    use odmkit_testkit::{large, peak};

    /// What a run may use. The program itself takes half of it.
    const LIMIT: &str = "64MiB";
    const MEBIBYTE: u64 = 1 << 20;
    const LIMIT_BYTES: u64 = 64 * MEBIBYTE;

    /// How many times as much text is read.
    const TIMES: u64 = 10;

    /// Many short rows, and few long ones.
    const SAMPLES: [usize; 2] = [100, 20_000];

    fn create(directory: &Path, file: &str) -> File {
        File::create(directory.join(file)).expect("it is made")
    }

    fn write(directory: &Path, file: &str, bytes: u64, samples: usize) {
        large::gct(create(directory, file), bytes, samples).expect("it is written");
    }

    /// Runs the binary with a limit, and holds its memory to it.
    fn run(directory: &Path, limit: &str, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_odmkit"));
        command.current_dir(directory).env("TMPDIR", directory);
        command.args(["--memory-limit", limit]).args(args);
        let (output, highest) = peak::run(&mut command);
        let mebibytes: u64 = limit
            .strip_suffix("MiB")
            .and_then(|limit| limit.parse().ok())
            .expect("mebibytes");
        assert!(highest > MEBIBYTE, "the memory of {args:?} was measured");
        assert!(
            highest <= mebibytes * MEBIBYTE,
            "{args:?} took {highest} bytes of {limit}"
        );
        output
    }

    /// The same, for what must come out well.
    fn succeeds(directory: &Path, limit: &str, args: &[&str]) {
        let output = run(directory, limit, args);
        let (out, errors) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(output.status.success(), "{args:?}: {out}{errors}");
    }

    /// The same, for what cannot be done with so little memory: gives the limit that the message says is enough.
    fn refused(directory: &Path, args: &[&str]) -> String {
        let output = run(directory, LIMIT, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {output:?}");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("within --memory-limit 64MiB"), "{said}");
        let (_, least) = said
            .split_once("give it --memory-limit ")
            .unwrap_or_else(|| panic!("{said}"));
        least.split_whitespace().next().expect("a size").to_owned()
    }

    const CONVERT: [&str; 4] = ["convert", "--overwrite", "-o", "out.parquet"];

    #[test]
    fn it_stays_under_the_limit_for_plain_files() {
        let directory = tempfile::tempdir().expect("a directory");
        for samples in SAMPLES {
            write(directory.path(), "m.gct", LIMIT_BYTES * TIMES, samples);
            let bytes = directory
                .path()
                .join("m.gct")
                .metadata()
                .expect("it is there")
                .len();
            assert!(bytes >= LIMIT_BYTES * TIMES, "{bytes} bytes");
            succeeds(directory.path(), LIMIT, &["check", "m.gct"]);
            succeeds(directory.path(), LIMIT, &[&CONVERT[..], &["m.gct"]].concat());
        }
    }

    #[test]
    fn it_stays_under_the_limit_for_gzip() {
        let directory = tempfile::tempdir().expect("a directory");
        for samples in SAMPLES {
            let file = create(directory.path(), "m.gct.gz");
            let packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
            large::gct(packed, LIMIT_BYTES * TIMES, samples).expect("it is written");
            succeeds(directory.path(), LIMIT, &["check", "m.gct.gz"]);
        }
        succeeds(directory.path(), LIMIT, &[&CONVERT[..], &["m.gct.gz"]].concat());
    }

    #[test]
    fn it_stays_under_the_limit_for_zip() {
        let directory = tempfile::tempdir().expect("a directory");
        for samples in SAMPLES {
            let mut zip = zip::ZipWriter::new(create(directory.path(), "m.gct.zip"));
            let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
            zip.start_file("m.gct", options).expect("it has a member");
            large::gct(&mut zip, LIMIT_BYTES * TIMES, samples).expect("it is written");
            zip.finish().expect("it is finished");
            succeeds(directory.path(), LIMIT, &["check", "m.gct.zip"]);
        }
        succeeds(directory.path(), LIMIT, &[&CONVERT[..], &["m.gct.zip"]].concat());
    }

    #[test]
    fn it_stays_under_the_limit_in_every_layout() {
        let directory = tempfile::tempdir().expect("a directory");
        // Rows of one value have more text than numbers, and names of rows that go to a temporary file.
        for (samples, bytes) in [
            (1, LIMIT_BYTES / 4),
            (500, LIMIT_BYTES / 2),
            (20_000, LIMIT_BYTES / 2),
        ] {
            write(directory.path(), "m.gct", bytes, samples);
            for layout in ["wide", "long", "matrix"] {
                for output in ["out.parquet", "out.arrow", "out.tsv"] {
                    // Text has no lists. Of a million features the long layout of Arrow files holds every name, and for
                    // each of 20,000 columns the wide one writes a piece for each of hundreds of batches.
                    let left = [
                        ("matrix", "out.tsv", samples),
                        ("long", "out.arrow", 1),
                        ("wide", "out.arrow", 20_000),
                    ];
                    if left.contains(&(layout, output, samples)) {
                        continue;
                    }
                    let args = [
                        "convert",
                        "--overwrite",
                        "--layout",
                        layout,
                        "m.gct",
                        "-o",
                        output,
                    ];
                    succeeds(directory.path(), LIMIT, &args);
                }
            }
        }
    }

    #[test]
    fn it_stays_under_the_limit_where_values_are_missing() {
        let directory = tempfile::tempdir().expect("a directory");
        let some = |cell: usize| {
            if cell.is_multiple_of(2) {
                String::new()
            } else {
                "1".to_owned()
            }
        };
        for samples in [500, 20_000] {
            let file = create(directory.path(), "m.gct");
            large::gct_of(file, LIMIT_BYTES / 2, samples, some).expect("it is written");
            succeeds(directory.path(), LIMIT, &[&CONVERT[..], &["m.gct"]].concat());
        }
    }

    #[test]
    fn it_stays_under_the_limit_for_fix_and_inspect() {
        use std::io::Write as _;
        let directory = tempfile::tempdir().expect("a directory");
        // To be mended, and of several times the limit; and with more numbers than are held, which are read again.
        let fix = ["fix", "m.gct", "--write", "--no-backup"];
        let inspect = ["inspect", "m.gct", "--quiet"];
        // Rows of 8,000 values are read one at a time, and of each only some values are held.
        for (args, bytes, samples) in [
            (&fix[..], LIMIT_BYTES * 3, &SAMPLES[..]),
            (&inspect, LIMIT_BYTES / 2, &SAMPLES),
            (&inspect, LIMIT_BYTES * 3 / 2, &[8_000]),
        ] {
            for &samples in samples {
                let mut file = create(directory.path(), "m.gct");
                large::gct(&file, bytes, samples).expect("it is written");
                writeln!(file, "last\t{}", "\tNA".repeat(samples)).expect("it is written");
                drop(file);
                let output = run(directory.path(), LIMIT, args);
                assert!(
                    output.status.code().is_some_and(|code| code < 2),
                    "{args:?}: {output:?}"
                );
            }
        }
    }

    #[test]
    fn a_table_of_too_many_columns_is_told_which_limit_is_enough() {
        let directory = tempfile::tempdir().expect("a directory");
        write(directory.path(), "m.gct", LIMIT_BYTES, 100_000);
        for args in [&["check", "m.gct"][..], &[&CONVERT[..], &["m.gct"]].concat()] {
            let enough = refused(directory.path(), args);
            assert!(!directory.path().join("out.parquet").exists());
            succeeds(directory.path(), &enough, args);
        }
        // A header that is longer than may be held is read on to its end, to know what it takes.
        write(directory.path(), "m.gct", MEBIBYTE, 1_200_000);
        let enough = refused(directory.path(), &["check", "m.gct"]);
        succeeds(directory.path(), &enough, &["check", "m.gct"]);
    }

    #[test]
    fn a_table_that_is_read_back_in_too_many_columns_is_told_which_limit_is_enough() {
        let directory = tempfile::tempdir().expect("a directory");
        write(directory.path(), "m.gct", LIMIT_BYTES / 8, 3_000);
        let args = [&CONVERT[..], &["--verify", "--layout", "wide", "m.gct"]].concat();
        let enough = refused(directory.path(), &args);
        succeeds(directory.path(), &enough, &args);
    }

    #[test]
    fn records_of_too_many_keys_are_told_which_limit_is_enough() {
        let directory = tempfile::tempdir().expect("a directory");
        large::samples(create(directory.path(), "x.samples.tsv"), 400_000).expect("it is written");
        let check = ["check", "x.samples.tsv"];
        let enough = refused(directory.path(), &check);
        succeeds(directory.path(), &enough, &check);
        for output in ["out.parquet", "out.arrow"] {
            let convert = ["convert", "--overwrite", "x.samples.tsv", "-o", output];
            succeeds(directory.path(), &enough, &convert);
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_told_which_limit_is_enough() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("m.gct");
        let text = format!(
            "#1.2\n2\t1\nName\tDescription\tS1\na\t{}\t1\nb\tx\t2\n",
            "x".repeat(20_000_000)
        );
        std::fs::write(path, text).expect("it is written");
        let output = run(directory.path(), LIMIT, &["check", "m.gct"]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let said = String::from_utf8_lossy(&output.stdout);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let (_, enough) = said
            .split_once("raise --memory-limit to ")
            .unwrap_or_else(|| panic!("{said}"));
        let enough = enough.split_whitespace().next().expect("a size");
        succeeds(directory.path(), enough, &["check", "m.gct"]);
    }
}
