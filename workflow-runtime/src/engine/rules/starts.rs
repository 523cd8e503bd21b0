//! What runs begin with.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::builds::Build;
use super::failure;
use crate::engine::EngineError;
use crate::machine::{ChildStart, Event, Parent, Place, Program, Start};
use crate::registry::Registry;

/// The workflow that a new run goes by
pub(crate) fn startable<'a>(
    registry: &'a Registry,
    name: &str,
) -> Result<&'a Arc<dyn Program>, EngineError> {
    let Some(program) = registry.get(name) else {
        return Err(failure::unknown_workflow(registry, name));
    };
    if program.info().inline_task {
        return Err(EngineError::new(
            "unknown-workflow",
            format!("`{name}` is an inline task, which does not start by itself"),
            "start the workflow that it is part of",
        ));
    }
    Ok(program)
}

/// The same for the same workflow and inputs, whatever the order of their keys
pub(crate) fn digest(workflow: &str, inputs: &Map<String, Value>) -> Vec<u8> {
    let mut value = Value::Object(inputs.clone());
    value.sort_all_objects();
    let mut hasher = Sha256::new();
    hasher.update(workflow.as_bytes());
    hasher.update([0]);
    hasher.update(value.to_string().as_bytes());
    hasher.finalize().to_vec()
}

/// What a child begins with; a workflow of its own gets the item as one of its inputs
pub(crate) fn of_child(
    child: &ChildStart,
    place: Place,
    parent: Parent,
    inline_task: bool,
) -> Start {
    let item = if inline_task { child.item.clone() } else { Value::Null };
    Start { inputs: child.inputs.clone(), item, place, parent: Some(parent) }
}

/// The journal of a run that ended before its first step
pub(crate) fn stillborn(build: &Build<'_>, start: Start, end: Event, at: Timestamp) -> Vec<Event> {
    let started = Event::Started {
        workflow: build.workflow.to_owned(),
        version: build.version.to_owned(),
        fingerprint: build.fingerprint.to_owned(),
        inputs: start.inputs,
        item: start.item,
        place: start.place,
        parent: start.parent,
        state: Map::new(),
        at,
    };
    vec![started, end]
}
