//! Makes the calls to other servers, beside the thread that writes and outside of all transactions.
//!
//! Each call goes the same way: find the tool, journal that it is about to be called, call it, tell
//! what came of it. What happens in between, and in which process, [`super::calls`] keeps.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::Notify;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tracing::Instrument;

use super::calls::{self, Call};
use super::commands::Command;
use super::jobs::Jobs;
use super::readers::Readers;
use super::rows;
use super::world::World;
use crate::engine::EngineError;
use crate::engine::rules::calling::{self, Ready, Wanted};
use crate::machine::{Answer, RunError};

/// How often it looks for what no signal told: what another process has called off, or what could
/// not be done at the first try
const LOOK: Duration = Duration::from_secs(1);

/// How long calls may still take once the engine is to close
const GRACE: Duration = Duration::from_secs(5);

/// Pauses before an outcome that could not be written is written again
const AGAIN: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(5),
];

/// Makes this process's calls
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) world: Arc<World>,
    pub(super) readers: Arc<Readers>,
    pub(super) jobs: Arc<Jobs>,
}

/// A call as its run waits for it; nothing where the run waits for it no longer, or this process
/// cannot make it
pub(super) fn read(
    db: &Connection,
    world: &World,
    call: &Call,
) -> Result<Option<Wanted>, EngineError> {
    let snapshot = rows::get(db, &call.run_id)?.snapshot;
    let pending = snapshot.and_then(|snapshot| Arc::unwrap_or_clone(snapshot).pending);
    let pending = pending.filter(|at| at.step_id == call.step_id);
    Ok(pending.and_then(|pending| Wanted::of(pending, &world.connectors, &world.registry)))
}

impl Caller {
    /// The calls to be made now, those first that have waited longest: as many to each server as
    /// it takes at once
    pub(super) fn due(&self) -> Result<Vec<(String, Call)>, EngineError> {
        self.readers.with(|db| {
            let mut due = Vec::new();
            for server in self.world.connectors.names() {
                let at_once = self.at_once(server);
                let own = calls::own(db, &self.world, server, at_once)?;
                due.extend(own.into_iter().map(|call| (server.to_owned(), call)));
            }
            Ok(due)
        })
    }

    fn at_once(&self, server: &str) -> usize {
        self.world.connectors.get(server).map_or(1, |connector| connector.at_once().max(1))
    }

    /// Which of these calls are no longer wanted
    fn unwanted(&self, calls: Vec<Call>) -> Result<Vec<Call>, EngineError> {
        self.readers.with(|db| {
            let mut unwanted = Vec::new();
            for call in calls {
                if !calls::is_own(db, &self.world, &call)? {
                    unwanted.push(call);
                }
            }
            Ok(unwanted)
        })
    }

    /// Makes a call, from finding the tool to telling the outcome
    pub(super) async fn make(&self, call: Call) {
        let answer = match self.prepare(&call).await {
            Ok(Some(ready)) => match self.begin(&call, ready.repeatable).await {
                Ok(()) => Some(ready.call_and_tell(&self.world.telemetry).await),
                Err(error) if error.code == calls::BEGUN_BEFORE => {
                    let known = "it was begun before, and its outcome was lost";
                    Some(Answer::Failed(calling::unknown(ready.tool(), known)))
                }
                Err(_) => None,
            },
            Ok(None) => None,
            Err(error) => Some(Answer::Failed(error)),
        };
        match answer {
            Some(answer) => self.tell(&call, answer).await,
            // What could not be read or journaled is not made: its row is found again.
            None => tokio::time::sleep(LOOK).await,
        }
    }

    /// Finds the tool that is to be called; nothing where the call is no longer wanted
    pub(super) async fn prepare(&self, call: &Call) -> Result<Option<Ready>, RunError> {
        let (caller, call) = (self.clone(), call.clone());
        let reading = tokio::task::spawn_blocking(move || {
            caller.readers.with(|db| read(db, &caller.world, &call))
        });
        let Ok(Ok(Some(wanted))) = reading.await else { return Ok(None) };
        wanted.find().await.map(Some)
    }

    /// Journals that a call is about to be made
    pub(super) async fn begin(&self, call: &Call, repeatable: bool) -> Result<(), EngineError> {
        let begun = self.jobs.command(Command::Call { call: call.clone(), repeatable }).await;
        let Call { run_id, step_id } = call;
        match begun {
            Ok(_) => Ok(()),
            Err(error) => {
                let code = error.code;
                tracing::debug!(run = run_id, step = step_id, code, "a call is not made");
                Err(error)
            }
        }
    }

    /// Tells the outcome of a call, until it is written down or nobody wants it any more
    pub(super) async fn tell(&self, call: &Call, answer: Answer) {
        let Call { run_id, step_id } = call;
        for pause in AGAIN.into_iter().chain(std::iter::repeat(AGAIN[AGAIN.len() - 1])) {
            let command = Command::Called { call: call.clone(), answer: answer.clone() };
            let Err(error) = self.jobs.command(command).await else { return };
            let code = error.code;
            if !["store", "conflict", "internal"].contains(&code) {
                tracing::debug!(run = run_id, step = step_id, code, "an outcome comes too late");
                return;
            }
            tracing::warn!(run = run_id, step = step_id, code, %error, "an outcome has to wait");
            tokio::time::sleep(pause).await;
        }
    }
}

/// The task that makes a process's calls as they come
pub(super) struct Calling {
    task: Option<JoinHandle<()>>,
    stop: Arc<Notify>,
}

impl Calling {
    /// Begins to make calls; must be called within a tokio runtime
    pub(super) fn start(caller: Caller) -> Self {
        let stop = Arc::new(Notify::new());
        let work = Work { caller, under_way: HashMap::new(), tasks: JoinSet::new() };
        let task = tokio::spawn(work.run(stop.clone()));
        Self { task: Some(task), stop }
    }

    /// Begins no more calls, and gives those under way a moment
    pub(super) async fn close(&mut self) {
        self.stop.notify_one();
        if let Some(task) = self.task.take() {
            // One that panicked has said so.
            let _ = task.await;
        }
    }
}

impl Drop for Calling {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

/// The calls under way, each a task; all end with this
struct Work {
    caller: Caller,
    under_way: HashMap<Call, (String, AbortHandle)>,
    tasks: JoinSet<Call>,
}

impl Work {
    async fn run(mut self, stop: Arc<Notify>) {
        loop {
            if let Err(error) = self.look().await {
                tracing::warn!(code = error.code, %error, "calls have to wait");
            }
            tokio::select! {
                () = self.caller.world.calls.received() => {}
                () = tokio::time::sleep(LOOK) => {}
                Some(ended) = self.tasks.join_next() => self.ended(ended),
                () = stop.notified() => break,
            }
        }
        let rest = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, rest).await.is_err() {
            tracing::warn!(calls = self.tasks.len(), "stopping with calls under way");
        }
    }

    fn ended(&mut self, ended: Result<Call, tokio::task::JoinError>) {
        match ended {
            Ok(call) => drop(self.under_way.remove(&call)),
            // Called off, or broken by a mistake of ours: its row says what is to be done.
            Err(_) => self.under_way.retain(|_, (_, task)| !task.is_finished()),
        }
    }

    /// Calls off what is no longer wanted, and begins what is due
    async fn look(&mut self) -> Result<(), EngineError> {
        let caller = self.caller.clone();
        let under_way: Vec<Call> = self.under_way.keys().cloned().collect();
        let looking = tokio::task::spawn_blocking(move || {
            Ok::<_, EngineError>((caller.unwanted(under_way)?, caller.due()?))
        });
        let Ok(looked) = looking.await else { return Ok(()) };
        let (unwanted, due) = looked?;
        for call in unwanted {
            if let Some((_, task)) = self.under_way.remove(&call) {
                task.abort();
            }
        }
        for (server, call) in due {
            let busy = self.under_way.values().filter(|(other, _)| *other == server).count();
            if busy < self.caller.at_once(&server) && !self.under_way.contains_key(&call) {
                let (caller, named) = (self.caller.clone(), call.clone());
                let step = caller.world.ledger.steps.of_call(&call.run_id, &call.step_id);
                let span = tracing::info_span!(parent: &step, "call", server);
                let making = async move {
                    caller.make(named.clone()).await;
                    named
                };
                let task = self.tasks.spawn(making.instrument(span));
                self.under_way.insert(call, (server, task));
            }
        }
        Ok(())
    }
}
