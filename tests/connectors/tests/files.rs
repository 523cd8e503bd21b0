//! `files.*`: called by the server in its folder of files, journaled as any call is.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

#[path = "../../e2e/client.rs"]
#[expect(dead_code, reason = "what these tests do not need, others do")]
mod client;
#[expect(dead_code, reason = "what these tests do not need, others do")]
mod place;

use std::fs;

use serde_json::{Value, json};

use client::Client;
use place::Place;

fn filing(client: &mut Client, path: &str) -> (String, Value) {
    let inputs = json!({"path": path, "text": "tea"});
    let begun =
        client.call("start_workflow", &json!({"workflow": "files:filing", "inputs": inputs}));
    let run = begun["run_id"].as_str().unwrap().to_owned();
    let reply = client.call("get_next_step", &json!({"run_id": run, "wait_seconds": 20}));
    assert_eq!(reply["status"], "completed", "{reply}");
    (run, reply["result"].clone())
}

#[test]
fn files_are_written_listed_and_read_in_their_folder() {
    let place = Place::with(&json!({}));
    fs::create_dir(place.path("files")).unwrap();
    let mut command = place.command("serve");
    let mut client = Client::of(command.env("MCP_FILE_ROOT", place.path("files")));
    let (run, result) = filing(&mut client, "notes/a.md");
    assert_eq!(result, json!({"created": true, "kinds": ["folder"], "content": "TEA"}));
    assert_eq!(fs::read_to_string(place.path("files/notes/a.md")).unwrap(), "tea");
    let journal = place.command("runs").args(["export", &run]).output().unwrap();
    let journal = String::from_utf8(journal.stdout).unwrap();
    assert_eq!(journal.matches("\"calling\"").count(), 3, "{journal}");

    let (_, failure) = filing(&mut client, "../outside");
    assert_eq!(failure["code"], "tool-failed", "{failure}");
    assert!(!place.path("outside").exists());
}

#[test]
fn without_a_folder_there_are_no_files() {
    let place = Place::with(&json!({}));
    let mut command = place.command("serve");
    let mut client = Client::of(command.env_remove("MCP_FILE_ROOT"));
    let (_, failure) = filing(&mut client, "a");
    assert_eq!(failure["code"], "files-off", "{failure}");
    assert!(failure["message"].as_str().unwrap().contains("`files.write` is built in"));

    let mut command = place.command("serve");
    let output = command.arg("--file-root").arg(place.path("nowhere")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("nowhere` cannot be opened") && said.contains("MCP_FILE_ROOT"), "{said}");
}
