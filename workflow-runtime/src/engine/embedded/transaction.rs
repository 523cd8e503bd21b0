//! A transaction that writes: begun and committed by statements that are prepared once.
//!
//! The library's own prepares its statements each time, which takes longer than to carry most of a
//! step's out.

use std::ops::Deref;

use rusqlite::Connection;

/// A transaction that holds the lock for writing from its beginning; rolled back unless committed
pub(super) struct Writing<'a> {
    db: &'a mut Connection,
}

impl<'a> Writing<'a> {
    /// Waits for the lock as long as the connection does; goes on with what was left open
    pub(super) fn begin(db: &'a mut Connection) -> rusqlite::Result<Self> {
        if db.is_autocommit() {
            db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        }
        Ok(Self { db })
    }

    /// Leaves it open, for the next that begins
    pub(super) fn go_on_later(self) {
        std::mem::forget(self);
    }

    /// Makes it durable; where that fails, nothing of it is left
    pub(super) fn commit(self) -> rusqlite::Result<()> {
        self.db.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }
}

impl Deref for Writing<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.db
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        // None is open where it was committed, or where SQLite has rolled it back by itself.
        if self.db.is_autocommit() {
            return;
        }
        if let Err(error) = self.db.execute_batch("ROLLBACK") {
            tracing::error!(%error, "a transaction cannot be rolled back");
        }
    }
}
