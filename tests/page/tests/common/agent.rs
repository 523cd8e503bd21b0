//! An agent: calls tools over MCP, in the era without `initialize`.

use serde_json::{Value, json};

use crate::raw::{head, send};
use crate::server::Server;

/// Calls a tool, and gives the structured reply
pub fn call(server: &Server, tool: &str, arguments: &Value) -> Value {
    let about = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let headers = format!(
        "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: {tool}\r\n"
    );
    let params = json!({"name": tool, "arguments": arguments, "_meta": about});
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
    let response =
        send(server, &format!("{}{headers}", head(server)), message.to_string().as_bytes());
    assert_eq!(response.status, 200, "{response:?}");
    let result = response.json()["result"].clone();
    assert_ne!(result["isError"], true, "{tool} {arguments}: {result}");
    result["structuredContent"].clone()
}

/// Starts a run, and gives its id
pub fn start(server: &Server, workflow: &str, inputs: &Value) -> String {
    let reply = call(server, "start_workflow", &json!({"workflow": workflow, "inputs": inputs}));
    reply["run_id"].as_str().unwrap().to_owned()
}

/// Answers a step
pub fn submit(server: &Server, run: &str, step: &str, result: &Value) -> Value {
    let arguments = json!({"run_id": run, "step_id": step, "result": result});
    call(server, "submit_result", &arguments)
}

/// What a command gives that has worked
pub fn worked() -> Value {
    json!({"stdout": "", "stderr": "", "exit_code": 0})
}

/// How a run stands, in full
pub fn status(server: &Server, run: &str) -> Value {
    call(server, "get_workflow_status", &json!({"run_id": run}))
}

/// A release that waits for its approval
pub fn release(server: &Server, inputs: &Value) -> String {
    let run = start(server, "release:approve", inputs);
    submit(server, &run, "tag", &worked());
    let notes = json!("- Search finds what was added a moment ago\n- Half the memory");
    let mut reply = submit(server, &run, "write-notes", &notes);
    while reply["step"]["type"] != "prompt" {
        let step = &reply["step"];
        let (of, id) = (step["run_id"].as_str().unwrap(), step["step_id"].as_str().unwrap());
        reply = submit(server, of, id, &json!("all well"));
    }
    assert_eq!(reply["step"]["step_id"], "approve", "{reply}");
    run
}
