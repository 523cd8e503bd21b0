//! `list`, `reverse`, `batch`, `slice`, `sum`, `items`, `dictsort`.

use serde_json::Value;

use super::each::sort;
use crate::data::{Data, Object, kind_of};
use crate::machine::Fault;
use crate::ops::{Order as _, Plus, add, bound_items, bound_weight, mismatch};

/// `s | list`: its characters
pub fn list_text(text: &str) -> Result<Vec<String>, Fault> {
    bound_items(text.chars().count())?;
    Ok(text.chars().map(String::from).collect())
}

/// `object | list`: its keys
pub fn list_object(object: &Object) -> Vec<String> {
    object.keys().cloned().collect()
}

/// `list | reverse`
pub fn reverse<T: Clone>(items: &[T]) -> Vec<T> {
    items.iter().rev().cloned().collect()
}

/// `x | reverse`: of a string its characters as a string, of all else a list
pub fn reverse_any(value: &Value) -> Result<Value, Fault> {
    match value {
        Value::String(text) => Ok(Value::String(super::reverse_text(text))),
        other => crate::ops::each_any(other).map(|items| Value::Array(reverse(&items))),
    }
}

/// `list | batch(size, fill)`: lists of so many items, the last with what is left, filled up if
/// there is something to fill it with
pub fn batch<T: Data>(items: &[T], size: i64, fill: Option<&T>) -> Result<Vec<Vec<T>>, Fault> {
    let size = count(size, "batch")?;
    let mut batches: Vec<Vec<T>> = items.chunks(size).map(<[T]>::to_vec).collect();
    if let (Some(last), Some(fill)) = (batches.last_mut(), fill) {
        let missing = size.saturating_sub(last.len());
        bound_items(size)?;
        bound_weight(fill.weight().saturating_mul(missing))?;
        last.extend(std::iter::repeat_n(fill.clone(), missing));
    }
    Ok(batches)
}

/// `list | slice(count, fill)`: so many lists, as equal in length as can be, the first ones longer
///
/// What there is to fill with stands at the end of each but the longer ones, as in Jinja2 even
/// where all are of one length.
pub fn slices<T: Data>(items: &[T], slices: i64, fill: Option<&T>) -> Result<Vec<Vec<T>>, Fault> {
    let slices = count(slices, "slice")?;
    bound_items(slices)?;
    bound_weight(fill.map_or(0, Data::weight).saturating_mul(slices))?;
    let (least, longer) = (items.len() / slices, items.len() % slices);
    let mut rest = items;
    let mut all = Vec::with_capacity(slices);
    for at in 0..slices {
        let (slice, behind) = rest.split_at(least + usize::from(at < longer));
        let fill = fill.filter(|_| at >= longer);
        all.push(slice.iter().chain(fill).cloned().collect());
        rest = behind;
    }
    Ok(all)
}

fn count(count: i64, filter: &str) -> Result<usize, Fault> {
    usize::try_from(count).ok().filter(|count| *count > 0).ok_or_else(|| {
        Fault::new("invalid-argument", format!("`{filter}` takes at least 1, not {count}"))
    })
}

/// `list | sum(start=start)`, of numbers
pub fn sum<T: Plus + Clone>(items: &[T], start: &T) -> Result<T, Fault> {
    items.iter().try_fold(start.clone(), |sum, item| add(&sum, item))
}

/// `list | sum(start=start)` of lists: one after the other
pub fn sum_lists<T: Clone>(items: &[Vec<T>], start: &[T]) -> Result<Vec<T>, Fault> {
    bound_items(items.iter().map(Vec::len).fold(start.len(), usize::saturating_add))?;
    Ok(start.iter().chain(items.iter().flatten()).cloned().collect())
}

/// `x | sum(start=start)`, of numbers or of lists; of strings there is `join`
pub fn sum_any(items: &[Value], start: &Value) -> Result<Value, Fault> {
    if let Value::Array(start) = start {
        let lists: Result<Vec<Vec<Value>>, Fault> = items.iter().map(list_of).collect();
        return sum_lists(&lists?, start).map(Value::Array);
    }
    let text = items.iter().chain([start]).find(|item| item.is_string());
    if text.is_some() {
        return Err(mismatch(String::from("`sum` takes numbers, not a string"))
            .help("`join` puts texts together"));
    }
    sum(items, start)
}

fn list_of(value: &Value) -> Result<Vec<Value>, Fault> {
    match value {
        Value::Array(items) => Ok(items.clone()),
        other => {
            let found = kind_of(other);
            Err(mismatch(format!("`sum` with a list to start with takes lists, not {found}")))
        }
    }
}

/// `object | items`: each key with its value, as a list of two
pub fn items(object: &Object) -> Vec<Vec<Value>> {
    object.iter().map(|(key, value)| vec![Value::from(key.as_str()), value.clone()]).collect()
}

/// `x | items`, of an object
pub fn items_any(value: &Value) -> Result<Vec<Vec<Value>>, Fault> {
    object_of(value, "items").map(items)
}

/// `object | dictsort(case_sensitive, by, reverse)`: [`items`] in the order of their keys, or of
/// their values
///
/// Any other `by` than `key` and `value` is the fault `invalid-argument`.
pub fn dictsort(
    object: &Object,
    case_sensitive: bool,
    by: &str,
    reverse: bool,
) -> Result<Vec<Vec<Value>>, Fault> {
    let at = match by {
        "key" => 0,
        "value" => 1,
        other => {
            let message = format!("`dictsort` sorts by `key` or `value`, not by `{other}`");
            return Err(Fault::new("invalid-argument", message));
        }
    };
    sort(&items(object), reverse, case_sensitive, |pair| Ok(pair[at].clone()))
}

/// `x | dictsort(case_sensitive, by, reverse)`, of an object
pub fn dictsort_any(
    value: &Value,
    case_sensitive: bool,
    by: &str,
    reverse: bool,
) -> Result<Vec<Vec<Value>>, Fault> {
    dictsort(object_of(value, "dictsort")?, case_sensitive, by, reverse)
}

fn object_of<'v>(value: &'v Value, filter: &str) -> Result<&'v Object, Fault> {
    let found = kind_of(value);
    value.as_object().ok_or_else(|| mismatch(format!("`{filter}` takes an object, not {found}")))
}

/// What a value is compared by where capitals do not count
pub fn fold_any(value: &Value) -> Value {
    value.clone().folded()
}

/// `object | first`: its first key
pub fn first_object(object: &Object) -> Option<String> {
    object.keys().next().cloned()
}

/// `object | last`: its last key
pub fn last_object(object: &Object) -> Option<String> {
    object.keys().next_back().cloned()
}
