//! Every workflow as a prompt, which clients show as a slash command: its inputs are the
//! arguments, its text tells the agent to start the workflow and to see it through.

use rmcp::ErrorData;
use rmcp::model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role};
use serde_json::{Map, Value, json};

use super::lists::{self, Page};
use super::paging::{beginning, weight};
use crate::inputs::{self, wants_text};
use crate::machine::Info;
use crate::registry::Registry;
use crate::words::{self, input_names};

/// How much of a description is shown in a list, in bytes
const DESCRIPTION: usize = 500;

/// How large a prompt may be in a list before its arguments are told without their descriptions, in
/// bytes as JSON text
const LARGE: usize = 16 * 1024;

/// How large the inputs may be that a prompt's text holds, in bytes within a message
const INPUTS: usize = 48 * 1024;

/// A page of the prompts, by name
pub(super) fn list(registry: &Registry, cursor: Option<&str>) -> Result<Page<Prompt>, ErrorData> {
    let prompts = registry.workflows().map(|program| {
        let info = program.info();
        (info.name, prompt(info))
    });
    lists::page("prompts", prompts, cursor)
}

/// The text of a prompt; fails where there is no such workflow, or it does not take the arguments
pub(super) fn get(
    registry: &Registry,
    name: &str,
    arguments: Option<JsonObject>,
) -> Result<GetPromptResult, ErrorData> {
    let info = find(registry, name)?;
    let given = given(arguments.unwrap_or_default(), info);
    let inputs = inputs::read(given, info).map_err(|mistakes| {
        let takes = match input_names(&schema(info)) {
            names if names.is_empty() => format!("`{name}` takes no arguments"),
            names => format!("`{name}` takes {names}"),
        };
        ErrorData::invalid_params(
            format!("{mistakes}; {takes}"),
            Some(json!({"code": "invalid-inputs", "message": mistakes, "help": takes})),
        )
    })?;
    let inputs = Value::Object(inputs);
    if weight(&inputs) > INPUTS {
        let message = format!(
            "the arguments are too large for a prompt, which holds {} KiB: start `{name}` with \
             start_workflow",
            INPUTS / 1024
        );
        return Err(ErrorData::invalid_params(message, None));
    }
    let text = words::start(info.name, &inputs);
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(described(info.description)))
}

/// The workflow that a prompt is of
pub(super) fn find(registry: &Registry, name: &str) -> Result<&'static Info, ErrorData> {
    let known = registry.get(name).map(|program| program.info());
    known.filter(|info| !info.inline_task).ok_or_else(|| {
        let near = registry.suggest(name).map(|near| format!(", did you mean `{near}`"));
        let message = format!(
            "there is no prompt `{name}`{}; prompts/list gives the prompts",
            near.unwrap_or_default()
        );
        ErrorData::invalid_params(message, None)
    })
}

/// JSON Schema of a workflow's inputs
pub(super) fn schema(info: &Info) -> Value {
    serde_json::from_str(info.input_schema).unwrap_or_default()
}

/// The arguments that were given
///
/// A client that shows a form sends an empty text for what was left empty. It is no value of an
/// optional input, unless that is a text.
fn given(arguments: JsonObject, info: &Info) -> Map<String, Value> {
    let schema = schema(info);
    let left_empty = |name: &str, value: &Value| {
        value == "" && !is_required(&schema, name) && !wants_text(&schema["properties"][name])
    };
    arguments.into_iter().filter(|(name, value)| !left_empty(name, value)).collect()
}

fn is_required(schema: &Value, name: &str) -> bool {
    schema["required"].as_array().is_some_and(|names| names.iter().any(|needed| needed == name))
}

fn prompt(info: &Info) -> Prompt {
    let schema = schema(info);
    let inputs = schema["properties"].as_object();
    let argument = |(name, input): (&String, &Value)| {
        PromptArgument::new(name)
            .with_required(is_required(&schema, name))
            .with_description(described(&argument_words(input)))
    };
    let arguments: Vec<_> = inputs.into_iter().flatten().map(argument).collect();
    let description = Some(described(info.description)).filter(|text| !text.is_empty());
    let mut prompt = Prompt::new(info.name, description, Some(arguments));
    if lists::size(&prompt) > LARGE {
        for argument in prompt.arguments.iter_mut().flatten() {
            argument.description = None;
        }
    }
    prompt
}

/// The author's words on an input, and what has to be written: all arguments of prompts are texts
fn argument_words(input: &Value) -> String {
    let said = input["description"].as_str().unwrap_or_default().trim();
    let kind = input["type"].as_str().filter(|kind| *kind != "string").unwrap_or_default();
    let default = input.get("default").filter(|default| !default.is_null());
    let notes =
        [kind.to_owned(), default.map(|default| format!("default {default}")).unwrap_or_default()];
    let notes = notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join(", ");
    match (said, notes.as_str()) {
        (said, "") => said.to_owned(),
        ("", notes) => notes.to_owned(),
        (said, notes) => format!("{said} ({notes})"),
    }
}

fn described(text: &str) -> String {
    beginning(&text.trim_end().into(), DESCRIPTION)
}
