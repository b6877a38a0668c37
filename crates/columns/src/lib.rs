//! Numbers, missing tokens and typed columns.
