//! A transaction that writes: begun and committed by statements that are prepared once.
//!
//! The library's own prepares its statements each time, which takes longer than to carry most of a
//! step's out.

use std::ops::Deref;
use std::time::Duration;

use rusqlite::Connection;

/// A transaction that holds the lock for writing from its beginning; rolled back unless committed
pub(super) struct Writing<'a> {
    db: &'a mut Connection,
}

impl<'a> Writing<'a> {
    /// Waits for the lock as long as the connection does
    ///
    /// Fails where one is open that could not be rolled back: what is in it must never be committed.
    pub(super) fn begin(db: &'a mut Connection) -> rusqlite::Result<Self> {
        open(db)?;
        Ok(Self { db })
    }

    /// The one that [`open_at_once`] has begun
    pub(super) fn begun(db: &'a mut Connection) -> Self {
        Self { db }
    }

    /// Makes it durable; where that fails, nothing of it is left
    pub(super) fn commit(self) -> rusqlite::Result<()> {
        self.db.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }
}

/// Begins one, to be gone on with by [`Writing::begun`], unless another process holds the store;
/// whether it has. The connection waits as long as is usual afterwards.
pub(super) fn open_at_once(db: &Connection, usual: Duration) -> bool {
    let began = db.busy_timeout(Duration::ZERO).and_then(|()| open(db)).is_ok();
    if let Err(error) = db.busy_timeout(usual) {
        tracing::error!(%error, "the store is not waited for any more");
    }
    began
}

fn open(db: &Connection) -> rusqlite::Result<()> {
    db.prepare_cached("BEGIN IMMEDIATE")?.execute([]).map(drop)
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
