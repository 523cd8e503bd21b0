//! What can go wrong with the database.

use std::error::Error;

use tokio_postgres::error::SqlState;

/// Why something was not done
#[derive(Debug)]
pub(super) enum Failure {
    /// The call itself is wrong, or what it asks for cannot be read
    Refused(String),
    /// The connection is lost, and with it whether the transaction was committed
    Lost(String),
    /// No connection could be made
    Unreachable(String),
    /// The database did not do it
    Failed(String),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        let why = in_words(&error);
        match error.code() {
            // Its server is about to end, or has just begun again.
            Some(
                &SqlState::ADMIN_SHUTDOWN
                | &SqlState::CRASH_SHUTDOWN
                | &SqlState::CANNOT_CONNECT_NOW
                | &SqlState::IDLE_SESSION_TIMEOUT,
            ) => Self::Lost(why),
            Some(_) => Self::Failed(why),
            None => Self::Lost(why),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(format!("what is stored is damaged: {error}"))
    }
}

/// An error and its causes: the library's own words leave out what the database said
pub(super) fn in_words(error: &(dyn Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !words.ends_with(&more) {
            words = format!("{words}: {more}");
        }
        cause = error.source();
    }
    words
}
