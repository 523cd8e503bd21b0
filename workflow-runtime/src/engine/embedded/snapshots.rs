//! Snapshots as rows: what a journal came to at some event, so that a long one is not folded whole.
//!
//! The journal is the truth. A snapshot is stored where much has been added since the one before,
//! not with each commit: a step adds some hundred bytes, a snapshot is all of its run.

use rusqlite::{Connection, OptionalExtension, params};

use super::failure;
use super::integrity::Folding;
use super::rows::{self, RunRow};
use crate::engine::EngineError;
use crate::machine::{Damaged, Snapshot};

/// Events behind a snapshot that are folded by whoever reads the run; so few in tests that they meet
/// runs with a snapshot and runs without
const MANY: u64 = if cfg!(test) { 6 } else { 64 };

/// Bytes of such events, or as many as the snapshot has if that is more: to read a run then takes at
/// most twice as long as to read its snapshot
const MUCH: usize = 64 * 1024;

/// What stands in a journal behind the snapshot that is stored of it
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tail {
    /// Events
    pub(super) events: u64,
    /// Their bytes, encoded
    pub(super) bytes: usize,
    /// Bytes of the snapshot, encoded; 0 where none is stored
    pub(super) snapshot: usize,
}

impl Tail {
    /// About how large the run is, in bytes; not more
    pub(super) fn size(self) -> usize {
        self.snapshot + self.bytes
    }

    /// Whether a snapshot is to be stored
    fn is_long(self) -> bool {
        self.events >= MANY || self.bytes >= MUCH.max(self.snapshot)
    }
}

/// A run of so many events, by its snapshot and the events behind that
pub(super) fn read(
    db: &Connection,
    run_id: &str,
    seq: u64,
) -> Result<(Snapshot, Tail), EngineError> {
    let stored: Option<(u64, Vec<u8>, u32)> = db
        .prepare_cached("SELECT seq, data, checksum FROM snapshots WHERE run_id = ?")?
        .query_row([run_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let (folding, snapshot) = match stored {
        None => (Folding::default(), 0),
        Some((at, data, checksum)) => {
            (Folding::from(at, decode(run_id, &data, checksum)?), data.len())
        }
    };
    let folded = folding.follow(db, run_id, seq)?;
    Ok((folded.run, Tail { events: folded.events, bytes: folded.bytes, snapshot }))
}

fn decode(run_id: &str, data: &[u8], checksum: u32) -> Result<Snapshot, EngineError> {
    if crc32fast::hash(data) != checksum {
        let cause = Damaged("the checksum of its snapshot is wrong".to_owned());
        return Err(failure::damaged(run_id, &cause));
    }
    rows::parse(run_id, data)
}

/// Stores a snapshot of a run that has been written down, if the events behind the last are many
pub(super) fn store_if_due(db: &Connection, run: &mut RunRow) -> Result<(), EngineError> {
    match &run.snapshot {
        Some(snapshot) if run.tail.is_long() => {
            let size = store(db, &run.id, run.seq, snapshot)?;
            run.tail = Tail { snapshot: size, ..Tail::default() };
        }
        _ => {}
    }
    Ok(())
}

/// Stores what the first events of a run come to; gives its size in bytes
pub(super) fn store(
    db: &Connection,
    run_id: &str,
    seq: u64,
    snapshot: &Snapshot,
) -> Result<usize, EngineError> {
    let data = rows::json(snapshot)?;
    db.prepare_cached(
        "INSERT INTO snapshots (run_id, seq, data, checksum) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (run_id) DO UPDATE SET seq = ?2, data = ?3, checksum = ?4",
    )?
    .execute(params![run_id, seq, data, crc32fast::hash(&data)])?;
    Ok(data.len())
}

/// Forgets what is stored of a run: it is folded from its first event
pub(super) fn forget(db: &Connection, run_id: &str) -> Result<(), EngineError> {
    db.prepare_cached("DELETE FROM snapshots WHERE run_id = ?")?.execute([run_id])?;
    Ok(())
}
