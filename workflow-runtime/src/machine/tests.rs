//! The driver and the fold, by what an engine sees of them.

#![expect(clippy::needless_pass_by_value, reason = "tests read better with `json!` in place")]

use jiff::Timestamp;
use serde_json::{Value, json};

use super::sample::{Grow, Plan, Slow, Spin, program};
use super::{
    Action, Answer, AnsweredBy, Env, Event, Program, Refusal, RunError, Snapshot, Start, Status,
};

fn env(seed: u64) -> Env {
    Env::new(Timestamp::from_second(1_700_000_000).unwrap(), seed)
}

fn start(inputs: Value) -> Start {
    Start { inputs: inputs.as_object().unwrap().clone(), ..Start::default() }
}

fn begin(program: &dyn Program, inputs: Value) -> Snapshot {
    Snapshot::fold(&program.begin(start(inputs), env(1)).unwrap()).unwrap()
}

/// Answers, and checks that the run folds to the same whether its events come in one go or two
fn answer(program: &dyn Program, run: &mut Snapshot, value: Value) -> Vec<Event> {
    answer_by(AnsweredBy::Agent, program, run, value)
}

/// As journals have it: those that are there must be read for ever
#[test]
fn who_answered_is_written_in_these_words() {
    let told = [
        (AnsweredBy::Agent, "agent"),
        (AnsweredBy::User, "user"),
        (AnsweredBy::UserByElicitation, "user_by_elicitation"),
        (AnsweredBy::Server, "server"),
    ];
    for (by, word) in told {
        assert_eq!(serde_json::to_value(by).unwrap(), word);
        assert_eq!(serde_json::from_value::<AnsweredBy>(json!(word)).unwrap(), by);
    }
}

fn answer_by(
    by: AnsweredBy,
    program: &dyn Program,
    run: &mut Snapshot,
    value: Value,
) -> Vec<Event> {
    let answer = Answer::Result(value);
    let events = program.resume(run, answer, by, env(2)).unwrap();
    for event in &events {
        run.apply(event).unwrap();
    }
    events
}

fn refused(program: &dyn Program, run: &Snapshot, value: Value) -> String {
    let answer = Answer::Result(value);
    let Err(Refusal { message }) = program.resume(run, answer, AnsweredBy::Agent, env(2)) else {
        panic!("the answer was taken");
    };
    message
}

fn step_id(run: &Snapshot) -> &str {
    &run.pending.as_ref().unwrap().step_id
}

fn error(run: &Snapshot) -> &RunError {
    run.error.as_ref().unwrap()
}

#[test]
fn a_run_from_start_to_end_folds_to_what_the_machine_had() {
    let plan = program(&Plan);
    let mut run = begin(&*plan, json!({"task": "tea"}));
    assert_eq!(run.status, Status::Waiting);
    assert_eq!(run.inputs["tone"], "calm");
    assert_eq!(step_id(&run), "ask");
    answer(&*plan, &mut run, json!("again"));
    assert_eq!(step_id(&run), "ask#2");
    answer(&*plan, &mut run, json!("green"));
    assert_eq!(step_id(&run), "approve");
    answer(&*plan, &mut run, json!({"confirmed": true}));
    assert_eq!(run.status, Status::Completed);
    // The workflow returns its live state.
    assert_eq!(run.result, Some(Value::Object(run.state.clone())));
    assert_eq!(run.state["asked"], 2);
    assert_eq!((&run.pending, &run.position), (&None, &None));
}

#[test]
fn each_visit_of_a_step_is_one_event_with_all_its_writes() {
    let plan = program(&Plan);
    let mut run = begin(&*plan, json!({"task": "tea"}));
    let events = answer(&*plan, &mut run, json!("green"));
    let steps: Vec<(&str, Vec<&str>)> = events
        .iter()
        .filter_map(|event| match event {
            Event::Stepped { step, writes } => {
                Some((step.as_str(), writes.keys().map(String::as_str).collect()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        steps,
        [("ask", vec!["answer"]), ("count", vec!["asked", "ids"]), ("check", vec![])]
    );
    assert_eq!(run.steps_done, 3);
}

#[test]
fn the_same_seed_gives_the_same_events_and_another_seed_others() {
    let plan = program(&Plan);
    let run = begin(&*plan, json!({"task": "tea"}));
    let with = |seed| {
        let answer = Answer::Result(json!("green"));
        plan.resume(&run, answer, AnsweredBy::Agent, env(seed)).unwrap()
    };
    assert_eq!(with(7), with(7));
    assert_ne!(with(7), with(8));
}

#[test]
fn a_wrong_answer_is_refused_with_what_came() {
    let plan = program(&Plan);
    let mut run = begin(&*plan, json!({"task": "tea"}));
    assert_eq!(refused(&*plan, &run, json!(3)), "expected a string, found the number 3");
    assert_eq!(refused(&*plan, &run, json!("refuse me")), "expected a kind word");
    answer(&*plan, &mut run, json!("green"));
    let message = refused(&*plan, &run, json!({"confirmed": "yes", "extra": 1}));
    assert!(message.contains("at `confirmed`: expected a boolean"), "{message}");
    assert!(message.contains("unexpected `extra`"), "{message}");
}

#[test]
fn inputs_are_checked_before_anything_happens() {
    let plan = program(&Plan);
    let refused = |inputs| plan.begin(start(inputs), env(1)).unwrap_err().message;
    assert!(refused(json!({})).contains("`task` is missing"));
    assert!(refused(json!({"task": ""})).contains("at `task`: expected at least 1 character"));
    let unknown = refused(json!({"task": "x", "tome": "y"}));
    assert!(unknown.contains("no input `tome`, did you mean `tone`"), "{unknown}");
}

#[test]
fn a_fault_fails_the_run_at_its_step() {
    let plan = program(&Plan);
    let mut run = begin(&*plan, json!({"task": "tea"}));
    answer(&*plan, &mut run, json!("panic"));
    assert_eq!(run.status, Status::Failed);
    assert_eq!(error(&run).step_id.as_deref(), Some("check"));
    assert!(error(&run).message.contains("the host function gave up"));
    // What was written before stays.
    assert_eq!(run.state["asked"], 1);
}

#[test]
fn a_fault_in_the_initial_state_leaves_a_failed_run() {
    let run = begin(&*program(&Plan), json!({"task": "fault"}));
    assert_eq!(run.status, Status::Failed);
    assert_eq!(error(&run).code, "index-out-of-range");
}

#[test]
fn what_the_agent_could_not_do_fails_the_step() {
    let plan = program(&Plan);
    let mut run = begin(&*plan, json!({"task": "tea"}));
    let answer = Answer::Error("no kettle".to_owned());
    for event in plan.resume(&run, answer, AnsweredBy::Agent, env(2)).unwrap() {
        run.apply(&event).unwrap();
    }
    let error = error(&run);
    assert_eq!((error.code.as_str(), error.message.as_str()), ("agent-error", "no kettle"));
    assert_eq!(error.step_id.as_deref(), Some("ask"));
}

#[test]
fn endless_loops_and_endless_states_end() {
    let spun = begin(&*program(&Spin), json!({}));
    assert_eq!(error(&spun).code, "too-many-steps");
    assert_eq!(spun.state["n"], 5_000);
    let grown = begin(&*program(&Grow), json!({}));
    assert_eq!(error(&grown).code, "state-too-large");
    assert!(grown.state["text"].as_str().unwrap().len() < 1 << 20);
}

#[test]
fn a_run_takes_a_hundred_thousand_steps_and_no_more() {
    let plan = program(&Plan);
    for (done, ends) in [(99_990, Status::Waiting), (100_000, Status::Failed)] {
        let mut run = begin(&*plan, json!({"task": "tea"}));
        run.steps_done = done;
        answer(&*plan, &mut run, json!("green"));
        assert_eq!(run.status, ends);
        if ends == Status::Failed {
            assert_eq!(error(&run).code, "too-many-steps");
            assert!(error(&run).message.contains("more than 100000 steps"), "{:?}", run.error);
            assert!(error(&run).help.as_ref().unwrap().contains("child runs"), "{:?}", run.error);
        }
    }
}

#[test]
fn deadlines_count_from_the_hand_out() {
    let slow = program(&Slow);
    let mut run = begin(&*slow, json!({}));
    assert!(matches!(run.pending.as_ref().unwrap().action, Action::Wait { .. }));
    assert!(refused(&*slow, &run, json!({"waited_seconds": 60})).contains("goes on by itself"));
    answer_by(AnsweredBy::Server, &*slow, &mut run, Value::Null);
    let pending = run.pending.as_ref().unwrap();
    assert_eq!(pending.deadline.unwrap().duration_since(pending.since).as_secs(), 30);
}

#[test]
fn journals_that_no_run_can_have_written_are_damaged() {
    let plan = program(&Plan);
    let begun = plan.begin(start(json!({"task": "tea"})), env(1)).unwrap();
    assert!(Snapshot::fold(&[]).is_err());
    assert!(Snapshot::fold(&begun[1..]).is_err());
    assert!(Snapshot::fold([&begun[0], &begun[0]]).is_err());
    assert!(Snapshot::fold([&begun[0], &begun[1], &begun[1]]).is_err());
}

#[test]
fn events_and_snapshots_survive_json() {
    let plan = program(&Plan);
    let mut run = begin(&*plan, json!({"task": "tea"}));
    let events = answer(&*plan, &mut run, json!("green"));
    let text = serde_json::to_string(&events).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Event>>(&text).unwrap(), events);
    let text = serde_json::to_string(&run).unwrap();
    assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), run);
}

#[test]
fn a_null_that_was_returned_is_not_lost_on_its_way_through_json() {
    let begun = program(&Plan).begin(start(json!({"task": "tea"})), env(1)).unwrap();
    let completed = Event::Completed { result: Value::Null, at: env(1).now };
    let run = Snapshot::fold([&begun[0], &completed]).unwrap();
    assert_eq!(run.result, Some(Value::Null));
    let text = serde_json::to_string(&run).unwrap();
    assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), run, "{text}");
}
