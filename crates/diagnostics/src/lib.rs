//! Findings: what is said of a file, under which rule, how gravely, and where findings are collected.
//!
//! A check pushes [`Diagnostic`]s into a [`Sink`] and knows nothing of terminals or formats. The
//! [`Collector`] is the one place where severities are overridden, findings of one cause are folded into one,
//! and the number shown per rule is capped while the counts stay exact.

pub mod advice;
pub mod code;
pub mod collector;
pub mod diagnostic;
pub mod example;
pub mod overrides;
pub mod rule;
pub mod sink;

pub use advice::{Advice, Given, Saying, Setting};
pub use code::Code;
pub use collector::{Collected, Collector};
pub use diagnostic::{Diagnostic, Fix, Place, Related, Spread};
pub use example::Example;
pub use overrides::{Overrides, Selector};
pub use rule::{Effect, Fixable, Rule, Severity};
pub use sink::Sink;
