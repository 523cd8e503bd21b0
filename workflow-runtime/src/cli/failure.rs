//! How a command ends badly, and what is said about it.

use std::fmt;
use std::process::ExitCode;

use super::plain::plain;
use crate::connectors::config::ConfigError;
use crate::engine::{EngineError, Problem};

/// Why a command did not do what was asked
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    message: String,
    help: Vec<String>,
    usage: bool,
}

impl Failure {
    /// Something went wrong
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new(), usage: false }
    }

    /// The command line is wrong
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { usage: true, ..Self::new(message) }
    }

    /// The terminal or a pipe is closed
    pub(crate) fn writing(error: &std::io::Error) -> Self {
        Self::new(format!("cannot write: {error}"))
    }

    /// Says what to do; each call is a line
    #[must_use]
    pub(crate) fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(if self.usage { 2 } else { 1 })
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self { message: failure.message, help: failure.help.join("; ") }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self::new(error.message).help(error.help)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(error.message).help(error.help)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", plain(&self.message))?;
        for line in self.help.iter().filter(|line| !line.is_empty()) {
            writeln!(f, "  help: {}", plain(line))?;
        }
        Ok(())
    }
}
