//! Taking out of a text what must not be seen, or tells people nothing.

/// A message of the system without its number, such as `(os error 2)`.
pub fn system_numbers(text: &str) -> String {
    let mut parts = text.split(" (os error ");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once(')').map_or(part, |(_, rest)| rest));
    }
    plain
}

/// A link without what its owner would not want in a log: the user name and password, and the values of its query
/// (a presigned link's signature is there).
pub fn link(link: &str) -> String {
    let (before, query) = match link.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (link.split('#').next().unwrap_or(link), None),
    };
    let mut shown = match before.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            format!("{scheme}://{host}{path}")
        }
        None => before.to_owned(),
    };
    if let Some(query) = query {
        for (index, pair) in query.split('#').next().unwrap_or(query).split('&').enumerate() {
            shown.push(if index == 0 { '?' } else { '&' });
            match pair.split_once('=') {
                Some((name, _)) => {
                    shown.push_str(name);
                    shown.push_str("=…");
                }
                None => shown.push('…'),
            }
        }
    }
    shown
}

/// A text in which every link is redacted, and every value that is named as a signature or a key.
pub fn links(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let start = rest[..at]
            .rfind(|c: char| !c.is_ascii_alphanumeric())
            .map_or(0, |before| {
                before + rest[before..].chars().next().map_or(1, char::len_utf8)
            });
        let end = rest[at..]
            .find(ends_a_link)
            .map_or(rest.len(), |length| at + length);
        shown.push_str(&rest[..start]);
        shown.push_str(&link(&rest[start..end]));
        rest = &rest[end..];
    }
    shown.push_str(rest);
    without_named_secrets(&shown)
}

/// Commas and brackets end no link: a query may have them before its signature.
fn ends_a_link(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`' | '\\')
}

/// Blots out the value of every `name=value` that is a secret by its name: what is left of a link that was torn apart.
fn without_named_secrets(text: &str) -> String {
    const SECRETS: [&str; 7] = [
        "signature",
        "sig",
        "credential",
        "token",
        "secret",
        "password",
        "keyid",
    ];
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('=') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        shown.push_str(before);
        shown.push('=');
        rest = after;
        let start = before
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
            .map_or(0, |found| {
                found + before[found..].chars().next().map_or(1, char::len_utf8)
            });
        let name = before[start..].to_ascii_lowercase();
        if SECRETS.iter().any(|secret| name.ends_with(secret)) {
            let end = after.find(|c| ends_a_link(c) || c == '&').unwrap_or(after.len());
            if end > 0 {
                shown.push('…');
                rest = &after[end..];
            }
        }
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lose_credentials_and_query_values() {
        assert_eq!(link("https://a.org/x.tsv"), "https://a.org/x.tsv");
        assert_eq!(
            link("https://me:pw@a.org/x?sig=abc&v=2#f"),
            "https://a.org/x?sig=…&v=…"
        );
        assert_eq!(link("https://a.org/x?abc"), "https://a.org/x?…");
        assert_eq!(link("file:///data/x.tsv"), "file:///data/x.tsv");
        assert_eq!(link("x#y"), "x");
    }

    #[test]
    fn numbers_of_the_system_are_left_out() {
        for (text, plain) in [
            (
                "x: No such file or directory (os error 2)",
                "x: No such file or directory",
            ),
            ("a (os error 2): b (os error 13).", "a: b."),
            ("a (os error", "a (os error"),
            ("a (os error 2", "a2"),
        ] {
            assert_eq!(system_numbers(text), plain);
        }
    }

    #[test]
    fn odd_texts_do_no_harm() {
        for odd in ["://", "é://é", "a://", "://://", "", "…://x?", "?#://@"] {
            let _ = links(odd);
        }
    }

    #[test]
    fn a_link_that_is_torn_apart_hides_its_signature_all_the_same() {
        for (said, shown) in [
            (
                "GET /b/x?a=1&X-Amz-Signature=ff00&b=2 failed",
                "GET /b/x?a=1&X-Amz-Signature=…&b=2 failed",
            ),
            (
                "https://h/x?spr=https,http&sig=ff, gone",
                "https://h/x?spr=…&sig=… gone",
            ),
            ("https://h/x?n='a'&sig=ff", "https://h/x?n=…'a'&sig=…"),
            ("x?sig=…&token=", "x?sig=…&token="),
            ("width=3 = sig", "width=3 = sig"),
        ] {
            assert_eq!(links(said), shown, "{said}");
        }
    }
}
