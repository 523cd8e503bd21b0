//! A run as far as its journal tells: the fold of its events.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Event, Parent, Pending, Place, RunError};

/// How a run stands
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The server works on it
    Running,
    /// It waits for an answer
    Waiting,
    /// It returned
    Completed,
    /// It cannot go on
    Failed,
    /// It was called off
    Cancelled,
    /// Its workflow has changed under it, and it is kept until somebody decides
    Incompatible,
    /// Its journal is damaged, and it is kept until somebody decides
    Quarantined,
}

/// A run as far as its journal tells
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Name of the workflow
    pub workflow: String,
    /// Its version
    pub version: String,
    /// Fingerprint of the workflow that the run goes by
    pub fingerprint: String,
    /// How it stands
    pub status: Status,
    /// The inputs, defaults filled in
    pub inputs: Map<String, Value>,
    /// `item` of an inline task
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub item: Value,
    /// Where it stands among its siblings
    pub place: Place,
    /// Whose child it is
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// The author's variables
    pub state: Map<String, Value>,
    /// Where the machine stands, while it waits
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Value>,
    /// What it waits for, while it waits
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// How often each step was handed out
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub handed_out: BTreeMap<String, u32>,
    /// How many steps were run or answered
    pub steps_done: u64,
    /// What it returned
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    /// Why it failed, or was cancelled
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RunError>,
    /// When it was started
    pub created_at: Timestamp,
    /// When it last moved
    pub updated_at: Timestamp,
}

/// A journal that no run can have written
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journal is damaged: {0}")]
pub struct Damaged(pub String);

impl Snapshot {
    /// The run after the first event of a journal
    pub fn begin(first: &Event) -> Result<Self, Damaged> {
        let _ = first;
        todo!()
    }

    /// Moves on by one event
    pub fn apply(&mut self, event: &Event) -> Result<(), Damaged> {
        let _ = event;
        todo!()
    }
}
