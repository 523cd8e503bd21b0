//! Writes a run out as JSON lines, with all runs that came of it, whatever engine keeps it.

use std::io::Write;

use serde_json::{Value, json};

use super::rules::children::child_id;
use super::{Engine, EngineError};
use crate::machine::{Action, Event};

/// How much of a journal is read at once, in bytes of JSON
const READ: usize = 512 * 1024;

/// Writes a run and its child runs, parents first: for each a line of what it is, then a line for
/// each event of its journal
pub(crate) async fn export(
    engine: &dyn Engine,
    run_id: &str,
    out: &mut impl Write,
) -> Result<(), EngineError> {
    let mut family = vec![run_id.to_owned()];
    let mut at = 0;
    while let Some(run_id) = family.get(at).cloned() {
        match one(engine, &run_id, out).await {
            Ok(children) => family.extend(children),
            // A child whose turn never came.
            Err(error) if at > 0 && error.code == "unknown-run" => {}
            Err(error) => return Err(error),
        }
        at += 1;
    }
    Ok(())
}

/// Writes one run; gives those that came of it
async fn one(
    engine: &dyn Engine,
    run_id: &str,
    out: &mut impl Write,
) -> Result<Vec<String>, EngineError> {
    let report = engine.status(run_id).await?;
    let (mut lines, mut children) = (Vec::new(), Vec::new());
    let (mut first, mut seq) = (Value::Null, 0);
    loop {
        let page = engine.journal(run_id, seq, READ).await?;
        for recorded in page.events {
            seq = recorded.seq;
            match &recorded.event {
                Event::Started { fingerprint, place, parent, .. } => {
                    let index = parent.as_ref().map(|_| place.index);
                    let step = parent.as_ref().map(|parent| parent.step_id.clone());
                    first = json!({"fingerprint": fingerprint, "index": index, "step": step});
                }
                Event::Waiting { pending, .. } if pending.attempt == 1 => {
                    if let Action::Foreach(fork) = &pending.action {
                        let ids = (0..fork.children.len())
                            .map(|index| child_id(run_id, &pending.step_id, index));
                        children.extend(ids);
                    }
                }
                _ => {}
            }
            let mut line = json!({"run_id": run_id});
            if let Ok(Value::Object(event)) = serde_json::to_value(&recorded) {
                line.as_object_mut().into_iter().for_each(|line| line.extend(event.clone()));
            }
            lines.push(line);
        }
        if !page.more {
            break;
        }
    }
    let head = json!({
        "run_id": run_id,
        "workflow": report.workflow,
        "version": report.version,
        "fingerprint": first["fingerprint"],
        "status": report.status,
        "events": seq,
        "parent": report.parent,
        "parent_step": first["step"],
        "index": first["index"],
        "created_at": report.created_at,
        "updated_at": report.updated_at,
    });
    for line in std::iter::once(head).chain(lines) {
        writeln!(out, "{line}").map_err(|error| {
            EngineError::new("output", format!("cannot write: {error}"), "see to the disk")
        })?;
    }
    Ok(children)
}
