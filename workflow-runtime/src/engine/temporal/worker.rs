//! The worker: a thread of this process that does what runs of the fleet need done.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use temporalio_sdk::runtime::RuntimeOptions;
use temporalio_sdk::{Runtime, Worker, WorkerOptions};
use tokio::sync::Notify;

use super::deeds::Deeds;
use super::link::{Link, in_words};
use super::run::Run;
use crate::engine::EngineError;

/// How long a run's own worker may take for a task before another one gets it: after a worker has
/// died, its runs stand still for as long
const STICKY: Duration = Duration::from_secs(1);

/// Runs that a worker keeps in memory
const CACHED: usize = 1_000;

/// How long what is under way may still take once the worker is to end
const GRACE: Duration = Duration::from_secs(2);

/// Pause before a worker that has failed is started anew
const AGAIN: Duration = Duration::from_secs(1);

/// A worker, which ends with it
pub(super) struct Working {
    thread: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    stop: Notify,
    stopping: AtomicBool,
    /// Why it does not work, where it does not
    failed: Mutex<Option<String>>,
}

impl Working {
    /// Starts a worker
    pub(super) fn start(link: Arc<Link>, deeds: Deeds) -> Result<Self, EngineError> {
        let shared = Arc::new(Shared::default());
        let known = shared.clone();
        // A worker's future stays on its thread.
        let thread = std::thread::Builder::new()
            .name("workflow-worker".to_owned())
            .spawn(move || work(&link, &deeds, &known))
            .map_err(|error| {
                let message = format!("the worker's thread cannot be started: {error}");
                EngineError::new("store", message, "see the limits of the process")
            })?;
        Ok(Self { thread: Some(thread), shared })
    }

    /// Why it does not work, where it does not
    pub(super) fn trouble(&self) -> Option<String> {
        if self.thread.as_ref().is_none_or(JoinHandle::is_finished) {
            return Some("it has ended".to_owned());
        }
        self.shared.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes no more work, and gives that under way a moment
    pub(super) fn stop(&mut self) {
        self.shared.stopping.store(true, Ordering::Relaxed);
        self.shared.stop.notify_one();
        if let Some(thread) = self.thread.take() {
            // One that panicked has said so.
            let _ = thread.join();
        }
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.stop();
    }
}

fn work(link: &Link, deeds: &Deeds, shared: &Shared) {
    let threads = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let threads = match threads {
        Ok(threads) => threads,
        Err(error) => return shared.fail(&error.to_string()),
    };
    threads.block_on(async {
        while !shared.stopping.load(Ordering::Relaxed) {
            let outcome = run(link, deeds, shared).await;
            let Err(why) = outcome else { break };
            tracing::error!(task_queue = link.task_queue, why, "the worker has failed");
            shared.fail(&why);
            tokio::select! {
                () = tokio::time::sleep(AGAIN) => {}
                () = shared.stop.notified() => break,
            }
        }
    });
    threads.shutdown_background();
}

async fn run(link: &Link, deeds: &Deeds, shared: &Shared) -> Result<(), String> {
    let runtime =
        Runtime::from_current_tokio(RuntimeOptions::default()).map_err(|error| in_words(&error))?;
    let options = WorkerOptions::new(link.task_queue.clone())
        .register_activities(deeds.clone())
        .register_workflow::<Run>()
        .map_err(|error| in_words(&error))?
        .sticky_queue_schedule_to_start_timeout(STICKY)
        .max_cached_workflows(CACHED)
        .graceful_shutdown_period(GRACE)
        .build();
    let mut worker =
        Worker::new(&runtime, link.client.clone(), options).map_err(|error| in_words(&error))?;
    tracing::info!(task_queue = link.task_queue, "working");
    *shared.failed.lock().unwrap_or_else(PoisonError::into_inner) = None;
    let end = worker.shutdown_handle();
    let running = worker.run();
    tokio::pin!(running);
    tokio::select! {
        ended = &mut running => return ended.map_err(|error| in_words(&error)),
        () = shared.stop.notified() => end(),
    }
    running.await.map_err(|error| in_words(&error))
}

impl Shared {
    fn fail(&self, why: &str) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(why.to_owned());
    }
}
