//! Load: many runs, many children, a long run, and runs that are hardly begun before they are over.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Client;

fn connect(folder: &TempDir) -> Client {
    Client::start(&folder.path().join("runs.sqlite"))
}

fn planning(task: &str, questions: usize) -> Value {
    let inputs = json!({"task_description": task, "max_research_tasks": questions});
    json!({"workflow": "planning:interactive", "inputs": inputs})
}

fn named(reply: &Value) -> Value {
    json!({"run_id": reply["run_id"]})
}

/// An answer to any step of a planning run
fn answer(step: &Value, questions: usize) -> Value {
    match step["step_id"].as_str().unwrap() {
        "generate-research-tasks" => (0..questions).map(|n| format!("question {n}")).collect(),
        "search-web" => json!({"sources": ["https://example.org"]}),
        "request-approval" => json!({"confirmed": true}),
        step => json!(format!("what `{step}` asks for")),
    }
}

/// Answers the steps of many runs, with all calls under way at once
fn answer_all(client: &mut Client, replies: &[Value], questions: usize) -> Vec<Value> {
    let asked: Vec<u64> = replies
        .iter()
        .map(|reply| client.answer(reply, &answer(&reply["step"], questions)))
        .collect();
    asked.into_iter().map(|id| client.reply(id)).collect()
}

fn next_of_all<'a>(client: &mut Client, runs: impl Iterator<Item = &'a Value>) -> Vec<Value> {
    let asked: Vec<u64> = runs.map(|run| client.ask("get_next_step", &named(run))).collect();
    asked.into_iter().map(|id| client.reply(id)).collect()
}

/// Works off the children that a reply hands out, all at once
fn work_off(client: &mut Client, children: &[Value], questions: usize) {
    let mut replies = next_of_all(client, children.iter());
    while replies.iter().any(|reply| reply["status"] == "waiting") {
        replies = answer_all(client, &replies, questions);
    }
    assert!(replies.iter().all(|reply| reply["status"] == "completed"), "{replies:?}");
}

#[test]
fn ten_concurrent_workflows() {
    let folder = TempDir::new().unwrap();
    let mut client = connect(&folder);
    let started: Vec<u64> =
        (0..10).map(|n| client.ask("start_workflow", &planning(&format!("task {n}"), 3))).collect();
    let mut replies: Vec<Value> = started.into_iter().map(|id| client.reply(id)).collect();
    while replies.iter().any(|reply| reply["status"] == "waiting") {
        let forks = |reply: &Value| reply["step"]["type"] == "foreach";
        replies = if replies.iter().all(forks) {
            let children = |reply: &Value| reply["step"]["children"].as_array().unwrap().clone();
            let children: Vec<Value> = replies.iter().flat_map(children).collect();
            assert_eq!(children.len(), 10 * 3);
            work_off(&mut client, &children, 3);
            next_of_all(&mut client, replies.iter())
        } else {
            answer_all(&mut client, &replies, 3)
        };
    }
    for reply in &replies {
        assert_eq!(
            (&reply["status"], &reply["result"]["saved"]),
            (&json!("completed"), &json!(true))
        );
    }
}

#[test]
fn a_hundred_parallel_foreach_items() {
    let folder = TempDir::new().unwrap();
    let mut client = connect(&folder);
    let mut reply = client.call("start_workflow", &planning("a large one", 100));
    let run = named(&reply);
    while reply["step"]["type"] != "foreach" {
        reply = answer_all(&mut client, &[reply], 100).remove(0);
    }
    let mut worked_off = 0;
    while reply["step"]["type"] == "foreach" {
        let children = reply["step"]["children"].as_array().unwrap().clone();
        worked_off += children.len();
        assert_eq!(reply["step"]["remaining"], 100 - worked_off, "{reply}");
        work_off(&mut client, &children, 100);
        reply = client.call("get_next_step", &run);
    }
    assert_eq!((worked_off, &reply["step"]["step_id"]), (100, &json!("create-plan")));
    let state = client.call("get_workflow_state", &run);
    let results = state["state"]["research_results"].as_array().unwrap();
    let queries: Vec<&str> = results.iter().map(|one| one["query"].as_str().unwrap()).collect();
    let expected: Vec<String> = (0..100).map(|n| format!("question {n}")).collect();
    assert_eq!(queries, expected);
}

/// A user who takes a minute to answer, while the server is started again and again
#[test]
fn a_run_of_a_minute() {
    let folder = TempDir::new().unwrap();
    let since = Instant::now();
    let mut client = connect(&folder);
    let mut reply = client.call("start_workflow", &planning("a slow one", 2));
    while reply["status"] == "waiting" {
        if reply["step"]["type"] == "foreach" {
            work_off(&mut client, reply["step"]["children"].as_array().unwrap(), 2);
            reply = client.call("get_next_step", &named(&reply));
            continue;
        }
        // Six steps of the run itself; what a user takes is the very thing that is tried here.
        thread::sleep(Duration::from_secs(10));
        client = connect(&folder);
        assert_eq!(client.call("get_next_step", &named(&reply)), reply);
        reply = answer_all(&mut client, &[reply], 2).remove(0);
    }
    assert!(since.elapsed() >= Duration::from_mins(1));
    assert_eq!((&reply["status"], &reply["result"]["saved"]), (&json!("completed"), &json!(true)));
}

#[test]
fn rapid_start_and_cancel() {
    let folder = TempDir::new().unwrap();
    let mut client = connect(&folder);
    for round in 0..5 {
        let started: Vec<u64> = (0..20)
            .map(|n| client.ask("start_workflow", &planning(&format!("task {round} {n}"), 1)))
            .collect();
        let runs: Vec<Value> = started.into_iter().map(|id| named(&client.reply(id))).collect();
        // Each is called off twice, and asked for while it is.
        let calls = runs.iter().flat_map(|run| {
            ["cancel_workflow", "get_next_step", "cancel_workflow"].map(|tool| (tool, run))
        });
        let asked: Vec<u64> = calls.map(|(tool, run)| client.ask(tool, run)).collect();
        for calls in asked.chunks(3) {
            let cancelled = client.reply(calls[0]);
            assert_eq!(cancelled["status"], "cancelled");
            client.reply(calls[1]);
            assert_eq!(client.reply(calls[2]), cancelled);
        }
        for run in &runs {
            assert_eq!(client.call("get_next_step", run)["status"], "cancelled");
        }
    }
    // The server has not had enough.
    let reply = client.call("start_workflow", &planning("a real one", 1));
    assert_eq!(reply["status"], "waiting");
}
