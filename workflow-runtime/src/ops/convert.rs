//! Truth, text, and the ways from one type to another.

use std::borrow::Cow;

use serde_json::Value;

use super::bound_bytes;
use crate::data::Data;
use crate::machine::Fault;

/// Whether a value counts as true
pub fn truth<T: Data>(value: &T) -> bool {
    value.truth()
}

/// How a value prints in a template
pub fn show<T: Data>(value: &T) -> Cow<'_, str> {
    value.show()
}

/// `a ~ b ~ …`, of what the operands print as
///
/// ```
/// use workflow_runtime::ops;
/// assert_eq!(ops::concat(&[&ops::show(&7), " of ", &ops::show(&9)]).unwrap(), "7 of 9");
/// ```
pub fn concat(parts: &[&str]) -> Result<String, Fault> {
    bound_bytes(parts.iter().map(|part| part.len()).sum())?;
    Ok(parts.concat())
}

/// A value of any type as a `T`, the fault `type-mismatch` if it is none
pub fn cast<T: Data>(value: &Value) -> Result<T, Fault> {
    Ok(T::from_json(value)?)
}

/// A `T` as a `U`, through JSON: what they have in common is kept
pub fn convert<T: Data, U: Data>(value: &T) -> Result<U, Fault> {
    cast(&value.to_json())
}

/// The value of something that may be null where the compiler has shown that it is not
///
/// The fault `internal` says that it was wrong.
pub fn required<'a, T>(value: &'a Option<T>, name: &str) -> Result<&'a T, Fault> {
    value.as_ref().ok_or_else(|| {
        Fault::new("internal", format!("`{name}` is null where it was proved not to be"))
            .help("this is a mistake of the workflow compiler, please report it")
    })
}
