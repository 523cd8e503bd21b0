//! A server of tools whose effects can be counted: each is a line in the file named by `NOTES`.
//!
//! | tool | hints | line | gives |
//! |---|---|---|---|
//! | `append` | none | `append TEXT`, then it waits `delay` milliseconds | `{noted}` |
//! | `put` | idempotent | `put TEXT`, then the same | `{noted}` |
//! | `slow` | read-only | `slow`, and `cancelled` once it is called off | nothing, ever |
//! | `crash` | none | `crash` | nothing: the process ends |
//! | `fail` | read-only | | an error |
//!
//! It says its `TOKEN` on stderr, as careless programs do, and notes `begin` and `end` of itself.

use std::fs::OpenOptions;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::transport::stdio_pipes;
use rmcp::{ErrorData, ServerHandler, ServiceExt};
use serde_json::{Map, Value, json};

#[derive(Clone)]
struct Tools;

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let plain = ToolAnnotations::new;
        Ok(ListToolsResult::with_all_items(vec![
            tool("append", plain()),
            tool("put", plain().idempotent(true)),
            tool("slow", plain().read_only(true)),
            tool("crash", plain()),
            tool("fail", plain().read_only(true)),
        ]))
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
            "fail" => {
                Ok(CallToolResult::error(vec![ContentBlock::text("the disk is full")]).into())
            }
            _ => Err(ErrorData::invalid_params("there is no such tool", None)),
        }
    }
}

fn tool(name: &'static str, annotations: ToolAnnotations) -> Tool {
    let schema = json!({"type": "object"}).as_object().cloned().unwrap_or_default();
    Tool::new(name, "notes what was done", Arc::new(schema)).with_annotations(annotations)
}

async fn note_text(tool: &str, arguments: &Map<String, Value>) -> CallToolResult {
    let text = arguments.get("text").and_then(Value::as_str).unwrap_or_default();
    note(&format!("{tool} {text}"));
    let delay = arguments.get("delay").and_then(Value::as_u64).unwrap_or_default();
    tokio::time::sleep(Duration::from_millis(delay)).await;
    CallToolResult::structured(json!({ "noted": text }))
}

/// Adds a line to the file, at once and as a whole
#[expect(clippy::expect_used, reason = "without its file this server is of no use")]
fn note(line: &str) {
    let path = std::env::var_os("NOTES").expect("NOTES names a file");
    let mut file = OpenOptions::new().create(true).append(true).open(path).expect("it opens");
    file.write_all(format!("{line}\n").as_bytes()).expect("it can be written to");
}

#[tokio::main]
async fn main() {
    note("begin");
    // A client that leaves at once, or has been killed, is no failure.
    let token = std::env::var("TOKEN").unwrap_or_default();
    let _ = writeln!(std::io::stderr(), "using the token {token}");
    if let Ok(service) = Tools.serve(stdio_pipes()).await {
        let _ = service.waiting().await;
    }
    note("end");
}
