//! The text of a step that is to be done: one template for each kind of action.

use askama::Template;
use serde_json::{Map, Value};

use super::{Expected, fill, plain, render, time};
use crate::reply::{Reply, Step};

/// Seconds of a wait for which an agent need not stay
const LONG: u64 = 120;

/// The text of a step
pub(super) fn text(reply: &Reply, step: &Step, page: Option<&str>) -> String {
    let mut body = body(step);
    // Where a page ends is white space that belongs to the whole.
    if page.is_none() {
        body.truncate(body.trim_end().len());
    }
    render(&Frame {
        run_id: &reply.run_id,
        step_run_id: &step.run_id,
        step_id: &step.step_id,
        attempt: attempt(step),
        last_error: word(&step.fields, "last_error"),
        child: step.run_id != reply.run_id,
        progress: reply.progress.map(|p| format!("{}/{}", (p.done + 1).min(p.total), p.total)),
        body,
        page,
        deadline: step.deadline.as_deref(),
        then: Then::of(step),
        answer: Expected(&step.result_schema).argument(),
    })
}

#[derive(Template)]
#[template(path = "step.txt")]
struct Frame<'a> {
    run_id: &'a str,
    step_run_id: &'a str,
    step_id: &'a str,
    attempt: String,
    last_error: Option<&'a str>,
    child: bool,
    progress: Option<String>,
    body: String,
    page: Option<&'a str>,
    deadline: Option<&'a str>,
    then: Then,
    answer: String,
}

/// Which call comes after a step
#[derive(Clone, Copy, Debug)]
enum Then {
    /// What the step itself says
    Said,
    /// Another look
    Look,
    /// The answer
    Submit,
    /// The answer, or why there is none
    SubmitOrFail,
}

impl Then {
    fn of(step: &Step) -> Self {
        match step.kind.as_str() {
            _ if step.is_the_users() => Self::Said,
            _ if !step.wants_answer() => Self::Look,
            "prompt" => Self::Submit,
            _ => Self::SubmitOrFail,
        }
    }
}

#[derive(Template)]
#[template(path = "prompt.txt")]
struct Prompt<'a> {
    kind: &'a str,
    /// Where only the user can answer: how they do
    how_to_answer: Option<&'a str>,
    message: String,
    options: Vec<String>,
}

#[derive(Template)]
#[template(path = "shell.txt")]
struct Shell {
    command: String,
}

#[derive(Template)]
#[template(path = "mcp_call.txt")]
struct McpCall<'a> {
    tool: &'a str,
    parameters: String,
}

#[derive(Template)]
#[template(path = "delegate.txt")]
struct Delegate<'a> {
    agent: Option<&'a str>,
    instructions: String,
}

#[derive(Template)]
#[template(path = "call.txt")]
struct Call<'a> {
    agent: Option<&'a str>,
    function: &'a str,
    instructions: String,
}

#[derive(Template)]
#[template(path = "wait.txt")]
struct Wait<'a> {
    message: Option<&'a str>,
    resume_at: &'a str,
    left: Option<String>,
    /// Whether it is not worth while to stay for it
    long: bool,
}

#[derive(Template)]
#[template(path = "foreach.txt")]
struct Foreach<'a> {
    agent: Option<&'a str>,
    sub_agent_prompt: String,
    children: Vec<Child<'a>>,
    remaining: u64,
}

struct Child<'a> {
    run_id: &'a str,
    status: &'a str,
    item: String,
}

/// What there is to do, without the calls around it
fn body(step: &Step) -> String {
    let fields = &step.fields;
    let agent = word(fields, "agent");
    let instructions = || field_text(fields, "instructions");
    let seconds_left = fields.get("seconds_left").and_then(Value::as_u64);
    match step.kind.as_str() {
        "prompt" => fill(&Prompt {
            kind: word(fields, "kind").unwrap_or("text"),
            how_to_answer: word(fields, "how_to_answer"),
            message: field_text(fields, "message"),
            options: list(fields, "options").iter().map(plain).collect(),
        }),
        "shell" => fill(&Shell { command: field_text(fields, "command") }),
        "mcp_call" => fill(&McpCall {
            tool: word(fields, "tool").unwrap_or_default(),
            parameters: field_text(fields, "parameters"),
        }),
        "delegate" => fill(&Delegate { agent, instructions: instructions() }),
        "call" => fill(&Call {
            agent,
            function: word(fields, "function").unwrap_or_default(),
            instructions: instructions(),
        }),
        "wait" => fill(&Wait {
            message: word(fields, "message"),
            resume_at: word(fields, "resume_at").unwrap_or_default(),
            left: seconds_left.map(time),
            long: seconds_left.is_some_and(|seconds| seconds > LONG),
        }),
        "foreach" => fill(&Foreach {
            agent,
            sub_agent_prompt: field_text(fields, "sub_agent_prompt"),
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

fn word<'a>(fields: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    fields.get(key).and_then(Value::as_str)
}

fn list<'a>(fields: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    fields.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn field_text(fields: &Map<String, Value>, key: &str) -> String {
    fields.get(key).map(plain).unwrap_or_default()
}
