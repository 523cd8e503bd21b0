//! What the page gives browsers and gets back: who has logged in, and that a form is ours.

use std::time::Duration;

use rmcp::model::{RequestStateCodec, SealOptions};
use uuid::Uuid;

use crate::http::Door;

/// How long somebody stays logged in, and how long a form can be sent
pub(super) const GOOD_FOR: Duration = Duration::from_hours(12);

/// What a session is sealed for; a form's seal names its session
const SESSION: &[u8] = b"session";

/// Signs what browsers keep for us
///
/// Nothing is kept here: whoever shares the token and the store takes what another has signed, and
/// with another token all of it is void.
#[derive(Clone, Debug)]
pub(super) struct Seals {
    codec: RequestStateCodec,
    /// The name of the cookie: cookies know no ports, and there may be servers on several
    cookie: String,
}

/// Somebody who has logged in
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session(String);

impl Seals {
    /// For a server at a port, with the key that its engine keeps
    pub(super) fn new(door: &Door, engine: Option<[u8; 32]>, port: u16) -> Self {
        let key = match door {
            Door::Locked(token) => token.key(&engine.unwrap_or_default(), "workflow-server page"),
            // Nobody logs in; forms are good as long as this process lives.
            Door::Open => random(),
        };
        // The length that the other constructor would check is in the type.
        let codec = RequestStateCodec::new_unchecked(key);
        Self { codec, cookie: format!("workflow-session-{port}") }
    }

    /// The name of the cookie that holds a session
    pub(super) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// A new session, and the text that proves it
    pub(super) fn begin(&self) -> String {
        self.seal(Uuid::new_v4().as_bytes(), SESSION)
    }

    /// The session that a text proves
    pub(super) fn session(&self, text: &str) -> Option<Session> {
        let nonce = self.open(text, SESSION)?;
        let nonce = Uuid::from_slice(&nonce).ok()?;
        Some(Session(format!("form of {nonce}")))
    }

    /// The session of everybody, where nobody has to log in
    pub(super) fn open_session() -> Session {
        Session("form of everybody".to_owned())
    }

    /// What goes into a form that a session is shown
    pub(super) fn form(&self, session: &Session) -> String {
        self.seal(b"", session.0.as_bytes())
    }

    /// Whether a form was shown to a session
    pub(super) fn is_form(&self, text: &str, session: &Session) -> bool {
        self.open(text, session.0.as_bytes()).is_some()
    }

    fn seal(&self, what: &[u8], purpose: &[u8]) -> String {
        let options = SealOptions::new().associated_data(purpose).ttl(GOOD_FOR);
        self.codec.seal_with(what, &options)
    }

    fn open(&self, text: &str, purpose: &[u8]) -> Option<Vec<u8>> {
        self.codec.open_with(text, purpose).ok()
    }
}

/// 244 bits of the operating system's randomness
fn random() -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    key[16..].copy_from_slice(Uuid::new_v4().as_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Token;

    fn seals(token: &str, engine: u8) -> Seals {
        let door = Door::Locked(Token::new(token).unwrap());
        Seals::new(&door, Some([engine; 32]), 8484)
    }

    #[test]
    fn a_session_is_good_for_the_token_and_the_store_that_it_was_begun_with() {
        let ours = seals("0123456789abcdef", 1);
        let text = ours.begin();
        assert!(ours.session(&text).is_some());
        assert!(seals("0123456789abcdef", 1).session(&text).is_some(), "another process");
        assert!(seals("0123456789abcdeX", 1).session(&text).is_none(), "another token");
        assert!(seals("0123456789abcdef", 2).session(&text).is_none(), "another store");
        assert!(!text.contains("0123456789abcdef"), "the token is told");
        assert!(ours.session("0123456789abcdef").is_none(), "the token is no session");
        assert_ne!(ours.begin(), text);
    }

    #[test]
    fn a_form_is_good_for_the_session_that_it_was_shown_to() {
        let seals = seals("0123456789abcdef", 1);
        let text = seals.begin();
        let [one, other] = [&text, &seals.begin()].map(|text| seals.session(text).unwrap());
        let form = seals.form(&one);
        assert!(seals.is_form(&form, &one));
        assert!(!seals.is_form(&form, &other));
        assert!(!seals.is_form(&text, &one), "a session is no form");
        assert!(seals.session(&form).is_none(), "a form is no session");
        assert!(!seals.is_form(&form, &Seals::open_session()));
    }
}
