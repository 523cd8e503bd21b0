//! `doctor --production` beside a server that serves.

use std::process::{Command, Output};

use serde_json::Value;

use super::server::Server;

/// What the doctor says of a server, set as the server is, with further flags
fn doctor(server: &Server, flags: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workflow-server"));
    command.args(["doctor", "--production", "--json", "--transport", "http", "--store"]);
    command.arg(server.folder().path().join("runs.sqlite"));
    command.env("WORKFLOW_ADDR", server.addr.to_string()).args(flags);
    command.output().unwrap()
}

fn checks(said: &Output) -> Vec<Value> {
    let said: Value = serde_json::from_slice(&said.stdout).unwrap();
    said["checks"].as_array().unwrap().clone()
}

fn verdict<'a>(checks: &'a [Value], name: &str) -> &'a str {
    let check = checks.iter().find(|check| check["name"] == name);
    check.unwrap_or_else(|| panic!("no `{name}` in {checks:?}"))["verdict"].as_str().unwrap()
}

#[test]
fn a_server_that_serves_is_found_and_lets_the_doctor_in() {
    let server = Server::start();
    let said = doctor(&server, &["--definitions", "workflows"]);
    let checks = checks(&said);
    for name in ["workflows", "tools", "token", "listening", "journals", "health", "answers"] {
        assert_eq!(verdict(&checks, name), "ok", "{name}: {checks:#?}");
    }
    assert!(said.status.success(), "{checks:#?}");
    assert!(!String::from_utf8_lossy(&said.stdout).contains(&server.token), "the token is told");
}

#[test]
fn with_another_token_the_doctor_is_not_let_in() {
    let server = Server::start();
    let other = server.folder().path().join("other");
    std::fs::write(&other, "another-token-0123456789").unwrap();
    let said = doctor(&server, &["--token-file", other.to_str().unwrap()]);
    assert_eq!(said.status.code(), Some(1));
    assert_eq!(verdict(&checks(&said), "answers"), "fail");
}
