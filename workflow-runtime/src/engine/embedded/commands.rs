//! What changes runs: start, submit, cancel, and being looked at.

use rusqlite::{Connection, OptionalExtension, params};
use tokio::sync::oneshot;
use tracing::Span;

use super::calls::{self, Call};
use super::cascade::Cascade;
use super::live::Live;
use super::planted::{Bug, planted};
use super::rows::{self, RunRow};
use super::snapshots::Tail;
use super::world::World;
use super::{due, fork, quarantine, retry, upgrade, view};
use crate::engine::rules::{answers, calling, failure, starts};
use crate::engine::{EngineError, StartRequest, Submission};
use crate::machine::{Answer, Limit, Snapshot, Start, Status};
use crate::reply::Reply;

/// Something that changes runs
#[derive(Clone, Debug)]
pub(super) enum Command {
    /// A run begins
    Start(StartRequest),
    /// A step is answered
    Submit(Submission),
    /// A run is called off
    Cancel { run_id: String, reason: Option<String> },
    /// A run that has failed is taken up again
    Retry { run_id: String },
    /// A run is looked at while something is due, or a child asked for its first step
    Look { run_id: String, asks: bool },
    /// A call to another server is about to be made
    Call { call: Call, repeatable: bool },
    /// A call to another server has come to its end
    Called { call: Call, answer: Answer },
}

impl Command {
    /// The run that it is about, if that is there already
    pub(super) fn run_id(&self) -> Option<&str> {
        match self {
            Self::Start(_) => None,
            Self::Submit(Submission { run_id, .. })
            | Self::Cancel { run_id, .. }
            | Self::Retry { run_id }
            | Self::Look { run_id, .. }
            | Self::Call { call: Call { run_id, .. }, .. }
            | Self::Called { call: Call { run_id, .. }, .. } => Some(run_id),
        }
    }
}

/// What the writer is told
pub(super) enum Message {
    /// To do something
    Do(Job),
    /// That there is something else to look at: somebody has begun to wait, or a timer was set
    Look,
}

/// A command as it was given
pub(super) struct Order {
    pub(super) command: Command,
    /// What led to it: lines of the log, and what comes of it, are told within
    pub(super) span: Span,
}

/// A command, and where its outcome goes
pub(super) struct Job {
    pub(super) order: Order,
    pub(super) outcome: oneshot::Sender<Result<Reply, EngineError>>,
}

/// Carries a command out inside the transaction at hand
pub(super) fn execute(
    db: &Connection,
    world: &World,
    command: &Command,
) -> Result<Reply, EngineError> {
    let mut cascade = Cascade::new(db, world, world.now());
    match command {
        Command::Start(request) => start(cascade, request),
        Command::Submit(submission) => submit(cascade, submission),
        Command::Cancel { run_id, reason } => cancel(cascade, run_id, reason.clone()),
        Command::Retry { run_id } => retry::retry(cascade, run_id),
        Command::Look { run_id, asks } => look(db, world, run_id, *asks),
        Command::Call { call, repeatable } => {
            calls::begin(&cascade, call, *repeatable)?;
            view::reply(db, world, &world.hot.get(db, &call.run_id)?)
        }
        Command::Called { call, answer } => {
            calls::end(&mut cascade, call, answer)?;
            view::reply(db, world, &world.hot.get(db, &call.run_id)?)
        }
    }
}

fn start(mut cascade: Cascade<'_>, request: &StartRequest) -> Result<Reply, EngineError> {
    let (db, world) = (cascade.db, cascade.world);
    let program = starts::startable(&world.registry, &request.workflow)?;
    let info = program.info();
    let key = request.idempotency_key.as_ref();
    let key = key.map(|key| (key, starts::digest(info.name, &request.inputs)));
    if let Some((key, digest)) = &key
        && let Some(run_id) = started_before(db, key, digest)?
    {
        due::apply(db, world, &run_id)?;
        return view::reply(db, world, &world.hot.get(db, &run_id)?);
    }
    let start = Start { inputs: request.inputs.clone(), ..Start::default() };
    let events = program
        .begin(start, cascade.env())
        .map_err(|refusal| failure::invalid_inputs(info, &refusal))?;
    count_run(db, world)?;
    let row = RunRow {
        id: uuid::Uuid::now_v7().simple().to_string(),
        workflow: info.name.to_owned(),
        version: info.version.to_owned(),
        fingerprint: info.fingerprint.to_owned(),
        // As most runs are first told of.
        status: Status::Waiting.word().to_owned(),
        seq: 0,
        command: 0,
        parent: None,
        depth: 0,
        own_agent: false,
        asked: true,
        open_children: 0,
        created_at: cascade.now,
        updated_at: cascade.now,
        start: None,
        snapshot: None,
        tail: Tail::default(),
        quarantine: None,
    };
    rows::insert(db, &row)?;
    if let Some((key, digest)) = key.filter(|_| !planted(Bug::KeyForgotten)) {
        db.prepare_cached("INSERT INTO starts (idempotency_key, run_id, digest) VALUES (?, ?, ?)")?
            .execute(params![key, row.id, digest])?;
    }
    upgrade::remember(db, info)?;
    let run_id = row.id.clone();
    cascade.run(Live::begin(row, calling::hand_out(&world.connectors, events))?)?;
    match cascade.last.take() {
        Some(row) if row.id == run_id => view::reply(db, world, &row),
        _ => view::reply(db, world, &world.hot.get(db, &run_id)?),
    }
}

/// The run that an idempotency key has started
fn started_before(
    db: &Connection,
    key: &str,
    digest: &[u8],
) -> Result<Option<String>, EngineError> {
    let known: Option<(String, Vec<u8>)> = db
        .prepare_cached("SELECT run_id, digest FROM starts WHERE idempotency_key = ?")?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match known {
        Some((run_id, before)) if before == digest => Ok(Some(run_id)),
        Some((run_id, _)) => Err(failure::idempotency_conflict(key, &run_id)),
        None => Ok(None),
    }
}

pub(super) fn count_run(db: &Connection, world: &World) -> Result<(), EngineError> {
    let open: u64 = db
        .prepare_cached("SELECT value FROM counts WHERE name = 'unfinished_runs'")?
        .query_row([], |row| row.get(0))?;
    if open >= world.limits.get(Limit::Runs) {
        return Err(failure::too_many_runs(world.limits));
    }
    // `RETURNING` would save a look, and cost ten times as much: it gathers rows in a table.
    db.prepare_cached("UPDATE counts SET value = value + 1 WHERE name = 'unfinished_runs'")?
        .execute([])?;
    Ok(())
}

fn submit(mut cascade: Cascade<'_>, submission: &Submission) -> Result<Reply, EngineError> {
    let (db, world) = (cascade.db, cascade.world);
    let mut row = world.hot.take(db, &submission.run_id)?;
    quarantine::refuse(&row)?;
    let Some(snapshot) = &row.snapshot else { return Err(answers::queued(&row.id)) };
    let pending = match &snapshot.pending {
        Some(pending) if pending.step_id == submission.step_id => pending,
        Some(pending)
            if planted(Bug::HandOutsConfused)
                && submission.step_id.split('#').next() == Some(&pending.step) =>
        {
            pending
        }
        _ => return answered_before(db, world, &row, snapshot, submission),
    };
    answers::answerable(&row.id, pending, submission.by)?;
    if !planted(Bug::PauseOverlooked) {
        answers::handed_out(pending, cascade.now)?;
    }
    row.asked = true;
    let mut run = Live::load(row)?;
    let program = upgrade::carry(db, world, &mut run, cascade.env())?;
    let answer = submission.answer.clone();
    let events = program
        .resume(&run.snapshot, answer, submission.by, cascade.env())
        .map_err(|refusal| answers::mismatch(&submission.step_id, &refusal))?;
    run.apply(calling::hand_out(&world.connectors, events))?;
    cascade.run(run)?;
    match cascade.last.take() {
        Some(row) if row.id == submission.run_id && row.is_answered_itself() => {
            view::reply(db, world, &row)
        }
        _ => view::reply_after(db, world, &submission.run_id),
    }
}

/// What an answer to a step that does not wait comes to
fn answered_before(
    db: &Connection,
    world: &World,
    row: &RunRow,
    snapshot: &Snapshot,
    submission: &Submission,
) -> Result<Reply, EngineError> {
    let step_id = &submission.step_id;
    match rows::answer(db, &row.id, step_id)? {
        Some((answer, command)) if answer == submission.answer => {
            view::reply_then(db, world, row, command)
        }
        given => Err(answers::too_late(
            &row.id,
            step_id,
            given.as_ref().map(|(answer, _)| answer),
            snapshot,
        )),
    }
}

fn cancel(
    mut cascade: Cascade<'_>,
    run_id: &str,
    reason: Option<String>,
) -> Result<Reply, EngineError> {
    let (db, world) = (cascade.db, cascade.world);
    let row = world.hot.get(db, run_id)?;
    if row.quarantine.is_some() {
        cascade.cancel_below(run_id)?;
    } else if !fork::has_ended(&row) {
        cascade.cancel(row, reason)?;
    }
    view::reply(db, world, &world.hot.get(db, run_id)?)
}

fn look(db: &Connection, world: &World, run_id: &str, asks: bool) -> Result<Reply, EngineError> {
    if asks {
        db.prepare_cached("UPDATE runs SET asked = 1 WHERE id = ? AND status = 'waiting'")?
            .execute([run_id])?;
    }
    view::reply(db, world, &world.hot.get(db, run_id)?)
}
