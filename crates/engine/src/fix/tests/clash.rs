//! Names and keys that would be the same once they were mended: a mended file is never worse than it was, and what the check
//! promises is done.

use std::collections::BTreeMap;

use odmkit_diagnostics::{Diagnostic, Severity};
use proptest::prelude::*;
use proptest::sample::select;

use super::{findings, mend_with, request};

/// How many findings at error level each rule has.
fn errors(findings: &[Diagnostic]) -> BTreeMap<String, u64> {
    let mut errors = BTreeMap::new();
    for finding in findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
    {
        *errors.entry(finding.rule.code.to_string()).or_default() += finding.count;
    }
    errors
}

/// What the check promises of a file.
pub(super) fn promised(findings: &[Diagnostic]) -> Vec<String> {
    let promised = |finding: &&Diagnostic| finding.fix.as_ref().is_some_and(|fix| fix.safe);
    let told = |finding: &Diagnostic| format!("{} {}", finding.rule.code, finding.message);
    findings.iter().filter(promised).map(told).collect()
}

fn is_no_worse(name: &str, text: &str) -> Result<(), TestCaseError> {
    let before = findings(name, text.as_bytes());
    let mended = mend_with(name, text.as_bytes(), request);
    let after = findings(name, &mended.text);
    let shown = || format!("{text}\nbecame\n{}", String::from_utf8_lossy(&mended.text));
    let mut allowed = errors(&before);
    // Rows of nothing but quotes were none.
    allowed.insert("T008".to_owned(), 1);
    for (code, count) in errors(&after) {
        let most = allowed.get(&code).copied().unwrap_or_default();
        prop_assert!(count <= most, "{code}: {most} were {count} then\n{}", shown());
    }
    prop_assert_eq!(promised(&after), Vec::<String>::new(), "{}", shown());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_table_is_no_worse(
        key in select(vec!["Sample Source ID", "\"Sample Source ID\"", "sample source id", "Sample ID"]),
        names in prop::collection::vec(
            select(vec![
                "Sex", "sex", "SEX", "\"Sex\"", " Sex", "Tissue", "Tissues", "Tisue", "\"Tisue\"", "Sample_Source_ID",
                "\"Sample Source ID\"", "Sample Source", "sample source", "x",
            ]),
            1..5,
        ),
        rows in prop::collection::vec(
            (
                select(vec!["A", "\"A\"", " A", "\" A\"", "\"\"\"A\"\"\"", "B", "\"B\"", "\"\"", "C", "D"]),
                select(vec!["v", "\"v\"", " v ", "\"\"", "", "\"v\"|\"w\"", "\"a \"\"b\"\" c\"", "\"a\" and \"b\"", "\""]),
            ),
            1..6,
        ),
    ) {
        let mut text = format!("{key}\t{}\n", names.join("\t"));
        for (key, value) in rows {
            text += key;
            for _ in &names {
                text = text + "\t" + value;
            }
            text.push('\n');
        }
        is_no_worse("m.samples.tsv", &text)?;
    }
}
