//! Runs as they are told: replies and reports, from rows.

use jiff::Timestamp;
use rusqlite::Connection;

use super::planted::{Bug, planted};
use super::rows::{self, RunRow};
use super::world::World;
use super::{approvals, calls, due, failure, upgrade};
use crate::engine::rules::telling::{self, RETRY_AFTER, Shown};
use crate::engine::rules::{self, children};
use crate::engine::{ChildReport, EngineError, StateReport, StatusReport};
use crate::machine::{Action, Fork, Pending, RunError, Snapshot, Status};
use crate::reply::{Progress, Reply, Step, position};

/// How a run stands and what to do next
pub(super) fn reply(db: &Connection, world: &World, row: &RunRow) -> Result<Reply, EngineError> {
    if let Some(why) = &row.quarantine {
        let error = failure::quarantined(why);
        let error = RunError {
            code: error.code.to_owned(),
            message: error.message,
            step_id: None,
            help: Some(error.help),
        };
        return Ok(Reply { error: Some(error), ..bare(row, Status::Quarantined) });
    }
    match row.snapshot.as_deref().filter(|_| row.status != "queued") {
        Some(snapshot) => reply_of(db, world, row, snapshot, world.now()),
        None => Ok(match upgrade::hindrance(db, world, row)? {
            Some(hindrance) => {
                telling::incompatible(bare(row, Status::Incompatible), hindrance, None)
            }
            None => telling::queued(bare(row, Status::Running)),
        }),
    }
}

/// The reply to somebody who looks at a run; `None` where the look changes something, because
/// something is due or a child is asked for its first step
pub(super) fn glance(
    db: &Connection,
    world: &World,
    run_id: &str,
) -> Result<Option<Reply>, EngineError> {
    let row = world.hot.get(db, run_id)?;
    let first_look = !row.asked && row.status == "waiting";
    if first_look || due::is_due(db, world, run_id)? {
        return Ok(None);
    }
    reply(db, world, &row).map(Some)
}

/// What comes after an answer: for a child that its parent's agent works off, the parent's reply
pub(super) fn reply_after(
    db: &Connection,
    world: &World,
    run_id: &str,
) -> Result<Reply, EngineError> {
    let mut row = world.hot.get(db, run_id)?;
    while let Some(parent) = row.parent.as_ref().filter(|_| !row.own_agent) {
        row = world.hot.get(db, &parent.id)?;
    }
    reply(db, world, &row)
}

/// The reply that an answer got, told again
pub(super) fn reply_then(
    db: &Connection,
    world: &World,
    row: &RunRow,
    command: i64,
) -> Result<Reply, EngineError> {
    if !row.is_answered_itself() {
        return reply_after(db, world, &row.id);
    }
    let (snapshot, seq) = rows::fold_until(db, &row.id, command)?;
    if seq == row.seq || planted(Bug::ReplyOfToday) {
        return reply(db, world, row);
    }
    reply_of(db, world, row, &snapshot, snapshot.updated_at)
}

/// A run's standing, in full
pub(super) fn status(
    db: &Connection,
    world: &World,
    row: &RunRow,
) -> Result<StatusReport, EngineError> {
    let reply = reply(db, world, row)?;
    let snapshot = row.snapshot.as_deref();
    let children = rows::children(db, &row.id, None)?;
    Ok(StatusReport {
        run_id: row.id.clone(),
        workflow: row.workflow.clone(),
        version: row.version.clone(),
        status: reply.status,
        position: snapshot.and_then(position).map(str::to_owned),
        progress: reply.progress.unwrap_or(Progress { done: 0, total: 0 }),
        pending: reply.step.into_iter().collect(),
        children: children
            .iter()
            .map(|child| child_report(db, world, child))
            .collect::<Result<_, _>>()?,
        user_answers: approvals::of(db, &row.id)?,
        parent: row.parent.as_ref().map(|parent| parent.id.clone()),
        created_at: row.created_at.to_string(),
        updated_at: row.updated_at.to_string(),
        error: reply.error,
    })
}

/// A run's variables: all, or the fields named
pub(super) fn state(row: &RunRow, fields: Option<&[String]>) -> Result<StateReport, EngineError> {
    let all = row.snapshot.as_deref().map(|snapshot| snapshot.state.clone()).unwrap_or_default();
    let Some(fields) = fields else {
        return Ok(StateReport { run_id: row.id.clone(), state: all });
    };
    let pick = |field: &String| {
        let value =
            all.get(field).ok_or_else(|| rules::failure::unknown_field(field, all.keys()))?;
        Ok((field.clone(), value.clone()))
    };
    let state = fields.iter().map(pick).collect::<Result<_, EngineError>>()?;
    Ok(StateReport { run_id: row.id.clone(), state })
}

fn bare(row: &RunRow, status: Status) -> Reply {
    telling::bare(&row.id, &row.workflow, status)
}

fn reply_of(
    db: &Connection,
    world: &World,
    row: &RunRow,
    snapshot: &Snapshot,
    now: Timestamp,
) -> Result<Reply, EngineError> {
    let standing = row.snapshot.as_deref().unwrap_or(snapshot);
    let fit = upgrade::fit(db, world, row, standing, world.env(now, 0));
    let info = fit.as_ref().ok().map(|fit| fit.program.info());
    let reply = telling::standing(bare(row, snapshot.status), snapshot, info);
    let Some(pending) = &snapshot.pending else { return Ok(reply) };
    if let Err(hindrance) = fit {
        return Ok(telling::incompatible(reply, hindrance, Some(pending.step_id.clone())));
    }
    Ok(show(db, world, row, pending, now)?.reply(reply, pending))
}

/// What a run shows at a moment at which it waits
fn show(
    db: &Connection,
    world: &World,
    row: &RunRow,
    pending: &Pending,
    now: Timestamp,
) -> Result<Shown, EngineError> {
    if let Some(shown) = Shown::alone(&row.id, pending, now) {
        return Ok(shown);
    }
    let Action::Foreach(fork) = &pending.action else {
        let missing = calls::missing(db, world, &row.id, pending)?;
        return Ok(Shown { missing, ..Shown::nothing_for(RETRY_AFTER) });
    };
    if fork.agent.is_none() {
        return child_step(db, world, &row.id, pending);
    }
    let children = under_way(db, world, &row.id, pending, fork)?;
    if children.is_empty()
        && let Some(hindrance) = queued_hindrance(db, world, &row.id, pending)?
    {
        return Ok(Shown::hindered(hindrance));
    }
    let remaining = row.open_children.saturating_sub(children.len());
    Ok(Shown::step(Step::new(&row.id, pending).with_children(&children, remaining)))
}

/// The first open child's step that the parent's agent can do; else the child that goes on first
///
/// That is how the children stand by now, also where an earlier reply is told again.
fn child_step(
    db: &Connection,
    world: &World,
    parent: &str,
    pending: &Pending,
) -> Result<Shown, EngineError> {
    let (mut first, mut hindered) = (None, None);
    // Child runs are nested a few levels deep at most, and so is this recursion.
    for child in rows::waiting_children(db, parent, &pending.step_id)? {
        let child = world.hot.get(db, &child)?;
        let snapshot = child.snapshot.as_deref();
        let Some(pending) = snapshot.and_then(|snapshot| snapshot.pending.as_ref()) else {
            continue;
        };
        if let Some(hindrance) = upgrade::hindrance(db, world, &child)? {
            hindered.get_or_insert(hindrance);
            continue;
        }
        let shown = show(db, world, &child, pending, world.now())?;
        if shown.is_work() {
            return Ok(shown);
        }
        let sooner = |other: &Shown| shown.retry_after_ms < other.retry_after_ms;
        if first.as_ref().is_none_or(sooner) {
            first = Some(shown);
        }
    }
    if let Some(first) = first {
        return Ok(first);
    }
    let hindrance = match hindered {
        None => queued_hindrance(db, world, parent, pending)?,
        hindered => hindered,
    };
    Ok(match hindrance {
        None => Shown::nothing_for(RETRY_AFTER),
        Some(hindrance) => Shown::hindered(hindrance),
    })
}

/// Why the next queued child of a step cannot begin on this server
fn queued_hindrance(
    db: &Connection,
    world: &World,
    parent: &str,
    pending: &Pending,
) -> Result<Option<EngineError>, EngineError> {
    let next = rows::children_that_are(db, parent, &pending.step_id, "queued", 1)?;
    next.first().map_or(Ok(None), |child| upgrade::hindrance(db, world, child))
}

fn under_way(
    db: &Connection,
    world: &World,
    run_id: &str,
    pending: &Pending,
    fork: &Fork,
) -> Result<Vec<ChildReport>, EngineError> {
    let limit = children::at_once(fork, world.limits);
    let rows = rows::children_that_are(db, run_id, &pending.step_id, "waiting", limit)?;
    rows.iter().map(|row| child_report(db, world, row)).collect()
}

fn child_report(db: &Connection, world: &World, row: &RunRow) -> Result<ChildReport, EngineError> {
    let status = if upgrade::hindrance(db, world, row)?.is_some() {
        Status::Incompatible.word()
    } else if row.status == "waiting" && row.asked {
        "running"
    } else {
        &row.status
    };
    Ok(ChildReport {
        run_id: row.id.clone(),
        index: row.parent.as_ref().map_or(0, |parent| parent.index),
        item: row.start.as_ref().map(|start| start.start.item.clone()).unwrap_or_default(),
        status: status.to_owned(),
    })
}
