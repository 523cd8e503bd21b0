//! What a run can wait for: a closed set, however many step types the language has.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::RunError;

/// What must happen before the run goes on, rendered
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// Somebody is asked
    Prompt {
        /// What kind of answer is wanted
        kind: PromptKind,
        /// The words
        message: String,
        /// The choices, for [`PromptKind::Choice`]
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        options: Vec<String>,
        /// Whether only the user may answer, past the agent
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        user_only: bool,
    },
    /// A tool is called: by a connector of the server where there is one, else by the agent
    McpCall {
        /// `server.tool`, or the bare name of a tool of the agent
        tool: String,
        /// Its arguments
        parameters: Map<String, Value>,
    },
    /// A command is run by the agent
    Shell {
        /// The command line
        command: String,
    },
    /// Work is handed to an agent
    Delegate {
        /// What to do
        instructions: String,
        /// Who does it (`@name`)
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<String>,
    },
    /// The agent answers a function call
    Call {
        /// The function's name
        function: String,
        /// What the function asks for, its arguments filled in
        instructions: String,
        /// Who does it (`@name`)
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<String>,
    },
    /// Time passes
    Wait {
        /// When the run goes on
        resume_at: Timestamp,
        /// What is waited for, in words
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// Child runs are worked off
    Foreach(Fork),
}

/// What kind of answer a prompt wants
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromptKind {
    /// Free text
    Text,
    /// Yes or no
    Confirm,
    /// One of the options
    Choice,
    /// Nothing but to have read it
    Info,
}

/// Child runs to be worked off; the answer is the list of their results in item order
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fork {
    /// Name of the child's program: a workflow, or `workflow/task` for an inline task
    pub program: String,
    /// One start for each item, in item order
    pub children: Vec<ChildStart>,
    /// Who works the children off (`@name`); without it the parent's agent does, step by step
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// How many children may be under way at once; 1 where they go one after the other
    pub concurrency: usize,
    /// Whether a failed child leaves a null in its place instead of failing the step
    #[serde(default)]
    pub keep_errors: bool,
}

/// What one child begins with
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChildStart {
    /// The item itself
    pub item: Value,
    /// The inputs bound to it, defaults not yet filled in
    pub inputs: Map<String, Value>,
}

/// An answer to a pending action
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// What was asked for
    Result(Value),
    /// Why it could not be had, in the agent's words
    Error(String),
    /// Why the server could not have it: a tool's failure, failed children, a deadline
    Failed(RunError),
}

/// An action that a run waits for, as it was handed out
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// Names this hand-out: the step's id, `id#2` for the second, and so on
    pub step_id: String,
    /// The step's own id
    pub step: String,
    /// What is to be done
    pub action: Action,
    /// Whether the server does it itself, with all further attempts: whoever hands it out decides
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_server: bool,
    /// JSON Schema of the answer
    pub result_schema: Value,
    /// Which attempt this is, from 1
    pub attempt: u32,
    /// When the step fails unless it is answered
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// When it was handed out
    pub since: Timestamp,
    /// How often it is tried again when it fails
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// Before this it is not to be done: the pause before another attempt
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// Why the attempt before this one failed
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<RunError>,
}

impl Pending {
    /// From when on it may be answered: after the pause, or when it was handed out
    pub fn begins(&self) -> Timestamp {
        self.not_before.unwrap_or(self.since)
    }
}

/// How often a failed action is tried again, and how long it rests before
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retry {
    /// Attempts in all, the first one too
    pub max_attempts: u32,
    /// Seconds before the second attempt
    pub backoff_seconds: f64,
    /// By what the pause grows with each further attempt
    pub backoff_factor: f64,
}
