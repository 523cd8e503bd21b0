//! The way to the writer thread, for callers and for the engine's own tasks.

use std::sync::mpsc::Sender;
use std::sync::{PoisonError, RwLock};

use tokio::sync::oneshot;

use super::commands::{Command, Job};
use super::failure;
use crate::engine::EngineError;
use crate::reply::Reply;

/// The way to the writer thread, until it is closed
pub(super) struct Jobs(RwLock<Option<Sender<Job>>>);

impl Jobs {
    pub(super) fn new(sender: Sender<Job>) -> Self {
        Self(RwLock::new(Some(sender)))
    }

    /// Has a command carried out; when this returns its outcome is durable
    pub(super) async fn command(&self, command: Command) -> Result<Reply, EngineError> {
        let (outcome, answer) = oneshot::channel();
        let sent = {
            let jobs = self.0.read().unwrap_or_else(PoisonError::into_inner);
            jobs.as_ref().is_some_and(|jobs| jobs.send(Job { command, outcome }).is_ok())
        };
        if !sent {
            return Err(failure::closed());
        }
        answer.await.unwrap_or_else(|_| Err(failure::closed()))
    }

    /// No more commands: the writer finishes what is waiting and ends
    pub(super) fn close(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).take();
    }
}
