//! Looking at many bytes at once.
//!
//! A [`Kernel`] does two things to a block of tab-separated rows. [`Kernel::index`] finds every tab and line feed
//! and says what else is in the block; [`Kernel::odd_bytes`] looks at the values of a row and finds the bytes that
//! keep a cell from being *plainly fine*: empty, or digits with at most one dot between digits and at most one
//! minus before them. What is not plainly fine is for the exact grammar ([`cell`](crate::cell)) to judge; the
//! kernels never do.
//!
//! Both work on 64 bytes at a time, of which one bit mask is made per class of byte. Only that step
//! differs from processor to processor; it is chosen when the program runs.

mod classes;
mod index;
mod shape;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

pub use index::BlockFacts;

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

    /// Appends to `odd` the places of bytes that keep a cell of `block[start..end]` from being plainly fine. The
    /// range is a row's values: tabs separate cells, and `end` is where the last one ends. A place belongs to the
    /// first cell that ends at or after it; where a cell is not plainly fine, at least one place is its own.
    pub fn odd_bytes(self, block: &[u8], start: usize, end: usize, odd: &mut Vec<u32>) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => avx512::odd_bytes(block, start, end, odd),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::odd_bytes(block, start, end, odd),
            Self::Portable => shape::odd_bytes::<portable::Portable>(block, start, end, odd),
        }
    }
}

#[cfg(test)]
#[path = "kernel/tests.rs"]
mod tests;
