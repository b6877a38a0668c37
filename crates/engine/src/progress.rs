//! How far a run has come.

/// Is told how far a run has come. Calls come from several threads.
pub trait Progress: Sync {
    /// Work on something begins: what it is, and how many bytes it has where that is known.
    fn begin(&self, label: &str, total_bytes: Option<u64>);

    /// So many more bytes are done.
    fn advance(&self, bytes: u64);

    /// The work is done.
    fn end(&self);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _label: &str, _total_bytes: Option<u64>) {}
    fn advance(&self, _bytes: u64) {}
    fn end(&self) {}
}

/// Counts how often a text is gone through.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Passes(std::sync::atomic::AtomicUsize);

#[cfg(test)]
impl Passes {
    /// How often until now.
    pub(crate) fn count(&self) -> usize {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[cfg(test)]
impl Progress for Passes {
    fn begin(&self, _label: &str, _total_bytes: Option<u64>) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }
    fn advance(&self, _bytes: u64) {}
    fn end(&self) {}
}
