//! Taking out of a text what must not be seen.

use crate::auth::Secret;

pub use odmkit_core::redact::link;

/// A text in which every link is redacted and the token, should it be there, is blotted out.
pub fn text(text: &str, token: &Secret) -> String {
    let text = if token.expose().len() >= 4 {
        text.replace(token.expose(), "…")
    } else {
        text.to_owned()
    };
    odmkit_core::redact::links(&text)
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
    fn odd_texts_do_no_harm() {
        let token = Secret::new("");
        for odd in ["://", "é://é", "a://", "://://", "", "…://x?", "?#://@"] {
            let _ = text(odd, &token);
        }
    }
}
