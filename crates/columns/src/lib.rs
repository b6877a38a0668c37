//! Numbers, missing tokens and typed columns.

pub mod batch;
