//! Renders a pending action into the step that the agent sees.

use serde_json::{Map, Value, json};

use super::{Progress, Step};
use crate::engine::ChildReport;
use crate::machine::{Action, Info, Pending, Snapshot, Status};
use crate::mcp::paging::beginning;

/// How much is told of why an attempt failed, in bytes
const LAST_ERROR: usize = 2_000;

/// What a parent tells each sub-agent; `RUN_ID` is the child's
const SUB_AGENT_PROMPT: &str = "\
Work off run RUN_ID of a workflow. Call get_next_step with this run_id, do exactly what its step says, \
and hand in the outcome by submit_result: the step's run_id and step_id, and a result that fits its \
result_schema, or an error if it cannot be done. Each reply holds the next step. While there is nothing \
to do: get_next_step with wait_seconds=20. Stop at the status completed, failed or cancelled.";

impl Step {
    /// A pending action of a run; a `foreach` gets its children by [`Step::with_children`]
    pub fn new(run_id: &str, pending: &Pending) -> Self {
        let (kind, mut fields) = fields(&pending.action);
        if let Some(retry) = pending.retry.filter(|retry| retry.max_attempts > 1) {
            fields.insert("max_attempts".to_owned(), retry.max_attempts.into());
        }
        if let Some(error) = &pending.last_error {
            let message = beginning(&json!(error.message), LAST_ERROR);
            fields.insert("last_error".to_owned(), message.into());
        }
        Self {
            step_id: pending.step_id.clone(),
            run_id: run_id.to_owned(),
            kind: kind.to_owned(),
            attempt: pending.attempt,
            result_schema: pending.result_schema.clone(),
            deadline: pending.deadline.map(|at| at.to_string()),
            fields,
        }
    }

    /// The children that may run now, and how many come after them
    #[must_use]
    pub fn with_children(mut self, children: &[ChildReport], remaining: usize) -> Self {
        // Strings, numbers and JSON values: there is nothing in a report that JSON cannot hold.
        let children = serde_json::to_value(children).unwrap_or_default();
        self.fields.insert("children".to_owned(), children);
        self.fields.insert("remaining".to_owned(), remaining.into());
        self
    }

    /// Whether the agent answers it: no wait, no child runs, nothing that only the user answers
    pub fn wants_answer(&self) -> bool {
        !self.is_the_users() && !matches!(self.kind.as_str(), "wait" | "foreach")
    }

    /// Whether only the user can answer it, past the agent
    pub fn is_the_users(&self) -> bool {
        self.fields.get("answered_by").is_some_and(|by| by == "user")
    }

    /// How long a `wait` still takes
    #[must_use]
    pub fn with_seconds_left(mut self, seconds: u64) -> Self {
        self.fields.insert("seconds_left".to_owned(), seconds.into());
        self
    }
}

/// What the fields of all types are for, in the schema of a reply
///
/// A field that is cut over pages is a piece of text there, so only texts have a type.
pub(super) fn describe_fields(schema: &mut schemars::Schema) {
    const TEXTS: [(&str, &str); 12] = [
        ("kind", "Of a prompt: `text`, `confirm`, `choice` or `info`"),
        ("message", "Of a prompt: the words, for the user. Of a wait: what it is for"),
        ("answered_by", "Of a prompt: `user` where only the user can answer, past the agent"),
        (
            "to_do",
            "What the step asks of you, in words; it comes before the fields that it is about",
        ),
        ("command", "Of a shell step: the command line, to be run as it is"),
        ("tool", "Of an mcp_call: the tool's name"),
        ("instructions", "Of a delegate and a call: what to do"),
        ("agent", "Who does it: a sub-agent by its `@name`"),
        ("function", "Of a call: the name of what is to be worked out"),
        ("resume_at", "Of a wait: when the run goes on by itself, ISO 8601"),
        ("sub_agent_prompt", "Of a foreach: the words to start each sub-agent with"),
        ("last_error", "Why the attempt before this one failed"),
    ];
    const OTHERS: [(&str, &str); 6] = [
        ("options", "Of a choice: what can be chosen"),
        ("parameters", "Of an mcp_call: the tool's arguments"),
        ("seconds_left", "Of a wait: how long it still takes"),
        ("children", "Of a foreach: the child runs that are under way"),
        ("remaining", "Of a foreach: how many child runs come after those"),
        ("max_attempts", "How many attempts there are at most"),
    ];
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    for (name, what) in TEXTS {
        properties.insert(name.to_owned(), json!({"type": "string", "description": what}));
    }
    for (name, what) in OTHERS {
        properties.insert(name.to_owned(), json!({"description": what}));
    }
}

impl Progress {
    /// How far a run of a workflow is
    pub fn of(info: &Info, snapshot: &Snapshot) -> Self {
        let total = info.top_level_steps;
        if snapshot.status == Status::Completed {
            return Self { done: total, total };
        }
        let step = position(snapshot);
        let found = step.and_then(|id| info.steps.iter().find(|step| step.id == id));
        Self { done: found.map_or(0, |step| step.top), total }
    }
}

/// The step that a run stands at, or came to grief at
pub(crate) fn position(snapshot: &Snapshot) -> Option<&str> {
    if let Some(pending) = &snapshot.pending {
        return Some(&pending.step);
    }
    snapshot.error.as_ref()?.step_id.as_deref().map(step_of)
}

/// The step of a hand-out: `id` of `id#2`
pub(crate) fn step_of(hand_out: &str) -> &str {
    hand_out.split_once('#').map_or(hand_out, |(step, _)| step)
}

fn fields(action: &Action) -> (&'static str, Map<String, Value>) {
    let (kind, fields) = match action {
        Action::Prompt { kind, message, options, user_only } => {
            let mut fields = json!({"kind": kind, "message": message});
            if *user_only {
                fields["answered_by"] = json!("user");
            }
            if !options.is_empty() {
                fields["options"] = json!(options);
            }
            ("prompt", fields)
        }
        Action::McpCall { tool, parameters } => {
            ("mcp_call", json!({"tool": tool, "parameters": parameters}))
        }
        Action::Shell { command } => ("shell", json!({"command": command})),
        Action::Delegate { instructions, agent } => {
            ("delegate", with("agent", agent.as_ref(), json!({"instructions": instructions})))
        }
        Action::Call { function, instructions, agent } => {
            let fields = json!({"function": function, "instructions": instructions});
            ("call", with("agent", agent.as_ref(), fields))
        }
        Action::Wait { resume_at, message } => {
            ("wait", with("message", message.as_ref(), json!({"resume_at": resume_at.to_string()})))
        }
        Action::Foreach(fork) => {
            let mut fields = with("agent", fork.agent.as_ref(), json!({}));
            if fork.agent.is_some() {
                fields["sub_agent_prompt"] = SUB_AGENT_PROMPT.into();
            }
            ("foreach", fields)
        }
    };
    match fields {
        Value::Object(fields) => (kind, fields),
        _ => (kind, Map::new()),
    }
}

fn with(name: &str, value: Option<&String>, mut fields: Value) -> Value {
    if let Some(value) = value {
        fields[name] = value.as_str().into();
    }
    fields
}
