//! Failures: what a tool, a user or a disk does wrong is told to whom it concerns, and nobody else.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::answers;
use crate::client::Client;

fn connect(folder: &TempDir) -> Client {
    Client::start(&folder.path().join("runs.sqlite"))
}

fn start(client: &mut Client) -> Value {
    let inputs = json!({"task_description": "Move the search"});
    client.call("start_workflow", &json!({"workflow": "planning:interactive", "inputs": inputs}))
}

/// A run that stands at its research
fn to_research(client: &mut Client) -> Value {
    let answers = answers::example();
    let mut reply = start(client);
    while reply["step"]["type"] != "foreach" {
        let id = client.answer(&reply, &answers[reply["step"]["step_id"].as_str().unwrap()]);
        reply = client.reply(id);
    }
    reply
}

/// A search fails in one sub-agent: its siblings finish and keep what they found, then the run
/// says which one failed and why
#[test]
fn mcp_tool_failures() {
    let folder = TempDir::new().unwrap();
    let mut client = connect(&folder);
    let reply = to_research(&mut client);
    let answers = answers::example();
    let children = reply["step"]["children"].as_array().unwrap().clone();
    for (index, child) in children.iter().enumerate() {
        let mut reply = client.call("get_next_step", &json!({"run_id": child["run_id"]}));
        if index == 1 {
            let failed = json!({"run_id": child["run_id"], "step_id": reply["step"]["step_id"],
                "error": "the search engine is down"});
            let reply = client.call("submit_result", &failed);
            assert_eq!(reply["status"], "failed", "{reply}");
            continue;
        }
        while reply["status"] == "waiting" {
            let answer = &answers[reply["step"]["step_id"].as_str().unwrap()][index];
            let id = client.answer(&reply, answer);
            reply = client.reply(id);
        }
        assert_eq!(reply["status"], "completed", "{reply}");
    }
    let failed = client.call("get_next_step", &json!({"run_id": reply["run_id"]}));
    assert_eq!(
        (&failed["status"], &failed["error"]["code"]),
        (&json!("failed"), &json!("children-failed"))
    );
    let message = failed["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("item 1") && message.contains("the search engine is down"),
        "{message}"
    );
    let status = client.call("get_workflow_status", &json!({"run_id": reply["run_id"]}));
    let completed = |child: &&Value| child["status"] == "completed";
    assert_eq!(status["children"].as_array().unwrap().iter().filter(completed).count(), 4);
}

#[test]
fn invalid_user_inputs() {
    let folder = TempDir::new().unwrap();
    let mut client = connect(&folder);
    let wrong = [
        json!({}),
        json!({"task_description": ""}),
        json!({"task_description": 7}),
        json!({"task_description": "x", "max_research_tasks": "few"}),
        json!({"task_description": "x", "colour": "red"}),
    ];
    for inputs in wrong {
        let start = json!({"workflow": "planning:interactive", "inputs": inputs});
        let id = client.ask("start_workflow", &start);
        let refused = client.result(id);
        assert_eq!(refused["isError"], true, "{refused}");
        assert!(refused.to_string().contains("invalid-inputs"), "{refused}");
    }
    let first = start(&mut client);
    for wrong in [json!(7), json!(null), json!(["a"]), json!({"text": "a"})] {
        let id = client.answer(&first, &wrong);
        let refused = client.result(id);
        assert_eq!(refused["isError"], true, "{refused}");
        assert!(refused.to_string().contains("result-mismatch"), "{refused}");
    }
    let still = client.call("get_next_step", &json!({"run_id": first["run_id"]}));
    assert_eq!(still, first);
}
