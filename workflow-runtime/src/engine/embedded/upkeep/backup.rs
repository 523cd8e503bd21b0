//! Copies of a store: made beside servers at work, and put back.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OpenFlags, backup::Backup};
use tempfile::NamedTempFile;

use super::super::tables;
use super::check::{Findings, check};
use crate::engine::EngineError;

/// What has been restored
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What stood in the backup; single runs may be damaged in it
    pub backup: Findings,
    /// Where the store that was replaced is kept
    pub kept: Option<PathBuf>,
}

/// Writes a copy of a store to a new file, as the store is at one moment; servers go on meanwhile
///
/// The file appears once it is whole and on disk. Fails with code `exists` where there is one
/// already, and with `backup` where it cannot be written; then there is none.
pub fn backup(path: &Path, to: &Path) -> Result<Findings, EngineError> {
    if to.exists() {
        return Err(exists(to));
    }
    let db = super::open(path)?;
    let folder = match to.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let failed = |error: &dyn std::fmt::Display| {
        let message = format!("the backup `{}` cannot be written: {error}", to.display());
        EngineError::new("backup", message, "see to its folder and its disk, then try again")
    };
    let part = NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    copy_into(&db, part.path()).map_err(|error| failed(&error))?;
    let findings = check(part.path())?;
    if !findings.file_is_sound {
        return Err(failed(&"what was written is damaged"));
    }
    part.as_file().sync_all().map_err(|error| failed(&error))?;
    part.persist_noclobber(to).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => exists(to),
        _ => failed(&error.error),
    })?;
    // The name is on disk once its folder is; not every system can say so.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(Findings { path: to.display().to_string(), ..findings })
}

/// Puts a backup in the place of a store
///
/// The backup is checked before anything is touched. Fails with code `in-use` while servers have the
/// store open, and with `not-empty` where it holds anything and is not to be replaced. A store that
/// is replaced is kept beside the new one.
pub fn restore(from: &Path, path: &Path, replace: bool) -> Result<Restored, EngineError> {
    let backup = check(from)?;
    if !backup.file_is_sound {
        let what = backup.problems.first().map_or("", |problem| problem.message.as_str());
        let message = format!("the backup `{}` cannot be used: {what}", from.display());
        return Err(EngineError::new("damaged", message, "use another backup"));
    }
    if is_same(from, path) {
        let message = format!("`{}` is the store itself, not a backup of it", from.display());
        return Err(EngineError::new("backup", message, "name a file that `backup` has written"));
    }
    let (mut target, kept) = claim(path, replace)?;
    let source = super::open(from)?;
    // All in one step, which is one transaction of the target.
    Backup::new(&source, &mut target)?.step(-1)?;
    Ok(Restored { backup, kept })
}

/// A copy of a database in a new file, nothing left over in it
fn copy_into(db: &Connection, to: &Path) -> rusqlite::Result<()> {
    // What is written is another file; the store itself stays as it is.
    db.pragma_update(None, "query_only", false)?;
    db.execute("VACUUM INTO ?", [to.to_string_lossy()])?;
    Ok(())
}

/// Opens the store to be replaced so that nobody else can, after keeping what is in it
fn claim(path: &Path, replace: bool) -> Result<(Connection, Option<PathBuf>), EngineError> {
    tables::make_folder(path)?;
    let new = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
    let alone = open_alone(path);
    match alone.and_then(|db| Ok((holdings(&db)?, db))) {
        Ok((0, db)) => Ok((db, None)),
        Ok((held, _)) if !replace => Err(EngineError::new(
            "not-empty",
            format!("the store `{}` is not empty, it holds {held} records", path.display()),
            "name another with --store, or give --replace: then the store as it is is kept beside",
        )),
        Ok((_, db)) => {
            let kept = beside(path, "replaced");
            match copy_into(&db, &kept) {
                Ok(()) => Ok((db, Some(kept))),
                // Its head is sound, what stands further back is not.
                Err(error) if is_damaged(&error) => {
                    drop(db);
                    // Half a copy is none.
                    let _ = std::fs::remove_file(&kept);
                    instead_of_damaged(path)
                }
                Err(error) => Err(error.into()),
            }
        }
        Err(error) if is_busy(&error) => Err(EngineError::new(
            "in-use",
            format!("other processes use the store `{}`", path.display()),
            "stop the servers that work on it, those that agents have started too",
        )),
        Err(error) if is_damaged(&error) && !new => {
            if !replace {
                let message = format!("`{}` is no sound store: {error}", path.display());
                let help = "give --replace to put it aside and restore the backup in its place";
                return Err(EngineError::new("not-empty", message, help));
            }
            instead_of_damaged(path)
        }
        Err(error) => Err(error.into()),
    }
}

/// A new file in the place of a damaged one, which is kept
fn instead_of_damaged(path: &Path) -> Result<(Connection, Option<PathBuf>), EngineError> {
    let kept = put_aside(path)?;
    Ok((open_alone(path)?, Some(kept)))
}

/// Opens a file so that no other process can read or write it until it is closed
fn open_alone(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    // First, because who has the file open in `wal` mode can keep others out only from the start.
    db.pragma_update(None, "locking_mode", "exclusive")?;
    db.pragma_update(None, "journal_mode", "delete")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
    Ok(db)
}

/// How many records a store holds; a file that is no store of ours is not touched
fn holdings(db: &Connection) -> rusqlite::Result<u64> {
    let tables: u64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(0);
    }
    db.query_row("SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM memory)", [], |row| {
        row.get(0)
    })
}

/// Renames a file that is no store, and what `SQLite` keeps beside it
fn put_aside(path: &Path) -> Result<PathBuf, EngineError> {
    let kept = beside(path, "damaged");
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let (from, to) = (with(path, suffix), with(&kept, suffix));
        match std::fs::rename(&from, &to) {
            Err(error) if suffix.is_empty() || error.kind() != io::ErrorKind::NotFound => {
                let message = format!("`{}` cannot be put aside: {error}", from.display());
                return Err(EngineError::new("store", message, "see to its folder"));
            }
            _ => {}
        }
    }
    Ok(kept)
}

/// A new name beside a file: `runs.sqlite.replaced-20261125T143000Z`
fn beside(path: &Path, how: &str) -> PathBuf {
    let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
    let mut name = with(path, &format!(".{how}-{now}"));
    while name.exists() {
        name = with(&name, "x");
    }
    name
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn is_damaged(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

fn exists(to: &Path) -> EngineError {
    let message = format!("`{}` exists already", to.display());
    EngineError::new("exists", message, "name a new file; a backup overwrites nothing")
}
