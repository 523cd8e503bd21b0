//! What changes runs: start, submit, cancel, and being looked at.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

use super::calls::{self, Call};
use super::cascade::Cascade;
use super::live::Live;
use super::planted::{Bug, planted};
use super::rows::{self, RunRow};
use super::snapshots::Tail;
use super::world::World;
use super::{due, fork, quarantine, retry, upgrade, view};
use crate::engine::{EngineError, StartRequest, Submission};
use crate::machine::{
    Action, Answer, AnsweredBy, Limit, Pending, Program, Snapshot, Start, Status,
};
use crate::plural::count;
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
    /// That somebody has begun to wait
    Listen,
}

/// A command, and where its outcome goes
pub(super) struct Job {
    pub(super) command: Command,
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
    let program = startable(world, &request.workflow)?;
    let info = program.info();
    let digest = digest(info.name, &request.inputs);
    if let Some(key) = &request.idempotency_key
        && let Some(run_id) = started_before(db, key, &digest)?
    {
        due::apply(db, world, &run_id)?;
        return view::reply(db, world, &world.hot.get(db, &run_id)?);
    }
    let start = Start { inputs: request.inputs.clone(), ..Start::default() };
    let events = program.begin(start, cascade.env()).map_err(|refusal| {
        let message = format!("`{}` cannot start: {refusal}", info.name);
        EngineError::new("invalid-inputs", message, "see the workflow's input schema")
    })?;
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
    if let Some(key) = request.idempotency_key.as_ref().filter(|_| !planted(Bug::KeyForgotten)) {
        db.prepare_cached("INSERT INTO starts (idempotency_key, run_id, digest) VALUES (?, ?, ?)")?
            .execute(params![key, row.id, digest])?;
    }
    upgrade::remember(db, info)?;
    let run_id = row.id.clone();
    cascade.run(Live::begin(row, calls::hand_out(world, events))?)?;
    match cascade.last.take() {
        Some(row) if row.id == run_id => view::reply(db, world, &row),
        _ => view::reply(db, world, &world.hot.get(db, &run_id)?),
    }
}

fn startable<'a>(world: &'a World, name: &str) -> Result<&'a dyn Program, EngineError> {
    let Some(program) = world.registry.get(name) else {
        return Err(unknown_workflow(world, name));
    };
    if program.info().inline_task {
        return Err(EngineError::new(
            "unknown-workflow",
            format!("`{name}` is an inline task, which does not start by itself"),
            "start the workflow that it is part of",
        ));
    }
    Ok(&**program)
}

pub(super) fn unknown_workflow(world: &World, name: &str) -> EngineError {
    let help = match world.registry.suggest(name) {
        Some(near) => format!("did you mean `{near}`? `list_workflows` shows all"),
        None => "`list_workflows` shows what there is".to_owned(),
    };
    EngineError::new("unknown-workflow", format!("there is no workflow `{name}`"), help)
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
        Some((run_id, _)) => Err(EngineError::new(
            "idempotency-conflict",
            format!("the key `{key}` has started run `{run_id}` with another workflow or inputs"),
            "use a new key for a new run",
        )),
        None => Ok(None),
    }
}

pub(super) fn count_run(db: &Connection, world: &World) -> Result<(), EngineError> {
    let open: u64 = db
        .prepare_cached("SELECT value FROM counts WHERE name = 'unfinished_runs'")?
        .query_row([], |row| row.get(0))?;
    let most = world.limits.get(Limit::Runs);
    if open >= most {
        return Err(EngineError::new(
            "too-many-runs",
            format!("the limit of {} is reached", count(most, "unfinished run")),
            format!("finish or cancel some, or {}", world.limits.raise(Limit::Runs)),
        ));
    }
    // `RETURNING` would save a look, and cost ten times as much: it gathers rows in a table.
    db.prepare_cached("UPDATE counts SET value = value + 1 WHERE name = 'unfinished_runs'")?
        .execute([])?;
    Ok(())
}

/// The same for the same workflow and inputs, whatever the order of their keys
fn digest(workflow: &str, inputs: &Map<String, Value>) -> Vec<u8> {
    let mut value = Value::Object(inputs.clone());
    value.sort_all_objects();
    let mut hasher = Sha256::new();
    hasher.update(workflow.as_bytes());
    hasher.update([0]);
    hasher.update(value.to_string().as_bytes());
    hasher.finalize().to_vec()
}

fn submit(mut cascade: Cascade<'_>, submission: &Submission) -> Result<Reply, EngineError> {
    let (db, world) = (cascade.db, cascade.world);
    let mut row = world.hot.take(db, &submission.run_id)?;
    quarantine::refuse(&row)?;
    let Some(snapshot) = &row.snapshot else { return Err(queued(&row)) };
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
    answerable(&row, pending, submission.by, cascade.now)?;
    row.asked = true;
    let mut run = Live::load(row)?;
    let program = upgrade::carry(db, world, &mut run, cascade.env())?;
    let answer = submission.answer.clone();
    let events =
        program.resume(&run.snapshot, answer, submission.by, cascade.env()).map_err(|refusal| {
            EngineError::new(
                "result-mismatch",
                format!("the result does not fit step `{}`: {refusal}", submission.step_id),
                "submit a result that fits the step's result_schema; the run has not moved",
            )
        })?;
    run.apply(calls::hand_out(world, events))?;
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
        Some((Answer::Failed(error), _)) => Err(EngineError::new(
            "too-late",
            format!("step `{step_id}` failed before the answer came: {}", error.message),
            "call `get_next_step` for how the run stands",
        )),
        Some(_) => Err(EngineError::new(
            "already-answered",
            format!("step `{step_id}` has been answered, with another value"),
            "the first answer stands; call `get_next_step` for what comes next",
        )),
        None => Err(match &snapshot.pending {
            Some(pending) => EngineError::new(
                "not-pending",
                format!("step `{step_id}` is not pending, `{}` is", pending.step_id),
                "answer the pending step; `get_next_step` shows it",
            ),
            None => EngineError::new(
                "not-waiting",
                format!("run `{}` waits for no answer, it is {}", row.id, snapshot.status.word()),
                "call `get_next_step` for how it stands",
            ),
        }),
    }
}

fn queued(row: &RunRow) -> EngineError {
    EngineError::new(
        "not-waiting",
        format!("run `{}` waits for no answer, it is queued behind its siblings", row.id),
        "work off its siblings first",
    )
}

/// Refuses answers to what nobody answers, to what is not handed out yet, and of who may not answer
fn answerable(
    row: &RunRow,
    pending: &Pending,
    by: AnsweredBy,
    now: Timestamp,
) -> Result<(), EngineError> {
    let step_id = &pending.step_id;
    match &pending.action {
        Action::Foreach(_) => Err(EngineError::new(
            "not-answerable",
            format!("step `{step_id}` is answered by its child runs"),
            "work off each child by its own run_id; the results come together by themselves",
        )),
        Action::Wait { resume_at, .. } => Err(EngineError::new(
            "not-answerable",
            format!("step `{step_id}` waits until {resume_at}, then goes on by itself"),
            "call `get_next_step` after that",
        )),
        Action::McpCall { tool, .. } if pending.by_server => Err(EngineError::new(
            "not-answerable",
            format!("step `{step_id}` calls `{tool}`, which the server does itself"),
            "call `get_next_step`, with `wait_seconds` to wait for it",
        )),
        Action::Prompt { user_only: true, .. } if by == AnsweredBy::Agent => Err(EngineError::new(
            "user-only",
            format!("step `{step_id}` can be answered by the user only, not through the agent"),
            format!(
                "ask the user to answer it in a terminal, with `workflow-server run --resume {} \
                 --user-only`; \
                 then call `get_next_step`",
                row.id
            ),
        )),
        _ => match due::rests(pending, now).filter(|_| !planted(Bug::PauseOverlooked)) {
            Some(left) => Err(resting(pending, left)),
            None => Ok(()),
        },
    }
}

/// A step that is tried again is answered before its pause is over
fn resting(pending: &Pending, left: SignedDuration) -> EngineError {
    EngineError::new(
        "not-pending",
        format!(
            "step `{}` is not handed out yet: attempt {} begins in {:.1} seconds",
            pending.step_id,
            pending.attempt,
            left.as_secs_f64()
        ),
        "call `get_next_step` after that, with `wait_seconds` to wait for it",
    )
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
