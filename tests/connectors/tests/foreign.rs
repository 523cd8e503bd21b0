//! A server of tools that others have written: `mcp-server-time`, which needs no network.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

#[path = "../../e2e/client.rs"]
#[expect(dead_code, reason = "what these tests do not need, others do")]
mod client;
#[expect(dead_code, reason = "what these tests do not need, others do")]
mod place;
#[path = "place/runs.rs"]
mod runs;
#[path = "../../e2e/venv.rs"]
mod venv;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::json;
use workflow_compiler::{Input, compile};

use place::Place;
use runs::{begin, end, result};

fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where the foreign server is configured, by two names
fn place() -> Place {
    let python: PathBuf = venv::python(&crate_folder().join("requirements.txt"));
    let command = python.with_file_name("mcp-server-time");
    let server = json!({"command": command, "args": ["--local-timezone", "UTC"]});
    Place::with(&json!({"time": server, "clock": server}))
}

fn tools(place: &Place, command: &str, lock: &Path) -> Output {
    let mut tools = place.command("tools");
    tools.args([command, "time", "--connectors"]).arg(place.path("mcp.json"));
    tools.arg("--lock").arg(lock).output().unwrap()
}

#[test]
fn its_tools_are_called_with_the_types_that_are_locked() {
    let place = place();
    let checked = tools(&place, "check", &crate_folder().join("workflows/tools.lock.json"));
    assert!(checked.status.success(), "{checked:?}");
    let mut client = place.serve();
    let told = result(&mut client, "calls:time", &json!({"time": "12:30"}));
    let expected =
        json!({"zone": "ASIA/TOKYO", "summer": false, "there": "09:00", "difference": "-3.5h"});
    assert_eq!(told, expected);
    // What it refuses is an error of the step.
    let run = begin(&mut client, "calls:time", &json!({"time": "noon"}));
    let reply = end(&mut client, &run);
    assert_eq!(reply["error"]["code"], "tool-failed", "{reply}");
    assert_eq!(reply["error"]["step_id"], "convert", "{reply}");
}

#[test]
fn one_that_is_of_another_version_than_locked_is_refused() {
    let place = place();
    let mut client = place.serve();
    let failure = result(&mut client, "calls:clock", &json!({}));
    assert_eq!(failure["code"], "tool-drifted");
    let message = failure["message"].as_str().unwrap();
    assert!(message.contains("`clock.get_current_time`"), "{message}");
    assert!(message.contains("`inputSchema.properties.zone` is gone"), "{message}");
    assert!(message.contains("`inputSchema.properties.timezone` is new"), "{message}");
}

#[test]
fn a_wrong_argument_does_not_compile() {
    let place = place();
    let folder = place.path("workflows");
    fs::create_dir(&folder).unwrap();
    let pulled = tools(&place, "pull", &folder.join("tools.lock.json"));
    assert!(pulled.status.success(), "{pulled:?}");
    let text = "\
name: wrong
version: 1.0.0
steps:
  - id: now
    type: mcp_call
    tool: time.get_current_time
    parameters: { timezone: 9 }
    output_to: now
  - { id: convert, type: mcp_call, tool: time.convert_tim }
  - id: done
    type: return
    needs_state: [now]
    value: \"{{ state.now.zone }}\"
";
    fs::write(folder.join("wrong.yaml"), text).unwrap();
    let compiled = compile(&Input::folder(&folder));
    let told = compiled.diagnostics.iter().map(|told| {
        let at = compiled.sources.position(told.span);
        (told.code.as_str(), at.line, at.column)
    });
    let expected = [("tool-arguments", 7, 29), ("tool-unknown", 9, 42), ("unknown-field", 13, 26)];
    assert_eq!(told.collect::<Vec<_>>(), expected, "{:?}", compiled.diagnostics);
}
