//! What every call about a run answers with: one shape, whatever the engine and the transport.

mod step;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::machine::{RunError, Status};

pub(crate) use step::{position, step_of};

/// How a run stands, and what to do next
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reply {
    /// The run asked about
    pub run_id: String,
    /// Its workflow
    pub workflow: String,
    /// How it stands
    pub status: Status,
    /// What to do next, while it waits
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// How far it is
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// What it returned, once completed
    #[serde(
        default,
        deserialize_with = "crate::data::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub result: Option<Value>,
    /// Why it failed or was cancelled, or what the server lacks to go on
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RunError>,
    /// When to ask again, in milliseconds, while the server works
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// A pending action as it is handed out
///
/// Beside the fields here it has those of its type: `message`, `kind`, `options`; `tool`,
/// `parameters`; `command`; `instructions`, `agent`; `function`; `resume_at`, `seconds_left`;
/// `children`, `remaining`, `sub_agent_prompt`; and where it may be tried again `max_attempts` and
/// `last_error`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(transform = step::describe_fields)]
pub struct Step {
    /// Names this hand-out; goes back with the answer
    pub step_id: String,
    /// Whose step it is: the run itself, or a child whose steps are handed out with it
    pub run_id: String,
    /// `prompt`, `shell`, `mcp_call`, `delegate`, `wait`, `foreach` or `call`
    #[serde(rename = "type")]
    pub kind: String,
    /// Which attempt this is, from 1
    pub attempt: u32,
    /// JSON Schema of the answer
    pub result_schema: Value,
    /// When it fails unless answered, ISO 8601; null if it may wait for ever
    pub deadline: Option<String>,
    /// The fields of its type
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

impl Reply {
    /// The step, if only the user can answer it
    pub fn users_step(&self) -> Option<&Step> {
        self.step.as_ref().filter(|step| step.is_the_users())
    }

    /// Whether an agent can do nothing but wait: for the server, the time, the user, its sub-agents
    pub fn is_idle(&self) -> bool {
        let Some(step) = &self.step else {
            return self.status == Status::Running && self.error.is_none();
        };
        if step.kind != "foreach" {
            return !step.wants_answer();
        }
        let children = step.fields.get("children").and_then(Value::as_array);
        let to_start = |child: &Value| child["status"] == "waiting";
        !children.is_some_and(|children| children.iter().any(to_start))
    }
}

/// How far a run is, in steps of the top level
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Progress {
    /// Steps behind it
    pub done: usize,
    /// Steps in all
    pub total: usize,
}
