use std::collections::HashMap;

use proptest::prelude::*;

use super::{BlockNames, Names};

/// A repeated name: its text, its line, its byte, and the line of the first.
type Found = (Vec<u8>, u64, u64, u64);

/// The slow, obvious way: all names in one map.
fn slow(blocks: &[Vec<Vec<u8>>]) -> Vec<Found> {
    let mut first: HashMap<&[u8], u64> = HashMap::new();
    let mut found = Vec::new();
    for (text, line) in blocks.iter().flatten().zip(0..) {
        match first.get(text.as_slice()) {
            Some(&earlier) => found.push((text.clone(), line, line * 10, earlier)),
            None => drop(first.insert(text, line)),
        }
    }
    found
}

fn fast(blocks: &[Vec<Vec<u8>>], budget: usize) -> Vec<Found> {
    let mut names = Names::new(budget);
    let mut line = 0;
    for block in blocks {
        let mut of_block = BlockNames::default();
        for (text, at) in block.iter().zip(0..) {
            of_block.push(text, at, at * 10);
        }
        names
            .absorb(&of_block, line, line * 10)
            .expect("a temporary file");
        line += block.len() as u64;
    }
    let mut found = Vec::new();
    names
        .finish(|text, line, byte, first| found.push((text.to_vec(), line, byte, first)))
        .expect("a temporary file");
    found
}

proptest! {
    #[test]
    fn every_repeated_name_is_found_and_no_other(
        blocks in prop::collection::vec(prop::collection::vec("[ab]{0,6}".prop_map(String::into_bytes), 0..60), 0..8),
        budget in prop::sample::select(vec![0_usize, 1, 100, 1_000, 5_000, 1 << 20]),
    ) {
        prop_assert_eq!(fast(&blocks, budget), slow(&blocks));
    }
}

#[test]
fn many_names_are_told_apart_within_little_memory() {
    // Every seventh name is there twice, far from its first.
    let name =
        |at: u64| format!("FEATURE_{:08}", if at.is_multiple_of(7) { at / 2 } else { at }).into_bytes();
    let all: Vec<Vec<u8>> = (0..60_000).map(name).collect();
    let blocks: Vec<Vec<Vec<u8>>> = all.chunks(1_000).map(<[_]>::to_vec).collect();
    let expected = slow(&blocks);
    assert!(expected.len() > 1_000, "{}", expected.len());
    for budget in [64 << 10, 1 << 20, 1 << 30] {
        assert!(fast(&blocks, budget) == expected, "{budget}");
    }
}

#[test]
fn one_name_in_all_rows_is_told_in_order() {
    let blocks = vec![vec![b"same".to_vec(); 500]; 20];
    for budget in [1_000, 1 << 30] {
        assert_eq!(fast(&blocks, budget), slow(&blocks), "{budget}");
    }
}
