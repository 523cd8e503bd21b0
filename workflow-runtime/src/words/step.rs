//! The text of a step that is to be done: what to do, what with, and the call that comes after.

use askama::Template;
use serde_json::{Map, Value};

use super::{Expected, plain, render, word};
use crate::reply::{Reply, Step};

/// The text of a step
pub(super) fn text(reply: &Reply, step: &Step, page: Option<&str>) -> String {
    let mut body = body(step);
    // Where a page ends is white space that belongs to the whole.
    if page.is_none() {
        body.truncate(body.trim_end().len());
    }
    render(&Frame {
        step_run_id: &step.run_id,
        step_id: &step.step_id,
        attempt: attempt(step),
        last_error: word(&step.fields, "last_error"),
        child: step.run_id != reply.run_id,
        progress: reply.progress.map(|p| format!("{}/{}", (p.done + 1).min(p.total), p.total)),
        to_do: word(&step.fields, "to_do").unwrap_or_default(),
        body,
        page,
        deadline: step.deadline.as_deref(),
        answer: step.wants_answer().then(|| Expected(&step.result_schema).argument()),
        or_error: step.kind != "prompt",
    })
}

#[derive(Template)]
#[template(path = "step.txt")]
struct Frame<'a> {
    step_run_id: &'a str,
    step_id: &'a str,
    attempt: String,
    last_error: Option<&'a str>,
    child: bool,
    progress: Option<String>,
    to_do: &'a str,
    body: String,
    page: Option<&'a str>,
    deadline: Option<&'a str>,
    /// What the agent's answer looks like, where it is the agent's
    answer: Option<String>,
    or_error: bool,
}

#[derive(Template)]
#[template(path = "children.txt")]
struct Foreach<'a> {
    sub_agent_prompt: String,
    children: Vec<Child<'a>>,
    remaining: u64,
}

struct Child<'a> {
    run_id: &'a str,
    status: &'a str,
    item: String,
}

/// What it is to be done with: the fields of the step
fn body(step: &Step) -> String {
    let fields = &step.fields;
    let text = |name: &str| fields.get(name).map(plain).unwrap_or_default();
    match step.kind.as_str() {
        "prompt" => {
            let options = list(fields, "options").iter();
            let options: Vec<_> = options.map(|option| format!("- {}", plain(option))).collect();
            match text("message") {
                message if options.is_empty() => message,
                message => format!("{message}\n\n{}", options.join("\n")),
            }
        }
        "shell" => text("command"),
        "mcp_call" => format!("{}\n{}", text("tool"), text("parameters")),
        "delegate" | "call" => text("instructions"),
        "wait" => text("message"),
        "foreach" => render(&Foreach {
            sub_agent_prompt: text("sub_agent_prompt"),
            children: list(fields, "children").iter().map(child).collect(),
            remaining: fields.get("remaining").and_then(Value::as_u64).unwrap_or_default(),
        }),
        _ => Value::Object(fields.clone()).to_string(),
    }
}

/// `, attempt 2 of 3`; nothing for a first attempt
fn attempt(step: &Step) -> String {
    match (step.attempt, step.fields.get("max_attempts")) {
        (0 | 1, _) => String::new(),
        (attempt, Some(of)) => format!(", attempt {attempt} of {}", plain(of)),
        (attempt, None) => format!(", attempt {attempt}"),
    }
}

fn child(child: &Value) -> Child<'_> {
    let word = |key| child.get(key).and_then(Value::as_str).unwrap_or_default();
    Child {
        run_id: word("run_id"),
        status: word("status"),
        item: child.get("item").map(plain).unwrap_or_default(),
    }
}

fn list<'a>(fields: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    fields.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
