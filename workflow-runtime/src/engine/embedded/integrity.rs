//! Whether a run's record is whole: its journal, and the fold of it that is kept.

use rusqlite::{Connection, params};

use super::failure;
use super::planted::{Bug, planted};
use super::rows::{self, RunRow};
use crate::engine::EngineError;
use crate::machine::{Damaged, Event, Snapshot};
use crate::plural::count;

/// Whether a run is whole, and how many events it has
///
/// Fails with code `damaged` where a checksum is wrong, an event is missing or impossible, or what
/// is kept beside the journal differs from what that tells.
pub(super) fn examine(db: &Connection, run_id: &str) -> Result<u64, EngineError> {
    let row = rows::get(db, run_id)?;
    if let Some(why) = &row.quarantine {
        return Err(failure::quarantined(why));
    }
    let damaged = |what: &str| Err(failure::damaged(run_id, &Damaged(what.to_owned())));
    let Some(kept) = row.snapshot.as_deref() else {
        return match (row.status.as_str(), row.seq) {
            ("queued", 0) => Ok(0),
            _ => damaged("its journal is empty"),
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
    Ok(Folding::default().follow(db, &row.id, row.seq)?.run)
}

/// A run as its first events tell, to be followed further
#[derive(Default)]
pub(super) struct Folding {
    /// How many events those are
    seq: u64,
    run: Option<Snapshot>,
}

/// A journal to its end
pub(super) struct Folded {
    pub(super) run: Snapshot,
    /// Events that were read for it
    pub(super) events: u64,
    /// Their bytes, encoded
    pub(super) bytes: usize,
}

impl Folding {
    /// From a snapshot on, which so many events came to
    pub(super) fn from(seq: u64, run: Snapshot) -> Self {
        Self { seq, run: Some(run) }
    }

    /// To the last of so many events; fails with code `damaged` where they are not whole
    pub(super) fn follow(
        mut self,
        db: &Connection,
        run_id: &str,
        last: u64,
    ) -> Result<Folded, EngineError> {
        let damaged = |why: String| failure::damaged(run_id, &Damaged(why));
        let mut statement = db.prepare_cached(
            "SELECT seq, data, checksum FROM journal WHERE run_id = ? AND seq > ? ORDER BY seq",
        )?;
        let mut rows = statement.query(params![run_id, self.seq])?;
        let (first, mut bytes) = (self.seq, 0);
        while let Some(found) = rows.next()? {
            let seq = self.seq + 1;
            if found.get::<_, u64>(0)? != seq {
                return Err(damaged(format!("event {seq} is missing")));
            }
            let data = found.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            bytes += data.len();
            let event = event(data, found.get(2)?);
            let applied = event.and_then(|event| self.apply(&event).map_err(|cause| cause.0));
            applied.map_err(|why| damaged(format!("event {seq}: {why}")))?;
            self.seq = seq;
        }
        if self.seq != last {
            let events = count(self.seq, "event");
            return Err(damaged(format!("it has {events}, it should have {last}")));
        }
        let run = self.run.ok_or_else(|| damaged("it is empty".to_owned()))?;
        Ok(Folded { run, events: last - first, bytes })
    }

    fn apply(&mut self, event: &Event) -> Result<(), Damaged> {
        match &mut self.run {
            Some(run) => run.apply(event),
            None => Snapshot::begin(event).map(|begun| self.run = Some(begun)),
        }
    }
}

/// An event as it was written, or why it is none
pub(super) fn event(data: &[u8], checksum: u32) -> Result<Event, String> {
    if crc32fast::hash(data) != checksum && !planted(Bug::ChecksumUnread) {
        return Err("its checksum is wrong".to_owned());
    }
    serde_json::from_slice(data).map_err(|error| error.to_string())
}
