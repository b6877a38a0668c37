//! The odmkit command line.
fn main() {}
