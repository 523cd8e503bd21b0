//! The arguments of the tools, and what is said about wrong ones.

use std::collections::HashMap;
use std::sync::LazyLock;

use rmcp::handler::server::tool::schema_for_input;
use rmcp::model::Tool;
use schemars::{JsonSchema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::tools;
use crate::data;
use crate::engine::EngineError;
use crate::machine::Status;
use crate::schema::{Schema, nearest};
use crate::words::input_names;

/// Nothing
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoArguments {}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Workflows {
    /// Only workflows with this tag
    #[serde(default)]
    #[schemars(with = "String")]
    pub(super) tag: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Start {
    /// Name of the workflow, as `list_workflows` gives it
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
    /// How long to wait while there is nothing to do, in seconds: it answers as soon as there is
    #[serde(default)]
    #[schemars(with = "u64", range(min = 0, max = 20))]
    pub(super) wait_seconds: Option<u64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Submit {
    /// The step's `run_id`
    pub(super) run_id: String,
    /// The step's `step_id`
    pub(super) step_id: String,
    /// The answer, as the step's `result_schema` says
    #[serde(default, deserialize_with = "data::present")]
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
pub(super) struct Runs {
    /// Only runs that stand so
    #[serde(default)]
    #[schemars(schema_with = "status")]
    pub(super) status: Option<Status>,
    /// Only runs of this workflow
    #[serde(default)]
    #[schemars(with = "String")]
    pub(super) workflow: Option<String>,
    /// For the next page: the cursor that the page before gave
    #[serde(default)]
    #[schemars(with = "String")]
    pub(super) cursor: Option<String>,
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

fn status(_: &mut SchemaGenerator) -> schemars::Schema {
    json_schema!({"type": "string", "enum": Status::ALL.map(Status::word)})
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
    let Some(Takes { schema, check }) = TAKES.get(tool) else {
        return Err(EngineError::new("unknown-tool", tools::unknown(tool), "see tools/list"));
    };
    let required = schema.get("required").and_then(Value::as_array);
    let optional = |name: &str| !required.is_some_and(|names| names.iter().any(|n| n == name));
    given.retain(|name, value| !(value.is_null() && name != "result" && optional(name)));
    let given = Value::Object(given);
    let fits = check.as_ref().map_err(String::clone).and_then(|check| fits(&given, schema, check));
    fits.map_err(|mistakes| bad_arguments(tool, &mistakes, schema))?;
    serde_json::from_value(given).map_err(|error| bad_arguments(tool, &error.to_string(), schema))
}

/// What a tool takes
struct Takes {
    schema: Value,
    check: Result<Schema, String>,
}

/// What each tool takes, by its name
static TAKES: LazyLock<HashMap<&'static str, Takes>> = LazyLock::new(|| {
    let takes = |tool: &'static Tool| {
        let schema = Value::Object(tool.input_schema.as_ref().clone());
        let check = Schema::compile(&schema);
        (tool.name.as_ref(), Takes { schema, check })
    };
    tools::all().iter().map(takes).collect()
});

/// Fails with all that is wrong with a tool's arguments
fn fits(given: &Value, schema: &Value, check: &Schema) -> Result<(), String> {
    let Err(mut mistakes) = check.check(given) else { return Ok(()) };
    let known = schema.get("properties").and_then(Value::as_object);
    let names = || known.into_iter().flat_map(|known| known.keys().map(String::as_str));
    let given = given.as_object().into_iter().flat_map(|given| given.keys());
    for unknown in given.filter(|name| names().all(|known| known != name.as_str())) {
        if let Some(near) = nearest(unknown, names()) {
            mistakes = format!("{mistakes}; did you mean `{near}` by `{unknown}`");
        }
    }
    Err(mistakes)
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

fn bad_arguments(tool: &str, mistakes: &str, schema: &Value) -> EngineError {
    let arguments = input_names(schema);
    let help = if arguments.is_empty() {
        format!("{tool} takes no arguments")
    } else {
        format!("{tool} takes {arguments}")
    };
    EngineError::new("bad-arguments", format!("{tool}: {mistakes}"), help)
}
