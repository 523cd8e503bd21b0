//! Further attempts, the pauses before them, and what comes when there are no more.

use super::*;
use crate::machine::Status;

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

#[tokio::test]
async fn of_a_foreach_that_failed_only_the_failed_children_are_tried_again() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let children = json!([[{"ask": "a"}], [{"ask": "b"}, {"ask": "b2"}], [{"ask": "c"}]]);
    let each = json!({"each": children, "agent": "@task", "retry": retry(2, 10.0), "timeout": 60});
    let run = script(engine, json!([each])).await.run_id;
    answer(engine, &format!("{run}.s0.0"), "s0", json!("A")).await;
    answer(engine, &format!("{run}.s0.1"), "s0", json!("B")).await;
    fails(engine, &format!("{run}.s0.1"), "s1", "no leaves").await;
    fails(engine, &format!("{run}.s0.2"), "s0", "no water").await;
    let resting = engine.next(&run).await.unwrap();
    assert_eq!((resting.status, resting.retry_after_ms), (Status::Running, Some(10_000)));
    assert_eq!(engine.status(&run).await.unwrap().children.len(), 3);
    let by_hand = engine.retry(&format!("{run}.s0.1")).await;
    assert_eq!(refused(by_hand), "tried-again");
    bench.sleep(10);
    let again = engine.next(&run).await.unwrap();
    let step = again.step.as_ref().unwrap();
    assert_eq!((step.step_id.as_str(), step.attempt), ("s0#2", 2));
    let why = step.fields["last_error"].as_str().unwrap();
    assert!(why.starts_with("2 of 3 children failed: item 1"), "{why}");
    let ids: Vec<_> = children_ids(&again);
    assert_eq!(ids, [format!("{run}.s0.1"), format!("{run}.s0.2")]);
    assert_eq!(step.fields["remaining"], 0);
    // A look at a moment before does not start them again.
    bench.sleep(-5);
    engine.next(&run).await.unwrap();
    bench.sleep(5);
    assert_eq!(children_ids(&engine.next(&run).await.unwrap()), ids);
    // Each goes on from its own failed step.
    assert_eq!(step_id(&engine.next(&ids[0]).await.unwrap()), "s1#2");
    // The second attempt has its own deadline, and takes its children with it.
    bench.sleep(60);
    let end = engine.next(&run).await.unwrap();
    assert_eq!(failure(&end), "timeout");
    assert_eq!(engine.next(&ids[0]).await.unwrap().status, Status::Cancelled);
    let kept = engine.next(&format!("{run}.s0.0")).await.unwrap();
    assert_eq!(kept.result, Some(json!(["A"])));
    assert_eq!(timers(&bench), 0);
    bench.assert_folds();
    // Nothing is lost to somebody who takes it up by hand, either.
    engine.retry(&run).await.unwrap();
    answer(engine, &ids[0], "s1#3", json!("B2")).await;
    answer(engine, &ids[1], "s0#3", json!("C")).await;
    let done = engine.next(&run).await.unwrap();
    assert_eq!(done.result, Some(json!([[["A"], ["B", "B2"], ["C"]]])));
    bench.assert_folds();
}

#[tokio::test]
async fn children_that_are_tried_again_complete_their_step() {
    for options in [json!({"agent": "@task"}), json!({}), json!({"at_once": 1})] {
        let bench = Bench::new();
        let engine = &bench.engine;
        let mut each = json!({"each": [[{"ask": "a"}], [{"ask": "b"}]], "retry": retry(3, 0.0)});
        each.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        let run = script(engine, json!([each])).await.run_id;
        let (a, b) = (format!("{run}.s0.0"), format!("{run}.s0.1"));
        fails(engine, &a, "s0", "no leaves").await;
        answer(engine, &b, "s0", json!("B")).await;
        fails(engine, &a, "s0#2", "still none").await;
        let again = engine.next(&run).await.unwrap();
        assert_eq!(
            again.step.as_ref().unwrap().attempt,
            if options["agent"].is_null() { 1 } else { 3 }
        );
        answer(engine, &a, "s0#3", json!("A")).await;
        let done = engine.next(&run).await.unwrap();
        assert_eq!(done.result, Some(json!([[["A"], ["B"]]])));
        bench.assert_folds();
    }
}

#[tokio::test]
async fn a_child_whose_record_is_damaged_holds_up_no_further_attempt() {
    let bench = Bench::with(|options| options.cache_size = 0);
    let engine = &bench.engine;
    let children = json!([[{"ask": "a"}], [{"ask": "b"}]]);
    let each = json!({"each": children, "agent": "@task", "retry": retry(2, 0.0)});
    let run = script(engine, json!([each])).await.run_id;
    let (a, b) = (format!("{run}.s0.0"), format!("{run}.s0.1"));
    bench
        .store()
        .execute_batch(&format!(
            "UPDATE journal SET data = x'7b7d' WHERE run_id = '{a}';
             DELETE FROM snapshots WHERE run_id = '{a}'"
        ))
        .unwrap();
    assert_eq!(engine.next(&a).await.unwrap().status, Status::Quarantined);
    fails(engine, &b, "s0", "no water").await;
    answer(engine, &b, "s0#2", json!("B")).await;
    let end = engine.next(&run).await.unwrap();
    assert_eq!((end.status, failure(&end)), (Status::Failed, "children-failed"));
    assert_eq!(engine.next(&b).await.unwrap().result, Some(json!(["B"])));
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

#[tokio::test]
async fn a_command_takes_no_longer_for_the_pause_before_it() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let first = script(engine, json!([{"shell": "ls", "retry": retry(2, 10.0)}])).await;
    fails(engine, &first.run_id, "s0", "no shell").await;
    bench.sleep(10);
    let again = engine.next(&first.run_id).await.unwrap();
    bench.sleep(2);
    let end = answer_step(engine, &again, json!({"stdout": "a", "exit_code": 0})).await;
    assert_eq!(end.result.unwrap()[0]["duration"], 2.0);
}

#[tokio::test]
async fn a_wait_that_is_tried_again_is_not_over_before_its_pause() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let wait = json!({"wait": 10, "timeout": 2, "retry": retry(2, 30.0)});
    let run = script(engine, json!([wait])).await.run_id;
    bench.sleep(3);
    assert_eq!(engine.next(&run).await.unwrap().retry_after_ms, Some(30_000));
    bench.sleep(10);
    let resting = engine.next(&run).await.unwrap();
    assert_eq!((resting.status, resting.retry_after_ms), (Status::Running, Some(20_000)));
    bench.sleep(20);
    assert_eq!(engine.next(&run).await.unwrap().status, Status::Completed);
    assert_eq!(timers(&bench), 0);
    bench.assert_folds();
}
