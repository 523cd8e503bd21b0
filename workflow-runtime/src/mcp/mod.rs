//! The MCP server: the tools by which an agent starts runs and carries out their steps.
//!
//! Every revision of the protocol is served by the same [`Server`], which holds nothing but what its
//! client is subscribed to: what there is to know about a run, the engine knows.

mod arguments;
mod asking;
mod completion;
#[cfg(test)]
pub(crate) mod fake;
mod lines;
mod lists;
pub(crate) mod message;
pub mod paging;
mod progress;
mod prompts;
pub mod reports;
mod resources;
mod stdio;
mod subscriptions;
pub(crate) mod tools;

pub use stdio::{ServeError, serve_stdio};

use std::sync::Arc;
use std::time::Instant;

use axum::http::request::Parts;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams,
    CompleteResult, ContentBlock, GetPromptRequestParams, GetPromptResponse, Implementation,
    ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse,
    ServerCapabilities, ServerConfig, SubscribeRequestParams, SubscriptionFilter, Tool,
    UnsubscribeRequestParams,
};
use rmcp::service::{RequestContext, RoleServer, SubscriptionContext};
use rmcp::{ErrorData, ServerHandler};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tracing::Instrument;

use crate::engine::{Engine, EngineError, RunFilter, StartRequest, Submission};
use crate::machine::{Answer, AnsweredBy};
use crate::reply::Reply;
use crate::telemetry::{self, Exposition, Fact, RequestOutcome, Telemetry, Trace};
use crate::words::{self, Asking};

use arguments::{Cancel, NoArguments, RunId, Runs, Start, StateOf, Submit, Workflows};
use asking::{Asker, Means};
use subscriptions::Subscriptions;

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
    subscriptions: Subscriptions,
    telemetry: Telemetry,
}

impl Clone for Server {
    fn clone(&self) -> Self {
        let (engine, asker) = (self.engine.clone(), self.asker.for_another());
        let (subscriptions, telemetry) = (Subscriptions::default(), self.telemetry.clone());
        Self { engine, asker, subscriptions, telemetry }
    }
}

impl Server {
    /// A server for the runs of an engine
    pub fn new(engine: Arc<dyn Engine>) -> Self {
        let subscriptions = Subscriptions::default();
        let telemetry = Telemetry::default();
        Self { asker: Asker::new(&*engine), engine, subscriptions, telemetry }
    }

    /// The same, and what is asked of it is told
    #[must_use]
    pub fn with_telemetry(mut self, telemetry: Telemetry) -> Self {
        self.telemetry = telemetry;
        self
    }

    /// What operators' systems can ask of it
    pub fn exposition(&self) -> Exposition {
        Exposition::new(self.telemetry.clone(), self.engine.clone())
    }

    /// What keeps the runs that it serves
    pub(crate) fn engine(&self) -> &Arc<dyn Engine> {
        &self.engine
    }

    /// The same, but it takes what only the user can answer from no form of a client
    #[must_use]
    pub fn without_elicitation(mut self) -> Self {
        self.asker.asks = false;
        self
    }

    /// Calls a tool, all but `get_next_step`, for a client with these means of asking its user
    async fn call(&self, name: &str, given: Map<String, Value>, means: Means) -> Outcome {
        match name {
            "list_workflows" => self.list_workflows(&arguments::read(name, given)?),
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

    fn list_workflows(&self, wanted: &Workflows) -> Outcome {
        let found = self.engine.registry().select(wanted.tag.as_deref());
        let found = found.map_err(|unknown| {
            EngineError::new("unknown-tag", unknown.to_string(), unknown.help)
        })?;
        let list = reports::workflows(&found);
        Ok(answer(words::workflows(&list), &list))
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
        ServerConfig::new(capabilities()).with_server_info(server).with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        lists::only_page(cursor(request.as_ref()))?;
        let mut list = ListToolsResult::with_all_items(tools::all().to_vec()).with_ttl_ms(0);
        list.cache_scope = Some(CacheScope::Private);
        Ok(list)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        tools::find(name).cloned()
    }

    async fn call_tool(
        &self,
        mut request: CallToolRequestParams,
        cx: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = tools::find(&request.name) else {
            return Err(ErrorData::invalid_params(tools::unknown(&request.name), None));
        };
        let began = Instant::now();
        let run = request.arguments.as_ref().and_then(|given| given.get("run_id")?.as_str());
        let span = telemetry::request(&cx.id, &tool.name, run, trace(&cx));
        // They may be large; those that progress is told of are not.
        let arguments = match request.name.as_ref() {
            "get_next_step" => request.arguments.clone(),
            _ => request.arguments.take(),
        };
        let arguments = arguments.unwrap_or_default();
        // Boxed, because what serves a connection has room for the largest of its requests.
        let call = Box::pin(async {
            match request.name.as_ref() {
                "get_next_step" => self.next_step(arguments, &request, &cx).await,
                name => self.call(name, arguments, self.means(&cx)).await.map(Into::into),
            }
        });
        let call = progress::beside(self.engine.as_ref(), &request, &cx, call);
        let outcome = call.instrument(span.clone()).await;
        self.telemetry.tell(Fact::Requested {
            tool: &tool.name,
            outcome: if outcome.is_ok() { RequestOutcome::Ok } else { RequestOutcome::Refused },
            took: began.elapsed(),
        });
        let _within = span.enter();
        Ok(outcome.unwrap_or_else(|error| {
            tracing::debug!(code = error.code, "call refused");
            failure(error).into()
        }))
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let (page, next) = prompts::list(self.engine.registry(), cursor(request.as_ref()))?;
        let mut list = ListPromptsResult::with_all_items(page).with_ttl_ms(0);
        list.next_cursor = next;
        list.cache_scope = Some(CacheScope::Private);
        Ok(list)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let GetPromptRequestParams { name, arguments, .. } = request;
        prompts::get(self.engine.registry(), &name, arguments).map(Into::into)
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        cx: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let cursor = cursor(request.as_ref());
        if cx.protocol_version() < Some(ProtocolVersion::V_2026_07_28) {
            self.subscriptions.add_list(&self.engine, cx.peer).await;
        }
        let (page, next) = resources::list(self.engine.as_ref(), cursor).await?;
        let mut list = ListResourcesResult::with_all_items(page).with_ttl_ms(0);
        list.next_cursor = next;
        list.cache_scope = Some(CacheScope::Private);
        Ok(list)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        lists::only_page(cursor(request.as_ref()))?;
        let templates = resources::templates();
        let mut list = ListResourceTemplatesResult::with_all_items(templates).with_ttl_ms(0);
        list.cache_scope = Some(CacheScope::Private);
        Ok(list)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let read = resources::read(self.engine.as_ref(), &request.uri).await?;
        Ok(read.with_ttl_ms(0).with_cache_scope(CacheScope::Private).into())
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.subscriptions.add(&self.engine, request.uri, context.peer).await
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.subscriptions.remove(&request.uri);
        Ok(())
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        Some(subscriptions::accepted(requested))
    }

    async fn listen(&self, subscription: SubscriptionContext) -> Result<(), ErrorData> {
        subscriptions::listen(&self.engine, subscription).await;
        Ok(())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        completion::complete(self.engine.as_ref(), &request).await.map(CompleteResult::new)
    }
}

/// The trace that a request belongs to: by what it says itself, else by its HTTP headers
fn trace(cx: &RequestContext<RoleServer>) -> Option<Trace> {
    let headers = || cx.extensions.get::<Parts>()?.headers.get("traceparent")?.to_str().ok();
    cx.meta.get_traceparent().or_else(headers).and_then(Trace::read)
}

/// What the server offers: the lists of tools and prompts stay as they are while it runs
fn capabilities() -> ServerCapabilities {
    ServerCapabilities::builder()
        .enable_tools()
        .enable_prompts()
        .enable_resources()
        .enable_resources_subscribe()
        .enable_resources_list_changed()
        .enable_completions()
        .build()
}

/// The cursor of a request for a list
fn cursor(request: Option<&PaginatedRequestParams>) -> Option<&str> {
    request.and_then(|request| request.cursor.as_deref())
}

#[cfg(test)]
mod tests;
