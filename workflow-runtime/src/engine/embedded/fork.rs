//! Child runs as rows.

use super::rows::RunRow;
use crate::engine::rules::children::Ended;
use crate::machine::Snapshot;

/// Whether nothing more will happen to a run
pub(super) fn has_ended(row: &RunRow) -> bool {
    if row.quarantine.is_some() {
        return true;
    }
    // A child that is taken up again is queued once more, with what it had come to.
    row.status != "queued" && row.snapshot.as_deref().is_some_and(Snapshot::ended)
}

/// A child that has ended, as its parent's step sees it
pub(super) fn ended(row: &RunRow) -> Ended<'_> {
    let outcome = match &row.snapshot {
        Some(snapshot) => Ended::outcome_of(snapshot),
        None => Err(row.quarantine.as_deref().unwrap_or("no reason is known")),
    };
    let index = row.parent.as_ref().map_or(0, |parent| parent.index);
    Ended { run_id: &row.id, index, outcome }
}
