//! What an engine's call can fail with: a code, what happened, what to do.

/// Why a call failed; the run, if there is one, is where it was
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EngineError {
    /// A short name of the mistake: `unknown-run`, `not-pending`, `result-mismatch`
    pub code: &'static str,
    /// What was expected and what came, lower case
    pub message: String,
    /// What to do
    pub help: String,
    /// The run whose damaged record is the cause
    pub damaged: Option<String>,
}

impl EngineError {
    /// An error with what to do about it
    pub fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into(), damaged: None }
    }
}
