//! `{% for %}`: what is looped over, and where the loop stands.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::Value;

use super::{bound_items, index, int, mismatch};
use crate::data::{Data, Object, kind_of};
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
    /// What [`changed`](Self::changed) was asked last, in any round
    last_asked: Rc<RefCell<Option<Vec<Value>>>>,
}

impl<'a, T> Loop<'a, T> {
    fn at(items: &'a [T], index: usize, last_asked: Rc<RefCell<Option<Vec<Value>>>>) -> Self {
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
            last_asked,
        }
    }

    /// `loop.cycle(…)`: one value after the other, round by round
    pub fn cycle<V: Clone>(&self, values: &[V]) -> Result<V, Fault> {
        index(values, self.index0.checked_rem(int(values.len())).unwrap_or(0))
    }

    /// `loop.changed(…)`: whether the values are not those of the last time that it was asked, or
    /// it is the first time
    pub fn changed(&self, values: Vec<Value>) -> bool {
        let mut last = self.last_asked.borrow_mut();
        if last.as_ref().is_some_and(|last| last.same(&values)) {
            return false;
        }
        *last = Some(values);
        true
    }
}

/// The items of a list, each with where the loop stands
pub fn each<T>(items: &[T]) -> impl Iterator<Item = (Loop<'_, T>, &T)> {
    let last_asked = Rc::default();
    let rounds = items.iter().enumerate();
    rounds.map(move |(index, item)| (Loop::at(items, index, Rc::clone(&last_asked)), item))
}

/// The characters of a string
pub fn each_text(text: &str) -> Result<Vec<String>, Fault> {
    bound_items(text.chars().count())?;
    Ok(text.chars().map(String::from).collect())
}

/// The keys of an object, in their order
pub fn each_key(object: &Object) -> Vec<String> {
    object.keys().cloned().collect()
}

/// The items of a list that several variables take: as many as there are variables
pub fn unpack<T: Clone>(items: &[T], variables: i64) -> Result<Vec<T>, Fault> {
    if int(items.len()) == variables {
        return Ok(items.to_vec());
    }
    let found = items.len();
    let unit = if found == 1 { "item" } else { "items" };
    Err(mismatch(format!("{found} {unit} cannot be given to {variables} variables, one to each")))
}

/// What a value of any type gives when looped over: the items of a list, the characters of a
/// string, the keys of an object
pub fn each_any(value: &Value) -> Result<Vec<Value>, Fault> {
    match value {
        Value::Array(items) => Ok(items.clone()),
        Value::String(text) => Ok(each_text(text)?.into_iter().map(Value::String).collect()),
        Value::Object(object) => Ok(each_key(object).into_iter().map(Value::String).collect()),
        other => Err(mismatch(format!("{} is nothing to loop over", kind_of(other)))),
    }
}
