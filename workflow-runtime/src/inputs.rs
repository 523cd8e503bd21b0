//! Inputs that come as texts, from a command line or a prompt's arguments, made what a workflow
//! takes.

use serde_json::{Map, Value};

use crate::machine::Info;
use crate::schema::InputSchema;

/// The inputs, each text made a value of the type that the workflow wants, and checked; fails with
/// all that is wrong with them
///
/// Defaults are checked, and not filled in: the engine does that.
pub(crate) fn read(given: Map<String, Value>, info: &Info) -> Result<Map<String, Value>, String> {
    let schema: Value = serde_json::from_str(info.input_schema).unwrap_or_default();
    let typed = given.into_iter().map(|(name, value)| {
        let value = match value {
            Value::String(text) => typed(text, &schema["properties"][name.as_str()]),
            other => other,
        };
        (name, value)
    });
    let inputs: Map<_, _> = typed.collect();
    InputSchema::parse(info.input_schema)
        .map_err(|error| format!("`{}` has a broken input schema: {error}", info.name))?
        .take(inputs.clone())?;
    Ok(inputs)
}

/// A string where the workflow wants one, else JSON where it is any
fn typed(text: String, schema: &Value) -> Value {
    let parsed = if wants_text(schema) { None } else { serde_json::from_str(&text).ok() };
    parsed.unwrap_or(Value::String(text))
}

/// Whether an input is a text, and nothing else but null
pub(crate) fn wants_text(schema: &Value) -> bool {
    match &schema["type"] {
        Value::String(kind) => kind == "string",
        Value::Array(kinds) => kinds.iter().all(|kind| kind == "string" || kind == "null"),
        _ => false,
    }
}
