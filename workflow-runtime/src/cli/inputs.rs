//! The inputs of `run`, from `name=value` to JSON.

use serde_json::{Map, Value};

use super::failure::Failure;
use crate::machine::Info;
use crate::schema::InputSchema;
use crate::words::input_names;

/// The inputs as JSON, each by the type that the workflow wants, and checked
pub(crate) fn read(given: &[(String, String)], info: &Info) -> Result<Map<String, Value>, Failure> {
    let schema: Value = serde_json::from_str(info.input_schema).unwrap_or_default();
    let inputs: Map<_, _> = given
        .iter()
        .map(|(name, text)| (name.clone(), value(text, &schema["properties"][name.as_str()])))
        .collect();
    let broken =
        |error| Failure::new(format!("`{}` has a broken input schema: {error}", info.name));
    let checked = InputSchema::parse(info.input_schema).map_err(broken)?.take(inputs.clone());
    // The engine fills in the defaults; here it is only for the command line's sake.
    checked.map(|_| inputs).map_err(|mistakes| {
        let names = input_names(&schema);
        let takes = format!("`{}` takes {names}, each as --input NAME=VALUE", info.name);
        Failure::usage(mistakes).help(if names.is_empty() { String::new() } else { takes })
    })
}

/// A string where the workflow wants one, else JSON where it is any
fn value(text: &str, schema: &Value) -> Value {
    let text_wanted = match &schema["type"] {
        Value::String(kind) => kind == "string",
        Value::Array(kinds) => kinds.iter().all(|kind| kind == "string" || kind == "null"),
        _ => false,
    };
    let parsed = if text_wanted { None } else { serde_json::from_str(text).ok() };
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}
