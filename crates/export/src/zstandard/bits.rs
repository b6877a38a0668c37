//! Bits, lowest first.

/// Appends bits to bytes.
pub(super) struct BitWriter<'a> {
    out: &'a mut Vec<u8>,
    end: usize,
    held: u64,
    count: u32,
}

impl<'a> BitWriter<'a> {
    /// Appends to `out`, which grows by `room` bytes at once and is cut to what was written in the end. Room is
    /// made again where it was too little.
    pub(super) fn new(out: &'a mut Vec<u8>, room: usize) -> Self {
        let end = out.len();
        out.resize(end + room + 8, 0);
        Self {
            out,
            end,
            held: 0,
            count: 0,
        }
    }

    /// Adds the low `count` bits of `bits`, whose other bits are zero. At most 56 fit between two flushes.
    #[inline(always)]
    pub(super) fn add(&mut self, bits: u64, count: u32) {
        debug_assert!(count < 57 && bits >> count == 0 && self.count + count <= 63);
        self.held |= bits << self.count;
        self.count += count;
    }

    /// Passes whole bytes on; up to seven bits stay.
    #[inline(always)]
    pub(super) fn flush(&mut self) {
        if self.end + 8 > self.out.len() {
            self.out.resize(2 * self.out.len() + 64, 0);
        }
        self.out[self.end..self.end + 8].copy_from_slice(&self.held.to_le_bytes());
        self.end += (self.count / 8) as usize;
        self.held >>= self.count & !7;
        self.count &= 7;
    }

    /// Ends with a one and fills the last byte with zeros: the reader starts from there.
    #[inline(always)]
    pub(super) fn close(mut self) {
        self.add(1, 1);
        self.pad();
    }

    /// Fills the last byte with zeros.
    #[inline(always)]
    pub(super) fn pad(mut self) {
        self.flush();
        self.count = self.count.next_multiple_of(8);
        self.flush();
        self.out.truncate(self.end);
    }
}
