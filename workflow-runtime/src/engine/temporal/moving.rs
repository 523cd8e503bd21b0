//! How runs are moved from outside: answered, called off, taken up again. What is sent is taken only if the
//! run still stands where it was looked at; else it is looked at again.

use std::time::Instant;

use super::kept::{Begin, Input, Kept};
use super::link::Unsent;
use super::shown::{self, Reopen, View};
use super::{LATER, SETTLING, Temporal};
use crate::engine::rules::answers;
use crate::engine::{EngineError, Submission};
use crate::machine::Status;
use crate::reply::Reply;

/// How often an answer is sent again to a run that has moved on since it was looked at
const TRIES: usize = 20;

impl Temporal {
    /// Takes an answer, however often the run moves meanwhile
    pub(super) async fn answer(&self, submission: Submission) -> Result<Reply, EngineError> {
        let run_id = &submission.run_id;
        let mut known = self.recall(run_id);
        for _ in 0..TRIES {
            let fresh = known.is_none();
            let view = match known.take() {
                Some(view) => view,
                None => self.settled(run_id).await?,
            };
            let Some(kept) = &view.kept else { return Err(answers::queued(run_id)) };
            let waits = kept.snapshot.pending.as_ref();
            if waits.is_none_or(|pending| pending.step_id != submission.step_id) {
                if fresh {
                    return self.answered_before(&view, &submission).await;
                }
                continue;
            }
            let moved = match self.workshop.submit(kept, view.origin.depth, &submission) {
                Ok(moved) => moved,
                Err(error) if fresh => return Err(error),
                // What was remembered may be outdated.
                Err(_) => continue,
            };
            match self.link.send(run_id, moved.clone()).await {
                Ok(()) => {
                    self.workshop.tell(run_id, Some(&kept.snapshot), &moved);
                    let view = view.moved(run_id, moved)?;
                    return self.reply_to_moved(run_id, view).await;
                }
                Err(Unsent::Stale) => {}
                Err(Unsent::Failed(error)) => return Err(error),
            }
        }
        Err(moving(run_id))
    }

    /// What an answer to a step that does not wait comes to
    async fn answered_before(
        &self,
        view: &View,
        submission: &Submission,
    ) -> Result<Reply, EngineError> {
        let Submission { run_id, step_id, answer, .. } = submission;
        let Some(kept) = &view.kept else { return Err(answers::queued(run_id)) };
        let told = self.find_told(kept, run_id, step_id).await?;
        match told {
            Some(told) if told.answer == *answer => {
                if !Self::is_answered_itself(view) || told.seq == kept.seq {
                    return self.reply_after(run_id, view).await;
                }
                self.reply_then(run_id, view, told.snapshot).await
            }
            given => {
                let given = given.as_ref().map(|told| &told.answer);
                Err(answers::too_late(run_id, step_id, given, &kept.snapshot))
            }
        }
    }

    /// The answer that a hand-out got, wherever in the run's executions that is
    async fn find_told(
        &self,
        kept: &Kept,
        run_id: &str,
        step_id: &str,
    ) -> Result<Option<shown::Told>, EngineError> {
        let (step, number) = match step_id.split_once('#') {
            Some((step, number)) => (step, number.parse().unwrap_or(u32::MAX)),
            None => (step_id, 1),
        };
        if kept.snapshot.handed_out.get(step).is_none_or(|handed_out| *handed_out < number) {
            return Ok(None);
        }
        let (mut execution, mut before) = (None, kept.before.clone());
        loop {
            let told = self.link.told(run_id, execution.as_deref(), step_id).await?;
            let Some(earlier) = before.filter(|_| told.is_none()) else { return Ok(told) };
            before = self.link.kept(run_id, Some(&earlier)).await?.before;
            execution = Some(earlier);
        }
    }

    /// Calls a run off, and has its parent see it
    pub(super) async fn call_off(
        &self,
        run_id: &str,
        reason: Option<String>,
    ) -> Result<Reply, EngineError> {
        for _ in 0..TRIES {
            let view = self.settled(run_id).await?;
            let Some(kept) = &view.kept else { return Err(answers::queued(run_id)) };
            if kept.snapshot.ended() {
                return self.reply_to(run_id).await;
            }
            let moved = self.workshop.cancel(kept, reason.clone());
            match self.link.send(run_id, moved.clone()).await {
                Ok(()) => {
                    self.workshop.tell(run_id, Some(&kept.snapshot), &moved);
                    let view = view.moved(run_id, moved)?;
                    self.parent_has_seen(run_id, &view).await?;
                    return self.reply_to(run_id).await;
                }
                Err(Unsent::Stale) => {}
                Err(Unsent::Failed(error)) => return Err(error),
            }
        }
        Err(moving(run_id))
    }

    /// Takes a run up again that has failed
    pub(super) async fn take_up(&self, run_id: &str) -> Result<Reply, EngineError> {
        let view = self.settled(run_id).await?;
        let Some(kept) = &view.kept else { return self.reply_to(run_id).await };
        if !kept.snapshot.ended() {
            return self.reply_to(run_id).await;
        }
        if kept.snapshot.status != Status::Failed {
            // Says why not.
            self.workshop.retry(run_id, kept, view.origin.depth).map(drop)?;
        }
        if let Some(parent) = &kept.snapshot.parent {
            let index = kept.snapshot.place.index;
            return self.take_up_child(run_id, &parent.run_id, index, view.execution.clone()).await;
        }
        let mut kept = self.link.kept(run_id, None).await?;
        let moved = self.workshop.retry(run_id, &kept, view.origin.depth)?;
        self.make_room().await?;
        kept.before = Some(view.execution);
        let begin = Begin::Carried { kept: Box::new(kept), moved: Some(moved) };
        let input = Input { origin: view.origin, begin };
        // Whoever was first has taken it up.
        self.link.start(run_id, input, true).await?;
        self.forget(run_id);
        self.reply_to(run_id).await
    }

    async fn take_up_child(
        &self,
        run_id: &str,
        parent: &str,
        index: usize,
        execution: String,
    ) -> Result<Reply, EngineError> {
        let before = self.link.view(run_id).await?.execution;
        match self.link.reopen(parent, Reopen { index, execution }).await {
            Ok(()) => {
                self.forget(run_id);
                let until = Instant::now() + SETTLING;
                // It is another execution once it goes on.
                while self.link.view(run_id).await?.execution == before && Instant::now() < until {
                    tokio::time::sleep(LATER).await;
                }
                self.reply_to(run_id).await
            }
            Err(Unsent::Stale) => Err(EngineError::new(
                "parent-gone-on",
                format!("run `{parent}` no longer waits for its child `{run_id}`"),
                format!(
                    "if `{parent}` has failed, take that up again: `workflow-server runs retry \
                     {parent}`; it keeps the results of all children that have one"
                ),
            )),
            Err(Unsent::Failed(error)) => Err(error),
        }
    }
}

fn moving(run_id: &str) -> EngineError {
    EngineError::new(
        "conflict",
        format!("run `{run_id}` moves whenever it is to be answered"),
        "call `get_next_step`, and answer what it shows",
    )
}
