//! What a run as a Temporal workflow does itself: first events, memory, calls of other servers.

use std::time::Duration;

use jiff::Timestamp;
use temporalio_common::RetryPolicy;
use temporalio_sdk::workflows::select;
use temporalio_sdk::{
    ActivityOptions, CancellableFuture, LocalActivityOptions, WorkflowContext, WorkflowTermination,
};

use super::deeds::{Advance, Bear, Calling, Deeds, Found, Made, Remember, TakeUp, TakenUp, lost};
use super::kept::{Begin, Move};
use super::run::{REST, Run, Woken, is_called_off, now};
use crate::engine::rules::calling::LONGEST;
use crate::machine::{Action, Answer, Event, Pending, RunError};

/// How long events may take to be made
const MAKING: Duration = Duration::from_secs(30);

/// How long it is tried to have events made, where workers have too much to do
const LONG: Duration = Duration::from_hours(24);

/// How long work may be silent before its worker counts as lost
const SILENCE: Duration = Duration::from_secs(4);

/// What comes first
pub(super) enum Raced<T> {
    /// The work is done
    Done(T),
    /// It is no longer wanted
    Woken(Woken),
}

impl Run {
    /// Makes the first events of a child, or takes it up again
    pub(super) async fn begin_by_itself(
        ctx: &mut WorkflowContext<Self>,
        begin: Begin,
    ) -> Result<(), WorkflowTermination> {
        let depth = ctx.state(|run| run.origin.depth);
        let run_id = ctx.workflow_id().to_owned();
        match begin {
            Begin::Child(birth) => loop {
                let ask = Bear { birth: birth.clone(), depth };
                match ctx.execute_local_activity(Deeds::bear, ask, locally()).await? {
                    Made::Moved(moved) => {
                        let born = ctx.state_mut(|run| run.born(&run_id, moved));
                        return born.map_err(|why| internal(&*why));
                    }
                    Made::Hindered(hindrance) => {
                        ctx.state_mut(|run| run.hindrance = Some(hindrance));
                        Self::pause(ctx).await?;
                    }
                    Made::Refused(why) => return Err(internal(&*why)),
                }
            },
            Begin::Again { execution } => {
                let ask = TakeUp { run_id: run_id.clone(), execution, depth };
                let TakenUp { kept, made } =
                    ctx.execute_activity(Deeds::take_up, ask, remotely(MAKING)).await?;
                ctx.state_mut(|run| run.carry(kept));
                match made {
                    Made::Moved(moved) => {
                        let applied = ctx.state_mut(|run| run.apply(&run_id, moved));
                        applied.map_err(|why| internal(&*why))
                    }
                    // It stays as it had ended.
                    Made::Hindered(_) | Made::Refused(_) => Ok(()),
                }
            }
            Begin::Started { .. } | Begin::Carried { .. } => Ok(()),
        }
    }

    /// Moves the run by an answer of the server; where no worker can, it rests and is tried again
    pub(super) async fn advance(
        ctx: &mut WorkflowContext<Self>,
        answer: Answer,
    ) -> Result<(), WorkflowTermination> {
        let run_id = ctx.workflow_id().to_owned();
        loop {
            let Some(kept) = ctx.state(|run| run.kept.clone()) else { return Ok(()) };
            let (seq, depth) = (kept.seq, ctx.state(|run| run.origin.depth));
            ctx.state_mut(|run| run.busy = true);
            let ask = Advance { kept, depth, answer: answer.clone() };
            let made = ctx.execute_local_activity(Deeds::advance, ask, locally()).await;
            ctx.state_mut(|run| run.busy = false);
            if is_called_off(ctx) {
                return Ok(());
            }
            match made? {
                Made::Moved(moved) => {
                    // Where it was called off meanwhile, that stands.
                    if ctx.state(Self::seq) == seq {
                        let applied = ctx.state_mut(|run| run.apply(&run_id, moved));
                        applied.map_err(|why| internal(&*why))?;
                    }
                    return Ok(());
                }
                Made::Hindered(hindrance) => {
                    ctx.state_mut(|run| run.hindrance = Some(hindrance));
                    let again = now(ctx).checked_add(REST).ok();
                    if Self::until(ctx, seq, again, false).await != Woken::Time {
                        return Ok(());
                    }
                }
                Made::Refused(why) => return Err(internal(&*why)),
            }
        }
    }

    /// Remembers, or looks something up
    pub(super) async fn remember(
        ctx: &mut WorkflowContext<Self>,
        seq: u64,
        deadline: Option<Timestamp>,
    ) -> Result<Woken, WorkflowTermination> {
        let Some(pending) = Self::pending(ctx) else { return Ok(Woken::Moved) };
        let Action::McpCall { tool, parameters } = pending.action else { return Ok(Woken::Moved) };
        let (run_id, step_id) = (ctx.workflow_id().to_owned(), pending.step_id);
        let ask = Remember { run_id, step_id, tool, parameters };
        ctx.state_mut(|run| run.busy = true);
        let work = ctx.execute_activity(Deeds::remember, ask, remotely(MAKING));
        let raced = Self::race(ctx, work, seq, deadline).await;
        ctx.state_mut(|run| run.busy = false);
        match raced {
            Raced::Done(answer) => Self::advance(ctx, answer?).await.map(|()| Woken::Moved),
            Raced::Woken(woken) => Ok(woken),
        }
    }

    /// Calls a tool of another server: finds it, says that it is about to be called, calls it
    pub(super) async fn call(
        ctx: &mut WorkflowContext<Self>,
        seq: u64,
        deadline: Option<Timestamp>,
    ) -> Result<Woken, WorkflowTermination> {
        let Some(pending) = Self::pending(ctx) else { return Ok(Woken::Moved) };
        let finding = Calling { pending: pending.clone() };
        let finding = ctx.execute_activity(Deeds::find, finding, remotely(LONGEST));
        let (repeatable, by, at) = match Self::race(ctx, finding, seq, deadline).await {
            Raced::Woken(woken) => return Ok(woken),
            Raced::Done(found) => match found? {
                Found::Failed(error) => {
                    return Self::failed(ctx, error).await;
                }
                Found::Ready { repeatable, by, at } => (repeatable, by, at),
            },
        };
        let (step_id, run_id) = (pending.step_id.clone(), ctx.workflow_id().to_owned());
        let events = vec![Event::Calling { step_id, by, repeatable, at }];
        let moved = Move { after: seq, events, at_once: None, outline: None };
        let begun = ctx.state_mut(|run| run.apply(&run_id, moved));
        begun.map_err(|why| internal(&*why))?;
        let seq = ctx.state(Self::seq);
        let calling = ctx.execute_activity(Deeds::call, Calling { pending }, called(repeatable));
        match Self::race(ctx, calling, seq, deadline).await {
            Raced::Woken(woken) => Ok(woken),
            Raced::Done(Ok(answer)) => Self::advance(ctx, answer).await.map(|()| Woken::Moved),
            Raced::Done(Err(_)) => {
                let kept = ctx.state(|run| run.kept.clone());
                let Some(kept) = kept else { return Ok(Woken::Moved) };
                Self::failed(ctx, lost(&kept.snapshot)).await
            }
        }
    }

    async fn failed(
        ctx: &mut WorkflowContext<Self>,
        error: RunError,
    ) -> Result<Woken, WorkflowTermination> {
        Self::advance(ctx, Answer::Failed(error)).await.map(|()| Woken::Moved)
    }

    /// Work against whatever makes it needless: the run moves, its deadline passes, it is called off
    pub(super) async fn race<T>(
        ctx: &WorkflowContext<Self>,
        work: impl CancellableFuture<Output = T>,
        seq: u64,
        deadline: Option<Timestamp>,
    ) -> Raced<T> {
        let mut work = std::pin::pin!(work);
        let waiting = Self::until(ctx, seq, deadline, false);
        let mut waiting = std::pin::pin!(futures::FutureExt::fuse(waiting));
        let raced = select! {
            done = work => Raced::Done(done),
            woken = waiting => Raced::Woken(woken),
        };
        // Work of a run that is called off ends with it, and what it says of that is no outcome.
        if is_called_off(ctx) {
            return Raced::Woken(Woken::Cancelled);
        }
        if matches!(raced, Raced::Woken(_)) {
            work.cancel();
        }
        raced
    }

    pub(super) fn pending(ctx: &WorkflowContext<Self>) -> Option<Pending> {
        ctx.state(|run| run.kept.as_ref()?.snapshot.pending.clone())
    }

    async fn pause(ctx: &WorkflowContext<Self>) -> Result<(), WorkflowTermination> {
        match ctx.timer(REST).await {
            temporalio_sdk::TimerResult::Fired => Ok(()),
            temporalio_sdk::TimerResult::Cancelled => Err(WorkflowTermination::cancelled()),
        }
    }
}

/// Only a mistake of ours leads here
pub(super) fn internal(why: impl std::fmt::Display) -> WorkflowTermination {
    let why = format!("the run cannot be kept: {why}");
    temporalio_common::error::ApplicationFailure::non_retryable(why).into()
}

fn locally() -> LocalActivityOptions {
    LocalActivityOptions::builder()
        .start_to_close_timeout(MAKING)
        .schedule_to_close_timeout(LONG)
        .build()
}

/// Work that is tried until it is done
fn remotely(longest: Duration) -> ActivityOptions {
    ActivityOptions::with_start_to_close_timeout(longest)
        .heartbeat_timeout(SILENCE)
        .retry_policy(patient(0))
        .build()
}

/// A call of a tool: once, unless to call it once more does no harm
fn called(repeatable: bool) -> ActivityOptions {
    ActivityOptions::with_start_to_close_timeout(LONGEST + SILENCE)
        .heartbeat_timeout(SILENCE)
        .retry_policy(patient(u32::from(!repeatable)))
        .build()
}

/// Tries so often, without an end where that is 0
fn patient(attempts: u32) -> RetryPolicy {
    RetryPolicy::builder()
        .initial_interval(Duration::from_millis(200))
        .backoff_coefficient(2.0)
        .maximum_interval(Duration::from_secs(10))
        .maximum_attempts(attempts)
        .build()
}
