//! `length`, `join`, `first`, `last`.

use std::borrow::Cow;

use serde_json::Value;

use crate::data::{Data, Object, kind_of};
use crate::machine::Fault;
use crate::ops::{bound_bytes, each_any, int, mismatch};

/// `list | length`
pub fn length<T>(items: &[T]) -> i64 {
    int(items.len())
}

/// `string | length`, in characters
pub fn length_text(text: &str) -> i64 {
    int(text.chars().count())
}

/// `object | length`: how many keys it has
pub fn length_object(object: &Object) -> i64 {
    int(object.len())
}

/// `x | length`; what is no list, string or object has none
pub fn length_any(value: &Value) -> Result<i64, Fault> {
    match value {
        Value::Array(items) => Ok(length(items)),
        Value::String(text) => Ok(length_text(text)),
        Value::Object(object) => Ok(length_object(object)),
        other => Err(mismatch(format!("{} has no length", kind_of(other)))),
    }
}

/// `list | join(separator)`, of what the items print as
pub fn join<T: Data>(items: &[T], separator: &str) -> Result<String, Fault> {
    let parts: Vec<Cow<'_, str>> = items.iter().map(Data::show).collect();
    let separators = separator.len().saturating_mul(parts.len().saturating_sub(1));
    bound_bytes(parts.iter().map(|part| part.len()).sum::<usize>().saturating_add(separators))?;
    Ok(parts.join(separator))
}

/// `string | join(separator)`: between its characters
pub fn join_text(text: &str, separator: &str) -> Result<String, Fault> {
    join_any(&Value::from(text), separator)
}

/// `x | join(separator)`: of items, characters or keys
pub fn join_any(value: &Value, separator: &str) -> Result<String, Fault> {
    match value {
        Value::Array(items) => join(items, separator),
        other => join(&each_any(other)?, separator),
    }
}

/// `list | first`, null if it is empty
pub fn first<T: Clone>(items: &[T]) -> Option<T> {
    items.first().cloned()
}

/// [`first`] of items that may be null themselves
pub fn first_known<T: Clone>(items: &[Option<T>]) -> Option<T> {
    items.first().cloned().flatten()
}

/// [`first`] of items of any type
pub fn first_value(items: &[Value]) -> Value {
    first(items).unwrap_or_default()
}

/// `string | first`: its first character
pub fn first_text(text: &str) -> Option<String> {
    text.chars().next().map(String::from)
}

/// `x | first`: an item, a character or a key
pub fn first_any(value: &Value) -> Result<Value, Fault> {
    match value {
        Value::Array(items) => Ok(first(items).unwrap_or_default()),
        Value::String(text) => Ok(first_text(text).to_json()),
        Value::Object(object) => Ok(object.keys().next().cloned().to_json()),
        other => Err(mismatch(format!("{} has no first item", kind_of(other)))),
    }
}

/// `list | last`, null if it is empty
pub fn last<T: Clone>(items: &[T]) -> Option<T> {
    items.last().cloned()
}

/// [`last`] of items that may be null themselves
pub fn last_known<T: Clone>(items: &[Option<T>]) -> Option<T> {
    items.last().cloned().flatten()
}

/// [`last`] of items of any type
pub fn last_value(items: &[Value]) -> Value {
    last(items).unwrap_or_default()
}

/// `string | last`: its last character
pub fn last_text(text: &str) -> Option<String> {
    text.chars().next_back().map(String::from)
}

/// `x | last`: an item, a character or a key
pub fn last_any(value: &Value) -> Result<Value, Fault> {
    match value {
        Value::Array(items) => Ok(last(items).unwrap_or_default()),
        Value::String(text) => Ok(last_text(text).to_json()),
        Value::Object(object) => Ok(object.keys().next_back().cloned().to_json()),
        other => Err(mismatch(format!("{} has no last item", kind_of(other)))),
    }
}
