//! The arguments of the tools, and what is said about wrong ones.

use rmcp::handler::server::tool::schema_for_input;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::tools;
use crate::engine::EngineError;

/// Nothing
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoArguments {}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Start {
    /// Name of the workflow, as list_workflows gives it
    pub(super) workflow: String,
    /// Its inputs, as its input schema says
    #[serde(default)]
    pub(super) inputs: Map<String, Value>,
    /// The same key gives the same run, however often it is started
    #[serde(default)]
    #[schemars(with = "String")]
    pub(super) idempotency_key: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NextStep {
    /// The run
    pub(super) run_id: String,
    /// Which page of a reply that is too large for one, from 1
    #[serde(default)]
    #[schemars(with = "usize", range(min = 1))]
    pub(super) page: Option<usize>,
    /// How long to wait while the server works on the run, in seconds
    #[serde(default)]
    #[schemars(with = "u64", range(min = 0, max = 20))]
    pub(super) wait_seconds: Option<u64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Submit {
    /// The step's run_id
    pub(super) run_id: String,
    /// The step's step_id
    pub(super) step_id: String,
    /// The answer, as the step's result_schema says
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Value")]
    pub(super) result: Option<Value>,
    /// In place of result: why the step could not be done
    #[serde(default)]
    #[schemars(with = "String")]
    pub(super) error: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RunId {
    /// The run
    pub(super) run_id: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StateOf {
    /// The run
    pub(super) run_id: String,
    /// Names of the variables; all without it
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) fields: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Cancel {
    /// The run
    pub(super) run_id: String,
    /// Why
    #[serde(default)]
    #[schemars(with = "String")]
    pub(super) reason: Option<String>,
}

/// A null that was given is an answer, not a missing one
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The input schema of a tool's arguments, without what only clutters it
pub(super) fn schema<T: JsonSchema + 'static>() -> Map<String, Value> {
    // It fails only for arguments that are no object; ours are structs.
    let mut schema = schema_for_input::<T>().map(|s| s.as_ref().clone()).unwrap_or_default();
    schema.remove("$schema");
    schema.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for property in properties.values_mut().filter_map(Value::as_object_mut) {
            property.remove("format");
            property.remove("default");
        }
    }
    schema
}

/// Reads a tool's arguments; a null for one that may be left out is as good as none
pub(super) fn read<T: DeserializeOwned>(
    tool: &str,
    mut given: Map<String, Value>,
) -> Result<T, EngineError> {
    let schema = tools::find(tool).map(|tool| tool.input_schema.clone()).unwrap_or_default();
    let required = names(schema.get("required"));
    given.retain(|name, value| {
        !value.is_null() || name == "result" || required.contains(&name.as_str())
    });
    let mistakes = mistakes(&given, &schema, &required);
    if !mistakes.is_empty() {
        return Err(bad_arguments(tool, &mistakes.join("; "), &schema));
    }
    serde_json::from_value(Value::Object(given))
        .map_err(|error| bad_arguments(tool, &error.to_string(), &schema))
}

/// Neither or both of `result` and `error` were given
pub(super) fn result_or_error(both: bool) -> EngineError {
    let found = if both { "both" } else { "neither" };
    EngineError::new(
        "bad-arguments",
        format!("submit_result: expected either `result` or `error`, found {found}"),
        "give `result` with the answer, or `error` with why there is none",
    )
}

fn bad_arguments(tool: &str, mistakes: &str, schema: &Map<String, Value>) -> EngineError {
    let arguments = crate::words::input_names(&Value::Object(schema.clone()));
    let help = if arguments.is_empty() {
        format!("{tool} takes no arguments")
    } else {
        format!("{tool} takes {arguments}")
    };
    EngineError::new("bad-arguments", format!("{tool}: {mistakes}"), help)
}

/// What is wrong with arguments, all of it
///
/// The schemas here are flat: a type for each argument, and bounds for numbers.
fn mistakes(
    given: &Map<String, Value>,
    schema: &Map<String, Value>,
    required: &[&str],
) -> Vec<String> {
    let empty = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    let missing = required.iter().filter(|name| !given.contains_key(**name));
    let mut mistakes: Vec<_> =
        missing.map(|name| format!("argument `{name}` is missing")).collect();
    for (name, value) in given {
        match properties.get(name) {
            Some(property) => mistakes.extend(misfit(name, value, property)),
            None => mistakes.push(unknown(name, properties)),
        }
    }
    mistakes
}

fn unknown(name: &str, properties: &Map<String, Value>) -> String {
    let names = properties.keys().map(String::as_str);
    match crate::cli::did_you_mean(name, names) {
        Some(near) => format!("there is no argument `{name}`, did you mean `{near}`"),
        None => format!("there is no argument `{name}`"),
    }
}

fn misfit(name: &str, value: &Value, property: &Value) -> Option<String> {
    let expected = property.get("type").and_then(Value::as_str)?;
    let fits = match expected {
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "object" => value.is_object(),
        "array" => value.as_array().is_some_and(|list| list.iter().all(Value::is_string)),
        _ => true,
    };
    if !fits {
        let expected = expected_words(expected);
        return Some(format!("expected {expected} for `{name}`, found {}", found(value)));
    }
    let number = value.as_u64()?;
    let bound = |key| property.get(key).and_then(Value::as_u64);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), _) if number < least => {
            Some(format!("expected at least {least} for `{name}`, found {number}"))
        }
        (_, Some(most)) if number > most => {
            Some(format!("expected at most {most} for `{name}`, found {number}"))
        }
        _ => None,
    }
}

fn expected_words(kind: &str) -> &'static str {
    match kind {
        "string" => "a string",
        "integer" => "a whole number",
        "object" => "an object",
        _ => "a list of strings",
    }
}

/// What a value is, in words
fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(_) => "a string".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

fn names(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default()
}
