//! The limits of runs: each is reached, who reaches it is told which and how it is raised, and with
//! more room the same run goes through.

use super::*;
use crate::machine::{RunError, Status};

fn told(reply: &Reply) -> &RunError {
    assert_eq!(reply.status, Status::Failed, "{reply:?}");
    reply.error.as_ref().unwrap()
}

/// A bench with one limit set
fn limited(limit: Limit, value: u64) -> Bench {
    Bench::with(|options| options.limits.set(limit, value).unwrap())
}

/// A run that trips a limit as it is set is told so; a server that allows more takes it up again,
/// and it ends as it should
async fn trips(limit: Limit, [tight, wide]: [u64; 2], code: &str, run: (&str, Value)) -> Reply {
    let mut bench = limited(limit, tight);
    let failed = start(&bench.engine, run.0, run.1.clone()).await;
    let error = told(&failed);
    assert_eq!(error.code, code, "{error:?}");
    let help = error.help.as_ref().unwrap();
    let (variable, flag) = (limit.variable(), limit.flag());
    let setting = format!("raise {variable} (`--{flag}`), which is {tight}");
    assert!(help.contains(&setting) && help.contains("runs retry"), "{error:?}");
    assert!(error.message.contains(&tight.to_string()), "{error:?}");
    let again = bench.engine.retry(&failed.run_id).await.unwrap();
    assert_eq!(told(&again).code, code, "it was not raised");

    let mut options = options(&bench.folder, &bench.clock);
    options.limits.set(limit, wide).unwrap();
    bench.engine = Embedded::open(sample::registry(), options).unwrap();
    let retried = bench.engine.retry(&failed.run_id).await.unwrap();
    let fresh = start(&bench.engine, run.0, run.1).await;
    assert_eq!((retried.status, &retried.result), (fresh.status, &fresh.result));
    bench.assert_folds();
    retried
}

/// A script of so many levels of child runs
fn nested(levels: usize) -> Value {
    match levels {
        0 => json!([]),
        _ => json!([{"each": [nested(levels - 1)]}]),
    }
}

#[tokio::test]
async fn children_are_nested_five_deep_and_no_deeper() {
    let bench = Bench::new();
    assert_eq!(script(&bench.engine, nested(5)).await.status, Status::Completed);
    let reply = script(&bench.engine, nested(6)).await;
    let error = told(&reply);
    assert!(error.message.contains("nested more than 5 deep"), "{error:?}");
    bench.assert_folds();
}

#[tokio::test]
async fn how_deep_children_are_nested_can_be_set() {
    let mut bench = limited(Limit::Depth, 1);
    let failed = script(&bench.engine, nested(2)).await;
    let (parent, child) = (told(&failed), format!("{}.s0.0", failed.run_id));
    assert!(parent.message.contains("nested more than 1 deep"), "{parent:?}");
    let report = bench.engine.status(&child).await.unwrap();
    let help = report.error.unwrap().help.unwrap();
    assert!(help.contains("raise MAX_CHILD_DEPTH (`--max-child-depth`), which is 1"), "{help}");
    let mut options = options(&bench.folder, &bench.clock);
    options.limits.set(Limit::Depth, 2).unwrap();
    bench.engine = Embedded::open(sample::registry(), options).unwrap();
    let retried = bench.engine.retry(&failed.run_id).await.unwrap();
    assert_eq!(retried.status, Status::Completed, "{retried:?}");
    bench.assert_folds();
}

#[tokio::test]
async fn a_step_has_ten_thousand_children_and_no_more() {
    let bench = Bench::new();
    let items: Vec<usize> = (0..10_001).collect();
    let reply = start(&bench.engine, "test:fan", json!({"items": items})).await;
    let error = told(&reply);
    assert_eq!(error.code, "too-many-children");
    assert!(error.message.contains("10001 items, 10000 is the limit"), "{error:?}");
    assert!(error.help.as_ref().unwrap().contains("batch"), "{error:?}");
}

#[tokio::test]
async fn how_many_children_a_step_has_can_be_set() {
    let fan = ("test:fan", json!({"items": ["auto", "auto", "auto"]}));
    let done = trips(Limit::Children, [2, 3], "too-many-children", fan).await;
    assert_eq!(done.result.unwrap().as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_hundred_children_are_under_way_at_once_and_no_more() {
    let bench = Bench::new();
    let items: Vec<usize> = (0..130).collect();
    let inputs = json!({"items": items, "agent": "@task", "at_once": 500});
    let reply = start(&bench.engine, "test:fan", inputs).await;
    assert_eq!(children(&reply).len(), 100);
    assert_eq!(reply.step.unwrap().fields["remaining"], 30);
}

#[tokio::test]
async fn how_many_children_are_under_way_at_once_can_be_set() {
    for (at_once, begun) in [(2, 2), (9, 5)] {
        let bench = limited(Limit::ChildrenAtOnce, at_once);
        let inputs = json!({"items": [1, 2, 3, 4, 5, 6], "agent": "@task", "at_once": 5});
        let reply = start(&bench.engine, "test:fan", inputs).await;
        assert_eq!(children(&reply).len(), begun);
    }
}

#[tokio::test]
async fn how_large_a_state_is_can_be_set() {
    let bench = limited(Limit::State, 1);
    let text = "x".repeat(1_500);
    let run = script(&bench.engine, json!([{"ask": "a long story?"}])).await.run_id;
    let failed = answer(&bench.engine, &run, "s0", json!(text)).await;
    let error = told(&failed);
    assert_eq!(error.code, "state-too-large");
    assert!(error.message.contains("1 KiB is the limit"), "{error:?}");
    let help = error.help.as_ref().unwrap();
    assert!(help.contains("raise MAX_STATE_KIB (`--max-state-kib`), which is 1"), "{help}");
    let mut options = options(&bench.folder, &bench.clock);
    options.limits.set(Limit::State, 2).unwrap();
    let wider = Embedded::open(sample::registry(), options).unwrap();
    let retried = wider.retry(&run).await.unwrap();
    assert_eq!((retried.status, retried.result), (Status::Completed, Some(json!([text]))));
    bench.assert_folds();
}

#[tokio::test]
async fn how_many_steps_run_between_two_waits_can_be_set() {
    let count = ("test:count", json!({"to": 10}));
    let done = trips(Limit::StepsBetweenWaits, [19, 20], "too-many-steps", count).await;
    assert_eq!(done.result, Some(json!(10)));
}

#[tokio::test]
async fn how_many_steps_a_run_takes_can_be_set() {
    let count = ("test:count", json!({"to": 10}));
    let done = trips(Limit::Steps, [18, 1_000], "too-many-steps", count).await;
    assert_eq!(done.result, Some(json!(10)));
}

#[tokio::test]
async fn how_long_a_message_is_can_be_set() {
    let tell = ("test:tell", json!({"kib": 3}));
    let waits = trips(Limit::Message, [2, 3], "message-too-large", tell).await;
    assert_eq!(waits.status, Status::Waiting);
}

#[tokio::test]
async fn how_many_runs_are_under_way_can_be_set() {
    let bench = limited(Limit::Runs, 1);
    start(&bench.engine, "test:plan", tea()).await;
    let error = bench.engine.start(request("test:plan", tea())).await.unwrap_err();
    assert_eq!(error.code, "too-many-runs");
    assert!(error.message.contains("the limit of 1 unfinished run"), "{error}");
    let setting = "raise MAX_CONCURRENT_WORKFLOWS (`--max-concurrent-workflows`), which is 1";
    assert!(error.help.contains(setting), "{error:?}");
}
