//! Runs made up by chance: whatever can be waited for, with timeouts, attempts and children.

use serde_json::{Value, json};

use super::chance::Chance;
use super::known::inputs;
use crate::engine::StartRequest;

/// What a simulation has beside agents, servers and time: not each has all, so that each has much of
/// what it has
#[derive(Clone, Copy)]
pub(super) struct Parts {
    /// Servers call a tool server
    pub(super) calls: bool,
    /// Servers are built anew while runs wait
    pub(super) builds: bool,
}

/// A run to be started; mostly one that can
pub(super) fn start(chance: &mut Chance, parts: Parts) -> StartRequest {
    let (workflow, given) = match chance.below(6) {
        _ if parts.builds && chance.one_in(2) => ("test:course", course(chance)),
        0 => ("test:plan", json!({"task": "tea"})),
        1 => ("test:plan", json!({"tusk": "ivory"})),
        2 => ("test:fan", fan(chance)),
        // Grandchildren are many, and take their time.
        _ => {
            let depth = if chance.one_in(4) { 2 } else { 1 };
            ("test:script", json!({"steps": steps(chance, depth, parts)}))
        }
    };
    let key = chance.one_in(2).then(|| format!("key {}", chance.below(4)));
    StartRequest { workflow: workflow.to_owned(), inputs: inputs(given), idempotency_key: key }
}

fn fan(chance: &mut Chance) -> Value {
    let items: Vec<&&str> =
        (0..chance.below(6)).map(|_| chance.pick(&["a", "b", "auto", "bad"])).collect();
    let at_once = 1 + chance.below(3);
    let mut inputs = json!({"items": items, "at_once": at_once, "keep": chance.one_in(2)});
    if chance.one_in(2) {
        inputs["agent"] = json!("@task");
    }
    inputs
}

/// Inputs of `test:course`
fn course(chance: &mut Chance) -> Value {
    let parts: Vec<usize> = (0..chance.below(4)).collect();
    let mut each = json!({"at_once": 1 + chance.below(2), "keep": chance.one_in(2)});
    if chance.one_in(2) {
        each["agent"] = json!("@task");
    }
    if chance.one_in(4) {
        each["timeout"] = json!(15);
    }
    if chance.one_in(2) {
        each["retry"] = json!({"max_attempts": 2, "backoff_seconds": 1.5, "backoff_factor": 1.0});
    }
    json!({"parts": parts, "each": each})
}

/// Steps of `test:script`
fn steps(chance: &mut Chance, depth: usize, parts: Parts) -> Value {
    let count = 1 + chance.below(3);
    (0..count).map(|_| step(chance, depth, parts)).collect()
}

/// A call of a tool of another server, with a text that no other call has
fn call(chance: &mut Chance) -> Value {
    let tool = chance.pick(&["out.note", "out.note", "out.put", "out.put", "out.fail", "out.none"]);
    let text = format!("{}-{}", chance.below(1 << 30), chance.below(1 << 30));
    let mut call = json!({"tool": tool, "parameters": {"text": text}});
    if chance.one_in(3) {
        // An outcome that comes too late finds the next attempt.
        call["timeout"] = json!(2);
        call["retry"] = json!({"max_attempts": 3, "backoff_seconds": 0.0, "backoff_factor": 1.0});
    }
    call
}

fn step(chance: &mut Chance, depth: usize, parts: Parts) -> Value {
    let mut step = match chance.below(if depth == 0 { 5 } else { 8 }) {
        _ if parts.calls && chance.one_in(3) => call(chance),
        0 => json!({"wait": chance.pick(&[0.0, 3.0, 20.5])}),
        1 => json!({"tool": "memory.add", "parameters": {"category": "c", "content": "x"}}),
        2 => json!({"tool": "memory.add", "parameters": {"category": "c"}}),
        3 => json!({"ask": "sign?", "user_only": chance.one_in(2)}),
        4 => json!({"shell": "make"}),
        _ => {
            let each: Vec<Value> =
                (0..chance.below(4)).map(|_| steps(chance, depth - 1, parts)).collect();
            let agent = chance.pick(&[json!("@task"), Value::Null]).clone();
            let at_once = 1 + chance.below(2);
            json!({"each": each, "agent": agent, "keep": chance.one_in(2), "at_once": at_once})
        }
    };
    if chance.one_in(2) {
        step["timeout"] = chance.pick(&[json!(2), json!(10.000_000_5), json!(40)]).clone();
    }
    if chance.one_in(4) {
        step["on_error"] = json!("continue");
    }
    if chance.one_in(2) {
        let pause = chance.pick(&[0.0, 1.5, 10.0]);
        let attempts = 2 + chance.below(2);
        step["retry"] =
            json!({"max_attempts": attempts, "backoff_seconds": pause, "backoff_factor": 2.0});
    }
    step
}
