//! What a step asks the agent to do, in a sentence or two: one template for each kind of action.
//!
//! The sentence stands in the structured reply, too, because some clients show the agent nothing
//! else; it refers to the step's fields, and does not repeat them.

use askama::Template;
use serde_json::Value;

use super::{Asking, render, time, user, word};
use crate::reply::{Reply, Step};

/// Seconds of a wait for which an agent need not stay
const LONG: u64 = 120;

/// Says in a reply's step what is to be done, with the asking of the user standing so
pub(crate) fn say_what_to_do(reply: &mut Reply, asking: Asking<'_>) {
    let run_id = &reply.run_id;
    let Some(step) = &mut reply.step else { return };
    let to_do = if step.is_the_users() {
        user::how(run_id, &step.run_id, asking)
    } else {
        to_do(run_id, step)
    };
    // Before the fields that it is about.
    step.fields.shift_insert(0, "to_do".to_owned(), to_do.into());
}

#[derive(Template)]
#[template(path = "prompt.txt")]
struct Prompt<'a> {
    kind: &'a str,
    /// Whether there are any
    options: bool,
}

#[derive(Template)]
#[template(path = "shell.txt")]
struct Shell {}

#[derive(Template)]
#[template(path = "mcp_call.txt")]
struct McpCall {}

#[derive(Template)]
#[template(path = "delegate.txt")]
struct Delegate<'a> {
    agent: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "call.txt")]
struct Call<'a> {
    agent: Option<&'a str>,
    function: &'a str,
}

#[derive(Template)]
#[template(path = "wait.txt")]
struct Wait<'a> {
    run_id: &'a str,
    resume_at: &'a str,
    left: Option<String>,
    /// Whether it is not worth while to stay for it
    long: bool,
}

#[derive(Template)]
#[template(path = "foreach.txt")]
struct Foreach<'a> {
    run_id: &'a str,
    agent: Option<&'a str>,
}

fn to_do(run_id: &str, step: &Step) -> String {
    let fields = &step.fields;
    let agent = word(fields, "agent");
    match step.kind.as_str() {
        "prompt" => render(&Prompt {
            kind: word(fields, "kind").unwrap_or("text"),
            options: fields.contains_key("options"),
        }),
        "shell" => render(&Shell {}),
        "mcp_call" => render(&McpCall {}),
        "delegate" => render(&Delegate { agent }),
        "call" => render(&Call { agent, function: word(fields, "function").unwrap_or_default() }),
        "wait" => {
            let left = fields.get("seconds_left").and_then(Value::as_u64);
            render(&Wait {
                run_id,
                resume_at: word(fields, "resume_at").unwrap_or_default(),
                left: left.map(time),
                long: left.is_some_and(|seconds| seconds > LONG),
            })
        }
        "foreach" => render(&Foreach { run_id, agent }),
        // There is no other kind; should one come, its fields speak for themselves.
        _ => String::new(),
    }
}
