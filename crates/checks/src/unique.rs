//! Which names stand more than once: exactly, however many there are, in bounded memory.
//!
//! Names are kept with a hash of 64 bits in shards by the first bits of it. Where they grow beyond the memory that is
//! meant for them, the shards go to a temporary file that has no name. At the end each shard is looked at by itself:
//! only names whose hashes are equal can be equal, and these, few or none, are compared as texts. So a hash that two
//! names share costs a comparison and no mistake, and no name is ever taken from the file that is checked a second
//! time: it may be a pipe.

mod repeats;
mod spill;

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::io::{self, Read};
use std::sync::LazyLock;

use foldhash::quality::RandomState;
use repeats::{Repeat, Repeats};
use spill::{Extent, Spill};

use crate::rules::t012_quoted_field;

/// The names of one block: their texts one after another, and where each ends and stands.
#[derive(Debug, Default)]
pub(crate) struct BlockNames {
    texts: Vec<u8>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    hash: u64,
    end: usize,
    line: u64,
    byte: u64,
}

/// Hashes differ from run to run: nobody can make a file whose names all have the same.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::default);

impl BlockNames {
    /// Takes a name that stands so many lines and bytes after the beginning of the block.
    pub(crate) fn push(&mut self, text: &[u8], line: u64, byte: u64) {
        self.texts.extend_from_slice(text);
        self.rows.push(Row {
            // Names that only quotes tell apart are looked at together.
            hash: HASHER.hash_one(&*meant(text)),
            end: self.texts.len(),
            line,
            byte,
        });
    }
}

/// Two names that only quotes tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twins {
    /// The name without quotes.
    pub name: String,
    /// The line of the first.
    pub first: u64,
    /// The line of the second.
    pub line: u64,
}

/// A name as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    hash: u64,
    line: u64,
    byte: u64,
    length: u64,
}

/// Bytes of a [`Head`] as it is kept.
const HEAD: usize = 32;
/// Bits of the hash that say which shard a name is in.
const SHARD_BITS: u32 = 6;

/// All names so far.
#[derive(Debug)]
pub(crate) struct Names {
    shards: Vec<Shard>,
    held: usize,
    budget: usize,
    spill: Option<Spill>,
}

#[derive(Debug, Default)]
struct Shard {
    held: Vec<u8>,
    spilled: Vec<Extent>,
    names: u64,
    bytes: u64,
}

impl Names {
    /// No names, and the bytes of memory that they may take.
    pub(crate) fn new(budget: usize) -> Self {
        Self {
            shards: (0..1 << SHARD_BITS).map(|_| Shard::default()).collect(),
            held: 0,
            budget,
            spill: None,
        }
    }

    /// Takes in the names of the next block, of whose beginning the line and the byte are given.
    ///
    /// # Errors
    ///
    /// Where the temporary file cannot be made or written.
    pub(crate) fn absorb(&mut self, names: &BlockNames, line: u64, byte: u64) -> io::Result<()> {
        let mut from = 0;
        for row in &names.rows {
            let text = &names.texts[from..row.end];
            from = row.end;
            let shard = &mut self.shards[(row.hash >> (64 - SHARD_BITS)) as usize];
            let before = shard.held.len();
            for word in [row.hash, line + row.line, byte + row.byte, text.len() as u64] {
                shard.held.extend_from_slice(&word.to_le_bytes());
            }
            shard.held.extend_from_slice(text);
            shard.names += 1;
            shard.bytes += (shard.held.len() - before) as u64;
            self.held += shard.held.len() - before;
        }
        // A vector that grows holds up to twice what is in it.
        if self.held > self.budget / 2 {
            self.spill()?;
        }
        Ok(())
    }

    /// Tells of every name that was there before, in the order of their places: the text, its line, its byte, and the
    /// line of the first. Gives the first two names that only quotes tell apart.
    ///
    /// # Errors
    ///
    /// Where the temporary file cannot be written or read.
    pub(crate) fn finish(mut self, repeated: impl FnMut(&[u8], u64, u64, u64)) -> io::Result<Option<Twins>> {
        if self.spill.is_some() {
            self.spill()?;
        }
        let spill = self.spill.as_ref();
        let mut repeats = Repeats::new(self.budget / 2);
        let mut seen = Seen::default();
        let mut twins: Option<Twins> = None;
        for shard in &self.shards {
            // Memory for a table of hashes and, at the worst, all of its names in pairs.
            let wanted = shard.bytes + shard.names * 64;
            let parts = wanted / (self.budget as u64).max(1) + 1;
            for part in 0..parts {
                let part = Part { part, parts };
                seen.find(shard, spill, part)?;
                if !seen.twice.is_empty() {
                    let found = compare(shard, spill, part, &seen.twice, &mut repeats)?;
                    let both = twins.take().into_iter().chain(found);
                    twins = both.min_by_key(|twins| twins.line);
                }
            }
        }
        repeats.finish(repeated)?;
        Ok(twins)
    }

    fn spill(&mut self) -> io::Result<()> {
        let spill = match &mut self.spill {
            Some(spill) => spill,
            none => none.insert(Spill::new()?),
        };
        for shard in &mut self.shards {
            if !shard.held.is_empty() {
                shard.spilled.push(spill.append(&shard.held)?);
                shard.held = Vec::new();
            }
        }
        self.held = 0;
        Ok(())
    }
}

/// One of so many parts of a shard, by other bits of the hash.
#[derive(Clone, Copy)]
struct Part {
    part: u64,
    parts: u64,
}

impl Part {
    fn has(self, hash: u64) -> bool {
        self.parts == 1 || (hash >> 8) % self.parts == self.part
    }
}

impl Shard {
    /// Hands over all names in the order of their places; the texts only where they are wanted.
    fn each(
        &self,
        spill: Option<&Spill>,
        mut wanted: impl FnMut(&Head) -> bool,
        mut take: impl FnMut(Head, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut text = Vec::new();
        for extent in &self.spilled {
            // What was spilled once has a spill.
            let Some(spill) = spill else { break };
            let mut reader = io::BufReader::with_capacity(64 << 10, spill.read(*extent));
            while let Some(head) = Head::read(&mut reader)? {
                if wanted(&head) {
                    text.clear();
                    (&mut reader).take(head.length).read_to_end(&mut text)?;
                    take(head, &text)?;
                } else {
                    io::copy(&mut (&mut reader).take(head.length), &mut io::sink())?;
                }
            }
        }
        let mut held = self.held.as_slice();
        while let Some(head) = Head::read(&mut held)? {
            let (text, rest) =
                held.split_at(usize::try_from(head.length).unwrap_or(usize::MAX).min(held.len()));
            held = rest;
            if wanted(&head) {
                take(head, text)?;
            }
        }
        Ok(())
    }
}

impl Head {
    fn read(reader: &mut impl Read) -> io::Result<Option<Self>> {
        let mut bytes = [0; HEAD];
        if !read_whole(reader, &mut bytes)? {
            return Ok(None);
        }
        let [hash, line, byte, length] = words(&bytes);
        Ok(Some(Self {
            hash,
            line,
            byte,
            length,
        }))
    }
}

/// Fills the bytes; false where there is nothing more to read.
fn read_whole(reader: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    let first = loop {
        match reader.read(bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => break other?,
        }
    };
    if first == 0 {
        return Ok(false);
    }
    reader.read_exact(&mut bytes[first..])?;
    Ok(true)
}

fn words<const N: usize>(bytes: &[u8]) -> [u64; N] {
    let (words, _) = bytes.as_chunks::<8>();
    std::array::from_fn(|at| words.get(at).map_or(0, |word| u64::from_le_bytes(*word)))
}

/// The hashes of a part of a shard: an open table, used again, and those that were there twice.
#[derive(Default)]
struct Seen {
    /// Zero where there is none.
    slots: Vec<u64>,
    used: usize,
    twice: Vec<u64>,
}

impl Seen {
    /// Finds the hashes that more than one name has.
    fn find(&mut self, shard: &Shard, spill: Option<&Spill>, part: Part) -> io::Result<()> {
        let expected = usize::try_from(shard.names / part.parts).unwrap_or(usize::MAX);
        self.slots.clear();
        self.slots.resize((expected * 2).next_power_of_two().max(16), 0);
        self.used = 0;
        self.twice.clear();
        let look = |head: &Head| {
            if part.has(head.hash) {
                self.insert(head.hash.max(1));
            }
            false
        };
        shard.each(spill, look, |_, _| Ok(()))?;
        self.twice.sort_unstable();
        self.twice.dedup();
        Ok(())
    }

    fn insert(&mut self, hash: u64) {
        if self.used * 4 > self.slots.len() * 3 {
            let larger = vec![0; self.slots.len() * 2];
            for old in std::mem::replace(&mut self.slots, larger) {
                if old != 0 {
                    *self.slot(old) = old;
                }
            }
        }
        let slot = self.slot(hash);
        if *slot == hash {
            if self.twice.last() != Some(&hash) {
                self.twice.push(hash);
                // All names alike would else make a long list of one hash.
                if self.twice.len() > self.slots.len() {
                    self.twice.sort_unstable();
                    self.twice.dedup();
                }
            }
        } else {
            *slot = hash;
            self.used += 1;
        }
    }

    /// Where the hash is, or may be put.
    fn slot(&mut self, hash: u64) -> &mut u64 {
        let mask = self.slots.len() - 1;
        // The first bits are the same in the whole shard; the last are not.
        let mut at = usize::try_from(hash & mask as u64).unwrap_or_default();
        while self.slots[at] != 0 && self.slots[at] != hash {
            at = (at + 1) & mask;
        }
        &mut self.slots[at]
    }
}

/// Compares the texts of names that have one of the hashes.
fn compare(
    shard: &Shard,
    spill: Option<&Spill>,
    part: Part,
    twice: &[u64],
    repeats: &mut Repeats,
) -> io::Result<Option<Twins>> {
    let mut first: HashMap<Box<[u8]>, u64> = HashMap::new();
    let mut meanings: HashMap<Box<[u8]>, u64> = HashMap::new();
    let mut twins: Option<Twins> = None;
    shard.each(
        spill,
        |head| part.has(head.hash) && twice.binary_search(&head.hash.max(1)).is_ok(),
        |head, text| {
            if let Some(&first) = first.get(text) {
                return repeats.push(Repeat {
                    line: head.line,
                    byte: head.byte,
                    first,
                    text: text.into(),
                });
            }
            first.insert(text.into(), head.line);
            let name = meant(text);
            if let Some(&first) = meanings.get(&*name) {
                let found = || Twins {
                    name: String::from_utf8_lossy(&name).replace('\t', " | "),
                    first,
                    line: head.line,
                };
                twins.get_or_insert_with(found);
            } else {
                meanings.insert(name.into(), head.line);
            }
            Ok(())
        },
    )?;
    Ok(twins)
}

/// What is meant by the name of a row, or by the parts of one.
fn meant(name: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'"', name).is_none() {
        return Cow::Borrowed(name);
    }
    let parts = name.split(|byte| *byte == b'\t').map(t012_quoted_field::meant);
    Cow::Owned(parts.collect::<Vec<_>>().join(&b'\t'))
}

#[cfg(test)]
#[path = "unique/tests.rs"]
mod tests;
