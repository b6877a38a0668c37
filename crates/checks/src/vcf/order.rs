//! Whether records stand in order: each chromosome in one piece, its positions ascending.

use std::collections::HashSet;
use std::sync::Arc;

use odmkit_core::Position;
use odmkit_diagnostics::{Diagnostic, Sink, Spread};

use crate::rules::v004_unsorted_vcf as v004;
use crate::{BlockStart, Spot};

/// Places of records out of order that are kept of each run.
const KEPT: usize = 5;

/// Records of one chromosome that follow each other in a block.
#[derive(Debug)]
pub(super) struct Run {
    chromosome: Box<[u8]>,
    /// Where its first record names it.
    start: Spot,
    /// Its first position that is one, and where that stands; its last.
    first: Option<(u32, Spot)>,
    last: Option<u32>,
    /// Records below the one before: how many, and the first of them.
    falls: u64,
    first_falls: Vec<Fall>,
    last_fall: Option<Spot>,
}

/// A position below the one before it.
#[derive(Debug, Clone, Copy)]
struct Fall {
    spot: Spot,
    found: u32,
    after: u32,
}

/// The runs of a block.
#[derive(Debug, Default)]
pub(super) struct Runs(Vec<Run>);

/// The order of all records so far.
#[derive(Debug, Default)]
pub(super) struct Order {
    seen: HashSet<Box<[u8]>>,
    current: Option<(Box<[u8]>, Option<u32>)>,
}

impl Runs {
    /// Takes in a record, with the places of its CHROM and POS; `position` is `None` where POS is none.
    pub(super) fn add(&mut self, chromosome: &[u8], spots: (Spot, Spot), position: Option<u32>) {
        let run = match self.0.last_mut() {
            Some(run) if *run.chromosome == *chromosome => run,
            _ => {
                self.0.push(Run {
                    chromosome: chromosome.into(),
                    start: spots.0,
                    first: position.map(|found| (found, spots.1)),
                    last: position,
                    falls: 0,
                    first_falls: Vec::new(),
                    last_fall: None,
                });
                return;
            }
        };
        let Some(found) = position else { return };
        if let Some(after) = run.last.filter(|after| *after > found) {
            run.falls += 1;
            let spot = spots.1;
            run.last_fall = Some(spot);
            if run.first_falls.len() < KEPT {
                run.first_falls.push(Fall { spot, found, after });
            }
        }
        run.first = run.first.or(Some((found, spots.1)));
        run.last = position;
    }
}

impl Order {
    /// Takes in the next block, and tells of what stands out of order in it, or between it and the one before.
    pub(super) fn absorb(&mut self, path: &Arc<str>, runs: Runs, start: &BlockStart, sink: &mut dyn Sink) {
        let mut told = Told::default();
        let mut split = Told::default();
        for run in runs.0 {
            let before = self.current.take();
            let before = before.filter(|(chromosome, _)| *chromosome == run.chromosome);
            if let Some((_, last)) = &before {
                if let (Some(after), Some((found, spot))) = (*last, run.first)
                    && found < after
                {
                    told.add(start.position(spot), |at| v004::position(path, at, found, after));
                }
            } else if !self.seen.insert(run.chromosome.clone()) {
                let name = String::from_utf8_lossy(&run.chromosome).into_owned();
                split.add(start.position(run.start), |at| v004::chromosome(path, at, &name));
            }
            for fall in &run.first_falls {
                told.add(start.position(fall.spot), |at| {
                    v004::position(path, at, fall.found, fall.after)
                });
            }
            if let Some(last) = run.last_fall {
                told.reach(start.position(last));
            }
            told.count += run.falls - run.first_falls.len() as u64;
            let last = run.last.or(before.and_then(|(_, last)| last));
            self.current = Some((run.chromosome, last));
        }
        told.report(path, sink);
        split.report(path, sink);
    }
}

/// What a block has out of order in one way, as one finding.
#[derive(Default)]
struct Told {
    count: u64,
    first: Option<Diagnostic>,
    reach: Option<Spread>,
}

impl Told {
    fn add(&mut self, at: Position, finding: impl FnOnce(Position) -> Diagnostic) {
        self.count += 1;
        self.reach(at);
        match &mut self.first {
            None => self.first = Some(finding(at)),
            // A report names a few places; the others are only counted.
            Some(first) if self.count <= KEPT as u64 => first.fold(&finding(at)),
            Some(_) => {}
        }
    }

    fn report(self, path: &Arc<str>, sink: &mut dyn Sink) {
        let Some(mut first) = self.first else { return };
        if sink.shows(first.rule, path, first.cause.as_deref()) {
            first = first.count(self.count);
            first.spread = self.reach.filter(|_| self.count > 1);
            sink.push(first);
        } else {
            sink.count(first.rule, path, self.count);
        }
    }

    fn reach(&mut self, at: Position) {
        let here = Spread::at(at);
        self.reach = Some(self.reach.map_or(here, |reach| reach.and(here)));
    }
}
