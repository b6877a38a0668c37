//! Query parameters: known ones are read, unknown ones are refused, as ODM has done since 1.40.

use reqwest::Url;

use crate::reply::Refusal;

/// The parameters of a request, all of them among those that its endpoint knows.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(text: Option<&str>, known: &[&str]) -> Result<Self, Refusal> {
        let mut parameters = Vec::new();
        let Ok(url) = Url::parse(&format!("http://localhost/?{}", text.unwrap_or_default())) else {
            return Err(Refusal::bad("the query cannot be read"));
        };
        for (name, value) in url.query_pairs() {
            if !known.contains(&name.as_ref()) {
                return Err(Refusal::bad(format!("unknown query parameter: {name}")));
            }
            parameters.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(parameters))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Refusal::bad(format!("{name} is true or false, not {other}"))),
        }
    }

    /// `pageLimit` and `pageOffset`.
    pub(crate) fn page(&self) -> Result<(usize, usize), Refusal> {
        let number = |name: &str, default: usize| match self.text(name) {
            None => Ok(default),
            Some(text) => text
                .parse()
                .map_err(|_| Refusal::bad(format!("{name} is a number, not {text}"))),
        };
        let limit = number("pageLimit", 2000)?;
        if limit > 2000 {
            return Err(Refusal::bad("pageLimit is at most 2000"));
        }
        Ok((limit, number("pageOffset", 0)?))
    }
}

/// The query as the journal may show it: the values of parameters that no endpoint knows are left out, since a
/// token or a signature may be among them.
pub(crate) fn shown(text: Option<&str>) -> String {
    const KNOWN: [&str; 11] = [
        "allow_dups",
        "firstId",
        "firstType",
        "limit",
        "offset",
        "secondId",
        "secondType",
        "linkingAttribute",
        "pageLimit",
        "pageOffset",
        "responseFormat",
    ];
    let pairs = text
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty());
    let shown: Vec<String> = pairs
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if KNOWN.contains(&name) => pair.to_owned(),
            Some((name, _)) => format!("{name}=…"),
            None => "…".to_owned(),
        })
        .collect();
    shown.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_parameters_are_refused() {
        assert!(
            Query::parse(Some("allow_dups=true"), &["allow_dups"])
                .unwrap()
                .flag("allow_dups")
                .unwrap()
        );
        assert!(Query::parse(Some("allow_dups=true"), &[]).is_err());
        assert!(
            Query::parse(Some("allow_dups=yes"), &["allow_dups"])
                .unwrap()
                .flag("allow_dups")
                .is_err()
        );
        let query = Query::parse(Some("linkingAttribute=Sample%20Name+x"), &["linkingAttribute"]).unwrap();
        assert_eq!(query.text("linkingAttribute"), Some("Sample Name x"));
    }

    #[test]
    fn pages_have_a_limit() {
        let page = |text: &str| {
            Query::parse(Some(text), &["pageLimit", "pageOffset"])
                .unwrap()
                .page()
        };
        assert_eq!(page("").unwrap(), (2000, 0));
        assert_eq!(page("pageLimit=5&pageOffset=10").unwrap(), (5, 10));
        assert!(page("pageLimit=2001").is_err());
        assert!(page("pageOffset=-1").is_err());
    }

    #[test]
    fn the_journal_sees_no_unknown_value() {
        assert_eq!(
            shown(Some("allow_dups=true&token=hush&hush")),
            "allow_dups=true&token=…&…"
        );
        assert_eq!(shown(None), "");
    }
}
