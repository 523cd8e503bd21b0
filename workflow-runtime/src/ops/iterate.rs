//! `{% for %}`: what is looped over, and where the loop stands.

use serde_json::Value;

use super::{bound_items, index, int, mismatch};
use crate::data::kind_of;
use crate::machine::Fault;

/// Where a `{% for %}` stands: the `loop` of its body
#[derive(Debug)]
pub struct Loop<'a, T> {
    /// Which round it is, from 1
    pub index: i64,
    /// Which round it is, from 0
    pub index0: i64,
    /// How many rounds are left, this one counted
    pub revindex: i64,
    /// How many rounds are left after this one
    pub revindex0: i64,
    /// Whether this is the first round
    pub first: bool,
    /// Whether this is the last round
    pub last: bool,
    /// How many rounds there are
    pub length: i64,
    /// The item of the round before
    pub previtem: Option<&'a T>,
    /// The item of the round after
    pub nextitem: Option<&'a T>,
}

// Written out because the derived ones would ask the same of `T`.
impl<T> Clone for Loop<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loop<'_, T> {}

impl<'a, T> Loop<'a, T> {
    fn at(items: &'a [T], index: usize) -> Self {
        let left = items.len() - index;
        Self {
            index: int(index + 1),
            index0: int(index),
            revindex: int(left),
            revindex0: int(left - 1),
            first: index == 0,
            last: left == 1,
            length: int(items.len()),
            previtem: index.checked_sub(1).map(|before| &items[before]),
            nextitem: items.get(index + 1),
        }
    }

    /// `loop.cycle(…)`: one value after the other, round by round
    pub fn cycle<V: Clone>(&self, values: &[V]) -> Result<V, Fault> {
        index(values, self.index0.checked_rem(int(values.len())).unwrap_or(0))
    }
}

/// The items of a list, each with where the loop stands
pub fn each<T>(items: &[T]) -> impl Iterator<Item = (Loop<'_, T>, &T)> {
    items.iter().enumerate().map(|(index, item)| (Loop::at(items, index), item))
}

/// What a value of any type gives when looped over: the items of a list, the characters of a
/// string, the keys of an object
pub fn each_any(value: &Value) -> Result<Vec<Value>, Fault> {
    match value {
        Value::Array(items) => Ok(items.clone()),
        Value::String(text) => {
            bound_items(text.chars().count())?;
            Ok(text.chars().map(|c| Value::String(c.into())).collect())
        }
        Value::Object(object) => Ok(object.keys().cloned().map(Value::String).collect()),
        other => Err(mismatch(format!("{} is nothing to loop over", kind_of(other)))),
    }
}
