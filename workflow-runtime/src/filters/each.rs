//! Filters that look at each item of a list through an expression: `map`, `select`, `sort`, …
//!
//! The expression comes as a closure, which can fail, and then the filter does.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::data::{Data, Number, arithmetic, float_text};
use crate::machine::Fault;
use crate::ops::{Order, bound_weight};

/// `list | map(…)`: what the expression gives for each item
///
/// All of it together may weigh as much as one text, else it is the fault `too-large`.
pub fn map<T, U: Data>(
    items: &[T],
    mut value: impl FnMut(&T) -> Result<U, Fault>,
) -> Result<Vec<U>, Fault> {
    let mut weight = 0_usize;
    let mut mapped = Vec::with_capacity(items.len());
    for item in items {
        let value = value(item)?;
        weight = weight.saturating_add(value.weight());
        bound_weight(weight)?;
        mapped.push(value);
    }
    Ok(mapped)
}

/// `list | select(…)`: the items for which the test is true
pub fn select<T: Clone>(
    items: &[T],
    mut test: impl FnMut(&T) -> Result<bool, Fault>,
) -> Result<Vec<T>, Fault> {
    let mut kept = Vec::new();
    for item in items {
        if test(item)? {
            kept.push(item.clone());
        }
    }
    Ok(kept)
}

/// `list | reject(…)`: the items for which the test is false
pub fn reject<T: Clone>(
    items: &[T],
    mut test: impl FnMut(&T) -> Result<bool, Fault>,
) -> Result<Vec<T>, Fault> {
    select(items, |item| test(item).map(|found| !found))
}

/// `list | sort`: by what the expression gives, items that are equal by it in the order they had
///
/// What has no order is the fault `type-mismatch`.
pub fn sort<T: Clone, K: Order>(
    items: &[T],
    reverse: bool,
    case_sensitive: bool,
    key: impl FnMut(&T) -> Result<K, Fault>,
) -> Result<Vec<T>, Fault> {
    let order = sorted(items, reverse, folding(case_sensitive, key))?;
    Ok(order.into_iter().map(|(at, _)| items[at].clone()).collect())
}

/// `list | unique`: the first item of those for which the expression gives the same
pub fn unique<T: Clone, K: Data>(
    items: &[T],
    case_sensitive: bool,
    mut key: impl FnMut(&T) -> Result<K, Fault>,
) -> Result<Vec<T>, Fault> {
    let mut seen = BTreeSet::new();
    select(items, |item| {
        let (key, mut text) = (key(item)?.to_json(), String::new());
        identity(&if case_sensitive { key } else { key.folded() }, &mut text);
        Ok(seen.insert(text))
    })
}

/// `list | min`: the first of the items that come first, null if there is none
pub fn min<T: Clone, K: Order>(
    items: &[T],
    case_sensitive: bool,
    key: impl FnMut(&T) -> Result<K, Fault>,
) -> Result<Option<T>, Fault> {
    extreme(items, Ordering::Less, folding(case_sensitive, key))
}

/// `list | max`: the first of the items that come last, null if there is none
pub fn max<T: Clone, K: Order>(
    items: &[T],
    case_sensitive: bool,
    key: impl FnMut(&T) -> Result<K, Fault>,
) -> Result<Option<T>, Fault> {
    extreme(items, Ordering::Greater, folding(case_sensitive, key))
}

/// [`min`] of items of any type
pub fn min_value<K: Order>(
    items: &[Value],
    case_sensitive: bool,
    key: impl FnMut(&Value) -> Result<K, Fault>,
) -> Result<Value, Fault> {
    min(items, case_sensitive, key).map(Option::unwrap_or_default)
}

/// [`max`] of items of any type
pub fn max_value<K: Order>(
    items: &[Value],
    case_sensitive: bool,
    key: impl FnMut(&Value) -> Result<K, Fault>,
) -> Result<Value, Fault> {
    max(items, case_sensitive, key).map(Option::unwrap_or_default)
}

/// `list | groupby(…)`: what the expression gives, in order, with the items that it is given for;
/// `pair` makes an item of the result of the two
///
/// Where capitals do not count, a group has the key of its first item.
pub fn group<T: Clone, K: Order + Clone, G>(
    items: &[T],
    case_sensitive: bool,
    pair: impl Fn(K, Vec<T>) -> G,
    mut key: impl FnMut(&T) -> Result<K, Fault>,
) -> Result<Vec<G>, Fault> {
    let keys: Vec<K> = items.iter().map(&mut key).collect::<Result<_, Fault>>()?;
    let order = sorted(&keys, false, folding(case_sensitive, |key: &K| Ok(key.clone())))?;
    let mut groups: Vec<(K, usize, Vec<T>)> = Vec::new();
    for (at, key) in order {
        match groups.last_mut() {
            Some((last, _, members)) if last.order(&key)?.is_eq() => {
                members.push(items[at].clone());
            }
            _ => groups.push((key, at, vec![items[at].clone()])),
        }
    }
    Ok(groups.into_iter().map(|(_, first, members)| pair(keys[first].clone(), members)).collect())
}

/// A key by which capitals count or do not
fn folding<T, K: Order>(
    case_sensitive: bool,
    mut key: impl FnMut(&T) -> Result<K, Fault>,
) -> impl FnMut(&T) -> Result<K, Fault> {
    move |item| key(item).map(|key| if case_sensitive { key } else { key.folded() })
}

fn extreme<T: Clone, K: Order>(
    items: &[T],
    better: Ordering,
    mut key: impl FnMut(&T) -> Result<K, Fault>,
) -> Result<Option<T>, Fault> {
    let mut best: Option<(&T, K)> = None;
    for item in items {
        let key = key(item)?;
        let replaces = match &best {
            Some((_, most)) => key.order(most)? == better,
            None => true,
        };
        if replaces {
            best = Some((item, key));
        }
    }
    Ok(best.map(|(item, _)| item.clone()))
}

/// The places of the items with their keys, in the order of the keys
///
/// Merged by hand: the standard library may panic if an order fails midway.
fn sorted<T, K: Order>(
    items: &[T],
    reverse: bool,
    mut key: impl FnMut(&T) -> Result<K, Fault>,
) -> Result<Vec<(usize, K)>, Fault> {
    let mut runs = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        runs.push(vec![(at, key(item)?)]);
    }
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut left = runs.into_iter();
        while let Some(first) = left.next() {
            merged.push(match left.next() {
                Some(second) => merge(first, second, reverse)?,
                None => first,
            });
        }
        runs = merged;
    }
    Ok(runs.pop().unwrap_or_default())
}

fn merge<K: Order>(
    first: Vec<(usize, K)>,
    second: Vec<(usize, K)>,
    reverse: bool,
) -> Result<Vec<(usize, K)>, Fault> {
    let mut merged = Vec::with_capacity(first.len() + second.len());
    let (mut first, mut second) = (first.into_iter().peekable(), second.into_iter().peekable());
    while let (Some((_, a)), Some((_, b))) = (first.peek(), second.peek()) {
        let later = if reverse { Ordering::Less } else { Ordering::Greater };
        let next = if a.order(b)? == later { second.next() } else { first.next() };
        merged.extend(next);
    }
    merged.extend(first);
    merged.extend(second);
    Ok(merged)
}

/// A text that two values have in common exactly if they are the same to the language
fn identity(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for item in items {
                identity(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (key, value) in sorted {
                text.push_str(&Value::from(key.as_str()).to_string());
                identity(value, text);
                text.push(',');
            }
            text.push('}');
        }
        other => match arithmetic(other) {
            Some(number) => text.push_str(&number_identity(number)),
            None => text.push_str(&other.to_string()),
        },
    }
}

fn number_identity(number: Number) -> String {
    match (number.integral(), number) {
        (Ok(int), _) => int.to_string(),
        (Err(_), number) => float_text(number.as_f64()),
    }
}
