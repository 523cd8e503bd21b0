//! Runs whose record is damaged: mended where the journal is whole, else kept apart.
//!
//! A run in quarantine does nothing more, and nothing is written to it. To its parent it is a child
//! that failed: its siblings finish, then the step's `on_child_error` decides. Its own children go
//! on, and keep their results.

use rusqlite::Connection;

use super::cascade::Cascade;
use super::due::apart;
use super::rows::{self, RunRow};
use super::world::World;
use super::{failure, integrity, snapshots};
use crate::engine::EngineError;

/// Damaged records that one command may come upon
const MAX_DAMAGED: usize = 1_000;

/// Does something that leaves nothing behind where it fails; where it fails over a damaged record,
/// that is seen to, and it is done again
pub(super) fn heal<T>(
    db: &Connection,
    world: &World,
    work: &dyn Fn(&Connection) -> Result<T, EngineError>,
) -> Result<Result<T, EngineError>, EngineError> {
    let mut seen: Vec<String> = Vec::new();
    loop {
        let mark = world.ledger.mark();
        let outcome = apart(db, work)?;
        if outcome.is_err() {
            world.ledger.back_to(mark);
        }
        let Some(run_id) = outcome.as_ref().err().and_then(|error| error.damaged.clone()) else {
            return Ok(outcome);
        };
        let why = outcome.as_ref().err().map_or("", |error| error.message.as_str());
        let mended = !seen.contains(&run_id) && apart(db, |db| mend(db, &run_id))??;
        if !mended {
            // What follows from it may come upon other damaged records, of parents say.
            let put = heal(db, world, &|db| put_in(db, world, &run_id, why))?;
            if !matches!(put, Ok(true)) || seen.len() >= MAX_DAMAGED {
                return Ok(outcome);
            }
        }
        seen.push(run_id);
    }
}

/// Makes what is kept beside a whole journal anew; whether the journal is whole
fn mend(db: &Connection, run_id: &str) -> Result<bool, EngineError> {
    let Some(row) = rows::undecoded(db, run_id)? else { return Ok(false) };
    let Ok(snapshot) = integrity::fold(db, &row) else { return Ok(false) };
    tracing::warn!(run = run_id, "what is kept beside the journal was damaged and is made anew");
    let status = if row.status == "queued" { "queued" } else { snapshot.status.word() };
    snapshots::forget(db, run_id)?;
    db.prepare_cached("UPDATE runs SET status = ? WHERE id = ?")?.execute([status, run_id])?;
    if !rows::has_whole_start(db, run_id)? {
        // It has begun: what it began with is in its journal.
        db.prepare_cached("UPDATE runs SET start = NULL, start_sum = NULL WHERE id = ?")?
            .execute([run_id])?;
    }
    Ok(true)
}

/// Puts a run in quarantine, and goes on with whoever waited for it; `false` if it is there already
fn put_in(db: &Connection, world: &World, run_id: &str, why: &str) -> Result<bool, EngineError> {
    let Some(row) = rows::undecoded(db, run_id)? else { return Ok(false) };
    if row.quarantine.is_some() {
        return Ok(false);
    }
    tracing::error!(run = run_id, why, "the run is put in quarantine");
    db.prepare_cached("UPDATE runs SET status = 'quarantined', quarantine = ? WHERE id = ?")?
        .execute([why, run_id])?;
    for table in ["timers", "calls"] {
        db.execute(&format!("DELETE FROM {table} WHERE run_id = ?"), [run_id])?;
    }
    world.calls.raise();
    if !matches!(row.status.as_str(), "completed" | "failed" | "cancelled") {
        let mut cascade = Cascade::new(db, world, world.now());
        cascade.ended(&row, row.status == "queued")?;
        cascade.finish()?;
    }
    Ok(true)
}

/// Refuses to move a run in quarantine
pub(super) fn refuse(row: &RunRow) -> Result<(), EngineError> {
    match &row.quarantine {
        Some(why) => Err(failure::quarantined(why)),
        None => Ok(()),
    }
}
