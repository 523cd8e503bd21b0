//! What every part of the engine knows: the workflows, the limits, the time.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;

use super::Options;
use super::bells::Bells;
use super::hot::Hot;
use super::ledger::Ledger;
use super::pen::Pace;
use super::presence::Presence;
use super::signal::Signal;
use crate::connectors::Connectors;
use crate::engine::Clock;
use crate::machine::{Env, Limits};
use crate::registry::Registry;
use crate::telemetry::Telemetry;

/// What every part of the engine knows
pub(super) struct World {
    pub(super) registry: Arc<Registry>,
    pub(super) limits: Limits,
    pub(super) clock: Arc<dyn Clock>,
    /// The servers that this process can call
    pub(super) connectors: Connectors,
    /// This process among those that share the store
    pub(super) presence: Presence,
    /// Raised where calls were added, taken over or taken away
    pub(super) calls: Signal,
    /// Before this nothing is due of what is known to the transaction at hand, in microseconds
    pub(super) next_due: AtomicI64,
    /// Whether timers were set that the ticker has not seen
    pub(super) timers_set: AtomicBool,
    /// How long commits take
    pub(super) pace: Pace,
    /// Rung where runs have moved
    pub(super) bells: Arc<Bells>,
    /// Runs that were moved or looked at lately
    pub(super) hot: Hot,
    /// Who is told what counts
    pub(super) telemetry: Telemetry,
    /// What is told once it is durable
    pub(super) ledger: Ledger,
    /// Where chance comes from: 64 bits, others at each call
    pub(super) chance: fn() -> u64,
}

/// Chance as the machine that the server runs on has it: a hash of a count, by a key that the
/// operating system drew for this process
pub(super) fn chance() -> u64 {
    static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static DRAWN: AtomicU64 = AtomicU64::new(0);
    KEY.hash_one(DRAWN.fetch_add(1, Ordering::Relaxed))
}

impl World {
    /// The world of one process that works on a store
    pub(super) fn new(registry: Arc<Registry>, options: &Options) -> Self {
        Self {
            registry,
            limits: options.limits,
            clock: options.clock.clone(),
            connectors: options.connectors.clone(),
            presence: Presence::new(&options.path),
            calls: Signal::default(),
            next_due: AtomicI64::new(i64::MIN),
            timers_set: AtomicBool::default(),
            pace: Pace::default(),
            bells: Arc::new(Bells::new()),
            hot: Hot::new(options.cache_size, options.cache_ttl),
            telemetry: options.telemetry.clone(),
            ledger: Ledger::new(options.telemetry.clone()),
            chance,
        }
    }

    /// What time it is
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Nothing is due before this, in microseconds
    pub(super) fn know_next_due(&self, at: i64) {
        self.next_due.store(at, Ordering::Relaxed);
    }

    /// Something comes due then, in microseconds
    pub(super) fn comes_due(&self, at: i64) {
        self.next_due.fetch_min(at, Ordering::Relaxed);
        self.timers_set.store(true, Ordering::Relaxed);
    }

    /// Whether timers were set since this was asked last: the ticker may rest for too long
    pub(super) fn has_set_timers(&self) -> bool {
        self.timers_set.swap(false, Ordering::Relaxed)
    }

    /// Whether anything may be due by now
    pub(super) fn may_be_due(&self) -> bool {
        self.next_due.load(Ordering::Relaxed) <= self.now().as_microsecond()
    }

    /// What a machine is to know of the world
    pub(super) fn env(&self, now: Timestamp, seed: u64) -> Env {
        Env { now, seed, limits: self.limits }
    }
}
