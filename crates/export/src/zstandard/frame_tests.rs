use proptest::prelude::*;

use super::*;

/// Compresses a page whose doubles begin at the byte `base`.
fn compress(words: &mut Words, page: &[u8], base: usize, out: &mut Vec<u8>) -> bool {
    let (lead, numbers) = apart(page, base);
    words.compress(lead, &numbers, out)
}

/// What comes before the doubles of a page, and they.
fn apart(page: &[u8], base: usize) -> (&[u8], Vec<u64>) {
    let (lead, numbers) = page.split_at(base);
    let (numbers, []) = numbers.as_chunks::<8>() else {
        panic!("a page of doubles");
    };
    (
        lead,
        numbers.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect(),
    )
}

/// The frame is what the library makes of it again, and what every processor makes of the page.
fn comes_back(page: &[u8], base: usize) -> usize {
    let mut frame = vec![7; 3];
    let mut words = Words::default();
    assert!(compress(&mut words, page, base, &mut frame));
    let mut plain = Vec::new();
    begin(page.len(), &mut plain);
    let (lead, numbers) = apart(page, base);
    words.blocks(lead, &numbers, &mut plain);
    assert!(plain == frame[3..], "every processor makes the same of a page");
    let back = zstd::bulk::decompress(&frame[3..], page.len()).expect("a valid frame");
    assert!(back == page, "the page comes back");
    let mut again = Vec::new();
    compress(&mut words, page, base, &mut again);
    assert!(
        again == frame[3..],
        "a page is compressed the same whatever came before it"
    );
    frame.len() - 3
}

fn page(lead: usize, numbers: impl IntoIterator<Item = f64>) -> Vec<u8> {
    let mut page: Vec<u8> = (0..lead).map(|byte| u8::try_from(byte % 251).unwrap()).collect();
    page.extend(numbers.into_iter().flat_map(f64::to_le_bytes));
    page
}

fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}

fn decimals(count: usize, zeros: u64, largest: u64, decimals: f64) -> Vec<f64> {
    let mut next = random(count as u64 * 77 + largest);
    let number = move || {
        let bits = next();
        if bits % 100 < zeros {
            0.0
        } else {
            f64::from(u32::try_from((bits >> 8) % largest).unwrap()) / decimals
        }
    };
    std::iter::repeat_with(number).take(count).collect()
}

#[test]
fn pages_of_every_size_come_back() {
    for count in [
        1, 2, 3, 7, 8, 9, 31, 64, 100, 1_000, 8_191, 8_192, 8_193, 16_383, 16_384, 16_385, 40_000, 131_072,
    ] {
        for lead in [0, 1, 6, 9, 300] {
            comes_back(&page(lead, decimals(count, 40, 200_000, 1e4)), lead);
        }
    }
}

#[test]
fn pages_of_every_kind_come_back() {
    let mut next = random(5);
    let noise: Vec<f64> = (0..50_000).map(|_| f64::from_bits(next())).collect();
    let ramp = (0..50_000).map(f64::from).collect::<Vec<_>>();
    let runs = (0..50_000u32)
        .map(|at| f64::from(at / 100) / 7.0)
        .collect::<Vec<_>>();
    let periodic = (0..50_000u32)
        .map(|at| f64::from(at % 97) / 7.0)
        .collect::<Vec<_>>();
    let far = (0..131_072u32)
        .map(|at| f64::from(at % 60_000) / 7.0)
        .collect::<Vec<_>>();
    let constant = vec![0.1; 70_000];
    let two = (0..20_000)
        .map(|at| if at % 2 == 0 { 0.0 } else { 1.5 })
        .collect::<Vec<_>>();
    for numbers in [noise, ramp, runs, periodic, far, constant, two] {
        comes_back(&page(6, numbers), 6);
    }
    for (zeros, largest, divisor) in [
        (0, 90, 1.0),
        (95, 1_000_000, 1e4),
        (40, 1_000, 1e2),
        (5, 4_000_000, 1e6),
    ] {
        comes_back(&page(6, decimals(60_000, zeros, largest, divisor)), 6);
    }
}

#[test]
fn decimals_shrink_more_than_at_the_librarys_third_level() {
    for (count, largest, divisor) in [
        (56_200, 400_000, 1e4),
        (5_000, 400_000, 1e4),
        (56_200, 100_000, 1e3),
    ] {
        let page = page(6, decimals(count, 40, largest, divisor));
        let library = zstd::bulk::compress(&page, 3).unwrap().len();
        let ours = comes_back(&page, 6);
        assert!(ours <= library, "{ours} bytes, the library {library}, of {count}");
    }
}

/// Words in which what was seen before mostly stands at another byte: new ones, and moved ones of one to five words
/// back, in turns that put distances of bytes between recent ones of words.
fn moved(count: usize) -> Vec<f64> {
    let mut next = random(count as u64);
    let mut words: Vec<u64> = Vec::new();
    for _ in 0..count {
        let bits = next();
        let earlier =
            |back: u64| words[words.len() - 1 - usize::try_from(back).unwrap().min(words.len() - 1)];
        let by = 8 * ((bits >> 8) % 4);
        let word = match bits % 8 {
            _ if words.is_empty() => bits,
            0 => bits,
            1 => earlier(bits >> 16 & 3),
            2..=4 => earlier(bits >> 16 & 3) << by | bits >> 24 & ((1 << by) - 1),
            _ => earlier(bits >> 16 & 3) >> by | bits & !(u64::MAX >> by),
        };
        words.push(word);
    }
    words.into_iter().map(f64::from_bits).collect()
}

#[test]
fn what_stands_at_another_byte_is_found_in_short_pages_only() {
    for count in [1, 2, 3, 100, 1_023, 1_024, 1_025, 8_191, 8_192, 8_193] {
        for lead in [0, 1, 6] {
            let plain = count * 8;
            let frame = comes_back(&page(lead, moved(count)), lead);
            match count {
                ..1_000 => {}
                1_000..=8_192 => assert!(frame < plain * 6 / 10, "{frame} of {plain} bytes"),
                _ => assert!(frame > plain * 6 / 10, "{frame} of {plain} bytes"),
            }
        }
    }
}

#[test]
fn bytes_come_back_from_blocks_cut_anywhere() {
    let mut next = random(9);
    let mut skewed = || u8::try_from((next() % 256) * (next() % 256) / 256).unwrap();
    for length in [
        1, 2, 63, 64, 65, 1_000, 1_024, 5_000, 16_383, 16_384, 131_072, 131_073, 400_000,
    ] {
        let page: Vec<u8> = std::iter::repeat_with(&mut skewed).take(length).collect();
        for cuts in [&[][..], &[1], &[7, 300, 301, 200_000], &[500_000]] {
            let mut frame = Vec::new();
            assert!(Words::default().compress_bytes(&page, cuts, &mut frame));
            assert!(
                zstd::bulk::decompress(&frame, length).unwrap() == page,
                "{length} {cuts:?}"
            );
            assert!(
                length < 1_000 || frame.len() < length * 95 / 100 + 500,
                "{length}: {}",
                frame.len()
            );
        }
    }
}

#[test]
fn codes_of_very_rare_bytes_are_not_too_long() {
    // Counts like Fibonacci numbers make the deepest tree there is.
    let (mut a, mut b) = (1usize, 1usize);
    let mut page = Vec::new();
    for byte in 0..22 {
        page.extend(std::iter::repeat_n(byte * 11, a));
        (a, b) = (b, a + b);
    }
    let mut frame = Vec::new();
    assert!(Words::default().compress_bytes(&page, &[], &mut frame));
    assert!(zstd::bulk::decompress(&frame, page.len()).unwrap() == page);
}

#[test]
fn pages_of_no_doubles_and_of_too_many_are_declined() {
    let mut words = Words::default();
    let mut out = Vec::new();
    assert!(!words.compress(&[1, 2, 3], &[], &mut out));
    assert!(!words.compress(&[], &[], &mut out));
    assert!(!words.compress(&vec![0; LEAD + 1], &[0], &mut out));
    assert!(!words.compress(&[], &vec![0; PAGE / 8 + 1], &mut out));
    assert!(out.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_page_comes_back(
        lead in 0usize..40,
        choices in prop::collection::vec((0u8..8, any::<u64>()), 1..3_000),
        palette in prop::collection::vec(any::<u64>(), 1..20),
    ) {
        let mut numbers: Vec<f64> = Vec::new();
        for (kind, bits) in choices {
            let some = usize::try_from(bits % 1_000).unwrap();
            numbers.push(match kind {
                0 => 0.0,
                1 => f64::from_bits(bits),
                2 => f64::from_bits(palette[some % palette.len()]),
                3 => numbers.get(some).copied().unwrap_or(1.0),
                4 => f64::from_bits(bits & 0xFFFF_FF00_0000_0000 | palette[some % palette.len()] & 0xFF_FFFF_FFFF),
                5 => f64::from_bits(numbers.get(some).map_or(bits, |number| number.to_bits() << (bits >> 10 & 0x18))),
                6 => f64::from_bits(numbers.get(some).map_or(bits, |number| number.to_bits() >> (bits >> 10 & 0x18))),
                _ => f64::from(u32::try_from(bits % 5_000).unwrap()) / 100.0,
            });
        }
        comes_back(&page(lead, numbers), lead);
    }
}
