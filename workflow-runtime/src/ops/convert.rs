//! Truth, text, and the ways from one type to another.

use std::borrow::Cow;

use serde_json::Value;

use super::{bound_bytes, mismatch};
use crate::data::Data;
use crate::machine::Fault;
use crate::schema::Schema;

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

/// A `T` as a `U` that a JSON Schema describes more closely, the fault `type-mismatch` if it does
/// not fit
///
/// ```
/// use workflow_runtime::ops;
/// let schema = r#"{"enum":["calm","sharp"]}"#;
/// assert_eq!(ops::fitting::<_, String>(&"calm".to_owned(), schema).unwrap(), "calm");
/// let fault = ops::fitting::<_, String>(&"loud".to_owned(), schema).unwrap_err();
/// assert_eq!(fault.message, r#"expected one of ["calm","sharp"], found the string "loud""#);
/// ```
pub fn fitting<T: Data, U: Data>(value: &T, schema: &str) -> Result<U, Fault> {
    let broken =
        |why: String| Fault::new("internal", format!("the schema of the type is broken: {why}"));
    let schema = serde_json::from_str(schema).map_err(|error| broken(error.to_string()))?;
    let value = value.to_json();
    Schema::cached(&schema).map_err(broken)?.check(&value).map_err(mismatch)?;
    cast(&value)
}

/// The value of something that may be null where the compiler has shown that it is not
///
/// The fault `internal` says that it was wrong.
pub fn required<'a, T>(value: &'a Option<T>, name: &str) -> Result<&'a T, Fault> {
    match value {
        Some(value) => Ok(value),
        None => Err(missing(name)),
    }
}

fn missing(name: &str) -> Fault {
    Fault::new("internal", format!("`{name}` is null where it was proved not to be"))
        .help("this is a mistake of the workflow compiler, please report it")
}
