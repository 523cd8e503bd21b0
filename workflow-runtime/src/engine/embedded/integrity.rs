//! Whether a run's record is whole: its journal, and the fold of it that is kept.

use rusqlite::Connection;

use super::failure;
use super::rows::{self, RunRow};
use crate::engine::EngineError;
use crate::machine::{Damaged, Event, Snapshot};
use crate::plural::count;

/// Whether a run is whole, and how many events it has
///
/// Fails with code `damaged` where a checksum is wrong, an event is missing or impossible, or what
/// is kept differs from what the journal tells.
pub(super) fn examine(db: &Connection, run_id: &str) -> Result<u64, EngineError> {
    let row = rows::get(db, run_id)?;
    if let Some(why) = &row.quarantine {
        return Err(failure::quarantined(why));
    }
    let damaged = |what: &str| Err(failure::damaged(run_id, &Damaged(what.to_owned())));
    let Some(kept) = row.snapshot.as_deref() else {
        return match (row.status.as_str(), row.seq) {
            ("queued", 0) => Ok(0),
            _ => damaged("the snapshot is missing"),
        };
    };
    if fold(db, &row)? != *kept {
        return damaged("the snapshot is not what the journal tells");
    }
    match row.status.as_str() {
        // A child that is taken up again keeps what it had come to until it begins.
        "queued" if kept.ended() => {}
        status if status == kept.status.word() => {}
        _ => return damaged("the status is not what the journal tells"),
    }
    Ok(row.seq)
}

/// What a run's journal tells, if it is whole
pub(super) fn fold(db: &Connection, row: &RunRow) -> Result<Snapshot, EngineError> {
    let damaged = |why: String| failure::damaged(&row.id, &Damaged(why));
    let mut statement =
        db.prepare_cached("SELECT seq, data, checksum FROM journal WHERE run_id = ? ORDER BY seq")?;
    let mut events = statement.query([&row.id])?;
    let (mut seq, mut run) = (0, None::<Snapshot>);
    while let Some(found) = events.next()? {
        seq += 1;
        if found.get::<_, u64>(0)? != seq {
            return Err(damaged(format!("event {seq} is missing")));
        }
        let (data, checksum): (Vec<u8>, u32) = (found.get(1)?, found.get(2)?);
        let event = event(&data, checksum).map_err(|why| damaged(format!("event {seq}: {why}")))?;
        match &mut run {
            Some(run) => run.apply(&event),
            None => Snapshot::begin(&event).map(|begun| run = Some(begun)),
        }
        .map_err(|cause| damaged(format!("event {seq}: {}", cause.0)))?;
    }
    if seq != row.seq {
        return Err(damaged(format!("it has {}, it should have {}", count(seq, "event"), row.seq)));
    }
    run.ok_or_else(|| damaged("it is empty".to_owned()))
}

/// An event as it was written, or why it is none
pub(super) fn event(data: &[u8], checksum: u32) -> Result<Event, String> {
    if crc32fast::hash(data) != checksum {
        return Err("its checksum is wrong".to_owned());
    }
    serde_json::from_slice(data).map_err(|error| error.to_string())
}
