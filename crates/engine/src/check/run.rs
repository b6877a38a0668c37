//! Running a scan over the blocks of a text, in parallel and in order.

use odmkit_checks::BlockStart;
use odmkit_checks::text::{self, TextPartial, TextState};
use odmkit_core::{ByteOffset, Position};
use odmkit_input::{Input, InputError, Scratch};
use odmkit_pipeline::ordered;

use crate::{Progress, Resources};

struct Scanned<P> {
    offset: ByteOffset,
    bytes: usize,
    text: TextPartial,
    partial: P,
}

/// The head of a text that has been taken apart already, and where the rest begins.
pub(super) struct Body<'a> {
    pub(super) head: &'a [u8],
    pub(super) start: Position,
}

/// Scans everything below the head with `scan`, which looks at a block as rows and as a text and has buffers that
/// its thread uses again, and takes the results in order. Faults of the text as such, the
/// head's included, are gathered in the state that is returned, also where reading ends early.
pub(super) fn run<P: Send, B>(
    input: Input,
    body: &Body<'_>,
    resources: &Resources,
    progress: &dyn Progress,
    buffers: impl Fn() -> B + Sync,
    scan: impl Fn(&mut B, &[u8]) -> (P, TextPartial) + Sync,
    mut absorb: impl FnMut(P, &BlockStart),
) -> (TextState, Result<(), InputError>) {
    let mut state = TextState::default();
    state.absorb(text::scan(body.head), &BEGINNING);
    progress.advance(body.head.len() as u64);

    let mut start = BlockStart {
        line: body.start.line,
        byte: body.start.byte,
    };
    let mut blocks = input.into_blocks(body.start.byte, resources.block_bytes(), resources.longest_line());
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
            absorb(scanned.partial, &start);
            start.line = start.line.advanced(lines);
            start.byte = start.byte.advanced(scanned.bytes);
            Ok(())
        },
    );
    (state, outcome)
}

const BEGINNING: BlockStart = BlockStart {
    line: odmkit_core::LineNumber::FIRST,
    byte: ByteOffset(0),
};
