//! Calls of other servers' tools: who makes them, how one is made, and what is said of one whose outcome
//! nobody knows.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use tokio::task::JoinHandle;

use super::failure::run_error;
use crate::connectors::{self, Connector, Connectors, Tool, locks};
use crate::machine::{Action, Answer, Event, Pending, RunError, Snapshot};
use crate::registry::Registry;
use crate::schema::Schema;
use crate::telemetry::{CallOutcome, Fact, Telemetry};

/// How long a call may take that has no deadline
pub(crate) const LONGEST: Duration = Duration::from_mins(5);

/// The code of a call of which nobody knows whether it was made
const UNKNOWN: &str = "outcome-unknown";

/// How often a call is made again whose connection was lost, where the tool may be called twice: a
/// server that dies of it must not be sent it for ever
const REPEATS: u32 = 2;

/// Decides who carries out what a run has come to wait for: a tool whose server the engine can
/// call is called by it, any other is the agent's
pub(crate) fn hand_out(connectors: &Connectors, mut events: Vec<Event>) -> Vec<Event> {
    if let Some(Event::Waiting { pending, .. }) = events.last_mut()
        && let Action::McpCall { tool, .. } = &pending.action
        && connectors.has(tool)
    {
        pending.by_server = true;
    }
    events
}

/// A call as its run waits for it
pub(crate) struct Wanted {
    connector: Arc<dyn Connector>,
    /// `server.tool`
    tool: String,
    parameters: Map<String, Value>,
    result_schema: Value,
    has_deadline: bool,
    registry: Arc<Registry>,
}

impl Wanted {
    /// A call that a pending action is; nothing where this process cannot make it
    pub(crate) fn of(
        pending: Pending,
        connectors: &Connectors,
        registry: &Arc<Registry>,
    ) -> Option<Self> {
        let Action::McpCall { tool, parameters } = pending.action else { return None };
        let connector = connectors::split(&tool).and_then(|(server, _)| connectors.get(server));
        connector.cloned().map(|connector| Self {
            connector,
            tool,
            parameters,
            result_schema: pending.result_schema,
            has_deadline: pending.deadline.is_some(),
            registry: registry.clone(),
        })
    }

    /// The server that the tool is of
    #[cfg(feature = "temporal")]
    pub(crate) fn server(&self) -> &str {
        connectors::split(&self.tool).map_or("", |(server, _)| server)
    }

    /// Finds the tool; one that is not what the workflows were compiled against is refused
    pub(crate) async fn find(self) -> Result<Ready, RunError> {
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
pub(crate) struct Ready {
    wanted: Wanted,
    /// Whether to call the tool once more does no harm
    pub(crate) repeatable: bool,
}

impl Ready {
    /// The tool's name, `server.tool`
    pub(crate) fn tool(&self) -> &str {
        &self.wanted.tool
    }

    /// As [`Ready::call`], and how it went is told
    pub(crate) async fn call_and_tell(self, telemetry: &Telemetry) -> Answer {
        let tool = self.tool().to_owned();
        let (began, answer) = (Instant::now(), self.call().await);
        let server = connectors::split(&tool).map_or("", |(server, _)| server);
        let (outcome, took) = (outcome(&answer), began.elapsed());
        telemetry.tell(Fact::ToolCalled { server, outcome, took });
        answer
    }

    /// Calls the tool; the answer to the step is what it gave, or why there is none
    pub(crate) async fn call(self) -> Answer {
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
            Ok(Ok(Err(lost))) => Answer::Failed(unknown(&tool, &lost.message)),
            Ok(Err(_)) if repeatable => Answer::Failed(connectors::failed(
                "connector-failed",
                format!("the call of `{tool}` broke off by a mistake of this server, see its log"),
                "report it; the step can be tried again",
            )),
            Ok(Err(_)) => Answer::Failed(unknown(&tool, "this server made a mistake, see its log")),
            Err(_) => Answer::Failed(connectors::failed(
                "timeout",
                format!("`{tool}` gave no answer within {} seconds", LONGEST.as_secs()),
                "give the step a `timeout` of its own, or say by `retry` or `on_error` how to go on",
            )),
        }
    }
}

/// How a call went, as it is counted
fn outcome(answer: &Answer) -> CallOutcome {
    match answer {
        Answer::Result(_) => CallOutcome::Ok,
        Answer::Failed(error) => match error.code.as_str() {
            "connector-failed" => CallOutcome::Unreachable,
            "timeout" => CallOutcome::Timeout,
            UNKNOWN => CallOutcome::Unknown,
            _ => CallOutcome::Failed,
        },
        Answer::Error(_) => CallOutcome::Failed,
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

/// The failure of a call that may have been made, and must not be made again
pub(crate) fn outcome_unknown(snapshot: &Snapshot, cause: &str) -> RunError {
    let pending = snapshot.pending.as_ref();
    let tool = match pending.map(|pending| &pending.action) {
        Some(Action::McpCall { tool, .. }) => tool.as_str(),
        _ => "the tool",
    };
    let since = snapshot.calling.as_ref().map(|calling| calling.since.to_string());
    let since = since.map(|since| format!(" at {since}")).unwrap_or_default();
    unknown(tool, &format!("the call was begun{since}, and {cause}"))
}

/// What is known of a call whose outcome is not
pub(crate) fn unknown(tool: &str, known: &str) -> RunError {
    let mut error =
        run_error(UNKNOWN, format!("whether `{tool}` has done its work is not known: {known}"));
    error.help = Some(
        "look at what the tool works on, whether it was done; it was not called again, because it \
         does not say that it is idempotent or read-only. An `on_error` of the step can do the \
         looking"
            .to_owned(),
    );
    error
}
