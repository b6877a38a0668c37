//! The largest memory of this process over a while, as Linux tells it.

/// Watches the largest memory from a moment on.
pub(super) struct Watch;

impl Watch {
    /// Begins anew; `None` where the system does not let itself be asked.
    pub(super) fn start() -> Option<Self> {
        // Writing 5 sets the mark back to what is held now (proc(5), clear_refs).
        std::fs::write("/proc/self/clear_refs", "5").ok()?;
        Some(Self)
    }

    /// The largest memory since the beginning, in bytes.
    #[expect(
        clippy::unused_self,
        reason = "there is nothing to ask before the watch has begun"
    )]
    pub(super) fn peak(&self) -> Option<u64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes * 1024)
    }
}
