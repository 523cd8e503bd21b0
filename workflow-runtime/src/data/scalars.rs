//! Null, booleans, integers, floats and strings.

use std::borrow::Cow;

use serde_json::Value;

use super::{Data, Mismatch, exact, float_text};

impl Data for () {
    fn to_json(&self) -> Value {
        Value::Null
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        if value.is_null() { Ok(()) } else { Err(Mismatch::of::<Self>(value)) }
    }

    fn expected(plural: bool) -> String {
        String::from(if plural { "nulls" } else { "null" })
    }

    fn truth(&self) -> bool {
        false
    }

    fn show(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }

    fn weight(&self) -> usize {
        1
    }
}

impl Data for bool {
    fn to_json(&self) -> Value {
        Value::Bool(*self)
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        value.as_bool().ok_or_else(|| Mismatch::of::<Self>(value))
    }

    fn expected(plural: bool) -> String {
        String::from(if plural { "booleans" } else { "a boolean" })
    }

    fn truth(&self) -> bool {
        *self
    }

    fn show(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }

    fn weight(&self) -> usize {
        1
    }
}

impl Data for i64 {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        let Value::Number(number) = value else { return Err(Mismatch::of::<Self>(value)) };
        number
            .as_i64()
            .or_else(|| number.is_f64().then(|| number.as_f64().and_then(exact)).flatten())
            .ok_or_else(|| Mismatch::new(Self::expected(false), format!("`{number}`")))
    }

    fn expected(plural: bool) -> String {
        String::from(if plural { "integers" } else { "an integer" })
    }

    fn truth(&self) -> bool {
        *self != 0
    }

    fn show(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }

    fn weight(&self) -> usize {
        1
    }
}

impl Data for f64 {
    /// What JSON has no word for, infinity and NaN, is null; no operator gives those
    fn to_json(&self) -> Value {
        Value::from(*self)
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        value.as_f64().ok_or_else(|| Mismatch::of::<Self>(value))
    }

    fn expected(plural: bool) -> String {
        String::from(if plural { "numbers" } else { "a number" })
    }

    fn truth(&self) -> bool {
        *self != 0.0
    }

    fn show(&self) -> Cow<'_, str> {
        Cow::Owned(float_text(*self))
    }

    fn weight(&self) -> usize {
        1
    }
}

impl Data for String {
    fn to_json(&self) -> Value {
        Value::String(self.clone())
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        value.as_str().map(str::to_owned).ok_or_else(|| Mismatch::of::<Self>(value))
    }

    fn expected(plural: bool) -> String {
        Self::from(if plural { "strings" } else { "a string" })
    }

    fn truth(&self) -> bool {
        !self.is_empty()
    }

    fn show(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }

    fn weight(&self) -> usize {
        self.len() + 1
    }
}
