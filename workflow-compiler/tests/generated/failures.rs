//! Loops, retries and handlers of failures, as the engine drives them.

use serde_json::{Value, json};
use workflow_runtime::machine::{
    Answer, AnsweredBy, Env, Event, RunError, Snapshot, Start, Status,
};

use crate::from_yaml::registry;

/// A run, folded from its journal at every turn
struct Driven {
    workflow: &'static str,
    run: Snapshot,
    journal: Vec<Event>,
    clock: Env,
}

impl Driven {
    fn start() -> Self {
        Self::start_of("review:loop", &json!({"task": "rivers"}))
    }

    fn start_of(workflow: &'static str, inputs: &Value) -> Self {
        let inputs = inputs.as_object().unwrap().clone();
        let clock = Env::new("2026-01-31T12:00:00Z".parse().unwrap(), 7);
        let registry = registry();
        let program = registry.get(workflow).unwrap();
        let journal = program.begin(Start { inputs, ..Start::default() }, clock).unwrap();
        Self { workflow, run: Snapshot::fold(&journal).unwrap(), journal, clock }
    }

    fn take(mut self, answer: Answer) -> Self {
        let registry = registry();
        let program = registry.get(self.workflow).unwrap();
        let by = AnsweredBy::Agent;
        let events = program.resume(&self.run, answer, by, self.clock).unwrap();
        self.journal.extend(events);
        self.run = Snapshot::fold(&self.journal).unwrap();
        self
    }

    fn result(self, value: Value) -> Self {
        self.take(Answer::Result(value))
    }

    fn error(self, words: &str) -> Self {
        self.take(Answer::Error(words.to_owned()))
    }

    /// As far as the first call of a tool, approved at once
    fn approved() -> Self {
        Self::start().result(json!("a draft")).result(json!({"confirmed": true}))
    }

    fn at(&self) -> &str {
        self.run.pending.as_ref().map_or("nowhere", |pending| &pending.step_id)
    }
}

#[test]
fn a_goto_loops_as_often_as_it_may_and_no_more() {
    let mut run = Driven::start();
    for (draft, review) in [("draft", "review"), ("draft#2", "review#2"), ("draft#3", "review#3")] {
        assert_eq!(run.at(), draft);
        run = run.result(json!("words"));
        assert_eq!(run.at(), review);
        run = run.result(json!({"confirmed": false}));
    }
    assert_eq!(run.at(), "note", "two jumps, then on");
    let run = run.result(json!("some")).result(json!("ok"));
    assert_eq!(run.run.result, Some(json!({"rounds": 3, "notes": "some"})));
}

#[test]
fn a_loop_that_is_left_early_counts_nothing_more() {
    let run = Driven::start().result(json!("bad")).result(json!({"confirmed": false}));
    let run = run.result(json!("good")).result(json!({"confirmed": true}));
    assert_eq!(run.at(), "note");
    assert_eq!(run.run.state["rounds"], json!(2));
}

#[test]
fn a_step_is_tried_again_after_a_pause() {
    let run = Driven::start().error("the model is down");
    let pending = run.run.pending.clone().unwrap();
    assert_eq!((pending.step_id.as_str(), pending.attempt), ("draft#2", 2));
    assert_eq!(pending.not_before, Some("2026-01-31T12:00:05Z".parse().unwrap()));
    assert_eq!(
        pending.deadline,
        Some("2026-01-31T12:01:05Z".parse().unwrap()),
        "a minute from then"
    );
    let failed = run.error("still down");
    assert_eq!(failed.run.status, Status::Failed, "two attempts, and no `on_error`");
    assert_eq!(failed.run.error.unwrap().step_id.as_deref(), Some("draft#2"));
}

#[test]
fn what_may_have_happened_is_not_tried_again() {
    let error = RunError {
        code: "outcome-unknown".to_owned(),
        message: "the server died".to_owned(),
        step_id: None,
        help: None,
    };
    let run = Driven::start().take(Answer::Failed(error));
    assert_eq!(run.run.status, Status::Failed);
}

#[test]
fn a_failure_that_is_continued_leaves_the_field_as_it_was() {
    let run = Driven::approved().error("no notes");
    assert_eq!(run.at(), "publish");
    let caught = run.journal.iter().find_map(|event| match event {
        Event::Caught { error, .. } => Some((error.step_id.as_deref(), error.message.as_str())),
        _ => None,
    });
    assert_eq!(caught, Some((Some("note"), "no notes")));
    let run = run.result(json!("ok"));
    assert_eq!(run.run.result, Some(json!({"rounds": 1, "notes": "none"})));
}

#[test]
fn a_handler_reads_the_error() {
    let run = Driven::approved().result(json!("some")).error("no such registry");
    assert_eq!(run.at(), "undo");
    let Some(pending) = &run.run.pending else { panic!() };
    let message = serde_json::to_value(&pending.action).unwrap()["message"].clone();
    assert_eq!(message, json!("agent-error: no such registry (1 of publish)"));
    assert_eq!(run.result(json!("give up")).run.result, Some(json!({"advice": "give up"})));
}

#[test]
fn a_handler_may_go_back_to_what_failed_as_often_as_it_says() {
    let again = || Driven::start_of("try:again", &json!({})).error("no luck").result(json!("yes"));
    assert_eq!(again().at(), "try#2");
    assert_eq!(again().result(json!("ok")).run.result, Some(json!("done")));
    let run = again().error("no luck").result(json!("yes"));
    assert_eq!(run.run.result, Some(json!("given up")));
}
