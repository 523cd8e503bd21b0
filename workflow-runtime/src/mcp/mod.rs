//! The MCP server: the tools by which an agent starts runs and carries out their steps.
//!
//! Every revision of the protocol is served by the same [`Server`], which holds no state of its
//! own: what there is to know about a run, the engine knows.

mod arguments;
mod asking;
#[cfg(test)]
pub(crate) mod fake;
pub(crate) mod message;
pub mod paging;
pub mod reports;
mod stdio;
mod tools;

pub use stdio::{ServeError, serve_stdio};

use std::sync::Arc;

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock,
    Implementation, ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig,
    Tool,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::{ErrorData, ServerHandler};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::engine::{Engine, EngineError, RunFilter, StartRequest, Submission};
use crate::machine::{Answer, AnsweredBy};
use crate::reply::Reply;
use crate::words::{self, Asking};

use arguments::{Cancel, NoArguments, RunId, Runs, Start, StateOf, Submit};
use asking::{Asker, Means};

/// How an agent works with this server, told once at the start of a session
const INSTRUCTIONS: &str = "\
Runs workflows: the server decides what comes next, you do it.
1. list_workflows, then start_workflow.
2. Do the reply's step, it alone and exactly; its to_do says how. What a prompt asks, the user answers, \
not you.
3. submit_result with the step's run_id and step_id; its reply is the next step.
4. Go on until the status is completed, failed or cancelled. While it is running, or waits for time, \
for sub-agents or for the user: get_next_step with wait_seconds=20.
A reply lost? get_next_step gives the step again, as often as you like; a run outlives this session. A \
refused result says what was expected: mend it and submit again.";

/// How large an error's text may be, in bytes
const ERROR_TEXT: usize = 4 * 1024;

/// Serves an engine's runs to a client over MCP; a clone serves the same runs to another
pub struct Server {
    engine: Arc<dyn Engine>,
    asker: Asker,
}

impl Clone for Server {
    fn clone(&self) -> Self {
        Self { engine: self.engine.clone(), asker: self.asker.for_another() }
    }
}

impl Server {
    /// A server for the runs of an engine
    pub fn new(engine: Arc<dyn Engine>) -> Self {
        Self { asker: Asker::new(&*engine), engine }
    }

    /// Calls a tool, all but `get_next_step`, for a client with these means of asking its user
    async fn call(&self, name: &str, given: Map<String, Value>, means: Means) -> Outcome {
        match name {
            "list_workflows" => Ok(self.list_workflows(&arguments::read(name, given)?)),
            "start_workflow" => self.start_workflow(arguments::read(name, given)?, means).await,
            "submit_result" => self.submit_result(arguments::read(name, given)?, means).await,
            "get_workflow_status" => self.get_workflow_status(arguments::read(name, given)?).await,
            "get_workflow_state" => self.get_workflow_state(arguments::read(name, given)?).await,
            "list_runs" => self.list_runs(arguments::read(name, given)?).await,
            "health_check" => self.health_check(&arguments::read(name, given)?).await,
            "cancel_workflow" => self.cancel_workflow(arguments::read(name, given)?, means).await,
            _ => Err(EngineError::new(
                "unknown-tool",
                format!("there is no tool `{name}`"),
                "ask tools/list for the tools",
            )),
        }
    }

    fn list_workflows(&self, _: &NoArguments) -> CallToolResult {
        let list = reports::workflows(self.engine.registry());
        answer(words::workflows(&list), &list)
    }

    async fn start_workflow(&self, start: Start, means: Means) -> Outcome {
        let Start { workflow, inputs, idempotency_key } = start;
        let request = StartRequest { workflow, inputs, idempotency_key };
        paged(self.engine.start(request).await?, 1, means.standing())
    }

    async fn submit_result(&self, submit: Submit, means: Means) -> Outcome {
        let answer = match (submit.result, submit.error) {
            (Some(result), None) => Answer::Result(result),
            (None, Some(error)) => Answer::Error(error),
            (given, _) => return Err(arguments::result_or_error(given.is_some())),
        };
        let Submit { run_id, step_id, .. } = submit;
        let by = AnsweredBy::Agent;
        let submission = Submission { run_id: run_id.clone(), step_id, answer, by };
        let first = self.engine.submit(submission.clone()).await;
        // Some agents write an object into a string. A string that is refused and holds one is
        // taken for it; where a string is expected it is never refused for being one.
        let reply = match (first, unquoted(&submission.answer)) {
            (Err(refused), Some(answer)) => {
                self.engine.submit(Submission { answer, ..submission }).await.map_err(|_| refused)
            }
            (first, _) => first,
        };
        let reply = reply.map_err(|error| means.told_how(error, &run_id))?;
        paged(reply, 1, means.standing())
    }

    async fn get_workflow_status(&self, run: RunId) -> Outcome {
        let overview = reports::overview(self.engine.status(&run.run_id).await?);
        Ok(answer(words::status(&overview), &overview))
    }

    async fn get_workflow_state(&self, of: StateOf) -> Outcome {
        let state = reports::state(self.engine.state(&of.run_id, of.fields).await?);
        Ok(answer(words::state(&state), &state))
    }

    async fn list_runs(&self, runs: Runs) -> Outcome {
        let Runs { status, workflow, cursor } = runs;
        let page = self.engine.list(RunFilter { status, workflow, cursor, limit: None }).await?;
        Ok(answer(words::runs(&page), &page))
    }

    async fn health_check(&self, _: &NoArguments) -> Outcome {
        let health = self.engine.health().await?;
        Ok(answer(words::health(&health), &health))
    }

    async fn cancel_workflow(&self, cancel: Cancel, means: Means) -> Outcome {
        paged(self.engine.cancel(&cancel.run_id, cancel.reason).await?, 1, means.standing())
    }
}

type Outcome = Result<CallToolResult, EngineError>;

/// The object or list that a string answer holds, if it does
fn unquoted(answer: &Answer) -> Option<Answer> {
    let Answer::Result(Value::String(text)) = answer else { return None };
    let value: Value = serde_json::from_str(text).ok()?;
    (value.is_object() || value.is_array()).then_some(Answer::Result(value))
}

/// A page of a reply, with the asking of the user standing so, where it comes to that
fn paged(mut reply: Reply, number: usize, asking: Asking<'_>) -> Outcome {
    words::say_what_to_do(&mut reply, asking);
    let reply = paging::page(reply, number)?;
    Ok(answer(words::reply(&reply), &reply))
}

fn answer(text: String, structured: &impl Serialize) -> CallToolResult {
    let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
    result.structured_content = serde_json::to_value(structured).ok();
    result
}

fn failure(error: EngineError) -> CallToolResult {
    let message = paging::beginning(&Value::String(error.message), ERROR_TEXT);
    let error = EngineError { message, ..error };
    let mut result = CallToolResult::error(vec![ContentBlock::text(words::error(&error))]);
    result.structured_content =
        Some(json!({"code": error.code, "message": error.message, "help": error.help}));
    result
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let mut server = Implementation::new("workflow-server", env!("CARGO_PKG_VERSION"));
        server.title = Some("Workflow server".to_owned());
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(server)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut list = ListToolsResult::with_all_items(tools::all().to_vec()).with_ttl_ms(0);
        list.cache_scope = Some(CacheScope::Private);
        Ok(list)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        tools::find(name).cloned()
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        cx: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if tools::find(&request.name).is_none() {
            return Err(ErrorData::invalid_params(tools::unknown(&request.name), None));
        }
        let arguments = request.arguments.clone().unwrap_or_default();
        let outcome = match request.name.as_ref() {
            "get_next_step" => self.next_step(arguments, &request, &cx).await,
            name => self.call(name, arguments, self.means(&cx)).await.map(Into::into),
        };
        Ok(outcome.unwrap_or_else(|error| {
            tracing::debug!(tool = %request.name, code = error.code, "call refused");
            failure(error).into()
        }))
    }
}

#[cfg(test)]
mod tests;
