//! The tools by name: what each is for, takes and gives.

use std::sync::{Arc, LazyLock};

use rmcp::handler::server::tool::schema_for_output;
use rmcp::model::{Tool, ToolAnnotations};
use schemars::JsonSchema;
use serde_json::{Value, json};

use super::arguments::{
    self, Cancel, NextStep, NoArguments, RunId, Runs, Start, StateOf, Submit, Workflows,
};
use super::paging::PagedReply;
use super::reports::{Overview, WorkflowList};
use crate::engine::{Health, RunPage, StateReport};

static TOOLS: LazyLock<Vec<Tool>> = LazyLock::new(|| {
    vec![
        tool::<Workflows, WorkflowList>(
            "list_workflows",
            "List workflows",
            "The workflows that can be started, with their input schemas.",
            reads(),
        ),
        tool::<Start, PagedReply>(
            "start_workflow",
            "Start a workflow",
            "Starts a run of a workflow. The reply is its first step: do what it says.",
            moves(),
        ),
        tool::<NextStep, PagedReply>(
            "get_next_step",
            "Get the next step",
            "What to do next in a run. Moves nothing: ask as often as you like. Where only the user \
             can answer, their client asks them.",
            reads(),
        ),
        tool::<Submit, PagedReply>(
            "submit_result",
            "Submit a result",
            "Hands in the answer to a step. The reply is the next step. The same answer twice \
             gets the same reply.",
            moves().idempotent(true),
        ),
        tool::<RunId, Overview>(
            "get_workflow_status",
            "Get a run's status",
            "How a run stands: progress, what it waits for, its child runs, its error.",
            reads(),
        ),
        tool::<StateOf, StateReport>(
            "get_workflow_state",
            "Get a run's state",
            "A run's variables, for debugging.",
            reads(),
        ),
        tool::<Runs, RunPage>(
            "list_runs",
            "List runs",
            "Runs by the page, the newest first; child runs are listed with their parents.",
            reads(),
        ),
        tool::<Cancel, PagedReply>(
            "cancel_workflow",
            "Cancel a run",
            "Calls a run off, its child runs too. It cannot be taken up again.",
            moves().idempotent(true).destructive(true),
        ),
        tool::<NoArguments, Health>(
            "health_check",
            "Check the server's health",
            "How the server is: engine, store, queue, memory, version, and what is wrong.",
            reads(),
        ),
    ]
});

/// Every tool
pub(crate) fn all() -> &'static [Tool] {
    &TOOLS
}

/// The tools' names
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TOOLS.iter().map(|tool| tool.name.as_ref())
}

/// The tool of a name
pub(super) fn find(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// What is said about a tool that there is not
pub(super) fn unknown(name: &str) -> String {
    let names = names().collect::<Vec<_>>().join(", ");
    format!("there is no tool `{name}`; the tools are {names}")
}

fn reads() -> ToolAnnotations {
    ToolAnnotations::new().read_only(true).idempotent(true).open_world(false)
}

fn moves() -> ToolAnnotations {
    ToolAnnotations::new().read_only(false).destructive(false).open_world(false)
}

fn tool<I: JsonSchema + 'static, O: JsonSchema + 'static>(
    name: &'static str,
    title: &'static str,
    description: &'static str,
    annotations: ToolAnnotations,
) -> Tool {
    Tool::new(name, description, arguments::schema::<I>())
        .with_title(title)
        .with_annotations(annotations)
        .with_raw_output_schema(output::<O>())
}

/// The output schema of what a tool gives, an error included
///
/// Some clients check the structured part of an error against it too, so it has to allow both.
fn output<T: JsonSchema + 'static>() -> Arc<rmcp::model::JsonObject> {
    let mut schema = schema_for_output::<T>().as_ref().clone();
    schema.remove("$schema");
    let required = schema.shift_remove("required").unwrap_or_else(|| json!([]));
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for (name, what) in ERROR {
            properties
                .entry(name)
                .or_insert_with(|| json!({"type": "string", "description": what}));
        }
    }
    let error: Vec<_> = ERROR.iter().map(|(name, _)| *name).collect();
    schema.insert("anyOf".into(), json!([{"required": required}, {"required": error}]));
    let mut schema = Value::Object(schema);
    drop_formats(&mut schema);
    match schema {
        Value::Object(schema) => Arc::new(schema),
        _ => Arc::default(),
    }
}

const ERROR: [(&str, &str); 3] = [
    ("code", "Of an error: a short name of the mistake"),
    ("message", "Of an error: what was expected and what came"),
    ("help", "Of an error: what to do"),
];

/// Drops formats such as `uint64`, which only Rust knows and other validators warn about
fn drop_formats(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            if keys.get("format").is_some_and(Value::is_string) {
                keys.shift_remove("format");
            }
            keys.values_mut().for_each(drop_formats);
        }
        Value::Array(elements) => elements.iter_mut().for_each(drop_formats),
        _ => {}
    }
}
