//! What is due happens though nobody asks, in one server or in several.

use std::time::Instant;

use super::*;
use crate::machine::Status;

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
    let _another = ticking(&bench);
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
    let another = ticking(&bench);
    until("the wait", || stored_status(&bench, &run) == "completed");
    assert_eq!(another.next(&lost).await.unwrap().status, Status::Incompatible);
    // Once its workflow is there, it goes on at the first look, not when the ticker looks again.
    let sql = "UPDATE runs SET fingerprint = 'test:script-f1' WHERE id = ?";
    bench.store().execute(sql, [&lost]).unwrap();
    assert_eq!(another.next(&lost).await.unwrap().status, Status::Completed);
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

/// Another server that applies what is due by itself
fn ticking(bench: &Bench) -> Embedded {
    let mut options = options(&bench.folder, &bench.clock);
    options.tick = Some(Duration::from_millis(10));
    options.busy_timeout = Duration::from_millis(50);
    Embedded::open(sample::registry(), options).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_tickers_apply_what_is_due_once() {
    let bench = Bench::new();
    let note = json!({"tool": "memory.add", "parameters": {"category": "c", "content": "once"}});
    let mut runs = Vec::new();
    for _ in 0..120 {
        runs.push(script(&bench.engine, json!([{"wait": 5}, note])).await.run_id);
    }
    let _tickers = [ticking(&bench), ticking(&bench), ticking(&bench)];
    bench.sleep(6);
    until("the waits", || runs.iter().all(|run| stored_status(&bench, run) == "completed"));
    let notes: usize =
        bench.store().query_row("SELECT count(*) FROM memory", [], |row| row.get(0)).unwrap();
    assert_eq!(notes, runs.len());
    bench.assert_folds();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticker_that_finds_the_store_held_comes_back() {
    let bench = Bench::new();
    let run = script(&bench.engine, json!([{"wait": 5}])).await.run_id;
    let _ticker = ticking(&bench);
    let holder = bench.store();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    bench.sleep(6);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(stored_status(&bench, &run), "waiting");
    holder.execute_batch("ROLLBACK").unwrap();
    until("the wait", || stored_status(&bench, &run) == "completed");
}
