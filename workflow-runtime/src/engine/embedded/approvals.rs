//! Which answers of a run the user has given, and how: from its journal.

use rusqlite::{Connection, params};

use super::rows;
use crate::engine::{EngineError, UserAnswer};
use crate::machine::Event;

/// How many are told of, the latest
const MOST: usize = 20;

/// How the journal writes that somebody gave an answer who is the user
///
/// An answer that holds this text is read in vain.
const BY_USER: &[u8] = br#""by":"user"#;

/// The latest answers of the user to steps of a run, the oldest of them first
pub(super) fn of(db: &Connection, run_id: &str) -> Result<Vec<UserAnswer>, EngineError> {
    let mut statement = db.prepare_cached(
        "SELECT data, checksum FROM journal
         WHERE run_id = ? AND kind = 'answered' AND instr(data, ?) > 0 ORDER BY seq DESC",
    )?;
    let mut events = statement.query(params![run_id, BY_USER])?;
    let mut answers = Vec::new();
    while answers.len() < MOST
        && let Some(row) = events.next()?
    {
        if let Event::Answered { step_id, by, at, .. } =
            rows::event(run_id, &rows::raw_event(row)?)?
            && by.is_user()
        {
            answers.push(UserAnswer { step_id, by, at: at.to_string() });
        }
    }
    answers.reverse();
    Ok(answers)
}
