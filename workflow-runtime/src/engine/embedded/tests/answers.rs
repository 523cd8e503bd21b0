//! One run at a time: its life, and answers that are doubled, wrong or late.

use super::*;
use crate::machine::Status;
use crate::reply::Progress;

#[tokio::test]
async fn a_run_lives_from_start_to_end() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let reply = start(engine, "test:plan", tea()).await;
    assert_eq!((reply.status, step_id(&reply)), (Status::Waiting, "ask"));
    let step = reply.step.as_ref().unwrap();
    assert_eq!((step.kind.as_str(), step.attempt), ("prompt", 1));
    assert_eq!(step.fields["message"], "what about \"tea\"");
    assert_eq!(reply.progress, Some(Progress { done: 0, total: 5 }));
    let run = reply.run_id.clone();
    assert_eq!(engine.next(&run).await.unwrap(), reply);
    assert_eq!(engine.next(&run).await.unwrap(), reply);

    let reply = answer(engine, &run, "ask", json!("again")).await;
    assert_eq!(step_id(&reply), "ask#2");
    let reply = answer(engine, &run, "ask#2", json!("green")).await;
    assert_eq!(step_id(&reply), "approve");
    assert_eq!(reply.progress, Some(Progress { done: 3, total: 5 }));
    let state = engine.state(&run, Some(vec!["asked".to_owned()])).await.unwrap();
    assert_eq!(Value::Object(state.state), json!({"asked": 2}));

    let reply = answer(engine, &run, "approve", json!({"confirmed": true})).await;
    assert_eq!(reply.status, Status::Completed);
    assert_eq!(reply.result.as_ref().unwrap()["approval"], json!({"confirmed": true}));
    assert_eq!(reply.progress, Some(Progress { done: 5, total: 5 }));
    assert_eq!(engine.next(&run).await.unwrap(), reply);
    bench.assert_folds();
}

#[tokio::test]
async fn the_stem_of_the_file_names_a_workflow_too() {
    let bench = Bench::new();
    let reply = start(&bench.engine, "file-of-test:plan", tea()).await;
    assert_eq!(reply.workflow, "test:plan");
}

#[tokio::test]
async fn what_cannot_start_says_why_and_leaves_nothing() {
    let bench = Bench::new();
    let try_start = |name, inputs| bench.engine.start(request(name, inputs));
    let error = try_start("test:plam", tea()).await.unwrap_err();
    assert_eq!(error.code, "unknown-workflow");
    assert!(error.help.contains("`test:plan`"), "{}", error.help);
    assert_eq!(refused(try_start("test:fan/each", json!({})).await), "unknown-workflow");
    assert_eq!(refused(try_start("test:plan", json!({})).await), "invalid-inputs");
    let runs: i64 =
        bench.store().query_row("SELECT count(*) FROM runs", [], |row| row.get(0)).unwrap();
    assert_eq!(runs, 0);
}

#[tokio::test]
async fn the_same_answer_again_gets_the_same_reply_however_late() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let run = start(engine, "test:plan", tea()).await.run_id;
    let first = answer(engine, &run, "ask", json!("again")).await;
    assert_eq!(answer(engine, &run, "ask", json!("again")).await, first);
    let second = answer(engine, &run, "ask#2", json!("green")).await;
    assert_eq!(answer(engine, &run, "ask", json!("again")).await, first);
    let last = answer(engine, &run, "approve", json!({"confirmed": false})).await;
    assert_eq!(answer(engine, &run, "ask", json!("again")).await, first);
    assert_eq!(answer(engine, &run, "ask#2", json!("green")).await, second);
    assert_eq!(answer(engine, &run, "approve", json!({"confirmed": false})).await, last);
    bench.assert_folds();
}

#[tokio::test]
async fn wrong_answers_are_refused_and_the_run_stays() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let before = start(engine, "test:plan", tea()).await;
    let run = &before.run_id;
    assert_eq!(refused(try_answer(engine, run, "ask", json!(1)).await), "result-mismatch");
    let error = try_answer(engine, run, "approve", json!(1)).await.unwrap_err();
    assert_eq!(error.code, "not-pending");
    assert!(error.message.contains("`ask` is"), "{error}");
    assert_eq!(refused(try_answer(engine, "nobody", "ask", json!("x")).await), "unknown-run");
    assert_eq!(refused(engine.next("nobody").await), "unknown-run");
    assert_eq!(&engine.next(run).await.unwrap(), &before);

    answer(engine, run, "ask", json!("green")).await;
    assert_eq!(refused(try_answer(engine, run, "ask", json!("black")).await), "already-answered");
    answer(engine, run, "approve", json!({"confirmed": true})).await;
    let error = try_answer(engine, run, "ask#2", json!("x")).await.unwrap_err();
    assert_eq!(error.code, "not-waiting");
    assert!(error.message.contains("completed"), "{error}");
}

#[tokio::test]
async fn an_agents_error_fails_the_run_and_can_be_told_twice() {
    let bench = Bench::new();
    let run_id = start(&bench.engine, "test:plan", tea()).await.run_id;
    let submission = Submission {
        run_id,
        step_id: "ask".to_owned(),
        answer: Answer::Error("no kettle".to_owned()),
        by: AnsweredBy::Agent,
    };
    let reply = bench.engine.submit(submission.clone()).await.unwrap();
    assert_eq!((reply.status, failure(&reply)), (Status::Failed, "agent-error"));
    assert_eq!(reply.error.as_ref().unwrap().step_id.as_deref(), Some("ask"));
    assert_eq!(bench.engine.submit(submission).await.unwrap(), reply);
}

#[tokio::test]
async fn a_cancelled_run_stays_cancelled() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let run = start(engine, "test:plan", tea()).await.run_id;
    let reply = engine.cancel(&run, Some("enough".to_owned())).await.unwrap();
    assert_eq!((reply.status, failure(&reply)), (Status::Cancelled, "cancelled"));
    assert_eq!(reply.error.as_ref().unwrap().message, "enough");
    assert_eq!(engine.cancel(&run, Some("other".to_owned())).await.unwrap(), reply);
    assert_eq!(refused(try_answer(engine, &run, "ask", json!("x")).await), "not-waiting");
    assert_eq!(refused(engine.cancel("nobody", None).await), "unknown-run");
    bench.assert_folds();
}

#[tokio::test]
async fn an_idempotency_key_starts_one_run() {
    let bench = Bench::new();
    let with_key = |inputs| StartRequest {
        idempotency_key: Some("k1".to_owned()),
        ..request("test:plan", inputs)
    };
    let first = bench.engine.start(with_key(json!({"task": "tea", "tone": "dry"}))).await.unwrap();
    let again = bench.engine.start(with_key(json!({"tone": "dry", "task": "tea"}))).await.unwrap();
    assert_eq!(again, first);
    let other = bench.engine.start(with_key(json!({"task": "milk"}))).await;
    assert_eq!(refused(other), "idempotency-conflict");
}

#[tokio::test]
async fn only_so_many_runs_may_be_unfinished() {
    let bench = Bench::with(|options| options.limits.set(Limit::Runs, 2).unwrap());
    let engine = &bench.engine;
    let run = start(engine, "test:plan", tea()).await.run_id;
    start(engine, "test:plan", tea()).await;
    let error = engine.start(request("test:plan", tea())).await.unwrap_err();
    assert_eq!(error.code, "too-many-runs");
    assert!(error.help.contains("MAX_CONCURRENT_WORKFLOWS"));
    engine.cancel(&run, None).await.unwrap();
    start(engine, "test:plan", tea()).await;
}
