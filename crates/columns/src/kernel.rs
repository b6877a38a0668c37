//! Looking at many bytes at once.
//!
//! A [`Kernel`] does two things to tab-separated rows. [`Kernel::index`] finds every tab and line feed of a block
//! and says what else is in it; [`Kernel::row`] goes once over a row, finds its end, counts its cells, and names the
//! values that are not *plainly fine*: empty, or digits with at most one dot between digits and at most one minus
//! before them. What is not plainly fine is for the exact grammar ([`cell`](crate::cell)) to judge; the kernels
//! never do.
//!
//! Both work on 64 bytes at a time, of which one bit mask is made per class of byte. Only that step
//! differs from processor to processor; it is chosen when the program runs.

mod classes;
mod index;
mod row;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod between;
#[cfg(target_arch = "x86_64")]
mod decimals;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;

use crate::short;

pub use index::BlockFacts;
pub use row::{OddValue, RowFacts};

/// Work on numbers that is compiled for each kernel's processors, for [`Kernel::run`]. There is but one such piece of code:
/// what it gives does not depend on the kernel.
pub trait Work {
    /// What comes of it.
    type Output;

    /// Does it. This, and what it calls for each number, is to be inlined always: only then is it compiled for the
    /// processor.
    fn run(self) -> Self::Output;
}

/// For each column of a row two numbers between which a value is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Bounds<'a> {
    /// Those that it is to be above of.
    pub low: &'a [f64],
    /// Those that it is to be below of.
    pub high: &'a [f64],
}

/// Room beyond the values of a row that [`Kernel::between`] is given.
pub const SPARE: usize = 8;

/// A way to look at 64 bytes at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// AVX-512 (F, BW, DQ, VL and CD), one register.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// AVX2, two registers.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// NEON, four registers.
    #[cfg(target_arch = "aarch64")]
    Neon,
    /// Plain code, for every processor.
    Portable,
}

impl Kernel {
    /// The fastest that this processor can run.
    pub fn best() -> Self {
        Self::available()[0]
    }

    /// All that this processor can run, the fastest first.
    pub fn available() -> Vec<Self> {
        let mut kernels = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("lzcnt")
                && is_x86_feature_detected!("popcnt");
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512cd")
                && is_x86_feature_detected!("fma");
            if avx2 && avx512 {
                kernels.push(Self::Avx512);
            }
            if avx2 {
                kernels.push(Self::Avx2);
            }
        }
        #[cfg(target_arch = "aarch64")]
        kernels.push(Self::Neon);
        kernels.push(Self::Portable);
        kernels
    }

    /// The one of this name, where this processor can run it.
    pub fn named(name: &str) -> Option<Self> {
        Self::available().into_iter().find(|kernel| kernel.name() == name)
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => "avx512",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "avx2",
            #[cfg(target_arch = "aarch64")]
            Self::Neon => "neon",
            Self::Portable => "portable",
        }
    }

    /// Replaces `ends` by the places of all tabs and line feeds of `block`, in order.
    ///
    /// # Panics
    ///
    /// Where the block is longer than 4 GiB.
    pub fn index(self, block: &[u8], ends: &mut Vec<u32>) -> BlockFacts {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => avx512::index(block, ends),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::index(block, ends),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => index::index::<neon::Neon>(block, ends),
            Self::Portable => index::index::<portable::Portable>(block, ends),
        }
    }

    /// Looks at the row that begins at `start`. `ends` becomes the places of its first tabs, of which there are
    /// `described` (at least one) where it has so many; what follows these are its values. `odd` becomes those of
    /// its values that are not plainly fine, in order; what is not there is nothing at all, or a number that a
    /// double can hold.
    ///
    /// Where the row has fewer tabs, it has no values. A carriage return alone does not end a row.
    pub fn row(
        self,
        block: &[u8],
        start: usize,
        described: usize,
        ends: &mut Vec<u32>,
        odd: &mut Vec<OddValue>,
    ) -> RowFacts {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => avx512::row(block, start, described, ends, odd),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::row(block, start, described, ends, odd),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => row::row::<neon::Neon>(block, start, described, ends, odd),
            Self::Portable => row::row::<portable::Portable>(block, start, described, ends, odd),
        }
    }

    /// Does work on numbers with the instructions that the processor has.
    pub fn run<W: Work>(self, work: W) -> W::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => avx512::run(work),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::run(work),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => work.run(),
            Self::Portable => work.run(),
        }
    }

    /// Writes the values of a row that lie between the bounds of their columns, and these columns, 0-based, to the front
    /// of the room for them, and says how many they are. What is in the room after these means nothing.
    ///
    /// # Panics
    ///
    /// Where there are fewer bounds than values, or there is not room for all values and [`SPARE`] more.
    pub fn between(self, row: &[f64], bounds: Bounds<'_>, values: &mut [f64], columns: &mut [u32]) -> usize {
        #[cfg(target_arch = "x86_64")]
        if self == Self::Avx512 {
            return avx512::between(row, bounds, values, columns);
        }
        let mut found = 0;
        let bounds = bounds.low[..row.len()].iter().zip(&bounds.high[..row.len()]);
        let (values, columns) = (
            &mut values[..row.len() + SPARE],
            &mut columns[..row.len() + SPARE],
        );
        for ((value, (low, high)), column) in row.iter().zip(bounds).zip(0..) {
            // Written in any case: which values are wanted is not foreseen.
            values[found] = *value;
            columns[found] = column;
            found += usize::from(low < value) & usize::from(value < high);
        }
        found
    }

    /// Reads the cells of a row, of which the first begins at `start`, and each ends at one of `ends` and the next
    /// begins a byte later. Appends their values. Adds to `odd` which of them are left to the exact grammar
    /// ([`cell::value`](crate::cell::value)): what stands for these among the values means nothing.
    ///
    /// # Panics
    ///
    /// Where a cell lies outside of the block.
    pub fn read(self, block: &[u8], start: usize, ends: &[u32], values: &mut Vec<f64>, odd: &mut Vec<u32>) {
        odd.clear();
        #[cfg(target_arch = "x86_64")]
        if self == Self::Avx512 {
            values.reserve(ends.len());
            let room = &mut values.spare_capacity_mut()[..ends.len()];
            avx512::read(block, start, ends, room, odd);
            let count = values.len() + ends.len();
            #[expect(
                unsafe_code,
                reason = "what was written need not be written with zeros before"
            )]
            // SAFETY: all of the room was written.
            unsafe {
                values.set_len(count);
            }
            return;
        }
        let mut from = start;
        for (end, at) in ends.iter().zip(0..) {
            let to = *end as usize;
            values.push(short::parse(block, from, to).unwrap_or_else(|| {
                odd.push(at);
                0.0
            }));
            from = to + 1;
        }
    }
}

#[cfg(test)]
#[path = "kernel/tests.rs"]
mod tests;
