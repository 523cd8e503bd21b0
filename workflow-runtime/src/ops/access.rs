//! `x.name` and `x[i]`.

use serde_json::Value;

use super::{cast, mismatch};
use crate::data::{Number, Object, kind_of};
use crate::machine::Fault;

static NULL: Value = Value::Null;

/// `list[i]`; a negative index counts from the end
pub fn index<T: Clone>(items: &[T], index: i64) -> Result<T, Fault> {
    position(index, items.len())
        .map(|at| items[at].clone())
        .ok_or_else(|| out_of_range(index, "list", items.len(), "items"))
}

/// `string[i]`: one character, as a string
pub fn index_text(text: &str, index: i64) -> Result<String, Fault> {
    let found = match usize::try_from(index) {
        Ok(index) => text.chars().nth(index),
        Err(_) => usize::try_from(!index).ok().and_then(|back| text.chars().rev().nth(back)),
    };
    let length = || text.chars().count();
    found.map(String::from).ok_or_else(|| out_of_range(index, "string", length(), "characters"))
}

/// `x[i]`: an item, a character, or the field of an object (null if it has none of that name)
pub fn index_any(value: &Value, key: &Value) -> Result<Value, Fault> {
    match (value, key) {
        (Value::Object(object), Value::String(key)) => Ok(entry(object, key).clone()),
        (Value::Array(items), Value::Number(_)) => index(items, integral(key)?),
        (Value::String(text), Value::Number(_)) => {
            index_text(text, integral(key)?).map(Value::String)
        }
        (Value::Array(_) | Value::String(_) | Value::Object(_), _) => {
            let wanted = if value.is_object() { "a string" } else { "an integer" };
            let (what, key) = (kind_of(value), kind_of(key));
            Err(mismatch(format!("{what} is indexed by {wanted}, not by {key}")))
        }
        _ => Err(no_field(value, &key.to_string())),
    }
}

/// `x.name` of a value of any type: null for a key that an object does not have, the fault
/// `no-such-field` for what is no object
pub fn field<'a>(value: &'a Value, name: &str) -> Result<&'a Value, Fault> {
    match value {
        Value::Object(object) => Ok(entry(object, name)),
        other => Err(no_field(other, name)),
    }
}

/// `x.name` of an open object: null for a key that it does not have
pub fn entry<'a>(object: &'a Object, name: &str) -> &'a Value {
    object.get(name).unwrap_or(&NULL)
}

fn integral(key: &Value) -> Result<i64, Fault> {
    cast::<Number>(key)?.integral()
}

/// Where an index points to, counted from the start
fn position(index: i64, length: usize) -> Option<usize> {
    let at = match usize::try_from(index) {
        Ok(at) => at,
        Err(_) => length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
    };
    (at < length).then_some(at)
}

fn out_of_range(index: i64, what: &str, length: usize, unit: &str) -> Fault {
    let length = match length {
        0 => "is empty".to_owned(),
        1 => format!("has 1 {}", unit.trim_end_matches('s')),
        _ => format!("has {length} {unit}"),
    };
    Fault::new(
        "index-out-of-range",
        format!("the index {index} is out of range: the {what} {length}"),
    )
}

fn no_field(value: &Value, name: &str) -> Fault {
    Fault::new("no-such-field", format!("there is no `{name}` in {}", kind_of(value)))
}
