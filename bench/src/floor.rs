//! What a durable step cannot do without on its disk: one synced commit.

use std::path::Path;

use rusqlite::Connection;

use crate::Outcome;

/// A database with the store's settings, and a table of one kind of row
pub(crate) struct Commits {
    db: Connection,
}

impl Commits {
    /// Makes the database
    pub(crate) fn new(file: &Path) -> Outcome<Self> {
        let db = Connection::open(file)?;
        db.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        db.pragma_update(None, "synchronous", "full")?;
        db.execute_batch("CREATE TABLE rows (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT")?;
        Ok(Self { db })
    }

    /// Adds a row of 100 bytes; it is on the disk when this returns
    pub(crate) fn one(&mut self) -> Outcome<()> {
        self.db.prepare_cached("INSERT INTO rows (data) VALUES (zeroblob(100))")?.execute([])?;
        Ok(())
    }
}
