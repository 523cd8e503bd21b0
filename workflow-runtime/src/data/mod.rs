//! The values of the language as Rust types, and their way to and from JSON.

use serde_json::Value;

/// A type of the language in Rust
///
/// | language | Rust |
/// |---|---|
/// | `null` | `()` |
/// | `bool` | `bool` |
/// | `int` | `i64` |
/// | `float` | `f64` |
/// | `number` (an int or a float) | [`Number`] |
/// | `string`, enums | `String` |
/// | `datetime` | [`DateTime`] |
/// | `list<T>` | `Vec<T>` |
/// | an open object | [`Object`] |
/// | an object with known fields | a struct made with [`record!`](crate::record) |
/// | `T?` | `Option<T>` |
/// | `any` | [`Value`] |
pub trait Data: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static {
    /// The value as JSON
    fn to_json(&self) -> Value;

    /// The value from JSON, checked
    fn from_json(value: &Value) -> Result<Self, Mismatch>;
}

/// An open object
pub type Object = serde_json::Map<String, Value>;

/// A value that is not of the type that is needed
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}{}, found {found}", place(.path))]
pub struct Mismatch {
    /// Where in the value, as `tasks[2].name`; empty for the value itself
    pub path: String,
    /// What is needed: `a string`
    pub expected: String,
    /// What is there: `a number`
    pub found: String,
}

fn place(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" at `{path}`") }
}

/// A moment in time
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub jiff::Timestamp);

impl From<jiff::Timestamp> for DateTime {
    fn from(at: jiff::Timestamp) -> Self {
        Self(at)
    }
}
