//! What counts: facts that an engine and the MCP server tell, in words that no metric's name is in.

use std::time::Duration;

use crate::machine::Action;

/// Something that has happened, told once and after it is durable
///
/// Nothing in it is owned, so that to tell it costs no allocation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact<'a> {
    /// A run exists from now on, one that is a child too
    RunStarted {
        /// Its workflow, `workflow/task` for an inline task
        workflow: &'a str,
    },
    /// A run has ended
    RunEnded {
        /// Its workflow, `workflow/task` for an inline task
        workflow: &'a str,
        /// How
        outcome: RunOutcome,
    },
    /// What a step waited for has come, be it an error
    StepAnswered {
        /// What was waited for
        kind: StepKind,
        /// From its hand-out, or the end of the pause before its attempt
        took: Duration,
    },
    /// An attempt at a step has failed, whatever the run makes of that
    StepFailed {
        /// What was waited for, or that nothing was
        kind: StepKind,
        /// The code of the error
        code: &'a str,
    },
    /// The engine has made a batch of commands durable
    Committed {
        /// How many there were; 0 where it wrote what time had made due
        commands: usize,
        /// From the beginning of the transaction
        took: Duration,
    },
    /// A call of another server's tool has come to its end
    ToolCalled {
        /// The server, as it is configured
        server: &'a str,
        /// How it went
        outcome: CallOutcome,
        /// From the request to its answer, connecting included
        took: Duration,
    },
    /// A tool of the MCP server was called
    Requested {
        /// Its name
        tool: &'static str,
        /// What was answered
        outcome: RequestOutcome,
        /// From the request's arrival to its answer, with what `wait_seconds` asked for
        took: Duration,
    },
}

/// How a run ended
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunOutcome {
    /// It returned
    Completed,
    /// It could not go on
    Failed,
    /// It was called off
    Cancelled,
}

/// What a step waits for; a closed set, however many step types the language has
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Somebody is asked
    Prompt,
    /// A tool is called
    McpCall,
    /// A command is run by the agent
    Shell,
    /// Work is handed to an agent
    Delegate,
    /// The agent answers a function call
    Call,
    /// Time passes
    Wait,
    /// Child runs are worked off
    Foreach,
    /// Nothing: the server evaluates it
    Compute,
}

/// How a call of another server's tool went
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    /// It gave a result
    Ok,
    /// It failed, or was refused
    Failed,
    /// The server could not be reached
    Unreachable,
    /// It took too long
    Timeout,
    /// Nobody knows: the connection was lost meanwhile
    Unknown,
}

/// What an MCP request was answered with
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestOutcome {
    /// What it asked for
    Ok,
    /// That it cannot be had so, and what to do
    Refused,
}

impl RunOutcome {
    /// All there are
    pub const ALL: [Self; 3] = [Self::Completed, Self::Failed, Self::Cancelled];

    /// As it is told
    pub fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl StepKind {
    /// All there are
    pub const ALL: [Self; 8] = [
        Self::Prompt,
        Self::McpCall,
        Self::Shell,
        Self::Delegate,
        Self::Call,
        Self::Wait,
        Self::Foreach,
        Self::Compute,
    ];

    /// As it is told, the same as an agent is told
    pub fn word(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::McpCall => "mcp_call",
            Self::Shell => "shell",
            Self::Delegate => "delegate",
            Self::Call => "call",
            Self::Wait => "wait",
            Self::Foreach => "foreach",
            Self::Compute => "compute",
        }
    }
}

impl From<&Action> for StepKind {
    fn from(action: &Action) -> Self {
        match action {
            Action::Prompt { .. } => Self::Prompt,
            Action::McpCall { .. } => Self::McpCall,
            Action::Shell { .. } => Self::Shell,
            Action::Delegate { .. } => Self::Delegate,
            Action::Call { .. } => Self::Call,
            Action::Wait { .. } => Self::Wait,
            Action::Foreach(_) => Self::Foreach,
        }
    }
}

impl CallOutcome {
    /// All there are
    pub const ALL: [Self; 5] =
        [Self::Ok, Self::Failed, Self::Unreachable, Self::Timeout, Self::Unknown];

    /// As it is told
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Unknown => "unknown",
        }
    }
}

impl RequestOutcome {
    /// All there are
    pub const ALL: [Self; 2] = [Self::Ok, Self::Refused];

    /// As it is told
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
        }
    }
}
