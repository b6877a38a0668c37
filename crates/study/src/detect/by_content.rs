//! What the content of a file says.

use odmkit_core::{DataFormat, FileKind};

use super::{Detection, Table, Unclear, table::relaxed};
use crate::frame;
use crate::names::{ends_with, kind_by_word};

/// Attributes of a study; any of them in a table with one record makes it a study.
const STUDY: [&str; 8] = [
    "Study Source",
    "Study Source ID",
    "Study Title",
    "Study Description",
    "Study Type",
    "Study Design",
    "Therapeutic Area",
    "Contributor Email",
];

/// Attributes of the description of a data file.
const DATA_METADATA: [&str; 9] = [
    "Experimental Platform",
    "Data Processing Method",
    "Normalization Method",
    "Genome Version",
    "Pipeline ID",
    "Scale",
    "Data Species",
    "Data Class",
    "Raw Data Files",
];

const FACS: [&str; 5] = ["Sample", "CellPopulation", "ReadoutType", "Color/Marker", "Value"];

/// Columns of cells tables that come with `barcode`.
const CELLS: [&str; 7] = [
    "batch",
    "cellType",
    "cluster",
    "nCounts",
    "percentMito",
    "umap",
    "tsne",
];

/// What the first column of a matrix is called, as a part of the name.
pub(crate) const FEATURES: [&str; 26] = [
    "gene",
    "protein",
    "transcript",
    "peptide",
    "probe",
    "feature",
    "metabolite",
    "lipid",
    "compound",
    "analyte",
    "cpg",
    "taxon",
    "taxa",
    "otu",
    "asv",
    "pathway",
    "symbol",
    "ensembl",
    "uniprot",
    "mirna",
    "chrom",
    "region",
    "peak",
    "locus",
    "snp",
    "rsid",
];

/// More columns than any table of metadata has.
const WIDE: usize = 1000;

/// What the content says for certain.
pub(super) fn certain(name: &str, table: &Table) -> Option<Detection> {
    gct(name, table)
        .or_else(|| vcf(table))
        .or_else(|| facs(table))
        .or_else(|| mapping(table))
        .or_else(|| keyed(name, table))
        .or_else(|| study(name, table))
}

/// A data frame: a header, and numbers in most columns up to the last.
pub(super) fn frame(table: &Table) -> Option<Detection> {
    if starts_with_comment(table) && !is_prose(table) {
        return None;
    }
    let tsv = |because: String| Detection::known(FileKind::Expression, DataFormat::Tsv, because);
    let columns = table.header.len();
    if columns > WIDE {
        let more = if table.header_cut { " or more" } else { "" };
        return Some(tsv(format!(
            "it has {columns} columns{more}, as only a matrix has"
        )));
    }
    // Quotes around nothing are no name.
    if table.rows.is_empty() || table.header.is_empty() {
        return None;
    }
    if frame::has_no_header(table) {
        return None;
    }
    // With few values beside the features, or text behind them, the first column must say that features it is.
    let first = table.header[0].to_lowercase();
    let is_feature = FEATURES.iter().any(|word| first.contains(word));
    let numeric = frame::trailing_numeric(table);
    if numeric == 0 {
        let anywhere = frame::numeric_columns(table);
        return (is_feature && anywhere >= 2 && anywhere * 2 >= columns).then(|| {
            tsv(format!(
                "it begins with `{}`, and {anywhere} of its {columns} columns hold numbers",
                table.header[0]
            ))
        });
    }
    if numeric >= 2 && numeric * 2 >= columns {
        return Some(tsv(format!(
            "{numeric} of its {columns} columns, up to the last one, hold numbers"
        )));
    }
    (is_feature && columns > numeric && table.rows.len() > 1).then(|| {
        tsv(format!(
            "it begins with `{}`, and its last column holds numbers",
            table.header[0]
        ))
    })
}

/// A data frame under a title, or under a comment of the program that wrote it.
pub(super) fn frame_below_title(table: &Table) -> Option<Detection> {
    let below = table.below_title().filter(|_| !is_prose(table))?;
    let found = frame(&below)?;
    let because = format!("below its title, {}", found.because);
    Some(Detection { because, ..found })
}

/// What the content makes likely, where neither certain signs nor names say anything.
pub(super) fn likely(table: &Table) -> Option<Detection> {
    let known = DATA_METADATA
        .iter()
        .filter(|name| table.has(name))
        .collect::<Vec<_>>();
    let [first, second, ..] = known[..] else {
        return None;
    };
    table.is_one_record().then(|| {
        Detection::known(
            FileKind::ExpressionMetadata,
            DataFormat::Tsv,
            format!("it has one record with `{first}` and `{second}`"),
        )
    })
}

/// Why nothing can be told.
pub(super) fn unclear(table: &Table) -> Unclear {
    if starts_with_comment(table) && !is_prose(table) {
        Unclear::Comments
    } else if frame::has_no_header(table) {
        Unclear::NoHeader
    } else if table.header.len() < 2 && is_prose(table) {
        Unclear::NoTable
    } else if has_title(table) {
        Unclear::Title
    } else {
        Unclear::SomeTable
    }
}

/// Whether a single field stands above lines that have several.
fn has_title(table: &Table) -> bool {
    let wide = table.rows.iter().filter(|row| row.len() > 2).count();
    table.header.len() == 1 && table.rows.len() > 1 && wide * 2 > table.rows.len()
}

/// Whether many lines have no tab: a table here and there in a text is none.
fn is_prose(table: &Table) -> bool {
    let prose = table.rows.iter().filter(|row| row.len() < 2).count();
    prose * 4 >= table.rows.len()
}

fn gct(name: &str, table: &Table) -> Option<Detection> {
    let is = |format, because: String| Some(Detection::known(FileKind::Expression, format, because));
    let first = table
        .header
        .first()
        .map_or("", |field| field.trim_matches('"').trim_end_matches(','));
    match first {
        "#1.2" => return is(DataFormat::Gct12, "the first line says `#1.2`".to_owned()),
        "#1.3" => return is(DataFormat::Gct13, "the first line says `#1.3`".to_owned()),
        _ => {}
    }
    if let Some(version) = first.strip_prefix('#').filter(|rest| is_version(rest))
        && table.rows.first().is_some_and(|row| is_dimensions(row))
    {
        return is(
            DataFormat::Gct12,
            format!("the first line says `#{version}` and the second gives dimensions"),
        );
    }
    if is_dimensions(&table.header) && table.rows.first().is_some_and(|row| is_gct_header(row)) {
        return is(
            DataFormat::Gct12,
            "a line of dimensions and a `Name`, `Description` header come first".to_owned(),
        );
    }
    let headed = is_gct_header(&table.header) && ends_with(name, ".gct");
    if headed {
        return is(
            DataFormat::Gct12,
            "its header begins with `Name`, `Description`, and it is named `.gct`".to_owned(),
        );
    }
    None
}

fn vcf(table: &Table) -> Option<Detection> {
    let first = table.header.first()?;
    let because = if first.to_ascii_lowercase().starts_with("##fileformat=vcf") {
        "the first line says `##fileformat=VCF`".to_owned()
    } else if first == "#CHROM" && table.header.get(1).is_some_and(|field| field == "POS") {
        "the first line is the `#CHROM` header of a VCF".to_owned()
    } else {
        return None;
    };
    Some(Detection::known(FileKind::Variant, DataFormat::Vcf, because))
}

fn facs(table: &Table) -> Option<Detection> {
    let same = |name: &str| table.nearly(name).is_some();
    let found = FACS.iter().filter(|name| same(name)).count();
    (same("CellPopulation") && same("ReadoutType") && found >= 3).then(|| {
        let because = "it has the columns `CellPopulation` and `ReadoutType`";
        Detection::known(FileKind::FlowCytometry, DataFormat::Facs, because)
    })
}

fn mapping(table: &Table) -> Option<Detection> {
    (table.nearly("TXNAME").is_some() && table.nearly("GENEID").is_some()).then(|| {
        Detection::known(
            FileKind::Mapping,
            DataFormat::Tsv,
            "it has the columns `TXNAME` and `GENEID`",
        )
    })
}

/// Tables with a key column: samples, libraries, preparations, cells.
fn keyed(name: &str, table: &Table) -> Option<Detection> {
    let named = kind_by_word(name);
    // One that is named cells and has barcodes is one of cells, though it may say by the key of another table where each
    // comes from.
    if named == Some(FileKind::Cells)
        && let Some(barcode) = table.nearly("barcode")
    {
        let because = format!("it is named cells and has a column `{barcode}`");
        return Some(Detection::known(FileKind::Cells, DataFormat::Tsv, because));
    }
    for exact in [true, false] {
        let find = |column: &'static str| {
            if exact {
                table.has(column).then_some(column)
            } else {
                table.nearly(column)
            }
        };
        let word = if exact {
            "has a"
        } else {
            "has a column that is nearly `"
        };
        let say = |kind, column: &str, wanted: &str| {
            let because = if exact {
                format!("it {word} `{column}` column")
            } else {
                format!("it {word}{wanted}`: `{column}`")
            };
            Some(Detection::known(kind, DataFormat::Tsv, because))
        };
        if let Some(barcode) = find("barcode")
            && CELLS.iter().any(|column| find(column).is_some())
        {
            return say(FileKind::Cells, barcode, "barcode");
        }
        let (library, preparation) = (find("Library ID"), find("Preparation ID"));
        let sample = find("Sample Source ID");
        match (library, preparation, sample) {
            (_, _, Some(sample)) if named == Some(FileKind::Samples) => {
                return say(FileKind::Samples, sample, "Sample Source ID");
            }
            (Some(library), Some(preparation), _) => {
                return match named {
                    Some(FileKind::Libraries) => say(FileKind::Libraries, library, "Library ID"),
                    Some(FileKind::Preparations) => {
                        say(FileKind::Preparations, preparation, "Preparation ID")
                    }
                    _ => Some(Detection::unknown(Unclear::TwoKinds(
                        FileKind::Libraries,
                        FileKind::Preparations,
                    ))),
                };
            }
            (Some(library), None, _) => return say(FileKind::Libraries, library, "Library ID"),
            (None, Some(preparation), _) => {
                return say(FileKind::Preparations, preparation, "Preparation ID");
            }
            (None, None, Some(sample)) => {
                // A table that is named libraries and lacks `Library ID` is a table of libraries that lacks it.
                if matches!(named, Some(FileKind::Libraries | FileKind::Preparations)) {
                    return None;
                }
                return say(FileKind::Samples, sample, "Sample Source ID");
            }
            (None, None, None) => {}
        }
    }
    None
}

fn study(name: &str, table: &Table) -> Option<Detection> {
    let known: Vec<&str> = STUDY
        .into_iter()
        .filter(|attribute| table.has(attribute))
        .collect();
    let first = known.first()?;
    let study = |because: String| Some(Detection::known(FileKind::Study, DataFormat::Tsv, because));
    if table.is_one_record() {
        return study(format!("it has one record, with `{first}`"));
    }
    // With no record or with several it is still a study where the columns are plainly a study's.
    let is_named = kind_by_word(name) == Some(FileKind::Study);
    (known.len() >= 2 || is_named)
        .then(|| study(format!("it has a `{first}` column, as studies have")))
        .flatten()
}

fn is_version(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn is_dimensions(row: &[String]) -> bool {
    let filled: Vec<&String> = row.iter().filter(|field| !field.is_empty()).collect();
    (2..=4).contains(&filled.len()) && filled.iter().all(|field| field.parse::<u64>().is_ok())
}

fn is_gct_header(row: &[String]) -> bool {
    row.len() > 2 && relaxed(&row[0]) == "name" && relaxed(&row[1]) == "description"
}

fn starts_with_comment(table: &Table) -> bool {
    table.header.first().is_some_and(|field| field.starts_with('#')) && {
        let width = table.rows.first().map_or(0, Vec::len);
        table.header.len() < width || table.header.len() == 1
    }
}
