//! Where else a finding lies, in one line.

use std::fmt::Write as _;

use odmkit_diagnostics::{Diagnostic, Place};

use crate::text::{escape, grouped};

/// Characters of a value that are shown beside its place.
const TEXT: usize = 40;

/// How the other places of a cause are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// All lie on the line of the finding.
    Columns,
    /// All lie in its column, or name none.
    Lines,
    Both,
}

/// Says where else the cause of a finding is met, how often, and how far it reaches; `None` where it is met once.
pub(crate) fn also(finding: &Diagnostic) -> Option<String> {
    let more = finding.count.checked_sub(1).filter(|more| *more > 0)?;
    if finding.also.is_empty() {
        return Some(format!("{} in all", grouped(finding.count)));
    }
    let way = way(finding);
    let named = finding
        .also
        .iter()
        .any(|place| place.text.is_some() && place.text != finding.value);
    let mut places: Vec<String> = finding
        .also
        .iter()
        // Several items of a list share a place: it is named once.
        .filter(|place| named || Some(place.line) != finding.line || place.column != finding.column)
        .map(|place| named_place(place, way, named))
        .collect();
    places.dedup();
    if places.is_empty() {
        return None;
    }
    let lead = match (named, way, places.len()) {
        (true, ..) => "also ",
        (_, Way::Both, _) => "also at ",
        (_, Way::Columns, 1) => "also in column ",
        (_, Way::Columns, _) => "also in columns ",
        (_, Way::Lines, 1) => "also in line ",
        (_, Way::Lines, _) => "also in lines ",
    };
    let mut text = format!("{lead}{}", places.join(", "));
    let unnamed = more.saturating_sub(finding.also.len() as u64);
    if unnamed > 0 {
        let _ = write!(text, " and {} more{}", grouped(unnamed), reach(finding, way));
    }
    Some(text)
}

fn way(finding: &Diagnostic) -> Way {
    let lines = finding.spread.map_or_else(
        || finding.also.iter().all(|place| Some(place.line) == finding.line),
        |spread| spread.lines.0 == spread.lines.1,
    );
    let columns = finding.also.iter().all(|place| place.column == finding.column)
        && finding.spread.is_none_or(|spread| {
            finding.column.is_none() || spread.columns.is_some_and(|(first, last)| first == last)
        });
    match (columns, lines) {
        (true, _) => Way::Lines,
        (false, true) => Way::Columns,
        (false, false) => Way::Both,
    }
}

fn named_place(place: &Place, way: Way, named: bool) -> String {
    let line = place.line;
    let column = place.column.map(|column| column.to_string()).unwrap_or_default();
    let at = match (way, named) {
        (Way::Both, _) => format!("{line}:{column}").trim_end_matches(':').to_owned(),
        (Way::Columns, true) => format!("column {column}"),
        (Way::Columns, false) => column,
        (Way::Lines, true) => format!("line {line}"),
        (Way::Lines, false) => line.to_string(),
    };
    match &place.text {
        Some(text) if named => {
            let shown: String = text.chars().take(TEXT).collect();
            let more = if shown.len() < text.len() { "…" } else { "" };
            format!("`{}{more}` ({at})", escape(&shown))
        }
        _ => at,
    }
}

/// How far the cause reaches, where the place of every occurrence is known.
fn reach(finding: &Diagnostic, way: Way) -> String {
    let Some(spread) = finding.spread else {
        return String::new();
    };
    let (first, last) = spread.lines;
    match (way, spread.columns) {
        (Way::Columns, Some((left, right))) => format!(", in columns {left}–{right}"),
        (Way::Both, Some((left, right))) => format!(", in columns {left}–{right} of lines {first}–{last}"),
        _ => format!(", up to line {last}"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use odmkit_core::{ByteOffset, FieldNumber, LineNumber, Position};
    use odmkit_diagnostics::{Code, Effect, Example, Fixable, Rule, Severity};

    use super::*;

    static RULE: Rule = Rule {
        code: Code::new("G012"),
        name: "not-a-number",
        severity: Severity::Error,
        effect: Effect::Rejected,
        fix: Fixable::No,
        what: "",
        why: "",
        mend: "",
        example: Example::NONE,
    };

    fn folded(places: &[(u64, Option<usize>, &str)]) -> Option<String> {
        let path: Arc<str> = "m.gct".into();
        let mut findings = places.iter().map(|&(line, column, text)| {
            let position = Position {
                line: LineNumber::new(line),
                field: column.map(FieldNumber::from_index),
                byte: ByteOffset(0),
            };
            Diagnostic::new(&RULE, &path, "no number")
                .at(position)
                .value(text)
        });
        let mut first = findings.next().expect("one at least");
        findings.for_each(|later| first.fold(&later));
        also(&first)
    }

    #[test]
    fn a_single_finding_is_nowhere_else() {
        assert_eq!(folded(&[(4, Some(2), "x")]), None);
    }

    #[test]
    fn places_are_named_as_shortly_as_they_can_be() {
        for (places, text) in [
            (vec![(4, Some(2), "x"), (4, Some(6), "x")], "also in column 7"),
            (
                vec![(4, Some(2), "x"), (5, Some(2), "x"), (6, Some(2), "x")],
                "also in lines 5, 6",
            ),
            (vec![(4, None, "x"), (9, None, "x")], "also in line 9"),
            (vec![(4, Some(2), "x"), (5, Some(7), "x")], "also at 5:8"),
            (vec![(4, Some(2), "x"), (4, Some(3), "y")], "also `y` (column 4)"),
            (vec![(4, Some(2), "x"), (5, Some(2), "y")], "also `y` (line 5)"),
        ] {
            assert_eq!(folded(&places).as_deref(), Some(text));
        }
    }

    #[test]
    fn many_cells_of_one_cause_are_summed_up() {
        let wide: Vec<_> = (6..18).map(|column| (4, Some(column), "x")).collect();
        assert_eq!(
            folded(&wide).as_deref(),
            Some("also in columns 8, 9, 10, 11 and 7 more, in columns 7–18")
        );
        let long: Vec<_> = (4..5000).map(|line| (line, Some(2), "x")).collect();
        assert_eq!(
            folded(&long).as_deref(),
            Some("also in lines 5, 6, 7, 8 and 4,991 more, up to line 4999")
        );
        let both: Vec<_> = (4..14)
            .flat_map(|line| (2..4).map(move |column| (line, Some(column), "x")))
            .collect();
        assert_eq!(
            folded(&both).as_deref(),
            Some("also at 4:4, 5:3, 5:4, 6:3 and 15 more, in columns 3–4 of lines 4–13")
        );
    }
}
