//! The one thread that writes: takes what is waiting, commits it once, then answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::bells::{LISTEN, Others};
use super::commands::{self, Job, Message, Order};
use super::due;
use super::pen::Pen;
use super::planted::{Bug, planted};
use super::quarantine::heal;
use super::ticker::Ticker;
use super::transaction::{Writing, open_at_once};
use super::world::World;
use crate::engine::EngineError;
use crate::reply::Reply;

/// Commands that share one commit at most
const MAX_BATCH: usize = 256;

/// What comes of a command
pub(super) type Outcome = Result<Reply, EngineError>;

/// Works until all senders are gone; applies what is due whenever nobody waits, or a batch is done
pub(super) fn run(pen: &Pen, world: &World, messages: &Receiver<Message>, mut ticker: Ticker) {
    let mut others = Others::default();
    // Nobody else puts it away.
    while let Some(rest) = pen.with(|db| ticker.rest(db, world)) {
        let rest = if world.bells.are_heard() { rest.min(LISTEN) } else { rest };
        let first = match messages.recv_timeout(rest) {
            Ok(first) => Some(first),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => break,
        };
        pen.with(|db| {
            if let Some(first) = first {
                work(db, world, first, messages);
            }
            ticker.tick(db, world);
            world.calls.send();
            // Where it cannot be known, those who wait should look.
            if world.bells.are_heard() && others.have_written(db).unwrap_or(true) {
                world.bells.ring_all();
            }
        });
    }
    pen.put_away();
}

/// Does what has come, and tells what came of it
pub(super) fn work(
    db: &mut Connection,
    world: &World,
    first: Message,
    messages: &Receiver<Message>,
) {
    let come = std::iter::once(first).chain(messages.try_iter().take(MAX_BATCH - 1));
    let jobs = come.filter_map(|message| match message {
        Message::Do(Job { order, outcome }) => Some((order, outcome)),
        Message::Look => None,
    });
    let (batch, askers): (Vec<_>, Vec<_>) = jobs.unzip();
    if batch.is_empty() {
        return;
    }
    // Nothing is told before it is durable.
    let outcomes = carry_out(db, world, &batch, Begin::Now);
    for (asker, outcome) in askers.into_iter().zip(outcomes) {
        // Whoever asked may have gone; what was done stays done.
        let _ = asker.send(outcome);
    }
}

/// Does the only thing that has come; `None`, and nothing is done, where another process holds the store
pub(super) fn work_alone(
    db: &mut Connection,
    world: &World,
    order: &Order,
    busy_timeout: Duration,
) -> Option<Outcome> {
    let begun = open_at_once(db, busy_timeout);
    begun.then(|| carry_out(db, world, std::slice::from_ref(order), Begin::Before).pop()).flatten()
}

/// Carries commands out, and lets those know who wait for what may have come of them
fn carry_out(db: &mut Connection, world: &World, batch: &[Order], begin: Begin) -> Vec<Outcome> {
    let outcomes = durably(db, world, batch, begin);
    world.calls.send();
    // Whoever begins to wait from here on looks first, and sees what was committed.
    if world.bells.are_heard() {
        let runs = batch.iter().filter_map(|order| order.command.run_id());
        runs.for_each(|run| world.bells.ring(run));
    }
    outcomes
}

/// Commits a batch at once; a command that takes the whole transaction down with it, by a full
/// disk or a mistake of ours, does so alone
fn durably(db: &mut Connection, world: &World, batch: &[Order], begin: Begin) -> Vec<Outcome> {
    match attempt(db, world, batch, begin) {
        Ok(outcomes) => outcomes,
        Err(Lost::Within(_) | Lost::Half(_)) if batch.len() > 1 => {
            batch.chunks(1).flat_map(|order| durably(db, world, order, Begin::Now)).collect()
        }
        Err(Lost::Outside(error) | Lost::Within(error) | Lost::Half(error)) => {
            batch.iter().map(|_| Err(error.clone())).collect()
        }
    }
}

/// How a whole transaction can be lost
enum Lost {
    /// By a command that failed half-way and could not be undone by itself
    Half(EngineError),
    /// By what one of the commands did
    Within(EngineError),
    /// Beginning or committing it failed
    Outside(EngineError),
}

/// When a transaction begins
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begin {
    /// As soon as no other process holds the store
    Now,
    /// It has begun already
    Before,
}

/// How commands share a transaction
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Care {
    /// A command that fails has written nothing before: so it is with most
    Hopeful,
    /// Each can be undone by itself
    Apart,
}

fn attempt(
    db: &mut Connection,
    world: &World,
    batch: &[Order],
    begin: Begin,
) -> Result<Vec<Outcome>, Lost> {
    let attempt = |db: &mut Connection, care, begin| {
        // A transaction that a panic leaves behind is rolled back when it is dropped.
        catch_unwind(AssertUnwindSafe(|| commit(db, world, batch, care, begin))).unwrap_or_else(
            |_| {
                let message = "the engine made a mistake, see the server's log";
                Err(Lost::Within(EngineError::new("internal", message, "the run has not moved")))
            },
        )
    };
    match attempt(db, Care::Hopeful, begin) {
        Err(Lost::Half(_)) => attempt(db, Care::Apart, Begin::Now),
        outcome => outcome,
    }
}

/// Carries out a batch in one transaction; a command that fails leaves nothing behind
fn commit(
    db: &mut Connection,
    world: &World,
    batch: &[Order],
    care: Care,
    begin: Begin,
) -> Result<Vec<Outcome>, Lost> {
    let outside = |error: rusqlite::Error| Lost::Outside(error.into());
    let began = Instant::now();
    let tx = match begin {
        Begin::Now => Writing::begin(db).map_err(outside)?,
        Begin::Before => Writing::begun(db),
    };
    world.ledger.begin();
    due::look_ahead(&tx, world).map_err(Lost::Within)?;
    let outcomes = batch.iter().map(|order| one(&tx, world, order, care));
    let outcomes = outcomes.collect::<Result<Vec<_>, _>>()?;
    match tx.commit() {
        Err(error) if !planted(Bug::FailedCommitTold) => Err(outside(error)),
        _ => {
            let took = began.elapsed();
            world.pace.note(took);
            world.ledger.tell(batch.len(), took);
            Ok(outcomes)
        }
    }
}

fn one(tx: &Connection, world: &World, order: &Order, care: Care) -> Result<Outcome, Lost> {
    let _within = order.span.enter();
    // What was due has happened before the command came, also where that is refused.
    if let Some(run_id) = order.command.run_id().filter(|_| !planted(Bug::DueOverlooked))
        && world.may_be_due()
    {
        due::apply(tx, world, run_id).map_err(Lost::Within)?;
    }
    if care == Care::Apart {
        let work = |db: &Connection| commands::execute(db, world, &order.command);
        return heal(tx, world, &work).map_err(Lost::Within);
    }
    let before = tx.total_changes();
    let outcome = commands::execute(tx, world, &order.command);
    match outcome {
        // A full disk, say: SQLite has rolled all of it back.
        Err(error) if tx.is_autocommit() => Err(Lost::Within(error)),
        Err(error) if error.damaged.is_some() => Err(Lost::Half(error)),
        Err(error) if tx.total_changes() != before && !planted(Bug::RefusedHalfKept) => {
            Err(Lost::Half(error))
        }
        outcome => Ok(outcome),
    }
}
