//! Runs on a workflow server that can call the tools.

use std::fs::File;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::Client;
use crate::place::Place;

impl Place {
    /// A workflow server that can call the tools, and logs all it has to say
    pub fn serve(&self) -> Client {
        let log = File::options().create(true).append(true).open(self.path("log")).unwrap();
        let mut command = self.command("serve");
        command.arg("--connectors").arg(self.path("mcp.json")).stderr(log);
        Client::of(&mut command)
    }
}

/// Begins a run that calls a tool as its first step
pub fn begin(client: &mut Client, workflow: &str, inputs: &Value) -> String {
    let reply = client.call("start_workflow", &json!({"workflow": workflow, "inputs": inputs}));
    assert_eq!(reply["status"], "running", "{reply}");
    reply["run_id"].as_str().unwrap().to_owned()
}

/// The reply of a run that has ended
pub fn end(client: &mut Client, run_id: &str) -> Value {
    let since = Instant::now();
    loop {
        let wait = json!({"run_id": run_id, "wait_seconds": 20});
        let reply = client.call("get_next_step", &wait);
        if reply["status"] != "running" {
            return reply;
        }
        assert!(since.elapsed() < Duration::from_mins(1), "{reply}");
    }
}

pub fn result(client: &mut Client, workflow: &str, inputs: &Value) -> Value {
    let run = begin(client, workflow, inputs);
    let reply = end(client, &run);
    assert_eq!(reply["status"], "completed", "{reply}");
    reply["result"].clone()
}
