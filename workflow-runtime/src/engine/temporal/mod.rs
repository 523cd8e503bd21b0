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
mod replay;
mod replies;
mod run;
mod settings;
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
use sha2::{Digest, Sha256};

use self::deeds::Deeds;
use self::kept::{Begin, Input, Kept, Origin};
use self::link::{Link, Started, Unsent};
use self::memory::Memory;
use self::run::{Reopen, View, Wanted};
use self::worker::Working;
use self::workshop::Workshop;
use super::rules::{answers, failure, starts};
use super::{
    Answering, Check, Engine, EngineError, Health, JournalPage, Recorded, RunFilter, RunPage,
    Standing, StartRequest, StateReport, StatusReport, Submission, SystemClock,
};
use crate::machine::{Start, Status};
use crate::registry::Registry;
use crate::reply::Reply;
use crate::telemetry::Steps;

pub use self::replay::replay;
pub use self::settings::{Settings, Tls};

/// How often an answer is sent again to a run that has moved on since it was looked at
const TRIES: usize = 20;

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
            steps: Steps::new(&settings.telemetry),
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

    async fn begin(&self, request: StartRequest) -> Result<Reply, EngineError> {
        let program = starts::startable(&self.workshop.registry, &request.workflow)?;
        let digest = hex(&starts::digest(program.info().name, &request.inputs));
        let key = request.idempotency_key.as_deref();
        let run_id = match key {
            Some(key) => self.keyed(key),
            None => uuid::Uuid::now_v7().simple().to_string(),
        };
        if let Some(key) = key
            && let Some(reply) = self.started_before(key, &run_id, &digest).await?
        {
            return Ok(reply);
        }
        let start = Start { inputs: request.inputs, ..Start::default() };
        let moved = self.workshop.start(program, start);
        let moved = moved.map_err(|refusal| failure::invalid_inputs(program.info(), &refusal))?;
        self.make_room().await?;
        let kept = Kept::begin(&run_id, moved.clone()).map_err(|why| broken(&why))?;
        let origin = Origin { depth: 0, own_agent: false, digest: key.map(|_| digest.clone()) };
        let begin = Begin::Started { moved: moved.clone() };
        let input = Input { origin: origin.clone(), begin };
        if self.link.start(&run_id, input, false).await? == Started::Before {
            // By the same key elsewhere, or by this very call, whose first reply was lost.
            let Some(key) = key else { return self.reply_to(&run_id).await };
            let before = self.started_before(key, &run_id, &digest).await?;
            return before.ok_or_else(|| failure::unknown_run(&run_id));
        }
        self.workshop.tell(&run_id, None, &moved);
        self.reply_to_moved(&run_id, View::of(origin, kept)).await
    }

    /// The run that a key has started; a key belongs to one workflow and its inputs
    async fn started_before(
        &self,
        key: &str,
        run_id: &str,
        digest: &str,
    ) -> Result<Option<Reply>, EngineError> {
        match self.link.view(run_id).await {
            Ok(view) if view.origin.digest.as_deref() == Some(digest) => {
                self.reply_to(run_id).await.map(Some)
            }
            Ok(_) => Err(failure::idempotency_conflict(key, run_id)),
            Err(error) if error.code == "unknown-run" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The run of a key: the same for every server of the fleet
    fn keyed(&self, key: &str) -> String {
        let mut hasher = Sha256::new();
        hasher.update(self.link.task_queue.as_bytes());
        hasher.update([0]);
        hasher.update(key.as_bytes());
        hex(&hasher.finalize()[..16])
    }

    async fn answer(&self, submission: Submission) -> Result<Reply, EngineError> {
        let run_id = &submission.run_id;
        let mut known = self.recall(run_id);
        for _ in 0..TRIES {
            let fresh = known.is_none();
            let view = match known.take() {
                Some(view) => view,
                None => self.settled(run_id).await?,
            };
            let Some(kept) = &view.kept else { return Err(answers::queued(run_id)) };
            let waits = kept.snapshot.pending.as_ref();
            if waits.is_none_or(|pending| pending.step_id != submission.step_id) {
                if fresh {
                    return self.answered_before(&view, &submission).await;
                }
                continue;
            }
            let moved = match self.workshop.submit(kept, view.origin.depth, &submission) {
                Ok(moved) => moved,
                Err(error) if fresh => return Err(error),
                // What was remembered may be outdated.
                Err(_) => continue,
            };
            match self.link.send(run_id, moved.clone()).await {
                Ok(()) => {
                    self.workshop.tell(run_id, Some(&kept.snapshot), &moved);
                    let view = view.moved(run_id, moved)?;
                    return self.reply_to_moved(run_id, view).await;
                }
                Err(Unsent::Stale) => {}
                Err(Unsent::Failed(error)) => return Err(error),
            }
        }
        Err(moving(run_id))
    }

    /// What an answer to a step that does not wait comes to
    async fn answered_before(
        &self,
        view: &View,
        submission: &Submission,
    ) -> Result<Reply, EngineError> {
        let Submission { run_id, step_id, answer, .. } = submission;
        let Some(kept) = &view.kept else { return Err(answers::queued(run_id)) };
        let told = self.find_told(kept, run_id, step_id).await?;
        match told {
            Some(told) if told.answer == *answer => {
                if !Self::is_answered_itself(view) || told.seq == kept.seq {
                    return self.reply_after(run_id, view).await;
                }
                self.reply_then(run_id, view, told.snapshot).await
            }
            given => {
                let given = given.as_ref().map(|told| &told.answer);
                Err(answers::too_late(run_id, step_id, given, &kept.snapshot))
            }
        }
    }

    /// The answer that a hand-out got, wherever in the run's executions that is
    async fn find_told(
        &self,
        kept: &Kept,
        run_id: &str,
        step_id: &str,
    ) -> Result<Option<run::Told>, EngineError> {
        let (step, number) = match step_id.split_once('#') {
            Some((step, number)) => (step, number.parse().unwrap_or(u32::MAX)),
            None => (step_id, 1),
        };
        if kept.snapshot.handed_out.get(step).is_none_or(|handed_out| *handed_out < number) {
            return Ok(None);
        }
        let (mut execution, mut before) = (None, kept.before.clone());
        loop {
            let told = self.link.told(run_id, execution.as_deref(), step_id).await?;
            let Some(earlier) = before.filter(|_| told.is_none()) else { return Ok(told) };
            before = self.link.kept(run_id, Some(&earlier)).await?.before;
            execution = Some(earlier);
        }
    }

    async fn call_off(&self, run_id: &str, reason: Option<String>) -> Result<Reply, EngineError> {
        for _ in 0..TRIES {
            let view = self.settled(run_id).await?;
            let Some(kept) = &view.kept else { return Err(answers::queued(run_id)) };
            if kept.snapshot.ended() {
                return self.reply_to(run_id).await;
            }
            let moved = self.workshop.cancel(kept, reason.clone());
            match self.link.send(run_id, moved.clone()).await {
                Ok(()) => {
                    self.workshop.tell(run_id, Some(&kept.snapshot), &moved);
                    let view = view.moved(run_id, moved)?;
                    self.parent_has_seen(run_id, &view).await?;
                    return self.reply_to(run_id).await;
                }
                Err(Unsent::Stale) => {}
                Err(Unsent::Failed(error)) => return Err(error),
            }
        }
        Err(moving(run_id))
    }

    async fn take_up(&self, run_id: &str) -> Result<Reply, EngineError> {
        let view = self.settled(run_id).await?;
        let Some(kept) = &view.kept else { return self.reply_to(run_id).await };
        if !kept.snapshot.ended() {
            return self.reply_to(run_id).await;
        }
        if kept.snapshot.status != Status::Failed {
            // Says why not.
            self.workshop.retry(run_id, kept, view.origin.depth).map(drop)?;
        }
        if let Some(parent) = &kept.snapshot.parent {
            let index = kept.snapshot.place.index;
            return self.take_up_child(run_id, &parent.run_id, index, view.execution.clone()).await;
        }
        let mut kept = self.link.kept(run_id, None).await?;
        let moved = self.workshop.retry(run_id, &kept, view.origin.depth)?;
        self.make_room().await?;
        kept.before = Some(view.execution);
        let begin = Begin::Carried { kept: Box::new(kept), moved: Some(moved) };
        let input = Input { origin: view.origin, begin };
        // Whoever was first has taken it up.
        self.link.start(run_id, input, true).await?;
        self.forget(run_id);
        self.reply_to(run_id).await
    }

    async fn take_up_child(
        &self,
        run_id: &str,
        parent: &str,
        index: usize,
        execution: String,
    ) -> Result<Reply, EngineError> {
        let before = self.link.view(run_id).await?.execution;
        match self.link.reopen(parent, Reopen { index, execution }).await {
            Ok(()) => {
                self.forget(run_id);
                let until = Instant::now() + SETTLING;
                // It is another execution once it goes on.
                while self.link.view(run_id).await?.execution == before && Instant::now() < until {
                    tokio::time::sleep(LATER).await;
                }
                self.reply_to(run_id).await
            }
            Err(Unsent::Stale) => Err(EngineError::new(
                "parent-gone-on",
                format!("run `{parent}` no longer waits for its child `{run_id}`"),
                format!(
                    "if `{parent}` has failed, take that up again: `workflow-server runs retry \
                     {parent}`; it keeps the results of all children that have one"
                ),
            )),
            Err(Unsent::Failed(error)) => Err(error),
        }
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

fn moving(run_id: &str) -> EngineError {
    EngineError::new(
        "conflict",
        format!("run `{run_id}` moves whenever it is to be answered"),
        "call `get_next_step`, and answer what it shows",
    )
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Chance as this machine has it: a hash of a count, by a key that the operating system drew
fn chance() -> u64 {
    static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static DRAWN: AtomicU64 = AtomicU64::new(0);
    KEY.hash_one(DRAWN.fetch_add(1, Ordering::Relaxed))
}
