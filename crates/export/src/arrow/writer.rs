//! Groups of rows in, an Arrow IPC file out.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use arrow_array::StringArray;
use arrow_array::cast::AsArray;
use arrow_ipc::Block;
use arrow_schema::Schema;

use crate::arrow::body::{Column, Packer};
use crate::arrow::{compression, message};
use crate::atomic::AtomicFile;
use crate::error::{ExportError, Unsupported};
use crate::exporter::TableWriter;
use crate::leaf::{Content, Gathered, Leaf};
use crate::ordered::{Workers, together};
use crate::rows::Group;
use crate::spec::{ExportSpec, Layout, ValueType};

const MAGIC: &[u8] = b"ARROW1";

/// Writes groups of rows to an Arrow IPC file.
pub(crate) struct ArrowWriter {
    workers: Workers<Scratch>,
    spec: Arc<ExportSpec>,
    schema: Schema,
    leaves: Vec<Leaf>,
    texts: Texts,
    body: Body,
}

/// The working memory of one thread.
struct Scratch {
    packer: Packer,
    gathered: Gathered,
}

/// The part of the file that is written.
struct Body {
    file: AtomicFile,
    spec: Arc<ExportSpec>,
    batches: Vec<Block>,
    open: Vec<Column>,
}

/// The distinct texts of the feature columns of the long layout. They are written last: the format finds
/// dictionaries through the footer, and each may be there only once.
struct Texts {
    places: Vec<HashMap<String, u32>>,
    ordered: Vec<Vec<String>>,
    bytes: usize,
    most: usize,
    rows: u64,
    expected_rows: Option<u64>,
}

impl ArrowWriter {
    /// Starts the file.
    pub(crate) fn create(
        mut file: AtomicFile,
        schema: Schema,
        spec: Arc<ExportSpec>,
    ) -> Result<Self, ExportError> {
        file.put(MAGIC)?;
        file.put(&[0; message::ALIGNMENT - MAGIC.len()][..2])?;
        file.put(&message::schema(&schema))?;
        let workers = Workers::start(spec.threads, || Scratch::new(&spec))?;
        let leaves = Leaf::all(&spec);
        let texts = Texts::new(&spec);
        let body = Body {
            file,
            spec: Arc::clone(&spec),
            batches: Vec::new(),
            open: Vec::new(),
        };
        Ok(Self {
            workers,
            spec,
            schema,
            leaves,
            texts,
            body,
        })
    }
}

impl TableWriter for ArrowWriter {
    fn write(&mut self, groups: &[Group]) -> Result<(), ExportError> {
        let Self {
            workers,
            spec,
            leaves,
            texts,
            body,
            ..
        } = self;
        let places = if spec.layout == Layout::Long {
            texts.index(groups, leaves)?
        } else {
            Vec::new()
        };
        // Lists and long columns have more cells than rows, and are worth a thread's attention anyway.
        let rows = groups.iter().map(|group| group.rows).max().unwrap_or(0);
        let rows = if spec.layout == Layout::Wide {
            rows
        } else {
            usize::MAX
        };
        workers.run(
            groups.len() * leaves.len(),
            together(rows),
            spec.threads * 4 * together(rows),
            |piece, scratch| {
                let (group, leaf) = (piece / leaves.len(), piece % leaves.len());
                let places = places.get(group).and_then(|places| places.get(leaf));
                encode(
                    leaves[leaf],
                    spec,
                    &groups[group],
                    places.map_or(&[], Vec::as_slice),
                    scratch,
                )
            },
            |_, column| body.append(column, leaves.len()),
        )
    }

    fn finish(self: Box<Self>) -> Result<AtomicFile, ExportError> {
        let Self {
            spec,
            schema,
            leaves,
            texts,
            mut body,
            ..
        } = *self;
        let mut dictionaries = Vec::new();
        if spec.layout == Layout::Long {
            let mut packer = Packer::new(spec.codec)?;
            for leaf in leaves {
                let names = match leaf {
                    Leaf::FeatureText(feature) => &texts.ordered[feature],
                    Leaf::Sample => &spec.meta.samples,
                    Leaf::Measurement => &spec.meta.measurements,
                    _ => continue,
                };
                let column = packer.texts(&[StringArray::from_iter_values(names)])?;
                let id = i64::try_from(dictionaries.len()).unwrap_or(i64::MAX);
                let head = message::dictionary(id, &column, names.len(), compression(spec.codec));
                dictionaries.push(body.message(&head, &[column])?);
            }
        }
        let Body {
            mut file, batches, ..
        } = body;
        file.put(&message::footer(&schema, &dictionaries, &batches))?;
        file.put(MAGIC)?;
        Ok(file)
    }
}

impl Scratch {
    fn new(spec: &ExportSpec) -> Result<Self, ExportError> {
        Ok(Self {
            packer: Packer::new(spec.codec)?,
            gathered: Gathered::default(),
        })
    }
}

impl Body {
    fn append(&mut self, column: Column, columns: usize) -> Result<(), ExportError> {
        self.open.push(column);
        if self.open.len() == columns {
            let open = std::mem::take(&mut self.open);
            let rows = open
                .first()
                .and_then(|column| column.nodes.first())
                .map_or(0, |node| node.0);
            if rows > 0 {
                let head = message::record_batch(&open, rows, compression(self.spec.codec));
                let block = self.message(&head, &open)?;
                self.batches.push(block);
            }
        }
        Ok(())
    }

    fn message(&mut self, head: &[u8], columns: &[Column]) -> Result<Block, ExportError> {
        let start = self.file.position();
        self.file.put(head)?;
        columns
            .iter()
            .try_for_each(|column| self.file.put(&column.bytes))?;
        let body: usize = columns.iter().map(|column| column.bytes.len()).sum();
        let head = i32::try_from(head.len()).unwrap_or(i32::MAX);
        Ok(Block::new(start.cast_signed(), head, (body as u64).cast_signed()))
    }
}

impl Texts {
    fn new(spec: &ExportSpec) -> Self {
        let features = spec.meta.feature_attributes.len();
        Self {
            places: vec![HashMap::new(); features],
            ordered: vec![Vec::new(); features],
            bytes: 0,
            most: spec.memory_budget / 4,
            rows: 0,
            expected_rows: spec.expected_rows,
        }
    }

    /// The budget that all rows would need, if those that are left are like those so far.
    fn enough(&self) -> usize {
        let rows = self.rows.max(1);
        let share = self.expected_rows.unwrap_or(0).max(rows).div_ceil(rows);
        self.bytes
            .saturating_mul(4)
            .saturating_mul(usize::try_from(share).unwrap_or(usize::MAX))
    }

    /// For each group and each text column, the places of the texts of its rows.
    fn index(
        &mut self,
        groups: &[Group],
        leaves: &[Leaf],
    ) -> Result<Vec<Vec<Vec<Option<u32>>>>, ExportError> {
        let mut all = Vec::with_capacity(groups.len());
        for group in groups {
            self.rows += group.rows as u64;
            let mut columns = Vec::with_capacity(leaves.len());
            for leaf in leaves {
                let mut rows = Vec::new();
                if let Leaf::FeatureText(feature) = *leaf {
                    for part in &group.parts {
                        for text in part.feature(feature).as_string::<i32>() {
                            rows.push(text.map(|text| self.place(feature, text)).transpose()?);
                        }
                    }
                }
                columns.push(rows);
            }
            all.push(columns);
        }
        Ok(all)
    }

    fn place(&mut self, feature: usize, text: &str) -> Result<u32, ExportError> {
        if let Some(&place) = self.places[feature].get(text) {
            return Ok(place);
        }
        // Held twice, with the overhead of a map entry and of two strings.
        self.bytes += 2 * text.len() + 96;
        let place = u32::try_from(self.ordered[feature].len()).unwrap_or(u32::MAX);
        if self.bytes > self.most || place > i32::MAX.cast_unsigned() {
            let budget = self.enough();
            return Err(Unsupported::DictionaryTooLarge { budget }.into());
        }
        self.ordered[feature].push(text.to_owned());
        if let Entry::Vacant(vacant) = self.places[feature].entry(text.to_owned()) {
            vacant.insert(place);
        }
        Ok(place)
    }
}

fn encode(
    leaf: Leaf,
    spec: &ExportSpec,
    group: &Group,
    places: &[Option<u32>],
    scratch: &mut Scratch,
) -> Result<Column, ExportError> {
    let Scratch { packer, gathered } = scratch;
    if let Leaf::Column(at) = leaf
        && spec.values == ValueType::F64
        && let Some(column) = packer.doubles_as_they_are(group, at)
    {
        return Ok(column);
    }
    let lists = match leaf {
        Leaf::Lists { width, .. } => Some(width),
        _ => None,
    };
    match leaf.gather(spec, group, gathered) {
        Content::Doubles => packer.numbers(&gathered.doubles, lists),
        Content::Singles => packer.numbers(&gathered.singles, lists),
        Content::Texts(pieces) => packer.texts(&pieces),
        Content::Repeated(_, counts) => {
            let rows = counts.iter().sum();
            let counted = places.iter().zip(&counts);
            packer.places(
                rows,
                counted.flat_map(|(&place, &count)| std::iter::repeat_n(place, count)),
            )
        }
        Content::Keys(_, rows) => packer.places(rows.len(), rows.iter().copied().map(Some)),
    }
}
