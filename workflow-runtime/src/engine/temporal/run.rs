//! A run as a Temporal workflow: one type for all compiled workflows.
//!
//! It keeps the run as data, and folds what comes in: an update that the agent's server sends, or the
//! outcome of what the fleet has to do itself. What is to be done next follows from how the run
//! stands; the loop in [`Run::run`] does that until there is nothing left to do.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde_json::Value;
use temporalio_common::error::ApplicationFailure;
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::workflows::select;
use temporalio_sdk::{
    CancellableFuture, ContinueAsNewOptions, SyncWorkflowContext, WorkflowContext,
    WorkflowContextView, WorkflowResult, WorkflowTermination,
};

use super::attributes;
use super::deeds::Hindrance;
use super::kept::{Begin, Child, Failing, Input, Kept, Move, Origin, Stage, told_after};
use super::kept::{is_remembering, may_be_sent};
use super::shown::{Page, Reopen, Told, View, Wanted};
use crate::engine::rules::{answers, time};
use crate::machine::{Action, Event, Pending, RunError, Snapshot, Status};

/// How long a run rests that no worker could move
pub(super) const REST: Duration = Duration::from_secs(10);

/// The reason that a run is called off for with its parent
const WITH_PARENT: &str = "the parent run ended before it";

/// Why an update was refused: the run has moved on since whoever sent it looked
pub(super) const STALE: &str = "stale";

/// A refusal of an update
type Refused = Box<dyn std::error::Error + Send + Sync>;

/// A run as a Temporal workflow
#[workflow]
pub struct Run {
    pub(super) origin: Origin,
    /// What it is still to begin with
    pub(super) begin: Option<Begin>,
    /// The run, once it has begun
    pub(super) kept: Option<Kept>,
    /// The run as this execution found it, where another one kept it before
    base: Option<Snapshot>,
    /// How many events other executions have
    first: u64,
    /// The events of this execution
    events: Vec<Event>,
    /// Why no worker could move it when it was tried last
    pub(super) hindrance: Option<Hindrance>,
    /// Whether the fleet is about to move it
    pub(super) busy: bool,
}

/// What a run waits for, as far as the fleet has to do with it
#[derive(Clone, Debug, PartialEq)]
enum Todo {
    /// Nothing: it has ended
    End,
    /// Nothing, unless somebody answers
    Idle,
    /// Nothing before a moment
    Rest(Timestamp),
    /// The `wait` is over at a moment
    Wait(Timestamp),
    /// A call of `memory.*`
    Remember,
    /// A call of another server's tool
    Call,
    /// Its children
    Children,
}

/// Why somebody who waited goes on
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// The run has moved
    Moved,
    /// It is time
    Time,
    /// The run is to be called off
    Cancelled,
    /// The history is long
    Long,
}

#[workflow_methods]
impl Run {
    #[init]
    pub fn new(ctx: &WorkflowContextView, input: Input) -> Self {
        let mut run = Self {
            origin: input.origin,
            begin: None,
            kept: None,
            base: None,
            first: 0,
            events: Vec::new(),
            hindrance: None,
            busy: false,
        };
        run.take_begin(ctx.workflow_id(), input.begin);
        run
    }

    /// Carries a run to its end, or to a new execution of it
    #[run(name = "workflow-run")]
    pub async fn run(ctx: &mut WorkflowContext<Self>) -> WorkflowResult<Value> {
        if let Some(begin) = ctx.state_mut(|run| run.begin.take()) {
            Self::begin_by_itself(ctx, begin).await?;
        }
        loop {
            // Whatever the work at hand has come to: nothing more is begun for a run that is called off.
            if is_called_off(ctx) {
                Self::call_off(ctx);
            }
            attributes::publish(ctx);
            let now = now(ctx);
            let Some((seq, deadline, todo)) = ctx.state(|run| run.todo(now)) else {
                let lost = ApplicationFailure::non_retryable("the run has not begun");
                return Err(lost.into());
            };
            let woken = match todo {
                Todo::End => return Self::end(ctx).await,
                Todo::Idle => Self::until(ctx, seq, deadline, true).await,
                Todo::Rest(at) | Todo::Wait(at) => {
                    Self::until(ctx, seq, Some(deadline.map_or(at, |by| by.min(at))), true).await
                }
                Todo::Remember => Self::remember(ctx, seq, deadline).await?,
                Todo::Call => Self::call(ctx, seq, deadline).await?,
                Todo::Children => Self::work_off_children(ctx, seq, deadline).await?,
            };
            match woken {
                Woken::Moved | Woken::Cancelled => {}
                Woken::Time => Self::it_is_time(ctx).await?,
                Woken::Long if is_called_off(ctx) => {}
                Woken::Long => return Self::begin_anew(ctx).await,
            }
        }
    }

    /// Moves the run by events that whoever sends them has made, if it still stands where they say
    #[update(name = "move")]
    pub fn take_move(
        &mut self,
        ctx: &mut SyncWorkflowContext<Self>,
        moved: Move,
    ) -> Result<(), Refused> {
        self.apply(ctx.workflow_id(), moved)
    }

    #[update_validator(take_move)]
    fn check_move(&self, ctx: &WorkflowContextView, moved: &Move) -> Result<(), Refused> {
        let Some(kept) = &self.kept else {
            return Err(format!("{STALE}: it has not begun").into());
        };
        if moved.after != kept.seq || kept.snapshot.ended() {
            return Err(format!("{STALE}: it has {} events", kept.seq).into());
        }
        if !may_be_sent(&moved.events) {
            return Err("only answers and the end of a run are taken".into());
        }
        for event in &moved.events {
            if let Event::Answered { by, step_id, .. } = event
                && let Some(pending) = &kept.snapshot.pending
                && pending.step_id == *step_id
            {
                answers::answerable(ctx.workflow_id(), pending, *by)?;
            }
        }
        kept.clone().apply(ctx.workflow_id(), moved.clone())?;
        Ok(())
    }

    /// Notes that a child was asked for its first step
    #[update(name = "asked")]
    pub fn note_asked(&mut self, _: &mut SyncWorkflowContext<Self>, index: usize) {
        let child = self.kept.as_mut().and_then(|kept| kept.child_mut(index));
        if let Some(Child { stage: Stage::Begun { asked }, .. }) = child {
            *asked = true;
        }
    }

    #[update_validator(note_asked)]
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the SDK passes it so")]
    fn check_asked(&self, _: &WorkflowContextView, index: &usize) -> Result<(), Refused> {
        let child = |child: &&Child| child.index == *index;
        match self.kept.as_ref().and_then(|kept| kept.at_hand().find(child)) {
            Some(Child { stage: Stage::Begun { asked: false }, .. }) => Ok(()),
            _ => Err(format!("{STALE}: it was asked before").into()),
        }
    }

    /// Takes a child up again that has failed
    #[update(name = "reopen")]
    pub fn reopen(&mut self, _: &mut SyncWorkflowContext<Self>, ask: Reopen) {
        if let Some(child) = self.kept.as_mut().and_then(|kept| kept.child_mut(ask.index)) {
            child.stage = Stage::Queued { again: Some(ask.execution) };
        }
    }

    #[update_validator(reopen)]
    fn check_reopen(&self, _: &WorkflowContextView, ask: &Reopen) -> Result<(), Refused> {
        let Some(kept) = &self.kept else {
            return Err(format!("{STALE}: it has not begun").into());
        };
        let open = kept.at_hand().any(|child| !child.stage.has_ended());
        let child = kept.at_hand().find(|child| child.index == ask.index);
        match child.map(|child| &child.stage) {
            Some(Stage::Failed { .. }) if open => Ok(()),
            _ => Err(format!("{STALE}: the child is not one that can be taken up").into()),
        }
    }

    /// How the run stands
    #[query(name = "view")]
    pub fn view(&self, ctx: &WorkflowContextView) -> View {
        let mut kept = self.kept.clone();
        for child in kept.iter_mut().flat_map(|kept| &mut kept.children) {
            if let Stage::Completed { result } = &mut child.stage {
                *result = Value::Null;
            }
        }
        View {
            origin: self.origin.clone(),
            execution: ctx.run_id().to_owned(),
            kept,
            hindrance: self.hindrance.clone(),
            busy: self.is_busy(),
        }
    }

    /// The run with all that is kept of it
    #[query(name = "kept")]
    pub fn whole(&self, _: &WorkflowContextView) -> Option<Kept> {
        self.kept.clone()
    }

    /// Events of this execution
    #[query(name = "journal")]
    pub fn journal(&self, _: &WorkflowContextView, wanted: Wanted) -> Page {
        let skipped =
            usize::try_from(wanted.after.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let mut room = wanted.room;
        let fits = |(place, event): &(usize, &Event)| {
            let size = serde_json::to_string(event).map_or(0, |text| text.len());
            let fits = *place == 0 || size <= room;
            room = room.saturating_sub(size);
            fits
        };
        let events = self.events.iter().skip(skipped).enumerate().take_while({
            let mut fits = fits;
            move |found| fits(found)
        });
        Page {
            first: self.first,
            before: self.kept.as_ref().and_then(|kept| kept.before.clone()),
            seq: self.kept.as_ref().map_or(0, |kept| kept.seq),
            events: events.map(|(_, event)| event.clone()).collect(),
        }
    }

    /// What an answer came to, where it was given in this execution
    #[query(name = "told")]
    #[expect(clippy::needless_pass_by_value, reason = "the SDK passes it so")]
    pub fn told(&self, _: &WorkflowContextView, step_id: String) -> Option<Told> {
        let found = told_after(self.base.as_ref(), self.first + 1, &self.events, &step_id);
        // What was folded once folds again.
        let (answer, snapshot, seq) = found.ok().flatten()?;
        Some(Told { answer, snapshot, seq })
    }
}

impl Run {
    fn take_begin(&mut self, run_id: &str, begin: Begin) {
        match begin {
            Begin::Started { moved } => {
                self.events.clone_from(&moved.events);
                self.kept = Kept::begin(run_id, moved).ok();
            }
            Begin::Carried { kept, moved } => {
                self.carry(*kept);
                if let Some(moved) = moved {
                    // Whoever started this execution has made it of the very run.
                    let _ = self.apply(run_id, moved);
                }
            }
            Begin::Child(_) | Begin::Again { .. } => self.begin = Some(begin),
        }
    }

    /// Goes on where another execution stopped
    pub(super) fn carry(&mut self, kept: Kept) {
        self.base = Some(kept.snapshot.clone());
        self.first = kept.seq;
        self.kept = Some(kept);
    }

    pub(super) fn born(&mut self, run_id: &str, moved: Move) -> Result<(), Refused> {
        self.events.clone_from(&moved.events);
        self.kept = Some(Kept::begin(run_id, moved)?);
        Ok(())
    }

    pub(super) fn apply(&mut self, run_id: &str, moved: Move) -> Result<(), Refused> {
        let Some(kept) = &mut self.kept else { return Err("it has not begun".into()) };
        let events = moved.events.clone();
        kept.apply(run_id, moved)?;
        self.events.extend(events);
        self.hindrance = None;
        Ok(())
    }

    pub(super) fn seq(&self) -> u64 {
        self.kept.as_ref().map_or(0, |kept| kept.seq)
    }

    fn is_busy(&self) -> bool {
        if self.hindrance.is_some() {
            return false;
        }
        let Some(kept) = &self.kept else { return true };
        self.busy || kept.snapshot.status == Status::Running || kept.children_are_to_begin()
    }

    fn todo(&self, now: Timestamp) -> Option<(u64, Option<Timestamp>, Todo)> {
        let kept = self.kept.as_ref()?;
        let pending = kept.snapshot.pending.as_ref();
        let todo = pending.map_or(Todo::End, |pending| todo(pending, now));
        Some((kept.seq, pending.and_then(|pending| pending.deadline), todo))
    }

    /// Waits until the run moves, or for a moment; where it may begin anew, for that too
    pub(super) async fn until(
        ctx: &WorkflowContext<Self>,
        seq: u64,
        at: Option<Timestamp>,
        may_roll: bool,
    ) -> Woken {
        let left = at.map(|at| until(now(ctx), at));
        if left == Some(Duration::ZERO) {
            return Woken::Time;
        }
        let long = ctx.clone();
        let moved = ctx.wait_condition(move |run: &Self| {
            run.seq() != seq || (may_roll && long.continue_as_new_suggested())
        });
        let woken = match left {
            None => moved.await.map(|()| Woken::Moved),
            Some(left) => {
                let timer = ctx.timer(left);
                let mut timer = std::pin::pin!(timer);
                let mut moved = std::pin::pin!(moved);
                let woken = select! {
                    moved = moved => moved.map(|()| Woken::Moved),
                    _ = timer => Ok(Woken::Time),
                };
                if woken != Ok(Woken::Time) {
                    timer.cancel();
                }
                woken
            }
        };
        match woken {
            Err(_) => Woken::Cancelled,
            Ok(Woken::Moved) if ctx.state(Self::seq) == seq => Woken::Long,
            Ok(woken) => woken,
        }
    }

    /// Does what a moment makes due
    async fn it_is_time(ctx: &mut WorkflowContext<Self>) -> Result<(), WorkflowTermination> {
        let now = now(ctx);
        let due = ctx.state(|run| {
            let pending = run.kept.as_ref()?.snapshot.pending.as_ref()?;
            if time::wait_ends(pending).is_some_and(|at| at <= now) {
                return Some(time::waited(pending, now));
            }
            pending.deadline.filter(|at| *at <= now).map(|_| time::too_late(pending))
        });
        match due {
            Some(answer) => Self::advance(ctx, answer).await,
            None => Ok(()),
        }
    }

    /// Somebody has called the run off through Temporal, or its parent has ended
    fn call_off(ctx: &WorkflowContext<Self>) {
        let (run_id, at) = (ctx.workflow_id().to_owned(), now(ctx));
        let told = ctx.cancellation_token().reason().filter(|reason| !reason.is_empty());
        ctx.state_mut(|run| {
            let Some(kept) = &run.kept else { return };
            let parent = kept.snapshot.parent.is_some();
            let reason = if parent { Some(WITH_PARENT.to_owned()) } else { told };
            let events = vec![Event::Cancelled { reason, at }];
            let moved = Move { after: kept.seq, events, at_once: None, outline: None };
            // One that has ended stays as it is.
            let _ = run.apply(&run_id, moved);
        });
    }

    /// The end of the run, as Temporal is told it
    async fn end(ctx: &mut WorkflowContext<Self>) -> WorkflowResult<Value> {
        let handlers = ctx.clone();
        // One that is called off waits for nobody.
        let _ = ctx.wait_condition(move |_| handlers.all_handlers_finished()).await;
        let snapshot = ctx.state(|run| run.kept.as_ref().map(|kept| kept.snapshot.clone()));
        let Some(snapshot) = snapshot else {
            return Err(ApplicationFailure::non_retryable("the run has not begun").into());
        };
        let error = snapshot.error.unwrap_or_else(|| RunError {
            code: "internal".to_owned(),
            message: "no reason is known".to_owned(),
            step_id: None,
            help: None,
        });
        let failing = Failing { error, execution: ctx.run_id().to_owned() };
        match snapshot.status {
            Status::Completed => Ok(snapshot.result.unwrap_or_default()),
            Status::Cancelled => Err(WorkflowTermination::cancelled_with_details(failing)),
            _ => {
                let message = failing.error.message.clone();
                let failure = ApplicationFailure::builder(message)
                    .type_name(failing.error.code.clone())
                    .non_retryable(true)
                    .details(failing)
                    .build();
                Err(failure.into())
            }
        }
    }

    /// Goes on in a new execution, because the history is long
    async fn begin_anew(ctx: &mut WorkflowContext<Self>) -> WorkflowResult<Value> {
        let handlers = ctx.clone();
        if ctx.wait_condition(move |_| handlers.all_handlers_finished()).await.is_err() {
            Self::call_off(ctx);
            return Self::end(ctx).await;
        }
        let execution = ctx.run_id().to_owned();
        let input = ctx.state(|run| {
            let mut kept = run.kept.clone()?;
            kept.before = Some(execution);
            let at_hand: Vec<Child> = kept.at_hand().cloned().collect();
            kept.children = at_hand;
            let begin = Begin::Carried { kept: Box::new(kept), moved: None };
            Some(Input { origin: run.origin.clone(), begin })
        });
        let Some(input) = input else {
            return Err(ApplicationFailure::non_retryable("the run has not begun").into());
        };
        match ctx.continue_as_new(input, ContinueAsNewOptions::default())? {}
    }
}

/// What the fleet has to do about a pending action
fn todo(pending: &Pending, now: Timestamp) -> Todo {
    if let Some(at) = time::wait_ends(pending) {
        return Todo::Wait(at);
    }
    let own = match &pending.action {
        Action::Foreach(_) => Todo::Children,
        Action::McpCall { .. } if is_remembering(pending) => Todo::Remember,
        Action::McpCall { .. } if pending.by_server => Todo::Call,
        _ => return Todo::Idle,
    };
    match pending.not_before.filter(|at| *at > now) {
        Some(at) => Todo::Rest(at),
        None => own,
    }
}

/// Whether Temporal was asked to cancel a run, by somebody or because its parent has ended
pub(super) fn is_called_off(ctx: &WorkflowContext<Run>) -> bool {
    ctx.cancellation_token().is_cancelled()
}

/// The time as Temporal has it, the same at every replay
pub(super) fn now(ctx: &WorkflowContext<Run>) -> Timestamp {
    let now = ctx.workflow_time().unwrap_or(SystemTime::UNIX_EPOCH);
    Timestamp::try_from(now).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// How long until a moment, never a little too short
pub(super) fn until(now: Timestamp, at: Timestamp) -> Duration {
    let left = at.duration_since(now);
    match Duration::try_from(left) {
        Ok(left) if !left.is_zero() => Duration::from_millis(
            u64::try_from(left.as_millis()).unwrap_or(u64::MAX).saturating_add(1),
        ),
        _ => Duration::ZERO,
    }
}
