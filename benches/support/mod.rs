//! The text that benchmarks work on.

use odmkit_engine::bench::{Shape, write_gct};

/// Samples of a matrix: as many as make rows of a usual length.
pub(crate) const SAMPLES: u64 = 500;

/// Rows of a matrix without its header, about 256 KiB of them: what a thread has before it at a time.
pub(crate) fn rows(shape: Shape) -> Vec<u8> {
    const WANTED: usize = 256 << 10;
    let mut text = Vec::new();
    write_gct(&mut text, shape, 200, SAMPLES).expect("memory can be written to");
    let end = |from: usize| from + memchr(&text[from..]) + 1;
    let body = end(end(end(0)));
    let mut to = body;
    while to < text.len() && to - body < WANTED {
        to = end(to);
    }
    text[body..to].to_vec()
}

fn memchr(text: &[u8]) -> usize {
    text.iter().position(|byte| *byte == b'\n').expect("a line ends")
}
