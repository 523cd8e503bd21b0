//! The token that a client has to send.

use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::HttpError;

/// How long a token has to be at least, in bytes: shorter ones can be guessed
const SHORTEST: usize = 16;

/// How long it can be at most, in bytes
const LONGEST: usize = 1024;

/// What a file's mode says of others than its owner
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// A secret that clients show to be let in; it is never printed
#[derive(Clone)]
pub struct Token(Box<[u8]>);

impl Token {
    /// Takes a text as token, without the white space around it
    ///
    /// Fails unless it is 16 to 1024 visible characters of ASCII.
    pub fn new(text: &str) -> Result<Self, HttpError> {
        let text = text.trim();
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if !visible || !(SHORTEST..=LONGEST).contains(&text.len()) {
            return Err(HttpError::new(
                format!("expected a token of {SHORTEST} to {LONGEST} visible characters of ASCII"),
                "`openssl rand -hex 32` makes a good one",
            ));
        }
        Ok(Self(text.as_bytes().into()))
    }

    /// Reads the token that a file holds
    pub fn read(path: &Path) -> Result<Self, HttpError> {
        let text = text_of(path).map_err(|error| cannot("read", path, &error))?;
        Self::new(&text).map_err(|error| error.within(path))
    }

    /// Reads the token that a file holds; where there is none, makes one and keeps it there
    ///
    /// Nobody but the user can read the file; one that others can read is refused.
    pub fn kept(path: &Path) -> Result<Self, HttpError> {
        match text_of(path) {
            Ok(text) => {
                only_for_the_user(path)?;
                Self::new(&text).map_err(|error| error.within(path))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                make(path).map_err(|error| cannot("keep", path, &error))?;
                // Another server may have been first: what is in the file counts.
                Self::read(path)
            }
            Err(error) => Err(cannot("read", path, &error)),
        }
    }

    /// Whether others than its owner can read a file that holds one; not known on every system
    pub(crate) fn is_shown_to_others(path: &Path) -> bool {
        is_shown_to_others(path).unwrap_or(false)
    }

    /// The token itself, for a client of ours to send
    pub(crate) fn reveal(&self) -> &str {
        // It is visible ASCII, or there would be no token.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// A key for what the server signs itself: another for another token, store or purpose
    ///
    /// Whoever sees what was signed cannot try out tokens with it, as long as `salt` is a secret.
    pub(super) fn key(&self, salt: &[u8; 32], purpose: &str) -> [u8; 32] {
        // The salt has a length of its own, and no purpose has a zero in it: parts cannot run into
        // one another.
        let digest = Sha256::new().chain_update(salt).chain_update(purpose).chain_update([0]);
        digest.chain_update(&self.0).finalize().into()
    }

    /// Whether a client has sent it; how long that takes does not tell how much of it was right
    pub fn is(&self, given: &[u8]) -> bool {
        self.0.ct_eq(given).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

fn text_of(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    // A little more than any token, so that a file that is none is found to be too long.
    std::fs::File::open(path)?.take(2 * LONGEST as u64).read_to_string(&mut text)?;
    Ok(text)
}

fn make(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // Two of them have 244 bits of the operating system's randomness.
    let token = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    // Such a file is the user's alone from its beginning on.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{token}")?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}

fn only_for_the_user(path: &Path) -> Result<(), HttpError> {
    if !is_shown_to_others(path).map_err(|error| cannot("read", path, &error))? {
        return Ok(());
    }
    let path = path.display();
    Err(HttpError::new(
        format!("others than you can read the token in `{path}`"),
        format!("remove it, and a new one is made: rm '{path}'"),
    ))
}

#[cfg(unix)]
fn is_shown_to_others(path: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::metadata(path)?.permissions().mode() & OTHERS != 0)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "where a file has a mode, it may be gone")]
fn is_shown_to_others(_: &Path) -> std::io::Result<bool> {
    Ok(false)
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> HttpError {
    HttpError::new(
        format!("cannot {what} the token in `{}`: {error}", path.display()),
        "name a file that holds one with --token-file, or put it into WORKFLOW_TOKEN",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_same_is_it() {
        let token = Token::new(" 0123456789abcdef\n").unwrap();
        assert!(token.is(b"0123456789abcdef"));
        for other in ["0123456789abcdeg", "0123456789abcde", "0123456789abcdef0", ""] {
            assert!(!token.is(other.as_bytes()), "{other}");
        }
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn what_could_be_guessed_or_not_be_sent_is_none() {
        for text in [
            "",
            "short",
            "with a space in it, and long",
            "näht keiner richtig zu",
            &"x".repeat(1025),
        ] {
            let error = Token::new(text).unwrap_err();
            assert!(error.to_string().contains("16 to 1024 visible"), "{error}");
            assert!(error.help().contains("openssl"), "{error}");
        }
    }

    #[test]
    fn one_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("runs.sqlite-token");
        let made = Token::kept(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.trim().len(), 64);
        assert!(made.is(text.trim().as_bytes()));
        assert!(Token::kept(&path).unwrap().is(text.trim().as_bytes()));
        assert!(Token::read(&path).unwrap().is(text.trim().as_bytes()));
        let other = Token::kept(&folder.path().join("other-token")).unwrap();
        assert!(!other.is(text.trim().as_bytes()));
    }

    #[cfg(unix)]
    #[test]
    fn the_kept_one_is_the_users_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.sqlite-token");
        Token::kept(&path).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = Token::kept(&path).unwrap_err();
        assert!(error.to_string().contains("others than you can read"), "{error}");
        // One that is handed in, as secrets of a container are, is taken as it is.
        assert!(Token::read(&path).is_ok());
    }

    #[test]
    fn a_file_that_holds_none_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let missing = Token::read(&path).unwrap_err().to_string();
        assert!(missing.contains("cannot read the token in `"), "{missing}");
        std::fs::write(&path, "short").unwrap();
        let short = Token::read(&path).unwrap_err().to_string();
        assert!(short.contains(&format!("`{}`", path.display())), "{short}");
    }
}
