//! Servers with different builds of the same workflows, one after the other on one store.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use workflow_runtime::engine::embedded::{Embedded, Options};
use workflow_runtime::engine::{Clock, Engine, EngineError, StartRequest, Submission};
use workflow_runtime::machine::{Answer, AnsweredBy, Program, Status};
use workflow_runtime::registry::Registry;
use workflow_runtime::reply::{Reply, Step};

/// The programs of these machines
macro_rules! build {
    ($($machine:path),+ $(,)?) => {
        vec![$(
            std::sync::Arc::new(workflow_runtime::machine::Compiled::new(&$machine))
                as std::sync::Arc<dyn workflow_runtime::machine::Program>
        ),+]
    };
}
pub(crate) use build;

pub type Build = Vec<Arc<dyn Program>>;

/// A clock that the test moves, by its seconds since 1970
#[derive(Clone)]
struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

/// A store, and the time
pub struct Bench {
    folder: TempDir,
    clock: Hands,
}

/// A server with one build
pub struct Server(Embedded);

impl Bench {
    pub fn new() -> Self {
        let clock = Hands(Arc::new(AtomicI64::new(1_700_000_000)));
        Self { folder: tempfile::tempdir().unwrap(), clock }
    }

    /// A server with this build; what is due is applied when somebody asks
    pub fn server(&self, build: Build) -> Server {
        let mut options = Options::new(self.folder.path().join("runs.sqlite"));
        options.clock = Arc::new(self.clock.clone());
        options.tick = None;
        Server(Embedded::open(Arc::new(Registry::new(build)), options).unwrap())
    }

    pub fn sleep(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The events of a run's journal, by kind
    pub fn journal(&self, run_id: &str) -> Vec<Value> {
        let db = rusqlite::Connection::open(self.folder.path().join("runs.sqlite")).unwrap();
        let mut rows =
            db.prepare("SELECT data FROM journal WHERE run_id = ? ORDER BY seq").unwrap();
        let data = rows.query_map([run_id], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        data.map(|data| serde_json::from_slice(&data.unwrap()).unwrap()).collect()
    }

    /// How often a run has been upgraded
    pub fn upgrades(&self, run_id: &str) -> usize {
        self.journal(run_id).iter().filter(|event| event["event"] == "upgraded").count()
    }
}

impl Server {
    pub async fn start(&self, workflow: &str, inputs: Value) -> Reply {
        let inputs = inputs.as_object().unwrap().clone();
        let workflow = workflow.to_owned();
        let request = StartRequest { workflow, inputs, idempotency_key: None };
        self.0.start(request).await.unwrap()
    }

    pub async fn next(&self, run_id: &str) -> Reply {
        self.0.next(run_id).await.unwrap()
    }

    pub async fn submit(&self, reply: &Reply, answer: Answer) -> Result<Reply, EngineError> {
        let Step { run_id, step_id, .. } = reply.step.clone().expect("a step to answer");
        let by = AnsweredBy::Agent;
        self.0.submit(Submission { run_id, step_id, answer, by }).await
    }

    pub async fn answer(&self, reply: &Reply, result: Value) -> Reply {
        self.submit(reply, Answer::Result(result)).await.unwrap()
    }

    /// Says of a step that it could not be done
    pub async fn give_up(&self, reply: &Reply, why: &str) -> Reply {
        self.submit(reply, Answer::Error(why.to_owned())).await.unwrap()
    }

    pub async fn cancel(&self, run_id: &str) -> Reply {
        self.0.cancel(run_id, None).await.unwrap()
    }

    pub async fn retry(&self, run_id: &str) -> Reply {
        self.0.retry(run_id).await.unwrap()
    }

    pub async fn version(&self, run_id: &str) -> String {
        self.0.status(run_id).await.unwrap().version
    }

    pub async fn state(&self, run_id: &str) -> Value {
        json!(self.0.state(run_id, None).await.unwrap().state)
    }
}

/// Asserts that a run is kept, and that it is said what has changed and what to do
pub fn assert_kept(reply: &Reply, change: &str) {
    assert_eq!(reply.status, Status::Incompatible, "{reply:?}");
    assert!(reply.step.is_none());
    let error = reply.error.as_ref().unwrap();
    assert_eq!(error.code, "incompatible");
    assert!(error.message.contains(change), "{}", error.message);
    let help = error.help.as_deref().unwrap();
    assert!(help.contains("keep the old file beside the new one"), "{help}");
}
