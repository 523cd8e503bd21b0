//! `== < <= > >= in`.

use std::cmp::Ordering;

use serde_json::Value;

use super::mismatch;
use crate::data::{Data, DateTime, Number, Object, arithmetic, kind_of};
use crate::machine::Fault;

/// What has an order
pub trait Order: Sized {
    /// Which of the two comes first; of kinds that cannot be compared, the fault `type-mismatch`
    fn order(&self, other: &Self) -> Result<Ordering, Fault>;

    /// What it is compared by where capitals do not count
    #[must_use]
    fn folded(self) -> Self {
        self
    }
}

/// Whether two values are the same: 1 is 1.0, and objects are whatever the order of their keys
pub fn equal<T: Data>(a: &T, b: &T) -> bool {
    a.same(b)
}

/// Which of the two comes first
pub fn compare<T: Order>(a: &T, b: &T) -> Result<Ordering, Fault> {
    a.order(b)
}

/// `a < b`
pub fn less<T: Order>(a: &T, b: &T) -> Result<bool, Fault> {
    a.order(b).map(Ordering::is_lt)
}

/// `a <= b`
pub fn less_equal<T: Order>(a: &T, b: &T) -> Result<bool, Fault> {
    a.order(b).map(Ordering::is_le)
}

/// `a > b`
pub fn greater<T: Order>(a: &T, b: &T) -> Result<bool, Fault> {
    a.order(b).map(Ordering::is_gt)
}

/// `a >= b`
pub fn greater_equal<T: Order>(a: &T, b: &T) -> Result<bool, Fault> {
    a.order(b).map(Ordering::is_ge)
}

/// `needle in list`
pub fn contains<T: Data>(haystack: &[T], needle: &T) -> bool {
    haystack.iter().any(|item| item.same(needle))
}

/// `needle in string`: whether it is a part of it; the empty string is
pub fn contains_text(haystack: &str, needle: &str) -> bool {
    haystack.contains(needle)
}

/// `needle in object`: whether it is a key
pub fn contains_object(haystack: &Object, needle: &str) -> bool {
    haystack.contains_key(needle)
}

/// `needle in haystack`: an item of a list, a part of a string, a key of an object
pub fn contains_any(haystack: &Value, needle: &Value) -> Result<bool, Fault> {
    match (haystack, needle) {
        (Value::Array(items), needle) => Ok(contains(items, needle)),
        (Value::String(text), Value::String(part)) => Ok(contains_text(text, part)),
        (Value::Object(object), Value::String(key)) => Ok(contains_object(object, key)),
        (Value::Object(_), _) => Ok(false),
        (Value::String(_), other) => {
            Err(mismatch(format!("only a string can be in a string, not {}", kind_of(other))))
        }
        (other, _) => Err(mismatch(format!("nothing can be in {}", kind_of(other)))),
    }
}

impl Order for bool {
    fn order(&self, other: &Self) -> Result<Ordering, Fault> {
        Ok(self.cmp(other))
    }
}

impl Order for i64 {
    fn order(&self, other: &Self) -> Result<Ordering, Fault> {
        Ok(self.cmp(other))
    }
}

impl Order for f64 {
    fn order(&self, other: &Self) -> Result<Ordering, Fault> {
        Number::from(*self).order(&Number::from(*other))
    }
}

impl Order for Number {
    fn order(&self, other: &Self) -> Result<Ordering, Fault> {
        Ok((*self).compare(*other))
    }
}

impl Order for String {
    fn order(&self, other: &Self) -> Result<Ordering, Fault> {
        Ok(self.cmp(other))
    }

    fn folded(self) -> Self {
        self.to_lowercase()
    }
}

impl Order for DateTime {
    fn order(&self, other: &Self) -> Result<Ordering, Fault> {
        Ok(self.cmp(other))
    }
}

/// Item by item; of two lists that begin alike, the shorter comes first
impl<T: Order + Data> Order for Vec<T> {
    fn order(&self, other: &Self) -> Result<Ordering, Fault> {
        match self.iter().zip(other).find(|(a, b)| !a.same(b)) {
            Some((a, b)) => a.order(b),
            None => Ok(self.len().cmp(&other.len())),
        }
    }
}

impl Order for Value {
    fn order(&self, other: &Self) -> Result<Ordering, Fault> {
        match (self, other) {
            (Self::String(a), Self::String(b)) => a.order(b),
            (Self::Array(a), Self::Array(b)) => a.order(b),
            (a, b) => match (arithmetic(a), arithmetic(b)) {
                (Some(a), Some(b)) => a.order(&b),
                _ if a.is_number() && b.is_number() => Ok(order_large(a, b)),
                _ => {
                    let (a, b) = (kind_of(a), kind_of(b));
                    Err(mismatch(format!("{a} has no order with {b}")))
                }
            },
        }
    }

    fn folded(self) -> Self {
        match self {
            Self::String(text) => Self::String(text.folded()),
            other => other,
        }
    }
}

/// Numbers of which one is an integer beyond 64 bits with sign
fn order_large(a: &Value, b: &Value) -> Ordering {
    match (a.as_u64(), b.as_u64()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
    }
}
