//! Names that were there before, put into the order of their places however many there are.

use std::io::{self, BufReader, Read};

use super::spill::{Extent, ExtentReader, Spill};
use super::{HEAD, read_whole, words};

/// A name that was there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repeat {
    pub(super) line: u64,
    pub(super) byte: u64,
    /// The line where it was first.
    pub(super) first: u64,
    pub(super) text: Box<[u8]>,
}

/// Some in memory, and runs of them in order in a temporary file.
pub(super) struct Repeats {
    held: Vec<Repeat>,
    bytes: usize,
    budget: usize,
    spill: Option<Spill>,
    runs: Vec<Extent>,
}

/// Runs that are read at once at the most, each with a buffer.
const BUFFER: usize = 16 << 10;

impl Repeats {
    pub(super) fn new(budget: usize) -> Self {
        Self {
            held: Vec::new(),
            bytes: 0,
            budget,
            spill: None,
            runs: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, repeat: Repeat) -> io::Result<()> {
        // What the allocator and a growing vector take is about as much as the record itself.
        self.bytes += repeat.text.len() + 2 * size_of::<Repeat>();
        self.held.push(repeat);
        if self.bytes > self.budget {
            self.write_run()?;
        }
        Ok(())
    }

    fn write_run(&mut self) -> io::Result<()> {
        self.held.sort_unstable_by_key(|repeat| repeat.line);
        let mut bytes = Vec::with_capacity(BUFFER);
        let spill = match &mut self.spill {
            Some(spill) => spill,
            none => none.insert(Spill::new()?),
        };
        let mut run: Option<Extent> = None;
        for repeat in self.held.drain(..) {
            for word in [repeat.line, repeat.byte, repeat.first, repeat.text.len() as u64] {
                bytes.extend_from_slice(&word.to_le_bytes());
            }
            bytes.extend_from_slice(&repeat.text);
            if bytes.len() >= BUFFER {
                run = Some(Extent::joined(run, spill.append(&bytes)?));
                bytes.clear();
            }
        }
        if !bytes.is_empty() {
            run = Some(Extent::joined(run, spill.append(&bytes)?));
        }
        self.runs.extend(run);
        self.bytes = 0;
        Ok(())
    }

    /// Hands over all of them in the order of their lines.
    pub(super) fn finish(mut self, mut take: impl FnMut(&[u8], u64, u64, u64)) -> io::Result<()> {
        self.held.sort_unstable_by_key(|repeat| repeat.line);
        let mut runs = Vec::new();
        if let Some(spill) = &self.spill {
            for run in &self.runs {
                runs.extend(Run::new(spill.read(*run))?);
            }
        }
        let mut held = self.held.into_iter().peekable();
        loop {
            let earliest = runs.iter().enumerate().min_by_key(|(_, run)| run.next.line);
            let earliest = earliest.map(|(at, run)| (at, run.next.line));
            let repeat = match (earliest, held.peek()) {
                (Some((at, line)), next) if next.is_none_or(|next| line < next.line) => {
                    if let Some(later) = Repeat::read(&mut runs[at].reader)? {
                        std::mem::replace(&mut runs[at].next, later)
                    } else {
                        runs.swap_remove(at).next
                    }
                }
                (_, Some(_)) => match held.next() {
                    Some(repeat) => repeat,
                    None => return Ok(()),
                },
                _ => return Ok(()),
            };
            take(&repeat.text, repeat.line, repeat.byte, repeat.first);
        }
    }
}

/// A run as it is read: the next of it.
struct Run<'a> {
    next: Repeat,
    reader: BufReader<ExtentReader<'a>>,
}

impl<'a> Run<'a> {
    fn new(reader: ExtentReader<'a>) -> io::Result<Option<Self>> {
        let mut reader = BufReader::with_capacity(BUFFER, reader);
        Ok(Repeat::read(&mut reader)?.map(|next| Self { next, reader }))
    }
}

impl Repeat {
    fn read(reader: &mut impl Read) -> io::Result<Option<Self>> {
        let mut bytes = [0; HEAD];
        if !read_whole(reader, &mut bytes)? {
            return Ok(None);
        }
        let [line, byte, first, length] = words(&bytes);
        let mut text = Vec::new();
        reader.take(length).read_to_end(&mut text)?;
        Ok(Some(Self {
            line,
            byte,
            first,
            text: text.into(),
        }))
    }
}
