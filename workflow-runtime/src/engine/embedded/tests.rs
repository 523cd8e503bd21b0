//! The engine by what its callers see, on real files.

#![expect(clippy::needless_pass_by_value, reason = "tests read better with `json!` in place")]

mod alone;
mod answers;
mod attempts;
mod calls;
mod children;
mod counted;
mod damage;
mod health;
mod hot;
mod limits;
mod listing;
mod load;
mod outside;
mod retried;
mod simulation;
mod spoilt;
mod store;
mod ticker;
mod time;
mod tools;
mod upkeep;
mod waiting;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Embedded, Options, rows, snapshots};
use crate::connectors::Connectors;
use crate::engine::{ChildReport, Clock, Engine, EngineError, RunFilter, StartRequest, Submission};
use crate::machine::{Answer, AnsweredBy, Event, Limit, Snapshot, sample};
use crate::reply::Reply;

/// A clock that the test moves, by its seconds since 1970
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

/// A store in a folder of its own, with a clock that the test sets
struct Bench {
    folder: TempDir,
    clock: Arc<Hands>,
    /// Whom its engines can call
    connectors: Connectors,
    engine: Embedded,
}

impl Bench {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Hands(AtomicI64::new(1_700_000_000)));
        let mut options = options(&folder, &clock);
        change(&mut options);
        let connectors = options.connectors.clone();
        let engine = Embedded::open(sample::registry(), options).unwrap();
        Self { folder, clock, connectors, engine }
    }

    /// Another server on the same file
    fn another(&self) -> Embedded {
        let mut options = options(&self.folder, &self.clock);
        options.connectors = self.connectors.clone();
        Embedded::open(sample::registry(), options).unwrap()
    }

    /// A server on another file
    fn another_on(&self, path: &Path) -> Embedded {
        let options = Options { path: path.to_owned(), ..options(&self.folder, &self.clock) };
        Embedded::open(sample::registry(), options).unwrap()
    }

    /// The server dies without a word, another takes over
    fn kill(&mut self) {
        self.engine.die();
        let another = self.another();
        std::mem::forget(std::mem::replace(&mut self.engine, another));
    }

    fn sleep(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::Relaxed);
    }

    fn store(&self) -> Connection {
        Connection::open(self.folder.path().join("runs.sqlite")).unwrap()
    }

    /// Stores a snapshot of every run, as is done with longer ones
    fn store_snapshots(&self) {
        let db = self.store();
        let mut runs = db.prepare("SELECT id FROM runs WHERE seq > 0").unwrap();
        let runs = runs.query_map([], |row| row.get::<_, String>(0)).unwrap();
        for id in runs.map(Result::unwrap).collect::<Vec<_>>() {
            let row = rows::get(&db, &id).unwrap();
            snapshots::store(&db, &id, row.seq, row.snapshot.as_ref().unwrap()).unwrap();
        }
    }

    /// Every run's whole journal folds to what it is read as
    fn assert_folds(&self) {
        let db = self.store();
        let mut runs = db.prepare("SELECT id FROM runs").unwrap();
        let runs = runs.query_map([], |row| row.get::<_, String>(0)).unwrap();
        for id in runs.map(Result::unwrap) {
            let row = rows::get(&db, &id).unwrap();
            let Some(kept) = row.snapshot else { continue };
            let mut journal =
                db.prepare("SELECT data FROM journal WHERE run_id = ? ORDER BY seq").unwrap();
            let events: Vec<Event> = journal
                .query_map([&id], |row| row.get::<_, Vec<u8>>(0))
                .unwrap()
                .map(|data| serde_json::from_slice(&data.unwrap()).unwrap())
                .collect();
            assert_eq!(events.len() as u64, row.seq);
            assert_eq!(Snapshot::fold(&events).unwrap(), *kept, "run {id}");
        }
    }
}

/// Nothing ticks by itself, so that a test sees the same each time
fn options(folder: &TempDir, clock: &Arc<Hands>) -> Options {
    let mut options = Options::new(folder.path().join("runs.sqlite"));
    options.clock = clock.clone();
    options.tick = None;
    options
}

fn request(workflow: &str, inputs: Value) -> StartRequest {
    StartRequest {
        workflow: workflow.to_owned(),
        inputs: inputs.as_object().unwrap().clone(),
        idempotency_key: None,
    }
}

async fn start(engine: &Embedded, workflow: &str, inputs: Value) -> Reply {
    engine.start(request(workflow, inputs)).await.unwrap()
}

async fn try_answer(
    engine: &Embedded,
    run_id: &str,
    step_id: &str,
    result: Value,
) -> Result<Reply, EngineError> {
    let (run_id, step_id) = (run_id.to_owned(), step_id.to_owned());
    let answer = Answer::Result(result);
    engine.submit(Submission { run_id, step_id, answer, by: AnsweredBy::Agent }).await
}

async fn answer(engine: &Embedded, run_id: &str, step_id: &str, result: Value) -> Reply {
    try_answer(engine, run_id, step_id, result).await.unwrap()
}

/// Answers the step that a reply hands out
async fn answer_step(engine: &Embedded, reply: &Reply, result: Value) -> Reply {
    let step = reply.step.as_ref().unwrap();
    answer(engine, &step.run_id, &step.step_id, result).await
}

fn step_id(reply: &Reply) -> &str {
    &reply.step.as_ref().unwrap().step_id
}

fn children(reply: &Reply) -> Vec<ChildReport> {
    let children = &reply.step.as_ref().unwrap().fields["children"];
    serde_json::from_value(children.clone()).unwrap()
}

fn failure(reply: &Reply) -> &str {
    &reply.error.as_ref().unwrap().code
}

fn refused(outcome: Result<Reply, EngineError>) -> &'static str {
    outcome.unwrap_err().code
}

fn tea() -> Value {
    json!({"task": "tea"})
}

fn exists(path: &Path) -> bool {
    path.try_exists().unwrap()
}

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

/// Rows of what is still to come due
fn timers(bench: &Bench) -> usize {
    bench.store().query_row("SELECT count(*) FROM timers", [], |row| row.get(0)).unwrap()
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

/// The status that a run has in the store, though nobody asks the engine for it
fn stored_status(bench: &Bench, run_id: &str) -> String {
    let sql = "SELECT status FROM runs WHERE id = ?";
    bench.store().query_row(sql, [run_id], |row| row.get(0)).unwrap()
}

/// A tool of the server that fails until the store has been given what it looks for
fn missing(pause: f64) -> Value {
    json!({"tool": "memory.save", "parameters": {"key": "k"}, "retry": retry(3, pause)})
}
