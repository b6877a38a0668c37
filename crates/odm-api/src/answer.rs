//! What a server said when it did not say what was hoped for, cut down to what may be shown.

use std::fmt;

use serde_json::Value;

use crate::auth::Secret;
use crate::redact;
use crate::request::Response;

const LONGEST: usize = 400;

/// A short, safe rendering of a response's body: ODM's own message where there is one, the title of an HTML page,
/// or the beginning of the text; without the token and without what links hide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer(String);

impl Answer {
    /// Renders a response's body.
    pub fn new(response: &Response, token: &Secret) -> Self {
        let text = String::from_utf8_lossy(&response.body);
        let text = text.trim();
        let said = match serde_json::from_str::<Value>(text) {
            Ok(value) => message(&value).unwrap_or_else(|| text.to_owned()),
            Err(_) => page_title(text).unwrap_or_else(|| text.to_owned()),
        };
        Self(shortened(&redact::text(&said, token)))
    }

    /// The text; empty when the server said nothing.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            f.write_str("nothing in its body")
        } else {
            f.write_str(&self.0)
        }
    }
}

/// The message of an error body, in the classic form (`error.message`) or the newer one (`title`, `detail`,
/// `errors[]`).
pub(crate) fn message(value: &Value) -> Option<String> {
    if let Some(message) = value
        .pointer("/error/message")
        .or_else(|| value.get("message"))
        .and_then(Value::as_str)
    {
        return Some(message.to_owned());
    }
    let mut parts: Vec<&str> = ["title", "detail"]
        .iter()
        .filter_map(|key| value.get(key).and_then(Value::as_str))
        .collect();
    for error in value
        .get("errors")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        parts.extend(
            ["location", "message"]
                .iter()
                .filter_map(|key| error.get(key).and_then(Value::as_str)),
        );
    }
    (!parts.is_empty()).then(|| parts.join(": "))
}

fn page_title(text: &str) -> Option<String> {
    let lower = text
        .get(..text.len().min(2000))
        .unwrap_or(text)
        .to_ascii_lowercase();
    if !(lower.starts_with('<') && (lower.contains("<html") || lower.contains("<!doctype html"))) {
        return None;
    }
    let title = lower
        .find("<title>")
        .map(|at| at + "<title>".len())
        .and_then(|start| {
            let end = start + lower[start..].find("</title>")?;
            text.get(start..end)
        });
    Some(match title.map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => format!("an HTML page titled “{title}”"),
        None => "an HTML page".to_owned(),
    })
}

fn shortened(text: &str) -> String {
    let mut short = String::new();
    for word in text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
    {
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
        if short.len() > LONGEST {
            short = short.chars().take(LONGEST).collect();
            short.push('…');
            break;
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str) -> String {
        let response = Response {
            status: 500,
            headers: Vec::new(),
            body: body.to_owned().into(),
        };
        Answer::new(&response, &Secret::new("t0ken")).to_string()
    }

    #[test]
    fn the_message_is_found_in_every_form() {
        assert_eq!(said(r#"{"error":{"message":"no such study"}}"#), "no such study");
        assert_eq!(
            said(
                r#"{"type":"x","title":"Bad","detail":"too long","errors":[{"location":"body.a","message":"b"}]}"#
            ),
            "Bad: too long: body.a: b"
        );
        assert_eq!(said(r#"{"odd":1}"#), r#"{"odd":1}"#);
        assert_eq!(said(" plain\n text "), "plain text");
        assert_eq!(said(""), "nothing in its body");
    }

    #[test]
    fn a_page_is_named_and_not_quoted() {
        assert_eq!(
            said("<html><head><title>504 Gateway Time-out</title></head><body>…</body></html>"),
            "an HTML page titled “504 Gateway Time-out”"
        );
        assert_eq!(said("<!DOCTYPE html><p>é"), "an HTML page");
    }

    #[test]
    fn what_is_shown_is_short_and_safe() {
        let long = said(&"word ".repeat(1000));
        assert!(long.len() < 410 && long.ends_with('…'));
        assert_eq!(said("t0ken at https://a/b?sig=1"), "… at https://a/b?sig=…");
    }
}
