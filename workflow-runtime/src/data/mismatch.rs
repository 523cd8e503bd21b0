//! What is said of a value that is not of the type that is needed.

use serde_json::Value;

use super::{Data, kind_of};

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

impl Mismatch {
    /// A mismatch of the value itself
    pub fn new(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { path: String::new(), expected: expected.into(), found: found.into() }
    }

    /// A value found where a `T` is needed
    pub fn of<T: Data>(found: &Value) -> Self {
        Self::new(T::expected(false), kind_of(found))
    }

    /// The same mismatch, seen from the object that has the value in this field
    #[must_use]
    pub fn in_field(self, name: &str) -> Self {
        if is_name(name) { self.below(name) } else { self.below(&format!("[{name:?}]")) }
    }

    /// The same mismatch, seen from the list that has the value in this place, counted from 0
    #[must_use]
    pub fn in_item(self, index: usize) -> Self {
        self.below(&format!("[{index}]"))
    }

    /// The same mismatch, seen from a type that would have taken more; `expected` is that type's
    pub(super) fn or(mut self, expected: fn(bool) -> String) -> Self {
        if self.path.is_empty() {
            self.expected = expected(false);
        }
        self
    }

    fn below(mut self, step: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{step}{dot}{}", self.path);
        self
    }
}

/// Whether a key can stand behind a dot
fn is_name(key: &str) -> bool {
    let mut chars = key.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}
