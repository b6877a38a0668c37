//! Plans and runs: check and convert.
