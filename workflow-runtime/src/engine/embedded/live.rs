//! A run while a command moves it: its row, and what is to be written.

use std::sync::Arc;

use rusqlite::Connection;

use super::planted::{Bug, planted};
use super::rows::{self, Change, RunRow};
use super::world::World;
use super::{calls, due, failure, quarantine};
use crate::engine::EngineError;
use crate::engine::rules::noted::Waits;
use crate::machine::{Action, Damaged, Event, Fork, Snapshot};

/// A run while a command moves it
pub(super) struct Live {
    pub(super) row: RunRow,
    pub(super) snapshot: Arc<Snapshot>,
    /// Whether there are timers of what it waited for when it was loaded
    pub(super) had_timers: bool,
    /// The hand-out whose call by a server it waited for when it was loaded
    pub(super) had_call: Option<String>,
    /// What it waited for when it was loaded or last written, as far as that counts
    waited: Option<Waits>,
    /// What has happened since
    new: Vec<Event>,
    /// What of its row that changes
    change: Change,
}

impl Live {
    /// A run that has begun before
    pub(super) fn load(mut row: RunRow) -> Result<Self, EngineError> {
        quarantine::refuse(&row)?;
        let Some(snapshot) = row.snapshot.take() else {
            let cause = Damaged("it has not begun".to_owned());
            return Err(failure::damaged(&row.id, &cause));
        };
        let had_timers = snapshot.pending.as_ref().is_some_and(due::has_timers);
        let had_call = calls::awaited(snapshot.pending.as_ref());
        let waited = snapshot.pending.as_ref().map(Waits::of);
        let (new, change) = (Vec::new(), Change::Moved);
        Ok(Self { row, snapshot, had_timers, had_call, waited, new, change })
    }

    /// A run that begins with these events
    pub(super) fn begin(mut row: RunRow, events: Vec<Event>) -> Result<Self, EngineError> {
        let snapshot =
            Snapshot::fold(&events).map_err(|cause| failure::damaged(&row.id, &cause))?;
        // A child that was queued may begin under another build than it was queued under.
        let same = (&row.version, &row.fingerprint) == (&snapshot.version, &snapshot.fingerprint);
        let change = if same { Change::Moved } else { Change::Stands };
        row.version.clone_from(&snapshot.version);
        row.fingerprint.clone_from(&snapshot.fingerprint);
        let snapshot = Arc::new(snapshot);
        let (had_call, waited) = (None, None);
        Ok(Self { row, snapshot, had_timers: false, had_call, waited, new: events, change })
    }

    /// Moves on
    pub(super) fn apply(&mut self, events: Vec<Event>) -> Result<(), EngineError> {
        let snapshot = Arc::make_mut(&mut self.snapshot);
        for event in &events {
            snapshot.apply(event).map_err(|cause| failure::damaged(&self.row.id, &cause))?;
        }
        // An upgrade changes what it goes by.
        if events.iter().any(|event| matches!(event, Event::Upgraded { .. })) {
            self.row.version.clone_from(&self.snapshot.version);
            self.row.fingerprint.clone_from(&self.snapshot.fingerprint);
            self.change = Change::Stands;
        }
        self.new.extend(events);
        Ok(())
    }

    /// What it waits for, if that is children
    pub(super) fn fork(&self) -> Option<&Fork> {
        match &self.snapshot.pending.as_ref()?.action {
            Action::Foreach(fork) => Some(fork),
            _ => None,
        }
    }

    /// The hand-out that it waits for
    pub(super) fn step_id(&self) -> Option<String> {
        self.snapshot.pending.as_ref().map(|pending| pending.step_id.clone())
    }

    /// Writes it down
    pub(super) fn save(
        &mut self,
        db: &Connection,
        world: &World,
        command: i64,
    ) -> Result<(), EngineError> {
        let status = self.snapshot.status.word();
        if self.row.status != status && !(planted(Bug::StatusLate) && self.snapshot.ended()) {
            status.clone_into(&mut self.row.status);
            self.change = Change::Stands;
        }
        self.row.updated_at = self.snapshot.updated_at;
        self.row.snapshot = Some(self.snapshot.clone());
        rows::append(db, &mut self.row, &self.new, command, self.change)?;
        world.ledger.note(&self.row, self.waited, &self.new);
        self.waited = self.snapshot.pending.as_ref().map(Waits::of);
        self.new.clear();
        self.change = Change::Moved;
        Ok(())
    }
}
