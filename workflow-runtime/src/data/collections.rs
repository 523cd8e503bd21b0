//! Lists, what may be null, open objects, and values of any type.

use std::borrow::Cow;

use serde_json::Value;

use super::json::json_text;
use super::{Data, Mismatch, Number, Object, float_text};

impl<T: Data> Data for Vec<T> {
    fn to_json(&self) -> Value {
        self.iter().map(Data::to_json).collect()
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        let Value::Array(items) = value else { return Err(Mismatch::of::<Self>(value)) };
        let item = |(index, item)| T::from_json(item).map_err(|found| found.in_item(index));
        items.iter().enumerate().map(item).collect()
    }

    fn expected(plural: bool) -> String {
        format!("{} of {}", if plural { "lists" } else { "a list" }, T::expected(true))
    }

    fn truth(&self) -> bool {
        !self.is_empty()
    }

    fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(a, b)| a.same(b))
    }

    fn weight(&self) -> usize {
        self.iter().map(Data::weight).fold(1, usize::saturating_add)
    }
}

// Written out, because each closure is a function more for each type that is made for a workflow.
impl<T: Data> Data for Option<T> {
    fn to_json(&self) -> Value {
        match self {
            Some(value) => value.to_json(),
            None => Value::Null,
        }
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        if value.is_null() {
            return Ok(None);
        }
        match T::from_json(value) {
            Ok(value) => Ok(Some(value)),
            Err(mismatch) => Err(mismatch.or(Self::expected)),
        }
    }

    fn expected(plural: bool) -> String {
        format!("{} or null{}", T::expected(plural), if plural { "s" } else { "" })
    }

    fn truth(&self) -> bool {
        self.as_ref().is_some_and(Data::truth)
    }

    fn show(&self) -> Cow<'_, str> {
        self.as_ref().map_or(Cow::Borrowed(""), Data::show)
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(a), Some(b)) => a.same(b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    fn weight(&self) -> usize {
        match self {
            Some(value) => value.weight(),
            None => 1,
        }
    }
}

impl Data for Object {
    fn to_json(&self) -> Value {
        Value::Object(self.clone())
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        value.as_object().cloned().ok_or_else(|| Mismatch::of::<Self>(value))
    }

    fn expected(plural: bool) -> String {
        String::from(if plural { "objects" } else { "an object" })
    }

    fn truth(&self) -> bool {
        !self.is_empty()
    }

    fn same(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.iter().all(|(key, a)| other.get(key).is_some_and(|b| a.same(b)))
    }

    fn weight(&self) -> usize {
        self.iter().map(|(key, value)| key.len() + value.weight()).fold(1, usize::saturating_add)
    }
}

impl Data for Value {
    fn to_json(&self) -> Value {
        self.clone()
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        Ok(value.clone())
    }

    fn truth(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(number) => number.as_f64() != Some(0.0),
            Self::String(text) => !text.is_empty(),
            Self::Array(items) => !items.is_empty(),
            Self::Object(fields) => !fields.is_empty(),
        }
    }

    fn show(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            Self::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
                Some(float) => Cow::Owned(float_text(float)),
                None => Cow::Owned(number.to_string()),
            },
            Self::String(text) => Cow::Borrowed(text),
            Self::Array(_) | Self::Object(_) => Cow::Owned(json_text(self)),
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Array(a), Self::Array(b)) => a.same(b),
            (Self::Object(a), Self::Object(b)) => a.same(b),
            (Self::Number(_) | Self::Bool(_), Self::Number(_) | Self::Bool(_)) => {
                match (arithmetic(self), arithmetic(other)) {
                    (Some(a), Some(b)) => a == b,
                    _ => self == other,
                }
            }
            _ => self == other,
        }
    }

    fn weight(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) => 1,
            Self::String(text) => text.weight(),
            Self::Array(items) => items.weight(),
            Self::Object(fields) => fields.weight(),
        }
    }
}

/// The number that a value counts as: to Jinja2, `true` is 1
pub(crate) fn arithmetic(value: &Value) -> Option<Number> {
    match value {
        Value::Bool(value) => Some(Number::Int(i64::from(*value))),
        other => Number::of(other),
    }
}
