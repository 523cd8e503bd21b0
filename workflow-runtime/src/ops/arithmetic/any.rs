//! Arithmetic of values of any type: numbers, and what Python adds and repeats.

use serde_json::Value;

use super::number::overflow;
use super::{Arithmetic, Plus};
use crate::data::{Data, Number, arithmetic, kind_of};
use crate::machine::Fault;
use crate::ops::{bound_bytes, bound_items, bound_weight, mismatch};

impl Plus for Value {
    fn plus(&self, other: &Self) -> Result<Self, Fault> {
        match (self, other) {
            (Self::String(a), Self::String(b)) => a.plus(b).map(Self::String),
            (Self::Array(a), Self::Array(b)) => a.plus(b).map(Self::Array),
            (a, b) => numbers("+", a, b, Plus::plus),
        }
    }
}

impl Arithmetic for Value {
    type Quotient = Self;
    type Power = Self;

    fn minus(&self, other: &Self) -> Result<Self, Fault> {
        numbers("-", self, other, Arithmetic::minus)
    }

    fn times(&self, other: &Self) -> Result<Self, Fault> {
        match (self, other) {
            (Self::String(text), times @ (Self::Number(_) | Self::Bool(_)))
            | (times @ (Self::Number(_) | Self::Bool(_)), Self::String(text)) => {
                let times = repeats(times)?;
                bound_bytes(text.len().saturating_mul(times))?;
                Ok(Self::String(text.repeat(times)))
            }
            (Self::Array(items), times @ (Self::Number(_) | Self::Bool(_)))
            | (times @ (Self::Number(_) | Self::Bool(_)), Self::Array(items)) => {
                let times = repeats(times)?;
                bound_items(items.len().saturating_mul(times))?;
                let weight: usize = items.iter().map(Data::weight).sum();
                bound_weight(weight.saturating_mul(times))?;
                // Nothing, however often, would be counted through all the same.
                let times = if items.is_empty() { 0 } else { times };
                Ok(std::iter::repeat_n(items, times).flatten().cloned().collect())
            }
            (a, b) => numbers("*", a, b, Arithmetic::times),
        }
    }

    fn divided(&self, other: &Self) -> Result<Self, Fault> {
        numbers("/", self, other, |a, b| a.divided(b).map(Number::Float))
    }

    fn floor_divided(&self, other: &Self) -> Result<Self, Fault> {
        numbers("//", self, other, Arithmetic::floor_divided)
    }

    fn remainder(&self, other: &Self) -> Result<Self, Fault> {
        numbers("%", self, other, Arithmetic::remainder)
    }

    fn power(&self, other: &Self) -> Result<Self, Fault> {
        numbers("**", self, other, Arithmetic::power)
    }

    fn negated(&self) -> Result<Self, Fault> {
        signed(self)?.negated().map(|number| number.to_json())
    }

    fn positive(&self) -> Result<Self, Fault> {
        signed(self).map(|number| number.to_json())
    }
}

/// A value before which a sign stands
fn signed(value: &Value) -> Result<Number, Fault> {
    arithmetic(value)
        .ok_or_else(|| mismatch(format!("a sign takes a number, not {}", kind_of(value))))
}

/// An operator between two values that must both be numbers
fn numbers(
    operator: &str,
    a: &Value,
    b: &Value,
    apply: impl FnOnce(&Number, &Number) -> Result<Number, Fault>,
) -> Result<Value, Fault> {
    let (left, right) = match (arithmetic(a), arithmetic(b)) {
        (Some(left), Some(right)) => (left, right),
        _ if a.is_number() && b.is_number() => {
            return Err(overflow(&format!("{a} {operator} {b}")));
        }
        _ => {
            let (a, b) = (kind_of(a), kind_of(b));
            return Err(mismatch(format!("`{operator}` does not go between {a} and {b}")));
        }
    };
    apply(&left, &right).map(|number| number.to_json())
}

/// How often to repeat: below zero is never, as in Python
fn repeats(times: &Value) -> Result<usize, Fault> {
    match arithmetic(times) {
        Some(Number::Int(times)) => Ok(usize::try_from(times.max(0)).unwrap_or(usize::MAX)),
        _ => Err(mismatch(format!("only an integer repeats, not `{times}`"))),
    }
}
