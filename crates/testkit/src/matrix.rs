//! Matrices of values in many spellings.

use std::fmt::Write as _;

use crate::Random;

/// A GCT 1.2 file, and the text of each of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// The file.
    pub text: String,
    /// The text of each value, row by row; empty where it is missing.
    pub values: Vec<Vec<String>>,
}

impl Matrix {
    /// A matrix of `rows` features called `G0`, `G1` … and `samples` samples called `S0`, `S1` …
    ///
    /// Its values are integers, decimals of few and of many digits, numbers in scientific notation down to
    /// subnormal ones, the shortest spellings of random doubles, zeros and missing cells. The same sizes give the
    /// same file.
    pub fn gct(rows: usize, samples: usize) -> Self {
        let mut random = Random::new(0x2545_f491_4f6c_dd1d);
        let mut text = format!("#1.2\n{rows}\t{samples}\nName\tDescription");
        for sample in 0..samples {
            let _ = write!(text, "\tS{sample}");
        }
        text.push('\n');
        let mut values = Vec::with_capacity(rows);
        for row in 0..rows {
            let cells: Vec<String> = (0..samples).map(|_| spelling(&mut random)).collect();
            let _ = writeln!(text, "G{row}\tna\t{}", cells.join("\t"));
            values.push(cells);
        }
        Self { text, values }
    }
}

fn spelling(random: &mut Random) -> String {
    match random.below(7) {
        0 => String::new(),
        1 => random.below(1_000_000).to_string(),
        2 => format!("-{}.{}", random.below(1000), random.below(1_000_000)),
        3 => format!("{}e-{}", random.below(10_000), random.below(320)),
        4 => format!(
            "{}.{:018}",
            random.below(100),
            random.below(1_000_000_000_000_000_000)
        ),
        5 => format!(
            "{}{:?}",
            ["", "-"][usize::from(random.below(2) == 1)],
            random.double()
        ),
        _ => "0".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_the_values_and_every_value_is_a_finite_number() {
        let matrix = Matrix::gct(100, 7);
        let mut lines = matrix.text.lines().skip(3);
        for row in &matrix.values {
            let line = lines.next().expect("a line for each row");
            assert_eq!(line.split('\t').skip(2).collect::<Vec<_>>(), *row);
            for text in row.iter().filter(|text| !text.is_empty()) {
                assert!(text.parse::<f64>().expect("a number").is_finite(), "{text}");
            }
        }
        assert_eq!(lines.next(), None);
        assert_eq!(matrix, Matrix::gct(100, 7));
    }
}
