//! Locked tools: pulled, checked, and refused where they have drifted.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

#[path = "../../e2e/client.rs"]
#[expect(dead_code, reason = "what these tests do not need, others do")]
mod client;
#[expect(dead_code, reason = "what these tests do not need, others do")]
mod place;
#[path = "place/runs.rs"]
mod runs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};

use place::{Place, SERVER};
use runs::{begin, end, result};

/// What `put` has become by `DRIFT`
const DIFFERENCE: &str = "`annotations.idempotentHint` was true, is false; \
     `inputSchema.properties.text.type` was \"string\", is \"integer\"";

/// Where `desk` is the server of tools, `DRIFT`ed or not
fn desk(drift: &str) -> Place {
    Place::with(&json!({"desk": server(drift)}))
}

fn server(drift: &str) -> Value {
    json!({"command": "${TOOLS}", "env": {"NOTES": "${NOTES}", "DRIFT": drift}})
}

/// The lock that the workflows of this crate are compiled against
fn lock() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows/tools.lock.json")
}

fn tools(place: &Place, args: &[&str], lock: &Path) -> Output {
    let mut command = place.command("tools");
    command.args(args).arg("--connectors").arg(place.path("mcp.json")).arg("--lock").arg(lock);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The part of a lock that is about a server
fn part(lock: &Path, server: &str) -> Value {
    let text = fs::read_to_string(lock).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["servers"][server].clone()
}

#[test]
fn a_lock_is_pulled_page_by_page_and_written_only_where_it_is_different() {
    let place = desk("");
    let pulled = place.path("tools.lock.json");
    let output = tools(&place, &["pull"], &pulled);
    assert!(output.status.success(), "{output:?}");
    assert!(said(&output).starts_with("desk: 8 tools, not locked before\n  append: added\n"));
    assert_eq!(part(&pulled, "desk"), part(&lock(), "desk"), "the lock of this crate is of old");
    let text = fs::read_to_string(&pulled).unwrap();
    assert!(text.contains("\n          \"name\": \"append\",\n"), "a line for each key: {text}");
    assert!(!text.contains("null") && text.ends_with("}\n"), "{text}");

    let output = tools(&place, &["pull", "desk"], &pulled);
    let expected = format!("desk: 8 tools, as locked\n{} unchanged\n", pulled.display());
    assert_eq!((output.status.code(), said(&output)), (Some(0), expected));
    let output = tools(&place, &["check"], &pulled);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn where_lock_and_servers_differ_it_is_said_how() {
    let place = desk("yes");
    let mut locked: Value = serde_json::from_str(&fs::read_to_string(lock()).unwrap()).unwrap();
    locked["servers"].as_object_mut().unwrap().retain(|name, _| name == "desk");
    let list = locked["servers"]["desk"]["tools"].as_array_mut().unwrap();
    list.iter_mut().for_each(|tool| match tool["name"].as_str().unwrap() {
        "append" => tool["name"] = json!("attach"),
        "crash" => tool["description"] = json!("ends at once"),
        _ => {}
    });
    let old = place.path("tools.lock.json");
    fs::write(&old, locked.to_string()).unwrap();
    let expected = format!(
        "desk: 8 tools\n  append: added\n  attach: removed\n  crash: other words, the same tool\n  \
         put: changed, {DIFFERENCE}\n{} does not agree with the servers: see `tools pull`\n",
        old.display()
    );
    let output = tools(&place, &["check"], &old);
    assert_eq!((output.status.code(), said(&output)), (Some(1), expected));
    let output = tools(&place, &["pull"], &old);
    assert!(said(&output).contains(&format!("put: changed, {DIFFERENCE}\n")), "{output:?}");
    let output = tools(&place, &["check"], &old);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn other_words_alone_are_no_difference() {
    let place = desk("");
    let mut locked: Value = serde_json::from_str(&fs::read_to_string(lock()).unwrap()).unwrap();
    locked["servers"].as_object_mut().unwrap().retain(|name, _| name == "desk");
    locked["servers"]["desk"]["tools"][0]["description"] = json!("appends");
    let old = place.path("tools.lock.json");
    fs::write(&old, locked.to_string()).unwrap();
    let output = tools(&place, &["check"], &old);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(said(&output).contains("other words, the same tool"), "{output:?}");
}

#[test]
fn a_server_that_cannot_be_reached_keeps_its_part() {
    let gone = json!({"command": "/nowhere/tool-server"});
    let place = Place::with(&json!({"desk": server(""), "gone": gone}));
    let old = place.path("tools.lock.json");
    let kept = json!({"tools": [{"name": "stay", "title": "as it is"}]});
    fs::write(&old, json!({"servers": {"gone": kept}}).to_string()).unwrap();
    let output = tools(&place, &["pull"], &old);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = said(&output);
    assert!(text.contains("gone: not reached, its part of the lock stays as it is"), "{text}");
    assert!(text.contains("its program could not be started"), "{text}");
    assert_eq!((part(&old, "gone"), part(&old, "desk")), (kept, part(&lock(), "desk")));
    assert_eq!(tools(&place, &["check"], &old).status.code(), Some(1));
    assert_eq!(tools(&place, &["check", "desk"], &old).status.code(), Some(0));

    // One that is locked and not configured is not passed over in silence.
    let place = desk("");
    let output = tools(&place, &["check"], &old);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(said(&output).contains("gone: locked, and not configured"), "{output:?}");
}

#[test]
fn wrong_calls_of_the_command_are_usage_errors() {
    let place = desk("");
    let output = tools(&place, &["pull", "desks"], &place.path("lock"));
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("no server `desks` is configured") && told.contains("`desk`"), "{told}");
    let output = std::process::Command::new(SERVER).args(["tools", "check"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let output = tools(&place, &["pull"], &place.path("no-folder/lock"));
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("cannot be written") && told.contains("--lock FILE"), "{told}");
}

#[test]
fn a_drifted_tool_is_refused_with_the_difference_and_the_others_are_called() {
    let place = desk("");
    let mut client = place.serve();
    assert_eq!(result(&mut client, "calls:desk", &json!({"text": "tea"})), json!({"noted": "TEA"}));
    drop(client);

    let place = desk("yes");
    let mut client = place.serve();
    let failure = result(&mut client, "calls:desk", &json!({"text": "tea"}));
    assert_eq!((&failure["code"], &failure["attempts"]), (&json!("tool-drifted"), &json!(2)));
    let message = failure["message"].as_str().unwrap();
    assert!(message.contains("`desk.put`") && message.contains(DIFFERENCE), "{message}");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = fs::read_to_string("../../docs/locked-tools.md").unwrap();
    assert!(
        words(&page).contains(&words(message)),
        "docs/locked-tools.md shows another: {message}"
    );
    assert_eq!(result(&mut client, "calls:desk-append", &json!({"text": "milk"})), "milk");
    assert_eq!((place.count("put tea"), place.count("append milk")), (0, 1));

    let health = client.call("health_check", &json!({}));
    assert_eq!(health["status"], "degraded", "{health}");
    let drifted = health["connectors"][0]["drifted"][0].as_str().unwrap();
    assert!(drifted.contains("`desk.put`") && drifted.contains(DIFFERENCE), "{health}");
    assert!(health["problems"][0]["help"].as_str().unwrap().contains("tools pull"), "{health}");
    drop(client);

    let mut doctor = place.command("doctor");
    let output = doctor.arg("--connectors").arg(place.path("mcp.json")).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(said(&output).contains(DIFFERENCE), "{output:?}");
}

#[test]
fn after_a_kill_a_locked_tool_is_called_again_if_it_is_idempotent_else_on_error_takes_over() {
    let place = desk("");
    let mut client = place.serve();
    let once = begin(&mut client, "calls:desk-append", &json!({"text": "once", "delay": 60_000}));
    let again = begin(&mut client, "calls:desk", &json!({"text": "again", "delay": 2_000}));
    place.until("append once", 1);
    place.until("put again", 1);
    drop(client);

    let mut client = place.serve();
    let reply = end(&mut client, &once);
    let handled = (&reply["status"], &reply["result"]);
    assert_eq!(handled, (&json!("completed"), &json!("outcome-unknown")), "{reply}");
    let reply = end(&mut client, &again);
    assert_eq!(reply["result"], json!({"noted": "AGAIN"}), "{reply}");
    assert_eq!((place.count("append once"), place.count("put again")), (1, 2));
}
