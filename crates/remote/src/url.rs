//! Addresses.

use std::fmt;
use std::net::IpAddr;

use odmkit_core::redact;
use url::Url;

use crate::error::{RemoteError, RemoteErrorKind};

/// The address of a file that is not on this machine.
///
/// Shown, it has no password and no value of its query.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RemoteUrl {
    scheme: Scheme,
    text: String,
}

/// Who keeps the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// A web server, unencrypted.
    Http,
    /// A web server.
    Https,
    /// Amazon S3, or what speaks like it.
    S3,
    /// Google Cloud Storage.
    Gs,
    /// Azure Blob Storage.
    Az,
}

impl RemoteUrl {
    /// Whether a text begins as an address does. What does not is the name of a file.
    pub fn is_remote(text: &str) -> bool {
        Scheme::of(text).is_some()
    }

    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, RemoteError> {
        let fail = |why: &str| {
            let why = RemoteErrorKind::BadUrl(why.to_owned());
            Err(RemoteError::new(redact::link(text), why))
        };
        let Some((scheme, rest)) = Scheme::of(text) else {
            return fail("it does not begin with http://, https://, s3://, gs:// or az://");
        };
        if scheme.is_bucket() {
            let (bucket, _) = rest.split_once('/').unwrap_or((rest, ""));
            if bucket.contains('@') {
                return fail("credentials do not belong into an address: set them in the environment");
            }
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
            if bucket.is_empty() || !bucket.chars().all(plain) {
                return fail("it names no bucket");
            }
        } else {
            match Url::parse(text) {
                Ok(url) if url.has_host() => {}
                Ok(_) => return fail("it names no server"),
                Err(error) => return fail(&error.to_string()),
            }
        }
        Ok(Self {
            scheme,
            text: text.to_owned(),
        })
    }

    /// Who keeps the file.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Whether it is in a bucket.
    pub fn is_bucket(&self) -> bool {
        self.scheme.is_bucket()
    }

    /// The bucket, or the container; the server of another address.
    pub fn bucket(&self) -> &str {
        self.rest().split(['/', '?', '#']).next().unwrap_or_default()
    }

    /// What stands after the bucket: the object's key, letter for letter.
    pub fn key(&self) -> &str {
        self.rest().split_once('/').map_or("", |(_, key)| key)
    }

    /// The last part of the path: the file's name.
    pub fn name(&self) -> String {
        if self.is_bucket() {
            return self.key().rsplit('/').next().unwrap_or_default().to_owned();
        }
        let path = self.rest().split(['?', '#']).next().unwrap_or_default();
        let name = path.split_once('/').map_or("", |(_, path)| path);
        unescaped(name.rsplit('/').next().unwrap_or_default())
    }

    /// The address of a file below this one, which is a folder then.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        let text = if self.is_bucket() {
            format!("{}/{name}", self.text.trim_end_matches('/'))
        } else {
            let at = self.text.find(['?', '#']).unwrap_or(self.text.len());
            let (path, query) = self.text.split_at(at);
            format!("{}/{}{query}", path.trim_end_matches('/'), escaped(name))
        };
        Self {
            scheme: self.scheme,
            text,
        }
    }

    /// The address of a file in the same folder.
    #[must_use]
    pub fn beside(&self, name: &str) -> Self {
        let end = if self.is_bucket() {
            self.text.len()
        } else {
            self.text.find(['?', '#']).unwrap_or(self.text.len())
        };
        let folder = self.text[..end].rfind('/').unwrap_or(end);
        let folder = Self {
            scheme: self.scheme,
            text: format!("{}{}", &self.text[..folder], &self.text[end..]),
        };
        folder.child(name)
    }

    /// Whether what travels to and from there could be read on the way: plain HTTP, but to this machine.
    pub fn is_unencrypted(&self) -> bool {
        self.scheme == Scheme::Http && !self.is_loopback()
    }

    /// The whole address, with what is secret in it: for requests alone.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Whether it is a server of this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        let Ok(url) = Url::parse(&self.text) else {
            return false;
        };
        match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
            Some(url::Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
            None => false,
        }
    }

    /// What stands after `scheme://`.
    fn rest(&self) -> &str {
        Scheme::of(&self.text).map_or("", |(_, rest)| rest)
    }
}

impl fmt::Display for RemoteUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_bucket() {
            f.write_str(&self.text)
        } else {
            f.write_str(&redact::link(&self.text))
        }
    }
}

impl fmt::Debug for RemoteUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RemoteUrl({self})")
    }
}

impl Scheme {
    /// The scheme of a text, and what follows it.
    fn of(text: &str) -> Option<(Self, &str)> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Self::Http,
            "https" => Self::Https,
            "s3" => Self::S3,
            "gs" => Self::Gs,
            "az" => Self::Az,
            _ => return None,
        };
        Some((scheme, rest))
    }

    /// Whether it keeps objects in buckets.
    const fn is_bucket(self) -> bool {
        matches!(self, Self::S3 | Self::Gs | Self::Az)
    }
}

/// A part of a path with its `%XX` read; as it stands where they make no text.
fn unescaped(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut read = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = part
            .get(at + 1..at + 3)
            .filter(|code| bytes[at] == b'%' && code.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        read.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    // A name cannot hold what parts names.
    match String::from_utf8(read) {
        Ok(name) if !name.contains(['/', '\0']) => name,
        _ => part.to_owned(),
    }
}

/// A name as a part of a path.
fn escaped(name: &str) -> String {
    use fmt::Write as _;
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> RemoteUrl {
        RemoteUrl::parse(text).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn parts() {
        for (text, bucket, key, name) in [
            ("s3://b/a/x%20y.gct", "b", "a/x%20y.gct", "x%20y.gct"),
            ("S3://b", "b", "", ""),
            ("gs://b/a b?c#d", "b", "a b?c#d", "a b?c#d"),
            (
                "https://h:1/a/x%20y.gct?sig=s/t#u",
                "h:1",
                "a/x%20y.gct?sig=s/t#u",
                "x y.gct",
            ),
            ("https://h/a%2Fb.tsv", "h", "a%2Fb.tsv", "a%2Fb.tsv"),
            ("https://h/%FF.tsv", "h", "%FF.tsv", "%FF.tsv"),
            ("https://h/é%.tsv", "h", "é%.tsv", "é%.tsv"),
            ("https://h?x=/y", "h?x=", "y", ""),
        ] {
            let url = url(text);
            if url.is_bucket() {
                assert_eq!((url.bucket(), url.key()), (bucket, key), "{text}");
            }
            assert_eq!(url.name(), name, "{text}");
        }
    }

    #[test]
    fn what_is_secret_is_not_shown() {
        let url = url("https://me:pw@h/x.gct?X-Amz-Signature=abc");
        assert_eq!(url.to_string(), "https://h/x.gct?X-Amz-Signature=…");
        assert_eq!(format!("{url:?}"), "RemoteUrl(https://h/x.gct?X-Amz-Signature=…)");
        let error = RemoteUrl::parse("s3://AKIA:secret@b/x").unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn children() {
        assert_eq!(url("s3://b").child("x y").expose(), "s3://b/x y");
        assert_eq!(url("s3://b/p/").child("x").expose(), "s3://b/p/x");
        assert_eq!(
            url("https://h/p?q=1").child("x y").expose(),
            "https://h/p/x%20y?q=1"
        );
    }

    #[test]
    fn neighbours() {
        assert_eq!(url("s3://b/p/x?").beside("y").expose(), "s3://b/p/y");
        assert_eq!(
            url("https://h/p/x?q=1/2").beside("y").expose(),
            "https://h/p/y?q=1/2"
        );
    }

    #[test]
    fn no_addresses() {
        for text in ["x.gct", "C:/x", "file:///x", "s3:/b/x", "ftp://h/x"] {
            assert!(!RemoteUrl::is_remote(text), "{text}");
        }
        for text in [
            "s3://",
            "s3:///x",
            "https://",
            "http://[::1",
            "az://a b/x",
            "gs://b@c/x",
        ] {
            assert!(RemoteUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn this_machine_needs_no_encryption() {
        for text in [
            "http://127.0.0.1:9/x",
            "http://localhost/x",
            "http://[::1]/x",
            "https://h/x",
            "s3://b/x",
        ] {
            assert!(!url(text).is_unencrypted(), "{text}");
        }
        assert!(url("http://10.0.0.1/x").is_unencrypted());
    }
}
