//! What the agents know, by what they were told; and what must follow from it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::super::super::commands::Command;
use super::server::Outcome;
use crate::engine::{ChildReport, StartRequest, Submission};
use crate::machine::Answer;
use crate::reply::{Reply, Step};

/// A run and one of its hand-outs
pub(super) type HandOut = (String, String);

/// What the agents know
#[derive(Default)]
pub(super) struct Known {
    /// Runs that a reply has named, in that order
    pub(super) runs: Vec<String>,
    /// Steps that were handed out, in that order
    pub(super) steps: Vec<Step>,
    pub(super) handed_out: BTreeSet<HandOut>,
    /// Answers that were taken, with the reply to each
    pub(super) taken: BTreeMap<HandOut, (Answer, Reply)>,
    pub(super) ended: BTreeMap<String, Reply>,
    /// What each key has started, with which inputs
    pub(super) started: BTreeMap<String, (StartRequest, String)>,
    /// Calls whose outcome nobody knows: they will be made again
    pub(super) unsure: Vec<Command>,
}

impl Known {
    /// Hears of runs and steps; what has ended does not change any more
    pub(super) fn hear(&mut self, reply: &Reply) {
        self.name(&reply.run_id);
        if let Some(step) = &reply.step {
            self.name(&step.run_id);
            for child in children(step) {
                self.name(&child.run_id);
            }
            if self.handed_out.insert((step.run_id.clone(), step.step_id.clone())) {
                self.steps.push(step.clone());
            }
        }
        if reply.status.ended() {
            let before = self.ended.entry(reply.run_id.clone()).or_insert_with(|| reply.clone());
            assert_eq!(before, reply, "an end has changed");
        }
    }

    /// Hears how a run stands by now, which is not always what a repeated answer is told
    pub(super) fn hear_by_now(&mut self, reply: &Reply) {
        self.hear(reply);
        let undone = !reply.status.ended() && self.ended.contains_key(&reply.run_id);
        assert!(!undone, "an end is undone: {reply:?}");
    }

    pub(super) fn name(&mut self, run_id: &str) {
        if !self.runs.iter().any(|known| known == run_id) {
            self.runs.push(run_id.to_owned());
        }
    }

    /// Hears what came of a call; `disturbed` if something went wrong meanwhile
    pub(super) fn told(&mut self, command: &Command, outcome: &Outcome, disturbed: bool) {
        if let Err(error) = outcome
            && ["store", "internal"].contains(&error.code)
        {
            assert!(disturbed, "{command:?}: {error}");
            return self.unsure.push(command.clone());
        }
        match (outcome, command) {
            (Ok(reply), Command::Submit(_)) => self.hear(reply),
            (Ok(reply), _) => self.hear_by_now(reply),
            (Err(_), _) => {}
        }
        match command {
            Command::Start(request) => self.start_told(request, outcome),
            Command::Submit(submission) => self.answer_told(submission, outcome),
            Command::Cancel { run_id, .. } => {
                let reply = outcome.as_ref().unwrap();
                assert!(reply.status.ended(), "{run_id} was not called off: {reply:?}");
            }
            Command::Look { .. } => assert!(outcome.is_ok(), "{outcome:?}"),
            Command::Retry { .. } | Command::Call { .. } | Command::Called { .. } => {
                panic!("agents make no such calls");
            }
        }
    }

    fn start_told(&mut self, request: &StartRequest, outcome: &Outcome) {
        let before = request.idempotency_key.as_ref().and_then(|key| self.started.get(key));
        match (outcome, before) {
            (Ok(reply), Some((first, run_id))) => {
                assert!(same(first, request), "one key for two starts: {request:?}");
                assert_eq!(&reply.run_id, run_id, "a key has started two runs");
            }
            (Ok(reply), None) => {
                if let Some(key) = &request.idempotency_key {
                    let started = (request.clone(), reply.run_id.clone());
                    self.started.insert(key.clone(), started);
                }
            }
            (Err(error), Some((first, _))) if error.code == "idempotency-conflict" => {
                assert!(!same(first, request), "{error}");
            }
            (Err(error), before) => {
                let wrong = !request.inputs.contains_key("task") && request.workflow == "test:plan";
                let unsure = self.unsure.iter().any(|unsure| {
                    matches!(unsure, Command::Start(other)
                        if other.idempotency_key == request.idempotency_key)
                });
                match error.code {
                    "invalid-inputs" => assert!(wrong && before.is_none(), "{error}"),
                    "too-many-runs" => assert!(before.is_none(), "{error}"),
                    // A start of which nothing was heard has been made after all.
                    "idempotency-conflict" => assert!(unsure, "{error}"),
                    _ => panic!("{request:?}: {error}"),
                }
            }
        }
    }

    fn answer_told(&mut self, submission: &Submission, outcome: &Outcome) {
        let hand_out = (submission.run_id.clone(), submission.step_id.clone());
        match (outcome, self.taken.get(&hand_out)) {
            (Ok(reply), Some((answer, before))) => {
                assert_eq!(answer, &submission.answer, "two answers to {hand_out:?}");
                // Where a parent speaks for its child, lists children or hands out their steps,
                // that is how they stand by then, and of a pause what is left of it.
                let of_children =
                    |step: &Step| step.kind == "foreach" || step.run_id != before.run_id;
                let children = before.step.as_ref().is_some_and(of_children);
                let of_today = before.retry_after_ms.is_some() || children;
                if before.run_id == hand_out.0 && !of_today {
                    assert_eq!(reply, before, "the reply to a repeated answer");
                }
            }
            (Ok(reply), None) => {
                self.taken.insert(hand_out, (submission.answer.clone(), reply.clone()));
            }
            (Err(error), Some((answer, _))) => {
                assert_ne!(answer, &submission.answer, "{hand_out:?} was taken before: {error}");
                assert_eq!(error.code, "already-answered", "{error}");
            }
            (Err(error), None) => {
                let codes = [
                    "already-answered",
                    "too-late",
                    "not-pending",
                    "not-waiting",
                    "not-answerable",
                    "result-mismatch",
                    "user-only",
                ];
                assert!(codes.contains(&error.code), "{error}");
            }
        }
    }
}

fn same(one: &StartRequest, other: &StartRequest) -> bool {
    one.workflow == other.workflow && one.inputs == other.inputs
}

/// The children that a `foreach` hands out
pub(super) fn children(step: &Step) -> Vec<ChildReport> {
    let children = step.fields.get("children").cloned();
    children.map(|list| serde_json::from_value(list).unwrap()).unwrap_or_default()
}

/// Inputs of a start
pub(super) fn inputs(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
