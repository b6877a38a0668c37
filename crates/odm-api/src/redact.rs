//! Taking out of a text what must not be seen.

use serde_json::Value;

use crate::auth::Secret;

pub use odmkit_core::redact::{link, links};

/// A text in which every link is redacted and the token, should it be there, is blotted out.
pub fn text(text: &str, token: &Secret) -> String {
    if token.expose().len() >= 4 {
        links(&text.replace(token.expose(), "…"))
    } else {
        links(text)
    }
}

/// The same for every text in a JSON value.
pub fn value(value: &mut Value, token: &Secret) {
    match value {
        Value::String(said) => *said = text(said, token),
        Value::Array(items) => items.iter_mut().for_each(|item| self::value(item, token)),
        Value::Object(fields) => fields.values_mut().for_each(|field| self::value(field, token)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lose_the_token_and_what_links_hide() {
        let token = Secret::new("t0ps3cret");
        let shown = text(
            "no access to «https://u:p@h/x?X-Amz-Signature=ff», token t0ps3cret; see ftp://h",
            &token,
        );
        assert!(
            !shown.contains("ff") && !shown.contains("t0ps3cret") && !shown.contains("u:p"),
            "{shown}"
        );
        assert!(
            shown.contains("https://h/x?X-Amz-Signature=…") && shown.ends_with("see ftp://h"),
            "{shown}"
        );
    }

    #[test]
    fn every_text_of_an_answer_is_gone_through() {
        let mut answer = serde_json::json!({"a": [{"b": "no https://h/x?k=ff"}], "n": 1});
        value(&mut answer, &Secret::new("t0ken"));
        assert_eq!(answer.to_string(), r#"{"a":[{"b":"no https://h/x?k=…"}],"n":1}"#);
    }
}
