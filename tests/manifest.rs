//! What `manifest` prints is what clients and registries take: the commands in it are run here as
//! those who read it would run them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "e2e/client.rs"]
#[expect(dead_code, reason = "most of it is for the tests beside it")]
mod client;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use client::Client;

/// The server's binary
const SERVER: &str = env!("CARGO_BIN_EXE_workflow-server");

fn manifest(args: &[&str]) -> Output {
    Command::new(SERVER).arg("manifest").args(args).output().unwrap()
}

fn printed(args: &[&str]) -> Value {
    let output = manifest(args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Starts what a manifest says is to be started, and gives the names of its tools
fn tools_of(entry: &Value, folder: &Path) -> Vec<Value> {
    let of_bundle =
        |text: &Value| text.as_str().unwrap().replace("${__dirname}", folder.to_str().unwrap());
    let mut command = Command::new(of_bundle(&entry["command"]));
    command.args(entry["args"].as_array().unwrap().iter().map(of_bundle));
    command.env("WORKFLOW_STORE", folder.join("runs.sqlite"));
    let mut client = Client::of(&mut command);
    let asked = client.request("tools/list", &json!({}));
    let listed = client.result(asked);
    listed["tools"].as_array().unwrap().iter().map(|tool| tool["name"].clone()).collect()
}

#[test]
fn a_client_can_start_the_server_by_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    let made = printed(&["client"]);
    let entry = &made["mcpServers"]["workflow-server"];
    assert!(tools_of(entry, folder.path()).contains(&json!("start_workflow")));
}

#[test]
fn a_bundle_starts_from_its_folder_and_has_the_tools_that_it_lists() {
    let folder = tempfile::tempdir().unwrap();
    let made = printed(&["bundle", "--author", "Ada", "--release", "2.0.1"]);
    assert_eq!((&made["author"]["name"], &made["version"]), (&json!("Ada"), &json!("2.0.1")));
    let described = made["description"].as_str().unwrap();
    assert!(described.contains("planning:interactive"), "{described}");
    let entry_point = folder.path().join(made["server"]["entry_point"].as_str().unwrap());
    std::fs::create_dir_all(entry_point.parent().unwrap()).unwrap();
    std::fs::copy(SERVER, entry_point).unwrap();
    let listed = made["tools"].as_array().unwrap().iter();
    let listed: Vec<Value> = listed.map(|tool| tool["name"].clone()).collect();
    assert_eq!(listed, tools_of(&made["server"]["mcp_config"], folder.path()));
}

#[test]
fn a_listing_names_the_bundle_by_its_sum() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("workflows.mcpb");
    std::fs::write(&bundle, "a bundle").unwrap();
    let url = "https://example.org/ada/releases/workflows.mcpb";
    let args = ["listing", "--name", "io.github.ada/workflows", "--url", url];
    let made = printed(&[&args[..], &[bundle.to_str().unwrap()]].concat());
    // As `sha256sum` has it.
    let sum = "cd98c950d629c66548537b4ecd68dab3e8cf59974ba6e40df5a1a7354b39db5f";
    let package = &made["packages"][0];
    assert_eq!((&package["fileSha256"], &package["identifier"]), (&json!(sum), &json!(url)));
    assert!(made["description"].as_str().unwrap().chars().count() <= 100);
}

#[test]
fn what_no_registry_would_take_is_refused() {
    let (name, url) = ("io.github.ada/workflows", "https://example.org/workflows.mcpb");
    for (name, url, bundle, code, said) in [
        ("ada", url, "Cargo.toml", 2, "`ada` is no name in the MCP registry"),
        (name, "http://example.org/a.mcpb", "Cargo.toml", 2, "is no address to download from"),
        (name, url, "missing.mcpb", 1, "cannot read the bundle `missing.mcpb`"),
    ] {
        let output = manifest(&["listing", "--name", name, "--url", url, bundle]);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        assert!(stderr.contains(said) && stderr.contains("help: "), "{stderr}");
    }
}
