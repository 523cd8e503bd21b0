//! Calls that servers of this store make to the outside: a row each, until the outcome is there.
//!
//! | stage | means | if its owner dies |
//! |---|---|---|
//! | `wanted` | nothing has left the process | another takes it |
//! | `repeatable` | journaled; may be under way, may have been made | another makes it again |
//! | `once` | the same, and to make it again could do harm | its outcome is unknown |
//!
//! A row belongs to one process, which alone makes the call. It changes hands only once that
//! process has died, in the transaction that finds it so.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::cascade::Cascade;
use super::live::Live;
use super::planted::{Bug, planted};
use super::quarantine::heal;
use super::world::World;
use super::{rows, upgrade};
use crate::connectors;
use crate::engine::EngineError;
use crate::engine::rules::failure::run_error;
use crate::engine::rules::{calling, time};
use crate::machine::{Action, Answer, Event, Pending, RunError};

/// Calls of a dead process that one transaction takes over
const MAX_TAKEN: i64 = 100;

/// The code of the error that a call must not be begun a second time
pub(super) const BEGUN_BEFORE: &str = "begun-before";

/// A call's name: a run waits for one at a time
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Call {
    pub(super) run_id: String,
    pub(super) step_id: String,
}

/// The server that a pending action is to be sent to, if this or another process of the store
/// does it
fn server(pending: &Pending) -> Option<&str> {
    match &pending.action {
        Action::McpCall { tool, .. } if pending.by_server => {
            connectors::split(tool).map(|(server, _)| server)
        }
        _ => None,
    }
}

/// Keeps the row of a call for as long as its run waits for it
///
/// `before` is what the run waited for when it was loaded.
pub(super) fn keep(
    db: &Connection,
    world: &World,
    run_id: &str,
    before: Option<&str>,
    pending: Option<&Pending>,
    now: Timestamp,
) -> Result<(), EngineError> {
    let wanted = pending.and_then(|pending| Some((pending, server(pending)?)));
    if let Some(before) = before
        && wanted.is_none_or(|(pending, _)| pending.step_id != before)
        && !planted(Bug::CallKept)
    {
        db.prepare_cached("DELETE FROM calls WHERE run_id = ?")?.execute([run_id])?;
        world.calls.raise();
    }
    let Some((pending, server)) = wanted else { return Ok(()) };
    if time::rests(pending, now).is_some() {
        return Ok(());
    }
    // Whoever cannot make it leaves it to one that can.
    let owner = world.connectors.get(server).map(|_| world.presence.id());
    db.prepare_cached(
        "INSERT INTO calls (run_id, step_id, server, owner, stage) VALUES (?, ?, ?, ?, 'wanted')
         ON CONFLICT (run_id) DO NOTHING",
    )?
    .execute(params![run_id, pending.step_id, server, owner])?;
    world.calls.raise();
    Ok(())
}

/// The hand-out whose call a run waits for, if it waits for one
pub(super) fn awaited(pending: Option<&Pending>) -> Option<String> {
    let pending = pending?;
    server(pending).map(|_| pending.step_id.clone())
}

/// Journals that a call is about to be made
///
/// Fails with `not-pending` if it is not to be made; with `incompatible` if this process could not
/// take its outcome; and with [`BEGUN_BEFORE`] if it may have been made already, and must not be
/// made again.
pub(super) fn begin(
    cascade: &Cascade<'_>,
    call: &Call,
    repeatable: bool,
) -> Result<(), EngineError> {
    let (db, world) = (cascade.db, cascade.world);
    let mut run = owned(db, world, call)?;
    // Whoever makes the call must be able to go on with its outcome.
    upgrade::carry(db, world, &mut run, cascade.env())?;
    let begun = db
        .prepare_cached("SELECT 1 FROM calls WHERE run_id = ? AND stage = 'once'")?
        .exists([&call.run_id])?;
    if begun {
        let message = format!("the call of `{}` was begun before", call.step_id);
        return Err(EngineError::new(BEGUN_BEFORE, message, "its outcome is unknown"));
    }
    let (step_id, by) = (call.step_id.clone(), world.presence.id().to_owned());
    run.apply(vec![Event::Calling { step_id, by, repeatable, at: cascade.now }])?;
    // What it waits for is the same: its timers stand, also where the clock has gone back.
    run.save(db, world, cascade.command)?;
    let stage = if repeatable { "repeatable" } else { "once" };
    db.prepare_cached("UPDATE calls SET stage = ? WHERE run_id = ?")?
        .execute([stage, &call.run_id])?;
    Ok(())
}

/// Takes the outcome of a call and goes on; fails with `not-pending` if the run has gone on
/// without it
pub(super) fn end(
    cascade: &mut Cascade<'_>,
    call: &Call,
    answer: &Answer,
) -> Result<(), EngineError> {
    let mut run = owned(cascade.db, cascade.world, call)?;
    cascade.take(&mut run, answer.clone())?;
    cascade.run(run)
}

/// A run that waits for a call of this process
fn owned(db: &Connection, world: &World, call: &Call) -> Result<Live, EngineError> {
    if is_own(db, world, call)? {
        return Live::load(rows::get(db, &call.run_id)?);
    }
    Err(EngineError::new(
        "not-pending",
        format!("run `{}` no longer waits for the call of `{}`", call.run_id, call.step_id),
        "the call's outcome is not wanted any more",
    ))
}

/// Whether a call is still to be made, or its outcome told, by this process
pub(super) fn is_own(db: &Connection, world: &World, call: &Call) -> Result<bool, EngineError> {
    let own = db
        .prepare_cached("SELECT step_id FROM calls WHERE run_id = ? AND owner = ?")?
        .query_row(params![call.run_id, world.presence.id()], |row| row.get::<_, String>(0))
        .optional()?;
    Ok(own.is_some_and(|step_id| step_id == call.step_id || planted(Bug::CallOfAnother)))
}

/// The oldest calls of this process to a server
pub(super) fn own(
    db: &Connection,
    world: &World,
    server: &str,
    limit: usize,
) -> Result<Vec<Call>, EngineError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let calls = db
        .prepare_cached(
            "SELECT run_id, step_id FROM calls WHERE owner = ? AND server = ? ORDER BY id LIMIT ?",
        )?
        .query_map(params![world.presence.id(), server, limit], call)?
        .collect::<Result<_, _>>()?;
    Ok(calls)
}

/// Calls to one server that have no outcome yet
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Those that are being made
    pub(super) under_way: u64,
    /// Those that are still to be made
    pub(super) waiting: u64,
    /// Those of both that nobody makes who lives
    pub(super) left: u64,
}

/// The calls that have no outcome yet, by server
pub(super) fn count(
    db: &Connection,
    world: &World,
) -> Result<BTreeMap<String, Count>, EngineError> {
    let mut statement = db.prepare_cached(
        "SELECT server, owner, stage = 'wanted', count(*) FROM calls GROUP BY 1, 2, 3",
    )?;
    let mut rows = statement.query([])?;
    let mut counts = BTreeMap::<String, Count>::new();
    while let Some(row) = rows.next()? {
        let (owner, wanted, calls): (Option<String>, bool, u64) =
            (row.get(1)?, row.get(2)?, row.get(3)?);
        let count = counts.entry(row.get(0)?).or_default();
        *if wanted { &mut count.waiting } else { &mut count.under_way } += calls;
        if owner.is_none_or(|owner| world.presence.is_gone(&owner)) {
            count.left += calls;
        }
    }
    Ok(counts)
}

/// Whether there is a call that is not this process's, `?1`, as a part of a statement: by ranges of
/// the index, so that its own are not looked through
macro_rules! watched {
    () => {
        "EXISTS (SELECT 1 FROM calls WHERE owner < ?1)
             OR EXISTS (SELECT 1 FROM calls WHERE owner > ?1)
             OR EXISTS (SELECT 1 FROM calls WHERE owner IS NULL)"
    };
}
pub(super) use watched;

/// Whether calls are kept that this process may have to take over one day
pub(super) fn watches(db: &Connection, world: &World) -> Result<bool, EngineError> {
    let others = db
        .prepare_cached(concat!("SELECT ", watched!()))?
        .query_row([world.presence.id()], |row| row.get(0))?;
    Ok(others)
}

/// A call whose owner has died, or that has none
struct Orphan {
    call: Call,
    stage: String,
}

/// Whether this process can do something about an orphan of a run's family, or of any
pub(super) fn has_orphans(
    db: &Connection,
    world: &World,
    family: Option<&str>,
) -> Result<bool, EngineError> {
    Ok(!orphans(db, world, family, 1)?.is_empty())
}

/// What came of taking over orphans
#[derive(Default)]
pub(super) struct Taken {
    /// The runs that have moved by it
    pub(super) moved: Vec<String>,
    /// Why one at least is still an orphan, which it should not be
    pub(super) failed: Option<EngineError>,
}

/// Takes over the orphans of a run's family, or of any, each for itself: one that fails holds up no
/// other
pub(super) fn take_over(
    db: &Connection,
    world: &World,
    family: Option<&str>,
) -> Result<Taken, EngineError> {
    let mut taken = Taken::default();
    for orphan in orphans(db, world, family, MAX_TAKEN)? {
        match heal(db, world, &|db| take_one(db, world, &orphan))? {
            Ok(true) => taken.moved.push(orphan.call.run_id),
            Ok(false) => {}
            Err(error) => {
                let (Call { run_id, step_id }, code) = (&orphan.call, error.code);
                tracing::warn!(run = run_id, step = step_id, code, %error, "not taken over");
                taken.failed.get_or_insert(error);
            }
        }
    }
    Ok(taken)
}

fn orphans(
    db: &Connection,
    world: &World,
    family: Option<&str>,
    limit: i64,
) -> Result<Vec<Orphan>, EngineError> {
    if !watches(db, world)? {
        return Ok(Vec::new());
    }
    let (from, to) = match family {
        Some(family) => (family.to_owned(), format!("{family}/")),
        None => (String::new(), "\u{10ffff}".to_owned()),
    };
    let owners = db
        .prepare_cached(
            "SELECT DISTINCT owner FROM calls WHERE run_id >= ? AND run_id < ? AND owner IS NOT ?",
        )?
        .query_map(params![from, to, world.presence.id()], |row| row.get(0))?
        .collect::<Result<Vec<Option<String>>, _>>()?;
    let mut orphans = Vec::new();
    for owner in owners {
        let gone = |owner: &String| world.presence.is_gone(owner) || planted(Bug::LivingRobbed);
        if owner.as_ref().is_some_and(|owner| !gone(owner)) {
            continue;
        }
        let mut find = |which: &str, name: &str| -> Result<(), EngineError> {
            let sql = format!(
                "SELECT run_id, step_id, stage FROM calls
                 WHERE owner IS ?1 AND run_id >= ?2 AND run_id < ?3 AND {which} ORDER BY id LIMIT ?5"
            );
            let mut statement = db.prepare_cached(&sql)?;
            let found = statement.query_map(params![owner, from, to, name, limit], |row| {
                Ok(Orphan { call: call(row)?, stage: row.get(2)? })
            })?;
            for orphan in found {
                orphans.push(orphan?);
            }
            Ok(())
        };
        // That an outcome is unknown, each can say; to make a call takes the connector.
        find("stage = ?4", "once")?;
        for server in world.connectors.names() {
            find("server = ?4 AND stage <> 'once'", server)?;
        }
    }
    Ok(orphans)
}

/// Takes an orphan over; whether its run has moved
fn take_one(db: &Connection, world: &World, orphan: &Orphan) -> Result<bool, EngineError> {
    let Call { run_id, step_id } = &orphan.call;
    let row = rows::get(db, run_id)?;
    // Whoever could not take the outcome leaves the call to one that can.
    if upgrade::hindrance(db, world, &row)?.is_some() {
        return Ok(false);
    }
    tracing::info!(run = run_id, step = step_id, stage = orphan.stage, "taking over a call");
    if orphan.stage != "once" || planted(Bug::OnceRepeated) {
        db.prepare_cached("UPDATE calls SET owner = ?, stage = 'wanted' WHERE run_id = ?")?
            .execute([world.presence.id(), run_id])?;
        world.calls.raise();
        return Ok(false);
    }
    let mut run = Live::load(row)?;
    let mut cascade = Cascade::new(db, world, world.now());
    let error = calling::outcome_unknown(
        &run.snapshot,
        "the server that made it died before it knew the outcome",
    );
    cascade.take(&mut run, Answer::Failed(error))?;
    cascade.run(run)?;
    Ok(true)
}

/// What is missing, where a call waits for a connector that no living process is known to have
pub(super) fn missing(
    db: &Connection,
    world: &World,
    run_id: &str,
    pending: &Pending,
) -> Result<Option<RunError>, EngineError> {
    let Some(server) = server(pending) else { return Ok(None) };
    if world.connectors.get(server).is_some() {
        return Ok(None);
    }
    let owner: Option<Option<String>> = db
        .prepare_cached("SELECT owner FROM calls WHERE run_id = ? AND step_id = ?")?
        .query_row([run_id, &pending.step_id], |row| row.get(0))
        .optional()?;
    let Some(owner) = owner else { return Ok(None) };
    if owner.is_some_and(|owner| !world.presence.is_gone(&owner)) {
        return Ok(None);
    }
    let step_id = &pending.step_id;
    let message = format!(
        "step `{step_id}` waits for a call to the server `{server}`, for which this workflow server \
         has no connector"
    );
    let mut error = run_error("connector-missing", message);
    error.step_id = Some(step_id.clone());
    error.help = Some(format!(
        "start a workflow server on this store with `--connectors FILE`, where FILE has `{server}`; \
         the run then goes on by itself"
    ));
    Ok(Some(error))
}

fn call(row: &rusqlite::Row<'_>) -> rusqlite::Result<Call> {
    Ok(Call { run_id: row.get(0)?, step_id: row.get(1)? })
}
