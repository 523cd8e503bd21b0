//! What a Temporal workflow keeps of a run, and what moves it: plain data, folded the same way at every
//! replay.
//!
//! Nothing here knows a machine. Events are made outside of Temporal's replay, and come in as data, so
//! that neither another build of a workflow nor a function that gives something else the next time can
//! make a history impossible to replay.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::engine::UserAnswer;
use crate::engine::rules::children::child_id;
use crate::machine::{
    Action, Answer, AnsweredBy, ChildStart, Damaged, Event, Fork, Outline, Parent, Pending, Place,
    RunError, Snapshot,
};

/// How many answers of the user are told of, the latest
const MAX_USER_ANSWERS: usize = 20;

/// What a run is from its start on
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Origin {
    /// How many runs stand above it
    pub(super) depth: u32,
    /// Whether it is a child that an agent of its own works off
    pub(super) own_agent: bool,
    /// What it was started with, where it was started by a key: the same for the same workflow and
    /// inputs
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) digest: Option<String>,
}

/// What an execution begins with
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Input {
    pub(super) origin: Origin,
    pub(super) begin: Begin,
}

/// How an execution begins
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Begin {
    /// With the events that whoever started the run has made
    Started { moved: Move },
    /// As a child that makes its first events itself
    Child(Birth),
    /// Where an execution before it stopped, and on from there
    Carried { kept: Box<Kept>, moved: Option<Move> },
    /// As a child that has failed, and is taken up again from the execution that it failed in
    Again { execution: String },
}

/// A child before its first event
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Birth {
    /// Name of its program
    pub(super) program: String,
    /// The version of its parent's workflow
    pub(super) parent_version: String,
    pub(super) start: ChildStart,
    pub(super) place: Place,
    pub(super) parent: Parent,
}

/// What moves a run
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Move {
    /// How many events the run has before
    pub(super) after: u64,
    pub(super) events: Vec<Event>,
    /// How many children may be under way at once, where it comes to wait for some
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) at_once: Option<usize>,
    /// What the build that it goes by keeps of its runs, where that is another from here on
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) outline: Option<Outline>,
}

/// A run as it stands
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub(super) snapshot: Snapshot,
    /// How many events it has
    pub(super) seq: u64,
    /// What the build that it goes by keeps of its runs
    pub(super) outline: Option<Outline>,
    /// How many children may be under way at once
    pub(super) at_once: usize,
    /// Its child runs: of the step at hand all, of steps behind it those of this execution
    pub(super) children: Vec<Child>,
    /// The latest answers that the user gave
    pub(super) user_answers: Vec<UserAnswer>,
    /// The execution before this one
    pub(super) before: Option<String>,
}

/// A child run as its parent knows it
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Child {
    /// The hand-out that it belongs to by now
    pub(super) step_id: String,
    pub(super) run_id: String,
    /// Its place in item order, from 0
    pub(super) index: usize,
    pub(super) item: Value,
    pub(super) stage: Stage,
}

/// How far a child is
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stage {
    /// Its turn has not come; with the execution that it failed in, where it is taken up again
    Queued { again: Option<String> },
    /// Temporal is asked to start it
    Starting,
    /// It goes on, and was asked for its first step or not
    Begun { asked: bool },
    /// It has returned
    Completed { result: Value },
    /// It has failed, or was called off, and in which execution
    Failed { why: String, cancelled: bool, execution: Option<String> },
}

/// What a run that has ended without a result tells its parent
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failing {
    pub(super) error: RunError,
    /// In which execution
    pub(super) execution: String,
}

impl Stage {
    /// Whether nothing more will happen to the child
    pub(super) fn has_ended(&self) -> bool {
        matches!(self, Self::Completed { .. } | Self::Failed { .. })
    }

    /// The word for it, as a parent's report tells it
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Queued { .. } | Self::Starting => "queued",
            Self::Begun { asked: false } => "waiting",
            Self::Begun { asked: true } => "running",
            Self::Completed { .. } => "completed",
            Self::Failed { cancelled: true, .. } => "cancelled",
            Self::Failed { .. } => "failed",
        }
    }
}

impl Kept {
    /// A run after its first events
    pub(super) fn begin(run_id: &str, moved: Move) -> Result<Self, Damaged> {
        let (first, rest) = moved
            .events
            .split_first()
            .ok_or_else(|| Damaged("it has no first event".to_owned()))?;
        let mut kept = Self {
            snapshot: Snapshot::begin(first)?,
            seq: 1,
            outline: None,
            at_once: 1,
            children: Vec::new(),
            user_answers: Vec::new(),
            before: None,
        };
        kept.apply(run_id, Move { after: 1, events: rest.to_vec(), ..moved })?;
        Ok(kept)
    }

    /// Moves on; fails, and has not moved, where that is no move of this run
    pub(super) fn apply(&mut self, run_id: &str, moved: Move) -> Result<(), Damaged> {
        if moved.after != self.seq {
            return Err(Damaged(format!("it has {} events, not {}", self.seq, moved.after)));
        }
        let mut snapshot = self.snapshot.clone();
        for event in &moved.events {
            snapshot.apply(event)?;
        }
        let before = self.hand_out();
        self.snapshot = snapshot;
        self.seq += u64::try_from(moved.events.len()).unwrap_or_default();
        self.outline = moved.outline.or(self.outline.take());
        self.at_once = moved.at_once.unwrap_or(self.at_once);
        self.note_answers(&moved.events);
        let retried = matches!(moved.events[..], [Event::Retried { .. }]);
        self.take_children(run_id, before, retried);
        Ok(())
    }

    /// What it waits for, if that is children
    pub(super) fn fork(&self) -> Option<(&Pending, &Fork)> {
        let pending = self.snapshot.pending.as_ref()?;
        match &pending.action {
            Action::Foreach(fork) => Some((pending, fork)),
            _ => None,
        }
    }

    /// The children of the step at hand
    pub(super) fn at_hand(&self) -> impl Iterator<Item = &Child> {
        let step_id = self.fork().map(|(pending, _)| pending.step_id.as_str());
        self.children.iter().filter(move |child| Some(child.step_id.as_str()) == step_id)
    }

    /// A child of the step at hand
    pub(super) fn child_mut(&mut self, index: usize) -> Option<&mut Child> {
        let step_id = self.fork().map(|(pending, _)| pending.step_id.clone())?;
        self.children.iter_mut().find(|child| child.step_id == step_id && child.index == index)
    }

    /// The hand-out that it stands at, or came to its end at
    fn hand_out(&self) -> Option<String> {
        let left = self.snapshot.left.as_ref().map(|left| &left.pending);
        self.snapshot.pending.as_ref().or(left).map(|pending| pending.step_id.clone())
    }

    fn note_answers(&mut self, events: &[Event]) {
        for event in events {
            if let Event::Answered { step_id, by, at, .. } = event
                && by.is_user()
            {
                let (step_id, by, at) = (step_id.clone(), *by, at.to_string());
                self.user_answers.push(UserAnswer { step_id, by, at });
            }
        }
        let more = self.user_answers.len().saturating_sub(MAX_USER_ANSWERS);
        self.user_answers.drain(..more);
    }

    /// Adds the children of a step that it has come to wait for; where the step is tried again, or
    /// taken up again, they are the ones that there are, and those with a result keep it
    fn take_children(&mut self, run_id: &str, before: Option<String>, retried: bool) {
        let Some((pending, fork)) = self.fork() else { return };
        if self.at_hand().next().is_some() {
            return;
        }
        let (step_id, again) = (pending.step_id.clone(), pending.attempt > 1 || retried);
        let before = before.filter(|_| again);
        let carried = |child: &&mut Child| Some(&child.step_id) == before.as_ref();
        let children: Vec<ChildStart> = fork.children.clone();
        let mut there = false;
        for child in self.children.iter_mut().filter(carried) {
            there = true;
            child.step_id.clone_from(&step_id);
            if let Stage::Failed { execution, .. } = &mut child.stage {
                child.stage = Stage::Queued { again: execution.take() };
            }
        }
        if there {
            return;
        }
        let child = |(index, start): (usize, ChildStart)| Child {
            run_id: child_id(run_id, &step_id, index),
            step_id: step_id.clone(),
            index,
            item: start.item,
            stage: Stage::Queued { again: None },
        };
        self.children.extend(children.into_iter().enumerate().map(child));
    }
}

/// A run as it stood once what an answer led to at once had happened, with the number of its events
pub(super) fn told_after(
    base: Option<&Snapshot>,
    first: u64,
    events: &[Event],
    step_id: &str,
) -> Result<Option<(Answer, Snapshot, u64)>, Damaged> {
    let answers =
        |event: &Event| matches!(event, Event::Answered { step_id: of, .. } if of == step_id);
    let Some(at) = events.iter().position(answers) else { return Ok(None) };
    let Event::Answered { answer, .. } = &events[at] else { return Ok(None) };
    let mut folded = base.cloned();
    for (place, event) in events.iter().enumerate() {
        match &mut folded {
            None => folded = Some(Snapshot::begin(event)?),
            Some(snapshot) => snapshot.apply(event)?,
        }
        if let Some(snapshot) = &folded
            && place > at
            && rests_with_others(snapshot)
        {
            let seq = first + u64::try_from(place).unwrap_or_default();
            return Ok(Some((answer.clone(), snapshot.clone(), seq)));
        }
    }
    let seq = first + u64::try_from(events.len()).unwrap_or_default() - 1;
    Ok(folded.map(|snapshot| (answer.clone(), snapshot, seq)))
}

/// Whether a run has ended, or waits for what the server does not do at once
fn rests_with_others(snapshot: &Snapshot) -> bool {
    match &snapshot.pending {
        None => snapshot.ended(),
        Some(pending) => !is_remembering(pending),
    }
}

/// Whether a pending action is a call of `memory.*`
pub(super) fn is_remembering(pending: &Pending) -> bool {
    matches!(&pending.action, Action::McpCall { tool, .. } if crate::connectors::is_memory(tool))
}

/// Whether whoever sends these events to a run may move it by them: to answer a step that is not the
/// server's own, or to call it off
pub(super) fn may_be_sent(events: &[Event]) -> bool {
    let mut events = events.iter();
    let first = match events.next() {
        Some(Event::Upgraded { .. }) => events.next(),
        first => first,
    };
    match first {
        Some(Event::Answered { by, .. }) => *by != AnsweredBy::Server,
        Some(Event::Cancelled { .. }) => true,
        _ => false,
    }
}
