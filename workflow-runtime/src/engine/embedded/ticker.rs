//! Applies what is due while nobody asks for anything.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::transaction::Writing;
use super::world::World;
use super::{calls, due};
use crate::engine::EngineError;

/// How long it rests after a failure, of which there may be more
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// How long it rests at most while others make calls: should they die, their runs wait for this one
const WATCH: Duration = Duration::from_secs(1);

/// Longer than any server runs
const FOR_EVER: Duration = Duration::MAX;

/// Part of the writer: applies what is due, a few at a time, between commands
pub(super) struct Ticker {
    /// How long it rests at most, because other processes add timers too; `None` if it never ticks
    longest: Option<Duration>,
    failed: bool,
}

impl Ticker {
    pub(super) fn new(longest: Option<Duration>) -> Self {
        Self { longest, failed: false }
    }

    /// How long to wait for a command before the next tick
    pub(super) fn rest(&self, db: &Connection, world: &World) -> Duration {
        let Some(longest) = self.longest else { return FOR_EVER };
        if self.failed {
            return AFTER_FAILURE;
        }
        match due::next_at(db).and_then(|at| Ok((at, calls::watches(db, world)?))) {
            Ok((at, watches)) => {
                let longest = if watches { longest.min(WATCH) } else { longest };
                let Some(at) = at else { return longest };
                let left = at.duration_since(world.now());
                Duration::try_from(left).unwrap_or_default().min(longest)
            }
            Err(_) => AFTER_FAILURE,
        }
    }

    /// Applies what is due, if anything is
    pub(super) fn tick(&mut self, db: &mut Connection, world: &World) {
        if self.longest.is_none() {
            return;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| tick(db, world)));
        self.failed = match outcome {
            Ok(Ok(())) => false,
            Ok(Err(error)) => {
                tracing::warn!(code = error.code, error = %error, "what is due waits");
                true
            }
            // What panicked has said so; its transaction was rolled back as it was dropped.
            Err(_) => true,
        };
    }
}

/// Applies what is due in a transaction of its own, as much as that should hold
pub(super) fn tick(db: &mut Connection, world: &World) -> Result<(), EngineError> {
    // Looking takes no lock; between two ticks there is mostly nothing.
    let due = due::next_at(db)?.is_some_and(|at| at <= world.now());
    if !due && !calls::has_orphans(db, world, None)? {
        return Ok(());
    }
    let began = Instant::now();
    let tx = Writing::begin(db)?;
    world.ledger.begin();
    let taken = due::tick(&tx, world)?;
    tx.commit()?;
    world.ledger.tell(0, began.elapsed());
    for run_id in &taken.moved {
        world.bells.ring(run_id);
    }
    taken.failed.map_or(Ok(()), Err)
}
