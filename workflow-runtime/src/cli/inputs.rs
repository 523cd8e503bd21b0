//! The inputs of `run`, from `name=value` to JSON.

use serde_json::{Map, Value};

use super::did_you_mean;
use super::failure::Failure;
use crate::machine::Info;
use crate::words::input_names;

/// The inputs as JSON, each by the type that the workflow wants, and checked
pub(crate) fn read(given: &[(String, String)], info: &Info) -> Result<Map<String, Value>, Failure> {
    let schema: Value = serde_json::from_str(info.input_schema).unwrap_or_default();
    let none = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
    let mut inputs = Map::new();
    for (name, text) in given {
        let Some(property) = properties.get(name) else {
            return Err(unknown(name, info, &schema, properties));
        };
        inputs.insert(name.clone(), value(text, property));
    }
    check(inputs, info, &schema)
}

fn value(text: &str, property: &Value) -> Value {
    let text_wanted = match property.get("type") {
        Some(Value::String(kind)) => kind == "string",
        Some(Value::Array(kinds)) => {
            kinds.iter().all(|kind| kind == "string" || kind == "null")
        }
        _ => false,
    };
    let parsed = if text_wanted { None } else { serde_json::from_str(text).ok() };
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

fn check(inputs: Map<String, Value>, info: &Info, schema: &Value) -> Result<Map<String, Value>, Failure> {
    let required = schema.get("required").and_then(Value::as_array);
    let missing = required.into_iter().flatten().filter_map(Value::as_str);
    if let Some(name) = missing.into_iter().find(|name| !inputs.contains_key(*name)) {
        return Err(Failure::usage(format!("`{}` needs the input `{name}`", info.name))
            .help(format!("add --input {name}=…"))
            .help(takes(info, schema)));
    }
    let inputs = Value::Object(inputs);
    // A schema that the validator does not take is left to the engine, which checks anyway.
    if let Ok(validator) = jsonschema::validator_for(schema)
        && let Some(error) = validator.iter_errors(&inputs).next()
    {
        let place = error.instance_path().to_string();
        let name = place.trim_start_matches('/').split('/').next().unwrap_or_default();
        return Err(Failure::usage(format!("the input `{name}` does not fit: {error}"))
            .help(takes(info, schema)));
    }
    match inputs {
        Value::Object(inputs) => Ok(inputs),
        _ => Ok(Map::new()),
    }
}

fn unknown(name: &str, info: &Info, schema: &Value, properties: &Map<String, Value>) -> Failure {
    let failure = Failure::usage(format!("`{}` has no input `{name}`", info.name));
    match did_you_mean(name, properties.keys().map(String::as_str)) {
        Some(near) => failure.help(format!("did you mean `{near}`")),
        None => failure.help(takes(info, schema)),
    }
}

fn takes(info: &Info, schema: &Value) -> String {
    let names = input_names(schema);
    if names.is_empty() {
        format!("`{}` takes no inputs", info.name)
    } else {
        format!("`{}` takes {names}", info.name)
    }
}
