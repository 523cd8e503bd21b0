//! A server of tools whose effects can be counted: each is a line in the file named by `NOTES`.
//!
//! | tool | hints | line | gives |
//! |---|---|---|---|
//! | `append` | none | `append TEXT`, then it waits `delay` milliseconds | `{noted}` |
//! | `put` | idempotent | `put TEXT`, then the same | `{noted}` |
//! | `slow` | read-only | `slow`, and `cancelled` once it is called off | nothing, ever |
//! | `crash` | none | `crash` | nothing: the process ends |
//! | `stumble` | idempotent | `stumble` | nothing the first time: the process ends; then `{noted}` |
//! | `fail` | read-only | | an error |
//! | `echo` | read-only | | the `Authorization` that it was asked with, as an error where `fail` is true |
//! | `large` | read-only | `large` | 20 MiB of text |
//!
//! It is served over stdio, or over HTTP at `/mcp` where `PORT` is set: 0 is any, and the one that it
//! has is noted as `port N`. There it wants its `TOKEN` as a bearer's, and tells whoever has another
//! what it was. `/near` and `/away` redirect, to `/mcp` and to `AWAY`. With `OLD` set it knows no
//! protocol from 2026-07-28 on, and notes `session` with each request that has one.
//!
//! It says its `TOKEN` on stderr, as careless programs do, and notes `begin` and `end` of itself.
//! With `DRIFT` set, `put` takes another argument and no longer says that it is idempotent. The list
//! of the tools comes in pages of two.

use std::fs::OpenOptions;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::any;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService, stdio_pipes};
use rmcp::{ErrorData, ServerHandler, ServiceExt};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

#[derive(Clone)]
struct Tools;

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let cursor = request.and_then(|request| request.cursor);
        let from: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or_default();
        let mut tools = tools();
        let to = tools.len().min(from + 2);
        let next = (to < tools.len()).then(|| to.to_string());
        let mut page = ListToolsResult::with_all_items(tools.drain(from..to).collect());
        page.next_cursor = next;
        Ok(page)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        match &*request.name {
            "append" | "put" => Ok(note_text(&request.name, &arguments).await.into()),
            "slow" => {
                note("slow");
                context.ct.cancelled().await;
                note("cancelled");
                Ok(CallToolResult::error(vec![]).into())
            }
            "crash" => {
                note("crash");
                std::process::exit(3);
            }
            "stumble" => {
                note("stumble");
                if noted("stumble") == 1 {
                    std::process::exit(3);
                }
                Ok(CallToolResult::structured(json!({"noted": "at last"})).into())
            }
            "echo" => Ok(echo(&context, &arguments).into()),
            "large" => {
                note("large");
                Ok(CallToolResult::success(vec![ContentBlock::text("x".repeat(20 << 20))]).into())
            }
            "fail" => {
                Ok(CallToolResult::error(vec![ContentBlock::text("the disk is full")]).into())
            }
            _ => Err(ErrorData::invalid_params("there is no such tool", None)),
        }
    }
}

fn tools() -> Vec<Tool> {
    let plain = ToolAnnotations::new;
    let drifted = std::env::var_os("DRIFT").is_some_and(|drift| !drift.is_empty());
    vec![
        tool("append", plain()),
        put(drifted),
        tool("slow", plain().read_only(true)),
        tool("crash", plain()),
        tool("stumble", plain().idempotent(true)),
        tool("fail", plain().read_only(true)),
        tool("echo", plain().read_only(true)),
        tool("large", plain().read_only(true)),
    ]
}

fn tool(name: &'static str, annotations: ToolAnnotations) -> Tool {
    let schema = schema(&json!({"type": "object"}));
    Tool::new(name, "notes what was done", schema).with_annotations(annotations)
}

/// The one tool that says what it takes and gives
fn put(drifted: bool) -> Tool {
    let text = json!({"type": "string", "description": "what is noted"});
    let text = if drifted { json!({"type": "integer"}) } else { text };
    let delay = json!({"type": "integer", "minimum": 0});
    let input = json!({"type": "object", "properties": {"text": text, "delay": delay},
        "required": ["text"], "additionalProperties": false});
    let output = json!({"type": "object", "properties": {"noted": {"type": "string"}},
        "required": ["noted"]});
    Tool::new("put", "notes what was done", schema(&input))
        .with_raw_output_schema(schema(&output))
        .with_annotations(ToolAnnotations::new().idempotent(!drifted))
}

fn schema(schema: &Value) -> Arc<Map<String, Value>> {
    Arc::new(schema.as_object().cloned().unwrap_or_default())
}

async fn note_text(tool: &str, arguments: &Map<String, Value>) -> CallToolResult {
    let text = arguments.get("text").and_then(Value::as_str).unwrap_or_default();
    note(&format!("{tool} {text}"));
    let delay = arguments.get("delay").and_then(Value::as_u64).unwrap_or_default();
    tokio::time::sleep(Duration::from_millis(delay)).await;
    CallToolResult::structured(json!({ "noted": text }))
}

/// As a careless server does
fn echo(context: &RequestContext<RoleServer>, arguments: &Map<String, Value>) -> CallToolResult {
    let parts = context.extensions.get::<axum::http::request::Parts>();
    let header = parts.and_then(|parts| parts.headers.get("authorization")?.to_str().ok());
    let header = header.map_or_else(|| std::env::var("TOKEN").unwrap_or_default(), str::to_owned);
    if arguments.get("fail") == Some(&Value::Bool(true)) {
        return CallToolResult::error(vec![ContentBlock::text(format!("wrong: `{header}`"))]);
    }
    CallToolResult::structured(json!({ "authorization": header }))
}

/// Serves over HTTP until the process is killed
#[expect(clippy::expect_used, reason = "without its port this server is of no use")]
async fn serve_http(port: u16) {
    let sessions = Arc::new(LocalSessionManager::default());
    let service =
        StreamableHttpService::new(|| Ok(Tools), sessions, StreamableHttpServerConfig::default());
    let away = std::env::var("AWAY").unwrap_or_default();
    let app = Router::new()
        .route("/near", any(|| async { Redirect::temporary("/mcp") }))
        .route("/away", any(move || async move { Redirect::temporary(&away) }))
        .nest_service("/mcp", service)
        .layer(from_fn(guard));
    let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("the port is free");
    note(&format!("port {}", listener.local_addr().expect("it has a port").port()));
    axum::serve(listener, app).await.expect("it serves");
}

async fn guard(request: Request, next: Next) -> Response {
    match refusal(request.headers()) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    }
}

/// Why a request goes no further
fn refusal(headers: &HeaderMap) -> Option<Response> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let known = header("authorization").unwrap_or_default();
    if known != format!("Bearer {}", std::env::var("TOKEN").unwrap_or_default()) {
        note("refused");
        let told = format!("`{known}` is not our token");
        return Some((StatusCode::FORBIDDEN, told).into_response());
    }
    if std::env::var_os("OLD").is_some() {
        if header("mcp-protocol-version").is_some_and(|version| version >= "2026-07-28") {
            return Some((StatusCode::BAD_REQUEST, "no such protocol").into_response());
        }
        if header("mcp-session-id").is_some() {
            note("session");
        }
    }
    None
}

/// Adds a line to the file, at once and as a whole
#[expect(clippy::expect_used, reason = "without its file this server is of no use")]
fn note(line: &str) {
    let path = std::env::var_os("NOTES").expect("NOTES names a file");
    let mut file = OpenOptions::new().create(true).append(true).open(path).expect("it opens");
    file.write_all(format!("{line}\n").as_bytes()).expect("it can be written to");
}

/// How often that was noted
fn noted(line: &str) -> usize {
    let path = std::env::var_os("NOTES").expect("NOTES names a file");
    let notes = std::fs::read_to_string(path).unwrap_or_default();
    notes.lines().filter(|noted| *noted == line).count()
}

#[tokio::main]
async fn main() {
    note("begin");
    // A client that leaves at once, or has been killed, is no failure.
    let token = std::env::var("TOKEN").unwrap_or_default();
    let _ = writeln!(std::io::stderr(), "using the token {token}");
    if let Some(port) = std::env::var("PORT").ok().and_then(|port| port.parse().ok()) {
        return serve_http(port).await;
    }
    if let Ok(service) = Tools.serve(stdio_pipes()).await {
        let _ = service.waiting().await;
    }
    note("end");
}
