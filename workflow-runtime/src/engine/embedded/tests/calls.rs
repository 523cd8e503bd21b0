//! Calls to other servers: made outside of all transactions, once, whatever happens in between.

use std::time::Instant;

use super::super::world::World;
use super::super::{tables, ticker};
use super::outside::Outside;
use super::*;
use crate::engine::embedded::calls::Call;
use crate::machine::{RunError, Status};

/// A bench whose engine can call the server `out`; nothing is called before the test says so
struct Calls {
    bench: Bench,
    outside: Arc<Outside>,
}

impl Calls {
    fn new() -> Self {
        let outside = Arc::<Outside>::default();
        let bench = Bench::with(|options| options.connectors = outside.connectors());
        Self { bench, outside }
    }

    /// Another server on the store, which cannot call anybody
    fn without(&self) -> Embedded {
        let options = options(&self.bench.folder, &self.bench.clock);
        Embedded::open(sample::registry(), options).unwrap()
    }

    async fn begin(&self, step: Value) -> Reply {
        script(&self.bench.engine, json!([step])).await
    }

    async fn look(&self, run_id: &str) -> Reply {
        self.bench.engine.next(run_id).await.unwrap()
    }
}

fn note(text: &str) -> Value {
    json!({"tool": "out.note", "parameters": {"text": text}})
}

fn put(text: &str) -> Value {
    json!({"tool": "out.put", "parameters": {"text": text}})
}

fn with(mut step: Value, more: Value) -> Value {
    step.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    step
}

/// The one call that an engine has to make
fn only(engine: &Embedded) -> Call {
    let due = engine.caller().due().unwrap();
    assert_eq!(due.len(), 1, "{due:?}");
    due.into_iter().next().unwrap().1
}

/// Makes all calls that an engine has to make
async fn make(engine: &Embedded) {
    let caller = engine.caller();
    for (_, call) in caller.due().unwrap() {
        caller.make(call).await;
    }
}

/// Makes the only call as far as it is journaled, and tells nobody
async fn make_half(engine: &Embedded) -> Call {
    let (caller, call) = (engine.caller(), only(engine));
    let ready = caller.prepare(&call).await.unwrap().unwrap();
    caller.begin(&call, ready.repeatable).await.unwrap();
    ready.call().await;
    call
}

fn error(reply: &Reply) -> &RunError {
    reply.error.as_ref().unwrap()
}

fn events(bench: &Bench, run_id: &str) -> Vec<String> {
    let db = bench.store();
    let sql = "SELECT kind FROM journal WHERE run_id = ? ORDER BY seq";
    let mut journal = db.prepare(sql).unwrap();
    journal.query_map([run_id], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_configured_server_is_called_by_the_engine_and_the_run_goes_on() {
    let calls = Calls::new();
    let reply = calls.begin(note("a")).await;
    assert_eq!((reply.status, &reply.step), (Status::Running, &None), "{reply:?}");
    assert!(reply.retry_after_ms.is_some() && reply.error.is_none());
    let run = reply.run_id;
    assert_eq!(calls.outside.kept("a"), 0, "nothing leaves before it is journaled");
    make(&calls.bench.engine).await;
    let reply = calls.look(&run).await;
    assert_eq!(reply.result, Some(json!([{"kept": 1}])), "{reply:?}");
    let kinds = ["started", "waiting", "calling", "answered", "stepped", "stepped", "completed"];
    assert_eq!(events(&calls.bench, &run), kinds);
    assert_eq!(answered_by(&calls.bench, &run), ["server"]);
    calls.bench.assert_folds();
}

#[tokio::test]
async fn the_agent_does_not_answer_for_the_server_and_gets_other_tools_as_before() {
    let calls = Calls::new();
    let run = calls.begin(note("a")).await.run_id;
    let early = try_answer(&calls.bench.engine, &run, "s0", json!(1)).await;
    assert_eq!(refused(early), "not-answerable");
    let reply = calls.begin(json!({"tool": "disk.read", "parameters": {}})).await;
    assert_eq!(reply.step.as_ref().unwrap().fields["tool"], "disk.read");
    let memory = calls.begin(json!({"tool": "memory.get", "parameters": {"key": "k"}})).await;
    assert_eq!(memory.status, Status::Completed);
}

#[tokio::test]
async fn the_reply_to_an_answer_that_led_to_a_call_is_told_again() {
    let calls = Calls::new();
    let engine = &calls.bench.engine;
    let asked = script(engine, json!([{"ask": "?"}, note("a")])).await;
    let before = answer_step(engine, &asked, json!("x")).await;
    assert_eq!(before.status, Status::Running);
    assert_eq!(answer_step(engine, &asked, json!("x")).await, before);
    make(engine).await;
    assert_eq!(calls.look(&asked.run_id).await.status, Status::Completed);
    assert_eq!(answer_step(engine, &asked, json!("x")).await, before);
}

#[tokio::test]
async fn failures_are_errors_of_the_step() {
    let calls = Calls::new();
    let engine = &calls.bench.engine;
    for (tool, code) in [("out.fail", "tool-failed"), ("out.nothing", "tool-unknown")] {
        let run = calls.begin(json!({"tool": tool, "parameters": {}})).await.run_id;
        make(engine).await;
        let reply = calls.look(&run).await;
        assert_eq!((reply.status, failure(&reply)), (Status::Failed, code));
        assert_eq!(error(&reply).step_id.as_deref(), Some("s0"));
    }
    let fail = json!({"tool": "out.fail", "parameters": {}, "on_error": "continue"});
    let run = calls.begin(fail).await.run_id;
    make(engine).await;
    let reply = calls.look(&run).await;
    assert_eq!(reply.result.unwrap()[0]["code"], "tool-failed");
}

#[tokio::test]
async fn attempts_are_the_servers_with_the_pause_between_them() {
    let calls = Calls::new();
    let engine = &calls.bench.engine;
    let fail = json!({"tool": "out.fail", "parameters": {}, "retry": retry(2, 10.0)});
    let run = calls.begin(fail).await.run_id;
    make(engine).await;
    assert!(calls.look(&run).await.retry_after_ms.unwrap() > 9_000);
    assert!(engine.caller().due().unwrap().is_empty(), "not before its time");
    calls.bench.sleep(10);
    assert_eq!(calls.look(&run).await.status, Status::Running);
    make(engine).await;
    let reply = calls.look(&run).await;
    assert_eq!((reply.status, error(&reply).step_id.as_deref()), (Status::Failed, Some("s0#2")));
    calls.bench.assert_folds();
}

#[tokio::test]
async fn a_result_that_does_not_fit_is_an_error_of_the_step() {
    let calls = Calls::new();
    let text =
        |text: &str| json!({"tool": "out.text", "parameters": {"text": text}, "object": true});
    let engine = &calls.bench.engine;
    let (wrong, right) =
        (calls.begin(text("hello")).await.run_id, calls.begin(text("{\"n\": 1}")).await.run_id);
    make(engine).await;
    assert_eq!(failure(&calls.look(&wrong).await), "result-mismatch");
    // Many tools give a text that holds what is meant.
    assert_eq!(calls.look(&right).await.result, Some(json!([{"n": 1}])));
}

#[tokio::test]
async fn what_was_not_journaled_is_taken_up_by_the_next_process() {
    let mut calls = Calls::new();
    let run = calls.begin(note("a")).await.run_id;
    calls.bench.kill();
    assert_eq!(calls.look(&run).await.status, Status::Running);
    make(&calls.bench.engine).await;
    assert_eq!(calls.look(&run).await.status, Status::Completed);
    assert_eq!(calls.outside.kept("a"), 1);
    calls.bench.assert_folds();
}

#[tokio::test]
async fn a_call_cut_by_death_is_made_again_where_that_does_no_harm() {
    let mut calls = Calls::new();
    let run = calls.begin(put("a")).await.run_id;
    make_half(&calls.bench.engine).await;
    calls.bench.kill();
    assert_eq!(calls.look(&run).await.status, Status::Running);
    make(&calls.bench.engine).await;
    assert_eq!(calls.look(&run).await.result, Some(json!([{"kept": 2}])));
    let journal = events(&calls.bench, &run);
    assert_eq!(journal.iter().filter(|kind| *kind == "calling").count(), 2, "{journal:?}");
    calls.bench.assert_folds();
}

#[tokio::test]
async fn a_call_cut_by_death_is_of_unknown_outcome_where_it_could_do_harm() {
    let mut calls = Calls::new();
    // Not even where the author allows for more attempts.
    let step = with(note("a"), json!({"retry": retry(3, 0.0)}));
    let run = calls.begin(step).await.run_id;
    make_half(&calls.bench.engine).await;
    calls.bench.kill();
    let reply = calls.look(&run).await;
    assert_eq!((reply.status, failure(&reply)), (Status::Failed, "outcome-unknown"));
    assert!(error(&reply).message.contains("`out.note`"), "{:?}", reply.error);
    assert!(error(&reply).help.as_ref().unwrap().contains("look at"), "{:?}", reply.error);
    make(&calls.bench.engine).await;
    assert_eq!(calls.outside.kept("a"), 1);
    // An author can handle it.
    let run = calls.begin(with(note("b"), json!({"on_error": "continue"}))).await.run_id;
    make_half(&calls.bench.engine).await;
    calls.bench.kill();
    let reply = calls.look(&run).await;
    assert_eq!(reply.result.unwrap()[0]["code"], "outcome-unknown");
    calls.bench.assert_folds();
}

#[tokio::test]
async fn a_call_whose_outcome_was_lost_is_not_begun_again_by_the_same_process_either() {
    let calls = Calls::new();
    let run = calls.begin(note("a")).await.run_id;
    make_half(&calls.bench.engine).await;
    make(&calls.bench.engine).await;
    assert_eq!(failure(&calls.look(&run).await), "outcome-unknown");
    assert_eq!(calls.outside.kept("a"), 1);
}

#[tokio::test]
async fn whoever_lacks_the_workflow_leaves_its_calls_to_others() {
    let mut calls = Calls::new();
    let run = calls.begin(note("a")).await.run_id;
    let store = calls.bench.store();
    let set = |fingerprint: &str| {
        let sql = "UPDATE runs SET fingerprint = ? WHERE id = ?";
        store.execute(sql, [fingerprint, run.as_str()]).unwrap();
    };
    set("other");
    let (caller, call) = (calls.bench.engine.caller(), only(&calls.bench.engine));
    assert_eq!(caller.begin(&call, false).await.unwrap_err().code, "incompatible");
    calls.bench.kill();
    assert_eq!(calls.look(&run).await.status, Status::Incompatible);
    assert!(calls.bench.engine.caller().due().unwrap().is_empty());
    set("test:script-f1");
    calls.look(&run).await;
    make(&calls.bench.engine).await;
    assert_eq!(calls.look(&run).await.status, Status::Completed);
    assert_eq!(calls.outside.kept("a"), 1);
}

#[tokio::test]
async fn a_call_that_the_store_does_not_let_be_taken_over_is_told_and_taken_over_later() {
    for (step, code) in [(put("a"), "completed"), (note("a"), "failed")] {
        let mut calls = Calls::new();
        let run = calls.begin(step).await.run_id;
        make_half(&calls.bench.engine).await;
        let other = calls.begin(put("b")).await.run_id;
        calls
            .bench
            .store()
            .execute_batch(
                "CREATE TRIGGER stuck BEFORE UPDATE ON calls WHEN old.stage <> 'wanted'
             BEGIN SELECT RAISE(ABORT, 'stuck'); END;
             CREATE TRIGGER kept BEFORE DELETE ON calls BEGIN SELECT RAISE(ABORT, 'stuck'); END;",
            )
            .unwrap();
        calls.bench.kill();
        let error = calls.bench.engine.next(&run).await.unwrap_err();
        assert_eq!(error.code, "store");
        assert!(error.message.contains("stuck"), "{error}");
        let options = Options {
            connectors: calls.outside.connectors(),
            ..options(&calls.bench.folder, &calls.bench.clock)
        };
        let mut db = tables::open(&options.path, options.busy_timeout).unwrap();
        let world = World::new(sample::registry(), &options);
        let ticked = ticker::tick(&mut db, &world).unwrap_err();
        assert!(ticked.message.contains("stuck"), "{ticked}");

        calls.bench.store().execute_batch("DROP TRIGGER stuck; DROP TRIGGER kept").unwrap();
        calls.look(&run).await;
        let (engine, caller) = (&calls.bench.engine, calls.bench.engine.caller());
        make(engine).await;
        let last = calls.look(&run).await;
        assert_eq!(last.status.word(), code, "{last:?}");
        // What the failure had nothing to do with was taken over by whoever looked first.
        let db = calls.bench.store();
        let owner: String = db
            .query_row("SELECT owner FROM calls WHERE run_id = ?", [&other], |row| row.get(0))
            .unwrap();
        assert_eq!(owner, world.presence.id());
        drop(caller);
    }
}

#[tokio::test]
async fn a_process_that_lives_keeps_its_calls() {
    let calls = Calls::new();
    let other = calls.bench.another();
    let run = calls.begin(note("a")).await.run_id;
    let (caller, call) = (calls.bench.engine.caller(), only(&calls.bench.engine));
    let ready = caller.prepare(&call).await.unwrap().unwrap();
    caller.begin(&call, ready.repeatable).await.unwrap();
    assert_eq!(other.next(&run).await.unwrap().status, Status::Running);
    assert!(other.caller().due().unwrap().is_empty());
    let told = other.caller().begin(&call, false).await;
    assert_eq!(told.unwrap_err().code, "not-pending");
    caller.tell(&call, ready.call().await).await;
    assert_eq!(other.next(&run).await.unwrap().status, Status::Completed);
}

#[tokio::test]
async fn an_outcome_that_comes_too_late_moves_nothing() {
    let calls = Calls::new();
    let engine = &calls.bench.engine;
    let late = [json!({"timeout": 5}), json!({"timeout": 5, "retry": retry(2, 60.0)}), json!({})];
    for (number, more) in late.into_iter().enumerate() {
        let run = calls.begin(with(note(&number.to_string()), more)).await.run_id;
        let (caller, call) = (engine.caller(), only(engine));
        let ready = caller.prepare(&call).await.unwrap().unwrap();
        caller.begin(&call, ready.repeatable).await.unwrap();
        let answer = ready.call().await;
        let before = if number == 2 {
            engine.cancel(&run, None).await.unwrap()
        } else {
            calls.bench.sleep(6);
            calls.look(&run).await
        };
        caller.tell(&call, answer).await;
        let after = calls.look(&run).await;
        assert_eq!(after, before);
        assert_ne!(after.status, Status::Completed);
        engine.cancel(&run, None).await.unwrap();
    }
    calls.bench.assert_folds();
    let left: i64 =
        calls.bench.store().query_row("SELECT count(*) FROM calls", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn without_the_connector_a_call_waits_and_it_is_told_what_is_missing() {
    let mut calls = Calls::new();
    let without = calls.without();
    let fail = json!({"tool": "out.fail", "parameters": {}, "retry": retry(2, 10.0)});
    let run = calls.begin(fail).await.run_id;
    // While one that has it lives, there is nothing to tell.
    assert_eq!(without.next(&run).await.unwrap().error, None);
    make(&calls.bench.engine).await;
    calls.bench.engine.die();
    calls.bench.sleep(10);
    let reply = without.next(&run).await.unwrap();
    assert_eq!((reply.status, failure(&reply)), (Status::Running, "connector-missing"));
    let help = error(&reply).help.clone().unwrap();
    assert!(help.contains("`--connectors FILE`") && help.contains("`out`"), "{help}");
    // What it hands out itself is the agent's.
    let own = script(&without, json!([note("a")])).await;
    assert_eq!(own.step.unwrap().kind, "mcp_call");
    calls.bench.kill();
    assert_eq!(calls.look(&run).await.error, None);
    make(&calls.bench.engine).await;
    assert_eq!(failure(&calls.look(&run).await), "tool-failed");
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let since = Instant::now();
    while !done() {
        assert!(since.elapsed() < Duration::from_secs(20), "{what} took too long");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// An engine that makes its calls by itself
fn working() -> Calls {
    let outside = Arc::<Outside>::default();
    let bench = Bench::with(|options| {
        options.tick = Some(Duration::from_millis(50));
        options.clock = Arc::new(crate::engine::SystemClock);
        options.connectors = outside.connectors();
    });
    Calls { bench, outside }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_are_made_though_nobody_asks_and_not_too_many_at_once() {
    let calls = working();
    let mut runs = Vec::new();
    for number in 0..20 {
        let step = with(put(&number.to_string()), json!({"retry": retry(2, 0.0)}));
        runs.push(script(&calls.bench.engine, json!([step, note("all")])).await.run_id);
    }
    until("the calls", || runs.iter().all(|run| stored_status(&calls.bench, run) == "completed"));
    assert_eq!(calls.outside.kept("all"), 20);
    assert!((0..20).all(|number| calls.outside.kept(&number.to_string()) == 1));
    assert!(*calls.outside.most.lock().unwrap() <= 2);
    calls.bench.assert_folds();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_no_longer_wanted_is_called_off() {
    let calls = working();
    let hang = json!({"tool": "out.hang", "parameters": {"text": "a"}});
    let under_way = || *calls.outside.under_way.lock().unwrap();
    let cancelled = calls.begin(hang.clone()).await.run_id;
    until("the call", || under_way() == 1);
    calls.bench.engine.cancel(&cancelled, None).await.unwrap();
    until("calling it off", || under_way() == 0);
    let late = calls.begin(with(hang, json!({"timeout": 0.2}))).await.run_id;
    until("the deadline", || stored_status(&calls.bench, &late) == "failed");
    until("calling it off", || under_way() == 0);
    assert_eq!(failure(&calls.look(&late).await), "timeout");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connector_that_panics_leaves_an_unknown_outcome_and_the_others_go_on() {
    let calls = working();
    let panics = calls.begin(json!({"tool": "out.panic", "parameters": {}})).await.run_id;
    let other = calls.begin(note("a")).await.run_id;
    until("the calls", || {
        stored_status(&calls.bench, &panics) == "failed"
            && stored_status(&calls.bench, &other) == "completed"
    });
    assert_eq!(failure(&calls.look(&panics).await), "outcome-unknown");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_process_left_is_settled_by_another_though_nobody_asks() {
    let calls = working();
    let hang = json!({"tool": "out.hang", "parameters": {"text": "a"}});
    let run = calls.begin(hang).await.run_id;
    until("the call", || calls.outside.kept("a") == 1);
    let mut options = options(&calls.bench.folder, &calls.bench.clock);
    options.tick = Some(Duration::from_millis(50));
    // It takes no connector to say that an outcome is unknown.
    let _other = Embedded::open(sample::registry(), options).unwrap();
    calls.bench.engine.die();
    until("the news", || stored_status(&calls.bench, &run) == "failed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_lets_calls_end_and_begins_no_more() {
    let calls = working();
    let mut runs = Vec::new();
    for number in 0..6 {
        runs.push(calls.begin(put(&number.to_string())).await.run_id);
    }
    calls.bench.engine.close().await.unwrap();
    assert!(*calls.outside.closed.lock().unwrap());
    assert_eq!(*calls.outside.under_way.lock().unwrap(), 0);
    let late = calls.begin(note("late")).await;
    assert_eq!(late.status, Status::Running, "it is left to the next process");
    assert_eq!(calls.outside.kept("late"), 0);
    for text in calls.outside.texts() {
        assert_eq!(calls.outside.kept(&text), 1);
    }
    calls.bench.assert_folds();
}
