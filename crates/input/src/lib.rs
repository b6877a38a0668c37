//! Paths and streams to newline-aligned blocks.
