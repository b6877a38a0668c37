//! The messages of the format: a length, a flatbuffer, and a body of aligned buffers.

use arrow_ipc::convert::IpcSchemaEncoder;
use arrow_ipc::writer::DictionaryTracker;
use arrow_ipc::{
    Block, BodyCompressionBuilder, BodyCompressionMethod, Buffer, CompressionType, DictionaryBatchBuilder,
    FieldNode, FooterBuilder, MessageBuilder, MessageHeader, MetadataVersion, RecordBatchBuilder,
};
use arrow_schema::Schema;
use flatbuffers::{FlatBufferBuilder, UnionWIPOffset, WIPOffset};

use crate::arrow::body::Column;

/// Buffers begin at multiples of this.
pub(crate) const ALIGNMENT: usize = 64;

/// Marks the start of a message.
const CONTINUATION: [u8; 4] = [0xff; 4];

/// The message that carries the schema.
pub(crate) fn schema(schema: &Schema) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let header = encode_schema(&mut builder, schema).as_union_value();
    framed(&mut builder, MessageHeader::Schema, header, 0)
}

/// The head of a record batch; the bodies of its columns follow, in order.
pub(crate) fn record_batch(columns: &[Column], rows: usize, codec: Option<CompressionType>) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let (batch, length) = encode_batch(&mut builder, columns, rows, codec);
    framed(&mut builder, MessageHeader::RecordBatch, batch, length)
}

/// The head of a dictionary of one column.
pub(crate) fn dictionary(id: i64, column: &Column, rows: usize, codec: Option<CompressionType>) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let (batch, length) = encode_batch(&mut builder, std::slice::from_ref(column), rows, codec);
    let batch = WIPOffset::new(batch.value());
    let mut dictionary = DictionaryBatchBuilder::new(&mut builder);
    dictionary.add_id(id);
    dictionary.add_data(batch);
    let header = dictionary.finish().as_union_value();
    framed(&mut builder, MessageHeader::DictionaryBatch, header, length)
}

/// The end of the file, up to and including the length of the footer.
pub(crate) fn footer(schema: &Schema, dictionaries: &[Block], batches: &[Block]) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let dictionaries = builder.create_vector(dictionaries);
    let batches = builder.create_vector(batches);
    let schema = encode_schema(&mut builder, schema);
    let mut footer = FooterBuilder::new(&mut builder);
    footer.add_version(MetadataVersion::V5);
    footer.add_schema(schema);
    footer.add_dictionaries(dictionaries);
    footer.add_recordBatches(batches);
    let root = footer.finish();
    builder.finish(root, None);
    let data = builder.finished_data();
    let mut end = CONTINUATION.to_vec();
    end.extend([0; 4]);
    end.extend_from_slice(data);
    end.extend_from_slice(&i32::try_from(data.len()).unwrap_or(i32::MAX).to_le_bytes());
    end
}

fn encode_schema<'a>(
    builder: &mut FlatBufferBuilder<'a>,
    schema: &Schema,
) -> WIPOffset<arrow_ipc::Schema<'a>> {
    // Dictionaries are numbered in the order of the fields.
    let mut tracker = DictionaryTracker::new(false);
    IpcSchemaEncoder::new()
        .with_dictionary_tracker(&mut tracker)
        .schema_to_fb_offset(builder, schema)
}

fn encode_batch(
    builder: &mut FlatBufferBuilder<'_>,
    columns: &[Column],
    rows: usize,
    codec: Option<CompressionType>,
) -> (WIPOffset<UnionWIPOffset>, usize) {
    let mut offset = 0;
    let mut buffers = Vec::new();
    let mut nodes = Vec::new();
    for column in columns {
        nodes.extend(
            column
                .nodes
                .iter()
                .map(|&(length, nulls)| FieldNode::new(signed(length), signed(nulls))),
        );
        for &(length, padded) in &column.buffers {
            buffers.push(Buffer::new(signed(offset), signed(length)));
            offset += padded;
        }
    }
    let nodes = builder.create_vector(&nodes);
    let buffers = builder.create_vector(&buffers);
    let compression = codec.map(|codec| {
        let mut compression = BodyCompressionBuilder::new(builder);
        compression.add_method(BodyCompressionMethod::BUFFER);
        compression.add_codec(codec);
        compression.finish()
    });
    let mut batch = RecordBatchBuilder::new(builder);
    batch.add_length(signed(rows));
    batch.add_nodes(nodes);
    batch.add_buffers(buffers);
    if let Some(compression) = compression {
        batch.add_compression(compression);
    }
    (batch.finish().as_union_value(), offset)
}

/// The message with its length before it, padded so that its body begins aligned.
fn framed(
    builder: &mut FlatBufferBuilder<'_>,
    kind: MessageHeader,
    header: WIPOffset<UnionWIPOffset>,
    body: usize,
) -> Vec<u8> {
    let mut message = MessageBuilder::new(builder);
    message.add_version(MetadataVersion::V5);
    message.add_header_type(kind);
    message.add_bodyLength(signed(body));
    message.add_header(header);
    let root = message.finish();
    builder.finish(root, None);
    let data = builder.finished_data();
    let padded = (data.len() + 8).next_multiple_of(ALIGNMENT) - 8;
    let mut out = Vec::with_capacity(padded + 8);
    out.extend(CONTINUATION);
    out.extend_from_slice(&i32::try_from(padded).unwrap_or(i32::MAX).to_le_bytes());
    out.extend_from_slice(data);
    out.resize(padded + 8, 0);
    out
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
