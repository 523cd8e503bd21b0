//! Writes a run out as JSON lines, with all runs that came of it.

use std::io::Write;
use std::path::Path;

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::super::{integrity, rows};
use crate::engine::EngineError;
use crate::engine::rules;

/// Writes a run and its child runs, parents first: for each a line of what it is, then a line for
/// each event of its journal
///
/// An event that is damaged gives a line that says so, with its bytes as far as they are text.
pub fn export(path: &Path, run_id: &str, out: &mut impl Write) -> Result<(), EngineError> {
    let mut db = super::open(path)?;
    let tx = db.transaction()?;
    let mut statement = tx.prepare(
        "SELECT id, workflow, version, fingerprint, status, seq, parent_id, parent_step,
             child_index, created_at, updated_at FROM runs
         WHERE id = ?1 OR (id >= ?1 || '.' AND id < ?1 || '/') ORDER BY id",
    )?;
    let mut family = statement.query([run_id])?;
    let mut found = false;
    while let Some(row) = family.next()? {
        found = true;
        let id: String = row.get(0)?;
        line(out, &run(row)?)?;
        journal(&tx, &id, out)?;
    }
    if found { Ok(()) } else { Err(rules::failure::unknown_run(run_id)) }
}

fn run(row: &Row<'_>) -> Result<Value, EngineError> {
    let text = |column: usize| row.get::<_, Option<String>>(column);
    let time = |column: usize| row.get(column).map(|at: i64| rows::at(at).to_string());
    Ok(json!({
        "run_id": text(0)?,
        "workflow": text(1)?,
        "version": text(2)?,
        "fingerprint": text(3)?,
        "status": text(4)?,
        "events": row.get::<_, u64>(5)?,
        "parent": text(6)?,
        "parent_step": text(7)?,
        "index": row.get::<_, Option<u64>>(8)?,
        "created_at": time(9)?,
        "updated_at": time(10)?,
    }))
}

fn journal(db: &Connection, run_id: &str, out: &mut impl Write) -> Result<(), EngineError> {
    let mut statement =
        db.prepare_cached("SELECT seq, data, checksum FROM journal WHERE run_id = ? ORDER BY seq")?;
    let mut events = statement.query([run_id])?;
    while let Some(row) = events.next()? {
        let seq: u64 = row.get(0)?;
        let (data, checksum): (Vec<u8>, u32) = (row.get(1)?, row.get(2)?);
        let mut told = json!({"run_id": run_id, "seq": seq});
        match (integrity::event(&data, checksum), serde_json::from_slice::<Value>(&data)) {
            (Ok(_), Ok(Value::Object(event))) => {
                told.as_object_mut().into_iter().for_each(|line| line.extend(event.clone()));
            }
            (Err(why), _) => {
                told["damaged"] = why.into();
                told["data"] = String::from_utf8_lossy(&data).into();
            }
            // An event is an object.
            (Ok(_), other) => told["data"] = other.unwrap_or_default(),
        }
        line(out, &told)?;
    }
    Ok(())
}

fn line(out: &mut impl Write, value: &Value) -> Result<(), EngineError> {
    writeln!(out, "{value}").map_err(|error| {
        EngineError::new("output", format!("cannot write: {error}"), "see to the disk")
    })
}
