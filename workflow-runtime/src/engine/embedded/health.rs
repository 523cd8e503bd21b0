//! How the engine is, measured.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::world::World;
use crate::engine::{EngineError, Problem, StoreHealth};

/// How long what is due may wait before it is a problem, in microseconds
const LATE: i64 = 60_000_000;

/// The figures of a store, as far as they can be read
pub(super) fn store(path: &Path, world: &World) -> StoreHealth {
    StoreHealth {
        path: path.display().to_string(),
        bytes: bytes(path),
        max_unfinished_runs: world.max_runs,
        ..StoreHealth::default()
    }
}

/// Reads the figures that stand in the store
pub(super) fn figures(
    db: &Connection,
    world: &World,
    mut health: StoreHealth,
) -> Result<StoreHealth, EngineError> {
    health.unfinished_runs = db
        .prepare_cached("SELECT value FROM counts WHERE name = 'unfinished_runs'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let late = world.now().as_microsecond() - LATE;
    health.overdue = db
        .prepare_cached("SELECT count(*) FROM timers WHERE due_at <= ?")?
        .query_row([late], |row| row.get(0))
        .optional()?;
    Ok(health)
}

/// What the figures say that somebody should see to
pub(super) fn problems(store: &StoreHealth) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut add = |message: String, help: &str| {
        problems.push(Problem { message, help: help.to_owned() });
    };
    let max = store.max_unfinished_runs;
    if store.unfinished_runs.is_some_and(|runs| runs >= max) {
        let message = format!("{max} runs are not finished, that is the limit");
        add(message, "finish or cancel some, or raise MAX_CONCURRENT_WORKFLOWS");
    }
    if let Some(overdue) = store.overdue.filter(|overdue| *overdue > 0) {
        let message = format!("{overdue} waits, deadlines or attempts are overdue by a minute");
        add(message, "see the server's log: a run may need a workflow that this server lacks");
    }
    problems
}

/// The size of a store's files
fn bytes(path: &Path) -> Option<u64> {
    let size = |path: &Path| std::fs::metadata(path).map(|file| file.len()).ok();
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    Some(size(path)? + size(&PathBuf::from(log)).unwrap_or(0))
}
