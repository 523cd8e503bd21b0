//! Runs as they are told: what their workflows show, put together with what those of their children do.

use std::future::Future;
use std::pin::Pin;
use std::time::Instant;

use jiff::Timestamp;

use super::kept::{Child, Kept, Move, Origin, Stage, is_remembering};
use super::link::Unsent;
use super::shown::View;
use super::{LATER, SETTLING, SOON, Temporal, broken};
use crate::engine::rules::telling::{self, RETRY_AFTER, Shown};
use crate::engine::rules::time;
use crate::engine::{ChildReport, EngineError, StatusReport};
use crate::machine::{Action, Pending, Snapshot, Status};
use crate::reply::{Progress, Reply, Step, position};

/// What a look at a run gives
enum Looked {
    Shown(Box<Shown>),
    /// A child has ended, and its parent does not know yet
    Lags,
}

impl Looked {
    fn shown(shown: Shown) -> Self {
        Self::Shown(Box::new(shown))
    }
}

/// A look at a run whose children are looked at, too
type Looking<'a> = Pin<Box<dyn Future<Output = Result<Looked, EngineError>> + Send + 'a>>;

impl View {
    /// A run as it stands, known without asking
    pub(super) fn of(origin: Origin, kept: Kept) -> Self {
        let busy = kept.is_busy();
        Self { origin, execution: String::new(), kept: Some(kept), hindrance: None, busy }
    }

    /// The same after a move that was taken
    pub(super) fn moved(mut self, run_id: &str, moved: Move) -> Result<Self, EngineError> {
        if let Some(kept) = &mut self.kept {
            kept.apply(run_id, moved).map_err(|why| broken(&why))?;
            self.busy = kept.is_busy();
        }
        self.hindrance = None;
        Ok(self)
    }

    fn snapshot(&self) -> Option<&Snapshot> {
        self.kept.as_ref().map(|kept| &kept.snapshot)
    }

    fn has_ended(&self) -> bool {
        self.snapshot().is_some_and(Snapshot::ended)
    }

    /// What stands in the way of all workers, as the one told it that tried last
    fn hindered(&self) -> Option<EngineError> {
        let hindrance = self.hindrance.as_ref()?;
        Some(EngineError::new("incompatible", hindrance.message.clone(), hindrance.help.clone()))
    }
}

impl Kept {
    /// Whether the fleet is about to move it
    pub(super) fn is_busy(&self) -> bool {
        let own = match &self.snapshot.pending {
            Some(pending) => is_remembering(pending) && pending.not_before.is_none(),
            None => !self.snapshot.ended(),
        };
        own || self.children_are_to_begin()
    }
}

impl Temporal {
    /// A run once the fleet has done what it is about to do, or takes too long for it
    pub(super) async fn settled(&self, run_id: &str) -> Result<View, EngineError> {
        let until = Instant::now() + SETTLING;
        let mut pause = SOON;
        loop {
            let view = self.link.view(run_id).await?;
            if !view.busy || Instant::now() >= until {
                self.keep(run_id, &view);
                return Ok(view);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LATER);
        }
    }

    /// How a run stands and what to do next
    pub(super) async fn reply_to(&self, run_id: &str) -> Result<Reply, EngineError> {
        self.look(run_id).await.map(|(_, reply)| reply)
    }

    /// A run, and its reply
    pub(super) async fn look(&self, run_id: &str) -> Result<(View, Reply), EngineError> {
        let until = Instant::now() + SETTLING;
        let mut pause = SOON;
        loop {
            let view = self.settled(run_id).await?;
            let now = self.workshop.now();
            if let Some(reply) = self.reply(run_id, &view, now, Instant::now() >= until).await? {
                return Ok((view, reply));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LATER);
        }
    }

    /// The reply to whoever has moved a run
    pub(super) async fn reply_to_moved(
        &self,
        run_id: &str,
        view: View,
    ) -> Result<Reply, EngineError> {
        self.keep(run_id, &view);
        self.parent_has_seen(run_id, &view).await?;
        self.reply_after(run_id, &view).await
    }

    /// What comes after an answer: for a child that its parent's agent works off, the parent's reply
    pub(super) async fn reply_after(
        &self,
        run_id: &str,
        view: &View,
    ) -> Result<Reply, EngineError> {
        if Self::is_answered_itself(view) {
            let now = self.workshop.now();
            if !view.busy
                && let Some(reply) = self.reply(run_id, view, now, false).await?
            {
                return Ok(reply);
            }
            let (view, reply) = self.look(run_id).await?;
            self.parent_has_seen(run_id, &view).await?;
            return Ok(reply);
        }
        let (mut run_id, mut view) = (run_id.to_owned(), view.clone());
        while !view.origin.own_agent
            && let Some(parent) = view.snapshot().and_then(|at| at.parent.as_ref())
        {
            run_id.clone_from(&parent.run_id);
            view = self.link.view(&run_id).await?;
        }
        self.reply_to(&run_id).await
    }

    /// The reply that an answer got, told again
    pub(super) async fn reply_then(
        &self,
        run_id: &str,
        view: &View,
        snapshot: Snapshot,
    ) -> Result<Reply, EngineError> {
        let now = snapshot.updated_at;
        let mut view = view.clone();
        if let Some(kept) = &mut view.kept {
            kept.snapshot = snapshot;
        }
        match self.reply(run_id, &view, now, true).await? {
            Some(reply) => Ok(reply),
            None => self.reply_to(run_id).await,
        }
    }

    /// Whether answers to a run's steps are answered by its own reply
    pub(super) fn is_answered_itself(view: &View) -> bool {
        view.origin.own_agent || view.snapshot().is_none_or(|at| at.parent.is_none())
    }

    /// Waits until the parent of a run that has ended knows of it
    pub(super) async fn parent_has_seen(
        &self,
        run_id: &str,
        view: &View,
    ) -> Result<(), EngineError> {
        let (mut run_id, mut view) = (run_id.to_owned(), view.clone());
        while view.has_ended()
            && let Some(parent) = view.snapshot().and_then(|at| at.parent.clone())
        {
            let until = Instant::now() + SETTLING;
            let mut pause = SOON;
            loop {
                view = self.link.view(&parent.run_id).await?;
                let knows = view.kept.as_ref().is_none_or(|kept| {
                    let child = kept.at_hand().find(|child| child.run_id == run_id);
                    kept.snapshot.ended() || child.is_none_or(|child| child.stage.has_ended())
                });
                if (knows && !view.busy) || Instant::now() >= until {
                    break;
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LATER);
            }
            run_id = parent.run_id;
        }
        Ok(())
    }

    /// Notes with its parent that a child was asked for its first step
    pub(super) async fn note_asked(&self, run_id: &str, view: &View) -> Result<(), EngineError> {
        let Some(snapshot) = view.snapshot().filter(|_| view.origin.own_agent) else {
            return Ok(());
        };
        let Some(parent) = snapshot.parent.as_ref().filter(|_| !snapshot.ended()) else {
            return Ok(());
        };
        let name = format!("{run_id} {}", view.execution);
        let known = |asked: &std::sync::Mutex<std::collections::HashSet<String>>| {
            asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner).contains(&name)
        };
        if known(&self.asked) {
            return Ok(());
        }
        match self.link.asked(&parent.run_id, snapshot.place.index).await {
            Ok(()) | Err(Unsent::Stale) => {}
            Err(Unsent::Failed(error)) => return Err(error),
        }
        let mut asked = self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // It only saves calls: that of one in a great many runs more does no harm.
        if asked.len() > 10_000 {
            asked.clear();
        }
        asked.insert(name);
        Ok(())
    }

    /// The reply of a run as it stands; nothing where its children are further than it knows, unless
    /// that is to be told all the same
    async fn reply(
        &self,
        run_id: &str,
        view: &View,
        now: Timestamp,
        at_last: bool,
    ) -> Result<Option<Reply>, EngineError> {
        let Some(kept) = &view.kept else {
            let bare = |status| telling::bare(run_id, "", status);
            return Ok(Some(match view.hindered() {
                Some(hindrance) => {
                    telling::incompatible(bare(Status::Incompatible), hindrance, None)
                }
                None => telling::queued(bare(Status::Running)),
            }));
        };
        let snapshot = &kept.snapshot;
        let fit = match view.hindered() {
            Some(hindrance) if snapshot.pending.is_some() => Err(hindrance),
            _ => self.workshop.fit(kept),
        };
        let info = fit.as_ref().ok().map(|fit| fit.program.info());
        let bare = telling::bare(run_id, &snapshot.workflow, snapshot.status);
        let reply = telling::standing(bare, snapshot, info);
        let Some(pending) = &snapshot.pending else { return Ok(Some(reply)) };
        if let Err(hindrance) = fit {
            let step_id = Some(pending.step_id.clone());
            return Ok(Some(telling::incompatible(reply, hindrance, step_id)));
        }
        Ok(match self.show(run_id, kept, pending, now).await? {
            Looked::Shown(shown) => Some(shown.reply(reply, pending)),
            Looked::Lags if at_last => Some(Shown::nothing_for(RETRY_AFTER).reply(reply, pending)),
            Looked::Lags => None,
        })
    }

    /// What a run shows at a moment at which it waits
    fn show<'a>(
        &'a self,
        run_id: &'a str,
        kept: &'a Kept,
        pending: &'a Pending,
        now: Timestamp,
    ) -> Looking<'a> {
        // Child runs are nested a few levels deep at most, and so is this recursion.
        Box::pin(async move {
            if is_remembering(pending) && time::rests(pending, now).is_none() {
                return Ok(Looked::shown(Shown::nothing_for(RETRY_AFTER)));
            }
            if let Some(shown) = Shown::alone(run_id, pending, now) {
                return Ok(Looked::shown(shown));
            }
            let Action::Foreach(fork) = &pending.action else {
                return Ok(Looked::shown(Shown::nothing_for(RETRY_AFTER)));
            };
            if fork.agent.is_none() {
                return self.child_step(kept, now).await;
            }
            let (mut children, mut open) = (Vec::new(), 0);
            for child in kept.at_hand().filter(|child| !child.stage.has_ended()) {
                open += 1;
                if matches!(child.stage, Stage::Begun { .. }) && children.len() < kept.at_once {
                    children.push(report(child, child.stage.word()));
                }
            }
            let step = Step::new(run_id, pending).with_children(&children, open - children.len());
            Ok(Looked::shown(Shown::step(step)))
        })
    }

    /// The first open child's step that the parent's agent can do; else the child that goes on first
    async fn child_step(&self, kept: &Kept, now: Timestamp) -> Result<Looked, EngineError> {
        let (mut first, mut hindered) = (None::<Shown>, None);
        for child in kept.at_hand().filter(|at| matches!(at.stage, Stage::Begun { .. })) {
            let view = self.settled(&child.run_id).await?;
            if view.has_ended() {
                return Ok(Looked::Lags);
            }
            let hindrance = view.hindered();
            let Some(kept) = &view.kept else {
                hindered = hindered.or(hindrance);
                continue;
            };
            let Some(pending) = &kept.snapshot.pending else { continue };
            if let Some(error) = hindrance.or_else(|| self.workshop.fit(kept).err()) {
                hindered.get_or_insert(error);
                continue;
            }
            let shown = match self.show(&child.run_id, kept, pending, now).await? {
                Looked::Shown(shown) => *shown,
                Looked::Lags => return Ok(Looked::Lags),
            };
            if shown.is_work() {
                return Ok(Looked::shown(shown));
            }
            if first.as_ref().is_none_or(|other| shown.retry_after_ms < other.retry_after_ms) {
                first = Some(shown);
            }
        }
        Ok(Looked::shown(match (first, hindered) {
            (Some(first), _) => first,
            (None, Some(hindrance)) => Shown::hindered(hindrance),
            (None, None) => Shown::nothing_for(RETRY_AFTER),
        }))
    }
}

/// A run's standing, in full
pub(super) fn status(run_id: &str, view: &View, reply: Reply) -> Result<StatusReport, EngineError> {
    let Some(kept) = &view.kept else {
        return Err(EngineError::new(
            "not-begun",
            format!("run `{run_id}` has not begun"),
            "call again in a moment; a worker has to begin it",
        ));
    };
    let snapshot = &kept.snapshot;
    let at_hand = kept.fork().map(|(pending, _)| pending.step_id.as_str());
    let child = |child: &Child| {
        // Whatever was under way of a step that is no longer waited for was called off with it.
        let called_off = !child.stage.has_ended() && at_hand != Some(child.step_id.as_str());
        let word = if called_off { Status::Cancelled.word() } else { child.stage.word() };
        report(child, word)
    };
    Ok(StatusReport {
        run_id: run_id.to_owned(),
        workflow: snapshot.workflow.clone(),
        version: snapshot.version.clone(),
        status: reply.status,
        position: position(snapshot).map(str::to_owned),
        progress: reply.progress.unwrap_or(Progress { done: 0, total: 0 }),
        pending: reply.step.into_iter().collect(),
        children: kept.children.iter().map(child).collect(),
        user_answers: kept.user_answers.clone(),
        parent: snapshot.parent.as_ref().map(|parent| parent.run_id.clone()),
        created_at: snapshot.created_at.to_string(),
        updated_at: snapshot.updated_at.to_string(),
        error: reply.error,
    })
}

fn report(child: &Child, status: &str) -> ChildReport {
    ChildReport {
        run_id: child.run_id.clone(),
        index: child.index,
        item: child.item.clone(),
        status: status.to_owned(),
    }
}
