//! Runs that are called off through Temporal, past our server, as an operator of the cluster does.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use workflow_cluster::dev_server;

use crate::client::Client;
use crate::fleet::Fleet;

/// How long the fleet may take to notice
const PATIENCE: Duration = Duration::from_secs(30);

/// Calls a run off through Temporal, and waits until it is told so
fn call_off(client: &mut Client, run: &Value) -> Value {
    let run_id = run["run_id"].as_str().unwrap();
    dev_server().temporal(&["workflow", "cancel", "--workflow-id", run_id]);
    let since = Instant::now();
    loop {
        let reply = client.call("get_next_step", run);
        if reply["status"] == "cancelled" {
            return reply;
        }
        assert!(since.elapsed() < PATIENCE, "it was called off, and is told as {reply}");
        // Temporal tells nobody but the run's own workflow.
        thread::sleep(Duration::from_millis(50));
    }
}

/// The children that it waits for are called off with it, and its worker has its hands free
#[test]
fn a_run_that_waits_for_children() {
    let fleet = Fleet::new();
    let _worker = fleet.worker();
    let mut client = fleet.server();
    let start = json!({"workflow": "fleet:spread", "inputs": {"places": ["a", "b", "c"]}});
    let reply = client.call("start_workflow", &start);
    let run = json!({"run_id": reply["run_id"]});
    let children = reply["step"]["children"].as_array().unwrap().clone();
    assert_eq!(children.len(), 3, "{reply}");
    let reply = call_off(&mut client, &run);
    assert_eq!(reply["error"]["code"], "cancelled", "{reply}");
    for child in children {
        let child = json!({"run_id": child["run_id"]});
        let since = Instant::now();
        while client.call("get_next_step", &child)["status"] != "cancelled" {
            assert!(since.elapsed() < PATIENCE, "a child outlives its parent");
            thread::sleep(Duration::from_millis(50));
        }
    }
    let reply = client.call("start_workflow", &start);
    assert_eq!(reply["status"], "waiting", "{reply}");
}

#[test]
fn a_run_that_waits_for_an_answer() {
    let fleet = Fleet::new();
    let _worker = fleet.worker();
    let mut client = fleet.server();
    let start = json!({"workflow": "fleet:count", "inputs": {"until": 3}});
    let reply = client.call("start_workflow", &start);
    let run = json!({"run_id": reply["run_id"]});
    let reply = call_off(&mut client, &run);
    assert_eq!(reply["error"]["code"], "cancelled", "{reply}");
}
