//! What has happened in the transaction at hand, told once it is durable.
//!
//! A transaction that is rolled back, or a part of it, takes what it noted with it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::rows::RunRow;
use crate::engine::rules::noted::{self, Note, Waits, Whose};
use crate::machine::Event;
use crate::telemetry::{Fact, Steps, Telemetry};

/// What is told once the transaction at hand is durable
pub(super) struct Ledger {
    telemetry: Telemetry,
    /// Where runs wait that were moved here
    pub(super) steps: Steps,
    notes: Mutex<Vec<Note>>,
}

impl Ledger {
    pub(super) fn new(telemetry: Telemetry) -> Self {
        Self { telemetry, steps: Steps::default(), notes: Mutex::default() }
    }

    /// A transaction begins: what an earlier one noted and did not keep is forgotten
    pub(super) fn begin(&self) {
        self.notes().clear();
    }

    /// Where the notes are at, for [`Ledger::back_to`]
    pub(super) fn mark(&self) -> usize {
        self.notes().len()
    }

    /// What was noted since is undone
    pub(super) fn back_to(&self, mark: usize) {
        self.notes().truncate(mark);
    }

    /// Notes what is written of a run, which waited so before
    pub(super) fn note(&self, row: &RunRow, waited: Option<Waits>, events: &[Event]) {
        let parent = row.parent.as_ref().map(|parent| parent.id.as_str());
        let whose = Whose { run: &row.id, parent, workflow: &row.workflow };
        self.notes().extend(noted::notes(whose, waited, events));
    }

    /// Tells what was noted; the transaction is durable
    pub(super) fn tell(&self, commands: usize, took: Duration) {
        self.telemetry.tell(Fact::Committed { commands, took });
        for note in self.notes().drain(..) {
            note.tell(&self.telemetry, Some(&self.steps));
        }
    }

    fn notes(&self) -> MutexGuard<'_, Vec<Note>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
