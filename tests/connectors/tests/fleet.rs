//! Workers of a fleet call another server's tools: real processes on a real cluster, killed as they
//! come.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

#[path = "../../e2e/client.rs"]
#[expect(dead_code, reason = "what these tests do not need, others do")]
mod client;
mod place;
#[path = "place/runs.rs"]
mod runs;

use std::fs::File;
use std::process::{Child, Command};

use serde_json::json;

use client::Client;
use place::Place;
use runs::{begin, end, result};

impl Place {
    /// A command of the workflow server, for the fleet that stands for the store
    fn of_fleet(&self, command: &str) -> Command {
        let mut server = self.command(command);
        let queue = self.folder.path().display().to_string();
        let log = File::options().create(true).append(true).open(self.path("log")).unwrap();
        server
            .env("WORKFLOW_ENGINE", "temporal")
            .env("TEMPORAL_HOST", workflow_cluster::dev_server().address())
            .env("TEMPORAL_TASK_QUEUE", queue)
            .arg("--connectors")
            .arg(self.path("mcp.json"))
            .stderr(log);
        server
    }

    /// A server that leaves the work to others
    fn front(&self) -> Client {
        Client::of(self.of_fleet("serve").arg("--no-worker"))
    }

    fn worker(&self) -> Worker {
        Worker(self.of_fleet("worker").spawn().unwrap())
    }
}

/// A worker, which is killed with it
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        // Both fail where it has ended, which is as well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn workers_call_tools_and_the_front_takes_what_they_gave() {
    let place = Place::new();
    let _worker = place.worker();
    let mut client = place.front();
    for text in ["one", "two"] {
        assert_eq!(result(&mut client, "calls:append", &json!({ "text": text })), text);
    }
    assert_eq!(place.lines(), ["begin", "append one", "append two"]);
    let failure = result(&mut client, "calls:fail", &json!({}));
    assert_eq!((&failure["code"], &failure["attempts"]), (&json!("tool-failed"), &json!(2)));
    let failure = result(&mut client, "calls:nothing", &json!({}));
    assert_eq!(failure["code"], "tool-unknown");
    let failure = result(&mut client, "calls:crash", &json!({}));
    assert_eq!((&failure["code"], &failure["attempts"]), (&json!("outcome-unknown"), &json!(1)));
    assert_eq!(result(&mut client, "calls:stumble", &json!({})), "at last");
}

#[test]
fn a_call_that_is_no_longer_wanted_is_called_off() {
    let place = Place::new();
    let _worker = place.worker();
    let mut client = place.front();
    let run = begin(&mut client, "calls:waits", &json!({}));
    place.until("slow", 1);
    client.call("cancel_workflow", &json!({"run_id": run}));
    place.until("cancelled", 1);
}

#[test]
fn after_a_kill_a_call_is_repeated_only_where_that_does_no_harm() {
    let place = Place::new();
    let worker = place.worker();
    let mut client = place.front();
    let once = begin(&mut client, "calls:append", &json!({"text": "once", "delay": 60_000}));
    let again = begin(&mut client, "calls:put", &json!({"text": "again", "delay": 2_000}));
    place.until("append once", 1);
    place.until("put again", 1);
    drop(worker);

    let _worker = place.worker();
    let reply = end(&mut client, &once);
    let error = &reply["error"];
    assert_eq!((&reply["status"], &error["code"]), (&json!("failed"), &json!("outcome-unknown")));
    assert!(error["message"].as_str().unwrap().contains("`notes.append`"), "{error}");
    let reply = end(&mut client, &again);
    assert_eq!((&reply["status"], &reply["result"]), (&json!("completed"), &json!("again")));
    assert_eq!((place.count("append once"), place.count("put again")), (1, 2));
}
