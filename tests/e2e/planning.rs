//! The planning run with five research tasks, over the streams as they are.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::answers;
use crate::client::Client;

/// An agent with the example's answers
struct Agent {
    client: Client,
    answers: Value,
}

impl Agent {
    fn start(folder: &TempDir) -> Self {
        let client = Client::start(&folder.path().join("runs.sqlite"));
        Self { client, answers: answers::example() }
    }

    /// Answers the step of a reply as the example does
    fn answer(&mut self, reply: &Value) -> Value {
        let answer = self.answers[reply["step"]["step_id"].as_str().unwrap()].clone();
        let id = self.client.answer(reply, &answer);
        self.client.reply(id)
    }

    /// Answers a step of each child, with all calls under way at once
    fn answer_all(&mut self, replies: &[Value]) -> Vec<Value> {
        let mut asked = Vec::new();
        for (index, reply) in replies.iter().enumerate() {
            let answer = self.answers[reply["step"]["step_id"].as_str().unwrap()][index].clone();
            asked.push(self.client.answer(reply, &answer));
        }
        asked.into_iter().map(|id| self.client.reply(id)).collect()
    }

    fn ask_all(&mut self, children: &[Value]) -> Vec<Value> {
        let ask =
            |child: &Value| self.client.ask("get_next_step", &json!({"run_id": child["run_id"]}));
        let asked: Vec<_> = children.iter().map(ask).collect();
        asked.into_iter().map(|id| self.client.reply(id)).collect()
    }
}

#[test]
fn a_run_goes_from_its_first_question_to_a_saved_plan() {
    let folder = TempDir::new().unwrap();
    let mut agent = Agent::start(&folder);
    let inputs = json!({"task_description": "Move the search"});
    let start = json!({"workflow": "planning:interactive", "inputs": inputs});
    let mut reply = agent.client.call("start_workflow", &start);
    let run = json!({"run_id": reply["run_id"]});
    let mut passed = Vec::new();
    while reply["status"] == "waiting" {
        passed.push(reply["step"]["step_id"].as_str().unwrap().to_owned());
        reply = if reply["step"]["type"] == "foreach" {
            research(&mut agent, &reply["step"]);
            agent.client.call("get_next_step", &run)
        } else {
            agent.answer(&reply)
        };
    }
    let expected = [
        "gather-requirements",
        "generate-research-tasks",
        "research-phase",
        "create-plan",
        "review-plan",
        "update-plan",
        "request-approval",
    ];
    assert_eq!(passed, expected);
    let plan = &agent.answers["update-plan"];
    let result = json!({"success": true, "plan": plan, "approved": true, "saved": true});
    assert_eq!((&reply["status"], &reply["result"]), (&json!("completed"), &result));
    assert!(agent.client.leave().success());
}

/// All children at once; their results come together in the order of the items
fn research(agent: &mut Agent, step: &Value) {
    let children = step["children"].as_array().unwrap().clone();
    assert_eq!(children.len(), 5, "{step}");
    let searches = agent.ask_all(&children);
    let analyses = agent.answer_all(&searches);
    for (index, ended) in agent.answer_all(&analyses).iter().enumerate() {
        assert_eq!(ended["status"], "completed", "{ended}");
        assert_eq!(ended["result"]["query"], children[index]["item"], "{ended}");
        assert_eq!(ended["result"]["findings"], agent.answers["analyze-results"][index]);
    }
}

#[test]
fn a_run_outlives_the_server_that_began_it() {
    let folder = TempDir::new().unwrap();
    let mut agent = Agent::start(&folder);
    let inputs = json!({"task_description": "Move the search"});
    let start = json!({"workflow": "planning:interactive", "inputs": inputs});
    let first = agent.client.call("start_workflow", &start);
    let second = agent.answer(&first);
    assert!(agent.client.leave().success());

    let mut agent = Agent::start(&folder);
    let next = agent.client.call("get_next_step", &json!({"run_id": first["run_id"]}));
    assert_eq!(next, second);
    assert_eq!(agent.answer(&first), second, "the same answer gets the same reply");
}

#[test]
fn a_client_that_says_nothing_is_no_error() {
    let folder = TempDir::new().unwrap();
    let output = std::process::Command::new(crate::SERVER)
        .arg("--store")
        .arg(folder.path().join("runs.sqlite"))
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
}
