use proptest::prelude::*;

use super::classes::{Classes, Classify, NumberClasses};
use super::portable::Portable;
use super::{Bounds, Kernel, OddValue, RowFacts, SPARE};
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

/// Masks made one byte at a time.
fn slow_classes(bytes: &[u8; 64]) -> (Classes, NumberClasses) {
    let mask = |is: &dyn Fn(u8) -> bool| (0..64).fold(0, |mask, at| mask | u64::from(is(bytes[at])) << at);
    let classes = Classes {
        tab: mask(&|byte| byte == b'\t'),
        line_feed: mask(&|byte| byte == b'\n'),
        carriage_return: mask(&|byte| byte == b'\r'),
        nul: mask(&|byte| byte == 0),
        high: mask(&|byte| byte >= 0x80),
    };
    let numbers = NumberClasses {
        tab: classes.tab,
        line_feed: classes.line_feed,
        digit: mask(&|byte| byte.is_ascii_digit()),
        dot: mask(&|byte| byte == b'.'),
        minus: mask(&|byte| byte == b'-'),
    };
    (classes, numbers)
}

#[test]
fn plain_words_make_the_same_masks_as_bytes() {
    for first in 0..=u8::MAX {
        for step in [1, 3, 7, 64, 127, 255] {
            let bytes: [u8; 64] =
                std::array::from_fn(|at| first.wrapping_add(u8::try_from(at * step % 256).expect("a byte")));
            let found = (Portable::text(&bytes), Portable::number(&bytes));
            assert_eq!(found, slow_classes(&bytes), "{bytes:?}");
        }
    }
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
    fn every_kernel_sees_the_same_row(
        head in "[a-z\t\r\u{e9}\0]{0,80}", values in row(), end in prop::sample::select(vec!["", "\n", "\r\n", "\r", "\nx\t1.2.3\n"]),
        before in 0_usize..70, described in 1_usize..4,
    ) {
        let mut block = vec![b'\n'; before];
        block.extend(head.as_bytes());
        block.extend(b"\t");
        block.extend(&values);
        block.extend(end.as_bytes());
        let expected = slow_row(&block, before, described);
        for kernel in Kernel::available() {
            let (mut ends, mut odd) = (vec![7; 3], vec![OddValue { value: 7, place: 7 }]);
            let facts = kernel.row(&block, before, described, &mut ends, &mut odd);
            prop_assert_eq!((facts, &ends), (expected.0, &expected.1), "{:?}", kernel);
            let cells = expected.2.iter().zip(0_u32..);
            for ((from, to), value) in cells {
                let text = &block[*from..*to];
                let fine = matches!(cell::judge(text), Cell::Number | Cell::Missing(Missing::Empty)) && !text.contains(&b' ');
                let named: Vec<&OddValue> = odd.iter().filter(|odd| odd.value == value).collect();
                prop_assert!(fine || !named.is_empty(), "{:?} passed {:?}", kernel, String::from_utf8_lossy(text));
                prop_assert!(named.len() <= 1);
                for odd in named {
                    prop_assert!((*from..=*to).contains(&(odd.place as usize)), "{:?} {:?}", kernel, odd);
                }
            }
            prop_assert!(odd.iter().all(|odd| (odd.value as usize) < expected.2.len()));
        }
    }

    #[test]
    fn every_kernel_names_the_same_values(values in row()) {
        let block = [b"x\t", values.as_slice()].concat();
        let named = |kernel: Kernel| {
            let mut odd = Vec::new();
            kernel.row(&block, 0, 1, &mut Vec::new(), &mut odd);
            odd
        };
        let expected = named(Kernel::Portable);
        for kernel in Kernel::available() {
            prop_assert_eq!(&named(kernel), &expected, "{:?}", kernel);
        }
    }

    #[test]
    fn every_kernel_reads_as_the_exact_grammar_does(values in row(), before in 0_usize..40) {
        let mut block = vec![b'7'; before];
        block.push(b'\t');
        block.extend(&values);
        let start = before + 1;
        let ends: Vec<u32> = (start..block.len()).filter(|at| block[*at] == b'\t').chain([block.len()])
            .map(|at| u32::try_from(at).expect("small")).collect();
        for kernel in Kernel::available() {
            let (mut found, mut odd) = (vec![7.0; 2], vec![7]);
            kernel.read(&block, start, &ends, &mut found, &mut odd);
            prop_assert_eq!(found.len(), 2 + ends.len());
            prop_assert!(odd.is_sorted_by(|one, next| one < next), "{:?} {:?}", kernel, odd);
            for (at, cell) in (0_u32..).zip(values.split(|byte| *byte == b'\t')) {
                if !odd.contains(&at) {
                    let value = cell::Value::Number(found[2 + at as usize]);
                    prop_assert_eq!(value, cell::value(cell), "{:?} {:?}", kernel, String::from_utf8_lossy(cell));
                }
            }
        }
    }

    #[test]
    fn no_kernel_looks_beyond_the_block(ends in prop::collection::vec(0_u32..120, 0..20), start in 0_usize..120) {
        // Ends in no order, and outside of the block: a panic is an answer, memory of others is none.
        for kernel in Kernel::available() {
            let _ = std::panic::catch_unwind(|| kernel.read(&[b'1'; 100], start, &ends, &mut Vec::new(), &mut Vec::new()));
        }
    }

    #[test]
    fn plain_rows_have_nothing_odd(cells in prop::collection::vec("(-?[0-9]{1,12}(\\.[0-9]{1,12})?)?", 1..80), end in "\r?\n|") {
        let block = format!("name\t{}{end}", cells.join("\t"));
        for kernel in Kernel::available() {
            let mut odd = Vec::new();
            let facts = kernel.row(block.as_bytes(), 0, 1, &mut Vec::new(), &mut odd);
            prop_assert_eq!(&odd, &Vec::new(), "{:?}: {:?}", kernel, cells);
            prop_assert_eq!((facts.tabs, facts.next), (cells.len(), block.len()));
        }
    }
}

/// A row looked at byte by byte: its facts, the ends of the cells that describe it, and where its values lie.
fn slow_row(block: &[u8], start: usize, described: usize) -> (RowFacts, Vec<u32>, Vec<(usize, usize)>) {
    let line_feed = (start..block.len()).find(|at| block[*at] == b'\n');
    let next = line_feed.map_or(block.len(), |at| at + 1);
    let line = &block[start..line_feed.unwrap_or(block.len())];
    let carriage_return = line_feed.is_some() && line.ends_with(b"\r");
    let end = start + line.len() - usize::from(carriage_return);
    let text = &block[start..end];
    let tabs: Vec<usize> = (start..end).filter(|at| block[*at] == b'\t').collect();
    let mut values: Vec<(usize, usize)> = Vec::new();
    if tabs.len() >= described {
        let mut from = tabs[described - 1] + 1;
        for to in tabs[described..].iter().copied().chain([end]) {
            values.push((from, to));
            from = to + 1;
        }
    }
    let facts = RowFacts {
        end,
        next,
        tabs: tabs.len(),
        empty: values.iter().filter(|(from, to)| from == to).count() as u64,
        carriage_return,
        lone_carriage_return: text.contains(&b'\r'),
        nul: text.contains(&0),
        high: !text.is_ascii(),
    };
    let ends = tabs.iter().take(described);
    (
        facts,
        ends.map(|at| u32::try_from(*at).expect("small")).collect(),
        values,
    )
}

#[test]
fn long_decimals_are_read_by_the_widest_kernel() {
    let cells = [
        "12.345678901234567",
        "-0.1234567890123456",
        "1234567890123456789",
        "0",
        "7.5",
        "-3",
        "0.00000000000000001",
        "99999.99999999999999",
    ];
    let block = format!("{}\t{}", "x".repeat(40), cells.join("\t"));
    let mut ends: Vec<u32> = block
        .bytes()
        .zip(0..)
        .filter(|(byte, _)| *byte == b'\t')
        .map(|(_, at)| at)
        .skip(1)
        .collect();
    ends.push(u32::try_from(block.len()).expect("small"));
    let (mut values, mut odd) = (Vec::new(), Vec::new());
    let kernel = Kernel::best();
    kernel.read(block.as_bytes(), 41, &ends, &mut values, &mut odd);
    #[cfg(target_arch = "x86_64")]
    if kernel == Kernel::Avx512 {
        assert_eq!(odd, [], "none is left to others");
    }
    for (at, cell) in (0_u32..).zip(cells).filter(|(at, _)| !odd.contains(at)) {
        assert_eq!(
            values[at as usize].to_bits(),
            cell.parse::<f64>().expect("a number").to_bits(),
            "{cell}"
        );
    }
}

#[test]
fn numbers_too_long_to_be_plainly_fine_are_named_wherever_they_stand() {
    for before in 0..130 {
        for digits in 300..330 {
            let block = format!("x\t{}\t{}\t1\n", "1".repeat(before), "9".repeat(digits));
            for kernel in Kernel::available() {
                let mut odd = Vec::new();
                kernel.row(block.as_bytes(), 0, 1, &mut Vec::new(), &mut odd);
                assert!(
                    odd.iter().any(|odd| odd.value == 1),
                    "{kernel:?} passed {digits} digits after {before}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn what_lies_between_bounds_is_picked_out_alike(
        cells in proptest::collection::vec((-3_i8..4, -3_i8..4, -3_i8..4, proptest::bool::weighted(0.1)), 0..40),
        more in 0_usize..3,
    ) {
        let part = |which: fn(&(i8, i8, i8, bool)) -> i8| -> Vec<f64> {
            cells.iter().map(|cell| f64::from(which(cell))).collect()
        };
        let (mut row, mut low, mut high) = (part(|cell| cell.0), part(|cell| cell.1), part(|cell| cell.2));
        for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.3) {
            match cell.0 {
                0 => row[at] = f64::NAN,
                1.. => (low[at], high[at]) = (f64::NAN, f64::NAN),
                _ => (low[at], high[at]) = (f64::NEG_INFINITY, f64::INFINITY),
            }
        }
        let wanted: Vec<(u32, f64)> = (0..)
            .zip(&row)
            .zip(low.iter().zip(&high))
            .filter(|((_, value), (low, high))| low < value && value < high)
            .map(|((column, value), _)| (column, *value))
            .collect();
        let room = row.len() + SPARE + more;
        for kernel in Kernel::available() {
            let (mut values, mut columns) = (vec![9.0; room], vec![9; room]);
            let bounds = Bounds { low: &low, high: &high };
            let count = kernel.between(&row, bounds, &mut values, &mut columns);
            let found: Vec<(u32, f64)> = columns.into_iter().zip(values).take(count).collect();
            prop_assert_eq!(&found, &wanted, "{:?}", kernel);
        }
    }
}
