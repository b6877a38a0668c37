//! Ordered, bounded, parallel map.
