//! The literals of a block (RFC 8878, sections 3.1.1.3.1 and 4.2).

use super::bits::BitWriter;
use super::fse::{Shares, Table};

/// The longest code that readers take.
const LONGEST: u32 = 11;

/// Below this many literals a table is not worth its bytes.
const FEWEST: usize = 64;

/// Appends a literals section.
#[inline(always)]
pub(super) fn encode(out: &mut Vec<u8>, literals: &[u8]) {
    let start = out.len();
    let mut counts = [0u32; 256];
    for &literal in literals {
        counts[usize::from(literal)] += 1;
    }
    if let Some(&first) = literals.first()
        && counts[usize::from(first)] as usize == literals.len()
        && literals.len() > 3
    {
        header(out, 1, literals.len());
        out.push(first);
        return;
    }
    if literals.len() >= FEWEST
        && !flat(&counts, literals.len())
        && compressed(out, literals, &counts)
        && out.len() - start < literals.len()
    {
        return;
    }
    out.truncate(start);
    header(out, 0, literals.len());
    out.extend_from_slice(literals);
}

/// Whether the bytes are so evenly spread that codes would save less than a hundredth.
fn flat(counts: &[u32; 256], total: usize) -> bool {
    let squares: u64 = counts.iter().map(|&count| u64::from(count).pow(2)).sum();
    let total = total as u64;
    squares * 256 * 10 < total * total * 11
}

/// The head of literals that are stored as they are (kind 0) or are one byte over and over (kind 1).
fn header(out: &mut Vec<u8>, kind: u32, length: usize) {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    let (head, bytes) = match length {
        0..32 => (kind | length << 3, 1),
        32..4096 => (kind | 1 << 2 | length << 4, 2),
        _ => (kind | 3 << 2 | length << 4, 3),
    };
    out.extend_from_slice(&head.to_le_bytes()[..bytes]);
}

/// Appends Huffman-coded literals in four streams; `false` when that is not possible.
#[inline(always)]
fn compressed(out: &mut Vec<u8>, literals: &[u8], counts: &[u32; 256]) -> bool {
    let start = out.len();
    // The head comes last, for it states the sizes: three formats, by the size of the literals.
    let (format, width) = if literals.len() < 1 << 10 {
        (1, 10)
    } else if literals.len() < 1 << 14 {
        (2, 14)
    } else {
        (3, 18)
    };
    let head_bytes = (4 + 2 * width) / 8;
    out.resize(start + head_bytes, 0);
    let Some(lengths) = code_lengths(counts) else {
        return false;
    };
    if !describe(out, &lengths) {
        return false;
    }
    let codes = codes(&lengths);
    let jump = out.len();
    out.extend([0; 6]);
    let part = literals.len().div_ceil(4);
    for (stream, piece) in literals.chunks(part).enumerate() {
        let before = out.len();
        write_stream(out, piece, &codes);
        if stream < 3 {
            let Ok(size) = u16::try_from(out.len() - before) else {
                return false;
            };
            out[jump + stream * 2..][..2].copy_from_slice(&size.to_le_bytes());
        }
    }
    let size = out.len() - start - head_bytes;
    let head = 2 | format << 2 | (literals.len() as u64) << 4 | (size as u64) << (4 + width);
    out[start..start + head_bytes].copy_from_slice(&head.to_le_bytes()[..head_bytes]);
    size < 1 << width
}

/// Last literal first, so that the reader, who starts at the end, meets the first one first.
#[inline(always)]
fn write_stream(out: &mut Vec<u8>, literals: &[u8], codes: &[(u16, u8); 256]) {
    let mut bits = BitWriter::new(out, literals.len() + 16);
    let (whole, rest) = literals.as_chunks::<4>();
    for &literal in rest.iter().rev() {
        let (code, length) = codes[usize::from(literal)];
        bits.add(u64::from(code), u32::from(length));
    }
    bits.flush();
    for four in whole.iter().rev() {
        for &literal in four.iter().rev() {
            let (code, length) = codes[usize::from(literal)];
            bits.add(u64::from(code), u32::from(length));
        }
        bits.flush();
    }
    bits.close();
}

/// The length of each byte's code; 0 for bytes that do not occur. No length exceeds [`LONGEST`].
fn code_lengths(counts: &[u32; 256]) -> Option<[u8; 256]> {
    let mut leaves: Vec<(u32, u8)> = (0u8..=255)
        .map(|byte| (counts[usize::from(byte)], byte))
        .filter(|leaf| leaf.0 > 0)
        .collect();
    leaves.sort_unstable();
    let depths = tree_depths(&leaves);
    // How many codes there are of each length, those that are too long cut off.
    let mut of_length = [0u32; LONGEST as usize + 1];
    for depth in depths {
        of_length[depth.min(LONGEST) as usize] += 1;
    }
    // Cutting made the codes too dense: lengthen the longest of the shorter ones until they fit again.
    let full = 1u32 << LONGEST;
    let mut taken: u32 = (1..=LONGEST)
        .map(|length| of_length[length as usize] << (LONGEST - length))
        .sum();
    while taken > full {
        let Some(length) = (1..LONGEST).rev().find(|&length| of_length[length as usize] > 0) else {
            break;
        };
        of_length[length as usize] -= 1;
        of_length[length as usize + 1] += 1;
        taken -= 1 << (LONGEST - length - 1);
    }
    // A code must be complete: what is left over goes to the longest codes, which become shorter.
    while taken < full {
        let room = full - taken;
        let Some(length) = (2..=LONGEST)
            .rev()
            .find(|&length| of_length[length as usize] > 0 && 1 << (LONGEST - length) <= room)
        else {
            break;
        };
        of_length[length as usize] -= 1;
        of_length[length as usize - 1] += 1;
        taken += 1 << (LONGEST - length);
    }
    let mut lengths = [0; 256];
    let mut rarest_first = leaves.iter();
    for length in (1..=LONGEST).rev() {
        for (_, byte) in rarest_first.by_ref().take(of_length[length as usize] as usize) {
            lengths[usize::from(*byte)] = u8::try_from(length).unwrap_or(0);
        }
    }
    (taken == full).then_some(lengths)
}

/// The depth of each leaf of a Huffman tree over leaves in ascending order of count.
fn tree_depths(leaves: &[(u32, u8)]) -> Vec<u32> {
    // Two queues: leaves, and the nodes made of them, which come out in ascending order by themselves.
    let count = leaves.len();
    let mut weights: Vec<u32> = leaves.iter().map(|leaf| leaf.0).collect();
    let mut parents = vec![0usize; 2 * count - 1];
    let (mut leaf, mut node) = (0, count);
    for made in count..2 * count - 1 {
        let mut weight = 0;
        for _ in 0..2 {
            let next = if leaf < count && (node >= made || weights[leaf] <= weights[node]) {
                leaf += 1;
                leaf - 1
            } else {
                node += 1;
                node - 1
            };
            weight += weights[next];
            parents[next] = made;
        }
        weights.push(weight);
    }
    let mut depths = vec![0u32; 2 * count - 1];
    for node in (0..2 * count - 2).rev() {
        depths[node] = depths[parents[node]] + 1;
    }
    depths.truncate(count);
    depths
}

/// The code of each byte: among codes of one length in ascending order, longer ones before shorter ones.
fn codes(lengths: &[u8; 256]) -> [(u16, u8); 256] {
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let mut next = [0u16; LONGEST as usize + 2];
    let mut first = 0u16;
    for length in (1..=longest).rev() {
        next[usize::from(length)] = first;
        let here: u16 = lengths.iter().map(|&other| u16::from(other == length)).sum();
        first = (first + here) >> 1;
    }
    let mut codes = [(0, 0); 256];
    for (code, &length) in codes.iter_mut().zip(lengths) {
        if length > 0 {
            *code = (next[usize::from(length)], length);
            next[usize::from(length)] += 1;
        }
    }
    codes
}

/// Appends the description of the code: a weight per byte value, the last one left out.
fn describe(out: &mut Vec<u8>, lengths: &[u8; 256]) -> bool {
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let Some(last) = lengths.iter().rposition(|&length| length > 0) else {
        return false;
    };
    let weights: Vec<u8> = lengths[..last]
        .iter()
        .map(|&length| if length == 0 { 0 } else { longest + 1 - length })
        .collect();
    let start = out.len();
    out.push(0);
    if describe_packed(out, &weights) {
        let size = out.len() - start - 1;
        if size < 128 && size < weights.len().div_ceil(2) {
            out[start] = u8::try_from(size).unwrap_or(0);
            return true;
        }
    }
    out.truncate(start);
    // Four bits each, for the first 128 at most.
    let Ok(count) = u8::try_from(weights.len() + 127) else {
        return false;
    };
    out.push(count);
    out.extend(
        weights
            .chunks(2)
            .map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)),
    );
    true
}

/// Appends weights in finite state entropy, with two states that take turns.
fn describe_packed(out: &mut Vec<u8>, weights: &[u8]) -> bool {
    let mut counts = [0u32; LONGEST as usize + 2];
    for &weight in weights {
        counts[usize::from(weight)] += 1;
    }
    if weights.len() < 3 || counts.iter().filter(|&&count| count > 0).count() < 2 {
        return false;
    }
    let shares = Shares::divide(&counts, u32::try_from(weights.len()).unwrap_or(u32::MAX), 6);
    shares.describe(out);
    let mut table = Table::default();
    table.build(&shares);
    let Some(table) = table.coder() else { return false };
    let mut bits = BitWriter::new(out, 128);
    // The reader's first state takes the symbols at even places, its second those at odd ones.
    let mut states: [Option<u32>; 2] = [None; 2];
    for (at, &weight) in weights.iter().enumerate().rev() {
        let state = &mut states[at % 2];
        *state = Some(match *state {
            None => table.start(weight),
            Some(state) => table.step(state, weight, &mut bits),
        });
        bits.flush();
    }
    for state in [states[1], states[0]].into_iter().flatten() {
        table.end(state, &mut bits);
    }
    bits.close();
    true
}
