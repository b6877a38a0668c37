//! Whether the first line of a metadata table can be that of the names at all. Where it cannot, this is the one thing
//! that is to be told: all that is found by wrong names follows from it.

use odmkit_columns::number;
use odmkit_core::Position;
use odmkit_diagnostics::Diagnostic;
use odmkit_formats::fields;
use odmkit_template::DataType;

use super::known::{known, likest, loose};
use super::plan::MetadataInput;
use crate::header_line::{self, Known};
use crate::rules::{f008_not_this_kind as f008, t013_misplaced_names as t013};

/// Lines among which the names are searched.
pub const SEARCHED: usize = 20;

/// The names that a table may have, in the form in which they are compared.
struct Names {
    loose: Vec<String>,
    key: Option<String>,
}

/// Why the names are not found on the first of these lines; `whole` says that the file has no more. Blank lines are
/// left out.
pub fn misplaced(
    input: &MetadataInput<'_>,
    lines: &[(Position, Vec<u8>)],
    whole: bool,
) -> Option<Diagnostic> {
    let ((at, first), further) = lines.split_first()?;
    let data_type = DataType::judging(input.kind, input.describes);
    let known = known(input.kind, data_type, input.template);
    let names = Names {
        loose: known.iter().map(|known| loose(&known.name)).collect(),
        key: input.kind.key_attribute().map(loose),
    };
    if names.are_in_first_column(lines) {
        return Some(t013::upright(input.path, *at));
    }
    let plain: Vec<&str> = known.iter().map(|known| &*known.name).collect();
    let mut of_first = fields(first).map(|(_, field)| String::from_utf8_lossy(field));
    let is_names = of_first.any(|name| likest(bare(&name), &plain).is_some());
    let is_one = whole && input.kind.has_one_record();
    let rows = if is_one { 1 } else { 2 };
    let goes_on = further
        .first()
        .is_some_and(|(_, next)| names.are_cut(first, next));
    if is_names || goes_on {
        let text: Vec<&[u8]> = lines.iter().map(|(_, line)| &line[..]).collect();
        let known = Known {
            is_names,
            goes_on,
            rows,
        };
        let found = header_line::torn(input.path, *at, &text, known);
        if is_names || found.is_some() {
            return found;
        }
    }
    if let Some((below, _)) = further.iter().find(|(_, line)| names.is_header(line)) {
        return Some(t013::below(input.path, *at, below.line));
    }
    if is_one && let Some(below) = one_record_below(lines) {
        return Some(t013::below(input.path, *at, below.line));
    }
    if names.key.is_some() && holds_values(lines) {
        return Some(t013::absent(input.path, *at));
    }
    let help = "save the table as tab-separated text, with the names of the columns on the first line";
    if lines.iter().any(|(_, line)| line.contains(&b'\t')) {
        return None;
    }
    let text = String::from_utf8_lossy(first);
    let separated = |by: &str| text.split(by).filter(|part| names.has(part)).count();
    if separated("  ") > 0 {
        return Some(f008::finding(
            input.path,
            "a table with blanks between its columns",
            help,
        ));
    }
    // Other separators are told with the names. Of one column of one record ODM makes an attribute.
    let is_refused = names.key.is_some() || (whole && further.is_empty());
    (is_refused && separated(",") + separated(";") == 0)
        .then(|| f008::finding(input.path, "text without tabs", help))
}

impl Names {
    fn has(&self, text: &str) -> bool {
        self.loose.contains(&loose(bare(text)))
    }

    /// Whether a line ends within one of the names, and the next goes on with it.
    fn are_cut(&self, line: &[u8], next: &[u8]) -> bool {
        let last = fields(line)
            .last()
            .map(|(_, field)| String::from_utf8_lossy(field));
        let first = fields(next)
            .next()
            .map(|(_, field)| String::from_utf8_lossy(field));
        let (Some(last), Some(first)) = (last, first) else {
            return false;
        };
        !last.trim().is_empty()
            && !first.trim().is_empty()
            && !self.has(&last)
            && !self.has(&first)
            && self.has(&format!("{last}{first}"))
    }

    /// Whether a line holds several of the names, or the key.
    fn is_header(&self, line: &[u8]) -> bool {
        let mut met: Vec<String> = Vec::new();
        for (_, field) in fields(line) {
            let name = loose(bare(&String::from_utf8_lossy(field)));
            if self.loose.contains(&name) && !met.contains(&name) {
                met.push(name);
            }
        }
        met.len() > 1 || (!met.is_empty() && met.first() == self.key.as_ref())
    }

    /// Whether the first column holds several of the names below the first line, and the first line none beside.
    fn are_in_first_column(&self, lines: &[(Position, Vec<u8>)]) -> bool {
        let Some(((_, first), further)) = lines.split_first() else {
            return false;
        };
        let has = |field: &[u8]| self.has(&String::from_utf8_lossy(field));
        let first_of = |line: &[u8]| fields(line).next().is_some_and(|(_, field)| has(field));
        fields(first).skip(1).all(|(_, field)| !has(field))
            && further
                .iter()
                .filter(|(_, line)| line.contains(&b'\t') && first_of(line))
                .count()
                > 1
    }
}

/// Whether the first line, which has none of the names, holds values as those under it do: a number, or some that stand there
/// again.
fn holds_values(lines: &[(Position, Vec<u8>)]) -> bool {
    let [(_, first), rows @ ..] = lines else {
        return false;
    };
    let number = |field: &[u8]| number::is_number(field.trim_ascii());
    let width = fields(first).count();
    let rows: Vec<Vec<&[u8]>> = rows
        .iter()
        .map(|(_, row)| fields(row).map(|(_, field)| field).collect())
        .filter(|row: &Vec<&[u8]>| row.len() == width)
        .collect();
    let repeats = |(index, (_, field)): &(usize, (usize, &[u8]))| {
        !field.trim_ascii().is_empty() && rows.iter().any(|row| row[*index] == *field)
    };
    // The same line once more is a header once more.
    let is_again = rows
        .iter()
        .any(|row| fields(first).map(|(_, field)| field).eq(row.iter().copied()));
    let is_number = |(index, (_, field)): &(usize, (usize, &[u8]))| {
        number(field) && !rows.is_empty() && rows.iter().all(|row| number(row[*index]))
    };
    !is_again
        && (fields(first).enumerate().filter(repeats).count() > 1
            || (fields(first).enumerate().any(|field| repeats(&field))
                && fields(first).enumerate().any(|field| is_number(&field))))
}

/// Where the names of a table of one record stand that nobody knows the names of: below a line of one text, and above one of as
/// many fields as they are.
fn one_record_below(lines: &[(Position, Vec<u8>)]) -> Option<Position> {
    let [(_, title), (at, names), (_, record)] = lines else {
        return None;
    };
    let filled = |line: &[u8]| {
        fields(line)
            .filter(|(_, field)| !field.trim_ascii().is_empty())
            .count()
    };
    let width = fields(names).count();
    let has_title = fields(title)
        .next()
        .is_some_and(|(_, field)| !field.trim_ascii().is_empty());
    let fits = width > 1 && filled(names) == width && fields(record).count() == width;
    (has_title && filled(title) == 1 && fits).then_some(*at)
}

/// A name without white space and quotes around it.
fn bare(name: &str) -> &str {
    name.trim().trim_matches('"').trim()
}

#[cfg(test)]
mod tests {
    use odmkit_core::{ByteOffset, FileKind, LineNumber};
    use odmkit_template::{Dictionaries, Template};

    use super::*;

    /// What is said of a text, shortly.
    fn said(kind: FileKind, text: &str) -> Option<String> {
        let (template, dictionaries) = (Template::bundled(), Dictionaries::bundled());
        let input = MetadataInput {
            path: &"t.tsv".into(),
            kind,
            describes: None,
            template: &template,
            dictionaries: &dictionaries,
            keep: &[],
            keep_all_up_to: 0,
        };
        let lines: Vec<(Position, Vec<u8>)> = (1..)
            .zip(text.lines())
            .map(|(number, line)| {
                let at = Position::line(LineNumber::new(number), ByteOffset(0));
                (at, line.as_bytes().to_vec())
            })
            .collect();
        misplaced(&input, &lines, true).map(|finding| format!("{} {}", finding.rule.code, finding.message))
    }

    #[test]
    fn names_elsewhere_are_found() {
        let samples = |text: &str| said(FileKind::Samples, text).unwrap_or_default();
        for above in ["# made by x", "My samples\t\t", "sep=\t", "a title\nand more"] {
            let text = format!("{above}\nSample Source ID\tSample Source\tSex\nS1\tc\tmale\n");
            let line = above.lines().count() + 1;
            assert!(
                samples(&text).starts_with(&format!("T013 the names of the columns stand on line {line}")),
                "{above}"
            );
        }
        assert!(
            samples("Sample Source ID  Sample Source\nS1  c\n")
                .starts_with("F008 this is a table with blanks")
        );
        assert!(samples(">seq1\nACGT\n").starts_with("F008 this is text without tabs"));
        let upright = "Study Title\tT\nStudy Source\tGEO\nStudy Source ID\tG\n";
        let found = said(FileKind::Study, upright).unwrap_or_default();
        assert!(found.starts_with("T013 the names of the attributes"), "{found}");
    }

    #[test]
    fn tables_without_names_are_told_from_those_with_others() {
        let said = |text: &str| said(FileKind::Samples, text).unwrap_or_default();
        let found = said("S1\tclinic\tmale\t3\nS2\tclinic\tmale\t4\n");
        assert!(found.starts_with("T013 there are no names of columns"), "{found}");
        assert!(said("S1\tclinic\t3\nS2\tclinic\t4\n").starts_with("T013"));
        for text in [
            "a\tb\t3\nc\td\te\n",
            "a\tb\nc\tb\n",
            "a\t2020\nc\t4\n",
            "a\tb\tc\nd\te\tf\na\tb\tc\n",
        ] {
            assert_eq!(said(text), "", "{text}");
        }
    }

    #[test]
    fn names_that_nobody_knows_are_found_above_one_record() {
        let one = |text: &str| said(FileKind::ExpressionMetadata, text).unwrap_or_default();
        for text in ["A title\nOwn\tOther\n1\t2\n", "# made by x\t\nOwn\tOther\n1\t\n"] {
            assert!(
                one(text).starts_with("T013 the names of the columns stand on line 2"),
                "{text}"
            );
        }
        for text in [
            "Own\tOther\n1\t2\n",
            "Own\n\tOther\n1\t2\n",
            "Own\n1\n2\n",
            "a\nb\tc\nd\te\nf\tg\n",
        ] {
            assert_eq!(one(text), "", "{text}");
        }
    }

    #[test]
    fn broken_names_are_found_by_what_they_are_together() {
        const BROKEN: &str = "T001 a line break stands inside the line of column names";
        const DOUBLED: &str = "T001 two tabs stand side by side";
        for (kind, text, wanted) in [
            (
                FileKind::Study,
                "Study Source\tStu\ndy Title\tStudy Type\nGEO\tT\tx\n",
                BROKEN,
            ),
            (
                FileKind::Study,
                "S\ntudy Source\tStudy Title\tStudy Type\nGEO\tT\tx\n",
                BROKEN,
            ),
            (
                FileKind::Preparations,
                "P\nreparation ID\tSample Source ID\tx\nP1\tS1\ta\nP2\tS2\tb\n",
                BROKEN,
            ),
            (
                FileKind::Preparations,
                "x\tPreparation ID\tSample\n Source ID\na\tP1\tS1\nb\tP2\tS2\n",
                BROKEN,
            ),
            (FileKind::Study, "Study Source\t\tStudy Title\nGEO\tT\n", DOUBLED),
            (
                FileKind::Samples,
                "Sample Source ID\t\tSex\tAge\nS1\tmale\t2\nS2\tmale\t3\n",
                DOUBLED,
            ),
        ] {
            let found = said(kind, text).unwrap_or_default();
            assert!(found.starts_with(wanted), "{text}: {found}");
        }
    }

    #[test]
    fn tables_with_their_names_are_left_to_the_rules_of_names() {
        for text in [
            "Sample Source ID\tSample Source\nS1\tc\n",
            "Sample Source ID\nS1\n",
            "sample_source_id\tx\nS1\tSex\n",
            "Sampl Source ID\tx\nS1\tc\n",
            "\"Sample Source ID\"\t\"Sex\"\n\"S1\"\t\"male\"\n",
            "Name\tAge\nSex\tAge\n",
            "Sample Source ID,Sex\nS1,male\n",
            "a\tb\nc\td\n",
            "title\na\tb\nc\td\n",
            "Sample Source ID\t\tSex\nS1\tmale\t\nS2\tmale\t\n",
        ] {
            assert_eq!(said(FileKind::Samples, text), None, "{text}");
        }
        assert_eq!(said(FileKind::ExpressionMetadata, "Own\nvalue\n"), None);
        assert_eq!(said(FileKind::Study, "Own\tOther\nvalue\tb\n"), None);
    }
}
