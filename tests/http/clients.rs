//! The protocol's own Rust client, in both eras.

use rmcp::model::{CallToolRequestParams, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt, RoleClient, RunningService};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::server::Server;

type Client = RunningService<RoleClient, ()>;

/// The eras: up to 2025-11-25, with a handshake and sessions, and since 2026-07-28, without
fn eras() -> [ClientLifecycleMode; 2] {
    let preferred_versions = vec![ProtocolVersion::V_2026_07_28];
    [ClientLifecycleMode::Initialize, ClientLifecycleMode::Discover { preferred_versions }]
}

async fn connect(url: &str, token: &str, era: ClientLifecycleMode) -> Client {
    let config = StreamableHttpClientTransportConfig::with_uri(url).auth_header(token);
    // What the client would do over https, which it is not asked to. Fails where another test was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let transport = StreamableHttpClientTransport::from_config(config);
    ().serve_with_lifecycle(transport, era).await.unwrap()
}

async fn call(client: &Client, tool: &'static str, arguments: Value) -> Value {
    let arguments = arguments.as_object().cloned().unwrap();
    let request = CallToolRequestParams::new(tool).with_arguments(arguments);
    let result = client.call_tool(request).await.unwrap();
    assert_ne!(result.is_error, Some(true), "{result:?}");
    result.structured_content.unwrap()
}

/// A planning run up to its research
async fn to_research(client: &Client, task: &str) -> Value {
    let inputs = json!({"task_description": task, "max_research_tasks": 2});
    let start = json!({"workflow": "planning:interactive", "inputs": inputs});
    let mut reply = call(client, "start_workflow", start).await;
    for (step, answer) in [
        ("gather-requirements", json!(format!("what {task} needs"))),
        ("generate-research-tasks", json!(["one", "two"])),
    ] {
        assert_eq!(reply["step"]["step_id"], step, "{reply}");
        let answer = json!({"run_id": reply["run_id"], "step_id": step, "result": answer});
        reply = call(client, "submit_result", answer).await;
    }
    assert_eq!(reply["step"]["type"], "foreach", "{reply}");
    let same = call(client, "get_next_step", json!({"run_id": reply["run_id"]})).await;
    assert_eq!(same, reply);
    reply
}

#[tokio::test]
async fn both_eras_take_a_run_along() {
    let server = Server::start();
    for (number, era) in eras().into_iter().enumerate() {
        let client = connect(&server.url(), &server.token, era).await;
        let tools = client.list_all_tools().await.unwrap();
        assert!(tools.iter().any(|tool| tool.name == "submit_result"), "{tools:?}");
        to_research(&client, &format!("task {number}")).await;
        client.cancel().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_clients_at_once_keep_apart() {
    let server = Server::start();
    let mut clients = JoinSet::new();
    for number in 0..40 {
        let (url, token) = (server.url(), server.token.clone());
        let [legacy, modern] = eras();
        let era = if number % 2 == 0 { legacy } else { modern };
        clients.spawn(async move {
            let client = connect(&url, &token, era).await;
            let task = format!("task number {number}");
            let run = to_research(&client, &task).await["run_id"].clone();
            let state = call(&client, "get_workflow_state", json!({"run_id": run})).await;
            let told = state["state"]["requirements"].as_str().unwrap().to_owned();
            assert_eq!(told, format!("what {task} needs"));
            run.as_str().unwrap().to_owned()
        });
    }
    let mut runs = clients.join_all().await;
    runs.sort();
    runs.dedup();
    assert_eq!(runs.len(), 40);
}

#[tokio::test]
async fn a_run_outlives_its_session() {
    let server = Server::start();
    let [legacy, modern] = eras();
    let client = connect(&server.url(), &server.token, legacy).await;
    let reply = to_research(&client, "outlive").await;
    drop(client);
    let other = connect(&server.url(), &server.token, modern).await;
    let again = call(&other, "get_next_step", json!({"run_id": reply["run_id"]})).await;
    assert_eq!(again, reply);
}
