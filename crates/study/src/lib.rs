//! What the files of one study are.
