//! The engine on a Temporal cluster, for fleets: many servers and workers, one truth.
//!
//! Each run is a Temporal workflow ([`run`]) that keeps it as data ([`kept`]) and knows no machine.
//! Events are made outside of Temporal's replay ([`workshop`]): by the server that an agent talks to,
//! which sends them as an update, or by a worker ([`deeds`]) where the fleet moves a run itself. An
//! update is taken only if the run still stands where it was looked at, so that servers need not know
//! of each other.

mod attributes;
mod deeds;
mod fork;
mod health;
mod kept;
mod link;
mod list;
mod memory;
mod moving;
mod replay;
mod replies;
mod run;
mod settings;
mod shown;
mod starting;
mod work;
mod worker;
mod workshop;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

use self::deeds::Deeds;
use self::link::Link;
use self::memory::Memory;
use self::shown::{View, Wanted};
use self::worker::Working;
use self::workshop::Workshop;
use super::rules::failure;
use super::{
    Answering, Check, Engine, EngineError, Health, JournalPage, Recorded, RunFilter, RunPage,
    Standing, StartRequest, StateReport, StatusReport, Submission, SystemClock,
};
use crate::registry::Registry;
use crate::reply::Reply;

pub use self::replay::replay;
pub use self::settings::{Settings, Tls};

/// The first pause between two looks at a run that is about to move, and the longest
const SOON: Duration = Duration::from_millis(4);
const LATER: Duration = Duration::from_millis(100);

/// How often somebody who waits for a run looks at it
const LOOK: Duration = Duration::from_millis(500);

/// How long the fleet may take for what it is about to do before that is not waited for
const SETTLING: Duration = Duration::from_secs(20);

/// Runs on a Temporal cluster
pub struct Temporal {
    workshop: Arc<Workshop>,
    link: Arc<Link>,
    memory: Option<Arc<Memory>>,
    working: Mutex<Option<Working>>,
    /// Runs as they stood when this process moved them last
    known: Option<Mutex<LruCache<String, View>>>,
    /// Children that this process has asked for their first step
    asked: Mutex<HashSet<String>>,
    seal_key: Option<[u8; 32]>,
    since: Instant,
}

impl Temporal {
    /// Connects to the cluster, and starts a worker if this process is to work, too
    ///
    /// Fails with code `store` where the cluster or the database cannot be reached, and with
    /// `settings` where the settings are not ones to try.
    pub async fn connect(registry: Arc<Registry>, settings: Settings) -> Result<Self, EngineError> {
        let link = Arc::new(Link::connect(&settings).await?);
        attributes::register(&link).await?;
        let memory = match &settings.database {
            Some(url) => Some(Arc::new(Memory::connect(url).await?)),
            None => None,
        };
        let seal_key = match &memory {
            Some(memory) => Some(memory.seal_key().await?),
            None => None,
        };
        let workshop = Arc::new(Workshop {
            registry,
            limits: settings.limits,
            connectors: settings.connectors,
            clock: Arc::new(SystemClock),
            chance,
            telemetry: settings.telemetry,
        });
        let working = if settings.worker {
            let (workshop, memory) = (workshop.clone(), memory.clone());
            Some(Working::start(link.clone(), Deeds { workshop, link: link.clone(), memory })?)
        } else {
            None
        };
        let known = NonZeroUsize::new(settings.cache_size);
        Ok(Self {
            workshop,
            link,
            memory,
            working: Mutex::new(working),
            known: known.map(|size| Mutex::new(LruCache::new(size))),
            asked: Mutex::default(),
            seal_key,
            since: Instant::now(),
        })
    }

    async fn report(&self, run_id: &str) -> Result<StatusReport, EngineError> {
        let (view, reply) = self.look(run_id).await?;
        replies::status(run_id, &view, reply)
    }

    async fn variables(
        &self,
        run_id: &str,
        fields: Option<Vec<String>>,
    ) -> Result<StateReport, EngineError> {
        let view = self.settled(run_id).await?;
        let all = view.kept.map(|kept| kept.snapshot.state).unwrap_or_default();
        let state = match fields {
            None => all,
            Some(fields) => {
                let pick = |field: &String| match all.get(field) {
                    Some(value) => Ok((field.clone(), value.clone())),
                    None => Err(failure::unknown_field(field, all.keys())),
                };
                fields.iter().map(pick).collect::<Result<_, EngineError>>()?
            }
        };
        Ok(StateReport { run_id: run_id.to_owned(), state })
    }

    /// Events behind one, from whichever execution of the run has them
    async fn events(
        &self,
        run_id: &str,
        after: u64,
        room: usize,
    ) -> Result<JournalPage, EngineError> {
        let wanted = Wanted { after, room };
        let mut page = self.link.page(run_id, None, wanted).await?;
        let last = page.seq;
        while page.first > after
            && let Some(earlier) = page.before.clone()
        {
            page = self.link.page(run_id, Some(&earlier), wanted).await?;
        }
        let from = page.first.max(after);
        let events: Vec<Recorded> =
            (from + 1..).zip(page.events).map(|(seq, event)| Recorded { seq, event }).collect();
        let reached = events.last().map_or(from, |event| event.seq);
        Ok(JournalPage { events, more: reached < last })
    }

    /// A run as this process moved it last
    fn recall(&self, run_id: &str) -> Option<View> {
        let known = self.known.as_ref()?;
        known.lock().unwrap_or_else(PoisonError::into_inner).get(run_id).cloned()
    }

    fn keep(&self, run_id: &str, view: &View) {
        if let Some(known) = &self.known {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.put(run_id.to_owned(), view.clone());
        }
    }

    fn forget(&self, run_id: &str) {
        if let Some(known) = &self.known {
            known.lock().unwrap_or_else(PoisonError::into_inner).pop(run_id);
        }
    }
}

impl Engine for Temporal {
    fn registry(&self) -> &Arc<Registry> {
        &self.workshop.registry
    }

    fn start(&self, request: StartRequest) -> Answering<'_, Reply> {
        Box::pin(self.begin(request))
    }

    fn next(&self, run_id: &str) -> Answering<'_, Reply> {
        let run_id = run_id.to_owned();
        Box::pin(async move {
            let (view, reply) = self.look(&run_id).await?;
            self.note_asked(&run_id, &view).await?;
            Ok(reply)
        })
    }

    fn wait(&self, run_id: &str, patience: Duration) -> Answering<'_, Reply> {
        let run_id = run_id.to_owned();
        Box::pin(async move {
            let until = Instant::now() + patience;
            loop {
                let reply = self.next(&run_id).await?;
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() || !reply.is_idle() {
                    return Ok(reply);
                }
                let soon = reply.retry_after_ms.map_or(LOOK, Duration::from_millis).min(LOOK);
                tokio::time::sleep(soon.max(SOON).min(left)).await;
            }
        })
    }

    fn submit(&self, submission: Submission) -> Answering<'_, Reply> {
        Box::pin(self.answer(submission))
    }

    fn cancel(&self, run_id: &str, reason: Option<String>) -> Answering<'_, Reply> {
        let run_id = run_id.to_owned();
        Box::pin(async move { self.call_off(&run_id, reason).await })
    }

    fn retry(&self, run_id: &str) -> Answering<'_, Reply> {
        let run_id = run_id.to_owned();
        Box::pin(async move { self.take_up(&run_id).await })
    }

    fn status(&self, run_id: &str) -> Answering<'_, StatusReport> {
        let run_id = run_id.to_owned();
        Box::pin(async move { self.report(&run_id).await })
    }

    fn state(&self, run_id: &str, fields: Option<Vec<String>>) -> Answering<'_, StateReport> {
        let run_id = run_id.to_owned();
        Box::pin(async move { self.variables(&run_id, fields).await })
    }

    fn journal(&self, run_id: &str, after: u64, room: usize) -> Answering<'_, JournalPage> {
        let run_id = run_id.to_owned();
        Box::pin(async move { self.events(&run_id, after, room).await })
    }

    fn watch(&self, run_id: &str, seen: Standing) -> Answering<'_, Standing> {
        let run_id = run_id.to_owned();
        Box::pin(async move {
            loop {
                let now = self.standing(&run_id).await?;
                if now != seen {
                    return Ok(now);
                }
                tokio::time::sleep(LOOK).await;
            }
        })
    }

    fn list(&self, filter: RunFilter) -> Answering<'_, RunPage> {
        Box::pin(async move { list::page(self, filter).await })
    }

    fn health(&self) -> Answering<'_, Health> {
        Box::pin(health::measure(self))
    }

    fn checks(&self) -> Answering<'_, Vec<Check>> {
        Box::pin(async { Ok(health::checks(self).await) })
    }

    fn seal_key(&self) -> Option<[u8; 32]> {
        self.seal_key
    }

    fn close(&self) -> Answering<'_, ()> {
        Box::pin(async {
            let working = self.working.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(mut working) = working {
                // A thread that waits for another.
                let _ = tokio::task::spawn_blocking(move || working.stop()).await;
            }
            self.workshop.connectors.close().await;
            Ok(())
        })
    }
}

/// Only a mistake of ours leads here
fn broken(why: &crate::machine::Damaged) -> EngineError {
    EngineError::new("internal", why.to_string(), "report this")
}

/// Chance as this machine has it: a hash of a count, by a key that the operating system drew
fn chance() -> u64 {
    static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static DRAWN: AtomicU64 = AtomicU64::new(0);
    KEY.hash_one(DRAWN.fetch_add(1, Ordering::Relaxed))
}
