//! What a run has done, from its journal: the visits of its steps, and what each has changed.

mod difference;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::reading;
use super::view::{brief, took};
use crate::engine::{Engine, EngineError, Recorded};
use crate::machine::{Answer, AnsweredBy, Event, Pending, Reentry, RunError};
use crate::reply::step_of;
use difference::{Line, difference};
use words::{Asked, BRIEF, given, what};

/// A run as its journal tells it
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct History {
    pub(super) entries: Vec<Entry>,
    /// Fingerprint of the workflow that it goes by
    pub(super) fingerprint: String,
    pub(super) inputs: Map<String, Value>,
    pub(super) item: Value,
    pub(super) result: Option<Value>,
    pub(super) state: Map<String, Value>,
    /// The steps that it has been through
    pub(super) done: BTreeSet<String>,
    /// The step whose failure it could not get over
    pub(super) failed: Option<String>,
    /// Whether this is all of it
    pub(super) whole: bool,
    /// The latest moment that an event has told
    latest: Option<Timestamp>,
}

/// Something that has happened
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Entry {
    /// The place of its first event in the journal
    pub(super) seq: u64,
    /// The step, if it is the visit of one
    pub(super) step: Option<String>,
    /// What it is in words: `prompt`, `started`
    pub(super) what: String,
    pub(super) outcome: Outcome,
    pub(super) began: Option<Timestamp>,
    pub(super) ended: Option<Timestamp>,
    pub(super) by: Option<&'static str>,
    /// What came, in a line
    pub(super) came: Option<String>,
    pub(super) changes: Vec<Change>,
    handed_out: Option<HandedOut>,
}

/// What an answer is recognised by, and told by
#[derive(Clone, Debug, PartialEq, Eq)]
struct HandedOut {
    step_id: String,
    asked: Asked,
}

/// What came of something
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Outcome {
    #[default]
    Done,
    /// It waits still
    Open,
    Failed,
}

/// A field of the state that was written
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) field: String,
    pub(super) lines: Vec<Line>,
}

impl Entry {
    /// How long it took, once that is known
    pub(super) fn took(&self) -> Option<String> {
        Some(took(self.began?, self.ended?))
    }

    /// The word for how it stands, as of runs
    pub(super) fn word(&self) -> &'static str {
        match self.outcome {
            Outcome::Done => "completed",
            Outcome::Open => "waiting",
            Outcome::Failed => "failed",
        }
    }
}

impl History {
    /// Reads a run's journal
    pub(super) async fn read(engine: &dyn Engine, run_id: &str) -> Result<Self, EngineError> {
        let mut history = Self::default();
        let whole = reading::journal(engine, run_id, |event| history.add(event)).await?;
        history.whole = whole;
        Ok(history)
    }

    fn add(&mut self, recorded: Recorded) {
        let seq = recorded.seq;
        match recorded.event {
            Event::Started { fingerprint, inputs, item, state, at, .. } => {
                let mut entry = self.milestone(seq, "started", at);
                entry.came = given(&inputs);
                (self.fingerprint, self.inputs, self.item) = (fingerprint, inputs, item);
                entry.changes = self.write(state);
                self.entries.push(entry);
            }
            Event::Stepped { step, writes } => self.stepped(seq, step, writes),
            Event::Waiting { pending, .. } => self.wait(seq, pending),
            Event::Calling { .. } => {}
            Event::Answered { step_id, answer, by, at } => self.answer(&step_id, &answer, by, at),
            Event::Upgraded { version, to, inputs, state, at, .. } => {
                self.fingerprint = to;
                self.inputs.extend(inputs);
                let mut entry = self.milestone(seq, "upgraded", at);
                entry.came = Some(format!("goes on as version {version}"));
                entry.changes = self.write(state);
                self.entries.push(entry);
            }
            Event::Caught { error, at } => self.trouble(seq, "caught", &error, at),
            Event::Failed { error, at, .. } => {
                self.failed = error.step_id.as_deref().map(step_of).map(str::to_owned);
                self.close(Outcome::Failed);
                self.trouble(seq, "failed", &error, at);
            }
            Event::Completed { result, at } => {
                let mut entry = self.milestone(seq, "completed", at);
                entry.came = Some(brief(&result, BRIEF));
                self.result = Some(result);
                self.entries.push(entry);
            }
            Event::Retried { from, at } => self.take_up(seq, from, at),
            Event::Cancelled { reason, at } => {
                self.close(Outcome::Failed);
                let mut entry = self.milestone(seq, "cancelled", at);
                entry.outcome = Outcome::Failed;
                entry.came = reason;
                self.entries.push(entry);
            }
        }
    }

    /// An entry that is no visit of a step
    fn milestone(&mut self, seq: u64, what: &str, at: Timestamp) -> Entry {
        self.latest = Some(at);
        Entry { seq, what: what.to_owned(), began: Some(at), ended: Some(at), ..Entry::default() }
    }

    fn trouble(&mut self, seq: u64, what: &str, error: &RunError, at: Timestamp) {
        let mut entry = self.milestone(seq, what, at);
        entry.outcome = Outcome::Failed;
        entry.came = Some(format!("{}: {}", error.code, error.message));
        self.entries.push(entry);
    }

    fn wait(&mut self, seq: u64, pending: Pending) {
        self.latest = Some(pending.since);
        let asked = Asked::by(&pending.action);
        let handed_out = HandedOut { step_id: pending.step_id.clone(), asked };
        self.entries.push(Entry {
            seq,
            what: what(&pending),
            outcome: Outcome::Open,
            began: Some(pending.since),
            step: Some(pending.step),
            handed_out: Some(handed_out),
            ..Entry::default()
        });
    }

    fn answer(&mut self, step_id: &str, answer: &Answer, by: AnsweredBy, at: Timestamp) {
        self.latest = Some(at);
        let found = self.entries.iter_mut().rev().find_map(|entry| {
            let asked = entry.handed_out.as_ref().filter(|out| out.step_id == step_id)?.asked;
            Some((entry, asked))
        });
        let Some((entry, asked)) = found else { return };
        entry.ended = Some(at);
        entry.by = Some(by.told());
        entry.came = Some(asked.came(answer));
        entry.outcome = match answer {
            Answer::Result(_) => Outcome::Done,
            Answer::Error(_) | Answer::Failed(_) => Outcome::Failed,
        };
    }

    /// A step has come to its end: one that has just waited, or one that never waits
    fn stepped(&mut self, seq: u64, step: String, writes: Map<String, Value>) {
        let changes = self.write(writes);
        self.done.insert(step.clone());
        let waited = self.entries.last_mut().filter(|entry| {
            let done = entry.handed_out.is_some() && entry.outcome == Outcome::Done;
            done && entry.step.as_deref() == Some(step.as_str()) && entry.changes.is_empty()
        });
        match waited {
            Some(entry) => entry.changes = changes,
            None => self.entries.push(Entry {
                seq,
                step: Some(step),
                what: "by the server".to_owned(),
                began: self.latest,
                ended: self.latest,
                changes,
                ..Entry::default()
            }),
        }
    }

    fn take_up(&mut self, seq: u64, from: Reentry, at: Timestamp) {
        self.failed = None;
        let mut entry = self.milestone(seq, "taken up again", at);
        match from {
            Reentry::Start { inputs, state } => {
                self.inputs = inputs;
                self.state.retain(|field, _| state.contains_key(field));
                entry.changes = self.write(state);
                self.entries.push(entry);
            }
            Reentry::Wait { pending, restored, removed, .. } => {
                self.state.retain(|field, _| !removed.contains(field));
                entry.changes = self.write(restored);
                self.entries.push(entry);
                self.wait(seq, *pending);
            }
        }
    }

    /// Ends what waited without an answer
    fn close(&mut self, outcome: Outcome) {
        if let Some(entry) = self.entries.last_mut().filter(|entry| entry.outcome == Outcome::Open)
        {
            entry.outcome = outcome;
        }
    }

    /// Writes fields, and says what has changed
    fn write(&mut self, writes: Map<String, Value>) -> Vec<Change> {
        let mut changes = Vec::new();
        for (field, value) in writes {
            let before = self.state.get(&field);
            if before != Some(&value) {
                let lines = difference(before, &value);
                changes.push(Change { field: field.clone(), lines });
            }
            self.state.insert(field, value);
        }
        changes
    }
}
