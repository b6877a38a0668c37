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
mod portable;

pub use index::BlockFacts;
pub use row::{OddValue, RowFacts};

/// A way to look at 64 bytes at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// AVX-512 BW, one register.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// AVX2, two registers.
    #[cfg(target_arch = "x86_64")]
    Avx2,
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
            if is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("bmi2") {
                kernels.push(Self::Avx512);
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi2") {
                kernels.push(Self::Avx2);
            }
        }
        kernels.push(Self::Portable);
        kernels
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
            Self::Portable => row::row::<portable::Portable>(block, start, described, ends, odd),
        }
    }
}

#[cfg(test)]
#[path = "kernel/tests.rs"]
mod tests;
