//! The children of a run as child workflows: so many at once, their results in item order.
//!
//! They are worked off in lanes, as many as children may be under way at once. Each lane takes the
//! next child whose turn it is, starts it, waits for its end, and takes the next one.

use jiff::Timestamp;
use temporalio_common::error::{ChildWorkflowExecutionError, IncomingError};
use temporalio_sdk::workflows::{join_all, select};
use temporalio_sdk::{
    ChildWorkflowCancellationType, ChildWorkflowOptions, ParentClosePolicy,
    WorkflowCancellationToken, WorkflowContext, WorkflowTermination,
};

use super::kept::{Begin, Birth, Child, Failing, Input, Kept, Origin, Stage};
use super::run::{Run, Woken};
use crate::engine::rules::children::{Ended, results};
use crate::machine::{Answer, Parent, Place};

impl Kept {
    /// Whether children are about to begin: some are queued, and not as many under way as may be
    pub(super) fn children_are_to_begin(&self) -> bool {
        let rests = self.snapshot.pending.as_ref().and_then(|pending| pending.not_before).is_some();
        let (mut queued, mut begun, mut starting) = (0_usize, 0_usize, false);
        for child in self.at_hand() {
            match child.stage {
                Stage::Queued { .. } => queued += 1,
                Stage::Starting => starting = true,
                Stage::Begun { .. } => begun += 1,
                Stage::Completed { .. } | Stage::Failed { .. } => {}
            }
        }
        starting || (queued > 0 && begun < self.at_once && !rests)
    }

    fn next_child(&mut self) -> Option<Child> {
        let step_id = self.fork().map(|(pending, _)| pending.step_id.clone())?;
        let queued = |child: &&mut Child| {
            child.step_id == step_id && matches!(child.stage, Stage::Queued { .. })
        };
        let child = self.children.iter_mut().find(queued)?;
        let next = child.clone();
        child.stage = Stage::Starting;
        Some(next)
    }

    /// What the children of the step have come to, once all have ended
    pub(super) fn outcome(&self) -> Option<Answer> {
        let (_, fork) = self.fork()?;
        let mut ended = Vec::new();
        for child in self.at_hand() {
            let outcome = match &child.stage {
                Stage::Completed { result } => Ok(result),
                Stage::Failed { why, .. } => Err(why.as_str()),
                _ => return None,
            };
            ended.push(Ended { run_id: &child.run_id, index: child.index, outcome });
        }
        ended.sort_by_key(|child| child.index);
        Some(results(&ended, fork.keep_errors))
    }
}

impl Run {
    /// Works off the children of the step at hand, then goes on with their results
    pub(super) async fn work_off_children(
        ctx: &mut WorkflowContext<Self>,
        seq: u64,
        deadline: Option<Timestamp>,
    ) -> Result<Woken, WorkflowTermination> {
        let at_once = ctx.state(|run| run.kept.as_ref().map_or(1, |kept| kept.at_once));
        let below = ctx.cancellation_token().child_token();
        let woken = {
            let lanes = (0..at_once).map(|_| Self::lane(ctx.clone(), below.clone()));
            let mut lanes = std::pin::pin!(futures::FutureExt::fuse(join_all(lanes)));
            let waiting = Self::until(ctx, seq, deadline, false);
            let mut waiting = std::pin::pin!(futures::FutureExt::fuse(waiting));
            select! {
                _ = lanes => None,
                woken = waiting => Some(woken),
            }
        };
        if let Some(woken) = woken {
            below.cancel_with_reason("the parent run ended before it");
            return Ok(woken);
        }
        match ctx.state(|run| run.kept.as_ref().and_then(Kept::outcome)) {
            Some(answer) => Self::advance(ctx, answer).await.map(|()| Woken::Moved),
            // The lanes end before the children do where the history is to begin anew.
            None => Ok(Woken::Long),
        }
    }

    /// Works off one child after the other
    async fn lane(ctx: WorkflowContext<Self>, below: WorkflowCancellationToken) {
        loop {
            let long = ctx.clone();
            let turn = ctx.wait_condition(move |run: &Self| {
                long.continue_as_new_suggested()
                    || run.kept.as_ref().is_none_or(|kept| {
                        kept.at_hand().any(|child| matches!(child.stage, Stage::Queued { .. }))
                            || kept.at_hand().all(|child| child.stage.has_ended())
                    })
            });
            if turn.await.is_err() || ctx.continue_as_new_suggested() {
                return;
            }
            let next = ctx.state_mut(|run| run.kept.as_mut().and_then(Kept::next_child));
            let Some(child) = next else { return };
            let index = child.index;
            let stage = Self::work_off(&ctx, child, &below).await;
            ctx.state_mut(|run| run.put(index, stage));
        }
    }

    /// Starts a child and waits for its end
    async fn work_off(
        ctx: &WorkflowContext<Self>,
        child: Child,
        below: &WorkflowCancellationToken,
    ) -> Stage {
        let index = child.index;
        let again = match &child.stage {
            Stage::Queued { again } => again.clone(),
            _ => None,
        };
        let options = ChildWorkflowOptions::builder()
            .workflow_id(child.run_id.clone())
            .cancel_type(ChildWorkflowCancellationType::TryCancel)
            .cancellation_token(below.clone())
            .parent_close_policy(ParentClosePolicy::RequestCancel)
            .build();
        let Some(input) = ctx.state(|run| run.input_of(ctx.workflow_id(), &child, again)) else {
            return failed("its step is no longer waited for");
        };
        let started = match ctx.start_child_workflow(Self::run, input, options).await {
            Ok(started) => started,
            Err(error) => return failed(&format!("Temporal could not start it: {error}")),
        };
        ctx.state_mut(|run| run.put(index, Stage::Begun { asked: false }));
        match started.result().await {
            Ok(result) => Stage::Completed { result },
            Err(error) => ending(&error),
        }
    }

    fn put(&mut self, index: usize, stage: Stage) {
        if let Some(child) = self.kept.as_mut().and_then(|kept| kept.child_mut(index)) {
            child.stage = stage;
        }
    }

    fn input_of(&self, run_id: &str, child: &Child, again: Option<String>) -> Option<Input> {
        let kept = self.kept.as_ref()?;
        let (pending, fork) = kept.fork()?;
        let origin =
            Origin { depth: self.origin.depth + 1, own_agent: fork.agent.is_some(), digest: None };
        if let Some(execution) = again {
            return Some(Input { origin, begin: Begin::Again { execution } });
        }
        let birth = Birth {
            program: fork.program.clone(),
            parent_version: kept.snapshot.version.clone(),
            start: fork.children.get(child.index)?.clone(),
            place: Place { index: child.index, total: fork.children.len() },
            parent: Parent { run_id: run_id.to_owned(), step_id: pending.step_id.clone() },
        };
        Some(Input { origin, begin: Begin::Child(birth) })
    }
}

fn failed(why: &str) -> Stage {
    Stage::Failed { why: why.to_owned(), cancelled: false, execution: None }
}

/// What a child's end without a result tells
fn ending(error: &ChildWorkflowExecutionError) -> Stage {
    let cancelled = error.as_cancelled().is_some();
    let told: Option<Failing> = error
        .as_cancelled()
        .and_then(|cancelled| cancelled.details().ok().flatten())
        .or_else(|| match error.cause() {
            Some(IncomingError::Application(failure)) => failure.details().ok().flatten(),
            _ => None,
        });
    match told {
        Some(Failing { error, execution }) => {
            Stage::Failed { why: error.message, cancelled, execution: Some(execution) }
        }
        None if cancelled => {
            Stage::Failed { why: "the run was cancelled".to_owned(), cancelled, execution: None }
        }
        None => failed(&error.to_string()),
    }
}
