//! Every tool, called by a real client over an in-memory stream.

mod operator;
mod progress;
mod prompts;
mod resources;
mod subscriptions;
mod time;

use std::sync::Arc;
use std::time::{Duration, Instant};

use rmcp::model::{CallToolRequestParams, CallToolResult, ErrorCode};
use rmcp::service::{RoleClient, RunningService, ServiceError};
use rmcp::{ServiceExt, serve_client};
use serde_json::{Value, json};

use super::Server;
use super::fake::{Fake, Script, ask, text};
use crate::engine::Engine;
use crate::schema::Schema;

type Client = RunningService<RoleClient, ()>;

async fn connect(script: Vec<Script>) -> Client {
    connect_to(Fake::new(script)).await
}

async fn connect_to(engine: Arc<dyn Engine>) -> Client {
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    let server = Server::new(engine);
    tokio::spawn(async move { server.serve(ours).await.unwrap().waiting().await });
    serve_client((), theirs).await.unwrap()
}

/// The code and text of a protocol error
fn refusal(error: ServiceError) -> (ErrorCode, String) {
    match error {
        ServiceError::McpError(error) => (error.code, error.message.to_string()),
        other => panic!("{other}"),
    }
}

async fn call(client: &Client, tool: &'static str, arguments: Value) -> CallToolResult {
    let arguments = arguments.as_object().cloned().unwrap();
    let request = CallToolRequestParams::new(tool).with_arguments(arguments);
    let result = client.call_tool(request).await.unwrap();
    let tools = client.list_all_tools().await.unwrap();
    let tool = tools.iter().find(|known| known.name == tool).unwrap();
    let schema = Value::Object(tool.output_schema.as_ref().unwrap().as_ref().clone());
    let structured = result.structured_content.as_ref().unwrap();
    Schema::compile(&schema).unwrap().check(structured).unwrap();
    let whole = serde_json::to_string(&result).unwrap();
    assert!(whole.len() <= 64 * 1024, "{} bytes", whole.len());
    result
}

fn text_of(result: &CallToolResult) -> &str {
    &result.content[0].as_text().unwrap().text
}

fn structured(result: &CallToolResult) -> &Value {
    result.structured_content.as_ref().unwrap()
}

/// The code and text of an error
async fn refused(client: &Client, tool: &'static str, arguments: Value) -> (String, String) {
    let result = call(client, tool, arguments).await;
    assert_eq!(result.is_error, Some(true), "{}", text_of(&result));
    let code = structured(&result)["code"].as_str().unwrap().to_owned();
    (code, text_of(&result).to_owned())
}

async fn start(client: &Client) -> CallToolResult {
    call(client, "start_workflow", json!({"workflow": "demo:plan", "inputs": {"task": "x"}})).await
}

#[tokio::test]
async fn the_tools_are_described_for_any_client() {
    let client = connect(vec![]).await;
    let info = client.peer_info().unwrap();
    assert!(info.instructions.as_ref().unwrap().contains("submit_result"));
    assert_eq!(info.server_info.as_ref().map_or("", |i| i.name.as_str()), "workflow-server");
    let tools = client.list_all_tools().await.unwrap();
    let names: Vec<_> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    assert_eq!(
        names,
        [
            "list_workflows",
            "start_workflow",
            "get_next_step",
            "submit_result",
            "get_workflow_status",
            "get_workflow_state",
            "list_runs",
            "cancel_workflow",
            "health_check"
        ]
    );
    for tool in &tools {
        assert!(tool.title.is_some() && tool.annotations.is_some(), "{}", tool.name);
        let input = tool.input_schema.as_ref();
        assert_eq!(input["type"], "object");
        assert_eq!(input["additionalProperties"], false, "{}", tool.name);
        assert!(!input.contains_key("oneOf") && !input.contains_key("anyOf"));
        for (name, property) in input["properties"].as_object().unwrap() {
            assert!(!property["type"].is_array(), "{}.{name}", tool.name);
        }
        assert_eq!(tool.output_schema.as_ref().unwrap()["type"], "object");
    }
    let reply = tools[1].output_schema.as_ref().unwrap();
    let step = reply["$defs"]["Step"]["properties"].as_object().unwrap();
    for field in ["step_id", "attempt", "command", "options", "resume_at", "answered_by"] {
        assert!(step[field]["description"].is_string(), "{field}");
    }
    let reads = |name: &str| {
        let tool = tools.iter().find(|tool| tool.name == name).unwrap();
        tool.annotations.as_ref().unwrap().read_only_hint
    };
    assert_eq!(reads("get_next_step"), Some(true));
    assert_eq!(reads("submit_result"), Some(false));
}

#[tokio::test]
async fn workflows_are_listed() {
    let client = connect(vec![]).await;
    let result = call(&client, "list_workflows", json!({})).await;
    let workflow = &structured(&result)["workflows"][0];
    assert_eq!(workflow["name"], "demo:plan");
    assert_eq!(workflow["steps"], 4);
    assert_eq!(workflow["input_schema"]["required"], json!(["task"]));
    assert_eq!(
        text_of(&result),
        "- demo:plan 1.0.0 (4 steps): Plans a task\n  tags: plan, q3\n  \
         inputs: task (string), limit? (integer)\n\
         Start one: start_workflow(workflow=\"…\", inputs={…})."
    );
    assert_eq!(workflow["tags"], json!(["plan", "q3"]));
    let narrowed = call(&client, "list_workflows", json!({"tag": "q3"})).await;
    assert_eq!(structured(&narrowed), structured(&result));
    let (code, text) = refused(&client, "list_workflows", json!({"tag": "q4"})).await;
    assert_eq!(code, "unknown-tag");
    assert!(text.contains("no workflow has the tag `q4`"), "{text}");
    assert!(text.contains("the tags are `plan`, `q3`"), "{text}");
}

#[tokio::test]
async fn a_run_goes_from_start_to_result() {
    let client = connect(vec![text("ask", "What for?"), text("again", "Sure?")]).await;
    let first = start(&client).await;
    assert_eq!(structured(&first)["step"]["step_id"], "ask");
    assert_eq!(structured(&first)["progress"], json!({"done": 0, "total": 2}));

    let answer = json!({"run_id": "run-1", "step_id": "ask", "result": "peace"});
    let second = call(&client, "submit_result", answer).await;
    assert_eq!(structured(&second)["step"]["step_id"], "again");
    let same = call(&client, "get_next_step", json!({"run_id": "run-1"})).await;
    assert_eq!(structured(&same), structured(&second));

    let answer = json!({"run_id": "run-1", "step_id": "again", "result": "yes"});
    let last = call(&client, "submit_result", answer).await;
    assert_eq!(structured(&last)["status"], "completed");
    assert_eq!(structured(&last)["result"], json!({"ask": "peace", "again": "yes"}));
    assert!(text_of(&last).contains(r#"{"ask":"peace","again":"yes"}"#), "{}", text_of(&last));
}

#[tokio::test]
async fn inputs_may_be_left_out_and_a_key_gives_the_same_run() {
    let client = connect(vec![text("ask", "?")]).await;
    let key = json!({"workflow": "demo:plan", "idempotency_key": "k", "inputs": null});
    let first = call(&client, "start_workflow", key.clone()).await;
    let again = call(&client, "start_workflow", key).await;
    assert_eq!(structured(&first)["run_id"], structured(&again)["run_id"]);
}

#[tokio::test]
async fn the_engines_refusals_say_what_to_do() {
    let client = connect(vec![text("ask", "?")]).await;
    start(&client).await;
    let wrong = json!({"run_id": "run-1", "step_id": "ask", "result": 3});
    let (code, text) = refused(&client, "submit_result", wrong).await;
    assert_eq!(code, "result-mismatch");
    assert_eq!(
        text,
        "Error result-mismatch: the result does not fit step `ask`: expected a string, found the \
         number 3\nTo do: submit one that fits"
    );
    let elsewhere = json!({"run_id": "run-1", "step_id": "other", "result": "x"});
    assert_eq!(refused(&client, "submit_result", elsewhere).await.0, "not-pending");
    for tool in ["get_next_step", "get_workflow_status", "get_workflow_state", "cancel_workflow"] {
        let (code, text) = refused(&client, tool, json!({"run_id": "nope"})).await;
        assert_eq!(code, "unknown-run");
        assert!(text.contains("`nope`"), "{text}");
    }
    let unknown = json!({"workflow": "demo:plum", "inputs": {}});
    assert_eq!(refused(&client, "start_workflow", unknown).await.0, "unknown-workflow");
}

#[tokio::test]
async fn wrong_arguments_are_told_apart() {
    let client = connect(vec![text("ask", "?")]).await;
    start(&client).await;
    let cases = [
        ("get_next_step", json!({}), "`run_id` is missing"),
        (
            "get_next_step",
            json!({"run_id": 3}),
            "at `run_id`: expected a string, found the number 3",
        ),
        ("get_next_step", json!({"run_id": "run-1", "pgae": 2}), "did you mean `page` by `pgae`"),
        ("get_next_step", json!({"run_id": "run-1", "page": 0}), "at `page`: expected 1 or more"),
        (
            "get_next_step",
            json!({"run_id": "run-1", "wait_seconds": 60}),
            "at `wait_seconds`: expected 20 or less, found the number 60",
        ),
        ("list_workflows", json!({"page": 1}), "unexpected `page`"),
        ("health_check", json!({"page": 1}), "health_check takes no arguments"),
        ("start_workflow", json!({"workflow": "demo:plan", "inputs": []}), "at `inputs`"),
        ("submit_result", json!({"run_id": "run-1", "step_id": "ask"}), "found neither"),
        (
            "submit_result",
            json!({"run_id": "run-1", "step_id": "ask", "result": "a", "error": "b"}),
            "found both",
        ),
        ("get_workflow_state", json!({"run_id": "run-1", "fields": "a"}), "at `fields`"),
        ("cancel_workflow", json!({"run_id": "run-1", "why": "x"}), "unexpected `why`"),
        ("get_workflow_status", json!({"run_id": "run-1", "x": 1}), "unexpected `x`"),
    ];
    for (tool, arguments, said) in cases {
        let (code, text) = refused(&client, tool, arguments).await;
        assert_eq!(code, "bad-arguments");
        assert!(text.contains(said) && text.contains(tool), "{text}");
    }
}

#[tokio::test]
async fn a_tool_that_is_not_there_is_a_protocol_error() {
    let client = connect(vec![]).await;
    let error = client.call_tool(CallToolRequestParams::new("dance")).await.unwrap_err();
    assert!(error.to_string().contains("there is no tool `dance`; the tools are list_workflows"));
}

#[tokio::test]
async fn null_is_an_answer_and_an_object_in_a_string_is_understood() {
    let confirm = json!({"type": "object", "properties": {"confirmed": {"type": "boolean"}},
        "required": ["confirmed"]});
    let script = vec![
        ask("any", "delegate", json!({"instructions": "go"}), json!({})),
        ask("sure", "prompt", json!({"kind": "confirm", "message": "?"}), confirm),
        text("words", "?"),
    ];
    let client = connect(script).await;
    start(&client).await;
    for (step, result) in [
        ("any", Value::Null),
        ("sure", json!("{\"confirmed\": true}")),
        ("words", json!("{\"confirmed\": true}")),
    ] {
        let answer = json!({"run_id": "run-1", "step_id": step, "result": result});
        assert_eq!(call(&client, "submit_result", answer).await.is_error, Some(false));
    }
    let state = call(&client, "get_workflow_state", json!({"run_id": "run-1"})).await;
    let state = &structured(&state)["state"];
    assert_eq!(state["any"], Value::Null);
    assert_eq!(state["sure"], json!({"confirmed": true}));
    assert_eq!(state["words"], "{\"confirmed\": true}");
    let only = json!({"run_id": "run-1", "fields": ["words"]});
    let only = call(&client, "get_workflow_state", only).await;
    assert_eq!(structured(&only)["state"].as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn an_error_and_a_cancellation_end_the_run_with_their_reason() {
    let client =
        connect(vec![ask("do", "delegate", json!({"instructions": "go"}), json!({}))]).await;
    start(&client).await;
    let error = json!({"run_id": "run-1", "step_id": "do", "error": "no network"});
    let failed = call(&client, "submit_result", error).await;
    assert_eq!(structured(&failed)["status"], "failed");
    assert!(text_of(&failed).contains("failed at step `do`: no network"), "{}", text_of(&failed));

    start(&client).await;
    let cancel = json!({"run_id": "run-2", "reason": "too late"});
    let cancelled = call(&client, "cancel_workflow", cancel).await;
    assert_eq!(structured(&cancelled)["status"], "cancelled");
    assert!(text_of(&cancelled).contains("was cancelled: too late"), "{}", text_of(&cancelled));
}

#[tokio::test]
async fn waiting_returns_once_the_server_is_done() {
    let client = connect(vec![Script::Busy(4), text("ask", "?")]).await;
    let first = start(&client).await;
    assert_eq!(structured(&first)["status"], "running");
    assert!(text_of(&first).contains("wait_seconds=20"));
    let since = Instant::now();
    let next = json!({"run_id": "run-1", "wait_seconds": 20});
    let next = call(&client, "get_next_step", next).await;
    assert_eq!(structured(&next)["step"]["step_id"], "ask");
    assert!(since.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_large_message_comes_in_pages() {
    let message = "a \"long\" line\n".repeat(20_000);
    let client = connect(vec![text("ask", &message)]).await;
    let first = start(&client).await;
    let pages = structured(&first)["page"]["pages"].as_u64().unwrap();
    assert!(pages > 4);
    assert!(text_of(&first).contains("get_next_step(run_id=\"run-1\", page=2)"));
    let mut joined = String::new();
    for page in 1..=pages {
        let reply = call(&client, "get_next_step", json!({"run_id": "run-1", "page": page})).await;
        let piece = structured(&reply)["step"]["message"].as_str().unwrap();
        assert!(text_of(&reply).contains(piece), "the text has the page too");
        joined.push_str(piece);
    }
    assert_eq!(joined, message);
    let beyond = json!({"run_id": "run-1", "page": pages + 1});
    assert_eq!(refused(&client, "get_next_step", beyond).await.0, "no-such-page");
}

#[tokio::test]
async fn reports_stay_small_however_large_the_run() {
    let items = (0..3000).map(|i| json!(format!("{i} {}", "x".repeat(2000)))).collect();
    let steps = vec![text("inner", "?")];
    let large = ask("large", "delegate", json!({"instructions": "go"}), json!({}));
    let each = Script::Each { id: "each", agent: true, items, steps };
    let client = connect(vec![large, each]).await;
    start(&client).await;
    let answer =
        json!({"run_id": "run-1", "step_id": "large", "result": ["\u{1}\"".repeat(50_000)]});
    let children = call(&client, "submit_result", answer).await;
    assert!(structured(&children)["page"]["pages"].as_u64().unwrap() > 10);
    let status = call(&client, "get_workflow_status", json!({"run_id": "run-1"})).await;
    let status = structured(&status);
    assert_eq!(status["child_counts"], json!({"waiting": 3000}));
    let shown = status["children"].as_array().unwrap().len() as u64;
    assert_eq!(shown + status["children_left_out"].as_u64().unwrap(), 3000);
    let state = call(&client, "get_workflow_state", json!({"run_id": "run-1"})).await;
    let large = structured(&state)["state"]["large"].as_str().unwrap();
    assert!(large.ends_with("bytes in all)"), "{}", &large[large.len() - 40..]);
}

#[tokio::test]
async fn sub_agents_work_off_children_by_their_own_run_ids() {
    let each = Script::Each {
        id: "each",
        agent: true,
        items: vec![json!("a"), json!("b")],
        steps: vec![text("inner", "?")],
    };
    let client = connect(vec![each]).await;
    let first = start(&client).await;
    assert!(text_of(&first).contains("- run_id=\"run-1.0\" (waiting) a"), "{}", text_of(&first));
    call(&client, "get_next_step", json!({"run_id": "run-1.0"})).await;
    let status = call(&client, "get_workflow_status", json!({"run_id": "run-1"})).await;
    assert_eq!(structured(&status)["children"][0]["status"], "running");
    assert!(text_of(&status).contains("Child runs: 1 running, 1 waiting."), "{}", text_of(&status));
    for child in ["run-1.0", "run-1.1"] {
        let answer = json!({"run_id": child, "step_id": "inner", "result": child});
        let reply = call(&client, "submit_result", answer).await;
        assert_eq!(structured(&reply)["status"], "completed");
    }
    let last = call(&client, "get_next_step", json!({"run_id": "run-1"})).await;
    assert_eq!(structured(&last)["result"]["each"][1]["inner"], "run-1.1");
}

#[tokio::test]
async fn clones_serve_the_same_runs() {
    let engine = Fake::new(vec![text("ask", "?")]);
    let server = Server::new(engine.clone());
    let _clone = server.clone();
    assert_eq!(Arc::strong_count(&engine), 3);
}
