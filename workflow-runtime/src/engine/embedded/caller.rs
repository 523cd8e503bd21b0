//! Makes the calls to other servers, beside the thread that writes and outside of all transactions.
//!
//! Each call goes the same way: find the tool, journal that it is about to be called, call it, tell
//! what came of it. What happens in between, and in which process, [`super::calls`] keeps.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::{Map, Value};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};

use super::calls::{self, Call};
use super::commands::Command;
use super::jobs::Jobs;
use super::readers::Readers;
use super::rows;
use super::world::World;
use crate::connectors::{self, Connector, Tool, locks};
use crate::engine::EngineError;
use crate::machine::{Action, Answer, RunError};
use crate::registry::Registry;
use crate::schema::Schema;

/// How long a call may take that has no deadline
const LONGEST: Duration = Duration::from_mins(5);

/// How often it looks for what no signal told: what another process has called off, or what could
/// not be done at the first try
const LOOK: Duration = Duration::from_secs(1);

/// How long calls may still take once the engine is to close
const GRACE: Duration = Duration::from_secs(5);

/// How often a call is made again whose connection was lost, where the tool may be called twice: a
/// server that dies of it must not be sent it for ever
const REPEATS: u32 = 2;

/// Pauses before an outcome that could not be written is written again
const AGAIN: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(5),
];

/// Makes this process's calls
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) world: Arc<World>,
    pub(super) readers: Arc<Readers>,
    pub(super) jobs: Arc<Jobs>,
}

/// A call as its run waits for it
pub(super) struct Wanted {
    connector: Arc<dyn Connector>,
    /// `server.tool`
    tool: String,
    parameters: Map<String, Value>,
    result_schema: Value,
    has_deadline: bool,
    registry: Arc<Registry>,
}

impl Wanted {
    /// Nothing where the run waits for it no longer, or this process cannot make it
    pub(super) fn read(
        db: &Connection,
        world: &World,
        call: &Call,
    ) -> Result<Option<Self>, EngineError> {
        let snapshot = rows::get(db, &call.run_id)?.snapshot;
        let pending = snapshot.and_then(|snapshot| Arc::unwrap_or_clone(snapshot).pending);
        let Some(pending) = pending.filter(|at| at.step_id == call.step_id) else {
            return Ok(None);
        };
        let Action::McpCall { tool, parameters } = pending.action else { return Ok(None) };
        let connector =
            connectors::split(&tool).and_then(|(server, _)| world.connectors.get(server));
        Ok(connector.cloned().map(|connector| Self {
            connector,
            tool,
            parameters,
            result_schema: pending.result_schema,
            has_deadline: pending.deadline.is_some(),
            registry: world.registry.clone(),
        }))
    }

    /// Finds the tool; one that is not what the workflows were compiled against is refused
    pub(super) async fn find(self) -> Result<Ready, RunError> {
        let repeatable = self.look_up().await?.is_repeatable();
        Ok(Ready { wanted: self, repeatable })
    }

    async fn look_up(&self) -> Result<Arc<Tool>, RunError> {
        let name = connectors::split(&self.tool).map_or("", |(_, name)| name);
        let found = self.connector.find(name).await?;
        if self.registry.locks().drift(&self.tool, &found).is_none() {
            return Ok(found);
        }
        // It may have come back meanwhile: only what is listed now is told.
        self.connector.list().await?;
        let found = self.connector.find(name).await?;
        match self.registry.locks().drift(&self.tool, &found) {
            Some(drift) => Err(locks::refused(&self.tool, &drift)),
            None => Ok(found),
        }
    }
}

/// A call that can be made
pub(super) struct Ready {
    wanted: Wanted,
    /// Whether to call the tool once more does no harm
    pub(super) repeatable: bool,
}

impl Caller {
    /// The calls to be made now, those first that have waited longest: as many to each server as
    /// it takes at once
    pub(super) fn due(&self) -> Result<Vec<(String, Call)>, EngineError> {
        self.readers.with(|db| {
            let mut due = Vec::new();
            for server in self.world.connectors.names() {
                let at_once = self.at_once(server);
                let own = calls::own(db, &self.world, server, at_once)?;
                due.extend(own.into_iter().map(|call| (server.to_owned(), call)));
            }
            Ok(due)
        })
    }

    fn at_once(&self, server: &str) -> usize {
        self.world.connectors.get(server).map_or(1, |connector| connector.at_once().max(1))
    }

    /// Which of these calls are no longer wanted
    fn unwanted(&self, calls: Vec<Call>) -> Result<Vec<Call>, EngineError> {
        self.readers.with(|db| {
            let mut unwanted = Vec::new();
            for call in calls {
                if !calls::is_own(db, &self.world, &call)? {
                    unwanted.push(call);
                }
            }
            Ok(unwanted)
        })
    }

    /// Makes a call, from finding the tool to telling the outcome
    pub(super) async fn make(&self, call: Call) {
        let answer = match self.prepare(&call).await {
            Ok(Some(ready)) => match self.begin(&call, ready.repeatable).await {
                Ok(()) => Some(ready.call().await),
                Err(error) if error.code == calls::BEGUN_BEFORE => {
                    let known = "it was begun before, and its outcome was lost";
                    Some(Answer::Failed(calls::unknown(&ready.wanted.tool, known)))
                }
                Err(_) => None,
            },
            Ok(None) => None,
            Err(error) => Some(Answer::Failed(error)),
        };
        match answer {
            Some(answer) => self.tell(&call, answer).await,
            // What could not be read or journaled is not made: its row is found again.
            None => tokio::time::sleep(LOOK).await,
        }
    }

    /// Finds the tool that is to be called; nothing where the call is no longer wanted
    pub(super) async fn prepare(&self, call: &Call) -> Result<Option<Ready>, RunError> {
        let (caller, call) = (self.clone(), call.clone());
        let reading = tokio::task::spawn_blocking(move || {
            caller.readers.with(|db| Wanted::read(db, &caller.world, &call))
        });
        let Ok(Ok(Some(wanted))) = reading.await else { return Ok(None) };
        wanted.find().await.map(Some)
    }

    /// Journals that a call is about to be made
    pub(super) async fn begin(&self, call: &Call, repeatable: bool) -> Result<(), EngineError> {
        let begun = self.jobs.command(Command::Call { call: call.clone(), repeatable }).await;
        let Call { run_id, step_id } = call;
        match begun {
            Ok(_) => Ok(()),
            Err(error) => {
                let code = error.code;
                tracing::debug!(run = run_id, step = step_id, code, "a call is not made");
                Err(error)
            }
        }
    }

    /// Tells the outcome of a call, until it is written down or nobody wants it any more
    pub(super) async fn tell(&self, call: &Call, answer: Answer) {
        let Call { run_id, step_id } = call;
        for pause in AGAIN.into_iter().chain(std::iter::repeat(AGAIN[AGAIN.len() - 1])) {
            let command = Command::Called { call: call.clone(), answer: answer.clone() };
            let Err(error) = self.jobs.command(command).await else { return };
            let code = error.code;
            if !["store", "conflict", "internal"].contains(&code) {
                tracing::debug!(run = run_id, step = step_id, code, "an outcome comes too late");
                return;
            }
            tracing::warn!(run = run_id, step = step_id, code, %error, "an outcome has to wait");
            tokio::time::sleep(pause).await;
        }
    }
}

impl Ready {
    /// Calls the tool; the answer to the step is what it gave, or why there is none
    pub(super) async fn call(self) -> Answer {
        let Self { wanted, repeatable } = self;
        let Wanted { connector, tool, parameters, result_schema, has_deadline, .. } = wanted;
        // A task of its own, so that a connector that panics takes no other down with it.
        let name = tool.clone();
        let calling = OnDropAbort(tokio::spawn(async move {
            let tool = connectors::split(&name).map_or("", |(_, tool)| tool);
            let repeats = if repeatable { REPEATS } else { 0 };
            outlasting(connector.as_ref(), tool, parameters, repeats).await
        }));
        let called = if has_deadline {
            // The engine keeps deadlines; the call is called off once its has passed.
            Ok(calling.await)
        } else {
            tokio::time::timeout(LONGEST, calling).await
        };
        match called {
            Ok(Ok(Ok(value))) => Answer::Result(fitted(value, &result_schema)),
            Ok(Ok(Err(error))) if error.code != connectors::LOST => Answer::Failed(error),
            Ok(Ok(Err(lost))) if repeatable => Answer::Failed(connectors::failed(
                "connector-failed",
                format!("{}, {REPEATS} times more when it was called again", lost.message),
                "see its words in this server's log; a `retry` of the step can wait for it",
            )),
            Ok(Ok(Err(lost))) => Answer::Failed(calls::unknown(&tool, &lost.message)),
            Ok(Err(_)) if repeatable => Answer::Failed(connectors::failed(
                "connector-failed",
                format!("the call of `{tool}` broke off by a mistake of this server, see its log"),
                "report it; the step can be tried again",
            )),
            Ok(Err(_)) => {
                Answer::Failed(calls::unknown(&tool, "this server made a mistake, see its log"))
            }
            Err(_) => Answer::Failed(connectors::failed(
                "timeout",
                format!("`{tool}` gave no answer within {} seconds", LONGEST.as_secs()),
                "give the step a `timeout` of its own, or say by `retry` or `on_error` how to go on",
            )),
        }
    }
}

/// Calls a tool, and again so many times at most where the connection is lost in between
async fn outlasting(
    connector: &dyn Connector,
    tool: &str,
    parameters: Map<String, Value>,
    repeats: u32,
) -> Result<Value, RunError> {
    for _ in 0..repeats {
        match connector.call(tool, parameters.clone()).await {
            Err(error) if error.code == connectors::LOST => {}
            outcome => return outcome,
        }
    }
    connector.call(tool, parameters).await
}

/// A text that holds the JSON that is wanted is taken for it: many tools give nothing but text
fn fitted(value: Value, schema: &Value) -> Value {
    let Value::String(text) = &value else { return value };
    let Ok(schema) = Schema::cached(schema) else { return value };
    match serde_json::from_str::<Value>(text) {
        Ok(meant) if schema.check(&value).is_err() && schema.check(&meant).is_ok() => meant,
        _ => value,
    }
}

/// A task that ends with whoever waits for it
struct OnDropAbort<T>(JoinHandle<T>);

impl<T> Future for OnDropAbort<T> {
    type Output = <JoinHandle<T> as Future>::Output;

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Self::Output> {
        std::pin::Pin::new(&mut self.0).poll(cx)
    }
}

impl<T> Drop for OnDropAbort<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The task that makes a process's calls as they come
pub(super) struct Calling {
    task: Option<JoinHandle<()>>,
    stop: Arc<Notify>,
}

impl Calling {
    /// Begins to make calls; must be called within a tokio runtime
    pub(super) fn start(caller: Caller) -> Self {
        let stop = Arc::new(Notify::new());
        let work = Work { caller, under_way: HashMap::new(), tasks: JoinSet::new() };
        let task = tokio::spawn(work.run(stop.clone()));
        Self { task: Some(task), stop }
    }

    /// Begins no more calls, and gives those under way a moment
    pub(super) async fn close(&mut self) {
        self.stop.notify_one();
        if let Some(task) = self.task.take() {
            // One that panicked has said so.
            let _ = task.await;
        }
    }
}

impl Drop for Calling {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

/// The calls under way, each a task; all end with this
struct Work {
    caller: Caller,
    under_way: HashMap<Call, (String, AbortHandle)>,
    tasks: JoinSet<Call>,
}

impl Work {
    async fn run(mut self, stop: Arc<Notify>) {
        loop {
            if let Err(error) = self.look().await {
                tracing::warn!(code = error.code, %error, "calls have to wait");
            }
            tokio::select! {
                () = self.caller.world.calls.received() => {}
                () = tokio::time::sleep(LOOK) => {}
                Some(ended) = self.tasks.join_next() => self.ended(ended),
                () = stop.notified() => break,
            }
        }
        let rest = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, rest).await.is_err() {
            tracing::warn!(calls = self.tasks.len(), "stopping with calls under way");
        }
    }

    fn ended(&mut self, ended: Result<Call, tokio::task::JoinError>) {
        match ended {
            Ok(call) => drop(self.under_way.remove(&call)),
            // Called off, or broken by a mistake of ours: its row says what is to be done.
            Err(_) => self.under_way.retain(|_, (_, task)| !task.is_finished()),
        }
    }

    /// Calls off what is no longer wanted, and begins what is due
    async fn look(&mut self) -> Result<(), EngineError> {
        let caller = self.caller.clone();
        let under_way: Vec<Call> = self.under_way.keys().cloned().collect();
        let looking = tokio::task::spawn_blocking(move || {
            Ok::<_, EngineError>((caller.unwanted(under_way)?, caller.due()?))
        });
        let Ok(looked) = looking.await else { return Ok(()) };
        let (unwanted, due) = looked?;
        for call in unwanted {
            if let Some((_, task)) = self.under_way.remove(&call) {
                task.abort();
            }
        }
        for (server, call) in due {
            let busy = self.under_way.values().filter(|(other, _)| *other == server).count();
            if busy < self.caller.at_once(&server) && !self.under_way.contains_key(&call) {
                let (caller, named) = (self.caller.clone(), call.clone());
                let task = self.tasks.spawn(async move {
                    caller.make(named.clone()).await;
                    named
                });
                self.under_way.insert(call, (server, task));
            }
        }
        Ok(())
    }
}
