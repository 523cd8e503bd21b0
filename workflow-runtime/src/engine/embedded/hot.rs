//! Runs that were moved or looked at lately, decoded, so that the next look need not decode them.
//!
//! Nothing is answered from here alone: the row is read each time, and what is kept counts only if
//! the row was last written by the very command that it was kept of. The number of a command is
//! drawn by chance, so neither what was rolled back nor what another process wrote is ever taken
//! for what the row holds.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use rusqlite::Connection;

use super::planted::{Bug, planted};
use super::rows::{self, RunRow};
use super::snapshots::Tail;
use crate::engine::rules;
use crate::engine::{CacheHealth, EngineError};
use crate::machine::Snapshot;

/// How large a run may be that is kept, in bytes of its encoded snapshot and the events behind it
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
    /// What of it no stored snapshot holds
    pub(super) tail: Tail,
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
        let (row, known) = self.find(db, run_id, self.known(run_id))?;
        if !known {
            self.keep(&row);
        }
        Ok(row)
    }

    /// A run that somebody named and that is about to be moved, as it stands
    ///
    /// It is kept again as the command leaves it. Until then the caller alone has what was kept, and
    /// can change it in its place.
    pub(super) fn take(&self, db: &Connection, run_id: &str) -> Result<RunRow, EngineError> {
        let kept = self.runs().and_then(|mut runs| runs.pop(run_id));
        Ok(self.find(db, run_id, kept.map(|kept| kept.run))?.0)
    }

    /// Reads a run's row; whether what is known of it holds
    fn find(
        &self,
        db: &Connection,
        run_id: &str,
        known: Option<Written>,
    ) -> Result<(RunRow, bool), EngineError> {
        let row = rows::load_unless(db, run_id, known.as_ref())?;
        let row = row.ok_or_else(|| rules::failure::unknown_run(run_id))?;
        let known = known.is_some_and(|known| known.is_of(&row));
        let count = if known { &self.hits } else { &self.misses };
        count.fetch_add(1, Ordering::Relaxed);
        Ok((row, known))
    }

    fn runs(&self) -> Option<MutexGuard<'_, LruCache<String, Kept>>> {
        Some(self.runs.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps a run as it was read, or as a command is about to leave it
    pub(super) fn keep(&self, row: &RunRow) {
        if row.tail.size() > MAX_SIZE {
            return;
        }
        let (Some(mut runs), Some(snapshot)) = (self.runs(), &row.snapshot) else { return };
        let (seq, command, tail) = (row.seq, row.command, row.tail);
        let run = Written { seq, command, snapshot: snapshot.clone(), tail };
        let used = Instant::now();
        runs.put(row.id.clone(), Kept { run, used });
        // Each that comes takes one along that has not been used for too long, so no thread has to.
        if runs.peek_lru().is_some_and(|(_, oldest)| used - oldest.used > self.longest) {
            runs.pop_lru();
        }
    }

    /// How many runs are kept, and how useful that is
    pub(super) fn health(&self) -> CacheHealth {
        let runs = self.runs().map_or(0, |runs| runs.len());
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        CacheHealth { runs, hits: count(&self.hits), misses: count(&self.misses) }
    }

    fn known(&self, run_id: &str) -> Option<Written> {
        let mut runs = self.runs()?;
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
