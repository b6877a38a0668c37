//! The values of a matrix, taken as the check goes over its rows: what can be counted is counted, and the numbers are
//! held for the medians as far as memory goes.

use std::sync::{Mutex, OnceLock, PoisonError};

use odmkit_checks::matrix::MatrixLayout;
use odmkit_columns::kernel::Kernel;
use odmkit_columns::rows::{RowShape, WatchRows};
use odmkit_core::Position;
use odmkit_input::Input;

use super::sample;
use super::sieve::{Beside, Bounds, Sample, Sieve};
use super::sums::{Kept, LANES, Lanes, Sums};
use super::tally::Tally;
use crate::Resources;

/// What a pass over rows is to find.
#[derive(Debug)]
pub(crate) struct Values {
    pub(super) tallies: Vec<Tally>,
    /// Rows with their numbers, in the order of the file.
    pub(super) blocks: Vec<Block>,
    /// The first columns, of which the numbers are held.
    pub(super) held: usize,
    /// What is known of numbers that the sieve has not left.
    pub(super) beside: Vec<Beside>,
    /// Whether every row has the columns of the header.
    pub(super) even: bool,
    rows: usize,
    /// Numbers that are held, and how many may be.
    count: usize,
    most: usize,
}

/// What was read of some rows.
#[derive(Debug)]
pub(crate) struct Block {
    pub(super) rows: usize,
    /// The figures of its columns, group by group.
    pub(super) figures: Vec<Lanes>,
    /// The numbers that are held: finite ones, column by column, those of a column in no order.
    pub(super) values: Vec<f64>,
    /// Where each column ends among them.
    pub(super) ends: Vec<u32>,
    /// Whether the sieve has been at work.
    pub(super) sifted: bool,
}

/// A thread's buffers, used again for each block.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    ends: Vec<u32>,
    kept: Kept,
}

/// Reads rows for their values alone, on any thread.
#[derive(Debug)]
pub(crate) struct Reader {
    kernel: Kernel,
    shape: RowShape,
    open: Sieve,
    /// It is known once enough was read.
    sieve: OnceLock<Sieve>,
    /// Figures of blocks that were taken in: the memory is used again.
    used: Mutex<Vec<Vec<Lanes>>>,
}

/// Rows of other widths than the header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ragged;

/// A sieve is worth its while from so many values on, and of no use with fewer rows.
pub(super) const FIRST_VALUES: usize = 1 << 19;
pub(super) const FIRST_ROWS: usize = 256;

impl Reader {
    /// What reads the rows of a matrix.
    pub(crate) fn new(layout: &MatrixLayout, kernel: Kernel) -> Self {
        Self::of(layout, kernel, |_| true)
    }

    /// What reads the numbers of the columns that are wanted.
    pub(super) fn of(layout: &MatrixLayout, kernel: Kernel, wanted: impl Fn(usize) -> bool) -> Self {
        let shape = RowShape {
            width: layout.width(),
            // What describes the feature is not looked at.
            numeric_features: vec![false; layout.features],
        };
        Self {
            kernel,
            open: Sieve::open(shape.value_columns(), wanted),
            shape,
            sieve: OnceLock::new(),
            used: Mutex::default(),
        }
    }

    /// Looks at rows from all over the file before all of them are read, where that is of use.
    pub(crate) fn look_ahead(&self, input: &mut Input, body: Position, resources: &Resources) {
        if let Some(sieve) = sample::sieve(self, input, body, resources) {
            self.sieve.get_or_init(|| sieve);
        }
    }

    /// Reads a block of rows, while somebody looks on.
    pub(crate) fn read<W: WatchRows>(
        &self,
        block: &[u8],
        buffers: &mut Buffers,
        watcher: &mut W,
    ) -> Result<Block, Ragged> {
        self.read_through(self.sieve.get(), block, buffers, watcher)
    }

    /// The same through another sieve, or without one.
    pub(super) fn read_through<W: WatchRows>(
        &self,
        sieve: Option<&Sieve>,
        block: &[u8],
        buffers: &mut Buffers,
        watcher: &mut W,
    ) -> Result<Block, Ragged> {
        let Buffers { ends, kept } = buffers;
        let sieve = sieve.unwrap_or(&self.open);
        let mut sums = Sums::new(
            self.kernel,
            sieve,
            self.value_columns(),
            kept,
            self.used_figures(),
        );
        self.shape
            .read_for(self.kernel, block, ends, &mut sums, watcher)
            .map_err(|_| Ragged)?;
        Ok(sums.finish())
    }

    fn used_figures(&self) -> Vec<Lanes> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.pop().unwrap_or_default()
    }

    /// Takes figures that are done with.
    pub(super) fn use_again(&self, figures: Vec<Lanes>) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.push(figures);
    }

    /// Where the middle of each column was looked for, if not everywhere.
    pub(super) fn sieve(&self) -> Option<&Sieve> {
        self.sieve.get()
    }

    /// The columns of values.
    pub(crate) fn value_columns(&self) -> usize {
        self.shape.value_columns()
    }
}

impl Values {
    /// Room for the values of so many columns.
    pub(crate) fn new(columns: usize, resources: &Resources) -> Self {
        Self {
            tallies: vec![Tally::default(); columns],
            blocks: Vec::new(),
            held: columns,
            beside: vec![Beside::default(); columns],
            even: true,
            rows: 0,
            count: 0,
            most: resources.export_bytes() / 16,
        }
    }

    /// Takes in the next rows. Where memory is full, the later half of the columns is let go: it is read again.
    pub(crate) fn take(&mut self, block: Result<Block, Ragged>, reader: &Reader) {
        let Ok(mut block) = block else {
            self.even = false;
            self.blocks = Vec::new();
            return;
        };
        if !self.even {
            return;
        }
        for (column, all) in self.tallies.iter_mut().enumerate() {
            all.add(&block.figures[column / LANES].tally(column % LANES, block.rows));
        }
        self.rows += block.rows;
        if let Some(sieve) = reader.sieve() {
            self.sift(sieve, &mut block);
        }
        reader.use_again(std::mem::take(&mut block.figures));
        block.keep(self.held);
        self.count += block.cost();
        self.blocks.push(block);
        if reader.sieve().is_none() && self.is_enough() {
            let sieve = reader.sieve.get_or_init(|| {
                let bounds = Bounds::of_columns(&self.blocks, 0..self.held, None, Sample::First);
                Sieve::between(&bounds)
            });
            let mut blocks = std::mem::take(&mut self.blocks);
            for block in &mut blocks {
                self.sift(sieve, block);
            }
            self.blocks = blocks;
            self.recount();
        }
        while self.count > self.most && self.held > 0 {
            self.held /= 2;
            self.blocks.iter_mut().for_each(|block| block.keep(self.held));
            self.recount();
        }
    }

    /// Whether the first rows are enough to guess by. Later there may be no room for more.
    fn is_enough(&self) -> bool {
        let many = self.count >= FIRST_VALUES && self.rows >= FIRST_ROWS;
        self.held == self.tallies.len() && (many || self.count > self.most / 2)
    }

    fn sift(&mut self, sieve: &Sieve, block: &mut Block) {
        if block.sifted {
            for (column, all) in self.beside.iter_mut().enumerate() {
                all.add(&block.beside(column, sieve));
            }
        } else {
            sieve.sift(block, &mut self.beside);
        }
    }

    fn recount(&mut self) {
        self.count = self.blocks.iter().map(Block::cost).sum();
    }
}

impl Block {
    /// Lets all but the first columns go. What stays is copied: many blocks cut short where they lie would leave memory
    /// in pieces that are too small for the next ones.
    fn keep(&mut self, columns: usize) {
        if columns < self.ends.len() {
            self.ends = self.ends[..columns].to_vec();
            let end = self.ends.last().map_or(0, |end| *end as usize);
            self.values = self.values[..end].to_vec();
        }
    }

    /// The numbers of a column.
    pub(super) fn column(&self, column: usize) -> &[f64] {
        let begin = if column == 0 { 0 } else { self.ends[column - 1] };
        &self.values[begin as usize..self.ends[column] as usize]
    }

    /// What the sieve did not keep of a column.
    pub(super) fn beside(&self, column: usize, sieve: &Sieve) -> Beside {
        self.figures[column / LANES].beside(column % LANES, sieve.of(column))
    }

    /// What it takes, in values.
    fn cost(&self) -> usize {
        self.values.len() + self.ends.len().div_ceil(2)
    }
}
