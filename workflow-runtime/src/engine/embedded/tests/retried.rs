//! Failed runs taken up again.

use super::*;
use crate::machine::Status;

async fn take_up(bench: &Bench, run_id: &str) -> Reply {
    bench.engine.retry(run_id).await.unwrap()
}

fn unfinished(bench: &Bench) -> i64 {
    let sql = "SELECT value FROM counts WHERE name = 'unfinished_runs'";
    bench.store().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// A run that waits for children, of which the middle one has failed at its second step
async fn with_a_failed_child(bench: &Bench, options: Value) -> String {
    let mut each = json!({"each": [[{"ask": "a"}], [{"ask": "b"}, {"ask": "b2"}], [{"ask": "c"}]]});
    each.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let run = script(&bench.engine, json!([each, {"ask": "last"}])).await.run_id;
    let child = |index: usize| format!("{run}.s0.{index}");
    answer(&bench.engine, &child(0), "s0", json!("A")).await;
    answer(&bench.engine, &child(1), "s0", json!("B")).await;
    fails(&bench.engine, &child(1), "s1", "no network").await;
    answer(&bench.engine, &child(2), "s0", json!("C")).await;
    let failed = bench.engine.next(&run).await.unwrap();
    assert_eq!((failed.status, failure(&failed)), (Status::Failed, "children-failed"));
    run
}

#[tokio::test]
async fn a_step_that_failed_is_handed_out_again() {
    let bench = Bench::new();
    let run =
        script(&bench.engine, json!([{"ask": "a"}, {"ask": "b", "timeout": 60}])).await.run_id;
    answer(&bench.engine, &run, "s0", json!("A")).await;
    let failed = fails(&bench.engine, &run, "s1", "no network").await;
    assert!(failed.error.as_ref().unwrap().help.as_ref().unwrap().contains("runs retry"));
    assert_eq!((unfinished(&bench), timers(&bench)), (0, 0));
    bench.sleep(1_000);

    let again = take_up(&bench, &run).await;
    assert_eq!((again.status, step_id(&again)), (Status::Waiting, "s1#2"));
    assert_eq!(again.error, None);
    let step = again.step.as_ref().unwrap();
    assert_eq!(
        (&step.fields["message"], &step.fields["last_error"]),
        (&json!("b"), &json!("no network"))
    );
    assert_eq!((unfinished(&bench), timers(&bench)), (1, 1));
    // A lost reply: the call is repeated, and so is the answer to the hand-out that failed.
    assert_eq!(take_up(&bench, &run).await, again);
    assert_eq!(fails(&bench.engine, &run, "s1", "no network").await, failed);
    assert_eq!(
        refused(try_answer(&bench.engine, &run, "s1", json!("B")).await),
        "already-answered"
    );

    let done = answer(&bench.engine, &run, "s1#2", json!("B")).await;
    assert_eq!(done.result, Some(json!(["A", "B"])));
    assert_eq!(unfinished(&bench), 0);
    assert_eq!(bench.engine.retry(&run).await.unwrap_err().code, "not-failed");
    bench.assert_folds();
}

#[tokio::test]
async fn only_the_children_that_failed_are_done_again_each_from_its_failed_step() {
    for options in [json!({"agent": "@task"}), json!({})] {
        let bench = Bench::new();
        let run = with_a_failed_child(&bench, options).await;
        let again = take_up(&bench, &run).await;
        assert_eq!(again.status, Status::Waiting);
        let child = format!("{run}.s0.1");
        let standing = bench.engine.status(&run).await.unwrap();
        let words: Vec<_> = standing.children.iter().map(|child| child.status.as_str()).collect();
        assert_eq!((words[0], words[2]), ("completed", "completed"));
        assert!(matches!(words[1], "waiting" | "running"), "{words:?}");
        let step = bench.engine.next(&child).await.unwrap();
        assert_eq!(step_id(&step), "s1#2");
        answer(&bench.engine, &child, "s1#2", json!("B2")).await;
        let last = bench.engine.next(&run).await.unwrap();
        assert_eq!(step_id(&last), "s1");
        let done = answer(&bench.engine, &run, "s1", json!("end")).await;
        assert_eq!(done.result, Some(json!([[["A"], ["B", "B2"], ["C"]], "end"])));
        bench.assert_folds();
    }
}

#[tokio::test]
async fn children_taken_up_again_wait_for_their_turn() {
    let bench = Bench::new();
    let scripts = json!([[{"ask": "a"}], [{"ask": "b"}], [{"ask": "c"}]]);
    let each = json!({"each": scripts, "agent": "@task", "at_once": 1, "timeout": 60});
    let run = script(&bench.engine, json!([each])).await.run_id;
    fails(&bench.engine, &format!("{run}.s0.0"), "s0", "no network").await;
    // The second is under way, the third has not begun.
    bench.sleep(61);
    let late = bench.engine.next(&run).await.unwrap();
    assert_eq!((late.status, failure(&late)), (Status::Failed, "timeout"));

    let again = take_up(&bench, &run).await;
    let under_way = children(&again);
    assert_eq!((under_way.len(), under_way[0].index), (1, 0));
    assert_eq!(again.step.as_ref().unwrap().fields["remaining"], 2);
    for (index, step) in [(0, "s0#2"), (1, "s0#2"), (2, "s0")] {
        let child = format!("{run}.s0.{index}");
        assert_eq!(step_id(&bench.engine.next(&child).await.unwrap()), step);
        answer(&bench.engine, &child, step, json!(index.to_string())).await;
    }
    let done = bench.engine.next(&run).await.unwrap();
    assert_eq!(done.result, Some(json!([[["0"], ["1"], ["2"]]])));
    bench.assert_folds();
}

#[tokio::test]
async fn a_child_queued_again_is_called_off_with_its_parent() {
    let bench = Bench::new();
    let each = json!({"each": [[{"ask": "a"}], [{"ask": "b"}]], "agent": "@task", "at_once": 1});
    let run = script(&bench.engine, json!([each])).await.run_id;
    for index in 0..2 {
        fails(&bench.engine, &format!("{run}.s0.{index}"), "s0", "no network").await;
    }
    take_up(&bench, &run).await;
    assert_eq!(bench.engine.next(&format!("{run}.s0.1")).await.unwrap().status, Status::Running);
    bench.engine.cancel(&run, None).await.unwrap();
    assert_eq!(stored_status(&bench, &format!("{run}.s0.0")), "cancelled");
    assert_eq!(stored_status(&bench, &format!("{run}.s0.1")), "failed");
    assert_eq!(unfinished(&bench), 0);
    assert_eq!(bench.engine.retry(&run).await.unwrap_err().code, "not-failed");
    bench.assert_folds();
}

#[tokio::test]
async fn a_failed_child_is_taken_up_by_itself_while_its_parent_waits() {
    let bench = Bench::new();
    let each = json!({"each": [[{"ask": "a"}], [{"ask": "b"}]], "agent": "@task"});
    let run = script(&bench.engine, json!([each])).await.run_id;
    let (a, b) = (format!("{run}.s0.0"), format!("{run}.s0.1"));
    fails(&bench.engine, &a, "s0", "no network").await;
    assert_eq!(step_id(&take_up(&bench, &a).await), "s0#2");
    answer(&bench.engine, &b, "s0", json!("B")).await;
    assert_eq!(bench.engine.next(&run).await.unwrap().status, Status::Waiting);
    fails(&bench.engine, &a, "s0#2", "no network").await;
    assert_eq!(bench.engine.next(&run).await.unwrap().status, Status::Failed);
    let error = bench.engine.retry(&a).await.unwrap_err();
    assert_eq!(error.code, "parent-gone-on");
    assert!(error.help.contains(&format!("runs retry {run}")), "{error:?}");
    take_up(&bench, &run).await;
    answer(&bench.engine, &a, "s0#3", json!("A")).await;
    assert_eq!(bench.engine.next(&run).await.unwrap().result, Some(json!([[["A"], ["B"]]])));
    bench.assert_folds();
}

#[tokio::test]
async fn a_child_taken_up_by_itself_waits_for_its_turn() {
    let bench = Bench::new();
    let each = json!({"each": [[{"ask": "a"}], [{"ask": "b"}]], "agent": "@task", "at_once": 1});
    let run = script(&bench.engine, json!([each])).await.run_id;
    let (a, b) = (format!("{run}.s0.0"), format!("{run}.s0.1"));
    fails(&bench.engine, &a, "s0", "no network").await;
    // The second is under way by now, and there is no room for two.
    let queued = take_up(&bench, &a).await;
    assert_eq!((queued.status, &queued.step), (Status::Running, &None));
    assert_eq!(children(&bench.engine.next(&run).await.unwrap()).len(), 1);
    answer(&bench.engine, &b, "s0", json!("B")).await;
    answer(&bench.engine, &a, "s0#2", json!("A")).await;
    assert_eq!(bench.engine.next(&run).await.unwrap().result, Some(json!([[["A"], ["B"]]])));
    bench.assert_folds();
}

#[tokio::test]
async fn calling_off_a_child_queued_again_makes_no_room() {
    let bench = Bench::new();
    let scripts = json!([[{"ask": "a"}], [{"ask": "b"}], [{"ask": "c"}]]);
    let each = json!({"each": scripts, "agent": "@task", "at_once": 1});
    let run = script(&bench.engine, json!([each])).await.run_id;
    for index in 0..3 {
        fails(&bench.engine, &format!("{run}.s0.{index}"), "s0", "no network").await;
    }
    take_up(&bench, &run).await;
    bench.engine.cancel(&format!("{run}.s0.1"), None).await.unwrap();
    let under_way = children(&bench.engine.next(&run).await.unwrap());
    assert_eq!(under_way.iter().map(|child| child.index).collect::<Vec<_>>(), [0]);
    bench.assert_folds();
}

#[tokio::test]
async fn grandchildren_are_taken_up_from_where_they_failed() {
    let bench = Bench::new();
    let inner = json!([{"each": [[{"ask": "x"}, {"ask": "y"}]]}]);
    let run = script(&bench.engine, json!([{"each": [inner, [{"ask": "z"}]]}])).await.run_id;
    let deep = format!("{run}.s0.0.s0.0");
    answer(&bench.engine, &deep, "s0", json!("X")).await;
    fails(&bench.engine, &deep, "s1", "no network").await;
    answer(&bench.engine, &format!("{run}.s0.1"), "s0", json!("Z")).await;
    assert_eq!(bench.engine.next(&run).await.unwrap().status, Status::Failed);
    let again = take_up(&bench, &run).await;
    assert_eq!((step_id(&again), &again.step.as_ref().unwrap().run_id), ("s1#2", &deep));
    let done = answer(&bench.engine, &deep, "s1#2", json!("Y")).await;
    assert_eq!(done.result, Some(json!([[[[["X", "Y"]]], ["Z"]]])));
    bench.assert_folds();
}

#[tokio::test]
async fn what_failed_after_an_answer_takes_that_answer_again() {
    let bench = Bench::new();
    let run = start(&bench.engine, "test:plan", tea()).await.run_id;
    answer(&bench.engine, &run, "ask", json!("again")).await;
    let failed = answer(&bench.engine, &run, "ask#2", json!("panic")).await;
    assert_eq!(failure(&failed), "panic");
    let again = take_up(&bench, &run).await;
    // Nothing has changed, so it fails again; what it had counted was undone.
    assert_eq!((again.status, failure(&again)), (Status::Failed, "panic"));
    let state = bench.engine.state(&run, None).await.unwrap().state;
    assert_eq!(state["asked"], 2);
    assert_eq!(unfinished(&bench), 0);
    bench.assert_folds();
}

#[tokio::test]
async fn what_failed_before_it_ever_waited_begins_again() {
    let bench = Bench::new();
    let failed = start(&bench.engine, "test:plan", json!({"task": "fault"})).await;
    assert_eq!(failed.status, Status::Failed);
    let again = take_up(&bench, &failed.run_id).await;
    assert_eq!(failure(&again), "index-out-of-range");
    bench.assert_folds();
}

#[tokio::test]
async fn a_tool_is_called_again_once_it_can_succeed() {
    let bench = Bench::new();
    let long = json!([{"tool": "memory.save", "parameters": {"key": "k"}}]);
    let failed = script(&bench.engine, long).await;
    assert_eq!(failed.status, Status::Failed);
    let again = take_up(&bench, &failed.run_id).await;
    assert_eq!(again.status, Status::Failed);
    assert_eq!(answered_by(&bench, &failed.run_id), ["server", "server"]);
    bench.assert_folds();
}

#[tokio::test]
async fn a_wait_that_timed_out_is_waited_anew() {
    let bench = Bench::new();
    let run = script(&bench.engine, json!([{"wait": 60, "timeout": 30}])).await.run_id;
    bench.sleep(31);
    assert_eq!(failure(&bench.engine.next(&run).await.unwrap()), "timeout");
    bench.sleep(1_000);
    let again = take_up(&bench, &run).await;
    assert_eq!(again.step.as_ref().unwrap().fields["seconds_left"], 60);
    bench.sleep(29);
    assert_eq!(bench.engine.next(&run).await.unwrap().status, Status::Waiting);
}

#[tokio::test]
async fn the_limit_of_unfinished_runs_holds_for_those_taken_up_again() {
    let bench = Bench::with(|options| options.limits.set(Limit::Runs, 1).unwrap());
    let run = script(&bench.engine, json!([{"ask": "a"}])).await.run_id;
    fails(&bench.engine, &run, "s0", "no network").await;
    let other = start(&bench.engine, "test:plan", tea()).await.run_id;
    assert_eq!(bench.engine.retry(&run).await.unwrap_err().code, "too-many-runs");
    bench.engine.cancel(&other, None).await.unwrap();
    assert_eq!(take_up(&bench, &run).await.status, Status::Waiting);
    assert_eq!(bench.engine.retry("no-run").await.unwrap_err().code, "unknown-run");
}
