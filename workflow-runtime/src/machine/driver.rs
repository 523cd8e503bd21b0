//! Drives a machine from one wait to the next.

use jiff::Timestamp;
use serde_json::Value;

use super::{Event, Place, Workflow};
use crate::data::Data;

/// Time and chance of one input: all that a machine knows of the world
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Env {
    /// What `now()` gives
    pub now: Timestamp,
    /// Where `uuid()` and `random()` come from; the same seed gives the same values
    pub seed: u64,
}

/// A run in memory, typed
#[derive(Clone, Debug)]
pub struct Run<W: Workflow> {
    /// The read-only inputs
    pub inputs: W::Inputs,
    /// `item` of an inline task
    pub item: W::Item,
    /// Where it stands among its siblings
    pub place: Place,
    /// The author's variables
    pub state: W::State,
}

/// What a block works with beside the run: time, chance, and the record of its writes
#[derive(Debug)]
pub struct Context {
    env: Env,
    events: Vec<Event>,
}

impl Context {
    /// Records that the current step wrote a field
    pub fn wrote<T: Data>(&mut self, field: &'static str, value: &T) {
        let _ = (field, value.to_json());
        let _ = &self.events;
        todo!()
    }

    /// `now()`
    pub fn now(&self) -> crate::data::DateTime {
        let _ = self.env;
        todo!()
    }

    /// `uuid()`
    pub fn uuid(&mut self) -> String {
        todo!()
    }

    /// `random()`: at least 0, less than 1
    pub fn random(&mut self) -> f64 {
        todo!()
    }
}

const _: fn(Value) = |_| ();
