//! The working memory of a thread, and the choice of an encoder for a column.

use crate::error::ExportError;
use crate::leaf::{Content, Gathered, Leaf};
use crate::parquet::chunk::Chunk;
use crate::parquet::compress::Compressor;
use crate::parquet::levels::Levels;
use crate::parquet::numbers::Encoder;
use crate::parquet::texts;
use crate::rows::Group;
use crate::spec::{Codec, ExportSpec};

/// The working memory of one thread.
pub(crate) struct Scratch {
    compressor: Compressor,
    gathered: Gathered,
    doubles: Encoder<u64>,
    singles: Encoder<u32>,
}

impl Scratch {
    /// Working memory for columns compressed with `codec`.
    pub(crate) fn new(codec: Codec) -> Result<Self, ExportError> {
        let compressor = Compressor::new(codec)?;
        let (doubles, singles) = (Encoder::default(), Encoder::default());
        Ok(Self {
            compressor,
            gathered: Gathered::default(),
            doubles,
            singles,
        })
    }
}

/// Encodes one column of `group`.
pub(crate) fn encode(
    leaf: Leaf,
    spec: &ExportSpec,
    group: &Group,
    scratch: &mut Scratch,
) -> Result<Chunk, ExportError> {
    let Scratch {
        compressor,
        gathered,
        doubles,
        singles,
    } = scratch;
    let levels = match leaf {
        Leaf::Lists { width, .. } => Levels::Lists(width),
        Leaf::Sample | Leaf::Measurement => Levels::Required,
        _ => Levels::Flat,
    };
    match leaf.gather(spec, group, gathered) {
        Content::Doubles => doubles.encode(&gathered.doubles, levels, compressor),
        Content::Singles => singles.encode(&gathered.singles, levels, compressor),
        Content::Texts(pieces) => texts::encode(&pieces, compressor),
        Content::Repeated(pieces, counts) => {
            let (distinct, places) = texts::places(&pieces);
            let counted = counts.iter().zip(&places);
            let rows: Vec<Option<u32>> = counted
                .flat_map(|(&count, &place)| std::iter::repeat_n(place, count))
                .collect();
            texts::indexed(&distinct, &rows, levels, compressor)
        }
        Content::Keys(names, rows) => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let rows: Vec<Option<u32>> = rows.into_iter().map(Some).collect();
            texts::indexed(&names, &rows, levels, compressor)
        }
    }
}
