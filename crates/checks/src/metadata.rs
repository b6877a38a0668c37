//! Metadata files: studies, samples, libraries, preparations, cells, and what describes a data file.
//!
//! The header decides everything: a [`MetadataPlan`] says for each column which attribute it is and what its
//! values are judged by. Threads share the plan and scan line-aligned blocks; a [`MetadataState`] takes what
//! they found in the order of the file. Findings of one cause (a column and a form of number, a value that is
//! no term) are counted and told once, with the first places.

mod cells;
mod cuts;
mod findings;
mod hash;
mod header;
mod kept;
mod known;
pub mod layout;
mod lines;
pub mod look_alike;
mod names;
mod note;
mod partial;
mod plan;
mod scan;
mod short;
mod state;
mod tally;

use odmkit_columns::kernel::Kernel;
use odmkit_core::{ByteOffset, LineNumber, Position};
use odmkit_diagnostics::Sink;
use odmkit_formats::Lines;

pub use cells::blank_columns as blank_cell_columns;
pub use kept::KeptColumn;
pub use note::is_note;
pub use partial::MetadataPartial;
pub use plan::{MetadataInput, MetadataPlan};
pub use scan::MetadataScratch;
pub use short::is_part_of_cell;
pub use state::{MetadataState, MetadataSummary};

use crate::block::BlockStart;

/// Judges a whole metadata file that is in memory. Nothing comes back for a text without a line.
pub fn check(input: &MetadataInput<'_>, text: &[u8], sink: &mut dyn Sink) -> Option<MetadataSummary> {
    let header = Lines::new(text).next()?;
    let plan = MetadataPlan::new(input, header.text, Position::START, sink);
    let mut state = MetadataState::new(&plan);
    let start = BlockStart {
        line: LineNumber::new(2),
        byte: ByteOffset(0).advanced(header.end()),
    };
    let mut scratch = plan.scratch(Kernel::best());
    state.absorb(&plan, plan.scan(&mut scratch, &text[header.end()..]), &start);
    Some(state.finish(&plan, sink))
}

#[cfg(test)]
#[path = "metadata/tests.rs"]
mod tests;

#[cfg(test)]
#[path = "metadata/name_tests.rs"]
mod name_tests;

#[cfg(test)]
#[path = "metadata/quote_tests.rs"]
mod quote_tests;

#[cfg(test)]
#[path = "metadata/type_tests.rs"]
mod type_tests;

#[cfg(test)]
#[path = "metadata/row_tests.rs"]
mod row_tests;

#[cfg(test)]
#[path = "metadata/twin_tests.rs"]
mod twin_tests;
