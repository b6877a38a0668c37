//! Running a scan over the blocks of a text, in parallel and in order.

use odmkit_checks::BlockStart;
use odmkit_checks::text::{self, TextPartial, TextState};
use odmkit_core::{ByteOffset, Position};
use odmkit_diagnostics::Sink;
use odmkit_input::{Input, InputError, Scratch};
use odmkit_pipeline::ordered;

use super::file::Subject;
use crate::resources::to_usize;

struct Scanned<P> {
    offset: ByteOffset,
    bytes: usize,
    text: TextPartial,
    partial: P,
}

/// Scans everything below the header, which ends at `body`, with `scan`, which looks at a block as rows and as a
/// text and has buffers that its thread uses again; `absorb` takes the results in order. What is wrong with the
/// text as such, the header included, is told at the end, also where reading ends early.
pub(super) fn run<P: Send, B>(
    subject: &Subject<'_>,
    mut input: Input,
    body: Position,
    sink: &mut dyn Sink,
    buffers: impl Fn() -> B + Sync,
    scan: impl Fn(&mut B, &[u8]) -> (P, TextPartial) + Sync,
    mut absorb: impl FnMut(P, &BlockStart, &mut dyn Sink),
) -> Result<(), InputError> {
    let (resources, progress) = (&subject.resources, subject.progress);
    let above = to_usize(body.byte.0);
    let mut state = TextState::default();
    state.absorb(text::scan(&input.head(above)?.text[..above]), &BEGINNING);
    progress.advance(body.byte.0);

    let mut start = BlockStart {
        line: body.line,
        byte: body.byte,
    };
    let mut blocks = input.into_blocks(body.byte, subject.block_bytes, resources.longest_line());
    let outcome = ordered(
        resources.bounds(),
        || blocks.draw(),
        || (Scratch::default(), buffers()),
        |(scratch, buffers), ticket| {
            let block = scratch.load(ticket)?;
            let (partial, text) = scan(buffers, block.text);
            let scanned = Scanned {
                offset: block.offset,
                bytes: block.text.len(),
                text,
                partial,
            };
            progress.advance(scanned.bytes as u64);
            Ok(scanned)
        },
        |scanned| {
            if scanned.bytes == 0 {
                return Ok(());
            }
            debug_assert_eq!(scanned.offset, start.byte, "blocks follow each other");
            let lines = scanned.text.lines();
            state.absorb(scanned.text, &start);
            absorb(scanned.partial, &start, sink);
            start.line = start.line.advanced(lines);
            start.byte = start.byte.advanced(scanned.bytes);
            Ok(())
        },
    );
    state.finish(&subject.path, sink);
    outcome
}

const BEGINNING: BlockStart = BlockStart {
    line: odmkit_core::LineNumber::FIRST,
    byte: ByteOffset(0),
};
