//! Time: waits, deadlines, pauses before another attempt, and who applies what is due.

use std::time::Instant;

use super::*;
use crate::machine::Status;

async fn script(engine: &Embedded, steps: Value) -> Reply {
    start(engine, "test:script", json!({"steps": steps})).await
}

fn retry(attempts: u32, pause: f64) -> Value {
    json!({"max_attempts": attempts, "backoff_seconds": pause, "backoff_factor": 2.0})
}

async fn submit(
    engine: &Embedded,
    run_id: &str,
    step_id: &str,
    answer: Answer,
    by: AnsweredBy,
) -> Result<Reply, EngineError> {
    let (run_id, step_id) = (run_id.to_owned(), step_id.to_owned());
    engine.submit(Submission { run_id, step_id, answer, by }).await
}

async fn fails(engine: &Embedded, run_id: &str, step_id: &str, why: &str) -> Reply {
    let error = Answer::Error(why.to_owned());
    submit(engine, run_id, step_id, error, AnsweredBy::Agent).await.unwrap()
}

#[tokio::test]
async fn time_that_passed_counts_before_anything_is_told() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let reply = start(engine, "test:slow", json!({})).await;
    let run = reply.run_id.clone();
    assert_eq!(
        (reply.status, reply.step.as_ref().unwrap().kind.as_str()),
        (Status::Waiting, "wait")
    );
    assert_eq!(reply.retry_after_ms, Some(60_000));
    assert_eq!(refused(try_answer(engine, &run, "pause", json!({})).await), "not-answerable");
    bench.sleep(61);
    assert_eq!(step_id(&engine.next(&run).await.unwrap()), "ask");
    bench.sleep(29);
    assert_eq!(engine.status(&run).await.unwrap().status, Status::Waiting);
    bench.sleep(2);
    let status = engine.status(&run).await.unwrap();
    assert_eq!((status.status, status.position.as_deref()), (Status::Failed, Some("ask")));
    let error = status.error.unwrap();
    assert_eq!(error.code, "timeout");
    assert_eq!(error.message, "step `ask` timed out: no answer came within 30 seconds");
    assert_eq!(refused(try_answer(engine, &run, "ask", json!("late")).await), "too-late");
    bench.assert_folds();
}

#[tokio::test]
async fn an_answer_in_time_stops_the_clock() {
    let bench = Bench::new();
    let run = start(&bench.engine, "test:slow", json!({})).await.run_id;
    bench.sleep(60);
    bench.engine.next(&run).await.unwrap();
    let reply = answer(&bench.engine, &run, "ask", json!("here")).await;
    assert_eq!(reply.result, Some(json!(60.0)));
    bench.sleep(100);
    assert_eq!(bench.engine.next(&run).await.unwrap(), reply);
}

#[tokio::test]
async fn a_late_answer_is_refused_though_nobody_has_looked_since() {
    let bench = Bench::new();
    let reply = script(&bench.engine, json!([{"ask": "well?", "timeout": 30}])).await;
    bench.sleep(31);
    let run = &reply.run_id;
    assert_eq!(refused(try_answer(&bench.engine, run, "s0", json!("late")).await), "too-late");
    // The refusal does not take the failure back.
    assert_eq!(bench.engine.next(run).await.unwrap().status, Status::Failed);
    bench.assert_folds();
}

#[tokio::test]
async fn what_is_due_comes_before_a_cancellation_a_state_and_a_repeated_start() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let steps = json!({"steps": [{"wait": 10}]});
    let with_key =
        StartRequest { idempotency_key: Some("k".into()), ..request("test:script", steps) };
    let run = engine.start(with_key.clone()).await.unwrap().run_id;
    bench.sleep(11);
    let state = engine.state(&run, None).await.unwrap();
    assert_eq!(state.state["results"], json!([{"waited_seconds": 11.0}]));
    let run = script(engine, json!([{"wait": 10}])).await.run_id;
    bench.sleep(11);
    assert_eq!(engine.cancel(&run, None).await.unwrap().status, Status::Completed);
    let with_key = StartRequest { idempotency_key: Some("l".into()), ..with_key };
    engine.start(with_key.clone()).await.unwrap();
    bench.sleep(11);
    assert_eq!(engine.start(with_key).await.unwrap().status, Status::Completed);
}

#[tokio::test]
async fn a_wait_of_no_time_is_over_at_once() {
    let bench = Bench::new();
    let reply = script(&bench.engine, json!([{"wait": 0}, {"wait": 0}])).await;
    assert_eq!(reply.result, Some(json!([{"waited_seconds": 0.0}, {"waited_seconds": 0.0}])));
}

#[tokio::test]
async fn a_clock_that_goes_back_makes_things_late_and_nothing_twice() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let run = script(engine, json!([{"wait": 10}, {"ask": "?", "timeout": 10}])).await.run_id;
    bench.sleep(-3_600);
    assert_eq!(step_id(&engine.next(&run).await.unwrap()), "s0");
    bench.sleep(3_611);
    assert_eq!(step_id(&engine.next(&run).await.unwrap()), "s1");
    bench.sleep(-3_600);
    let reply = answer(engine, &run, "s1", json!("in time")).await;
    assert_eq!(reply.result, Some(json!([{"waited_seconds": 11.0}, "in time"])));
    bench.sleep(9_999);
    assert_eq!(engine.next(&run).await.unwrap(), reply);
    bench.assert_folds();
}

#[tokio::test]
async fn children_that_take_too_long_are_cancelled_with_their_step() {
    let bench = Bench::new();
    let engine = &bench.engine;
    for agent in [json!("@task"), Value::Null] {
        let children = json!([[{"ask": "a"}], [{"wait": 500}], [{"ask": "c"}]]);
        let each = json!({"each": children, "timeout": 100, "agent": agent, "at_once": 2});
        let run = script(engine, json!([each])).await.run_id;
        answer(engine, &format!("{run}.s0.0"), "s0", json!("A")).await;
        bench.sleep(101);
        // Whoever looks first: the child learns it as well.
        let child = engine.next(&format!("{run}.s0.2")).await.unwrap();
        assert_eq!((child.status, failure(&child)), (Status::Cancelled, "cancelled"));
        let parent = engine.next(&run).await.unwrap();
        assert_eq!(failure(&parent), "timeout");
        let message = &parent.error.as_ref().unwrap().message;
        assert_eq!(
            message,
            "step `s0` timed out: its child runs did not all end within 100 seconds"
        );
        let done = engine.next(&format!("{run}.s0.0")).await.unwrap();
        assert_eq!(done.status, Status::Completed);
    }
    assert_eq!(timers(&bench), 0);
    bench.assert_folds();
}

/// Rows of what is still to come due
fn timers(bench: &Bench) -> usize {
    bench.store().query_row("SELECT count(*) FROM timers", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_childs_wait_holds_up_no_sibling() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let children = json!([[{"wait": 100}], [{"wait": 50}], [{"ask": "c"}]]);
    let first = script(engine, json!([{"each": children}])).await;
    let step = first.step.as_ref().unwrap();
    assert_eq!((step.kind.as_str(), step.fields["message"].as_str()), ("prompt", Some("c")));
    let then = answer_step(engine, &first, json!("C")).await;
    assert_eq!(then.run_id, first.run_id);
    // Then the wait that is over first is shown.
    assert_eq!(then.step.as_ref().unwrap().run_id, format!("{}.s0.1", first.run_id));
    assert_eq!(then.retry_after_ms, Some(50_000));
    bench.sleep(100);
    let reply = engine.next(&first.run_id).await.unwrap();
    assert_eq!(reply.result.unwrap()[0][2], json!(["C"]));
}

#[tokio::test]
async fn only_the_user_answers_what_only_the_user_may() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let reply = script(engine, json!([{"ask": "sign?", "user_only": true}])).await;
    assert_eq!(reply.step.as_ref().unwrap().fields["answered_by"], "user");
    let run = &reply.run_id;
    for answer in [Answer::Result(json!("yes")), Answer::Error("no".to_owned())] {
        let error = submit(engine, run, "s0", answer, AnsweredBy::Agent).await.unwrap_err();
        assert_eq!(error.code, "user-only");
        assert!(error.help.contains(&format!("run --resume {run}")), "{}", error.help);
    }
    assert_eq!(&engine.next(run).await.unwrap(), &reply);
    let signed = Answer::Result(json!("yes"));
    let reply = submit(engine, run, "s0", signed, AnsweredBy::User).await.unwrap();
    assert_eq!(reply.status, Status::Completed);
    assert_eq!(answered_by(&bench, run), ["user"]);
}

/// Who gave the answers of a run, by its journal
fn answered_by(bench: &Bench, run_id: &str) -> Vec<String> {
    let db = bench.store();
    let sql = "SELECT data FROM journal WHERE run_id = ? AND kind = 'answered' ORDER BY seq";
    let mut journal = db.prepare(sql).unwrap();
    let events = journal.query_map([run_id], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    let by = events.map(|data| serde_json::from_slice::<Value>(&data.unwrap()).unwrap());
    by.map(|event| event["by"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn two_servers_apply_what_is_due_once() {
    let bench = Bench::new();
    let others = [bench.another(), bench.another()];
    let mut runs = Vec::new();
    for _ in 0..20 {
        let steps = json!([{"wait": 5}, {"tool": "memory.add",
            "parameters": {"category": "c", "content": "once"}}, {"wait": 500}]);
        runs.push(script(&bench.engine, steps).await.run_id);
    }
    bench.sleep(6);
    for run in &runs {
        let (one, two) = tokio::join!(others[0].next(run), others[1].next(run));
        assert_eq!((step_id(&one.unwrap()), step_id(&two.unwrap())), ("s2", "s2"));
    }
    let notes: usize =
        bench.store().query_row("SELECT count(*) FROM memory", [], |row| row.get(0)).unwrap();
    assert_eq!(notes, runs.len());
    bench.assert_folds();
}

/// The status that a run has in the store, though nobody asks the engine for it
fn stored_status(bench: &Bench, run_id: &str) -> String {
    let sql = "SELECT status FROM runs WHERE id = ?";
    bench.store().query_row(sql, [run_id], |row| row.get(0)).unwrap()
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let since = Instant::now();
    while !done() {
        assert!(since.elapsed() < Duration::from_secs(20), "{what} took too long");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_due_happens_though_nobody_asks() {
    let bench = Bench::with(|options| {
        options.tick = Some(Duration::from_hours(1));
        options.clock = Arc::new(crate::engine::SystemClock);
    });
    let run = script(&bench.engine, json!([{"wait": 0.05}])).await.run_id;
    until("the wait", || stored_status(&bench, &run) == "completed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_process_left_is_applied_by_another_however_much_it_is() {
    let bench = Bench::new();
    let mut runs = Vec::new();
    for _ in 0..250 {
        runs.push(script(&bench.engine, json!([{"wait": 5}])).await.run_id);
    }
    let mut options = options(&bench.folder, &bench.clock);
    options.tick = Some(Duration::from_millis(20));
    let _another = Embedded::open(sample::registry(), options).unwrap();
    bench.sleep(6);
    until("the waits", || runs.iter().all(|run| stored_status(&bench, run) == "completed"));
    bench.assert_folds();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_a_server_cannot_move_holds_up_no_other() {
    let bench = Bench::new();
    let lost = script(&bench.engine, json!([{"wait": 5}])).await.run_id;
    let sql = "UPDATE runs SET fingerprint = 'other' WHERE id = ?";
    bench.store().execute(sql, [&lost]).unwrap();
    let run = script(&bench.engine, json!([{"wait": 6}])).await.run_id;
    bench.sleep(7);
    let mut options = options(&bench.folder, &bench.clock);
    options.tick = Some(Duration::from_millis(20));
    let another = Embedded::open(sample::registry(), options).unwrap();
    until("the wait", || stored_status(&bench, &run) == "completed");
    assert_eq!(another.next(&lost).await.unwrap().status, Status::Incompatible);
    // Once its workflow is there, it goes on at the first look, not when the ticker looks again.
    let sql = "UPDATE runs SET fingerprint = 'test:script-f1' WHERE id = ?";
    bench.store().execute(sql, [&lost]).unwrap();
    assert_eq!(another.next(&lost).await.unwrap().status, Status::Completed);
}

#[tokio::test]
async fn a_step_that_failed_rests_and_is_handed_out_again() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let ask = json!({"ask": "well?", "timeout": 30, "retry": retry(3, 10.0)});
    let first = script(engine, json!([ask])).await;
    let run = first.run_id.clone();
    let resting = fails(engine, &run, "s0", "no kettle").await;
    assert_eq!((resting.status, &resting.step), (Status::Running, &None));
    assert_eq!(resting.retry_after_ms, Some(10_000));
    // The pause is the server's: there is nothing to answer yet.
    let error = try_answer(engine, &run, "s0#2", json!("early")).await.unwrap_err();
    assert_eq!(error.code, "not-pending");
    assert!(error.message.contains("`s0#2` is not handed out yet"), "{error}");
    assert!(error.message.contains("in 10.0 seconds"), "{error}");
    assert_eq!(engine.status(&run).await.unwrap().status, Status::Running);
    bench.sleep(9);
    assert_eq!(engine.next(&run).await.unwrap().retry_after_ms, Some(1_000));
    bench.sleep(1);
    let again = engine.next(&run).await.unwrap();
    let step = again.step.as_ref().unwrap();
    assert_eq!((again.status, step.step_id.as_str(), step.attempt), (Status::Waiting, "s0#2", 2));
    assert_eq!(
        (&step.fields["max_attempts"], &step.fields["message"]),
        (&json!(3), &json!("well?"))
    );
    assert_eq!(step.fields["last_error"], "no kettle");
    // The deadline counts from here, not from the failure.
    bench.sleep(29);
    assert_eq!(engine.next(&run).await.unwrap().step.unwrap().attempt, 2);
    bench.sleep(1);
    let resting = engine.next(&run).await.unwrap();
    assert_eq!((resting.status, resting.retry_after_ms), (Status::Running, Some(20_000)));
    bench.sleep(20);
    let reply = answer_step(engine, &engine.next(&run).await.unwrap(), json!("at last")).await;
    assert_eq!(reply.result, Some(json!(["at last"])));
    // What was told of the first attempt is told again.
    assert_eq!(fails(engine, &run, "s0", "no kettle").await, resting_of(&run, 10_000));
    assert_eq!(refused(try_answer(engine, &run, "s0", json!("late")).await), "already-answered");
    assert_eq!(refused(try_answer(engine, &run, "s0#2", json!("late")).await), "too-late");
    assert_eq!(answered_by(&bench, &run), ["agent", "server", "agent"]);
    bench.assert_folds();
}

/// The reply while the first step of a script rests
fn resting_of(run_id: &str, retry_after_ms: u64) -> Reply {
    Reply {
        run_id: run_id.to_owned(),
        workflow: "test:script".to_owned(),
        status: Status::Running,
        step: None,
        progress: Some(crate::reply::Progress { done: 0, total: 9 }),
        result: None,
        error: None,
        retry_after_ms: Some(retry_after_ms),
    }
}

#[tokio::test]
async fn the_last_attempt_fails_the_run_and_says_how_many_there_were() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let run = script(engine, json!([{"ask": "well?", "retry": retry(2, 0.0)}])).await.run_id;
    let again = fails(engine, &run, "s0", "no kettle").await;
    assert_eq!(step_id(&again), "s0#2");
    let end = fails(engine, &run, "s0#2", "no water").await;
    assert_eq!((end.status, failure(&end)), (Status::Failed, "agent-error"));
    assert_eq!(end.error.as_ref().unwrap().step_id.as_deref(), Some("s0#2"));
    bench.assert_folds();
}

/// A tool of the server that fails until the store has been given what it looks for
fn missing(pause: f64) -> Value {
    json!({"tool": "memory.save", "parameters": {"key": "k"}, "retry": retry(3, pause)})
}

#[tokio::test]
async fn a_tool_of_the_server_is_called_again_when_the_pause_is_over() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let resting = script(engine, json!([missing(10.0)])).await;
    assert_eq!((resting.status, resting.retry_after_ms), (Status::Running, Some(10_000)));
    let run = resting.run_id.clone();
    bench.sleep(10);
    let resting = engine.next(&run).await.unwrap();
    assert_eq!((resting.status, resting.retry_after_ms), (Status::Running, Some(20_000)));
    bench.sleep(20);
    let end = engine.next(&run).await.unwrap();
    assert_eq!((end.status, failure(&end)), (Status::Failed, "tool-failed"));
    assert_eq!(answered_by(&bench, &run), ["server"; 3]);
    assert_eq!(timers(&bench), 0);
    // Without a pause all attempts are made at once.
    let end = script(engine, json!([missing(0.0)])).await;
    assert_eq!(failure(&end), "tool-failed");
    assert_eq!(answered_by(&bench, &end.run_id).len(), 3);
    bench.assert_folds();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tool_is_called_again_though_nobody_asks() {
    let bench = Bench::with(|options| {
        options.tick = Some(Duration::from_hours(1));
        options.clock = Arc::new(crate::engine::SystemClock);
    });
    let run = script(&bench.engine, json!([missing(0.05)])).await.run_id;
    until("the attempts", || stored_status(&bench, &run) == "failed");
    assert_eq!(answered_by(&bench, &run).len(), 3);
}

#[tokio::test]
async fn a_foreach_that_failed_starts_new_children_after_its_pause() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let children = json!([[{"ask": "a"}], [{"ask": "b"}]]);
    let each = json!({"each": children, "agent": "@task", "retry": retry(2, 10.0), "timeout": 60});
    let run = script(engine, json!([each])).await.run_id;
    answer(engine, &format!("{run}.s0.0"), "s0", json!("A")).await;
    fails(engine, &format!("{run}.s0.1"), "s0", "no leaves").await;
    let resting = engine.next(&run).await.unwrap();
    assert_eq!((resting.status, resting.retry_after_ms), (Status::Running, Some(10_000)));
    assert_eq!(engine.status(&run).await.unwrap().children.len(), 2);
    bench.sleep(10);
    let again = engine.next(&run).await.unwrap();
    let step = again.step.as_ref().unwrap();
    assert_eq!((step.step_id.as_str(), step.attempt), ("s0#2", 2));
    let why = step.fields["last_error"].as_str().unwrap();
    assert_eq!(why, format!("1 of 2 children failed: item 1 (`{run}.s0.1`): no leaves"));
    let ids: Vec<_> = children_ids(&again);
    assert_eq!(ids, [format!("{run}.s0~2.0"), format!("{run}.s0~2.1")]);
    // A look at a moment before does not start them again.
    bench.sleep(-5);
    engine.next(&run).await.unwrap();
    bench.sleep(5);
    assert_eq!(children_ids(&engine.next(&run).await.unwrap()), ids);
    // The second attempt has its own deadline, and takes its children with it.
    bench.sleep(60);
    let end = engine.next(&run).await.unwrap();
    assert_eq!(failure(&end), "timeout");
    assert_eq!(engine.next(&ids[0]).await.unwrap().status, Status::Cancelled);
    let kept = engine.next(&format!("{run}.s0.0")).await.unwrap();
    assert_eq!(kept.result, Some(json!(["A"])));
    assert_eq!(timers(&bench), 0);
    bench.assert_folds();
}

fn children_ids(reply: &Reply) -> Vec<String> {
    children(reply).into_iter().map(|child| child.run_id).collect()
}

#[tokio::test]
async fn a_childs_pause_holds_up_no_sibling() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let children = json!([[{"ask": "a", "retry": retry(2, 30.0)}], [{"ask": "b"}]]);
    let first = script(engine, json!([{"each": children}])).await;
    let run = first.run_id.clone();
    let second = fails(engine, &format!("{run}.s0.0"), "s0", "not now").await;
    assert_eq!(second.step.as_ref().unwrap().run_id, format!("{run}.s0.1"));
    let resting = answer_step(engine, &second, json!("B")).await;
    assert_eq!((resting.status, resting.retry_after_ms), (Status::Running, Some(30_000)));
    bench.sleep(30);
    let again = engine.next(&run).await.unwrap();
    assert_eq!(again.step.as_ref().unwrap().attempt, 2);
    let end = answer_step(engine, &again, json!("A")).await;
    assert_eq!(end.result, Some(json!([[["A"], ["B"]]])));
}

#[tokio::test]
async fn what_was_missed_while_no_server_ran_is_made_up_for_in_its_order() {
    let mut bench = Bench::new();
    let steps = json!([{"ask": "well?", "timeout": 10, "retry": retry(2, 5.0)}]);
    let run = script(&bench.engine, steps).await.run_id;
    bench.kill();
    bench.sleep(1_000);
    // The first attempt is late; the second begins to count only now.
    let resting = bench.engine.next(&run).await.unwrap();
    assert_eq!((resting.status, resting.retry_after_ms), (Status::Running, Some(5_000)));
    bench.kill();
    bench.sleep(14);
    assert_eq!(bench.engine.next(&run).await.unwrap().step.unwrap().attempt, 2);
    bench.sleep(1);
    assert_eq!(failure(&bench.engine.next(&run).await.unwrap()), "timeout");
    bench.assert_folds();
}

#[tokio::test]
async fn what_comes_after_a_failure_is_waited_for_like_anything_else() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let late = json!({"ask": "well?", "timeout": 10, "on_error": "continue",
        "retry": retry(2, 0.0)});
    let first = script(engine, json!([late, {"wait": 5}, missing(5.0), {"ask": "?"}])).await;
    bench.sleep(10);
    assert_eq!(step_id(&engine.next(&first.run_id).await.unwrap()), "s0#2");
    bench.sleep(10);
    assert_eq!(step_id(&engine.next(&first.run_id).await.unwrap()), "s1");
    let state = engine.state(&first.run_id, None).await.unwrap().state;
    let error = &state["results"][0];
    assert_eq!((&error["code"], &error["attempts"]), (&json!("timeout"), &json!(2)));
    assert_eq!(error["step_id"], "s0#2");
    assert_eq!(refused(try_answer(engine, &first.run_id, "s0#2", json!("late")).await), "too-late");
    bench.sleep(5);
    assert_eq!(engine.next(&first.run_id).await.unwrap().retry_after_ms, Some(5_000));
    bench.assert_folds();
}

#[tokio::test]
async fn a_pause_of_less_than_a_microsecond_is_a_pause() {
    let bench = Bench::new();
    let resting = script(&bench.engine, json!([missing(1e-7)])).await;
    assert_eq!((resting.status, resting.retry_after_ms), (Status::Running, Some(0)));
    bench.sleep(1);
    bench.engine.next(&resting.run_id).await.unwrap();
    bench.sleep(1);
    let end = bench.engine.next(&resting.run_id).await.unwrap();
    assert_eq!(failure(&end), "tool-failed");
}
