//! # `mcp_call`
//!
//! Calls a tool of an MCP server: the server itself does where the tool is built in (`memory.save`,
//! `files.read`) or of a server that it has a connector for, else the agent is asked to.
//!
//! ```yaml
//! - id: search
//!   type: mcp_call
//!   needs_state: [query]
//!   tool: web.search
//!   parameters: { query: "{{ state.query }}", max_results: 5 }
//!   output_to: found
//! ```
//!
//! What a tool of another server takes and gives is known from `tools.lock.json` beside the
//! workflows, which `workflow-server tools pull` writes.
//!
//! The result of a tool that is not known may be anything; the keys that the workflow reads of it
//! are demanded when it is given. `output` gives its type, so that the workflow is checked by it, and
//! the result too:
//!
//! ```yaml
//! - id: weather
//!   type: mcp_call
//!   tool: weather.now
//!   parameters: { city: Bern }
//!   output:
//!     type: object
//!     properties: { celsius: number, rain: boolean }
//!   output_to: weather
//! ```

use serde_json::json;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Action, AnswerType, Lowering, TempId};
use crate::source::Spanned;
use crate::syntax::decode::{Fields, Key, Takes};
use crate::types::Ty;

use super::{OUTPUT, StepType, data, output};

/// The step type
pub const TYPE: StepType = StepType {
    name: "mcp_call",
    summary: "calls a tool of an MCP server",
    keys: &[
        Key::required("tool", Takes::Text, "`server.tool`, or the name of a tool of the agent"),
        Key::optional("parameters", Takes::Mapping, "the tool's arguments"),
        OUTPUT,
    ],
    rereads: &[],
    has_result: true,
    lower,
};

fn lower(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<TempId> {
    let tool = fields.text("tool", lowering.diagnostics);
    if let Some(tool) = &tool {
        check_tool(tool, lowering.diagnostics);
    }
    let mut parameters = Vec::new();
    for (name, value) in fields.mapping("parameters", lowering.diagnostics).unwrap_or_default() {
        let given = data(lowering, &value);
        parameters.push((name, given));
    }
    let declared = output(lowering, fields);
    let known = tool.is_some();
    let tool = tool.unwrap_or_else(|| Spanned::new(String::new(), fields.head()));
    let answer = match lowering.names.tools.result_of(&tool.value) {
        Some((ty, schema)) => AnswerType::Known(ty, schema),
        None if known => declared.unwrap_or(AnswerType::Any),
        None => AnswerType::Known(Ty::Poison, json!({})),
    };
    Some(lowering.wait(Action::McpCall { tool, parameters }, answer))
}

/// A tool is named by the author, not by a run: what the workflow can do is known beforehand
fn check_tool(tool: &Spanned<String>, diagnostics: &mut Diagnostics) {
    let is_name = |c: char| !c.is_whitespace() && !matches!(c, '{' | '}');
    if tool.value.is_empty() || !tool.value.chars().all(is_name) {
        diagnostics.push(
            Diagnostic::new(Code::WrongTypeOfKey, tool.span, "`tool` takes the name of a tool")
                .label("expected `server.tool`, or the name of a tool of the agent")
                .help("a template cannot stand here; a `condition` chooses between two steps"),
        );
    }
}
