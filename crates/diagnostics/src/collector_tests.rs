use std::sync::Arc;

use odmkit_core::{ByteOffset, FieldNumber, LineNumber, Position};

use crate::{Code, Collector, Diagnostic, Effect, Example, Fixable, Overrides, Rule, Severity, Sink};

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

fn finding(path: &Arc<str>, line: u64) -> Diagnostic {
    Diagnostic::new(&RULE, path, format!("line {line}")).at(Position::field(
        LineNumber::new(line),
        FieldNumber::new(2),
        ByteOffset(line * 10),
    ))
}

#[test]
fn counts_stay_exact_beyond_the_cap() {
    let path: Arc<str> = Arc::from("a.gct");
    let mut collector = Collector::new(Overrides::new(), 3);
    for line in 1..=50 {
        collector.push(finding(&path, line));
    }
    let collected = collector.finish(&[path]);
    assert_eq!(collected.diagnostics.len(), 3);
    assert_eq!(collected.by_code[&RULE.code], 50);
    assert_eq!(collected.errors, 50);
}

#[test]
fn one_cause_gives_one_message() {
    let path: Arc<str> = Arc::from("a.gct");
    let mut collector = Collector::new(Overrides::new(), 20);
    for line in 1..=7 {
        collector.push(finding(&path, line).value("1,5").cause("decimal-comma"));
    }
    collector.push(finding(&path, 9).value("text"));
    let collected = collector.finish(&[path]);
    let counts: Vec<u64> = collected.diagnostics.iter().map(|d| d.count).collect();
    assert_eq!(counts, [7, 1]);
    assert_eq!(collected.diagnostics[0].also.len(), 4);
    assert_eq!(collected.by_code[&RULE.code], 8);
}

#[test]
fn a_cause_stands_at_its_first_place_whenever_that_is_told() {
    let path: Arc<str> = Arc::from("a.gct");
    let mut collector = Collector::new(Overrides::new(), 20);
    for line in [4, 5, 1, 6] {
        collector.push(finding(&path, line).cause("quotes"));
    }
    let collected = collector.finish(&[path]);
    let first = &collected.diagnostics[0];
    assert_eq!((first.line, first.count), (Some(LineNumber::new(1)), 4));
    let also: Vec<u64> = first.also.iter().map(|place| place.line.get()).collect();
    assert_eq!(also, [4, 5, 6]);
}

#[test]
fn findings_are_listed_by_file_then_place() {
    let (first, second): (Arc<str>, Arc<str>) = (Arc::from("z.gct"), Arc::from("a.gct"));
    let mut collector = Collector::new(Overrides::new(), 20);
    collector.push(finding(&second, 2));
    collector.push(finding(&first, 9));
    collector.push(finding(&first, 3));
    let collected = collector.finish(&[first, second]);
    let order: Vec<(&str, u64)> = collected
        .diagnostics
        .iter()
        .map(|d| (d.path.as_ref(), d.line.expect("a line").get()))
        .collect();
    assert_eq!(order, [("z.gct", 3), ("z.gct", 9), ("a.gct", 2)]);
}
