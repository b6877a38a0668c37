//! Links to files, which may carry a signature.

use std::fmt;
use std::sync::Arc;

use crate::redact;

/// A link that ODM is to fetch a file from. A presigned one is as good as a key, so that it is shown, by `Display` and
/// by `Debug`, without the values of its query and without user name and password.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileLink(Arc<str>);

impl FileLink {
    /// Takes a text as a link; whether ODM can fetch it is found out when an import is built from it.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The whole link, for the request that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for FileLink {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for FileLink {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for FileLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&redact::link(&self.0))
    }
}

impl fmt::Debug for FileLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileLink({self})")
    }
}
