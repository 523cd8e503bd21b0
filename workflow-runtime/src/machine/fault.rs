//! What can go wrong in a run, as values.

use serde::{Deserialize, Serialize};

use crate::data::Mismatch;

/// Why a step failed; the run's fault once the step is known is a [`RunError`]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// A short name of the mistake: `index-out-of-range`
    pub code: &'static str,
    /// What happened, lower case
    pub message: String,
    /// What to do about it
    pub help: Option<String>,
}

impl Fault {
    /// A fault without help
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None }
    }

    /// Says what to do about it
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<Mismatch> for Fault {
    fn from(mismatch: Mismatch) -> Self {
        Self::new("type-mismatch", mismatch.to_string())
    }
}

/// An answer that the run does not take; the run stays where it is
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// What was expected and what came
    pub message: String,
}

/// How taking an answer ends early
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The answer is refused, the run stays
    Refused(Refusal),
    /// The step fails
    Failed(Fault),
}

impl From<Mismatch> for Stop {
    fn from(mismatch: Mismatch) -> Self {
        Self::Refused(Refusal { message: mismatch.to_string() })
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

/// Why a run failed, as it is recorded and told
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RunError {
    /// A short name of the mistake
    pub code: String,
    /// What happened
    pub message: String,
    /// The step in which it happened, if it was in one
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_id: Option<String>,
    /// What to do about it
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl RunError {
    /// A fault, and where it happened
    pub fn of(fault: Fault, step_id: Option<String>) -> Self {
        Self { code: fault.code.to_owned(), message: fault.message, step_id, help: fault.help }
    }
}
