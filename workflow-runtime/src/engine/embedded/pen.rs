//! The connection that writes, and who has it: the writer thread, or a caller whose command is alone.
//!
//! To hand a command to another thread and its outcome back takes a third of what a quick commit does.
//! So a caller with the only command there is carries it out itself. Where commits are slow, or another
//! process holds the store, none but the writer thread waits for that: a caller's thread has more to do.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use rusqlite::Connection;

use super::commands::Order;
use super::world::World;
use super::writer::{self, Outcome};

/// How long the last commit may have taken where a caller makes the next one itself
const QUICK: Duration = Duration::from_millis(1);

/// The connection that writes
pub(super) struct Pen {
    /// None once the store is closed
    db: Mutex<Option<Connection>>,
    /// How long to wait for another process that holds the file
    busy_timeout: Duration,
}

impl Pen {
    /// A connection that waits so long for other processes
    pub(super) fn new(db: Connection, busy_timeout: Duration) -> Self {
        Self { db: Mutex::new(Some(db)), busy_timeout }
    }

    /// Works with it, as soon as nobody else does; `None` once it is put away
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Connection) -> T) -> Option<T> {
        let mut db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        db.as_mut().map(work)
    }

    /// Closes the connection
    pub(super) fn put_away(&self) {
        self.db.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Carries a command out at once; `None` where that would mean to wait for anything but a quick
    /// commit, and nothing is done
    pub(super) fn alone(&self, world: &World, order: &Order) -> Option<Outcome> {
        if !world.pace.is_quick() {
            return None;
        }
        let mut db = self.free()?;
        writer::work_alone(db.as_mut()?, world, order, self.busy_timeout)
    }

    fn free(&self) -> Option<MutexGuard<'_, Option<Connection>>> {
        match self.db.try_lock() {
            Ok(db) => Some(db),
            Err(TryLockError::Poisoned(db)) => Some(db.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

/// How long commits take
pub(super) struct Pace {
    /// The last one, in microseconds; as long as can be before the first
    last: AtomicU64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { last: AtomicU64::new(u64::MAX) }
    }
}

impl Pace {
    /// A commit has taken so long
    pub(super) fn note(&self, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.last.store(took, Ordering::Relaxed);
    }

    fn is_quick(&self) -> bool {
        u128::from(self.last.load(Ordering::Relaxed)) < QUICK.as_micros()
    }
}
