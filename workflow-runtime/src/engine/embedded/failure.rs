//! What the store's own failures are told as.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::engine::EngineError;
use crate::machine::{Changed, Damaged, Info};

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

pub(super) fn unknown_run(run_id: &str) -> EngineError {
    EngineError::new(
        "unknown-run",
        format!("there is no run `{run_id}`"),
        "use the `run_id` that a reply gave, or start a run with `start_workflow`",
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

/// A run went by a workflow that this server does not have
///
/// `now` is what this server has under the run's name, if that is anything.
pub(super) fn incompatible(name: &str, version: &str, now: Option<&Info>) -> EngineError {
    let cause = match now {
        Some(info) if info.version == version => {
            format!("`{name}` {version} has changed since the run began")
        }
        Some(info) => {
            format!("the run goes by `{name}` {version}, this server has {}", info.version)
        }
        None => format!("this server has no workflow `{name}`"),
    };
    kept(&cause, version)
}

/// What a run needs where it waits is not what this server's build of its workflow has
pub(super) fn changed(name: &str, version: &str, now: &Info, changed: &Changed) -> EngineError {
    let cause = if now.version == version {
        format!("`{name}` {version} has changed since the run began: {changed}")
    } else {
        let now = now.version;
        format!("the run goes by `{name}` {version}, this server has {now}, in which {changed}")
    };
    kept(&cause, version)
}

fn kept(cause: &str, version: &str) -> EngineError {
    EngineError::new(
        "incompatible",
        format!("the run cannot go on: {cause}"),
        format!(
            "the run is kept, and goes on as soon as a server has the workflow as it was: keep the \
             old file beside the new one, under its version {version}, and give the new one a higher \
             version; or cancel the run"
        ),
    )
}

/// Whether an error is that of a run that waits for a server with its workflow
pub(super) fn is_incompatible(error: &EngineError) -> bool {
    error.code == "incompatible"
}
