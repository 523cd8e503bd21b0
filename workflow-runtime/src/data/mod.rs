//! The values of the language as Rust types, and their way to and from JSON.

mod collections;
mod datetime;
mod json;
mod mismatch;
mod number;
mod record;
mod scalars;

use std::borrow::Cow;

pub use datetime::DateTime;
pub use json::kind_of;
pub use mismatch::Mismatch;
pub use number::Number;
pub use record::{member, object_of, objects_with, position_of};
pub use serde_json::Value;

pub(crate) use collections::arithmetic;
pub(crate) use json::{float_text, present, write_json};
pub(crate) use number::{exact, float_of, truncated};

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
///
/// The provided methods go through JSON; types for which that is a detour have their own.
pub trait Data: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static {
    /// The value as JSON
    fn to_json(&self) -> Value;

    /// The value from JSON, checked
    fn from_json(value: &Value) -> Result<Self, Mismatch>;

    /// What a value of this type is called, for [`Mismatch`]: `a string`, or, of several, `strings`
    fn expected(plural: bool) -> String {
        String::from(if plural { "values" } else { "a value" })
    }

    /// Whether the value counts as true: all but null, `false`, zero and what is empty
    fn truth(&self) -> bool {
        self.to_json().truth()
    }

    /// How the value prints in a template: a string as it is, null as nothing, all else as JSON
    fn show(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_json().show().into_owned())
    }

    /// Whether two values are the same to the language, to which 1 and 1.0 are
    fn same(&self, other: &Self) -> bool {
        self == other
    }

    /// Roughly how many bytes the value takes as text, for bounds
    fn weight(&self) -> usize {
        self.to_json().weight()
    }
}

/// An open object
pub type Object = serde_json::Map<String, Value>;

#[cfg(test)]
mod tests;
