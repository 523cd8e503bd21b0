//! What the store's own failures are told as.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::engine::EngineError;
use crate::machine::{Damaged, Info};

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
                ("the store is damaged", "restore it from a backup")
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

pub(super) fn unknown_run(run_id: &str) -> EngineError {
    EngineError::new(
        "unknown-run",
        format!("there is no run `{run_id}`"),
        "use the `run_id` that a reply gave, or start a run with `start_workflow`",
    )
}

pub(super) fn damaged(run_id: &str, cause: &Damaged) -> EngineError {
    EngineError::new(
        "damaged",
        format!("run `{run_id}` cannot be read: {cause}"),
        "restore the store from a backup, or cancel the run and start a new one",
    )
}

/// A run began under a workflow that this server does not have
///
/// `now` is what this server has under the run's name and version, or under its name.
pub(super) fn incompatible(name: &str, version: &str, now: Option<&Info>) -> EngineError {
    let cause = match now {
        Some(info) if info.version == version => {
            format!("`{name}` {version} has changed since the run began")
        }
        Some(info) => {
            format!("the run began under `{name}` {version}, this server has {}", info.version)
        }
        None => format!("this server has no workflow `{name}`"),
    };
    EngineError::new(
        "incompatible",
        format!("the run cannot go on: {cause}"),
        "the run is kept; build a server with the workflow as it was (keep the old file beside \
         the new one), or cancel the run",
    )
}
