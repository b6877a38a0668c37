//! Content that is certainly no file for ODM.

use std::fmt;

use odmkit_formats::lines::{Lines, fields};

/// Another format, recognised by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "each is named by what it is; `Display` says it in words"
)]
pub enum Foreign {
    GitLfsPointer,
    Html,
    Xml,
    Json,
    Template,
    Dictionary,
    Spreadsheet,
    OfficeDocument,
    OldSpreadsheet,
    Zip,
    Gzip,
    Bzip2,
    Xz,
    Zstd,
    Lz4,
    SevenZip,
    Rar,
    Tar,
    Hdf5,
    Parquet,
    Arrow,
    RData,
    Bam,
    Bcf,
    Fcs,
    Numpy,
    Sqlite,
    Pdf,
    Rtf,
    Image,
    MatrixMarket,
    Utf16LittleEndian,
    Utf16BigEndian,
    CommaSeparated,
    SemicolonSeparated,
    Binary,
}

impl Foreign {
    /// What the bytes certainly are, where they are certainly not text for ODM.
    ///
    /// It may be asked of compressed bytes too, and of the first bytes of an archive.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        by_signature(bytes)
            .or_else(|| by_markup(bytes))
            .or_else(|| by_characters(bytes))
            .or_else(|| dictionary(bytes))
            .or_else(|| by_commas(bytes))
    }

    /// Whether it is text in another encoding, which is mended by writing the file as UTF-8.
    pub const fn is_encoding(self) -> bool {
        matches!(self, Self::Utf16LittleEndian | Self::Utf16BigEndian)
    }

    /// Whether it is a packed file: what is inside may well be for ODM.
    pub const fn is_packing(self) -> bool {
        matches!(
            self,
            Self::Zip
                | Self::Gzip
                | Self::Bzip2
                | Self::Xz
                | Self::Zstd
                | Self::Lz4
                | Self::SevenZip
                | Self::Rar
                | Self::Tar
        )
    }

    /// What to do to get a file that ODM takes.
    pub const fn help(self) -> &'static str {
        match self {
            Self::GitLfsPointer => "fetch the real file with `git lfs pull`",
            Self::Html => {
                "this is a web page, often a login or error page saved by a download: download the file again"
            }
            Self::Xml => {
                "often an error message of a storage service saved by a download: download the file again"
            }
            Self::Json => "write it as tab-separated text",
            Self::Template => {
                "judge it with `odmkit template check`, or give it with --template to judge other files by it"
            }
            Self::Dictionary => "give it with --dictionary NAME=FILE to judge other files by it",
            Self::Spreadsheet | Self::OldSpreadsheet => {
                "open it in the spreadsheet program and save the sheet as `Text (tab delimited)` in UTF-8"
            }
            Self::OfficeDocument | Self::Pdf | Self::Rtf => {
                "attach documents to the study in ODM; tables are tab-separated text"
            }
            Self::Zip => "ODM takes a zip archive with one file in it; take the outer archive off",
            Self::Gzip => "name a gzip file `….gz`, and pack it once only",
            Self::Zstd | Self::Lz4 => "name the file after its packing, and pack it once only",
            Self::Bzip2 | Self::Xz | Self::SevenZip | Self::Rar => "unpack it; ODM takes gzip and zip",
            Self::Tar => "unpack it, and pack each file by itself, with gzip alone",
            Self::Hdf5 => {
                "GCTX, H5AD, loom and other HDF5 files are not text: write the matrix as GCT 1.2 or a TSV data frame"
            }
            Self::Parquet | Self::Arrow | Self::RData | Self::Numpy | Self::Sqlite => {
                "write the table as tab-separated text or GCT 1.2"
            }
            Self::Bam => "alignments are not imported; import the counts made from them",
            Self::Bcf => "write it as text with `bcftools view -O v`",
            Self::Fcs => "raw cytometry events are not taken here: import a table of gated counts (`.facs`)",
            Self::Image => "attach images to the study in ODM",
            Self::MatrixMarket => "write the matrix as a TSV data frame with one column per cell or sample",
            Self::Utf16LittleEndian | Self::Utf16BigEndian => "save it as UTF-8, without a byte order mark",
            Self::CommaSeparated => "save it with tabs between the fields instead of commas",
            Self::SemicolonSeparated => "save it with tabs between the fields instead of semicolons",
            Self::Binary => "ODM takes text: check that this is the file that was meant",
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::GitLfsPointer => "a Git LFS pointer to the file",
            Self::Html => "an HTML page",
            Self::Xml => "an XML document",
            Self::Json => "JSON",
            Self::Template => "an ODM template",
            Self::Dictionary => "a dictionary (CSV)",
            Self::Spreadsheet => "an Excel workbook (XLSX)",
            Self::OfficeDocument => "an office document in a zip archive",
            Self::OldSpreadsheet => "an old Microsoft Office file (XLS or DOC)",
            Self::Zip => "a zip archive",
            Self::Gzip => "gzip data",
            Self::Bzip2 => "bzip2 data",
            Self::Xz => "xz data",
            Self::Zstd => "Zstandard data",
            Self::Lz4 => "LZ4 data",
            Self::SevenZip => "a 7z archive",
            Self::Rar => "a RAR archive",
            Self::Tar => "a tar archive",
            Self::Hdf5 => "an HDF5 file (GCTX, H5AD or loom)",
            Self::Parquet => "a Parquet file",
            Self::Arrow => "an Arrow file",
            Self::RData => "R data (RDS or RData)",
            Self::Bam => "a BAM file",
            Self::Bcf => "a binary variant file (BCF)",
            Self::Fcs => "raw flow cytometry (FCS)",
            Self::Numpy => "a NumPy array",
            Self::Sqlite => "an SQLite database",
            Self::Pdf => "a PDF document",
            Self::Rtf => "an RTF document",
            Self::Image => "an image",
            Self::MatrixMarket => "a Matrix Market file (MTX)",
            Self::Utf16LittleEndian => "UTF-16 text (little endian)",
            Self::Utf16BigEndian => "UTF-16 text (big endian)",
            Self::CommaSeparated => "comma-separated text (CSV)",
            Self::SemicolonSeparated => "semicolon-separated text (CSV)",
            Self::Binary => "binary data",
        })
    }
}

const SIGNATURES: [(&[u8], Foreign); 29] = [
    (
        b"version https://git-lfs.github.com/spec/",
        Foreign::GitLfsPointer,
    ),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Foreign::OldSpreadsheet),
    (b"PK\x05\x06", Foreign::Zip),
    (b"\x1F\x8B", Foreign::Gzip),
    (b"BZh", Foreign::Bzip2),
    (b"\xFD7zXZ\0", Foreign::Xz),
    (b"\x28\xB5\x2F\xFD", Foreign::Zstd),
    (b"\x04\x22\x4D\x18", Foreign::Lz4),
    (b"7z\xBC\xAF\x27\x1C", Foreign::SevenZip),
    (b"Rar!\x1A\x07", Foreign::Rar),
    (b"\x89HDF\r\n\x1A\n", Foreign::Hdf5),
    (b"PAR1", Foreign::Parquet),
    (b"ARROW1", Foreign::Arrow),
    (b"RDX2\n", Foreign::RData),
    (b"RDX3\n", Foreign::RData),
    (b"X\n\0\0\0", Foreign::RData),
    (b"BAM\x01", Foreign::Bam),
    (b"BCF\x02", Foreign::Bcf),
    (b"FCS2.0", Foreign::Fcs),
    (b"FCS3.", Foreign::Fcs),
    (b"\x93NUMPY", Foreign::Numpy),
    (b"SQLite format 3\0", Foreign::Sqlite),
    (b"%PDF-", Foreign::Pdf),
    (b"{\\rtf", Foreign::Rtf),
    (b"\x89PNG\r\n", Foreign::Image),
    (b"\xFF\xD8\xFF", Foreign::Image),
    (b"GIF8", Foreign::Image),
    (b"II*\0", Foreign::Image),
    (b"%%MatrixMarket", Foreign::MatrixMarket),
];

fn by_signature(bytes: &[u8]) -> Option<Foreign> {
    if bytes.starts_with(b"PK\x03\x04") {
        let names = &bytes[..bytes.len().min(4096)];
        return Some(if contains(names, b"xl/") {
            Foreign::Spreadsheet
        } else if contains(names, b"[Content_Types].xml") || contains(names, b"mimetypeapplication/vnd.oasis")
        {
            Foreign::OfficeDocument
        } else {
            Foreign::Zip
        });
    }
    // Its magic word stands behind the name of the first file in it.
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(Foreign::Tar);
    }
    let found = SIGNATURES
        .iter()
        .find(|(signature, _)| bytes.starts_with(signature))
        .map(|&(_, foreign)| foreign);
    match found {
        // These are letters that a text may begin with as well.
        Some(Foreign::Bzip2) if !bytes.get(3).is_some_and(u8::is_ascii_digit) => None,
        Some(Foreign::Parquet | Foreign::Arrow) if !bytes.contains(&0) => None,
        Some(foreign) => Some(foreign),
        None if bytes.starts_with(b"\xFF\xFE") => Some(Foreign::Utf16LittleEndian),
        None if bytes.starts_with(b"\xFE\xFF") => Some(Foreign::Utf16BigEndian),
        None => None,
    }
}

fn by_markup(bytes: &[u8]) -> Option<Foreign> {
    let text = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(bytes)
        .trim_ascii_start();
    let first_line = Lines::new(text).next()?.text;
    match text.first()? {
        b'<' => {
            let start = text[..text.len().min(512)].to_ascii_lowercase();
            if [b"<!doctype html".as_slice(), b"<html", b"<head", b"<body"]
                .iter()
                .any(|tag| start.starts_with(tag))
                || (start.starts_with(b"<") && contains(&start, b"<html"))
            {
                Some(Foreign::Html)
            } else {
                let tag = text.get(1)?;
                let is_tag = tag.is_ascii_alphabetic() || matches!(tag, b'?' | b'!');
                (is_tag && contains(text, b">") && !first_line.contains(&b'\t')).then_some(Foreign::Xml)
            }
        }
        b'{' => {
            let next = text[1..].trim_ascii_start().first()?;
            matches!(next, b'"' | b'}').then_some(Foreign::Json)
        }
        b'[' if !first_line.contains(&b'\t') => {
            let next = text[1..].trim_ascii_start().first()?;
            let json = matches!(next, b'{' | b'[' | b'"' | b']');
            // Each attribute of a template has this key, and nothing else that is near ODM.
            let is = if contains(text, b"\"metainfoType\"") {
                Foreign::Template
            } else {
                Foreign::Json
            };
            json.then_some(is)
        }
        _ => None,
    }
}

fn by_characters(bytes: &[u8]) -> Option<Foreign> {
    // UTF-16 without a mark: in text of mostly Latin letters every second byte is zero.
    let zeros = |first: usize| {
        bytes
            .iter()
            .skip(first)
            .step_by(2)
            .filter(|&&byte| byte == 0)
            .count()
    };
    let (even, odd, half) = (zeros(0), zeros(1), bytes.len() / 2);
    if half >= 8 && odd * 10 >= half * 8 && even * 10 <= half {
        return Some(Foreign::Utf16LittleEndian);
    }
    if half >= 8 && even * 10 >= half * 8 && odd * 10 <= half {
        return Some(Foreign::Utf16BigEndian);
    }
    let odd_ones = bytes
        .iter()
        .filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127))
        .count();
    if is_text_but_for_nuls(bytes) {
        return None;
    }
    // A stray control character is a fault in a text; one in twenty is no text.
    (odd_ones >= 2 && odd_ones * 20 > bytes.len()).then_some(Foreign::Binary)
}

/// Whether a run or two of NULs stand in what is text otherwise, and at its beginning: that is what a copy leaves that broke
/// off.
fn is_text_but_for_nuls(bytes: &[u8]) -> bool {
    let runs = bytes.chunk_by(|one, other| (*one == 0) == (*other == 0));
    let (nuls, texts): (Vec<&[u8]>, Vec<&[u8]>) = runs.partition(|run| run[0] == 0);
    let is_text = |run: &&[u8]| {
        let control = run
            .iter()
            .any(|byte| matches!(byte, 1..=8 | 14..=26 | 28..=31 | 127));
        !control && std::str::from_utf8(run).map_or_else(|error| error.error_len().is_none(), |_| true)
    };
    (1..=2).contains(&nuls.len()) && bytes[0] != 0 && texts.iter().all(is_text) && bytes.contains(&b'\n')
}

/// A first line that names the columns of a dictionary, and no tab anywhere.
fn dictionary(bytes: &[u8]) -> Option<Foreign> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let header = Lines::new(text).next()?.text;
    let names: Vec<String> = header
        .split(|&byte| byte == b',')
        .map(|name| String::from_utf8_lossy(name.trim_ascii()).to_lowercase())
        .collect();
    let first = names.first()?;
    let known = |name: &str| {
        matches!(
            name,
            "label" | "name" | "synonyms" | "parent" | "to_parent" | "from_parent"
        )
    };
    let labelled = first == "label" || (first == "name" && names.iter().any(|name| name == "label"));
    (labelled && !bytes.contains(&b'\t') && names.iter().all(|name| known(name)))
        .then_some(Foreign::Dictionary)
}

/// Lines with the same number of commas (or semicolons) each and no tab anywhere.
fn by_commas(bytes: &[u8]) -> Option<Foreign> {
    if bytes.contains(&b'\t') || bytes.starts_with(b"#") {
        return None;
    }
    let lines: Vec<&[u8]> = Lines::new(bytes)
        .filter(|line| !line.is_blank())
        .map(|line| line.text)
        .take(20)
        .collect();
    // The last line may be cut off where the head ends.
    let judged = if lines.len() > 2 {
        &lines[..lines.len() - 1]
    } else {
        &lines[..]
    };
    if judged.len() < 2 || judged.iter().any(|line| fields(line).count() > 1) {
        return None;
    }
    [
        (b',', Foreign::CommaSeparated),
        (b';', Foreign::SemicolonSeparated),
    ]
    .into_iter()
    .find_map(|(separator, foreign)| {
        let count = |line: &[u8]| unquoted(line, separator);
        let wanted = count(judged[0]);
        (wanted > 0 && judged.iter().all(|line| count(line) == wanted)).then_some(foreign)
    })
}

/// How many separators stand outside double quotes.
fn unquoted(line: &[u8], separator: u8) -> usize {
    let mut quoted = false;
    line.iter()
        .filter(|&&byte| {
            quoted ^= byte == b'"';
            byte == separator && !quoted
        })
        .count()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
