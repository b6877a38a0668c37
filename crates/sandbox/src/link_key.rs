//! What keeps the links of a file server from being guessed.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use crate::digest;

/// A secret from which the links of served files are made. It is kept where it lies between runs: ODM knows an import by
/// its link.
#[derive(Clone)]
pub struct LinkKey(String);

const BYTES: usize = 32;
/// Another run that is just writing the key takes no longer than this.
const LOOKS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

impl LinkKey {
    /// A key that nobody has had before.
    pub fn random() -> io::Result<Self> {
        let mut bytes = [0; BYTES];
        let random = rustls::crypto::ring::default_provider().secure_random;
        random
            .fill(&mut bytes)
            .map_err(|_| io::Error::other("the system gives no random numbers"))?;
        Ok(Self(digest::hexadecimal(&bytes)))
    }

    /// The key that a file holds; it is made, for its owner alone, where there is none.
    pub fn kept_in(path: &Path) -> io::Result<Self> {
        let key = Self::random()?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => {
                file.write_all(key.0.as_bytes())?;
                file.sync_all()?;
                Ok(key)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::read(path),
            Err(error) => Err(error),
        }
    }

    /// The key that a file holds.
    pub fn read(path: &Path) -> io::Result<Self> {
        for look in 0.. {
            let text = fs::read_to_string(path)?;
            if text.len() == 2 * BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Ok(Self(text));
            }
            if look == LOOKS || text.len() > 2 * BYTES {
                break;
            }
            std::thread::sleep(PAUSE);
        }
        Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "it holds no key of links: remove it, and new links are made",
        ))
    }

    /// What stands for this file in its link.
    pub(crate) fn sign(&self, path: &Path) -> String {
        digest::digest(
            &[self.0.as_bytes(), path.as_os_str().as_encoded_bytes()],
            BYTES / 2,
        )
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let key = LinkKey::kept_in(&path).unwrap();
        let file = Path::new("/data/s.tsv");
        assert_eq!(key.sign(file), LinkKey::kept_in(&path).unwrap().sign(file));
        assert_ne!(key.sign(file), key.sign(Path::new("/data/t.tsv")));
        assert_ne!(key.sign(file), LinkKey::random().unwrap().sign(file));
        assert!(!format!("{key:?}").contains(&key.0));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&path, "not a key").unwrap();
        assert!(
            LinkKey::kept_in(&path)
                .unwrap_err()
                .to_string()
                .contains("remove it")
        );
    }
}
