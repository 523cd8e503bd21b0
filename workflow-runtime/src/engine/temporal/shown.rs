//! What a run's workflow is asked, and what it shows.

use serde::{Deserialize, Serialize};

use super::deeds::Hindrance;
use super::kept::{Kept, Origin};
use crate::machine::{Answer, Event, Snapshot};

/// A run as its workflow shows it
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct View {
    pub(super) origin: Origin,
    /// The execution that shows it
    pub(super) execution: String,
    /// The run, without the results of its children; none before it has begun
    pub(super) kept: Option<Kept>,
    pub(super) hindrance: Option<Hindrance>,
    /// Whether the fleet is about to move it
    pub(super) busy: bool,
}

/// Which events of an execution are wanted
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Wanted {
    /// Those behind this one
    pub(super) after: u64,
    /// As many as are not larger together than this in bytes of JSON, but one at least
    pub(super) room: usize,
}

/// Events of an execution
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Page {
    /// How many events there are before those of this execution
    pub(super) first: u64,
    /// The execution that has those
    pub(super) before: Option<String>,
    /// How many there are with those of this one
    pub(super) seq: u64,
    pub(super) events: Vec<Event>,
}

/// What an answer came to at once
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Told {
    pub(super) answer: Answer,
    pub(super) snapshot: Snapshot,
    pub(super) seq: u64,
}

/// A child that is taken up again while its parent still waits for it
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reopen {
    pub(super) index: usize,
    pub(super) execution: String,
}
