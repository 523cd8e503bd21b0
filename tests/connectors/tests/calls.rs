//! The server calls another server's tools: real processes, killed as they come.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

#[path = "../../e2e/client.rs"]
#[expect(dead_code, reason = "what these tests do not need, others do")]
mod client;
mod place;
#[path = "place/runs.rs"]
mod runs;

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;

use client::Client;
use place::{Place, TOKEN};
use runs::{begin, end, result};

impl Place {
    fn until_noted(&self, line: &str) {
        self.until(line, 1);
    }
}

#[test]
fn tools_are_called_by_the_server_which_is_started_once_and_ends_with_it() {
    let place = Place::new();
    let mut client = place.serve();
    assert_eq!(place.lines(), [] as [&str; 0], "no server is started before it is needed");
    for text in ["one", "two"] {
        assert_eq!(result(&mut client, "calls:append", &json!({ "text": text })), text);
    }
    assert_eq!(place.lines(), ["begin", "append one", "append two"]);
    assert!(client.leave().success());
    place.until_noted("end");
    let left = fs::read_dir(place.path("runs.sqlite-processes")).unwrap().count();
    assert_eq!(left, 0);
}

#[test]
fn failures_of_tools_and_of_their_server_are_errors_of_the_step() {
    let place = Place::new();
    let mut client = place.serve();
    let failure = result(&mut client, "calls:fail", &json!({}));
    assert_eq!((&failure["code"], &failure["attempts"]), (&json!("tool-failed"), &json!(2)));
    assert!(failure["message"].as_str().unwrap().contains("the disk is full"), "{failure}");
    let failure = result(&mut client, "calls:nothing", &json!({}));
    assert_eq!(failure["code"], "tool-unknown");
    assert!(failure["message"].as_str().unwrap().contains("has no tool `nothing`"), "{failure}");
    let failure = result(&mut client, "calls:crash", &json!({}));
    assert_eq!((&failure["code"], &failure["attempts"]), (&json!("outcome-unknown"), &json!(1)));
    let message = failure["message"].as_str().unwrap();
    assert!(message.contains("lost while it worked on `notes.crash`"), "{failure}");
    // The server has ended under the call, and is started again for the one that follows.
    assert_eq!(result(&mut client, "calls:append", &json!({"text": "after"})), "after");
    assert_eq!((place.count("crash"), place.count("begin")), (1, 2));
}

#[test]
fn a_call_whose_server_dies_is_made_again_where_that_does_no_harm() {
    let place = Place::new();
    let mut client = place.serve();
    assert_eq!(result(&mut client, "calls:stumble", &json!({})), "at last");
    assert_eq!((place.count("stumble"), place.count("begin")), (2, 2));
}

#[test]
fn a_call_that_is_no_longer_wanted_is_called_off() {
    let place = Place::new();
    let mut client = place.serve();
    let late = begin(&mut client, "calls:slow", &json!({}));
    let reply = end(&mut client, &late);
    assert_eq!((&reply["status"], &reply["error"]["code"]), (&json!("failed"), &json!("timeout")));
    place.until_noted("cancelled");
    let run = begin(&mut client, "calls:waits", &json!({}));
    place.until("slow", 2);
    client.call("cancel_workflow", &json!({"run_id": run}));
    place.until("cancelled", 2);
}

#[test]
fn after_a_kill_a_call_is_repeated_only_where_that_does_no_harm() {
    let place = Place::new();
    let mut client = place.serve();
    let long = |text: &str| json!({"text": text, "delay": 60_000});
    let once = begin(&mut client, "calls:append", &long("once"));
    // The second attempt is answered: its delay is over as soon as the process is killed.
    let again = begin(&mut client, "calls:put", &json!({"text": "again", "delay": 2_000}));
    place.until_noted("append once");
    place.until_noted("put again");
    drop(client);

    let mut client = place.serve();
    let reply = client.call("get_next_step", &json!({"run_id": once}));
    let error = &reply["error"];
    assert_eq!((&reply["status"], &error["code"]), (&json!("failed"), &json!("outcome-unknown")));
    assert!(error["message"].as_str().unwrap().contains("`notes.append`"), "{error}");
    assert!(error["help"].as_str().unwrap().contains("on_error"), "{error}");
    let reply = end(&mut client, &again);
    assert_eq!((&reply["status"], &reply["result"]), (&json!("completed"), &json!("again")));
    assert_eq!((place.count("append once"), place.count("put again")), (1, 2));
}

#[test]
fn another_server_on_the_store_takes_over_from_one_that_was_killed() {
    let place = Place::new();
    let (mut one, mut other) = (place.serve(), place.serve());
    let run = begin(&mut one, "calls:append", &json!({"text": "a", "delay": 60_000}));
    place.until_noted("append a");
    let reply = other.call("get_next_step", &json!({"run_id": run}));
    assert_eq!(reply["status"], "running", "the other lives, and its call with it");
    drop(one);
    let reply = end(&mut other, &run);
    assert_eq!(reply["error"]["code"], "outcome-unknown", "{reply}");
    assert_eq!(place.count("append a"), 1);
}

#[test]
fn kills_under_load_lose_nothing_and_double_nothing() {
    let place = Place::new();
    let mut runs = Vec::new();
    for round in 0..6 {
        let (mut one, mut other) = (place.serve(), place.serve());
        let before = place.lines().len();
        for number in 0..8 {
            let text = format!("{round}-{number}");
            let client = if number % 2 == 0 { &mut one } else { &mut other };
            for workflow in ["calls:append", "calls:put"] {
                let inputs = json!({"text": text, "delay": number * 25});
                runs.push((workflow, text.clone(), begin(client, workflow, &inputs)));
            }
        }
        // Each round a little further into the work.
        let since = Instant::now();
        while place.lines().len() < before + round * 3 {
            assert!(since.elapsed() < Duration::from_secs(30), "{:?}", place.lines());
            std::thread::sleep(Duration::from_millis(1));
        }
        drop(one);
        drop(other);
    }
    let mut client = place.serve();
    let mut unknown = 0;
    for (workflow, text, run) in runs {
        let reply = end(&mut client, &run);
        let noted = place.count(&format!("{} {text}", &workflow["calls:".len()..]));
        if reply["status"] == "completed" {
            assert_eq!(reply["result"], text);
            assert!(noted == 1 || workflow == "calls:put" && noted > 1, "{noted} of {text}");
            continue;
        }
        unknown += 1;
        assert_eq!(
            (workflow, &reply["error"]["code"]),
            ("calls:append", &json!("outcome-unknown"))
        );
        assert!(noted <= 1, "{noted} of {text}");
    }
    println!("{unknown} of unknown outcome");
}

#[test]
fn a_server_without_the_connector_tells_what_is_missing() {
    let place = Place::new();
    let mut with = place.serve();
    let run = begin(&mut with, "calls:put", &json!({"text": "a", "delay": 60_000}));
    place.until_noted("put a");
    let mut without = Client::of(&mut place.command("serve"));
    drop(with);
    let reply = without.call("get_next_step", &json!({"run_id": run, "wait_seconds": 20}));
    assert_eq!(
        (&reply["status"], &reply["error"]["code"]),
        (&json!("running"), &json!("connector-missing"))
    );
    // What it starts itself, its agent has to call.
    let inputs = json!({"text": "b"});
    let reply = without.call("start_workflow", &json!({"workflow": "calls:put", "inputs": inputs}));
    assert_eq!(
        (&reply["step"]["type"], &reply["step"]["tool"]),
        (&json!("mcp_call"), &json!("notes.put"))
    );
}

#[test]
fn secrets_are_in_no_log_and_no_store() {
    let place = Place::new();
    let mut client = place.serve();
    result(&mut client, "calls:append", &json!({"text": "a"}));
    result(&mut client, "calls:crash", &json!({}));
    assert!(client.leave().success());
    let log = fs::read_to_string(place.path("log")).unwrap();
    assert!(log.contains("using the token ***"), "{log}");
    for entry in fs::read_dir(place.folder.path()).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_file() {
            let bytes = fs::read(entry.path()).unwrap();
            let found = bytes.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes());
            assert!(!found, "{:?} holds the secret", entry.file_name());
        }
    }
}

#[test]
fn a_server_that_cannot_be_started_fails_the_step_and_says_why() {
    let place = Place::with(&json!({"notes": {"command": "/nowhere/tool-server"}}));
    let mut client = place.serve();
    let run = begin(&mut client, "calls:append", &json!({"text": "a"}));
    let reply = end(&mut client, &run);
    let error = &reply["error"];
    assert_eq!(error["code"], "connector-failed", "{reply}");
    assert!(error["message"].as_str().unwrap().contains("`notes`"), "{error}");
}

#[test]
fn a_wrong_configuration_is_told_at_once() {
    let place = Place::with(&json!({"notes": {"command": "${NOT_SET_ANYWHERE}"}}));
    let mut command = place.command("serve");
    let output = command.arg("--connectors").arg(place.path("mcp.json")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("`NOT_SET_ANYWHERE`, which is not set"), "{said}");
    assert!(said.contains("help: "), "{said}");
    let mut command = place.command("serve");
    let output = command.env("WORKFLOW_CONNECTORS", place.path("nowhere")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--connectors or WORKFLOW_CONNECTORS"), "{said}");
}
