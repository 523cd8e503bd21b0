//! Many runs, and many children of one.

use std::time::Instant;

use serde_json::{Value, json};
use workflow_cluster::postgres;

use crate::client::Client;
use crate::fleet::Fleet;

/// How many there are
const MANY: usize = 100;

/// Sends all calls, then takes all replies
fn all_at_once(
    client: &mut Client,
    calls: impl Iterator<Item = (&'static str, Value)>,
) -> Vec<Value> {
    let asked: Vec<u64> = calls.map(|(tool, arguments)| client.ask(tool, &arguments)).collect();
    asked.into_iter().map(|id| client.reply(id)).collect()
}

fn submission(reply: &Value, result: &Value) -> (&'static str, Value) {
    let step = &reply["step"];
    let (run_id, step_id) = (&step["run_id"], &step["step_id"]);
    ("submit_result", json!({"run_id": run_id, "step_id": step_id, "result": result}))
}

#[test]
fn a_hundred_runs_at_once() {
    let fleet = Fleet::new();
    let _workers = [fleet.worker(), fleet.worker()];
    let mut client = fleet.server();
    let since = Instant::now();
    let start = json!({"workflow": "fleet:count", "inputs": {"until": 3}});
    let starts = (0..MANY).map(|_| ("start_workflow", start.clone()));
    let mut replies = all_at_once(&mut client, starts);
    println!("{MANY} runs started in {:.2?}", since.elapsed());
    for round in 0..3 {
        let answers: Vec<_> = replies
            .iter()
            .enumerate()
            .map(|(n, reply)| submission(reply, &json!(n + round)))
            .collect();
        replies = all_at_once(&mut client, answers.into_iter());
    }
    println!("and ended after {:.2?}", since.elapsed());
    for (n, reply) in replies.iter().enumerate() {
        assert_eq!(reply["status"], "completed", "{reply}");
        assert_eq!(reply["result"], json!({"count": 3, "sum": 3 * n + 3}), "{reply}");
    }
}

#[test]
fn a_hundred_children_of_one_run() {
    let fleet = Fleet::new();
    let _workers = [fleet.worker(), fleet.worker()];
    let mut client = fleet.server();
    let since = Instant::now();
    let places: Vec<String> = (0..MANY).map(|n| format!("place {n}")).collect();
    let start = json!({"workflow": "fleet:spread", "inputs": {"places": places}});
    let mut reply = client.call("start_workflow", &start);
    let run = json!({"run_id": reply["run_id"]});
    let mut worked_off = 0;
    // They are handed out by the page.
    while reply["status"] == "waiting" {
        let children = reply["step"]["children"].as_array().unwrap().clone();
        worked_off += children.len();
        let asked =
            children.iter().map(|child| ("get_next_step", json!({"run_id": child["run_id"]})));
        let asked = all_at_once(&mut client, asked);
        // The last comes first.
        let answers = asked.iter().rev().map(|reply| submission(reply, &json!("all is well")));
        for ended in all_at_once(&mut client, answers) {
            assert_eq!(ended["status"], "completed", "{ended}");
        }
        reply = client.call("get_next_step", &run);
    }
    println!("{MANY} children worked off in {:.2?}", since.elapsed());
    assert_eq!(worked_off, MANY);
    let findings: Vec<String> =
        places.iter().map(|place| format!("{place}: all is well")).collect();
    assert_eq!((&reply["status"], &reply["result"]), (&json!("completed"), &json!(findings)));
    let notes = postgres().ask(&fleet.database, "SELECT count(*) FROM workflow_memory");
    assert_eq!(notes, MANY.to_string());
}
