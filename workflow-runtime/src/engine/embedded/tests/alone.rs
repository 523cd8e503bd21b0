//! A command that is alone is carried out by its caller, and nobody can tell but by the clock.

use std::sync::mpsc::channel;
use std::time::Instant;

use rusqlite::TransactionBehavior;
use tracing::Span;

use super::super::commands::{Command, Order};
use super::super::pen::Pace;
use super::*;
use crate::machine::Status;
use crate::telemetry::{Exposition, Telemetry};

/// What a caller carries out itself; `None` where that is left to the writer thread
fn alone(bench: &Bench, command: Command) -> Option<Result<Reply, EngineError>> {
    let order = Order { command, span: Span::none() };
    bench.engine.jobs.pen.alone(&bench.engine.world, &order)
}

/// The same, once the writer thread has looked what is due, as it does from time to time
fn alone_soon(bench: &Bench, command: &Command) -> Result<Reply, EngineError> {
    loop {
        pace(bench).note(Duration::ZERO);
        if let Some(outcome) = alone(bench, command.clone()) {
            return outcome;
        }
        std::thread::yield_now();
    }
}

fn begin() -> Command {
    Command::Start(request("test:plan", tea()))
}

fn pace(bench: &Bench) -> &Pace {
    &bench.engine.world.pace
}

fn count(bench: &Bench, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    bench.store().query_row(&sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn what_a_caller_carries_out_is_in_the_store_as_ever() {
    let bench = Bench::new();
    let reply = alone_soon(&bench, &begin()).unwrap();
    assert_eq!(step_id(&reply), "ask");
    bench.assert_folds();
    let nobody = Command::Cancel { run_id: "nobody".to_owned(), reason: None };
    let refused = alone_soon(&bench, &nobody);
    assert_eq!(refused.unwrap_err().code, "unknown-run");
    assert_eq!(count(&bench, "runs"), 1);
}

#[test]
fn where_commits_are_slow_callers_do_nothing_themselves() {
    let bench = Bench::new();
    // Nor while it is not known how long they take.
    assert!(alone(&bench, begin()).is_none());
    pace(&bench).note(Duration::from_millis(5));
    assert!(alone(&bench, begin()).is_none());
    assert_eq!(count(&bench, "runs"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_caller_waits_itself_for_another_process() {
    let bench = Bench::with(|options| options.busy_timeout = Duration::from_mins(1));
    let mut other = bench.store();
    let held = other.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    pace(&bench).note(Duration::ZERO);
    let began = Instant::now();
    assert!(alone(&bench, begin()).is_none());
    assert!(began.elapsed() < Duration::from_secs(20), "it has waited");
    // The writer thread does, and as long as ever.
    let (reply, ()) = tokio::join!(start(&bench.engine, "test:plan", tea()), async {
        tokio::task::yield_now().await;
        held.rollback().unwrap();
    });
    assert_eq!(step_id(&reply), "ask");
}

#[tokio::test]
async fn what_comes_at_once_shares_one_commit() {
    let telemetry = Telemetry::new(&sample::registry());
    let bench = Bench::with(|options| options.telemetry = telemetry.clone());
    pace(&bench).note(Duration::ZERO);
    let (pen, (held, hold), (go_on, until)) = (bench.engine.jobs.pen.clone(), channel(), channel());
    let holder = std::thread::spawn(move || {
        pen.with(|_| {
            held.send(()).unwrap();
            until.recv().unwrap();
        })
    });
    hold.recv().unwrap();
    let start = || start(&bench.engine, "test:plan", tea());
    let replies = tokio::join!(start(), start(), start(), start(), async {
        // The first of them looks twice whether it is alone.
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        go_on.send(()).unwrap();
    });
    holder.join().unwrap();
    assert_eq!(step_id(&replies.3), "ask");
    let engine = Arc::new(bench.another());
    let text = Exposition::new(telemetry, engine).text().await.unwrap();
    assert!(text.contains("\nworkflow_commit_duration_seconds_count 1\n"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn timers_that_a_caller_set_are_seen_to() {
    let bench = Bench::with(|options| {
        options.tick = Some(Duration::from_hours(1));
        options.clock = Arc::new(crate::engine::SystemClock);
    });
    let first = script(&bench.engine, json!([{"ask": "well?"}])).await;
    pace(&bench).note(Duration::ZERO);
    let run = script(&bench.engine, json!([{"wait": 0.2}])).await.run_id;
    // Nobody else makes the ticker look: it rests for an hour.
    let since = Instant::now();
    while stored_status(&bench, &run) != "completed" {
        assert!(since.elapsed() < Duration::from_secs(20), "the wait took too long");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(bench.engine.next(&first.run_id).await.unwrap().status, Status::Waiting);
}
