//! The example of a rule: files that give its finding, and what is typed.

/// A small case that gives a rule's finding. Tests run every one, and the pages of the rules show what came of it.
///
/// In the files, what cannot be seen is written in angle brackets: `<TAB>`, `<CR>`, `<NUL>`, any other byte by its
/// two hexadecimal digits as in `<FC>`, and a letter that is repeated as in `<x, 256 times>`.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// What is typed after `odmkit check`.
    pub command: &'static str,
    /// The names of the files, and what stands in them.
    pub files: &'static [(&'static str, &'static str)],
}

impl Example {
    /// No example.
    pub const NONE: Self = Self {
        command: "",
        files: &[],
    };
}
