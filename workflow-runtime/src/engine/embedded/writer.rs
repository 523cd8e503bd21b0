//! The one thread that writes: takes what is waiting, commits it once, then answers.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use rusqlite::{Connection, TransactionBehavior};

use super::World;
use super::commands::{self, Job};
use crate::engine::EngineError;
use crate::reply::Reply;

/// Commands that share one commit at most
const MAX_BATCH: usize = 256;

type Outcome = Result<Reply, EngineError>;

/// Works until all senders are gone
pub(super) fn run(mut db: Connection, world: &Arc<World>, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        batch.extend(jobs.try_iter().take(MAX_BATCH - 1));
        // Nothing is told before it is durable.
        let outcomes = commit(&mut db, world, &batch)
            .unwrap_or_else(|error| batch.iter().map(|_| Err(error.clone())).collect());
        for (job, outcome) in batch.into_iter().zip(outcomes) {
            // Whoever asked may have gone; what was done stays done.
            let _ = job.outcome.send(outcome);
        }
    }
}

/// Carries out a batch in one transaction; a command that fails leaves nothing behind
fn commit(db: &mut Connection, world: &World, batch: &[Job]) -> Result<Vec<Outcome>, EngineError> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if commands::is_due(&tx, world)? {
        commands::apply_due(&tx, world)?;
    }
    let mut outcomes = Vec::with_capacity(batch.len());
    for job in batch {
        tx.execute_batch("SAVEPOINT command")?;
        let outcome = commands::execute(&tx, world, &job.command);
        if outcome.is_err() {
            // After a full disk the whole transaction is gone; then this fails, and with it all.
            tx.execute_batch("ROLLBACK TO command")?;
        }
        tx.execute_batch("RELEASE command")?;
        outcomes.push(outcome);
    }
    tx.commit()?;
    Ok(outcomes)
}
