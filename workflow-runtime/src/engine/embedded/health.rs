//! How the engine is, measured.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::world::World;
use crate::engine::{EngineError, Problem, StoreHealth};
use crate::machine::{Limit, Limits};
use crate::plural::count;

/// How long what is due may wait before it is a problem, in microseconds
const LATE: i64 = 60_000_000;

/// The figures of a store, as far as they can be read
pub(super) fn store(path: &Path, world: &World) -> StoreHealth {
    StoreHealth {
        path: path.display().to_string(),
        bytes: bytes(path),
        max_unfinished_runs: world.limits.get(Limit::Runs),
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
pub(super) fn problems(store: &StoreHealth, limits: Limits) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut add = |message: String, help: String| problems.push(Problem { message, help });
    let max = store.max_unfinished_runs;
    if store.unfinished_runs.is_some_and(|runs| runs >= max) {
        let message = format!("the limit of {} is reached", count(max, "unfinished run"));
        add(message, format!("finish or cancel some, or {}", limits.raise(Limit::Runs)));
    }
    if let Some(overdue) = store.overdue.filter(|overdue| *overdue > 0) {
        let message =
            format!("{} overdue by a minute: waits, deadlines, attempts", count(overdue, "timer"));
        let help = "see the server's log: a run may need a workflow that this server lacks";
        add(message, help.to_owned());
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
