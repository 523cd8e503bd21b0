//! What the agents know, by what they were told; and what must follow from it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::super::super::commands::Command;
use super::server::Outcome;
use crate::engine::{ChildReport, StartRequest, Submission};
use crate::machine::{Answer, Status};
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
    /// Runs that somebody has tried to take up again
    retried: BTreeSet<String>,
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
        let lasts = reply.status == Status::Completed || !self.may_go_on(&reply.run_id);
        if reply.status.ended() && lasts {
            let before = self.ended.entry(reply.run_id.clone()).or_insert_with(|| reply.clone());
            assert!(same_end(before, reply), "an end has changed: {before:?}, then {reply:?}");
        }
    }

    /// Whether a run may go on that has ended without a result: one that was taken up again, or a
    /// child, which its parent's step may try again
    fn may_go_on(&self, run_id: &str) -> bool {
        run_id.contains('.') || self.retried.contains(run_id)
    }

    /// Somebody is about to take a run up again
    pub(super) fn take_up(&mut self, run_id: &str) {
        self.retried.insert(run_id.to_owned());
        self.ended.retain(|ended, reply| ended != run_id || reply.status == Status::Completed);
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
                // A child that is called off has failed for its parent, whose step may try it again.
                let child = run_id.contains('.');
                assert!(child || reply.status.ended(), "{run_id} was not called off: {reply:?}");
            }
            Command::Look { .. } => assert!(outcome.is_ok(), "{outcome:?}"),
            Command::Retry { run_id } => retry_told(run_id, outcome),
            Command::Call { .. } | Command::Called { .. } => panic!("agents make no such calls"),
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
                // Which build a server has is of today, too.
                let kept = [reply, before].iter().any(|at| at.status == Status::Incompatible);
                let of_today = before.retry_after_ms.is_some() || children || kept;
                if before.run_id == hand_out.0 && !of_today {
                    let before = &Reply { progress: reply.progress, ..before.clone() };
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
                    "incompatible",
                ];
                assert!(codes.contains(&error.code), "{error}");
            }
        }
    }
}

/// How far a run was, only a server with its build can say
fn same_end(one: &Reply, other: &Reply) -> bool {
    Reply { progress: other.progress, ..one.clone() } == *other
}

fn retry_told(run_id: &str, outcome: &Outcome) {
    let codes = [
        "not-failed",
        "not-retryable",
        "parent-gone-on",
        "tried-again",
        "too-many-runs",
        "incompatible",
    ];
    if let Err(error) = outcome {
        assert!(codes.contains(&error.code), "{run_id}: {error}");
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
