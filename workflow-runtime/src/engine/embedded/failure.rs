//! What the store's own failures are told as.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::engine::EngineError;
use crate::machine::Damaged;

/// What to do about a run that is damaged
const SAVE: &str = "`workflow-server runs export` saves what can be read of it; restore the store \
    from a backup with `workflow-server restore`, or start a new run";

/// What to do about a file that is damaged
pub(super) const RESTORE: &str = "if it was a store, `workflow-server doctor` says more, and \
    `workflow-server restore BACKUP --replace` puts a backup in its place";

impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> Self {
        let (what, help) = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => ("the disk is full", "make room, then call again"),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                ("another process holds the store", "call again in a moment")
            }
            Some(ErrorCode::ReadOnly) => {
                ("the store is read-only", "make the file writable, then call again")
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                ("the store is damaged", RESTORE)
            }
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
                ("the store cannot be reached", "see to the disk, then call again")
            }
            _ => ("the store failed", "call again; if it fails again, see the server's log"),
        };
        Self::new("store", format!("{what}: {error}; nothing was changed"), help)
    }
}

/// The writer is gone
pub(super) fn closed() -> EngineError {
    EngineError::new("store", "the engine has stopped", "start the server again")
}

/// The other processes cannot be told that this one lives
pub(super) fn no_presence(folder: &Path, error: &std::io::Error) -> EngineError {
    EngineError::new(
        "store",
        format!("the processes that share the store cannot see each other: {error}"),
        format!(
            "make the folder `{}` one that can be written to, on a local disk",
            folder.display()
        ),
    )
}

pub(super) fn damaged(run_id: &str, cause: &Damaged) -> EngineError {
    let message = format!("run `{run_id}` cannot be read: {cause}");
    EngineError { damaged: Some(run_id.to_owned()), ..EngineError::new("damaged", message, SAVE) }
}

/// A run is kept apart because its record is damaged
pub(super) fn quarantined(why: &str) -> EngineError {
    EngineError::new("quarantined", format!("the run is kept apart: {why}"), SAVE)
}

/// Says in which file the store failed
pub(super) fn at(path: &Path, error: EngineError) -> EngineError {
    let store = path.display().to_string();
    if error.code != "store" || error.message.contains(&store) {
        return error;
    }
    EngineError { message: format!("{} (`{store}`)", error.message), ..error }
}
