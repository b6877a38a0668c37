//! The library reads our footers, and writes the same bytes from what it has read.

use parquet::file::metadata::{ParquetMetaDataOptions, ParquetMetaDataReader, ParquetMetaDataWriter};

use super::*;
use crate::schema;
use crate::spec::{Layout, TableMeta, ValueType};

fn spec(layout: Layout, samples: usize, measurements: usize) -> ExportSpec {
    let samples: Vec<String> = (0..samples).map(|sample| format!("S {sample} \u{3b2}")).collect();
    let columns = TableMeta::columns_of_samples(&samples);
    let meta = TableMeta {
        version: "1.2.3".to_owned(),
        feature_attributes: vec![("gene".to_owned(), false), ("length".to_owned(), true)],
        measurements: (0..measurements).map(|at| format!("M{at}")).collect(),
        samples,
        columns,
        ..TableMeta::default()
    };
    ExportSpec {
        layout,
        ..ExportSpec::new(meta)
    }
}

fn footer(spec: &ExportSpec, groups: usize) -> Vec<u8> {
    let leaves = Leaf::all(spec);
    let mut footer = Footer::new(&std::env::temp_dir(), leaves.len(), 6);
    let mut offset = 4;
    for group in 0..groups {
        for (at, leaf) in leaves.iter().enumerate() {
            let (encoding, data_start) = match (at + group) % 3 {
                0 => (Encoding::RLE_DICTIONARY, 57 + at),
                1 => (Encoding::PLAIN, 0),
                _ => (Encoding::BYTE_STREAM_SPLIT, 0),
            };
            let chunk = Chunk {
                bytes: vec![0; 100 + at * 7],
                rows: 1000,
                plain_bytes: 8_000 + group,
                values: 1000,
                nulls: at * group,
                encoding,
                data_pages: 1 + at % 2,
                data_start,
            };
            footer.chunk(*leaf, spec, &chunk, offset).unwrap();
            offset += chunk.bytes.len() as u64;
        }
    }
    let mut out = Vec::new();
    footer.write(&mut out, spec, &schema::metadata(spec)).unwrap();
    out
}

#[test]
fn the_library_writes_the_same_bytes() {
    let tile = std::num::NonZeroUsize::new(7);
    for (layout, samples, measurements, tile) in [
        (Layout::Wide, 0, 0, None),
        (Layout::Wide, 12, 0, None),
        (Layout::Wide, 3_000, 0, None),
        (Layout::Long, 5, 2, None),
        (Layout::Matrix, 40, 0, None),
        (Layout::Matrix, 40, 0, tile),
        (Layout::Matrix, 200, 0, tile),
    ] {
        for values in [ValueType::F64, ValueType::F32] {
            for groups in [0, 1, 14, 15] {
                let spec = ExportSpec {
                    values,
                    tile,
                    ..spec(layout, samples, measurements)
                };
                let ours = footer(&spec, groups);
                let options = ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false);
                let read =
                    ParquetMetaDataReader::decode_metadata_with_options(&ours, Some(&options)).unwrap();
                assert_eq!(read.num_row_groups(), groups);
                let mut theirs = Vec::new();
                ParquetMetaDataWriter::new(&mut theirs, &read).finish().unwrap();
                // Theirs ends with its length and a mark.
                theirs.truncate(theirs.len() - 8);
                assert!(
                    ours == theirs,
                    "{layout:?} {samples} {tile:?} {values:?} {groups}"
                );
            }
        }
    }
}
