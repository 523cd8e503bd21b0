//! An MCP server that does nothing: what a call over stdio costs before anything is done.
//!
//! It gives back what it is given, or the same result to each call: to one that is as large as that of
//! a step, what a step costs can be compared with.

use std::process::ExitCode;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ServerCapabilities, ServerConfig,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::transport::stdio_pipes;
use rmcp::{ErrorData, ServerHandler, ServiceExt};
use serde_json::Value;

/// The server
#[derive(Clone)]
struct Echo {
    /// The result of each call; without it what was given
    result: Option<CallToolResult>,
}

impl ServerHandler for Echo {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let given = Value::Object(request.arguments.unwrap_or_default());
        let result = self.result.clone().unwrap_or_else(|| CallToolResult::structured(given));
        Ok(result.into())
    }
}

/// Serves until the client leaves; the file holds the result of each call
pub(crate) fn main(file: Option<String>) -> ExitCode {
    match serve(file) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(file: Option<String>) -> crate::Outcome<()> {
    let result = file.map(std::fs::read).transpose()?;
    let result = result.map(|data| serde_json::from_slice(&data)).transpose()?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        Echo { result }.serve(stdio_pipes()).await?.waiting().await?;
        Ok(())
    })
}
