//! Generated code under the engine that a user has: pauses, deadlines and handlers, to the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use workflow_runtime::engine::embedded::{Embedded, Options};
use workflow_runtime::engine::{Clock, Engine, EngineError, StartRequest, Submission};
use workflow_runtime::machine::{Answer, AnsweredBy, Status};
use workflow_runtime::registry::Registry;
use workflow_runtime::reply::{Reply, Step};

use crate::{from_yaml, patience};

/// A clock that the test moves, by its seconds since 1970
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

struct Bench {
    engine: Embedded,
    clock: Arc<Hands>,
    _folder: TempDir,
}

impl Bench {
    fn new(registry: Registry) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Hands(AtomicI64::new(1_700_000_000)));
        let mut options = Options::new(folder.path().join("runs.sqlite"));
        options.clock = clock.clone();
        options.tick = Some(Duration::from_millis(50));
        let engine = Embedded::open(Arc::new(registry), options).unwrap();
        Self { engine, clock, _folder: folder }
    }

    fn sleep(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::Relaxed);
    }

    async fn start(&self, workflow: &str, inputs: Value) -> Reply {
        let inputs = inputs.as_object().unwrap().clone();
        let workflow = workflow.to_owned();
        let request = StartRequest { workflow, inputs, idempotency_key: None };
        self.engine.start(request).await.unwrap()
    }

    async fn next(&self, reply: &Reply) -> Reply {
        self.engine.next(&reply.run_id).await.unwrap()
    }

    /// The step of a child
    async fn child(&self, run_id: &str) -> Reply {
        self.engine.next(run_id).await.unwrap()
    }

    async fn submit(
        &self,
        reply: &Reply,
        answer: Answer,
        by: AnsweredBy,
    ) -> Result<Reply, EngineError> {
        let Step { run_id, step_id, .. } = reply.step.clone().unwrap();
        self.engine.submit(Submission { run_id, step_id, answer, by }).await
    }

    async fn answer(&self, reply: &Reply, result: Value) -> Reply {
        self.submit(reply, Answer::Result(result), AnsweredBy::Agent).await.unwrap()
    }

    async fn error(&self, reply: &Reply, words: &str) -> Reply {
        self.submit(reply, Answer::Error(words.to_owned()), AnsweredBy::Agent).await.unwrap()
    }
}

fn at(reply: &Reply) -> &str {
    reply.step.as_ref().map_or("nowhere", |step| &step.step_id)
}

#[tokio::test]
async fn a_loop_with_pauses_and_handlers_goes_to_its_end() {
    let bench = Bench::new(from_yaml::registry());
    let draft = bench.start("review:loop", json!({"task": "rivers"})).await;
    let resting = bench.error(&draft, "the model is down").await;
    assert_eq!((resting.status, resting.retry_after_ms), (Status::Running, Some(5_000)));
    bench.sleep(5);
    let again = bench.next(&draft).await;
    let step = again.step.as_ref().unwrap();
    assert_eq!((step.step_id.as_str(), step.attempt), ("draft#2", 2));
    assert_eq!(step.fields["last_error"], "the model is down");
    let review = bench.answer(&again, json!("bad")).await;
    let second = bench.answer(&review, json!({"confirmed": false})).await;
    assert_eq!((at(&second), second.step.as_ref().unwrap().attempt), ("draft#3", 1));
    let review = bench.answer(&second, json!("good")).await;
    let note = bench.answer(&review, json!({"confirmed": true})).await;
    assert_eq!(at(&note), "note");
    let publish = bench.error(&note, "no notes").await;
    let undo = bench.error(&publish, "no such registry").await;
    let message = &undo.step.as_ref().unwrap().fields["message"];
    assert_eq!(message, "agent-error: no such registry (1 of publish)");
    let end = bench.answer(&undo, json!("give up")).await;
    assert_eq!(end.result, Some(json!({"advice": "give up"})));
}

#[tokio::test]
async fn a_deadline_starts_the_next_attempt_and_its_own_deadline() {
    let bench = Bench::new(from_yaml::registry());
    let draft = bench.start("review:loop", json!({"task": "rivers"})).await;
    bench.sleep(60);
    let resting = bench.next(&draft).await;
    assert_eq!((resting.status, resting.retry_after_ms), (Status::Running, Some(5_000)));
    bench.sleep(64);
    assert_eq!(at(&bench.next(&draft).await), "draft#2");
    bench.sleep(1);
    let failed = bench.next(&draft).await;
    let error = failed.error.unwrap();
    assert_eq!((error.code.as_str(), error.step_id.as_deref()), ("timeout", Some("draft#2")));
    assert!(error.message.contains("within 60 seconds"), "{}", error.message);
}

#[tokio::test]
async fn children_that_take_too_long_are_started_anew_then_given_up() {
    let bench = Bench::new(patience::registry());
    let first = bench.start("patience", json!({"files": ["a", "b"]})).await;
    let run = &first.run_id;
    let done = bench.child(&format!("{run}.measure.0")).await;
    assert_eq!(bench.answer(&done, json!("small")).await.result, Some(json!("small")));
    let lost = bench.child(&format!("{run}.measure.1")).await;
    bench.sleep(60);
    assert_eq!(bench.next(&first).await.retry_after_ms, Some(10_000));
    assert_eq!(bench.next(&lost).await.status, Status::Cancelled);
    bench.sleep(10);
    let again = bench.next(&first).await;
    assert_eq!(at(&again), "measure#2");
    // Only the one that was lost goes on; its own attempts are counted below its parent's.
    assert_eq!(bench.next(&done).await.status, Status::Completed);
    let child = bench.next(&lost).await;
    let resting = bench.error(&child, "locked").await;
    assert_eq!((resting.status, resting.retry_after_ms), (Status::Running, Some(3_000)));
    bench.sleep(60);
    let asked = bench.next(&first).await;
    let message = &asked.step.as_ref().unwrap().fields["message"];
    assert_eq!(message, "timeout at measure#2 after 2: what now?");
    assert_eq!(bench.next(&child).await.status, Status::Cancelled);
    let end = bench.answer(&asked, json!("forget it")).await;
    assert_eq!(end.result, Some(json!({"late": "forget it"})));
}

#[tokio::test]
async fn children_in_time_are_no_matter_of_the_clock() {
    let bench = Bench::new(patience::registry());
    let first = bench.start("patience", json!({"files": ["a", "b"]})).await;
    for index in [1, 0] {
        let child = bench.child(&format!("{}.measure.{index}", first.run_id)).await;
        bench.sleep(25);
        bench.error(&child, "locked").await;
        bench.sleep(3);
        let child = bench.next(&child).await;
        bench.answer(&child, json!(format!("{index} KiB"))).await;
    }
    bench.sleep(10_000);
    let end = bench.next(&first).await;
    assert_eq!(end.result, Some(json!({"sizes": ["0 KiB", "1 KiB"]})));
}
