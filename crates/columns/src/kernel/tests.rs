use proptest::prelude::*;

use super::Kernel;
use crate::cell::{self, Cell};
use crate::missing::Missing;

/// Bytes that tables are made of, and some that they are not.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let likely = prop::sample::select(b"0123456789....--\t\t\t\n\r eE+,NAx\0\xC3".to_vec());
    prop::collection::vec(prop_oneof![20 => likely, 1 => any::<u8>()], 0..700)
}

/// A row of values: mostly numbers, some near misses, and cells of any length.
fn row() -> impl Strategy<Value = Vec<u8>> {
    let cell = prop_oneof![
        6 => "[0-9]{1,5}(\\.[0-9]{1,6})?",
        2 => "-[0-9]{1,4}\\.[0-9]{1,4}",
        2 => Just(String::new()),
        2 => "[-.0-9]{1,6}",
        1 => "[-+.0-9eENA ]{1,8}",
        1 => "[0-9]{50,300}",
        1 => "[0-9]{10,80}\\.[0-9]{0,80}",
    ];
    prop::collection::vec(cell, 1..60).prop_map(|cells| cells.join("\t").into_bytes())
}

/// The index found the slow, obvious way.
fn slow_index(block: &[u8]) -> Vec<u32> {
    let ends = block
        .iter()
        .enumerate()
        .filter(|(_, byte)| matches!(byte, b'\t' | b'\n'));
    ends.map(|(at, _)| u32::try_from(at).expect("small")).collect()
}

fn count(block: &[u8], wanted: u8) -> u64 {
    memchr::memchr_iter(wanted, block).count() as u64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn every_kernel_indexes_alike(block in bytes()) {
        let expected = slow_index(&block);
        let has = |byte: u8| block.contains(&byte);
        let lone = block.iter().enumerate().any(|(at, byte)| *byte == b'\r' && block.get(at + 1) != Some(&b'\n'));
        let end = |at: Option<usize>| at.is_none_or(|at| matches!(block[at], b'\t' | b'\n'));
        let empty = (0..block.len()).any(|at| end(Some(at)) && end(at.checked_sub(1)));
        for kernel in Kernel::available() {
            let mut ends = vec![7; 3];
            let facts = kernel.index(&block, &mut ends);
            prop_assert_eq!(&ends, &expected, "{:?}", kernel);
            prop_assert_eq!(facts.line_feeds, count(&block, b'\n'));
            prop_assert_eq!(facts.carriage_returns, count(&block, b'\r'));
            prop_assert_eq!((facts.nul, facts.high), (has(0), !block.is_ascii()), "{:?}", kernel);
            prop_assert_eq!((facts.lone_carriage_return, facts.empty), (lone, empty), "{:?}", kernel);
        }
    }

    #[test]
    fn no_kernel_misses_a_cell_that_is_not_fine(values in row(), before in 0_usize..70) {
        let mut block = vec![b'x'; before];
        block.extend(&values);
        block.extend(b"\nx\t1.2.3\n");
        let end = before + values.len();
        let kernels = Kernel::available();
        let mut first: Option<Vec<u32>> = None;
        for kernel in kernels {
            let mut odd = Vec::new();
            kernel.odd_bytes(&block, before, end, &mut odd);
            prop_assert!(odd.iter().all(|place| (before..=end).contains(&(*place as usize))), "{:?} {:?}", kernel, odd);
            if let Some(first) = &first {
                prop_assert_eq!(first, &odd, "{:?}", kernel);
            }
            let mut start = before;
            for text in values.split(|byte| *byte == b'\t') {
                let stop = start + text.len();
                // A place belongs to the first cell that ends at or after it.
                let mine = odd.iter().any(|place| (*place as usize) <= stop && (*place as usize) + 1 > start.max(before) && (*place as usize) >= start);
                let fine = matches!(cell::judge(text), Cell::Number | Cell::Missing(Missing::Empty));
                prop_assert!(fine || mine, "{:?} passed {:?}", kernel, String::from_utf8_lossy(text));
                start = stop + 1;
            }
            first = Some(odd);
        }
    }

    #[test]
    fn plain_rows_have_nothing_odd(cells in prop::collection::vec("(-?[0-9]{1,12}(\\.[0-9]{1,12})?)?", 1..80)) {
        let values = cells.join("\t").into_bytes();
        for kernel in Kernel::available() {
            let mut odd = Vec::new();
            kernel.odd_bytes(&values, 0, values.len(), &mut odd);
            prop_assert_eq!(&odd, &Vec::<u32>::new(), "{:?}: {:?}", kernel, cells);
        }
    }
}
