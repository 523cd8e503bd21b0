//! Connections for reading: made as they are needed, kept for the next.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use super::planted::{Bug, planted};
use super::tables;
use crate::engine::EngineError;

/// Connections kept open while nobody reads
const KEPT: usize = 4;

/// Connections for reading
pub(super) struct Readers {
    path: PathBuf,
    busy_timeout: Duration,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, busy_timeout: Duration) -> Self {
        Self { path, busy_timeout, idle: Mutex::default() }
    }

    /// The store's file
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the store as it is at one moment
    pub(super) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut db = match idle {
            Some(db) => db,
            None => tables::open_reader(&self.path, self.busy_timeout)?,
        };
        if planted(Bug::StaleReads) {
            if db.is_autocommit() {
                db.execute_batch("BEGIN")?;
            }
            let outcome = read(&db);
            self.keep(db);
            return outcome;
        }
        let tx = db.transaction()?;
        let outcome = read(&tx);
        tx.finish()?;
        self.keep(db);
        outcome
    }

    fn keep(&self, db: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(db);
        }
    }
}
