//! What time makes due: rows, applied before a run is looked at, and by a ticker.
//!
//! | kind | due | then |
//! |---|---|---|
//! | `wait` | when a `wait` is over | the run goes on |
//! | `deadline` | when an answer comes too late | the step fails, its children are called off |
//! | `attempt` | after the pause before another attempt | the server calls the tool, or forks |
//! | `begin` | when no build fitted a child whose turn it was | queued children begin |
//! | `join` | when no build fitted a run whose children had ended | the run goes on |
//!
//! Steps of the agent have no `attempt`: that they may be done again shows by itself.
//! A row goes in the transaction that applies it, so whoever gets there first does so alone.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::calls::{self, Taken};
use super::cascade::Cascade;
use super::planted::{Bug, planted};
use super::quarantine::heal;
use super::world::World;
use crate::connectors;
use crate::engine::EngineError;
use crate::engine::rules::{failure, time};
use crate::machine::{Action, Pending};

/// Timers applied in one transaction of the ticker
const MAX_TICK: i64 = 100;

/// How long the ticker leaves a timer alone whose run this server cannot move; another server may
/// know its workflow; in microseconds
const REST: i64 = 60_000_000;

/// What comes due
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A `wait` is over
    Wait,
    /// It is too late for an answer
    Deadline,
    /// The server may try again
    Attempt,
    /// Children may begin, on a server with a build that fits them
    Begin,
    /// All children have ended; the run goes on on a server with a build that fits it
    Join,
}

/// A row
#[derive(Clone, Debug)]
pub(super) struct Timer {
    pub(super) run_id: String,
    pub(super) step_id: String,
    pub(super) kind: Kind,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Wait, Self::Deadline, Self::Attempt, Self::Begin, Self::Join];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Deadline => "deadline",
            Self::Attempt => "attempt",
            Self::Begin => "begin",
            Self::Join => "join",
        }
    }
}

/// When a pending action comes due, and as what
pub(super) fn times(pending: &Pending) -> impl Iterator<Item = (Kind, Timestamp)> {
    let wait = time::wait_ends(pending).map(|at| (Kind::Wait, at));
    let by_server = match &pending.action {
        Action::McpCall { tool, .. } => pending.by_server || connectors::is_built_in(tool),
        Action::Foreach(_) => true,
        _ => false,
    };
    let attempt = pending.not_before.filter(|_| by_server).map(|at| (Kind::Attempt, at));
    let deadline = pending
        .deadline
        .filter(|_| pending.attempt == 1 || !planted(Bug::AttemptUnlimited))
        .map(|at| (Kind::Deadline, at));
    wait.into_iter().chain(attempt).chain(deadline)
}

/// Whether a pending action may have timers
pub(super) fn has_timers(pending: &Pending) -> bool {
    times(pending).next().is_some()
}

/// Sets the timers of what a run waits for; a pause that is over needs none
pub(super) fn set(
    db: &Connection,
    world: &World,
    run_id: &str,
    pending: &Pending,
    now: Timestamp,
) -> Result<(), EngineError> {
    for (kind, at) in times(pending).filter(|(kind, at)| *kind != Kind::Attempt || *at > now) {
        // Never before its time, not even by less than a microsecond.
        let part = i64::from(at.subsec_nanosecond() % 1_000 > 0);
        let at = at.as_microsecond().saturating_add(part);
        db.prepare_cached(
            "INSERT INTO timers (run_id, step_id, kind, due_at, look_at) VALUES (?, ?, ?, ?, ?)",
        )?
        .execute(params![run_id, pending.step_id, kind.word(), at, at])?;
        world.comes_due(at);
    }
    Ok(())
}

/// Leaves what should be done now to a server that can
pub(super) fn leave(
    db: &Connection,
    world: &World,
    now: Timestamp,
    run_id: &str,
    step_id: &str,
    kind: Kind,
) -> Result<(), EngineError> {
    let now = now.as_microsecond();
    db.prepare_cached(
        "INSERT OR IGNORE INTO timers (run_id, step_id, kind, due_at, look_at)
         VALUES (?, ?, ?, ?, ?)",
    )?
    .execute(params![run_id, step_id, kind.word(), now, now + REST])?;
    world.comes_due(now);
    Ok(())
}

/// Takes the timers of a run away
pub(super) fn clear(db: &Connection, run_id: &str) -> Result<(), EngineError> {
    db.prepare_cached("DELETE FROM timers WHERE run_id = ?")?.execute([run_id])?;
    Ok(())
}

/// Whether something is due in a run's family: the run of its own, and all that came of it
pub(super) fn is_due(db: &Connection, world: &World, run_id: &str) -> Result<bool, EngineError> {
    let family = family(run_id);
    let due = db
        .prepare_cached(
            "SELECT 1 FROM timers WHERE run_id >= ?1 AND run_id < ?1 || '/' AND due_at <= ?2
             LIMIT 1",
        )?
        .exists(params![family, world.now().as_microsecond()])?;
    Ok(due || calls::has_orphans(db, world, Some(family))?)
}

/// Looks once for a whole transaction when something will be due, whatever the run: mostly nothing
/// is, and no command has to look for itself
pub(super) fn look_ahead(db: &Connection, world: &World) -> Result<(), EngineError> {
    let sql = concat!("SELECT (SELECT min(due_at) FROM timers), ", calls::watched!());
    let (next, watches): (Option<i64>, bool) = db
        .prepare_cached(sql)?
        .query_row([world.presence.id()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    // A call that is another's may be an orphan, at any time.
    let next = if watches { i64::MIN } else { next.unwrap_or(i64::MAX) };
    world.know_next_due(next);
    Ok(())
}

/// Applies all that is due in a run's family, each timer for itself: a run that this server cannot
/// move holds up no other; fails where the store does
pub(super) fn apply(db: &Connection, world: &World, run_id: &str) -> Result<(), EngineError> {
    loop {
        let taken = calls::take_over(db, world, Some(family(run_id)))?;
        // It must not count as looked after, so whatever comes next must not either.
        if let Some(error) = taken.failed.filter(|error| error.code == "store") {
            return Err(error);
        }
        let mut moved = !taken.moved.is_empty();
        for timer in due_in(db, world, family(run_id))? {
            moved |= match apply_one(db, world, &timer)? {
                Err(error) if error.code == "store" => return Err(error),
                applied => applied.unwrap_or(false),
            };
        }
        // What was applied may have made more due.
        if !moved {
            return Ok(());
        }
    }
}

/// Applies what is due wherever it is, as much as one transaction should hold; gives the runs that
/// it was due for, and what should be tried again soon
pub(super) fn tick(db: &Connection, world: &World) -> Result<Taken, EngineError> {
    let due = db
        .prepare_cached(
            "SELECT run_id, step_id, kind FROM timers WHERE look_at <= ?
             ORDER BY look_at, kind DESC, run_id LIMIT ?",
        )?
        .query_map([world.now().as_microsecond(), MAX_TICK], timer)?
        .collect::<Result<Vec<_>, _>>()?;
    for timer in &due {
        // What the store refuses to one run, it may give to the next.
        let _ = apply_one(db, world, timer)?;
    }
    let mut taken = calls::take_over(db, world, None)?;
    taken.moved.extend(due.into_iter().map(|timer| timer.run_id));
    Ok(taken)
}

/// When the ticker should look again, if there is anything to wait for
pub(super) fn next_at(db: &Connection) -> Result<Option<Timestamp>, EngineError> {
    let at: Option<i64> =
        db.prepare_cached("SELECT min(look_at) FROM timers")?.query_row([], |row| row.get(0))?;
    Ok(at.and_then(|at| Timestamp::from_microsecond(at).ok()))
}

/// In the order of time; at the same moment a `wait` comes before a deadline, and a parent before
/// its children
fn due_in(db: &Connection, world: &World, family: &str) -> Result<Vec<Timer>, EngineError> {
    let due = db
        .prepare_cached(
            "SELECT run_id, step_id, kind FROM timers
             WHERE run_id >= ?1 AND run_id < ?1 || '/' AND due_at <= ?2
             ORDER BY due_at, kind DESC, run_id",
        )?
        .query_map(params![family, world.now().as_microsecond()], timer)?
        .collect::<Result<_, _>>()?;
    Ok(due)
}

/// Applies a timer, if nobody has by now; whether the run has moved, or why it could not be
fn apply_one(
    db: &Connection,
    world: &World,
    timer: &Timer,
) -> Result<Result<bool, EngineError>, EngineError> {
    let applied = heal(db, world, &|db| take(db, world, timer))?;
    if let Err(error) = &applied {
        let (run, step, code) = (&timer.run_id, &timer.step_id, error.code);
        if failure::is_incompatible(error) {
            tracing::debug!(run, step, code, "not moved");
        } else {
            tracing::warn!(run, step, code, %error, "not moved");
        }
        let later = world.now().as_microsecond() + REST;
        db.prepare_cached("UPDATE timers SET look_at = ? WHERE run_id = ?")?
            .execute(params![later, timer.run_id])?;
    }
    Ok(applied)
}

/// Does something that leaves nothing behind where it fails; only if it takes the whole
/// transaction with it, the whole fails
pub(super) fn apart<T>(
    db: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, EngineError>,
) -> Result<Result<T, EngineError>, EngineError> {
    db.prepare_cached("SAVEPOINT apart")?.execute([])?;
    let outcome = work(db);
    if let Err(error) = &outcome {
        if db.is_autocommit() {
            // A full disk, say: SQLite has rolled all of it back.
            return Err(error.clone());
        }
        if !planted(Bug::RefusedHalfKept) {
            db.prepare_cached("ROLLBACK TO apart")?.execute([])?;
        }
    }
    db.prepare_cached("RELEASE apart")?.execute([])?;
    Ok(outcome)
}

fn take(db: &Connection, world: &World, timer: &Timer) -> Result<bool, EngineError> {
    let taken = db
        .prepare_cached("DELETE FROM timers WHERE run_id = ? AND step_id = ? AND kind = ?")?
        .execute([&timer.run_id, &timer.step_id, timer.kind.word()])?;
    if taken == 0 && !planted(Bug::TimerOfAnotherStep) {
        return Ok(false);
    }
    Cascade::new(db, world, world.now()).due(timer)?;
    Ok(true)
}

/// The run that nobody is the parent of; the ids of its descendants begin with its own and a dot
pub(super) fn family(run_id: &str) -> &str {
    run_id.split('.').next().unwrap_or(run_id)
}

fn timer(row: &Row<'_>) -> rusqlite::Result<Timer> {
    let word: String = row.get(2)?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word);
    let kind = kind.ok_or_else(|| {
        let cause = format!("`{word}` is no kind of timer");
        rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, cause.into())
    })?;
    Ok(Timer { run_id: row.get(0)?, step_id: row.get(1)?, kind })
}
