//! What a check has to say, as a model, and the renderers that write it.

pub mod model;

pub use model::{FileReport, Report, Summary, Verdict};
