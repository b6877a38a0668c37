//! What a check has to say, as a model, and the renderers that write it.
//!
//! Every renderer writes to an [`io::Write`](std::io::Write) as it goes. None looks at the terminal, opens a file
//! or starts a thread: colour is a flag, and source lines come from a [`Snippets`] that the caller supplies.

mod also;
pub mod excerpt;
pub mod github;
pub mod html;
pub mod human;
pub mod json;
mod link;
pub mod model;
pub mod sarif;
mod style;
mod text;
pub mod verdict;
pub mod wire;

pub use excerpt::{Around, NoSnippets, Snippets};
pub use github::write_github;
pub use html::write_html;
pub use human::{Detail, Human};
pub use json::{write_json, write_jsonl};
pub use model::{FileReport, LinkReport, Report, Summary, Verdict};
pub use sarif::write_sarif;
pub use text::{clip_quoted, columns as text_columns, counted, escape, found, grouped, wrap};
pub use wire::{SCHEMA, TOOL, Tool};

#[cfg(test)]
mod tests;
