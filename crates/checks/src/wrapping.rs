//! What is told of the beginning and the end of a field, whatever it says.

/// What a check tells of around the text of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapping {
    /// Nothing.
    Untold,
    /// White space.
    Padding,
    /// White space and quotes.
    Quotes,
}

/// What a check tells of in a table that is neither a matrix nor metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrappings {
    /// Of the names of the columns.
    pub names: Vec<Wrapping>,
    /// Of the values of the columns.
    pub values: Vec<Wrapping>,
    /// Whether a line that begins with `#` is no row.
    pub comments: bool,
}
