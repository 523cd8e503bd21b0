//! The embedded engine: runs kept in one `SQLite` file, next to the server or shared by several.
//!
//! Commands go to one writer thread, which commits all that is waiting at once; one that is alone is
//! carried out where it was given. Reads have their own connections and never wait for it. A run is
//! always loaded from its row, so another process on the same file is respected. What time makes due is
//! applied by whoever asks for the run, or by the writer while nobody asks for anything.

mod approvals;
mod bells;
mod caller;
mod calls;
mod cascade;
mod commands;
mod due;
mod failure;
mod fork;
mod health;
mod history;
mod hot;
mod integrity;
mod jobs;
mod ledger;
mod list;
mod live;
mod pen;
mod planted;
mod presence;
mod quarantine;
mod readers;
mod retry;
mod rows;
mod signal;
mod snapshots;
mod tables;
mod ticker;
mod transaction;
mod upgrade;
pub mod upkeep;
mod view;
mod waiting;
mod watch;
mod world;
mod writer;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use self::caller::{Caller, Calling};
use self::commands::Command;
use self::jobs::Jobs;
use self::pen::Pen;
use self::readers::Readers;
use self::ticker::Ticker;
use self::world::World;
use super::{
    Answering, Check, Clock, Engine, EngineError, Health, HealthStatus, JournalPage, RunFilter,
    RunPage, Standing, StartRequest, StateReport, StatusReport, Submission, SystemClock, Waiting,
};
use crate::connectors::Connectors;
use crate::machine::Limits;
use crate::registry::Registry;
use crate::reply::Reply;
use crate::telemetry::Telemetry;

/// How long it takes at least to look at a run again
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// Where runs are kept, and within which limits
#[derive(Clone)]
pub struct Options {
    /// The `SQLite` file; made where there is none, with the folders above it
    pub path: PathBuf,
    /// How much there may be of runs, and how much each may take
    pub limits: Limits,
    /// How long to wait for another process that holds the file
    pub busy_timeout: Duration,
    /// How long the engine rests at most before it looks what other processes have left to come
    /// due; `None` leaves all that is due until somebody asks for its run, and makes no calls
    pub tick: Option<Duration>,
    /// What time it is
    pub clock: Arc<dyn Clock>,
    /// Runs that are kept decoded, so that their next step is quicker; larger than 0 or none
    pub cache_size: usize,
    /// How long a decoded run is kept after its last use
    pub cache_ttl: Duration,
    /// The servers whose tools the engine calls itself; with some of them it has to be opened
    /// within a tokio runtime
    pub connectors: Connectors,
    /// Who is told what counts
    pub telemetry: Telemetry,
}

impl Options {
    /// The usual limits, 5 seconds for others and for ticks, the system's clock, 1,000 decoded runs for 5
    /// minutes each
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            limits: Limits::default(),
            busy_timeout: Duration::from_secs(5),
            tick: Some(Duration::from_secs(5)),
            clock: Arc::new(SystemClock),
            cache_size: 1_000,
            cache_ttl: Duration::from_mins(5),
            connectors: Connectors::default(),
            telemetry: Telemetry::default(),
        }
    }
}

/// Runs kept in one `SQLite` file
///
/// Dropping it waits for what has been asked, then closes the file.
pub struct Embedded {
    world: Arc<World>,
    readers: Arc<Readers>,
    jobs: Arc<Jobs>,
    writer: Option<JoinHandle<()>>,
    /// What makes calls, where there is anybody to call; taken when the engine is closed
    calling: Mutex<Option<Calling>>,
    seal_key: [u8; 32],
    since: Instant,
}

impl Embedded {
    /// Opens or makes a store
    ///
    /// Fails with code `store` where the file cannot be used: a folder, read-only, no database,
    /// another program's, or of a newer format. Such a file is left as it is.
    pub fn open(registry: Arc<Registry>, options: Options) -> Result<Self, EngineError> {
        let db = tables::open(&options.path, options.busy_timeout)?;
        Self::on(db, registry, options)
    }

    /// Works on a store that is open
    fn on(
        db: rusqlite::Connection,
        registry: Arc<Registry>,
        options: Options,
    ) -> Result<Self, EngineError> {
        let seal_key = tables::seal_key(&db)?;
        let world = Arc::new(World::new(registry, &options));
        if !world.connectors.is_empty() {
            world.presence.announce()?;
        }
        let readers = Arc::new(Readers::new(options.path, options.busy_timeout));
        let pen = Arc::new(Pen::new(db, options.busy_timeout));
        let (jobs, waiting) = channel();
        let jobs = Arc::new(Jobs::new(jobs, pen.clone(), world.clone()));
        let shared = world.clone();
        let writer = std::thread::Builder::new()
            .name("workflow-store".to_owned())
            .spawn(move || writer::run(&pen, &shared, &waiting, Ticker::new(options.tick)))
            .map_err(|error| {
                let message = format!("the thread that writes cannot be started: {error}");
                EngineError::new("store", message, "see the limits of the process")
            })?;
        let engine = Self {
            world,
            readers,
            jobs,
            writer: Some(writer),
            calling: Mutex::default(),
            seal_key,
            since: Instant::now(),
        };
        if options.tick.is_some() && !engine.world.connectors.is_empty() {
            let calling = Calling::start(engine.caller());
            *engine.calling.lock().unwrap_or_else(PoisonError::into_inner) = Some(calling);
        }
        Ok(engine)
    }

    /// The process dies, as far as the others can see: it makes no more calls, and lets go of its lock
    #[cfg(test)]
    fn die(&self) {
        self.calling.lock().unwrap().take();
        self.world.presence.die();
    }

    fn caller(&self) -> Caller {
        let (world, readers, jobs) = (self.world.clone(), self.readers.clone(), self.jobs.clone());
        Caller { world, readers, jobs }
    }

    async fn command(&self, command: Command) -> Result<Reply, EngineError> {
        let outcome = self.jobs.command(command).await;
        outcome.map_err(|error| failure::at(self.readers.path(), error))
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&rusqlite::Connection, &World) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let (readers, world) = (self.readers.clone(), self.world.clone());
        let reading = tokio::task::spawn_blocking(move || readers.with(|db| read(db, &world)));
        let outcome = reading.await.unwrap_or_else(|_| Err(failure::closed()));
        outcome.map_err(|error| failure::at(self.readers.path(), error))
    }

    /// The reply to somebody who looks, unless the look itself has to be written down
    async fn look(&self, run_id: &str) -> Result<Option<Reply>, EngineError> {
        let id = run_id.to_owned();
        match self.read(move |db, world| view::glance(db, world, &id)).await {
            // The writer sees to it.
            Err(error) if error.damaged.is_some() => Ok(None),
            outcome => outcome,
        }
    }

    /// Reads what is told of a run; damaged records on the way are seen to first
    async fn report<T: Send + 'static>(
        &self,
        read: impl Fn(&rusqlite::Connection, &World) -> Result<T, EngineError> + Send + Sync + 'static,
    ) -> Result<T, EngineError> {
        let read = Arc::new(read);
        let mut before = None;
        loop {
            let again = read.clone();
            let error = match self.read(move |db, world| again(db, world)).await {
                Err(error) if error.damaged.is_some() && error.damaged != before => error,
                outcome => return outcome,
            };
            let run_id = error.damaged.clone().unwrap_or_default();
            before = error.damaged;
            self.command(Command::Look { run_id, asks: false }).await?;
        }
    }

    /// Waits until somebody can do something for a run
    async fn wait_for(&self, run_id: &str, until: Instant) -> Result<Reply, EngineError> {
        let mut listener = self.world.bells.listen(run_id);
        self.jobs.look();
        loop {
            // First, so that nothing that happens while we look is missed.
            listener.know();
            let reply = self.next(run_id).await?;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || !reply.is_idle() {
                return Ok(reply);
            }
            let due = reply.retry_after_ms.map_or(left, Duration::from_millis);
            let pause = due.max(SHORTEST_PAUSE).min(left);
            // Whether it rang or time has passed: the next look will tell.
            let _ = tokio::time::timeout(pause, listener.rung()).await;
        }
    }

    async fn measure(&self) -> Health {
        let unread = health::store(self.readers.path(), &self.world);
        let mut store = unread.clone();
        let figures = self.read(move |db, world| {
            Ok((health::figures(db, world, unread)?, calls::count(db, world)?))
        });
        let (mut problems, mut calls) = (Vec::new(), BTreeMap::new());
        match figures.await {
            Ok(read) => (store, calls) = read,
            Err(error) => problems.push(error.into()),
        }
        let connectors = health::connectors(&self.world, &calls);
        problems.extend(health::of_calls(&connectors, &calls));
        if self.writer.as_ref().is_none_or(JoinHandle::is_finished) {
            problems.push(failure::closed().into());
        }
        problems.extend(health::problems(&store, self.world.limits));
        let well = problems.is_empty();
        Health {
            status: if well { HealthStatus::Ok } else { HealthStatus::Degraded },
            version: env!("CARGO_PKG_VERSION").to_owned(),
            engine: "embedded".to_owned(),
            uptime_seconds: self.since.elapsed().as_secs(),
            store: Some(store),
            cluster: None,
            connectors,
            queue_depth: self.jobs.queued(),
            cache: self.world.hot.health(),
            memory_bytes: super::health::memory(),
            problems,
        }
    }

    /// Applies what is due before a run is reported on
    async fn refresh(&self, run_id: &str) -> Result<(), EngineError> {
        let id = run_id.to_owned();
        if self.read(move |db, world| due::is_due(db, world, &id)).await? {
            self.command(Command::Look { run_id: run_id.to_owned(), asks: false }).await?;
        }
        Ok(())
    }
}

impl Engine for Embedded {
    fn registry(&self) -> &Arc<Registry> {
        &self.world.registry
    }

    fn start(&self, request: StartRequest) -> Answering<'_, Reply> {
        Box::pin(self.command(Command::Start(request)))
    }

    fn next(&self, run_id: &str) -> Answering<'_, Reply> {
        let run_id = run_id.to_owned();
        Box::pin(async move {
            match self.look(&run_id).await? {
                Some(reply) => Ok(reply),
                None => self.command(Command::Look { run_id, asks: true }).await,
            }
        })
    }

    fn wait(&self, run_id: &str, patience: Duration) -> Answering<'_, Reply> {
        let run_id = run_id.to_owned();
        Box::pin(async move { self.wait_for(&run_id, Instant::now() + patience).await })
    }

    fn submit(&self, submission: Submission) -> Answering<'_, Reply> {
        Box::pin(self.command(Command::Submit(submission)))
    }

    fn cancel(&self, run_id: &str, reason: Option<String>) -> Answering<'_, Reply> {
        Box::pin(self.command(Command::Cancel { run_id: run_id.to_owned(), reason }))
    }

    fn retry(&self, run_id: &str) -> Answering<'_, Reply> {
        Box::pin(self.command(Command::Retry { run_id: run_id.to_owned() }))
    }

    fn status(&self, run_id: &str) -> Answering<'_, StatusReport> {
        let run_id = run_id.to_owned();
        Box::pin(async move {
            self.refresh(&run_id).await?;
            self.report(move |db, world| view::status(db, world, &world.hot.get(db, &run_id)?))
                .await
        })
    }

    fn state(&self, run_id: &str, fields: Option<Vec<String>>) -> Answering<'_, StateReport> {
        let run_id = run_id.to_owned();
        Box::pin(async move {
            self.refresh(&run_id).await?;
            self.report(move |db, _| view::state(&rows::get(db, &run_id)?, fields.as_deref())).await
        })
    }

    fn seal_key(&self) -> Option<[u8; 32]> {
        Some(self.seal_key)
    }

    fn journal(&self, run_id: &str, after: u64, room: usize) -> Answering<'_, JournalPage> {
        let run_id = run_id.to_owned();
        Box::pin(async move {
            self.refresh(&run_id).await?;
            self.report(move |db, _| history::journal(db, &run_id, after, room)).await
        })
    }

    fn standing(&self, run_id: &str) -> Answering<'_, Standing> {
        let run_id = run_id.to_owned();
        Box::pin(async move { Ok(self.look_at(&run_id).await?.standing) })
    }

    fn newest(&self) -> Answering<'_, Option<String>> {
        Box::pin(self.read(|db, _| list::newest_run(db)))
    }

    fn watch(&self, run_id: &str, seen: Standing) -> Answering<'_, Standing> {
        let run_id = run_id.to_owned();
        Box::pin(async move { self.watch_for(&run_id, &seen).await })
    }

    fn close(&self) -> Answering<'_, ()> {
        Box::pin(async {
            let calling = self.calling.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(mut calling) = calling {
                calling.close().await;
            }
            self.world.connectors.close().await;
            Ok(())
        })
    }
    fn list(&self, filter: RunFilter) -> Answering<'_, RunPage> {
        Box::pin(async move {
            let again = filter.clone();
            let first = self.read(move |db, world| list::read(db, world, &filter)).await?;
            if first.due.is_empty() {
                return Ok(first.page);
            }
            for run_id in first.due {
                // A run that this server cannot move is listed as it is.
                let _ = self.command(Command::Look { run_id, asks: false }).await;
            }
            Ok(self.read(move |db, world| list::read(db, world, &again)).await?.page)
        })
    }

    fn health(&self) -> Answering<'_, Health> {
        Box::pin(async move { Ok(self.measure().await) })
    }

    fn checks(&self) -> Answering<'_, Vec<Check>> {
        let path = self.readers.path().to_owned();
        Box::pin(async move {
            let checked = tokio::task::spawn_blocking(move || upkeep::checks(&path));
            checked.await.map_err(|_| failure::closed())
        })
    }

    fn waiting(&self) -> Answering<'_, Vec<Waiting>> {
        Box::pin(self.read(waiting::count))
    }

    fn ready(&self) -> Answering<'_, ()> {
        Box::pin(async move {
            if self.writer.as_ref().is_none_or(JoinHandle::is_finished) {
                return Err(failure::closed());
            }
            self.newest().await.map(drop)
        })
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.calling.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        self.jobs.close();
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has said so already.
            let _ = writer.join();
        }
    }
}
