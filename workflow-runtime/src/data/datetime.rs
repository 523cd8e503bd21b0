//! A point in time.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value;

use super::{Data, Mismatch};

/// A point in time; JSON has it as ISO 8601 in UTC, as `2026-01-31T12:00:00Z`
///
/// From JSON any offset is taken, and its time kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(pub Timestamp);

impl std::fmt::Display for DateTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Timestamp> for DateTime {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp)
    }
}

impl Data for DateTime {
    fn to_json(&self) -> Value {
        Value::String(self.to_string())
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        let Value::String(text) = value else { return Err(Mismatch::of::<Self>(value)) };
        text.parse().map(Self).map_err(|_| {
            let short: String = text.chars().take(40).collect();
            Mismatch::new(Self::expected(false), format!("`{short}`"))
        })
    }

    fn expected(plural: bool) -> String {
        let what = if plural { "dates with a time" } else { "a date with a time" };
        format!("{what} (as `2026-01-31T12:00:00Z`)")
    }

    fn truth(&self) -> bool {
        true
    }

    fn show(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }

    fn weight(&self) -> usize {
        1
    }
}
