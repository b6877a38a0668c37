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
