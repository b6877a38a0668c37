//! Rows from all over a plain file: what they say of the middle of each column holds also where rows are sorted.

use std::convert::Infallible;
use std::iter;

use odmkit_core::Position;
use odmkit_input::{Input, InputError, Scratch, Ticket};
use odmkit_pipeline::ordered;

use super::sieve::{Bounds, Sample, Sieve};
use super::values::{Buffers, FIRST_ROWS, FIRST_VALUES, Reader};
use crate::Resources;
use crate::resources::to_usize;

/// Places from which rows are taken: rows that follow one another may be alike.
const PIECES: usize = 32;
/// Columns that are looked at together.
const TOGETHER: usize = 32;

/// Looks at rows from all over the file, where it can be read at any place and has so many rows that few of them say
/// where to look in the others: first at few rows, which say where to look in the next ones. What cannot be read now is
/// left to the pass over all rows to tell.
pub(super) fn sieve(
    reader: &Reader,
    input: &mut Input,
    body: Position,
    resources: &Resources,
) -> Option<Sieve> {
    let columns = reader.value_columns();
    let below = input.text_bytes()?.checked_sub(body.byte.0)?;
    let (row, _) = input.line_at(to_usize(body.byte.0))?;
    let rows = to_usize(below / (row + 1));
    if rows < FIRST_ROWS * 8 || rows.saturating_mul(columns) < FIRST_VALUES * 2 {
        return None;
    }
    let mut sieve = None;
    for wanted in looks(rows) {
        let bytes = wanted.div_ceil(PIECES) * to_usize(row + 1);
        let room = resources.export_bytes() / 64;
        if bytes > resources.convert_block_bytes() || wanted * columns > room {
            break;
        }
        let tickets = input.scattered(body.byte, PIECES, bytes, resources.longest_row())?;
        sieve = Some(look(reader, sieve.as_ref(), tickets, resources)?);
    }
    sieve
}

/// Reads some rows through a sieve, if there is one yet, and makes a finer one by them.
fn look(
    reader: &Reader,
    through: Option<&Sieve>,
    tickets: Vec<Ticket>,
    resources: &Resources,
) -> Option<Sieve> {
    let columns = reader.value_columns();
    let mut tickets = tickets.into_iter();
    let mut blocks = Vec::with_capacity(PIECES);
    let mut even = true;
    let read = ordered::<_, _, _, InputError>(
        resources.convert_bounds(),
        || Ok(tickets.next()),
        <(Scratch, Buffers)>::default,
        |(scratch, buffers), ticket| {
            let block = scratch.load(ticket)?;
            Ok(reader.read_through(through, block.text, buffers, &mut ()))
        },
        |block| {
            even &= block.is_ok();
            blocks.extend(block);
            Ok(())
        },
    );
    let found: usize = blocks.iter().map(|block| block.rows).sum();
    if read.is_err() || !even || found < FIRST_ROWS / 2 {
        return None;
    }
    let mut firsts = (0..columns).step_by(TOGETHER);
    let mut bounds = Vec::with_capacity(columns);
    let Ok(()) = ordered::<_, _, _, Infallible>(
        resources.bounds(),
        || Ok(firsts.next()),
        || (),
        |(), first| {
            let some = first..columns.min(first + TOGETHER);
            Ok(Bounds::of_columns(&blocks, some, through, Sample::Scattered))
        },
        |some| {
            bounds.extend(some);
            Ok(())
        },
    );
    for block in blocks {
        reader.use_again(block.figures);
    }
    Some(Sieve::between(&bounds))
}

/// How many rows are looked at each time beforehand. The more, the nearer to the middle the bounds lie: what is held of the
/// others shrinks with their square root, so that the work is least with so many times the power of two thirds of all
/// rows. A second look is worth its while where it is at many more rows than the first.
fn looks(rows: usize) -> impl Iterator<Item = usize> {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "about so many"
    )]
    let second = (2.0 * (rows as f64).powf(2.0 / 3.0)) as usize;
    let second = Some(second).filter(|second| *second >= FIRST_ROWS * 2 && *second <= rows / 8);
    iter::once(FIRST_ROWS).chain(second)
}
