//! The planning run with five research tasks, over the streams as they are: the whole of it, its
//! parallel part, a plan that is rejected, and one around which everything goes wrong.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::answers;
use crate::client::Client;
use crate::engine;

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

/// The steps of a planning run that waits for all it can wait for
const COURSE: [&str; 7] = [
    "gather-requirements",
    "generate-research-tasks",
    "research-phase",
    "create-plan",
    "review-plan",
    "update-plan",
    "request-approval",
];

fn start(agent: &mut Agent) -> Value {
    let inputs = json!({"task_description": "Move the search"});
    let start = json!({"workflow": "planning:interactive", "inputs": inputs});
    agent.client.call("start_workflow", &start)
}

/// Brings a run to its end; gives the steps that were passed, and the last reply
fn finish(agent: &mut Agent, mut reply: Value) -> (Vec<String>, Value) {
    let run = json!({"run_id": reply["run_id"]});
    let mut passed = Vec::new();
    while reply["status"] == "waiting" {
        passed.push(reply["step"]["step_id"].as_str().unwrap().to_owned());
        reply = if reply["step"]["type"] == "foreach" {
            research(agent, &reply["step"]);
            agent.client.call("get_next_step", &run)
        } else {
            agent.answer(&reply)
        };
    }
    (passed, reply)
}

#[test]
fn full_planning_workflow() {
    let folder = TempDir::new().unwrap();
    let mut agent = Agent::start(&folder);
    let first = start(&mut agent);
    let (passed, last) = finish(&mut agent, first);
    assert_eq!(passed, COURSE);
    let plan = &agent.answers["update-plan"];
    let result = json!({"success": true, "plan": plan, "approved": true, "saved": true});
    assert_eq!((&last["status"], &last["result"]), (&json!("completed"), &result));
    let run = json!({"run_id": last["run_id"]});
    let state = agent.client.call("get_workflow_state", &run)["state"].clone();
    assert_eq!((&state["approved"], &state["final_plan"]), (&json!(true), plan));
    assert!(agent.client.leave().success());
}

/// All children are under way at once, end in any order, and give their results in item order
#[test]
fn research_parallelism() {
    let folder = TempDir::new().unwrap();
    let mut agent = Agent::start(&folder);
    let reply = to_research(&mut agent);
    let run = json!({"run_id": reply["run_id"]});
    let children = reply["step"]["children"].as_array().unwrap().clone();
    let searches = agent.ask_all(&children);
    let status = agent.client.call("get_workflow_status", &run);
    let running = |child: &&Value| child["status"] == "running";
    assert_eq!(status["children"].as_array().unwrap().iter().filter(running).count(), 5);
    let mut analyses = agent.answer_all(&searches);
    // The last question is answered first, so the first child ends last.
    for (index, analysis) in analyses.drain(..).enumerate().rev() {
        let answer = agent.answers["analyze-results"][index].clone();
        let id = agent.client.answer(&analysis, &answer);
        assert_eq!(agent.client.reply(id)["status"], "completed");
        let next = agent.client.call("get_next_step", &run);
        let last = index == 0;
        assert_eq!(next["step"]["step_id"], if last { "create-plan" } else { "research-phase" });
    }
    let state = agent.client.call("get_workflow_state", &run)["state"].clone();
    let results = state["research_results"].as_array().unwrap();
    for (index, result) in results.iter().enumerate() {
        assert_eq!(result["query"], children[index]["item"]);
        assert_eq!(result["findings"], agent.answers["analyze-results"][index]);
    }
    assert_eq!(results.len(), 5);
}

#[test]
fn approval_rejection() {
    let folder = TempDir::new().unwrap();
    let mut agent = Agent::start(&folder);
    agent.answers["request-approval"] = json!({"confirmed": false});
    let first = start(&mut agent);
    let (passed, last) = finish(&mut agent, first);
    assert_eq!(passed, COURSE);
    // It ends in good order, keeps the plan, and says that nobody has approved it.
    let plan = &agent.answers["update-plan"];
    let result = json!({"success": true, "plan": plan, "approved": false, "saved": true});
    assert_eq!((&last["status"], &last["result"]), (&json!("completed"), &result));
    let late = agent.client.ask(
        "submit_result",
        &json!({"run_id": last["run_id"], "step_id": "request-approval",
            "result": {"confirmed": true}}),
    );
    let refused = agent.client.result(late);
    assert_eq!(refused["isError"], true, "a rejection stands: {refused}");
}

/// Servers that are killed, replies that are lost, and answers that are wrong, at every step: the
/// run goes its way as if there had been none
#[test]
fn error_recovery() {
    let folder = TempDir::new().unwrap();
    let mut agent = Agent::start(&folder);
    let mut reply = start(&mut agent);
    let run = json!({"run_id": reply["run_id"]});
    let mut passed = Vec::new();
    while reply["status"] == "waiting" {
        let step = reply["step"].clone();
        passed.push(step["step_id"].as_str().unwrap().to_owned());
        if step["type"] == "foreach" {
            troubled_research(&folder, &mut agent, &step);
            reply = agent.client.call("get_next_step", &run);
            continue;
        }
        // Half an answer, or one of the wrong type.
        let wrong = agent.client.answer(&reply, &json!({"half": null}));
        assert_eq!(agent.client.result(wrong)["isError"], true);
        // The right one, whose reply nobody hears because the server is killed.
        let answer = agent.answers[step["step_id"].as_str().unwrap()].clone();
        agent.client.answer(&reply, &answer);
        agent = Agent::start(&folder);
        reply = agent.answer(&reply);
    }
    assert_eq!(passed, COURSE);
    let plan = &agent.answers["update-plan"];
    let result = json!({"success": true, "plan": plan, "approved": true, "saved": true});
    assert_eq!((&reply["status"], &reply["result"]), (&json!("completed"), &result));
    drop(agent);
    let notes = engine::notes(&folder.path().join("runs.sqlite"));
    assert_eq!(notes, 5 + 1, "each finding is kept once, and so is the plan");
}

/// The server is killed after each answer of a child
fn troubled_research(folder: &TempDir, agent: &mut Agent, step: &Value) {
    for (index, child) in step["children"].as_array().unwrap().iter().enumerate() {
        let run = json!({"run_id": child["run_id"]});
        let mut reply = agent.client.call("get_next_step", &run);
        while reply["status"] == "waiting" {
            let answer = agent.answers[reply["step"]["step_id"].as_str().unwrap()][index].clone();
            let id = agent.client.answer(&reply, &answer);
            let next = agent.client.reply(id);
            *agent = Agent::start(folder);
            assert_eq!(agent.client.call("get_next_step", &run), next);
            reply = next;
        }
        assert_eq!(reply["status"], "completed", "{reply}");
    }
}

fn to_research(agent: &mut Agent) -> Value {
    let mut reply = start(agent);
    while reply["step"]["type"] != "foreach" {
        reply = agent.answer(&reply);
    }
    reply
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
    let first = start(&mut agent);
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
    let output = engine::server(&folder.path().join("runs.sqlite"))
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
}
