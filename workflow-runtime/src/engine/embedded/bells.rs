//! Tells those who wait for a run that it may have moved.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::watch;

use super::due::family;
use crate::engine::EngineError;

/// How many there are: runs share them, and a ring that was for another run costs one look
const BELLS: usize = 64;

/// How often the writer looks whether other processes have moved runs, while somebody waits
pub(super) const LISTEN: Duration = Duration::from_millis(50);

/// Rings when runs have moved
pub(super) struct Bells {
    bells: Vec<watch::Sender<()>>,
    listeners: AtomicUsize,
}

/// Somebody who waits for a run
pub(super) struct Listener {
    bells: Arc<Bells>,
    bell: watch::Receiver<()>,
}

impl Bells {
    pub(super) fn new() -> Self {
        let bells = (0..BELLS).map(|_| watch::Sender::new(())).collect();
        Self { bells, listeners: AtomicUsize::new(0) }
    }

    /// Hears of a run, and of all runs that came of the same one
    pub(super) fn listen(self: &Arc<Self>, run_id: &str) -> Listener {
        self.listeners.fetch_add(1, Ordering::SeqCst);
        Listener { bells: self.clone(), bell: self.bell(run_id).subscribe() }
    }

    /// Whether anybody waits
    pub(super) fn are_heard(&self) -> bool {
        self.listeners.load(Ordering::SeqCst) > 0
    }

    /// A run of this family may have moved
    pub(super) fn ring(&self, run_id: &str) {
        self.bell(run_id).send_replace(());
    }

    /// Nobody knows which runs have moved
    pub(super) fn ring_all(&self) {
        for bell in &self.bells {
            bell.send_replace(());
        }
    }

    fn bell(&self, run_id: &str) -> &watch::Sender<()> {
        let mut hasher = DefaultHasher::new();
        family(run_id).hash(&mut hasher);
        let bells = self.bells.len() as u64;
        // Less than the number of bells.
        &self.bells[usize::try_from(hasher.finish() % bells).unwrap_or_default()]
    }
}

impl Listener {
    /// What has rung so far is known
    pub(super) fn know(&mut self) {
        self.bell.mark_unchanged();
    }

    /// Until it rings again
    pub(super) async fn rung(&mut self) {
        // The bells outlive their listeners.
        let _ = self.bell.changed().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.bells.listeners.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Whether other processes have written, by a counter that `SQLite` keeps in memory
#[derive(Default)]
pub(super) struct Others {
    seen: Option<i64>,
}

impl Others {
    /// Whether anybody else has committed since the last time; at the first time as well
    pub(super) fn have_written(&mut self, db: &Connection) -> Result<bool, EngineError> {
        let now: i64 = db.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        let before = self.seen.replace(now);
        Ok(before != Some(now))
    }
}
