//! Runs as workflows keep them, moved by events that are made elsewhere; no cluster is needed.

use std::sync::Arc;

use serde_json::{Value, json};

use super::kept::{Kept, Move, Stage, may_be_sent, told_after};
use super::workshop::Workshop;
use crate::connectors::Connectors;
use crate::engine::{Submission, SystemClock};
use crate::machine::{Answer, AnsweredBy, Event, Limits, Snapshot, Start, Status, sample};
use crate::telemetry::Telemetry;

const RUN: &str = "a-run";

fn workshop() -> Workshop {
    Workshop {
        registry: sample::registry(),
        limits: Limits::default(),
        connectors: Connectors::default(),
        clock: Arc::new(SystemClock),
        chance: || 7,
        telemetry: Telemetry::default(),
    }
}

/// A run with all events that it has had
struct Followed {
    kept: Kept,
    events: Vec<Event>,
}

impl Followed {
    fn start(workflow: &str, inputs: &Value) -> Self {
        let workshop = workshop();
        let inputs = inputs.as_object().unwrap().clone();
        let start = Start { inputs, ..Start::default() };
        let moved = workshop.start(workshop.registry.get(workflow).unwrap(), start).unwrap();
        let events = moved.events.clone();
        Self { kept: Kept::begin(RUN, again(&moved)).unwrap(), events }
    }

    fn take(&mut self, moved: &Move) {
        self.events.extend(moved.events.clone());
        self.kept.apply(RUN, again(moved)).unwrap();
        // What goes to the next execution is the very run.
        self.kept = again(&self.kept);
        let folded = Snapshot::fold(&self.events).unwrap();
        assert_eq!(folded, self.kept.snapshot);
        assert_eq!(self.kept.seq, u64::try_from(self.events.len()).unwrap());
    }

    fn submission(step_id: &str, result: Value) -> Submission {
        Submission {
            run_id: RUN.to_owned(),
            step_id: step_id.to_owned(),
            answer: Answer::Result(result),
            by: AnsweredBy::Agent,
        }
    }

    fn submit(&mut self, step_id: &str, result: Value) {
        let submission = Self::submission(step_id, result);
        let moved = workshop().submit(&self.kept, 0, &submission).unwrap();
        self.take(&moved);
    }

    fn end_child(&mut self, index: usize, stage: Stage) {
        self.kept.child_mut(index).unwrap().stage = stage;
    }

    fn stages(&self) -> Vec<&Stage> {
        self.kept.at_hand().map(|child| &child.stage).collect()
    }
}

/// What comes over the wire
fn again<T: serde::Serialize + serde::de::DeserializeOwned>(sent: &T) -> T {
    serde_json::from_str(&serde_json::to_string(sent).unwrap()).unwrap()
}

fn failed(why: &str, execution: &str) -> Stage {
    let execution = Some(execution.to_owned());
    Stage::Failed { why: why.to_owned(), cancelled: false, execution }
}

#[test]
fn a_run_is_what_its_events_fold_to() {
    let mut run = Followed::start("test:plan", &json!({"task": "tea"}));
    run.submit("ask", json!("again"));
    run.submit("ask#2", json!("green"));
    run.submit("approve", json!({"confirmed": true}));
    assert_eq!(run.kept.snapshot.status, Status::Completed);
    assert_eq!(run.kept.snapshot.result.as_ref().unwrap()["answer"], "green");
}

#[test]
fn a_move_of_a_run_that_has_moved_on_changes_nothing() {
    let mut run = Followed::start("test:plan", &json!({"task": "tea"}));
    let submission = Followed::submission("ask", json!("green"));
    let late = workshop().submit(&run.kept, 0, &submission).unwrap();
    run.submit("ask", json!("black"));
    let before = run.kept.snapshot.clone();
    assert!(run.kept.apply(RUN, late).is_err());
    assert_eq!(run.kept.snapshot, before);
}

#[test]
fn an_answer_is_told_with_what_it_led_to_at_once() {
    let mut run = Followed::start("test:plan", &json!({"task": "tea"}));
    run.submit("ask", json!("again"));
    let then = run.kept.clone();
    run.submit("ask#2", json!("green"));
    let (answer, snapshot, seq) = told_after(None, 1, &run.events, "ask").unwrap().unwrap();
    assert_eq!(
        (answer, snapshot, seq),
        (Answer::Result(json!("again")), then.snapshot.clone(), then.seq)
    );
    // The same where an execution before this one has the beginning.
    let here = &run.events[usize::try_from(then.seq).unwrap()..];
    let told = told_after(Some(&then.snapshot), then.seq + 1, here, "ask#2").unwrap().unwrap();
    assert_eq!((&told.1, told.2), (&run.kept.snapshot, run.kept.seq));
    assert!(told_after(Some(&then.snapshot), then.seq + 1, here, "ask").unwrap().is_none());
}

#[test]
fn children_are_queued_and_those_with_a_result_keep_it_when_their_step_is_taken_up_again() {
    let inputs = json!({"items": ["a", "b", "c"], "agent": "@task", "at_once": 2});
    let mut run = Followed::start("test:fan", &inputs);
    assert_eq!(run.kept.at_once, 2);
    assert_eq!(run.stages(), [&Stage::Queued { again: None }; 3]);
    assert_eq!(run.kept.at_hand().next().unwrap().run_id, "a-run.each.0");
    run.end_child(0, Stage::Completed { result: json!("done") });
    run.end_child(1, failed("no luck", "execution-1"));
    run.end_child(2, Stage::Completed { result: json!("done too") });
    let answer = run.kept.outcome().unwrap();
    let moved = workshop().take(&run.kept, 0, answer).unwrap();
    run.take(&moved);
    assert_eq!(run.kept.snapshot.status, Status::Failed);
    let error = run.kept.snapshot.error.clone().unwrap();
    assert!(error.message.contains("item 1 (`a-run.each.1`): no luck"), "{}", error.message);

    let moved = workshop().retry(RUN, &run.kept, 0).unwrap();
    run.take(&moved);
    let again = Some("execution-1".to_owned());
    assert_eq!(
        run.stages(),
        [
            &Stage::Completed { result: json!("done") },
            &Stage::Queued { again },
            &Stage::Completed { result: json!("done too") }
        ]
    );
    run.end_child(1, Stage::Completed { result: json!("at last") });
    let answer = run.kept.outcome().unwrap();
    let moved = workshop().take(&run.kept, 0, answer).unwrap();
    run.take(&moved);
    assert_eq!(run.kept.snapshot.result, Some(json!(["done", "at last", "done too"])));
}

#[test]
fn only_answers_and_the_end_of_a_run_come_from_outside() {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let answered = |by| Event::Answered {
        step_id: "ask".to_owned(),
        answer: Answer::Result(json!("green")),
        by,
        at,
    };
    assert!(may_be_sent(&[answered(AnsweredBy::Agent)]));
    assert!(may_be_sent(&[answered(AnsweredBy::User)]));
    assert!(may_be_sent(&[Event::Cancelled { reason: None, at }]));
    assert!(!may_be_sent(&[answered(AnsweredBy::Server)]));
    assert!(!may_be_sent(&[Event::Completed { result: Value::Null, at }]));
    assert!(!may_be_sent(&[]));
}
