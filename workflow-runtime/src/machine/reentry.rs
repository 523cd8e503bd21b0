//! Taking a run up again that has failed: it stands again where it waited last.
//!
//! What the run did between that wait and its failure is undone, and done again: only waits have an
//! effect outside, and there is none in between. Where the wait itself failed, it is handed out
//! anew; where the run failed after an answer, that answer is taken again.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Action, Answer, Event, Pending, Snapshot};

/// Where a run that has ended without a result stood before
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Left {
    /// Where the machine stood at its last wait
    pub position: Value,
    /// For what
    pub pending: Pending,
    /// What came after, unless the wait itself has failed
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
}

/// What came after a run's last wait until it failed
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Since {
    /// The answer that the run went on with, what the server measured filled in
    pub answer: Answer,
    /// The fields that were written, as they were before
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub overwritten: Map<String, Value>,
    /// The fields that were not there before
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub added: BTreeSet<String>,
}

/// Where a run goes on that is taken up again
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Reentry {
    /// At its first step: it failed before it ever waited
    Start {
        /// The inputs, defaults filled in
        inputs: Map<String, Value>,
        /// The state it begins with
        state: Map<String, Value>,
    },
    /// At its last wait
    Wait {
        /// Where the machine stands
        position: Value,
        /// A new hand-out of what it waited for
        pending: Box<Pending>,
        /// Fields as they were then
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        restored: Map<String, Value>,
        /// Fields that were not there then
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        removed: BTreeSet<String>,
    },
}

impl Since {
    /// What is to be undone of events, by the run before them
    pub(super) fn of(answer: Answer, events: &[Event], before: &Snapshot) -> Self {
        let mut since = Self { answer, overwritten: Map::new(), added: BTreeSet::new() };
        for event in events {
            let Event::Stepped { writes, .. } = event else { continue };
            for field in writes.keys() {
                match before.state.get(field) {
                    Some(value) => {
                        since.overwritten.insert(field.clone(), value.clone());
                    }
                    None => {
                        since.added.insert(field.clone());
                    }
                }
            }
        }
        since
    }
}

impl Reentry {
    /// Back to a run's last wait, handed out anew
    pub(super) fn at(left: &Left, run: &Snapshot, now: Timestamp) -> Self {
        let (restored, removed) = match &left.since {
            Some(since) => (since.overwritten.clone(), since.added.clone()),
            None => Default::default(),
        };
        let pending = Box::new(handed_out_again(&left.pending, run, now));
        Self::Wait { position: left.position.clone(), pending, restored, removed }
    }
}

/// A new hand-out; it may take as long as the one before, and be tried as often
fn handed_out_again(before: &Pending, run: &Snapshot, now: Timestamp) -> Pending {
    let from_now = |at: Timestamp, since: Timestamp| {
        now.checked_add(at.duration_since(since)).unwrap_or(Timestamp::MAX)
    };
    let mut action = before.action.clone();
    if let Action::Wait { resume_at, .. } = &mut action {
        *resume_at = from_now(*resume_at, before.since);
    }
    let visits = run.handed_out.get(&before.step).copied().unwrap_or(1);
    Pending {
        step_id: format!("{}#{}", before.step, visits + 1),
        action,
        attempt: 1,
        deadline: before.deadline.map(|at| from_now(at, before.begins())),
        since: now,
        not_before: None,
        last_error: run.error.clone(),
        ..before.clone()
    }
}
