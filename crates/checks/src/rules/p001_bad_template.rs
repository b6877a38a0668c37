//! P001 bad-template.

use std::sync::Arc;

use odmkit_core::{ByteOffset, FieldNumber, LineNumber, Position};
use odmkit_diagnostics::{Code, Diagnostic, Effect, Example, Fixable, Rule, Severity};
use odmkit_template::{TextPlace, Violation};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code::new("P001"),
    name: "bad-template",
    severity: Severity::Error,
    effect: Effect::Rejected,
    fix: Fixable::No,
    what: "A template file violates the format of ODM's templates. Every violation is reported, with its JSON pointer.",
    why: "ODM refuses to load such a template, and nothing can be judged by it here.",
    mend: "Correct the JSON at the place that is named. `odmkit template default` prints a valid template to begin with.",
    example: Example {
        command: "trial.samples.tsv --template template.json",
        files: &[
            ("trial.samples.tsv", "Sample Source ID<TAB>Sample Source\nS1<TAB>clinic\n"),
            ("template.json", "[{\"name\": \"Sex\", \"isRequired\": \"no\",\n  \"metainfoType\": \"com.genestack.api.metainfo.StringValue\",\n  \"dataType\": \"genestack:sampleObject\"}]\n"),
        ],
    },
};

/// One violation. The field is its JSON pointer; the column counts characters of the line.
pub fn finding(path: &Arc<str>, violation: &Violation) -> Diagnostic {
    let position = position(violation.place);
    let message = if violation.pointer.is_empty() {
        violation.kind.to_string()
    } else {
        format!("{} (at {})", violation.kind, violation.pointer)
    };
    Diagnostic::new(&RULE, path, message)
        .at(position)
        .field(&violation.pointer)
        .help(violation.kind.help())
}

/// A place in a template; its column counts characters of the line.
pub(super) fn position(place: TextPlace) -> Position {
    Position::field(
        LineNumber::new(place.line),
        FieldNumber::new(place.column),
        ByteOffset(place.byte),
    )
}
