//! The journal's entries: outcomes, so that folding them runs no workflow code.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Answer, Pending, Reentry, RunError, Since};

/// One recorded fact of a run
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The run exists; the first event of every journal
    Started {
        /// Name of the workflow, `workflow/task` for an inline task
        workflow: String,
        /// Its version
        version: String,
        /// Fingerprint of the compiled workflow
        fingerprint: String,
        /// The inputs, defaults filled in
        inputs: Map<String, Value>,
        /// `item` of an inline task
        #[serde(default, skip_serializing_if = "Value::is_null")]
        item: Value,
        /// Where it stands among its siblings
        place: Place,
        /// Whose child it is
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<Parent>,
        /// The state it begins with
        state: Map<String, Value>,
        /// When
        at: Timestamp,
    },
    /// A step ran on the server
    Stepped {
        /// Its id
        step: String,
        /// The fields it wrote
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        writes: Map<String, Value>,
    },
    /// The run waits
    Waiting {
        /// Where the machine stands, in its own words
        position: Value,
        /// For what
        pending: Pending,
    },
    /// The server is about to do what is waited for, and outside of the run it may take effect
    Calling {
        /// Which hand-out
        step_id: String,
        /// Who does it, of the servers that share the store
        by: String,
        /// Whether to do it once more would do no harm
        repeatable: bool,
        /// When
        at: Timestamp,
    },
    /// What was waited for has come
    Answered {
        /// Which hand-out
        step_id: String,
        /// The answer
        answer: Answer,
        /// Who gave it
        by: AnsweredBy,
        /// When
        at: Timestamp,
    },
    /// The run goes on under another build of its workflow, which has the same in mind where the
    /// run waits
    Upgraded {
        /// The version that it goes by from here on
        version: String,
        /// Fingerprint of the workflow that it went by
        from: String,
        /// Fingerprint of the one that it goes by from here on
        to: String,
        /// Where the machine stands, if that is told otherwise now
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<Value>,
        /// The inputs that it has in addition
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        inputs: Map<String, Value>,
        /// The state fields that it has in addition
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        state: Map<String, Value>,
        /// When
        at: Timestamp,
    },
    /// A step failed, and the run goes on as its `on_error` says
    Caught {
        /// What went wrong, and where
        error: RunError,
        /// When
        at: Timestamp,
    },
    /// The run is done
    Completed {
        /// What it returned
        result: Value,
        /// When
        at: Timestamp,
    },
    /// The run cannot go on
    Failed {
        /// Why
        error: RunError,
        /// What came after the last wait, unless that has failed
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Since>,
        /// When
        at: Timestamp,
    },
    /// The run had failed, or was called off with its parent, and goes on
    Retried {
        /// From where
        from: Reentry,
        /// When
        at: Timestamp,
    },
    /// The run was called off
    Cancelled {
        /// Why
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// When
        at: Timestamp,
    },
}

/// Where a child run stands among its siblings; a run of its own is 0 of 1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Index from 0
    pub index: usize,
    /// How many there are
    pub total: usize,
}

impl Default for Place {
    fn default() -> Self {
        Self { index: 0, total: 1 }
    }
}

/// Whose child a run is
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// The parent's run
    pub run_id: String,
    /// The parent's hand-out that started it
    pub step_id: String,
}

/// Who gave an answer
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// The agent, by `submit_result`
    Agent,
    /// A person in a terminal or on the server's page, past the agent
    User,
    /// A person in a form of their MCP client, past the agent
    UserByElicitation,
    /// The server: a connector, a timer, finished children
    Server,
}

impl AnsweredBy {
    /// Whether a person gave it, by whatever way past the agent
    pub fn is_user(self) -> bool {
        matches!(self, Self::User | Self::UserByElicitation)
    }

    /// Who and how, as the end of a sentence
    pub(crate) fn told(self) -> &'static str {
        match self {
            Self::Agent => "by the agent",
            Self::User => "by the user in a terminal or on the page",
            Self::UserByElicitation => "by the user in a form of their client",
            Self::Server => "by the server",
        }
    }
}
