//! What the files of one study are: what each file holds, what `study.toml` says, and how they hang together.
//!
//! Nothing here opens a file. [`detect()`] judges a name and the first bytes, [`Manifest::parse`] a text, and
//! [`Study`] asks a [`Heads`] for listings and heads, which a test answers from memory.

pub mod detect;
pub mod frame;
pub mod graph;
pub mod head;
pub mod manifest;
pub mod names;

pub use detect::{Detected, Detection, Foreign, Unclear, detect};
pub use frame::{FeatureHint, FrameFacts, FrameHints, SeparatorHint};
pub use graph::{Content, Entity, Location, SkipReason, Skipped, Study};
pub use head::{HEAD_BYTES, Head, Heads};
pub use manifest::Manifest;
