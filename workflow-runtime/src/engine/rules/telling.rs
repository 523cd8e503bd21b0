//! Runs as they are told: what a reply is made of, whoever keeps the run.

use jiff::{SignedDuration, Timestamp};

use super::time;
use crate::engine::EngineError;
use crate::machine::{Action, Info, Pending, RunError, Snapshot, Status};
use crate::reply::{Progress, Reply, Step};

/// When to ask again while the server works, in milliseconds
pub(crate) const RETRY_AFTER: u64 = 500;

/// When to ask again at the latest, though nothing will be due by then, in milliseconds
const LONGEST_RETRY_AFTER: u64 = 60_000;

/// What a run that waits shows
#[derive(Default)]
pub(crate) struct Shown {
    /// What to do next; `None` while the server has to do something first
    pub(crate) step: Option<Step>,
    /// When that may be something else without anybody's doing
    pub(crate) retry_after_ms: Option<u64>,
    /// What the server lacks for what it has to do first
    pub(crate) missing: Option<RunError>,
    /// Why there will be nothing on this server
    pub(crate) hindrance: Option<EngineError>,
}

impl Shown {
    /// Nothing, for so long
    pub(crate) fn nothing_for(milliseconds: u64) -> Self {
        Self { retry_after_ms: Some(milliseconds), ..Self::default() }
    }

    /// Nothing, and there will be nothing on this server
    pub(crate) fn hindered(hindrance: EngineError) -> Self {
        Self { hindrance: Some(hindrance), ..Self::default() }
    }

    /// A step to do
    pub(crate) fn step(step: Step) -> Self {
        Self { step: Some(step), ..Self::default() }
    }

    /// What shows of a pending action by itself; `None` where that depends on children, or on a call
    /// of the server
    pub(crate) fn alone(run_id: &str, pending: &Pending, now: Timestamp) -> Option<Self> {
        if let Some(left) = time::rests(pending, now) {
            return Some(Self::nothing_for(milliseconds(left)));
        }
        match &pending.action {
            Action::Foreach(_) => None,
            Action::McpCall { .. } if pending.by_server => None,
            Action::Wait { resume_at, .. } => {
                let left = resume_at.duration_since(now);
                let seconds = u64::try_from(left.as_millis()).unwrap_or(0).div_ceil(1_000);
                let shown = Self::step(Step::new(run_id, pending).with_seconds_left(seconds));
                Some(Self { retry_after_ms: Some(milliseconds(left)), ..shown })
            }
            _ => Some(Self::step(Step::new(run_id, pending))),
        }
    }

    /// Whether there is something to do
    pub(crate) fn is_work(&self) -> bool {
        self.step.is_some() && self.retry_after_ms.is_none()
    }

    /// The reply of a run that waits and shows this
    pub(crate) fn reply(self, reply: Reply, pending: &Pending) -> Reply {
        if let Some(hindrance) = self.hindrance {
            return incompatible(reply, hindrance, Some(pending.step_id.clone()));
        }
        Reply {
            status: if self.step.is_none() { Status::Running } else { reply.status },
            step: self.step,
            error: self.missing,
            retry_after_ms: self.retry_after_ms,
            ..reply
        }
    }
}

/// Nothing but whose reply it is
pub(crate) fn bare(run_id: &str, workflow: &str, status: Status) -> Reply {
    Reply {
        run_id: run_id.to_owned(),
        workflow: workflow.to_owned(),
        status,
        step: None,
        progress: None,
        result: None,
        error: None,
        retry_after_ms: None,
    }
}

/// A run before its first step
pub(crate) fn queued(bare: Reply) -> Reply {
    Reply { status: Status::Running, retry_after_ms: Some(RETRY_AFTER), ..bare }
}

/// What there is to say of a run, but for what it waits for; the workflow is the one that it goes
/// on under, if that is here
pub(crate) fn standing(bare: Reply, snapshot: &Snapshot, workflow: Option<&Info>) -> Reply {
    Reply {
        progress: workflow.map(|info| Progress::of(info, snapshot)),
        result: snapshot.result.clone(),
        error: snapshot.error.clone(),
        ..bare
    }
}

/// The reply of a run that no build on this server fits
pub(crate) fn incompatible(reply: Reply, hindrance: EngineError, step_id: Option<String>) -> Reply {
    let error = RunError {
        code: hindrance.code.to_owned(),
        message: hindrance.message,
        step_id,
        help: Some(hindrance.help),
    };
    Reply { status: Status::Incompatible, error: Some(error), ..reply }
}

/// How long to wait before asking again, not longer than an agent should
fn milliseconds(left: SignedDuration) -> u64 {
    u64::try_from(left.as_millis().max(0)).unwrap_or(u64::MAX).min(LONGEST_RETRY_AFTER)
}
