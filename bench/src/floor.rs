//! What a durable step cannot do without on its disk: one synced commit.

use std::path::Path;

use rusqlite::Connection;

use crate::Outcome;

/// A database with the store's settings, and a table of one kind of row
pub(crate) struct Commits {
    db: Connection,
    /// Of a row, in bytes
    size: usize,
}

impl Commits {
    /// Makes the database; its rows are of so many bytes
    pub(crate) fn new(file: &Path, size: usize) -> Outcome<Self> {
        let db = Connection::open(file)?;
        db.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        db.pragma_update(None, "synchronous", "full")?;
        db.execute_batch("CREATE TABLE rows (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT")?;
        Ok(Self { db, size })
    }

    /// Adds a row; it is on the disk when this returns
    pub(crate) fn one(&mut self) -> Outcome<()> {
        self.db
            .prepare_cached("INSERT INTO rows (data) VALUES (zeroblob(?))")?
            .execute([self.size])?;
        Ok(())
    }
}

/// How much a store's journals grow with a command, in bytes
pub(crate) fn growth(store: &Path) -> Outcome<usize> {
    let db = Connection::open(store)?;
    let size = "SELECT sum(length(data)) / count(DISTINCT command) FROM journal";
    Ok(db.query_row(size, [], |row| row.get(0))?)
}
