//! How the engine is, measured.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};

use super::calls;
use super::world::World;
use crate::connectors::{Connector, Reach, Standing, locks};
use crate::engine::{ConnectorHealth, EngineError, Problem, StoreHealth};
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

/// The servers that can be called, and what there is to be called of them
pub(super) fn connectors(
    world: &World,
    calls: &BTreeMap<String, calls::Count>,
) -> Vec<ConnectorHealth> {
    let health = |(name, connector): (&str, &Arc<dyn Connector>)| {
        let Standing { reach, last_error } = connector.standing();
        let calls = calls.get(name).copied().unwrap_or_default();
        ConnectorHealth {
            name: name.to_owned(),
            reach,
            last_error,
            drifted: world.registry.locks().problems(name, &**connector),
            calls_under_way: calls.under_way,
            calls_waiting: calls.waiting,
        }
    };
    world.connectors.iter().map(health).collect()
}

/// What is wrong with calls: servers that cannot be called, here or by anybody
pub(super) fn of_calls(
    connectors: &[ConnectorHealth],
    calls: &BTreeMap<String, calls::Count>,
) -> Vec<Problem> {
    let failed = connectors.iter().filter(|connector| connector.reach == Reach::Failed);
    let failed = failed.map(|connector| {
        let name = &connector.name;
        let cause = connector.last_error.as_ref().map_or("it has ended", |error| &error.message);
        Problem {
            message: format!("the server `{name}` cannot be called: {cause}"),
            help: format!(
                "its calls are tried as their steps say; `workflow-server doctor` tries to start \
                 it: see `{name}` in the file of connectors"
            ),
        }
    });
    let drifted = connectors.iter().flat_map(|connector| &connector.drifted);
    let drifted =
        drifted.map(|said| Problem { message: said.clone(), help: locks::WHAT_TO_DO.to_owned() });
    let left = calls.iter().filter(|(_, count)| count.left > 0);
    let left = left.filter(|(name, _)| connectors.iter().all(|known| known.name != **name));
    let left = left.map(|(name, calls)| Problem {
        message: format!(
            "{} to the server `{name}`, for which no workflow server that runs has a connector",
            count(calls.left, "call")
        ),
        help: format!(
            "start a workflow server on this store with `--connectors FILE`, where FILE has `{name}`"
        ),
    });
    failed.chain(drifted).chain(left).collect()
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
