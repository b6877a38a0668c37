//! Which terms a text was probably meant to be.

use strsim::osa_distance;

/// How many terms are named.
pub(super) const SHOWN: usize = 3;

/// Texts of more characters are prose, not terms.
const LONGEST: usize = 200;

/// How near a term is; less is nearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// Equal but for case and for anything that is neither letter nor digit.
    Loose,
    /// This many edits away.
    Edits(usize),
    /// One is the beginning of the other.
    Prefix(usize),
    /// One holds the other as whole words, or at an end.
    Words(usize),
}

/// A text with what is compared of it. The buffers are used again for each label.
#[derive(Default)]
struct Shape {
    lower: String,
    /// Letters and digits only.
    loose: String,
    length: usize,
    /// One bit for each letter that occurs, by its low bits.
    letters: u64,
}

/// The nearest labels, the likeliest first. Nothing is named that is not near.
pub(super) fn nearest<'a>(text: &str, labels: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let text = text.trim();
    let labels: Vec<&str> = labels.collect();
    let found = nearest_to(text, &labels);
    // `Illumina NextSeq 550`: the maker is often named where the term does not name it.
    match text.split_once(' ') {
        Some((_, rest)) if found.is_empty() && rest.len() >= 5 => nearest_to(rest.trim_start(), &labels),
        _ => found,
    }
}

fn nearest_to<'a>(text: &str, labels: &[&'a str]) -> Vec<&'a str> {
    let mut wanted = Shape::default();
    wanted.set(text);
    if wanted.length > LONGEST || wanted.length == 0 {
        return Vec::new();
    }
    let mut shape = Shape::default();
    let mut found: Vec<(Nearness, usize, &str)> = Vec::new();
    for (index, label) in labels.iter().copied().enumerate() {
        shape.set(label);
        let Some(nearness) = nearness(&wanted, &shape) else {
            continue;
        };
        found.push((nearness, index, label));
        if found.len() >= 64 {
            found.sort_unstable();
            found.truncate(SHOWN);
        }
    }
    found.sort_unstable();
    found.into_iter().take(SHOWN).map(|(.., label)| label).collect()
}

fn nearness(text: &Shape, label: &Shape) -> Option<Nearness> {
    if !text.loose.is_empty() && label.loose == text.loose {
        return Some(Nearness::Loose);
    }
    let (short, long) = if text.length < label.length {
        (text, label)
    } else {
        (label, text)
    };
    let apart = long.length - short.length;
    // Edits beyond a quarter of the text make another word of it.
    let allowed = (long.length / 4).clamp(1, 4);
    // Each edit brings or takes at most two letters, which is cheap to see.
    let differing = (text.letters ^ label.letters).count_ones() as usize;
    // One edit of two letters is no likeness at all.
    if apart <= allowed && short.length > 2 && differing <= 2 * allowed {
        let distance = osa_distance(&text.lower, &label.lower);
        if distance <= allowed {
            return Some(Nearness::Edits(distance));
        }
    }
    // What is part of the other has no letters of its own.
    if short.length < 3 || short.letters & !long.letters != 0 {
        return None;
    }
    if long.lower.starts_with(&short.lower) {
        return Some(Nearness::Prefix(apart));
    }
    // `Illumina NextSeq500` for `NextSeq 500`: one is an end of the other but for blanks.
    let is_end = short.loose.len() >= 5
        && (long.loose.ends_with(&short.loose) || long.loose.starts_with(&short.loose));
    (is_end || holds_words(&long.lower, &short.lower)).then_some(Nearness::Words(apart))
}

impl Shape {
    fn set(&mut self, text: &str) {
        self.lower.clear();
        self.loose.clear();
        self.letters = 0;
        self.length = 0;
        for character in text.chars().flat_map(char::to_lowercase) {
            self.lower.push(character);
            self.length += 1;
            if character.is_alphanumeric() {
                self.loose.push(character);
                self.letters |= 1 << (u32::from(character) % 64);
            }
        }
    }
}

/// Whether `long` holds `short` between word boundaries.
fn holds_words(long: &str, short: &str) -> bool {
    let edge = |character: Option<char>| character.is_none_or(|character| !character.is_alphanumeric());
    long.match_indices(short)
        .any(|(at, _)| edge(long[..at].chars().next_back()) && edge(long[at + short.len()..].chars().next()))
}
