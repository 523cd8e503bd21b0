//! What an agent reads of a planning run, in tokens: the texts, and the structured replies as plain
//! JSON. A client shows its agent one of the two; both have to stay short.
//!
//! Counted with `o200k_base`, whose vocabulary comes with a crate. The tokenizer of Claude is not
//! public; it counts some more, of both. Run ids are chance, and are counted as one of them.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::answers;
use crate::client::Client;

/// What a course may take at most, in tokens: measured, and a tenth more
mod budget {
    /// All texts
    pub const TEXTS: usize = 4_700;
    /// All structured replies
    pub const STRUCTURED: usize = 5_950;
    /// What a text may have besides the words of the workflow and the data of the run
    pub const OVERHEAD: usize = 170;
    /// What stands at the start of a session: the instructions, and the tools as an agent is told
    pub const SESSION: usize = 1_000;
}

/// The id that runs are counted with
const ID: &str = "01a20616678c7244b3105df39758ba45";

fn tokens(text: &str) -> usize {
    tiktoken_rs::o200k_base_singleton().encode_ordinary(text).len()
}

/// What one reply comes to
struct Counted {
    what: String,
    text: usize,
    structured: usize,
    /// Of either, the author's words and the run's data
    content: usize,
}

/// Counts each reply on its way
struct Counter {
    client: Client,
    run: Option<String>,
    counted: Vec<Counted>,
}

impl Counter {
    fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let id = self.client.ask(tool, arguments);
        let result = self.client.result(id);
        let reply = result["structuredContent"].clone();
        assert_ne!(result["isError"], true, "{result}");
        let run = self.run.get_or_insert_with(|| reply["run_id"].as_str().unwrap().to_owned());
        let same = |text: &str| text.replace(run.as_str(), ID);
        let text = same(result["content"][0]["text"].as_str().unwrap());
        let what = match reply["step"]["step_id"].as_str() {
            Some(step) => step.to_owned(),
            None => reply["status"].as_str().unwrap().to_owned(),
        };
        self.counted.push(Counted {
            what,
            text: tokens(&text),
            structured: tokens(&same(&reply.to_string())),
            content: tokens(&same(&content(&reply))),
        });
        reply
    }

    fn answer(&mut self, reply: &Value, result: &Value) -> Value {
        let step = &reply["step"];
        let (run_id, step_id) = (&step["run_id"], &step["step_id"]);
        self.call("submit_result", &json!({"run_id": run_id, "step_id": step_id, "result": result}))
    }
}

/// The author's words in a reply, and the data of the run
fn content(reply: &Value) -> String {
    let step = &reply["step"];
    let fields = ["message", "instructions", "command", "tool", "parameters", "children"];
    let fields = fields.iter().map(|name| &step[name]).chain([&reply["result"]]);
    let texts = fields.filter(|value| !value.is_null()).map(|value| match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string(),
    });
    texts.collect::<Vec<_>>().join("\n")
}

fn course(counter: &mut Counter) -> Value {
    let answers = answers::example();
    let inputs = json!({"task_description": "Move the search"});
    let start = json!({"workflow": "planning:interactive", "inputs": inputs});
    let mut reply = counter.call("start_workflow", &start);
    let run = json!({"run_id": reply["run_id"]});
    while reply["status"] == "waiting" {
        let step = reply["step"].clone();
        if step["type"] != "foreach" {
            reply = counter.answer(&reply, &answers[step["step_id"].as_str().unwrap()]);
            continue;
        }
        for (index, child) in step["children"].as_array().unwrap().iter().enumerate() {
            let mut reply = counter.call("get_next_step", &json!({"run_id": child["run_id"]}));
            while reply["status"] == "waiting" {
                let answer = &answers[reply["step"]["step_id"].as_str().unwrap()][index];
                reply = counter.answer(&reply, answer);
            }
        }
        reply = counter.call("get_next_step", &run);
    }
    reply
}

#[test]
fn a_planning_run_keeps_within_its_budget() {
    let folder = TempDir::new().unwrap();
    let client = Client::start(&folder.path().join("runs.sqlite"));
    let session = session(client);
    let client = Client::start(&folder.path().join("runs.sqlite"));
    let mut counter = Counter { client, run: None, counted: Vec::new() };
    let last = course(&mut counter);
    assert_eq!(last["status"], "completed", "{last}");

    let counted = counter.counted;
    println!("{:<28}{:>8}{:>8}{:>10}", "reply", "text", "JSON", "of both");
    for Counted { what, text, structured, content } in &counted {
        println!("{what:<28}{text:>8}{structured:>8}{content:>10}");
    }
    let sum = |of: fn(&Counted) -> usize| counted.iter().map(of).sum::<usize>();
    let (text, structured) = (sum(|one| one.text), sum(|one| one.structured));
    println!("{:<28}{text:>8}{structured:>8}{:>10}", "all", sum(|one| one.content));
    println!("at the start of a session: {session}");
    assert!(text <= budget::TEXTS, "{text} tokens of text");
    assert!(structured <= budget::STRUCTURED, "{structured} tokens of JSON");
    for Counted { what, text, content, .. } in &counted {
        let overhead = text.saturating_sub(*content);
        assert!(overhead <= budget::OVERHEAD, "`{what}` has {overhead} tokens around it");
    }
    assert!(session <= budget::SESSION, "{session} tokens of instructions and tools");
}

/// The instructions, and each tool's name, description and arguments
fn session(mut client: Client) -> usize {
    let list = client.request("tools/list", &json!({}));
    let list = client.result(list);
    let tools = list["tools"].as_array().unwrap().iter();
    let told = tools.map(|tool| {
        let parts = ["name", "description", "inputSchema"].map(|part| tool[part].to_string());
        tokens(&parts.join(" "))
    });
    tokens(client.hello["instructions"].as_str().unwrap()) + told.sum::<usize>()
}
