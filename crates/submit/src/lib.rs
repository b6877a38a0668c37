//! Submission runs: order, state, resume, links.
