//! The way to the store, for callers and for the engine's own tasks: most often by the writer thread.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::oneshot;
use tracing::Span;

use super::commands::{Command, Job, Message, Order};
use super::failure;
use super::pen::Pen;
use super::world::World;
use crate::engine::EngineError;
use crate::reply::Reply;

/// The way to the writer thread, until it is closed
pub(super) struct Jobs {
    writer: RwLock<Option<Sender<Message>>>,
    pub(super) pen: Arc<Pen>,
    world: Arc<World>,
    /// Commands that are not answered yet
    queued: AtomicUsize,
}

impl Jobs {
    pub(super) fn new(writer: Sender<Message>, pen: Arc<Pen>, world: Arc<World>) -> Self {
        Self { writer: RwLock::new(Some(writer)), pen, world, queued: AtomicUsize::new(0) }
    }

    /// Has a command carried out; when this returns its outcome is durable
    pub(super) async fn command(&self, command: Command) -> Result<Reply, EngineError> {
        let order = Order { command, span: Span::current() };
        let _queued = Queued::among(&self.queued);
        if self.queued() == 1 {
            // Others that come at the same moment are heard first: together they need one commit.
            tokio::task::yield_now().await;
            if let Some(outcome) = self.alone(&order) {
                return outcome;
            }
        }
        let (outcome, answer) = oneshot::channel();
        if !self.send(Message::Do(Job { order, outcome })) {
            return Err(failure::closed());
        }
        answer.await.unwrap_or_else(|_| Err(failure::closed()))
    }

    /// Carries out the only command that there is, if that takes no longer than a quick commit
    fn alone(&self, order: &Order) -> Option<Result<Reply, EngineError>> {
        let alone = self.queued() == 1;
        let outcome = alone.then(|| self.pen.alone(&self.world, order)).flatten()?;
        if self.world.has_set_timers() {
            self.look();
        }
        Some(outcome)
    }

    /// There is something for the writer to look at: somebody waits for a run, or for time
    pub(super) fn look(&self) {
        self.send(Message::Look);
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
