//! The sequences of a block: so many literals, then so many bytes from so far back (RFC 8878, section 3.1.1.3.2).

use super::bits::BitWriter;
use super::fse::{Shares, Table};

/// One match and the literals before it, in one word: 20 bits for the number of literals, 20 for the length of the
/// match, and 24 for its distance.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Sequence(u64);

impl Sequence {
    /// A sequence of counts below 2^20, with a match of 3 bytes at least. Its distance is 1 to 3 for a recent
    /// one, else the distance and 3.
    #[inline(always)]
    pub(super) const fn new(literals: usize, length: usize, distance: u32) -> Self {
        Self(literals as u64 | (length as u64) << 20 | (distance as u64) << 40)
    }

    /// The same with so many more bytes in the match.
    #[inline(always)]
    #[must_use]
    pub(super) const fn longer(self, bytes: usize) -> Self {
        Self(self.0 + ((bytes as u64) << 20))
    }

    /// One of two, computed and not branched on.
    #[inline(always)]
    pub(super) fn select(condition: bool, yes: Self, no: Self) -> Self {
        Self(std::hint::select_unpredictable(condition, yes.0, no.0))
    }

    /// The codes of its literals, its length, and its distance.
    #[inline(always)]
    fn codes(self) -> [u8; 3] {
        let distance = self.distance().ilog2();
        [
            literals_code(self.literals()),
            length_code(self.length()),
            (distance & 31) as u8,
        ]
    }

    #[inline(always)]
    const fn literals(self) -> u32 {
        (self.0 & 0xF_FFFF) as u32
    }

    #[inline(always)]
    const fn length(self) -> u32 {
        (self.0 >> 20 & 0xF_FFFF) as u32
    }

    #[inline(always)]
    const fn distance(self) -> u32 {
        (self.0 >> 40 & 0xFF_FFFF) as u32
    }
}

/// Tables kept from block to block.
#[derive(Debug, Default)]
pub(super) struct Tables {
    literals: Table,
    lengths: Table,
    distances: Table,
}

/// For lengths of literals from 16: the first of each code, and its further bits.
const LITERALS: [(u32, u8); 20] = [
    (16, 1),
    (18, 1),
    (20, 1),
    (22, 1),
    (24, 2),
    (28, 2),
    (32, 3),
    (40, 3),
    (48, 4),
    (64, 6),
    (128, 7),
    (256, 8),
    (512, 9),
    (1024, 10),
    (2048, 11),
    (4096, 12),
    (8192, 13),
    (16_384, 14),
    (32_768, 15),
    (65_536, 16),
];

/// For lengths of matches from 35: the first of each code, and its further bits.
const LENGTHS: [(u32, u8); 21] = [
    (35, 1),
    (37, 1),
    (39, 1),
    (41, 1),
    (43, 2),
    (47, 2),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 5),
    (131, 7),
    (259, 8),
    (515, 9),
    (1027, 10),
    (2051, 11),
    (4099, 12),
    (8195, 13),
    (16_387, 14),
    (32_771, 15),
    (65_539, 16),
];

impl Tables {
    /// Appends a sequences section.
    #[inline(always)]
    pub(super) fn encode(&mut self, out: &mut Vec<u8>, sequences: &[Sequence]) {
        let count = sequences.len();
        match count {
            0..128 => out.push(u8::try_from(count).unwrap_or(0)),
            128..0x7f00 => {
                let count = u16::try_from(count).unwrap_or(0) | 0x8000;
                out.extend(count.to_be_bytes());
            }
            _ => {
                out.push(255);
                out.extend(u16::try_from(count - 0x7f00).unwrap_or(u16::MAX).to_le_bytes());
            }
        }
        if count == 0 {
            return;
        }
        let counts = tally(sequences);
        let modes = out.len();
        out.push(0);
        let total = u32::try_from(count).unwrap_or(u32::MAX);
        // In this order the format wants them: literals, distances, lengths.
        let literals = prepare(out, &counts[0], total, 9, &mut self.literals);
        let distances = prepare(out, &counts[2], total, 8, &mut self.distances);
        let lengths = prepare(out, &counts[1], total, 9, &mut self.lengths);
        out[modes] = literals << 6 | distances << 4 | lengths << 2;
        self.write(out, sequences);
    }

    /// The last sequence first, because the reader starts at the end.
    #[inline(always)]
    fn write(&self, out: &mut Vec<u8>, sequences: &[Sequence]) {
        let mut bits = BitWriter::new(out, sequences.len() * 4 + 64);
        let mut sequences = sequences.iter().rev();
        let Some(&last) = sequences.next() else { return };
        let (Some(of_lengths), Some(of_distances), Some(of_literals)) = (
            self.lengths.coder(),
            self.distances.coder(),
            self.literals.coder(),
        ) else {
            return;
        };
        let codes = last.codes();
        let mut lengths = of_lengths.start(codes[1]);
        let mut distances = of_distances.start(codes[2]);
        let mut literals = of_literals.start(codes[0]);
        extra(&mut bits, last, codes);
        for &sequence in sequences {
            let codes = sequence.codes();
            // Of states, 26 bits at most; of a distance, 23 at most, for pages are below 2^23 bytes.
            distances = of_distances.step(distances, codes[2], &mut bits);
            lengths = of_lengths.step(lengths, codes[1], &mut bits);
            literals = of_literals.step(literals, codes[0], &mut bits);
            extra(&mut bits, sequence, codes);
        }
        of_lengths.end(lengths, &mut bits);
        of_distances.end(distances, &mut bits);
        of_literals.end(literals, &mut bits);
        bits.close();
    }
}

/// How often each code stands in some sequences: of literals, of lengths, of distances.
#[inline(always)]
fn tally(sequences: &[Sequence]) -> [[u32; 64]; 3] {
    // By turns into two tables: to count up what was only just counted up takes its time.
    let mut counts = [[[0u32; 64]; 3]; 2];
    let mut add = |table: usize, sequence: Sequence| {
        for (counts, code) in counts[table].iter_mut().zip(sequence.codes()) {
            counts[usize::from(code) % 64] += 1;
        }
    };
    let (pairs, rest) = sequences.as_chunks::<2>();
    for &[one, other] in pairs {
        add(0, one);
        add(1, other);
    }
    for &one in rest {
        add(0, one);
    }
    let [mut counts, others] = counts;
    for (count, other) in counts.as_flattened_mut().iter_mut().zip(others.as_flattened()) {
        *count += other;
    }
    counts
}

/// The bits that tell apart the values of one code.
#[inline(always)]
fn extra(bits: &mut BitWriter<'_>, sequence: Sequence, codes: [u8; 3]) {
    if codes[0] >= 16 || codes[1] >= 32 {
        bits.flush();
        if codes[0] >= 16 {
            let (first, count) = LITERALS[usize::from(codes[0]) - 16];
            bits.add(u64::from(sequence.literals() - first), u32::from(count));
        }
        if codes[1] >= 32 {
            let (first, count) = LENGTHS[usize::from(codes[1]) - 32];
            bits.add(u64::from(sequence.length() - first), u32::from(count));
        }
    }
    let count = u32::from(codes[2]);
    bits.add(u64::from(sequence.distance() & ((1 << count) - 1)), count);
    bits.flush();
}

/// Builds a table and appends its description. Returns the mode: 2 for a described table, 1 where all codes are
/// the same.
fn prepare(out: &mut Vec<u8>, counts: &[u32], total: u32, most_log: u32, table: &mut Table) -> u8 {
    if let Some(only) = counts.iter().position(|&count| count == total) {
        out.push(u8::try_from(only).unwrap_or(0));
        table.build_single();
        return 1;
    }
    let shares = Shares::divide(counts, total, most_log);
    shares.describe(out);
    table.build(&shares);
    2
}

#[inline(always)]
fn literals_code(literals: u32) -> u8 {
    if literals < 16 {
        (literals & 15) as u8
    } else {
        15 + steps(&LITERALS, literals)
    }
}

#[inline(always)]
fn length_code(length: u32) -> u8 {
    if length < 35 {
        ((length - 3) & 31) as u8
    } else {
        31 + steps(&LENGTHS, length)
    }
}

/// How many codes begin at or below `value`.
fn steps(codes: &[(u32, u8)], value: u32) -> u8 {
    u8::try_from(codes.partition_point(|&(first, _)| first <= value)).unwrap_or(0)
}
