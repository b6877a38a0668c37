//! Which terms a text was probably meant to be.

use strsim::osa_distance;

/// How many terms are named.
pub(super) const SHOWN: usize = 3;

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

/// The nearest labels, the likeliest first. Nothing is named that is not near.
pub(super) fn nearest<'a>(text: &str, labels: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let text = text.trim().to_lowercase();
    let loose_text = loose(&text);
    let length = text.chars().count();
    let mut found: Vec<(Nearness, usize, &str)> = Vec::new();
    for (index, label) in labels.enumerate() {
        let Some(nearness) = nearness(&text, &loose_text, length, label) else {
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

fn nearness(text: &str, loose_text: &str, length: usize, label: &str) -> Option<Nearness> {
    let label = label.to_lowercase();
    let label_length = label.chars().count();
    let loose_label = loose(&label);
    if !loose_text.is_empty() && loose_label == loose_text {
        return Some(Nearness::Loose);
    }
    let apart = length.abs_diff(label_length);
    // Edits beyond a quarter of the text make another word of it.
    let allowed = (length.max(label_length) / 4).clamp(1, 4);
    // One edit of two letters is no likeness at all.
    if apart <= allowed && length.min(label_length) > 2 {
        let distance = osa_distance(text, &label);
        if distance <= allowed {
            return Some(Nearness::Edits(distance));
        }
    }
    let (short, long) = if length < label_length {
        (text, label.as_str())
    } else {
        (label.as_str(), text)
    };
    if short.chars().count() < 3 {
        return None;
    }
    if long.starts_with(short) {
        return Some(Nearness::Prefix(apart));
    }
    // `Illumina NextSeq500` for `NextSeq 500`: one is an end of the other but for blanks.
    let (loose_short, loose_long) = if length < label_length {
        (loose_text, loose_label.as_str())
    } else {
        (loose_label.as_str(), loose_text)
    };
    let is_end =
        loose_short.len() >= 5 && (loose_long.ends_with(loose_short) || loose_long.starts_with(loose_short));
    (is_end || holds_words(long, short)).then_some(Nearness::Words(apart))
}

/// Letters and digits only.
fn loose(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_alphanumeric())
        .collect()
}

/// Whether `long` holds `short` between word boundaries.
fn holds_words(long: &str, short: &str) -> bool {
    let edge = |character: Option<char>| character.is_none_or(|character| !character.is_alphanumeric());
    long.match_indices(short)
        .any(|(at, _)| edge(long[..at].chars().next_back()) && edge(long[at + short.len()..].chars().next()))
}
