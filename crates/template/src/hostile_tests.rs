//! Whatever bytes come in, a typed answer comes out.

use proptest::prelude::*;

use crate::{Dictionary, Form, Judgement, Template, ValueType, value};

/// Text that is nearly what the readers expect.
fn nearly(parts: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(parts), 0..24).prop_map(|parts| parts.concat())
}

const JSON: &[&str] = &[
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    " ",
    "\n",
    "\"name\"",
    "\"isRequired\"",
    "\"metainfoType\"",
    "\"dataType\"",
    "\"Sex\"",
    "true",
    "null",
    "-1.5e3",
    "\"com.genestack.api.metainfo.StringValue\"",
    "\"study\"",
    "\"\\u00e9\"",
    "\"é\"",
    "\\",
    "\"",
];

const CSV: &[&str] = &[
    "Label", "label", "Synonyms", "Name", ",", "\n", "\r\n", "\r", "\"", "\"\"\"", "a b", "é", " ",
    "\u{feff}",
];

const VALUES: &[&str] = &[
    "1", "23", "004", "2021", "-", "/", ".", ",", ":", " ", "T", "Z", "e", "+", "|", "||", "Apr", "é",
    "\u{a0}", "−", "https://", "www.", "10.", "%", "<", "NA", "mg",
];

proptest! {
    #[test]
    fn templates(text in nearly(JSON)) {
        if let Err(violations) = Template::from_json(text.as_bytes()) {
            prop_assert!(!violations.is_empty());
            for violation in violations {
                prop_assert!(violation.place.byte <= text.len() as u64);
                prop_assert!(!violation.kind.help().is_empty());
            }
        }
    }

    #[test]
    fn bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = Template::from_json(&bytes);
        let _ = Dictionary::from_bytes("D", &bytes);
    }

    #[test]
    fn dictionaries(text in nearly(CSV), value in nearly(CSV)) {
        if let Ok(dictionary) = Dictionary::from_bytes("D", text.as_bytes()) {
            let labels: Vec<&str> = dictionary.labels().collect();
            prop_assert!(labels.iter().all(|label| dictionary.lookup(label) == crate::Lookup::Term));
            prop_assert!(dictionary.nearest(&value).iter().all(|near| labels.contains(near)));
        }
    }

    /// What is mended is valid, and stays what it is.
    #[test]
    fn values(text in nearly(VALUES)) {
        for value_type in ValueType::ALL {
            if let Judgement::Not(form) = value::judge(value_type, &text)
                && let Some(mended) = form.mended(value_type, &text)
            {
                prop_assert_eq!(value::judge(value_type, &mended), Judgement::Valid);
                prop_assert_ne!(mended, text.clone());
                prop_assert_ne!(form, Form::Other);
            }
        }
        prop_assert!(value::items(&text).count() <= text.len() + 1);
    }
}
