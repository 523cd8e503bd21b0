//! Looking after a store's file: checked, backed up, restored, its runs written out.
//!
//! None of this needs the workflows. It works beside servers that use the store, but for restoring,
//! which is refused while they do.

mod backup;
mod check;
mod export;
mod place;

pub use backup::{Restored, backup, restore};
pub use check::{Findings, check};
pub use export::export;

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::tables;
use crate::engine::{Check, EngineError, Phase};
use crate::plural::count;

/// How long to wait for others that hold the file
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens a store that is there, for reading
fn open(path: &Path) -> Result<Connection, EngineError> {
    tables::open_existing(path, PATIENCE)
}

/// Whether a store can be relied on: the place where it stands, and every journal in it
///
/// Takes as long as reading all of it.
pub(super) fn checks(store: &Path) -> Vec<Check> {
    let mut checks = place::checks(store);
    checks.push(journals(store));
    checks
}

fn journals(store: &Path) -> Check {
    let (phase, name) = (Phase::During, "journals");
    let told = "`workflow-server doctor` tells of each what to do";
    match check(store) {
        Ok(found) if found.problems.is_empty() => {
            let (runs, events) = (count(found.runs, "run"), count(found.events, "event"));
            Check::ok(phase, name, format!("{runs} with {events}, all sound"))
        }
        Ok(found) => {
            let first = found.problems.first().map_or("", |problem| problem.message.as_str());
            let problems = count(found.problems.len() as u64, "problem");
            Check::fail(phase, name, format!("{problems}, the first: {first}"), told)
        }
        Err(error) => Check::fail(phase, name, error.message, error.help),
    }
}
