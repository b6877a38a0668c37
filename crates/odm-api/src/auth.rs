//! Who we are to the server: exactly one token, which cannot be printed.

use std::fmt;
use std::sync::Arc;

/// Text that must not be seen: no `Display`, and a `Debug` that hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

/// How a request proves who sends it. ODM lets the access token win when both are sent; we never send both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// A permanent token, sent as `Genestack-API-Token`.
    ApiToken(Secret),
    /// A token from the identity provider, sent as `Authorization: Bearer`.
    AccessToken(Secret),
}

/// Text that cannot be a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// Nothing but white space.
    #[error("the token is empty")]
    Empty,
    /// A space, a line end or another character that no token has.
    #[error(
        "the token has a space, a line end or another character in it that no token has; was it copied whole?"
    )]
    Characters,
}

impl Secret {
    /// Hides a text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Auth {
    /// A permanent API token; white space around it (a file's last line end) is dropped.
    pub fn api_token(text: &str) -> Result<Self, BadToken> {
        token(text).map(Self::ApiToken)
    }

    /// An access token; white space around it is dropped.
    pub fn access_token(text: &str) -> Result<Self, BadToken> {
        token(text).map(Self::AccessToken)
    }

    /// The token.
    pub fn secret(&self) -> &Secret {
        match self {
            Self::ApiToken(secret) | Self::AccessToken(secret) => secret,
        }
    }

    /// The header that carries the token.
    pub fn header_name(&self) -> &'static str {
        match self {
            Self::ApiToken(_) => "Genestack-API-Token",
            Self::AccessToken(_) => "Authorization",
        }
    }

    /// The header's value.
    pub fn header_value(&self) -> Secret {
        match self {
            Self::ApiToken(secret) => secret.clone(),
            Self::AccessToken(secret) => Secret::new(&format!("Bearer {}", secret.expose())),
        }
    }

    /// The environment variable in which the token is looked for.
    pub fn variable(&self) -> &'static str {
        match self {
            Self::ApiToken(_) => "ODM_API_TOKEN",
            Self::AccessToken(_) => "ODM_ACCESS_TOKEN",
        }
    }
}

fn token(text: &str) -> Result<Secret, BadToken> {
    let text = text.trim();
    if text.is_empty() {
        return Err(BadToken::Empty);
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(BadToken::Characters);
    }
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_trimmed_and_must_be_one_word() {
        let auth = Auth::api_token(" abc123\r\n").unwrap();
        assert_eq!(auth.secret().expose(), "abc123");
        assert_eq!(Auth::api_token("\n"), Err(BadToken::Empty));
        assert_eq!(Auth::access_token("abc def"), Err(BadToken::Characters));
        assert_eq!(Auth::access_token("abc\ndef"), Err(BadToken::Characters));
    }

    #[test]
    fn no_debug_text_shows_the_token() {
        for auth in [
            Auth::api_token("hush-hush").unwrap(),
            Auth::access_token("hush-hush").unwrap(),
        ] {
            assert!(!format!("{auth:?} {:?} {:?}", auth.secret(), auth.header_value()).contains("hush"));
        }
    }
}
