//! Failed runs taken up again, and of their steps' children those that failed.
//!
//! The children of the failed hand-out become those of the new one: those with a result keep it, the
//! others are queued once more, and begin as they did the first time, so many at once. The same
//! happens where a step is tried again by its own `retry`.

use super::cascade::Cascade;
use super::commands::count_run;
use super::live::Live;
use super::planted::{Bug, planted};
use super::rows::{self, ParentRow, RunRow};
use super::{fork, quarantine, upgrade, view};
use crate::engine::EngineError;
use crate::engine::rules::{calling, children};
use crate::machine::{Action, Event, Snapshot, Status};
use crate::reply::Reply;

/// The machine cannot take a run up again
const REFUSED: &str = "not-retryable";

/// Takes up a run that somebody named; one that goes on already is told as it stands
pub(super) fn retry(mut cascade: Cascade<'_>, run_id: &str) -> Result<Reply, EngineError> {
    let (db, world) = (cascade.db, cascade.world);
    let row = rows::get(db, run_id)?;
    quarantine::refuse(&row)?;
    if fork::has_ended(&row) {
        let snapshot = row.snapshot.as_deref();
        retryable(run_id, snapshot.map_or(Status::Failed, |snapshot| snapshot.status))?;
        match &row.parent {
            None if planted(Bug::RetryUncounted) => {}
            None => count_run(db, world)?,
            Some(parent) => {
                if !reopen(&cascade, run_id, parent)? {
                    rows::requeue_one(db, run_id)?;
                    return view::reply(db, world, &rows::get(db, run_id)?);
                }
            }
        }
        cascade.take_up(row)?;
        cascade.finish()?;
    }
    view::reply(db, world, &rows::get(db, run_id)?)
}

fn retryable(run_id: &str, status: Status) -> Result<(), EngineError> {
    if status == Status::Failed {
        return Ok(());
    }
    Err(EngineError::new(
        "not-failed",
        format!("run `{run_id}` has not failed, it is {}", status.word()),
        "only a run that has failed can be taken up again; start a new one",
    ))
}

/// A parent waits for one child more; whether that can begin at once, or has to wait for its turn
fn reopen(cascade: &Cascade<'_>, run_id: &str, parent: &ParentRow) -> Result<bool, EngineError> {
    let row = rows::get(cascade.db, &parent.id)?;
    let waiting = row.snapshot.as_deref().and_then(|snapshot| snapshot.pending.as_ref());
    let waiting = waiting.filter(|pending| pending.step_id == parent.step_id);
    if waiting.is_some() && row.open_children == 0 {
        return Err(EngineError::new(
            "tried-again",
            format!("run `{}` is about to try `{run_id}` again by itself", parent.id),
            format!("call `get_next_step` of run `{}` to see when", parent.id),
        ));
    }
    let Some(Action::Foreach(fork)) = waiting.map(|pending| &pending.action) else {
        return Err(EngineError::new(
            "parent-gone-on",
            format!("run `{}` no longer waits for its child `{run_id}`", parent.id),
            format!(
                "if `{0}` has failed, take that up again: `workflow-server runs retry {0}`; it keeps \
                 the results of all children that have one",
                parent.id
            ),
        ));
    };
    let at_once = children::at_once(fork, cascade.world.limits);
    let (id, step_id) = (&parent.id, &parent.step_id);
    let begun = rows::children_that_are(cascade.db, id, step_id, "waiting", at_once)?.len();
    if planted(Bug::ReopenedUncounted) {
        return Ok(true);
    }
    cascade
        .db
        .prepare_cached("UPDATE runs SET open_children = open_children + 1 WHERE id = ?")?
        .execute([&parent.id])?;
    Ok(begun < at_once)
}

impl Cascade<'_> {
    /// Takes up a run that has ended, with the children of the step that it failed at
    fn take_up(&mut self, mut row: RunRow) -> Result<(), EngineError> {
        let before = row.snapshot.as_deref().and_then(hand_out);
        // A new agent is needed where the run has one of its own.
        row.asked = !row.own_agent;
        let mut run = Live::load(row)?;
        let program = upgrade::carry(self.db, self.world, &mut run, self.env())?;
        let events = program.retry(&run.snapshot, self.env()).map_err(|refusal| {
            EngineError::new(
                REFUSED,
                format!("run `{}` cannot be taken up again: {refusal}", run.row.id),
                "start a new run",
            )
        })?;
        let waits_again = matches!(events[..], [Event::Retried { .. }]);
        run.apply(calling::hand_out(&self.world.connectors, events))?;
        if let (Some(before), Some(now), true) = (before, run.step_id(), waits_again) {
            rows::carry_over(self.db, &run.row.id, &before, &now)?;
        }
        self.settle(run)
    }

    /// Takes up a child that was queued once more; one that cannot be stays as it had ended
    pub(super) fn take_up_child(&mut self, row: RunRow) -> Result<(), EngineError> {
        match self.take_up(row.clone()) {
            Err(error) if error.code == REFUSED => {
                let mut run = Live::load(row)?;
                self.save(&mut run)?;
                self.ended(&run.row, false)
            }
            outcome => outcome,
        }
    }
}

/// The hand-out at which a run has ended
fn hand_out(ended: &Snapshot) -> Option<String> {
    ended.left.as_ref().map(|left| left.pending.step_id.clone())
}
