//! Grammars of the files that ODM takes. Bytes in, structure out: no I/O and no threads.
//!
//! A grammar takes what is known of the text so far and says either what it found or that it needs more; it
//! never judges. What is wrong with a file is for the rules to say, so a header is kept as it stands, faults
//! and all.

pub mod facs;
pub mod gct;
pub mod head;
pub mod lines;
pub mod mapping;
pub mod row;
pub mod table;
pub mod vcf;

pub use head::{HeadLines, HeaderLine, Name, NeedMore};
pub use lines::{Line, Lines, Terminator, fields};
pub use row::{Cutter, Row};
