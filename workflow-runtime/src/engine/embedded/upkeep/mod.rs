//! Looking after a store's file: checked, backed up, restored, its runs written out.
//!
//! None of this needs the workflows. It works beside servers that use the store, but for restoring,
//! which is refused while they do.

mod backup;
mod check;
mod export;

pub use backup::{Restored, backup, restore};
pub use check::{Findings, check};
pub use export::export;

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::tables;
use crate::engine::EngineError;

/// How long to wait for others that hold the file
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens a store that is there, for reading
fn open(path: &Path) -> Result<Connection, EngineError> {
    tables::open_existing(path, PATIENCE)
}
