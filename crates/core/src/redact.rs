//! Taking out of a text what must not be seen.

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

/// A text in which every link is redacted.
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
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ',' | ')' | ']' | '}'))
            .map_or(rest.len(), |length| at + length);
        shown.push_str(&rest[..start]);
        shown.push_str(&link(&rest[start..end]));
        rest = &rest[end..];
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
    fn odd_texts_do_no_harm() {
        for odd in ["://", "é://é", "a://", "://://", "", "…://x?", "?#://@"] {
            let _ = links(odd);
        }
    }
}
