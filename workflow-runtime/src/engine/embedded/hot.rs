//! Runs that were moved or looked at lately, decoded, so that the next look need not decode them.
//!
//! Nothing is answered from here alone: the row is read each time, and what is kept counts only if
//! the row was last written by the very command that it was kept of. The number of a command is
//! drawn by chance, so neither what was rolled back nor what another process wrote is ever taken
//! for what the row holds.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use rusqlite::Connection;

use super::failure;
use super::planted::{Bug, planted};
use super::rows::{self, RunRow};
use crate::engine::{CacheHealth, EngineError};
use crate::machine::Snapshot;

/// How large a run may be that is kept, in bytes of its encoded snapshot: to decode a larger one
/// costs little beside writing it
const MAX_SIZE: usize = 32 * 1024;

/// Decoded runs; those that were used least lately leave first
pub(super) struct Hot {
    /// `None` where nothing is to be kept
    runs: Option<Mutex<LruCache<String, Kept>>>,
    /// How long a run is kept after its last use
    longest: Duration,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// A run as a command has left it
#[derive(Clone)]
pub(super) struct Written {
    /// Events in its journal
    pub(super) seq: u64,
    /// The command that wrote the last of them
    pub(super) command: i64,
    pub(super) snapshot: Arc<Snapshot>,
}

struct Kept {
    run: Written,
    used: Instant,
}

impl Hot {
    /// Keeps so many runs, each for so long after its last use
    pub(super) fn new(size: usize, longest: Duration) -> Self {
        let runs = NonZeroUsize::new(size).map(|size| Mutex::new(LruCache::new(size)));
        Self { runs, longest, hits: AtomicU64::default(), misses: AtomicU64::default() }
    }

    /// A run that somebody named, as it stands
    pub(super) fn get(&self, db: &Connection, run_id: &str) -> Result<RunRow, EngineError> {
        let known = self.known(run_id);
        let row = rows::load_unless(db, run_id, known.as_ref())?;
        let row = row.ok_or_else(|| failure::unknown_run(run_id))?;
        if known.is_some_and(|known| known.is_of(&row)) {
            self.hits.fetch_add(1, Ordering::Relaxed);
        } else {
            self.misses.fetch_add(1, Ordering::Relaxed);
            self.keep(&row);
        }
        Ok(row)
    }

    /// Keeps a run as it was read, or as a command is about to leave it
    pub(super) fn keep(&self, row: &RunRow) {
        if row.snapshot_size > MAX_SIZE {
            return;
        }
        let (Some(runs), Some(snapshot)) = (&self.runs, &row.snapshot) else { return };
        let run = Written { seq: row.seq, command: row.command, snapshot: snapshot.clone() };
        let used = Instant::now();
        let mut runs = runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.put(row.id.clone(), Kept { run, used });
        // Each that comes takes one along that has not been used for too long, so no thread has to.
        if runs.peek_lru().is_some_and(|(_, oldest)| used - oldest.used > self.longest) {
            runs.pop_lru();
        }
    }

    /// How many runs are kept, and how useful that is
    pub(super) fn health(&self) -> CacheHealth {
        let runs = self
            .runs
            .as_ref()
            .map_or(0, |runs| runs.lock().unwrap_or_else(PoisonError::into_inner).len());
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        CacheHealth { runs, hits: count(&self.hits), misses: count(&self.misses) }
    }

    fn known(&self, run_id: &str) -> Option<Written> {
        let mut runs = self.runs.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = runs.get_mut(run_id)?;
        kept.used = Instant::now();
        Some(kept.run.clone())
    }
}

impl Written {
    /// Whether this is what the row holds
    pub(super) fn is_of(&self, row: &RunRow) -> bool {
        (self.seq, self.command) == (row.seq, row.command) || planted(Bug::KeptTrusted)
    }
}
