//! Time: waits and deadlines, and who may answer.

use super::*;
use crate::machine::Status;

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
    let answers = engine.status(run).await.unwrap().user_answers;
    assert_eq!((answers.len(), answers[0].step_id.as_str()), (1, "s0"));
    assert_eq!(answers[0].by, AnsweredBy::User);
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
