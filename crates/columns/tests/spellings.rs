//! Every way in which a number is read, against the standard library, on as many spellings as one has time for.
//!
//! The ordinary suite reads some hundred thousand. `cargo test --release -p odmkit-columns --test spellings --
//! --ignored` reads a hundred million, or as many as the variable `ODMKIT_SPELLINGS` says.

use std::fmt::Write as _;

use odmkit_columns::batch::ValueOrder;
use odmkit_columns::kernel::Kernel;
use odmkit_columns::number;
use odmkit_columns::rows::RowShape;
use odmkit_testkit::Random;

/// Spellings of the long test where nobody says how many.
const MANY: u64 = 100_000_000;
/// Spellings of the short one.
const FEW: u64 = 300_000;
/// Spellings that are read together, as a row of a matrix.
const ROW: u64 = 5_000;

#[test]
fn some_spellings_are_correctly_rounded() {
    read_all(FEW);
}

#[test]
#[ignore = "takes minutes: run it in a release build"]
fn a_hundred_million_spellings_are_correctly_rounded() {
    let wanted = std::env::var("ODMKIT_SPELLINGS").map_or(MANY, |wanted| {
        wanted.parse().expect("ODMKIT_SPELLINGS is a whole number")
    });
    read_all(wanted);
}

fn read_all(wanted: u64) {
    let mut random = Random::new(0x9E37_79B9_7F4A_7C15);
    let kernels = Kernel::available();
    let mut text = String::new();
    let mut ends = Vec::new();
    let mut read = 0;
    while read < wanted {
        let count = ROW.min(wanted - read);
        text.clear();
        text.push_str("row");
        // Rows of short numbers are read in another way than those with longer ones among them.
        let spell = [spell, spell_shortly][below(&mut random, 2)];
        for _ in 0..count {
            text.push('\t');
            spell(&mut random, &mut text);
        }
        let shape = RowShape {
            width: usize::try_from(count).expect("a row's width") + 1,
            numeric_features: vec![false],
        };
        text.push('\n');
        let cells: Vec<&str> = text.trim_end().split('\t').skip(1).collect();
        let expected: Vec<f64> = cells
            .iter()
            .map(|cell| cell.parse().unwrap_or_else(|_| panic!("{cell} is no number")))
            .collect();
        for (cell, expected) in cells.iter().zip(&expected) {
            let found = number::parse(cell.as_bytes());
            assert_eq!(found.map(f64::to_bits), Some(expected.to_bits()), "{cell}");
        }
        for &kernel in &kernels {
            let rows = shape
                .parse_fast(kernel, text.as_bytes(), ValueOrder::RowMajor, &mut ends)
                .expect("a row of the right width");
            assert_eq!(rows.batch.values.len(), expected.len());
            for (cell, (found, expected)) in cells.iter().zip(rows.batch.values.iter().zip(&expected)) {
                assert_eq!(found.to_bits(), expected.to_bits(), "{kernel:?}: {cell}");
            }
        }
        read += count;
    }
}

/// Writes a number in one of the ways in which numbers are written.
fn spell(random: &mut Random, text: &mut String) {
    if random.below(4) == 0 {
        text.push('-');
    }
    match random.below(11) {
        // What most matrices hold.
        0 => write!(text, "{}", random.below(100_000)),
        1 => write!(text, "{:.4}", random.level()),
        2 => write!(text, "{:?}", random.level()),
        3 => write!(text, "{:.*}", below(random, 18), random.level()),
        // Any digits, with a dot anywhere or nowhere.
        4 | 5 => {
            let whole = 1 + random.below(20);
            digits(random, whole, text);
            if random.below(4) > 0 {
                let fraction = 1 + random.below(22);
                text.push('.');
                digits(random, fraction, text);
            }
            Ok(())
        }
        6 => {
            let zeros = random.below(20);
            let count = 1 + random.below(20);
            text.push_str("0.");
            text.extend((0..zeros).map(|_| '0'));
            digits(random, count, text);
            Ok(())
        }
        // Any double: the shortest spelling, and one of many digits.
        7 => write!(text, "{:e}", random.double()),
        8 => write!(text, "{:.*e}", below(random, 24), random.double()),
        // Any exponent, beyond the range of doubles as well.
        9 => {
            let count = 1 + random.below(21);
            digits(random, count, text);
            let sign = ["", "-", "+"][below(random, 3)];
            write!(text, "e{sign}{}", random.below(345))
        }
        // The middle between two doubles, where the rounding turns.
        _ => {
            let mantissa = (1 << 52 | random.word() >> 12) * 2 + 1;
            write!(text, "{}", u128::from(mantissa) << random.below(60))
        }
    }
    .expect("a text can be written to");
}

/// Writes a number of at most 16 bytes.
fn spell_shortly(random: &mut Random, text: &mut String) {
    let mut room = 16;
    if random.below(4) == 0 {
        text.push('-');
        room -= 1;
    }
    let whole = 1 + random.below(room);
    digits(random, whole, text);
    room -= whole;
    if room > 1 && random.below(4) > 0 {
        let fraction = 1 + random.below(room - 1);
        text.push('.');
        digits(random, fraction, text);
    }
}

fn below(random: &mut Random, limit: u64) -> usize {
    usize::try_from(random.below(limit)).expect("a small number")
}

fn digits(random: &mut Random, count: u64, text: &mut String) {
    text.extend((0..count).map(|_| char::from(b'0' + u8::try_from(random.below(10)).expect("a digit"))));
}
