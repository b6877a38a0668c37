//! Finite state entropy: tables and states (RFC 8878, section 4.1).

use super::bits::BitWriter;

/// How often each symbol stands in a table of `1 << log` states.
#[derive(Debug, Default)]
pub(super) struct Shares {
    pub(super) log: u32,
    pub(super) shares: Vec<u16>,
}

/// An encoding table.
#[derive(Debug, Default)]
pub(super) struct Table {
    log: u32,
    next: Vec<u16>,
    symbols: Vec<Transform>,
    spread: Vec<u8>,
}

/// The most states of a table, and the most symbols.
const STATES: usize = 1 << 9;
const SYMBOLS: usize = 1 << 6;

/// A table at work. That its parts are of a fixed size saves asking at each step whether it is inside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coder<'a> {
    log: u32,
    next: &'a [u16; STATES],
    symbols: &'a [Transform; SYMBOLS],
}

#[derive(Debug, Default, Clone, Copy)]
struct Transform {
    bits: u32,
    state: i32,
}

impl Shares {
    /// Divides the states among symbols in proportion to `counts`; every symbol that occurs gets one at least.
    /// There must be at least two such symbols.
    pub(super) fn divide(counts: &[u32], total: u32, most_log: u32) -> Self {
        let used = counts
            .iter()
            .rposition(|&count| count > 0)
            .map_or(0, |last| last + 1);
        let distinct = counts.iter().filter(|&&count| count > 0).count();
        let least = usize::BITS - distinct.leading_zeros() + 1;
        // More states than symbols in the stream would cost more to describe than they save.
        let fitting = (u32::BITS - total.leading_zeros()).saturating_sub(2);
        let log = fitting.clamp(5, most_log).max(least.min(most_log));
        let size = 1u32 << log;
        let mut shares = vec![0u16; used];
        let mut given = 0;
        let mut largest = 0;
        for (symbol, &count) in counts[..used].iter().enumerate() {
            if count > 0 {
                let exact = u64::from(count) * u64::from(size);
                let share = ((exact + u64::from(total) / 2) / u64::from(total)).max(1);
                shares[symbol] = u16::try_from(share).unwrap_or(u16::MAX);
                given += u32::from(shares[symbol]);
                if counts[symbol] > counts[largest] || counts[largest] == 0 {
                    largest = symbol;
                }
            }
        }
        // Rounding leaves a little over or takes a little too much; the commonest symbols notice it least.
        while given != size {
            if given < size {
                shares[largest] += u16::try_from(size - given).unwrap_or(0);
                given = size;
            } else {
                let Some(richest) = (0..used).max_by_key(|&symbol| (shares[symbol], used - symbol)) else {
                    break;
                };
                let taken = (given - size).min(u32::from(shares[richest]) / 2).max(1);
                shares[richest] -= u16::try_from(taken).unwrap_or(1);
                given -= taken;
            }
        }
        Self { log, shares }
    }

    /// Appends the description of the table.
    pub(super) fn describe(&self, out: &mut Vec<u8>) {
        let mut bits = BitWriter::new(out, 128);
        let size = 1u32 << self.log;
        let mut width = self.log + 1;
        let mut remaining = size + 1;
        let mut threshold = size;
        bits.add(u64::from(self.log - 5), 4);
        let mut symbol = 0;
        let mut after_zero = false;
        while symbol < self.shares.len() && remaining > 1 {
            if after_zero {
                let mut zeros = self.shares[symbol..]
                    .iter()
                    .take_while(|&&share| share == 0)
                    .count();
                symbol += zeros;
                while zeros >= 3 {
                    bits.add(3, 2);
                    bits.flush();
                    zeros -= 3;
                }
                bits.add(zeros as u64, 2);
                bits.flush();
            }
            let share = u32::from(self.shares[symbol]);
            symbol += 1;
            let most = 2 * threshold - 1 - remaining;
            remaining -= share;
            let mut value = share + 1;
            if value >= threshold {
                value += most;
            }
            bits.add(u64::from(value), width - u32::from(value < most));
            bits.flush();
            after_zero = share == 0;
            while remaining < threshold {
                width -= 1;
                threshold >>= 1;
            }
        }
        bits.pad();
    }
}

impl Table {
    /// Builds the table that `shares` describes, in place.
    pub(super) fn build(&mut self, shares: &Shares) {
        let size = 1usize << shares.log;
        let mask = size - 1;
        self.log = shares.log;
        self.spread.clear();
        self.spread.resize(size, 0);
        let mut place = 0;
        for (symbol, &share) in (0u8..).zip(&shares.shares) {
            for _ in 0..share {
                self.spread[place] = symbol;
                place = (place + (size >> 1) + (size >> 3) + 3) & mask;
            }
        }
        self.symbols.clear();
        let mut starts = Vec::with_capacity(shares.shares.len());
        let mut total = 0i32;
        for &share in &shares.shares {
            starts.push(total.cast_unsigned() as usize);
            let share = i32::from(share);
            let transform = match share {
                0 => Transform::default(),
                1 => Transform {
                    bits: (shares.log << 16).wrapping_sub(1 << shares.log),
                    state: total - 1,
                },
                _ => {
                    let most = shares.log - (31 - (share - 1).leading_zeros());
                    let least_state = share.cast_unsigned() << most;
                    Transform {
                        bits: (most << 16).wrapping_sub(least_state),
                        state: total - share,
                    }
                }
            };
            self.symbols.push(transform);
            total += share;
        }
        self.next.resize(STATES, 0);
        self.symbols.resize(SYMBOLS, Transform::default());
        for (state, &symbol) in (size..).zip(&self.spread) {
            let start = &mut starts[usize::from(symbol)];
            self.next[*start] = u16::try_from(state).unwrap_or(u16::MAX);
            *start += 1;
        }
    }

    /// Builds a table of one symbol, which takes no bits at all.
    pub(super) fn build_single(&mut self) {
        self.log = 0;
        self.next.clear();
        self.next.resize(STATES, 0);
        self.symbols.clear();
        self.symbols.resize(SYMBOLS, Transform::default());
    }

    /// The table, ready to encode; `None` before it is built.
    #[inline(always)]
    pub(super) fn coder(&self) -> Option<Coder<'_>> {
        Some(Coder {
            log: self.log,
            next: self.next.first_chunk()?,
            symbols: self.symbols.first_chunk()?,
        })
    }
}

impl Coder<'_> {
    /// The state after a first symbol, which needs no bits.
    #[inline(always)]
    pub(super) fn start(&self, symbol: u8) -> u32 {
        let transform = self.symbols[usize::from(symbol) % SYMBOLS];
        let count = transform.bits.wrapping_add(1 << 15) >> 16;
        let value = (count << 16).wrapping_sub(transform.bits);
        self.follow(value >> count, transform)
    }

    /// Encodes a symbol and returns the state after it.
    #[inline(always)]
    pub(super) fn step(&self, state: u32, symbol: u8, bits: &mut BitWriter<'_>) -> u32 {
        let transform = self.symbols[usize::from(symbol) % SYMBOLS];
        let count = state.wrapping_add(transform.bits) >> 16;
        bits.add(u64::from(state & ((1 << count) - 1)), count);
        self.follow(state >> count, transform)
    }

    /// Writes the last state.
    #[inline(always)]
    pub(super) fn end(&self, state: u32, bits: &mut BitWriter<'_>) {
        bits.add(u64::from(state & ((1 << self.log) - 1)), self.log);
    }

    #[inline(always)]
    fn follow(&self, part: u32, transform: Transform) -> u32 {
        u32::from(self.next[part.wrapping_add_signed(transform.state) as usize % STATES])
    }
}
