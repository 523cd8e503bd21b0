//! A server process, on the simulation's thread: the engine's parts without its own threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;
use tracing::Span;

use super::super::super::calls::{self, Call};
use super::super::super::commands::{Command, Job, Message, Order};
use super::super::super::presence::Presence;
use super::super::super::readers::Readers;
use super::super::super::rows::{self, RunRow};
use super::super::super::ticker::Ticker;
use super::super::super::world::World;
use super::super::super::{Options, tables, view, writer};
use super::builds::Builds;
use super::calls::UnderWay;
use super::chance::{self, Chance};
use super::clock::Hands;
use super::disk::Disk;
use crate::connectors::Connectors;
use crate::engine::{EngineError, StatusReport};
use crate::machine::Limit;
use crate::reply::Reply;

/// What a call comes to
pub(super) type Outcome = Result<Reply, EngineError>;

/// What goes wrong while a server carries out commands
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// `SQLite` gives up within a statement, some instructions of its machine from here
    Interrupted(usize),
    /// The commit does not succeed
    CommitFails,
    /// There is room for so many pages
    DiskFull(i64),
    /// Another process holds the store
    Locked,
    /// The engine panics where it asks for the time, so often from here
    Panics(usize),
    /// The process is killed, some instructions from here
    Killed(usize),
}

impl Fault {
    pub(super) fn some(chance: &mut Chance) -> Self {
        let instructions = *chance.pick(&[30, 300, 3_000]);
        match chance.below(8) {
            0 => Self::CommitFails,
            1 => Self::DiskFull(i64::try_from(chance.below(4)).unwrap()),
            2 => Self::Locked,
            3 | 4 => Self::Panics(chance.below(9)),
            5 => Self::Interrupted(chance.below(instructions)),
            _ => Self::Killed(chance.below(instructions)),
        }
    }
}

/// When `SQLite` is to fail; asked by it as it works
#[derive(Default)]
struct Fuse {
    instructions: AtomicI64,
    /// Whether nothing succeeds any more, or it fails but once
    for_good: AtomicBool,
    blown: AtomicBool,
    committed: AtomicBool,
}

impl Fuse {
    /// Whether the instruction at hand fails; what is committed is past failing
    fn interrupts(&self) -> bool {
        if self.committed.load(Ordering::Relaxed) {
            return false;
        }
        if self.blown.load(Ordering::Relaxed) {
            return self.for_good.load(Ordering::Relaxed);
        }
        let blows = self.instructions.fetch_sub(1, Ordering::Relaxed) <= 0;
        self.blown.store(blows, Ordering::Relaxed);
        blows
    }

    /// Whether a commit fails
    fn refuses(&self) -> bool {
        let refuses = self.blown.load(Ordering::Relaxed) && self.for_good.load(Ordering::Relaxed);
        self.committed.store(!refuses, Ordering::Relaxed);
        refuses
    }
}

/// A server process
pub(super) struct Server {
    db: Connection,
    readers: Readers,
    world: World,
    ticker: Ticker,
    clock: Arc<Hands>,
    builds: Builds,
    pub(super) under_way: UnderWay,
}

impl Server {
    pub(super) fn start(
        disk: &Disk,
        clock: &Arc<Hands>,
        builds: Builds,
        connectors: Connectors,
    ) -> Self {
        let db = tables::open(&disk.store(), Duration::ZERO).unwrap();
        let synced: i64 = db.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
        assert_eq!(synced, 2, "what is told must be on the disk");
        // Power cuts are simulated; waiting for a real disk would only take time.
        db.pragma_update(None, "synchronous", "off").unwrap();
        let mut options = Options::new(disk.store());
        options.clock = clock.clone();
        options.limits.set(Limit::Runs, 50).unwrap();
        options.connectors = connectors;
        let chance = chance::for_engines;
        let presence = Presence::named(&options.path, format!("{:x}", chance()));
        let world = World { presence, chance, ..World::new(builds.registry(), &options) };
        if !world.connectors.is_empty() {
            world.presence.announce().unwrap();
        }
        Self {
            builds,
            under_way: UnderWay::default(),
            db,
            readers: Readers::new(disk.store(), Duration::ZERO),
            world,
            ticker: Ticker::new(Some(Duration::ZERO)),
            clock: clock.clone(),
        }
    }

    /// Commands that come at once; gives what was told of each, and whether the server still lives
    pub(super) fn carry_out(
        &mut self,
        commands: &[Command],
        fault: Option<Fault>,
    ) -> (Vec<Outcome>, bool) {
        let (sender, jobs) = channel();
        let told: Vec<_> = commands
            .iter()
            .map(|command| {
                let (outcome, told) = oneshot::channel();
                sender
                    .send(Message::Do(Job {
                        order: Order { command: command.clone(), span: Span::none() },
                        outcome,
                    }))
                    .unwrap();
                told
            })
            .collect();
        let first = jobs.try_recv().unwrap();
        // Who asks for one thing may do it, or leave it to the writer thread.
        let by_caller = commands.len() == 1 && chance::for_engines() & 1 == 1;
        let lives = self.disturbed(fault, |server| {
            let Server { db, world, .. } = server;
            match first {
                Message::Do(Job { order, outcome }) if by_caller => {
                    match writer::work_alone(db, world, &order, Duration::ZERO) {
                        Some(done) => outcome.send(done).unwrap(),
                        None => writer::work(db, world, Message::Do(Job { order, outcome }), &jobs),
                    }
                }
                first => writer::work(db, world, first, &jobs),
            }
        });
        (told.into_iter().map(|mut told| told.try_recv().unwrap()).collect(), lives)
    }

    /// Applies what is due; whether the server still lives
    pub(super) fn tick(&mut self, fault: Option<Fault>) -> bool {
        self.disturbed(fault, |server| server.ticker.tick(&mut server.db, &server.world))
    }

    /// Does something while something goes wrong; whether the server still lives
    fn disturbed(&mut self, fault: Option<Fault>, work: impl FnOnce(&mut Self)) -> bool {
        match fault {
            None => work(self),
            Some(Fault::Interrupted(after)) => {
                self.fused(after, false, work);
                if !self.db.is_autocommit() {
                    // An interrupt is the one failure after which `BEGIN` has begun all the same.
                    self.db.execute_batch("ROLLBACK").unwrap();
                }
            }
            Some(Fault::Killed(after)) => return !self.fused(after, true, work),
            Some(Fault::CommitFails) => {
                self.db.commit_hook(Some(|| true)).unwrap();
                work(self);
                self.db.commit_hook(None::<fn() -> bool>).unwrap();
            }
            Some(Fault::DiskFull(room)) => {
                let pages: i64 =
                    self.db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
                self.limit_pages(pages + room);
                work(self);
                self.limit_pages(i64::from(u32::MAX - 1));
            }
            Some(Fault::Locked) => {
                let holder = Connection::open(self.db.path().unwrap()).unwrap();
                holder.execute_batch("BEGIN IMMEDIATE").unwrap();
                work(self);
            }
            Some(Fault::Panics(after)) => {
                self.clock.panic_in(after);
                work(self);
                self.clock.disarm();
            }
        }
        true
    }

    /// Does something until the fuse blows; whether it has
    fn fused(&mut self, after: usize, for_good: bool, work: impl FnOnce(&mut Self)) -> bool {
        let fuse = Arc::new(Fuse {
            instructions: AtomicI64::new(i64::try_from(after).unwrap()),
            for_good: for_good.into(),
            ..Fuse::default()
        });
        let (running, committing) = (fuse.clone(), fuse.clone());
        self.db.progress_handler(1, Some(move || running.interrupts())).unwrap();
        self.db.commit_hook(Some(move || committing.refuses())).unwrap();
        work(self);
        self.db.progress_handler(0, None::<fn() -> bool>).unwrap();
        self.db.commit_hook(None::<fn() -> bool>).unwrap();
        fuse.blown.load(Ordering::Relaxed)
    }

    fn limit_pages(&self, pages: i64) {
        self.db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
    }

    /// The log grows from here on, whatever is in it
    pub(super) fn let_log_grow(&self) {
        self.db.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(())).unwrap();
    }

    /// Looks at a run; `None` where that takes a command
    pub(super) fn glance(&self, run_id: &str) -> Result<Option<Reply>, EngineError> {
        self.readers.with(|db| view::glance(db, &self.world, run_id))
    }

    pub(super) fn status(&self, run_id: &str) -> Result<StatusReport, EngineError> {
        self.readers.with(|db| view::status(db, &self.world, &rows::get(db, run_id)?))
    }

    /// A run's row as it is by now, past all that serves agents
    pub(super) fn row(&self, run_id: &str) -> RunRow {
        rows::get(&self.db, run_id).unwrap()
    }

    /// Another number after each commit of another process
    pub(super) fn version(&self) -> i64 {
        self.db.pragma_query_value(None, "data_version", |row| row.get(0)).unwrap()
    }

    pub(super) fn db(&self) -> &Connection {
        &self.db
    }

    pub(super) fn world(&self) -> &World {
        &self.world
    }

    pub(super) fn builds(&self) -> Builds {
        self.builds
    }

    /// The name by which the other processes know it
    pub(super) fn name(&self) -> &str {
        self.world.presence.id()
    }

    /// The calls that it has to make, the oldest first
    pub(super) fn calls(&self) -> Vec<Call> {
        let names = self.world.connectors.names();
        names.flat_map(|name| calls::own(&self.db, &self.world, name, 9).unwrap()).collect()
    }
}
