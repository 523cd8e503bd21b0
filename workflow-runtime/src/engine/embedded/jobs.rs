//! The way to the writer thread, for callers and for the engine's own tasks.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{PoisonError, RwLock};

use tokio::sync::oneshot;
use tracing::Span;

use super::commands::{Command, Job, Message};
use super::failure;
use crate::engine::EngineError;
use crate::reply::Reply;

/// The way to the writer thread, until it is closed
pub(super) struct Jobs {
    writer: RwLock<Option<Sender<Message>>>,
    /// Commands that are not answered yet
    queued: AtomicUsize,
}

impl Jobs {
    pub(super) fn new(writer: Sender<Message>) -> Self {
        Self { writer: RwLock::new(Some(writer)), queued: AtomicUsize::new(0) }
    }

    /// Has a command carried out; when this returns its outcome is durable
    pub(super) async fn command(&self, command: Command) -> Result<Reply, EngineError> {
        let (outcome, answer) = oneshot::channel();
        let _queued = Queued::among(&self.queued);
        if !self.send(Message::Do(Job { command, span: Span::current(), outcome })) {
            return Err(failure::closed());
        }
        answer.await.unwrap_or_else(|_| Err(failure::closed()))
    }

    /// Somebody has begun to wait for a run
    pub(super) fn listen(&self) {
        self.send(Message::Listen);
    }

    /// How many commands are not answered yet
    pub(super) fn queued(&self) -> usize {
        self.queued.load(Ordering::Relaxed)
    }

    /// No more commands: the writer finishes what is waiting and ends
    pub(super) fn close(&self) {
        self.writer.write().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// `false` if the writer is gone
    fn send(&self, message: Message) -> bool {
        let writer = self.writer.read().unwrap_or_else(PoisonError::into_inner);
        writer.as_ref().is_some_and(|writer| writer.send(message).is_ok())
    }
}

/// A command while it is not answered; counted until it is, or nobody waits for it any more
struct Queued<'a>(&'a AtomicUsize);

impl<'a> Queued<'a> {
    fn among(all: &'a AtomicUsize) -> Self {
        all.fetch_add(1, Ordering::Relaxed);
        Self(all)
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
