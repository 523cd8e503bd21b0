//! How a run stands, in short: what those look at who want to know whether it has moved.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::StatusReport;
use crate::machine::Status;
use crate::reply::Progress;

/// How a run stands, in short
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How it stands
    pub status: Status,
    /// The step it stands at
    pub position: Option<String>,
    /// How far it is
    pub progress: Progress,
    /// Of the child runs that it waits for, how many have ended, and how many there are
    pub children: Option<(usize, usize)>,
    /// Another whenever something has changed in what is told of the run
    pub(super) mark: u64,
}

impl Standing {
    pub(super) fn of(report: &StatusReport) -> Self {
        let pending = report.pending.iter().find(|step| step.kind == "foreach");
        let ended = report.children.iter().filter(|child| is_over(&child.status)).count();
        Self {
            status: report.status,
            position: report.position.clone(),
            progress: report.progress,
            children: pending.map(|_| (ended, report.children.len())),
            mark: mark(&serde_json::to_string(report).unwrap_or_default()),
        }
    }

    /// Another number whenever something has changed in what is told of the run
    pub(crate) fn mark(&self) -> u64 {
        self.mark
    }

    /// How far the run is, in steps of the top level: between two of them by its child runs
    #[expect(clippy::cast_precision_loss, reason = "counts of steps and child runs")]
    pub(crate) fn done(&self) -> f64 {
        let part = match self.children {
            Some((ended, all)) if all > 0 => ended as f64 / all as f64,
            _ => 0.0,
        };
        self.progress.done as f64 + part
    }
}

/// Whether a run that stands so, in a word, goes on no more
pub(super) fn is_over(status: &str) -> bool {
    Status::OVER.iter().any(|over| over.word() == status)
}

/// A number that is another for what differs
pub(crate) fn mark(of: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}
