//! Runs as they are told: replies and reports, from rows.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::planted::{Bug, planted};
use super::rows::{self, RunRow};
use super::world::World;
use super::{approvals, calls, due, failure, upgrade};
use crate::engine::{ChildReport, EngineError, StateReport, StatusReport};
use crate::machine::{Action, Fork, Pending, RunError, Snapshot, Status};
use crate::reply::{Progress, Reply, Step, position};

/// When to ask again while the server works, in milliseconds
const RETRY_AFTER: u64 = 500;

/// When to ask again at the latest, though nothing will be due by then, in milliseconds
const LONGEST_RETRY_AFTER: u64 = 60_000;

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
            Some(hindrance) => incompatible(bare(row, Status::Incompatible), hindrance, None),
            None => Reply { retry_after_ms: Some(RETRY_AFTER), ..bare(row, Status::Running) },
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
        let value = all.get(field).ok_or_else(|| unknown_field(field, &all))?;
        Ok((field.clone(), value.clone()))
    };
    let state = fields.iter().map(pick).collect::<Result<_, EngineError>>()?;
    Ok(StateReport { run_id: row.id.clone(), state })
}

fn unknown_field(field: &str, all: &Map<String, Value>) -> EngineError {
    let known: Vec<&str> = all.keys().map(String::as_str).collect();
    let message = format!("the state has no field `{field}`");
    EngineError::new("unknown-field", message, format!("the fields are `{}`", known.join("`, `")))
}

fn bare(row: &RunRow, status: Status) -> Reply {
    Reply {
        run_id: row.id.clone(),
        workflow: row.workflow.clone(),
        status,
        step: None,
        progress: None,
        result: None,
        error: None,
        retry_after_ms: None,
    }
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
    let mut reply = bare(row, snapshot.status);
    reply.progress = fit.as_ref().ok().map(|fit| Progress::of(fit.program.info(), snapshot));
    reply.result.clone_from(&snapshot.result);
    reply.error.clone_from(&snapshot.error);
    let Some(pending) = &snapshot.pending else { return Ok(reply) };
    if let Err(hindrance) = fit {
        return Ok(incompatible(reply, hindrance, Some(pending.step_id.clone())));
    }
    let shown = show(db, world, row, pending, now)?;
    if let Some(hindrance) = shown.hindrance {
        return Ok(incompatible(reply, hindrance, Some(pending.step_id.clone())));
    }
    if shown.step.is_none() {
        reply.status = Status::Running;
    }
    reply.step = shown.step;
    reply.error = shown.missing;
    reply.retry_after_ms = shown.retry_after_ms;
    Ok(reply)
}

/// The reply of a run that no build on this server fits
fn incompatible(reply: Reply, hindrance: EngineError, step_id: Option<String>) -> Reply {
    let error = RunError {
        code: hindrance.code.to_owned(),
        message: hindrance.message,
        step_id,
        help: Some(hindrance.help),
    };
    Reply { status: Status::Incompatible, error: Some(error), ..reply }
}

/// What a run that waits shows
#[derive(Default)]
struct Shown {
    /// What to do next; `None` while the server has to do something first
    step: Option<Step>,
    /// When that may be something else without anybody's doing
    retry_after_ms: Option<u64>,
    /// What the server lacks for what it has to do first
    missing: Option<RunError>,
    /// Why there will be nothing on this server
    hindrance: Option<EngineError>,
}

impl Shown {
    fn nothing_for(milliseconds: u64) -> Self {
        Self { retry_after_ms: Some(milliseconds), ..Self::default() }
    }

    fn step(step: Step) -> Self {
        Self { step: Some(step), ..Self::default() }
    }

    /// Whether there is something to do
    fn is_work(&self) -> bool {
        self.step.is_some() && self.retry_after_ms.is_none()
    }
}

/// What a run shows at a moment at which it waits
fn show(
    db: &Connection,
    world: &World,
    row: &RunRow,
    pending: &Pending,
    now: Timestamp,
) -> Result<Shown, EngineError> {
    if let Some(left) = due::rests(pending, now) {
        return Ok(Shown::nothing_for(milliseconds(left)));
    }
    let step = || Step::new(&row.id, pending);
    match &pending.action {
        Action::Foreach(fork) if fork.agent.is_none() => child_step(db, world, &row.id, pending),
        Action::Foreach(fork) => {
            let children = under_way(db, world, &row.id, pending, fork)?;
            if children.is_empty()
                && let Some(hindrance) = queued_hindrance(db, world, &row.id, pending)?
            {
                return Ok(Shown { hindrance: Some(hindrance), ..Shown::default() });
            }
            let remaining = row.open_children.saturating_sub(children.len());
            Ok(Shown::step(step().with_children(&children, remaining)))
        }
        Action::Wait { resume_at, .. } => {
            let left = resume_at.duration_since(now);
            let seconds = u64::try_from(left.as_millis()).unwrap_or(0).div_ceil(1_000);
            let shown = Shown::step(step().with_seconds_left(seconds));
            Ok(Shown { retry_after_ms: Some(milliseconds(left)), ..shown })
        }
        Action::McpCall { .. } if pending.by_server => {
            let missing = calls::missing(db, world, &row.id, pending)?;
            Ok(Shown { missing, ..Shown::nothing_for(RETRY_AFTER) })
        }
        _ => Ok(Shown::step(step())),
    }
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
        hindrance => Shown { hindrance, ..Shown::default() },
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
    let limit = super::fork::at_once(fork, world.limits);
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

/// How long to wait before asking again, not longer than an agent should
fn milliseconds(left: SignedDuration) -> u64 {
    u64::try_from(left.as_millis().max(0)).unwrap_or(u64::MAX).min(LONGEST_RETRY_AFTER)
}
