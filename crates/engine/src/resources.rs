//! How many threads a run has, how much memory, and what follows for the size of its blocks.

use std::num::NonZeroUsize;

use odmkit_columns::kernel::Kernel;
use odmkit_pipeline::Bounds;

/// What a run may use.
#[derive(Debug, Clone, Copy)]
pub struct Resources {
    /// Threads that work.
    pub threads: NonZeroUsize,
    /// Bytes of memory that the run should stay under.
    pub memory_limit: u64,
    /// How many bytes are looked at at once. The results are the same for each.
    pub kernel: Kernel,
}

/// The size of a block for a check where memory allows it: read and looked at while it is in a core's second cache.
const BLOCK: u64 = 256 << 10;
/// The same for a conversion: large enough that what a block costs beside its bytes does not matter.
const CONVERT_BLOCK: u64 = 1 << 20;
/// No block is smaller than this, whatever the limit.
const SMALLEST_BLOCK: u64 = 16 << 10;
/// What a run costs without any rows: the program, the names of some ten thousand columns, buffers for reading.
const FIXED: u64 = 34 << 20;
/// What a block costs at the most, in multiples of its size: the bytes, and the faults of a file that has a
/// different wrong value in each cell.
const BLOCK_COST: u64 = 16;

/// What a block costs in a conversion, in multiples of its size: the text, the values, and the values turned.
const PARSED_COST: u64 = 9;

impl Resources {
    /// So many threads and bytes, and the fastest kernel that the processor can run.
    pub fn new(threads: NonZeroUsize, memory_limit: u64) -> Self {
        Self {
            threads,
            memory_limit,
            kernel: Kernel::best(),
        }
    }

    /// What is left for blocks and rows beside the program itself and the names of the columns.
    fn working(&self) -> u64 {
        self.memory_limit.saturating_sub(FIXED).max(self.memory_limit / 4)
    }

    /// Threads and window of a pipeline.
    pub(crate) fn bounds(&self) -> Bounds {
        Bounds::threads(self.threads)
    }

    /// The size of a block for a check, in bytes.
    pub(crate) fn block_bytes(&self) -> usize {
        let in_flight = self.bounds().window.get() as u64;
        let share = self.working() / (in_flight * BLOCK_COST);
        to_usize(share.clamp(SMALLEST_BLOCK, BLOCK))
    }

    /// The size of a block for a conversion, in bytes: half of the memory is for the blocks under way, each of
    /// which becomes eight bytes for as little as two, and twice while it is turned.
    pub(crate) fn convert_block_bytes(&self) -> usize {
        let in_flight = self.bounds().window.get() as u64;
        let share = self.working() / 2 / (in_flight * PARSED_COST);
        to_usize(share.clamp(SMALLEST_BLOCK, CONVERT_BLOCK))
    }

    /// Whether there is memory to check and to convert at once: full blocks with the cost of both in the quarter
    /// that neither names nor the writer take.
    pub(crate) fn has_room_for_both(&self) -> bool {
        let in_flight = self.bounds().window.get() as u64;
        self.working() / 4 >= in_flight * CONVERT_BLOCK * (BLOCK_COST + PARSED_COST)
    }

    /// What the names of rows may take in a check, in bytes; those beyond go to a temporary file.
    pub(crate) fn name_bytes(&self) -> usize {
        to_usize(self.working() / 4)
    }

    /// What a writer may hold, in bytes: the other half.
    pub(crate) fn export_bytes(&self) -> usize {
        to_usize(self.working() / 2)
    }

    /// The longest line that may be held: every thread may hold one, and twice while it grows.
    pub(crate) fn longest_line(&self) -> usize {
        to_usize((self.memory_limit / (self.bounds().window.get() as u64 * 2)).max(1 << 20))
    }

    /// The longest header that may be held, with its names taken apart.
    pub(crate) fn longest_head(&self) -> usize {
        to_usize((self.memory_limit / 8).max(1 << 20))
    }
}

pub(crate) fn to_usize(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
