//! Parquet, Arrow IPC, GCT and TSV writers.
