//! The store's tables, and how a file becomes a store.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::failure;
use crate::engine::EngineError;

/// Marks a file as a store of ours
pub(super) const APPLICATION_ID: i32 = 0x5746_5356;

/// What each version adds; the version of a store is how many of these it has seen
pub(super) const MIGRATIONS: &[&str] = &[
    r"
CREATE TABLE runs (
    id            TEXT PRIMARY KEY,
    workflow      TEXT NOT NULL,
    version       TEXT NOT NULL,
    fingerprint   TEXT NOT NULL,
    -- `queued` until it may begin, else as in its snapshot
    status        TEXT NOT NULL,
    -- events in its journal
    seq           INTEGER NOT NULL DEFAULT 0,
    parent_id     TEXT REFERENCES runs (id),
    parent_step   TEXT,
    child_index   INTEGER,
    -- 0 for a run that is nobody's child
    depth         INTEGER NOT NULL,
    -- whether an agent of its own works it off, rather than its parent's
    own_agent     INTEGER NOT NULL,
    -- whether that agent has asked for its first step
    asked         INTEGER NOT NULL DEFAULT 0,
    -- children that it waits for
    open_children INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    -- what a child begins with, JSON
    start         BLOB,
    -- the fold of its journal, JSON
    snapshot      BLOB
) STRICT;
CREATE INDEX runs_by_parent ON runs (parent_id, parent_step, status, child_index)
    WHERE parent_id IS NOT NULL;
CREATE INDEX runs_by_status ON runs (status, updated_at);

CREATE TABLE journal (
    run_id   TEXT NOT NULL REFERENCES runs (id),
    seq      INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    -- the hand-out, of an `answered` event
    step_id  TEXT,
    -- the same for all that one command wrote
    command  INTEGER NOT NULL,
    data     BLOB NOT NULL,
    -- CRC-32 of data
    checksum INTEGER NOT NULL,
    PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX journal_answers ON journal (run_id, step_id) WHERE step_id IS NOT NULL;

CREATE TABLE starts (
    idempotency_key TEXT PRIMARY KEY,
    run_id          TEXT NOT NULL REFERENCES runs (id),
    -- SHA-256 of the workflow's name and inputs
    digest          BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE timers (
    run_id  TEXT NOT NULL REFERENCES runs (id),
    step_id TEXT NOT NULL,
    -- `deadline` or `wait`
    kind    TEXT NOT NULL,
    due_at  INTEGER NOT NULL,
    PRIMARY KEY (run_id, step_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_by_time ON timers (due_at);

CREATE TABLE counts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counts VALUES ('unfinished_runs', 0);

CREATE TABLE memory (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    key        TEXT UNIQUE,
    category   TEXT,
    -- for reading and searching
    content    TEXT NOT NULL,
    -- what was given, JSON
    value      TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX memory_by_category ON memory (category, id);
CREATE VIRTUAL TABLE memory_text USING fts5 (
    key, category, content, content = 'memory', content_rowid = 'id'
);
CREATE TRIGGER memory_added AFTER INSERT ON memory BEGIN
    INSERT INTO memory_text (rowid, key, category, content)
    VALUES (new.id, new.key, new.category, new.content);
END;
CREATE TRIGGER memory_deleted AFTER DELETE ON memory BEGIN
    INSERT INTO memory_text (memory_text, rowid, key, category, content)
    VALUES ('delete', old.id, old.key, old.category, old.content);
END;
CREATE TRIGGER memory_changed AFTER UPDATE ON memory BEGIN
    INSERT INTO memory_text (memory_text, rowid, key, category, content)
    VALUES ('delete', old.id, old.key, old.category, old.content);
    INSERT INTO memory_text (rowid, key, category, content)
    VALUES (new.id, new.key, new.category, new.content);
END;
",
    r"
-- when a ticker should look at it: as it comes due, or later where it could not be applied
ALTER TABLE timers ADD COLUMN look_at INTEGER NOT NULL DEFAULT 0;
UPDATE timers SET look_at = due_at;
DROP INDEX timers_by_time;
CREATE INDEX timers_by_time ON timers (look_at);
",
    r"
-- calls to other servers, until their outcome is known
CREATE TABLE calls (
    -- in the order in which they are made
    id      INTEGER PRIMARY KEY,
    run_id  TEXT NOT NULL UNIQUE REFERENCES runs (id),
    step_id TEXT NOT NULL,
    -- whom to call
    server  TEXT NOT NULL,
    -- the process that makes it; null while none does
    owner   TEXT,
    -- `wanted` until it is journaled, then `repeatable` or `once`
    stage   TEXT NOT NULL
) STRICT;
CREATE INDEX calls_by_owner ON calls (owner, server, id);
",
    r"
-- lists are of runs that are nobody's children
DROP INDEX runs_by_status;
CREATE INDEX runs_listed ON runs (status, id) WHERE parent_id IS NULL;
CREATE INDEX runs_listed_by_workflow ON runs (workflow, status, id) WHERE parent_id IS NULL;
",
    r"
-- why a run is kept apart, its record damaged
ALTER TABLE runs ADD COLUMN quarantine TEXT;
-- CRC-32 of the snapshot; not there for snapshots of older servers
ALTER TABLE runs ADD COLUMN snapshot_sum INTEGER;
",
    r"
-- what wrote the last event, as in the journal: with it a decoded run is known to be this one
ALTER TABLE runs ADD COLUMN command INTEGER NOT NULL DEFAULT 0;
",
    r"
-- the builds of workflows that runs have gone by
CREATE TABLE builds (
    fingerprint TEXT PRIMARY KEY,
    workflow    TEXT NOT NULL,
    version     TEXT NOT NULL,
    -- what such a build keeps of its runs, JSON
    outline     BLOB NOT NULL
) STRICT, WITHOUT ROWID;
",
    r"
-- what a journal came to at one of its events, so that a long one is not folded whole; not every
-- run has one
CREATE TABLE snapshots (
    run_id   TEXT PRIMARY KEY,
    -- events that are folded in it
    seq      INTEGER NOT NULL,
    -- JSON
    data     BLOB NOT NULL,
    -- CRC-32 of data
    checksum INTEGER NOT NULL
) STRICT;
INSERT INTO snapshots SELECT id, seq, snapshot, snapshot_sum FROM runs
    WHERE snapshot IS NOT NULL AND snapshot_sum IS NOT NULL;
ALTER TABLE runs DROP COLUMN snapshot;
ALTER TABLE runs DROP COLUMN snapshot_sum;
-- whether anything is due is asked with each commit
CREATE INDEX timers_by_due ON timers (due_at);
-- an answer is looked for where one is repeated or late: in the journal of its run
DROP INDEX journal_answers;
",
    r"
-- what servers seal with that clients hand back to them; SQLite draws it from a ChaCha20 that the
-- operating system has seeded
CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO secrets VALUES ('seal', randomblob(32));
",
    r"
-- a start and a step write few pages: lists have one index of the runs that go on, in which their
-- moving changes nothing, and one of those that have ended
DROP INDEX runs_listed;
DROP INDEX runs_listed_by_workflow;
CREATE INDEX runs_open ON runs (id, workflow)
    WHERE parent_id IS NULL AND status NOT IN ('completed', 'failed', 'cancelled', 'quarantined');
CREATE INDEX runs_ended ON runs (status, id, workflow)
    WHERE parent_id IS NULL AND status IN ('completed', 'failed', 'cancelled', 'quarantined');
",
    r"
-- events stand as they were written, so that a commit fills the last pages of the table, whosever
-- events they are; kept by run, those of each fell on a page of its own, and split it again and again
ALTER TABLE journal RENAME TO journal_kept_by_run;
CREATE TABLE journal (
    -- in the order of writing
    place    INTEGER PRIMARY KEY,
    run_id   TEXT NOT NULL REFERENCES runs (id),
    seq      INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    -- the hand-out, of an `answered` event
    step_id  TEXT,
    -- the same for all that one command wrote
    command  INTEGER NOT NULL,
    data     BLOB NOT NULL,
    -- CRC-32 of data
    checksum INTEGER NOT NULL
) STRICT;
INSERT INTO journal (run_id, seq, kind, step_id, command, data, checksum)
    SELECT run_id, seq, kind, step_id, command, data, checksum FROM journal_kept_by_run
    ORDER BY run_id, seq;
DROP TABLE journal_kept_by_run;
CREATE UNIQUE INDEX journal_by_run ON journal (run_id, seq);
",
    r"
-- which index of the lists a run stands in is asked whenever one is added or its status changes: to
-- compare four words takes no time, to look in a list of them has a table made for it each time
ALTER TABLE runs ADD COLUMN ended INTEGER GENERATED ALWAYS AS (
    status = 'completed' OR status = 'failed' OR status = 'cancelled' OR status = 'quarantined'
) VIRTUAL;
DROP INDEX runs_open;
DROP INDEX runs_ended;
CREATE INDEX runs_open ON runs (id, workflow) WHERE parent_id IS NULL AND ended = 0;
CREATE INDEX runs_ended ON runs (status, id, workflow) WHERE parent_id IS NULL AND ended = 1;
",
    r"
-- CRC-32 of what a child begins with; not there for children of older servers
ALTER TABLE runs ADD COLUMN start_sum INTEGER;
",
];

/// Opens a store for writing; makes it, and the folders above it, where there is none
pub(super) fn open(path: &Path, busy_timeout: Duration) -> Result<Connection, EngineError> {
    make_folder(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    patiently(busy_timeout, || prepare(path, flags, busy_timeout)).map_err(|cause| cause.told(path))
}

/// Makes the folders above a store
pub(super) fn make_folder(path: &Path) -> Result<(), EngineError> {
    if path.is_dir() {
        return Err(unusable(path, "it is a folder", "name a file in it"));
    }
    if let Some(folder) = path.parent()
        && let Err(error) = std::fs::create_dir_all(folder)
    {
        let cause = format!("its folder cannot be made: {error}");
        return Err(unusable(path, &cause, "name a file in a folder that can be written to"));
    }
    Ok(())
}

/// Opens a store that is there, of this format or an older one, for reading only
pub(super) fn open_existing(
    path: &Path,
    busy_timeout: Duration,
) -> Result<Connection, EngineError> {
    if !path.try_exists().unwrap_or(true) {
        return Err(unusable(path, "there is no such file", "name it with --store"));
    }
    let open = || {
        let mut db = open_reader(path, busy_timeout)?;
        if recognise(path, &db.transaction()?)? == 0 {
            let help = "name a store with --store";
            return Err(Cause::Known(unusable(path, "it is empty", help)));
        }
        Ok(db)
    };
    open().map_err(|cause| cause.told(path))
}

/// Tries again while others hold the file: where two make a store at once, `SQLite` gives up
/// without waiting, because each could be waiting for the other
fn patiently<T>(
    patience: Duration,
    mut attempt: impl FnMut() -> Result<T, Cause>,
) -> Result<T, Cause> {
    let since = Instant::now();
    loop {
        match attempt() {
            Err(Cause::Sql(error)) if is_busy(&error) && since.elapsed() < patience => {
                std::thread::sleep(Duration::from_millis(10));
            }
            outcome => return outcome,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// What servers of this store seal with that they get back from clients
pub(super) fn seal_key(db: &Connection) -> Result<[u8; 32], EngineError> {
    let key = db.query_row("SELECT value FROM secrets WHERE name = 'seal'", [], |row| row.get(0));
    Ok(key?)
}

/// Opens one more connection to a store that [`open`] has made, for reading only
pub(super) fn open_reader(path: &Path, busy_timeout: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(busy_timeout)?;
    db.pragma_update(None, "query_only", true)?;
    Ok(db)
}

enum Cause {
    Sql(rusqlite::Error),
    Known(EngineError),
}

impl Cause {
    fn told(self, path: &Path) -> EngineError {
        let error = match self {
            Self::Known(error) => return error,
            Self::Sql(error) => error,
        };
        let help = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => failure::RESTORE,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                "another process holds it; try again in a moment"
            }
            Some(ErrorCode::DiskFull) => "make room on its disk",
            _ => "see that the file and its folder can be written to, and that it is a store",
        };
        unusable(path, &error.to_string(), help)
    }
}

impl From<rusqlite::Error> for Cause {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

fn prepare(path: &Path, flags: OpenFlags, busy_timeout: Duration) -> Result<Connection, Cause> {
    let mut db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(busy_timeout)?;
    // Before the first read: it would leave files beside the store that nobody can write to.
    if db.is_readonly("main")? {
        let help = "make it writable, or name another file";
        return Err(Cause::Known(unusable(path, "it is read-only", help)));
    }
    // Before anything is written: whose file is it?
    recognise(path, &db.transaction()?)?;
    let mode: String = db.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        let cause = format!("its file system allows no write-ahead log (mode `{mode}`)");
        return Err(Cause::Known(unusable(path, &cause, "name a file on a local disk")));
    }
    db.pragma_update(None, "synchronous", "full")?;
    // What refers to runs is written with them in one transaction, and runs are never deleted: to
    // have each row of each journal look for its run would cost more than it could find.
    db.pragma_update(None, "foreign_keys", false)?;
    // A log that begins anew writes over what it has written before, which takes a disk half as long as
    // to make a file longer: so it is carried over after 4 MiB, `SQLite`'s own measure.
    db.pragma_update(None, "wal_autocheckpoint", 1_000)?;
    db.set_prepared_statement_cache_capacity(64);
    migrate(path, &mut db)?;
    Ok(db)
}

/// Brings a store up to this server's format
pub(super) fn bring_up(path: &Path, db: &mut Connection) -> Result<(), EngineError> {
    migrate(path, db).map_err(|cause| cause.told(path))
}

/// Whether a store has a format before this server's
pub(super) fn is_older(db: &Connection) -> rusqlite::Result<bool> {
    let version: usize = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(version < MIGRATIONS.len())
}

/// The version of the store; in a transaction, so that no half of another's making is seen
fn recognise(path: &Path, db: &Transaction<'_>) -> Result<usize, Cause> {
    let version: usize = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let owner: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if owner != APPLICATION_ID && (tables > 0 || version > 0 || owner != 0) {
        let help = "name another file; this one is left as it is";
        return Err(Cause::Known(unusable(path, "it is another program's database", help)));
    }
    if version > MIGRATIONS.len() {
        let cause =
            format!("it has format {version}, this server knows up to {}", MIGRATIONS.len());
        return Err(Cause::Known(unusable(path, &cause, "use the newer server that wrote it")));
    }
    Ok(version)
}

fn migrate(path: &Path, db: &mut Connection) -> Result<(), Cause> {
    if recognise(path, &db.transaction()?)? == MIGRATIONS.len() {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let version = recognise(path, &tx)?;
    for migration in &MIGRATIONS[version..] {
        tx.execute_batch(migration)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", MIGRATIONS.len())?;
    tx.commit()?;
    Ok(())
}

fn unusable(path: &Path, cause: &str, help: &str) -> EngineError {
    EngineError::new(
        "store",
        format!("the store `{}` cannot be used: {cause}", path.display()),
        help,
    )
}
