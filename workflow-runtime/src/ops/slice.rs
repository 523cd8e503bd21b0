//! `x[start:end:step]`, with Python's meaning of bounds left out, negative or too large.

use serde_json::Value;

use super::{int, mismatch};
use crate::data::kind_of;
use crate::machine::Fault;

/// `list[start:end:step]`; a step of zero is the fault `invalid-argument`
pub fn slice<T: Clone>(
    items: &[T],
    start: Option<i64>,
    end: Option<i64>,
    step: Option<i64>,
) -> Result<Vec<T>, Fault> {
    let range = Range::new(items.len(), start, end, step)?;
    Ok(range.map(|at| items[at].clone()).collect())
}

/// `string[start:end:step]`, counted in characters
pub fn slice_text(
    text: &str,
    start: Option<i64>,
    end: Option<i64>,
    step: Option<i64>,
) -> Result<String, Fault> {
    let chars: Vec<char> = text.chars().collect();
    let range = Range::new(chars.len(), start, end, step)?;
    Ok(range.map(|at| chars[at]).collect())
}

/// `x[start:end:step]` of a list or a string
pub fn slice_any(
    value: &Value,
    start: Option<i64>,
    end: Option<i64>,
    step: Option<i64>,
) -> Result<Value, Fault> {
    match value {
        Value::Array(items) => slice(items, start, end, step).map(Value::Array),
        Value::String(text) => slice_text(text, start, end, step).map(Value::String),
        other => Err(mismatch(format!("{} cannot be sliced", kind_of(other)))),
    }
}

/// The places that a slice takes, in its order
struct Range {
    next: i64,
    end: i64,
    step: i64,
}

impl Range {
    fn new(
        length: usize,
        start: Option<i64>,
        end: Option<i64>,
        step: Option<i64>,
    ) -> Result<Self, Fault> {
        let step = step.unwrap_or(1);
        if step == 0 {
            return Err(Fault::new("invalid-argument", "the step of a slice cannot be zero"));
        }
        let length = int(length);
        // Where a slice may begin and end: one place before the first when it runs backwards.
        let (least, most) = if step > 0 { (0, length) } else { (-1, length - 1) };
        let place = |bound: i64| {
            let from_start = if bound < 0 { bound.saturating_add(length) } else { bound };
            from_start.clamp(least, most)
        };
        let (begin, until) = if step > 0 { (least, most) } else { (most, least) };
        Ok(Self { next: start.map_or(begin, place), end: end.map_or(until, place), step })
    }
}

impl Iterator for Range {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let going = if self.step > 0 { self.next < self.end } else { self.next > self.end };
        let at = going.then_some(self.next)?;
        self.next = self.next.saturating_add(self.step);
        usize::try_from(at).ok()
    }
}
