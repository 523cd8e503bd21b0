//! What workers do for runs outside of Temporal's replay: make events, remember, call other servers.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use temporalio_common::error::ApplicationFailure;
use temporalio_macros::activities;
use temporalio_sdk::activities::{ActivityContext, ActivityError};
use tracing::Instrument;

use super::kept::{Birth, Kept, Move};
use super::link::Link;
use super::memory::{Memory, MemoryError};
use super::workshop::Workshop;
use crate::connectors;
use crate::engine::EngineError;
use crate::engine::rules::calling::{self, Wanted};
use crate::engine::rules::failure::run_error;
use crate::machine::{Answer, Pending, RunError};
use crate::telemetry::step_of_call;

/// How often a worker says that work is still under way
const HEARTBEAT: Duration = Duration::from_secs(1);

/// What workers do for runs
#[derive(Clone)]
pub struct Deeds {
    pub(super) workshop: Arc<Workshop>,
    pub(super) link: Arc<Link>,
    pub(super) memory: Option<Arc<Memory>>,
}

/// A run that is to be moved by an answer of the server
#[derive(Serialize, Deserialize)]
pub struct Advance {
    pub(super) kept: Kept,
    pub(super) depth: u32,
    pub(super) answer: Answer,
}

/// A run whose first events are to be made
#[derive(Serialize, Deserialize)]
pub struct Bear {
    pub(super) birth: Birth,
    pub(super) depth: u32,
}

/// A run that is to be taken up again
#[derive(Serialize, Deserialize)]
pub struct TakeUp {
    pub(super) run_id: String,
    /// The execution that it failed in
    pub(super) execution: String,
    pub(super) depth: u32,
}

/// A run that was taken up again
#[derive(Serialize, Deserialize)]
pub struct TakenUp {
    pub(super) kept: Kept,
    pub(super) made: Made,
}

/// What came of an attempt to make events
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Made {
    /// They are made
    Moved(Move),
    /// No build on this worker fits
    Hindered(Hindrance),
    /// The run cannot be taken up again
    Refused(String),
}

/// Why no build fits a run, as the worker told it that tried last
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hindrance {
    pub(super) message: String,
    pub(super) help: String,
}

/// A call of `memory.*`
#[derive(Serialize, Deserialize)]
pub struct Remember {
    pub(super) run_id: String,
    pub(super) step_id: String,
    pub(super) tool: String,
    pub(super) parameters: Map<String, Value>,
}

/// A call of another server's tool
#[derive(Serialize, Deserialize)]
pub struct Calling {
    pub(super) pending: Pending,
}

/// A tool that was found
#[derive(Serialize, Deserialize)]
pub enum Found {
    /// It can be called; whether once more does no harm, and who says so
    Ready { repeatable: bool, by: String, at: Timestamp },
    /// It cannot
    Failed(RunError),
}

impl Made {
    fn of(made: Result<Move, EngineError>) -> Result<Self, ActivityError> {
        match made {
            Ok(moved) => Ok(Self::Moved(moved)),
            Err(error) if crate::engine::rules::failure::is_incompatible(&error) => {
                Ok(Self::Hindered(Hindrance { message: error.message, help: error.help }))
            }
            Err(error) if error.code == "not-retryable" => Ok(Self::Refused(error.message)),
            Err(error) => Err(failed(&error.message)),
        }
    }
}

#[activities]
impl Deeds {
    /// Moves a run by an answer of the server
    #[activity]
    pub async fn advance(
        self: Arc<Self>,
        ctx: ActivityContext,
        ask: Advance,
    ) -> Result<Made, ActivityError> {
        let Advance { kept, depth, answer } = ask;
        let run_id = run_id(&ctx);
        self.make(move |workshop| {
            let moved = workshop.take(&kept, depth, answer)?;
            workshop.tell(&run_id, Some(&kept.snapshot), &moved);
            Ok(moved)
        })
        .await
    }

    /// Makes a child's first events
    #[activity]
    pub async fn bear(
        self: Arc<Self>,
        ctx: ActivityContext,
        ask: Bear,
    ) -> Result<Made, ActivityError> {
        let run_id = run_id(&ctx);
        self.make(move |workshop| {
            let moved = workshop.bear(&ask.birth, ask.depth)?;
            workshop.tell(&run_id, None, &moved);
            Ok(moved)
        })
        .await
    }

    /// Takes a child up again that has failed
    #[activity]
    pub async fn take_up(
        self: Arc<Self>,
        ctx: ActivityContext,
        ask: TakeUp,
    ) -> Result<TakenUp, ActivityError> {
        let TakeUp { run_id, execution, depth } = ask;
        let kept = alive(&ctx, self.link.kept(&run_id, Some(&execution))).await?;
        let mut kept = kept.map_err(|error| failed(&error.message))?;
        kept.before = Some(execution);
        let before = kept.clone();
        let made = self.make(move |workshop| workshop.retry(&run_id, &before, depth)).await?;
        Ok(TakenUp { kept, made })
    }

    /// Remembers, or looks something up; once, however often it is run
    #[activity]
    pub async fn remember(
        self: Arc<Self>,
        ctx: ActivityContext,
        ask: Remember,
    ) -> Result<Answer, ActivityError> {
        let Some(memory) = &self.memory else {
            return Ok(Answer::Failed(no_memory(&ask.tool)));
        };
        let Remember { run_id, step_id, tool, parameters } = &ask;
        let now = self.workshop.now();
        let call = Box::pin(memory.call(run_id, step_id, tool, parameters, now));
        match alive(&ctx, call).await? {
            Ok(result) => Ok(Answer::Result(result)),
            Err(MemoryError::Refused(why)) => Ok(Answer::Failed(run_error("tool-failed", why))),
            Err(MemoryError::Store(error)) => Err(failed(&error.message)),
        }
    }

    /// Finds the tool that a run waits for
    #[activity]
    pub async fn find(
        self: Arc<Self>,
        ctx: ActivityContext,
        ask: Calling,
    ) -> Result<Found, ActivityError> {
        let wanted = self.wanted(ask.pending)?;
        Ok(match alive(&ctx, wanted.find()).await? {
            Ok(ready) => Found::Ready {
                repeatable: ready.repeatable,
                by: self.link.identity().to_owned(),
                at: self.workshop.now(),
            },
            Err(error) => Found::Failed(error),
        })
    }

    /// Calls the tool that a run waits for
    #[activity]
    pub async fn call(
        self: Arc<Self>,
        ctx: ActivityContext,
        ask: Calling,
    ) -> Result<Answer, ActivityError> {
        // Who brought the run there is another process, or an earlier task of this one.
        let step = step_of_call(&run_id(&ctx), &ask.pending.step_id);
        let wanted = self.wanted(ask.pending)?;
        let span = tracing::info_span!(parent: &step, "call", server = wanted.server());
        let calling = async {
            match alive(&ctx, wanted.find()).await? {
                Ok(ready) => alive(&ctx, ready.call_and_tell(&self.workshop.telemetry)).await,
                Err(error) => Ok(Answer::Failed(error)),
            }
        };
        calling.instrument(span).await
    }
}

impl Deeds {
    /// Makes events on a thread that may take its time: functions of the author's run there
    async fn make(
        &self,
        make: impl FnOnce(&Workshop) -> Result<Move, EngineError> + Send + 'static,
    ) -> Result<Made, ActivityError> {
        let workshop = self.workshop.clone();
        let made = tokio::task::spawn_blocking(move || make(&workshop)).await;
        Made::of(made.map_err(|error| failed(&error.to_string()))?)
    }

    /// The call that a pending action is; one that this worker cannot make is left to another
    fn wanted(&self, pending: Pending) -> Result<Wanted, ActivityError> {
        let tool = match &pending.action {
            crate::machine::Action::McpCall { tool, .. } => tool.clone(),
            _ => String::new(),
        };
        let Workshop { connectors, registry, .. } = &*self.workshop;
        Wanted::of(pending, connectors, registry).ok_or_else(|| {
            let server = connectors::split(&tool).map_or(tool.as_str(), |(server, _)| server);
            failed(&format!("this worker has no connector for the server `{server}`"))
        })
    }
}

/// The run that work is done for
fn run_id(ctx: &ActivityContext) -> String {
    ctx.info().workflow_id.clone().unwrap_or_default()
}

/// Work that says now and then that it is still under way, so that it is soon given to another worker
/// where this one dies; it ends where it is no longer wanted
async fn alive<T>(
    ctx: &ActivityContext,
    work: impl Future<Output = T>,
) -> Result<T, ActivityError> {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return Ok(done),
            () = ctx.cancelled() => return Err(ActivityError::cancelled()),
            () = tokio::time::sleep(HEARTBEAT) => {
                // One that is lost is followed by another.
                let _ = ctx.record_heartbeat(()).await;
            }
        }
    }
}

/// A failure after which Temporal tries again
fn failed(why: &str) -> ActivityError {
    ActivityError::application(ApplicationFailure::new(why.to_owned()))
}

fn no_memory(tool: &str) -> RunError {
    connectors::failed(
        "memory-off",
        format!("`{tool}` needs a database, and this fleet has none"),
        "start its servers and workers with WORKFLOW_DATABASE_URL, the URL of a PostgreSQL database",
    )
}

/// The failure of a call whose worker was lost, or whose outcome was
pub(super) fn lost(snapshot: &crate::machine::Snapshot) -> RunError {
    calling::outcome_unknown(
        snapshot,
        "the worker that made it was lost before it knew the outcome",
    )
}
