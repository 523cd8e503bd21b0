//! Journals as they are told, by the page.

use rusqlite::{Connection, params};

use super::{failure, integrity, rows};
use crate::engine::rules;
use crate::engine::{EngineError, JournalPage, Recorded};
use crate::machine::Damaged;

/// Events of a run behind one, as many as fit, but one at least
pub(super) fn journal(
    db: &Connection,
    run_id: &str,
    after: u64,
    room: usize,
) -> Result<JournalPage, EngineError> {
    if rows::undecoded(db, run_id)?.is_none() {
        return Err(rules::failure::unknown_run(run_id));
    }
    let mut statement = db.prepare_cached(
        "SELECT seq, data, checksum FROM journal WHERE run_id = ? AND seq > ? ORDER BY seq",
    )?;
    let mut found = statement.query(params![run_id, after])?;
    let (mut page, mut room) = (JournalPage::default(), room);
    while let Some(row) = found.next()? {
        let seq: u64 = row.get(0)?;
        let data = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        if data.len() > room && !page.events.is_empty() {
            page.more = true;
            break;
        }
        room = room.saturating_sub(data.len());
        let event = integrity::event(data, row.get(2)?)
            .map_err(|why| failure::damaged(run_id, &Damaged(format!("event {seq}: {why}"))))?;
        page.events.push(Recorded { seq, event });
    }
    Ok(page)
}
