//! The child runs of a run, nested.

use std::future::Future;
use std::pin::Pin;

use super::view::{Badge, brief, run_at, short};
use crate::engine::{ChildReport, Engine, StatusReport};

/// How many child runs are looked into for their own children and where they stand
const LOOKED_INTO: usize = 64;

/// How many child runs of one run are shown
const SHOWN: usize = 500;

/// How much of an item is shown, in characters
const ITEM: usize = 100;

/// Child runs, one after the other, each with those of its own behind it
#[derive(Debug, Default)]
pub(super) struct Children {
    pub(super) rows: Vec<Child>,
    /// How many are not shown
    pub(super) more: usize,
    /// How many there are of the run itself, and how many of those have ended
    pub(super) total: usize,
    pub(super) ended: usize,
}

/// A child run
#[derive(Debug)]
pub(super) struct Child {
    pub(super) address: String,
    pub(super) id: String,
    /// From 1
    pub(super) number: usize,
    /// How deep it is nested, from 1
    pub(super) depth: usize,
    pub(super) item: String,
    pub(super) badge: Badge,
    pub(super) position: Option<String>,
}

impl Children {
    /// Those of a run that stands so
    pub(super) async fn of(engine: &dyn Engine, report: &StatusReport) -> Self {
        let is_over = |child: &&ChildReport| {
            matches!(child.status.as_str(), "completed" | "failed" | "cancelled" | "quarantined")
        };
        let total = report.children.len();
        let ended = report.children.iter().filter(is_over).count();
        let mut children = Self { total, ended, ..Self::default() };
        let mut left = LOOKED_INTO;
        children.add(engine, &report.children, 1, &mut left).await;
        children
    }

    fn add<'a>(
        &'a mut self,
        engine: &'a dyn Engine,
        reports: &'a [ChildReport],
        depth: usize,
        left: &'a mut usize,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async move {
            for report in reports {
                if self.rows.len() >= SHOWN {
                    self.more += 1;
                    continue;
                }
                let mut child = Child::of(report, depth);
                let mut inner = Vec::new();
                if *left > 0 {
                    *left -= 1;
                    // One that cannot be read is shown as its parent knows it.
                    if let Ok(report) = engine.status(&report.run_id).await {
                        child.position = report.position;
                        inner = report.children;
                    }
                }
                self.rows.push(child);
                self.add(engine, &inner, depth + 1, left).await;
            }
        })
    }
}

impl Child {
    fn of(report: &ChildReport, depth: usize) -> Self {
        Self {
            address: run_at(&report.run_id),
            id: short(&report.run_id).to_owned(),
            number: report.index + 1,
            depth,
            item: brief(&report.item, ITEM),
            badge: Badge::of(&report.status),
            position: None,
        }
    }
}
