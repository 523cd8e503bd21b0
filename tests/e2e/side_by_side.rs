//! The same course on both engines, a call at a time: every reply is the same, word for word, but for the
//! ids of runs and the times.

use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::answers;
use crate::client::Client;
use crate::engine;

/// Two servers that are asked the same, and what each calls the runs
struct Both {
    sides: [(Client, Names); 2],
}

/// The runs of a server, in the order in which it told of them: they are called by their numbers here
#[derive(Default)]
struct Names(Vec<String>);

/// How long a run's name is, in hexadecimal digits
const NAME: usize = 32;

impl Both {
    fn start(folder: &TempDir) -> Self {
        let store = folder.path().join("runs.sqlite");
        let serve = |mut server: std::process::Command| {
            Client::of(server.args(["serve", "--log-level", "warn"]))
        };
        let (file, fleet) = (serve(engine::on_a_file(&store)), serve(engine::on_a_fleet(&store)));
        Self { sides: [(file, Names::default()), (fleet, Names::default())] }
    }

    /// Calls a tool of both; gives the one result that it has
    fn ask(&mut self, tool: &str, arguments: &Value) -> Value {
        let [file, fleet] = self.sides.each_mut().map(|(client, names)| {
            let id = client.ask(tool, &names.theirs(arguments));
            names.ours(&client.result(id))
        });
        assert_eq!(file, fleet, "{tool} of {arguments}");
        file
    }

    /// The same of a call that is not refused, and what it tells
    fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let result = self.ask(tool, arguments);
        assert_ne!(result["isError"], true, "{result}");
        result["structuredContent"].clone()
    }

    fn answer(&mut self, reply: &Value, result: &Value) -> Value {
        let step = &reply["step"];
        let (run_id, step_id) = (&step["run_id"], &step["step_id"]);
        self.call("submit_result", &json!({"run_id": run_id, "step_id": step_id, "result": result}))
    }

    fn refused(&mut self, tool: &str, arguments: &Value) {
        let result = self.ask(tool, arguments);
        assert_eq!(result["isError"], true, "{result}");
    }

    /// All that can be asked about a run
    fn look(&mut self, run: &Value) {
        let run = json!({"run_id": run});
        for tool in ["get_next_step", "get_workflow_status", "get_workflow_state"] {
            self.call(tool, &run);
        }
    }
}

impl Names {
    /// What is told, with runs by their numbers and no times
    fn ours(&mut self, told: &Value) -> Value {
        match told {
            Value::String(text) => Value::String(self.our_text(text)),
            Value::Array(values) => values.iter().map(|value| self.ours(value)).collect(),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| (key.clone(), self.ours(value)));
                Value::Object(fields.collect())
            }
            other => other.clone(),
        }
    }

    fn our_text(&mut self, text: &str) -> String {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-:.".contains(letter);
        let words = text.split_inclusive(|letter| !is_part(letter));
        words.map(|word| self.our_word(word)).collect()
    }

    fn our_word(&mut self, word: &str) -> String {
        let bare = word.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
        let rest = &word[bare.len()..];
        if bare.parse::<Timestamp>().is_ok() {
            return format!("TIME{rest}");
        }
        let Some((name, of)) = bare.split_at_checked(NAME) else { return word.to_owned() };
        let is_name = name.bytes().all(|byte| byte.is_ascii_hexdigit())
            && (of.is_empty() || of.starts_with('.'));
        if !is_name {
            return word.to_owned();
        }
        let known = self.0.iter().position(|known| known == name);
        let number = known.unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        });
        format!("RUN{number}{of}{rest}")
    }

    /// What is asked, with the server's own names
    fn theirs(&self, asked: &Value) -> Value {
        let named = self.0.iter().enumerate();
        let text = named.fold(asked.to_string(), |text, (number, name)| {
            text.replace(&format!("\"RUN{number}\""), &format!("\"{name}\""))
                .replace(&format!("\"RUN{number}."), &format!("\"{name}."))
        });
        serde_json::from_str(&text).unwrap()
    }
}

/// A child's steps, each answered by what the example says for its place
fn work_off(both: &mut Both, child: &Value, index: usize, answers: &Value) {
    let mut reply = both.call("get_next_step", &json!({"run_id": child["run_id"]}));
    while reply["status"] == "waiting" {
        let step = reply["step"]["step_id"].as_str().unwrap();
        reply = both.answer(&reply, &answers[step][index]);
    }
    both.look(&child["run_id"]);
}

#[test]
fn every_reply_of_a_planning_run_is_the_same_on_both_engines() {
    let folder = TempDir::new().unwrap();
    let (mut both, answers) = (Both::start(&folder), answers::example());
    both.call("list_workflows", &json!({}));
    let inputs = json!({"task_description": "Move the search"});
    let start = json!({"workflow": "planning:interactive", "inputs": inputs});
    let mut reply = both.call("start_workflow", &start);
    let run = reply["run_id"].clone();
    while reply["status"] == "waiting" {
        both.look(&run);
        let step = reply["step"].clone();
        if let Some(children) = step["children"].as_array() {
            for (index, child) in children.iter().enumerate() {
                work_off(&mut both, child, index, &answers);
            }
            reply = both.call("get_next_step", &json!({"run_id": run}));
            continue;
        }
        let id = step["step_id"].as_str().unwrap();
        both.refused(
            "submit_result",
            &json!({"run_id": run, "step_id": id, "result": {"half": null}}),
        );
        both.refused("submit_result", &json!({"run_id": run, "step_id": "elsewhere", "result": 1}));
        let next = both.answer(&reply, &answers[id]);
        assert_eq!(both.answer(&reply, &answers[id]), next, "a reply that was lost is told again");
        reply = next;
    }
    assert_eq!(reply["status"], "completed");
    both.look(&run);
    both.refused(
        "submit_result",
        &json!({"run_id": run, "step_id": "request-approval", "result": {"confirmed": false}}),
    );
}

#[test]
fn what_goes_wrong_is_told_in_the_same_words_on_both_engines() {
    let folder = TempDir::new().unwrap();
    let mut both = Both::start(&folder);
    both.refused("start_workflow", &json!({"workflow": "planning:interactiv", "inputs": {}}));
    both.refused("start_workflow", &json!({"workflow": "planning:interactive", "inputs": {}}));
    for tool in ["get_next_step", "get_workflow_status", "get_workflow_state", "cancel_workflow"] {
        both.refused(tool, &json!({"run_id": "nobody"}));
    }
    let inputs = json!({"task_description": "Move the search"});
    let mut start = json!({"workflow": "planning:interactive", "inputs": inputs});
    let run = both.call("start_workflow", &start)["run_id"].clone();
    let step = json!({"run_id": run, "step_id": "gather-requirements", "error": "nobody is there"});
    both.call("submit_result", &step);
    both.look(&run);

    start["idempotency_key"] = json!("once");
    let run = both.call("start_workflow", &start)["run_id"].clone();
    both.call("start_workflow", &start);
    start["inputs"]["task_description"] = json!("Move something else");
    both.refused("start_workflow", &start);
    let cancel = json!({"run_id": run, "reason": "it has moved by itself"});
    both.call("cancel_workflow", &cancel);
    both.call("cancel_workflow", &cancel);
    both.look(&run);
    let step = json!({"run_id": run, "step_id": "gather-requirements", "result": "late"});
    both.refused("submit_result", &step);
}
