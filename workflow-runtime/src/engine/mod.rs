//! Engines: who keeps runs and moves them. One trait; nothing above it knows which engine it is.

mod checks;
mod clock;
pub mod embedded;
mod error;
mod export;
mod health;
mod history;
mod listing;
mod rules;
mod standing;
#[cfg(feature = "temporal")]
pub mod temporal;
mod waiting;

pub use checks::{Check, Phase, Verdict};
pub use clock::{Clock, SystemClock};
pub use error::EngineError;
pub(crate) use export::export;
pub(crate) use health::memory;
pub use health::{
    CacheHealth, ClusterHealth, ConnectorHealth, Health, HealthStatus, Problem, StoreHealth,
};
pub use history::{HandOut, JournalPage, Outcome, Recorded};
pub(crate) use history::{hand_out, hand_outs};
pub use listing::{RunEntry, RunFilter, RunPage};
pub use standing::Standing;
pub(crate) use standing::mark;
pub use waiting::{Age, Waiting, WaitsOn};

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::machine::{Answer, AnsweredBy, RunError, Status};
use crate::registry::Registry;
use crate::reply::{Progress, Reply, Step};

/// How long between two looks at a run, where nothing tells when it has moved
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// What an engine's call gives in time
pub type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<T, EngineError>> + Send + 'a>>;

/// A run to be started
#[derive(Clone, Debug, Default)]
pub struct StartRequest {
    /// The workflow's name, or its file's stem
    pub workflow: String,
    /// Its inputs
    pub inputs: Map<String, Value>,
    /// The same key gives the same run, however often it is started
    pub idempotency_key: Option<String>,
}

/// An answer to a step
#[derive(Clone, Debug)]
pub struct Submission {
    /// The run that the step belongs to
    pub run_id: String,
    /// The hand-out that is answered
    pub step_id: String,
    /// The answer
    pub answer: Answer,
    /// Who gives it
    pub by: AnsweredBy,
}

/// A run's standing, in full
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StatusReport {
    /// The run
    pub run_id: String,
    /// Its workflow
    pub workflow: String,
    /// The workflow's version
    pub version: String,
    /// How it stands
    pub status: Status,
    /// The step it stands at
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// How far it is
    pub progress: Progress,
    /// What it waits for
    pub pending: Vec<Step>,
    /// Its child runs
    pub children: Vec<ChildReport>,
    /// The latest answers that the user gave, past the agent
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub user_answers: Vec<UserAnswer>,
    /// Whose child it is
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// When it was started, ISO 8601
    pub created_at: String,
    /// When it last moved, ISO 8601
    pub updated_at: String,
    /// Why it failed or was cancelled
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RunError>,
}

/// A child run as its parent shows it
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChildReport {
    /// The child
    pub run_id: String,
    /// Its place in item order, from 0
    pub index: usize,
    /// Its item
    pub item: Value,
    /// `queued` until it may run, `running` once it was asked for its first step, else how it
    /// stands
    pub status: String,
}

/// That the user answered a step, and how
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UserAnswer {
    /// The hand-out that they answered
    pub step_id: String,
    /// In a terminal or on the server's page (`user`), or in a form of their client (`user_by_elicitation`)
    pub by: AnsweredBy,
    /// When, ISO 8601
    pub at: String,
}

/// A run's variables, for debugging
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StateReport {
    /// The run
    pub run_id: String,
    /// The author's variables
    pub state: Map<String, Value>,
}

/// Keeps runs and moves them
///
/// Each call is safe to repeat; whatever it says has happened is durable.
pub trait Engine: Send + Sync {
    /// What can be run
    fn registry(&self) -> &Arc<Registry>;

    /// Starts a run
    fn start(&self, request: StartRequest) -> Answering<'_, Reply>;

    /// How a run stands and what to do next; moves nothing but what time has made due
    fn next(&self, run_id: &str) -> Answering<'_, Reply>;

    /// As [`Engine::next`], but where nobody can do anything it answers only once somebody can, or
    /// after so long
    ///
    /// An engine that learns of changes need not look again and again, as this does.
    fn wait(&self, run_id: &str, patience: Duration) -> Answering<'_, Reply> {
        let (run_id, until) = (run_id.to_owned(), Instant::now() + patience);
        Box::pin(async move {
            loop {
                let reply = self.next(&run_id).await?;
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() || !reply.is_idle() {
                    return Ok(reply);
                }
                tokio::time::sleep(LOOK_AGAIN.min(left)).await;
            }
        })
    }

    /// Takes an answer and says what comes next
    fn submit(&self, submission: Submission) -> Answering<'_, Reply>;

    /// Calls a run off, its children too
    fn cancel(&self, run_id: &str, reason: Option<String>) -> Answering<'_, Reply>;

    /// Takes up a run again that has failed, from the step that failed: it is handed out anew, or
    /// done again
    ///
    /// Of a step whose children failed, only those are taken up again, each from its own failed
    /// step; the others keep their results. A child can be taken up by itself while its parent
    /// still waits for it, else with the run whose step it failed.
    fn retry(&self, run_id: &str) -> Answering<'_, Reply>;

    /// A run's standing, in full
    fn status(&self, run_id: &str) -> Answering<'_, StatusReport>;

    /// A run's variables: all, or the fields named
    fn state(&self, run_id: &str, fields: Option<Vec<String>>) -> Answering<'_, StateReport>;

    /// A run's journal behind an event, 0 for all of it: as many events as are not larger together
    /// than so many bytes of JSON, but one at least
    fn journal(&self, run_id: &str, after: u64, room: usize) -> Answering<'_, JournalPage>;

    /// How a run stands, in short
    fn standing(&self, run_id: &str) -> Answering<'_, Standing> {
        let run_id = run_id.to_owned();
        Box::pin(async move { Ok(Standing::of(&self.status(&run_id).await?)) })
    }

    /// As [`Engine::standing`], but it answers only once a run stands otherwise than it was seen to,
    /// whoever has moved it
    ///
    /// An engine that learns of changes need not look again and again, as this does.
    fn watch(&self, run_id: &str, seen: Standing) -> Answering<'_, Standing> {
        let run_id = run_id.to_owned();
        Box::pin(async move {
            loop {
                let now = self.standing(&run_id).await?;
                if now != seen {
                    return Ok(now);
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        })
    }

    /// The run that was started last, of those that nobody is the parent of; none where there are no
    /// runs
    fn newest(&self) -> Answering<'_, Option<String>> {
        Box::pin(async move {
            let page = self.list(RunFilter { limit: Some(1), ..RunFilter::default() }).await?;
            Ok(page.runs.into_iter().next().map(|run| run.run_id))
        })
    }

    /// Runs by the page
    fn list(&self, filter: RunFilter) -> Answering<'_, RunPage>;

    /// How the engine is; what is wrong stands in the report
    fn health(&self) -> Answering<'_, Health>;

    /// What should hold of where the runs are kept before others rely on it, each thing with how it is
    ///
    /// Asked by `doctor --production`, which knows of no engine what it stands on. All that can be
    /// said of a healthy engine stands in [`Engine::health`].
    fn checks(&self) -> Answering<'_, Vec<Check>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Runs that wait, counted by what for and how long; nothing of what an engine does not know
    fn waiting(&self) -> Answering<'_, Vec<Waiting>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    /// Whether it can do what it is asked for: fails where nobody should be sent to it
    fn ready(&self) -> Answering<'_, ()> {
        Box::pin(async move { self.newest().await.map(drop) })
    }

    /// What servers of these runs seal with that they get back from clients; the same in all
    /// processes and for as long as the runs are kept
    ///
    /// An engine that keeps none leaves it to each process to make one of its own.
    fn seal_key(&self) -> Option<[u8; 32]> {
        None
    }

    /// Ends what the engine does by itself: calls under way get a moment to end, connections are
    /// closed
    ///
    /// What it is asked for it still does.
    fn close(&self) -> Answering<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }
}
