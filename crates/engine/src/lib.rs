//! Plans and runs: checking files, alone and together, and converting them.
//!
//! This is where threads, memory and progress are decided. The layers below know blocks, rows and rules; the
//! command line above knows flags and terminals.

pub mod bench;
pub mod check;
pub mod convert;
mod error;
pub mod fix;
mod heads;
pub mod init;
mod inputs;
pub mod inspect;
mod progress;
mod resources;
mod study;
mod whole;

pub use error::{EngineError, Need};
pub use heads::FileHeads;
pub use odmkit_columns::kernel::Kernel;
pub use progress::{NoProgress, Progress};
pub use resources::{Resources, RowFacts};
pub use study::each_study;
pub use whole::WholeFile;
