//! Sizes and durations as people write them on a command line.

use std::time::Duration;

/// Parses `256MiB`, `2GB`, `1.5GiB`, `4096`. KB, MB, GB and TB are powers of 1000, KiB, MiB, GiB and TiB of 1024;
/// a plain number is bytes.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let (number, unit) = split(text);
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" | "k" => 1_000,
        "mb" | "m" => 1_000_000,
        "gb" | "g" => 1_000_000_000,
        "tb" | "t" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1_u64 << 40,
        _ => {
            return Err(format!(
                "`{unit}` is no unit of size: write 256MiB, 2GB or a number of bytes"
            ));
        }
    };
    let bytes = scaled(number, factor).ok_or("write a number and a unit, such as 256MiB or 2GB")?;
    if bytes == 0 {
        Err("it must be more than nothing".to_owned())
    } else {
        Ok(bytes)
    }
}

/// Parses `100ms`, `5s`, `30m`, `2h`. A number without a unit is refused: it is clear to nobody.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let micros = match unit {
        "ms" => 1_000,
        "s" => 1_000_000,
        "m" | "min" => 60_000_000,
        "h" => 3_600_000_000,
        "" => return Err(format!("a unit is missing: write {text}ms, {text}s or {text}m")),
        _ => return Err(format!("`{unit}` is no unit of time: write 100ms, 5s, 30m or 2h")),
    };
    scaled(number, micros)
        .map(Duration::from_micros)
        .ok_or_else(|| "write a number and a unit, such as 5s".to_owned())
}

/// The number and what follows it.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text
        .find(|character: char| !(character.is_ascii_digit() || character == '.'))
        .unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

/// `number` (digits with at most one point) times `factor`, rounded down; `None` where it is no number or too large.
fn scaled(number: &str, factor: u64) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || part.contains('.') || (number.contains('.') && part.is_empty()) {
        return None;
    }
    let whole = whole.parse::<u64>().ok()?.checked_mul(factor)?;
    // Nine digits behind the point are finer than any unit here.
    let digits = part.get(..part.len().min(9))?;
    let part = if digits.is_empty() {
        0
    } else {
        digits.parse::<u128>().ok()?
    };
    let scale = 10_u128.pow(u32::try_from(digits.len()).ok()?);
    whole.checked_add(u64::try_from(part * u128::from(factor) / scale).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("256MiB", 256 << 20),
            ("2GB", 2_000_000_000),
            ("1.5GiB", 3 << 29),
            ("4096", 4096),
            ("64 kib", 64 << 10),
            ("10b", 10),
            ("0.5kB", 500),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in [
            "",
            "GB",
            "-1GB",
            "2XB",
            "1.2.3MB",
            "0",
            "0MB",
            "1.",
            "99999999999TB",
            "1e3",
        ] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations() {
        for (text, millis) in [
            ("100ms", 100),
            ("5s", 5_000),
            ("30m", 1_800_000),
            ("0.5s", 500),
            ("2h", 7_200_000),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "5", "s", "5 days", "-5s", "1..5s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
