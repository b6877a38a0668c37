//! Generators and helpers for tests.
