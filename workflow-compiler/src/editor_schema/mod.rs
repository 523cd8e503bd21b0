//! JSON Schemas (draft 2020-12) of the files that authors write, from the tables of keys by which
//! they are read: editors complete, explain and check with them while somebody types.
//!
//! A schema takes every file that the compiler takes. What it cannot know (names, types of
//! expressions, paths to a step) only `workflowc check` says.

mod keys;
mod steps;
mod types;

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::syntax::decode::{Key, NameKind};
use crate::syntax::functions::FUNCTION_KEYS;
use crate::syntax::workflow::{FREE_PREFIX, TASK_KEYS, WORKFLOW_KEYS};
use keys::{map_of, object, reference};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a workflow file
///
/// ```
/// let schema = workflow_compiler::editor_schema::workflow();
/// assert_eq!(schema["properties"]["version"]["description"], "`major.minor.patch`");
/// ```
pub fn workflow() -> Value {
    let mut schema = object(&[WORKFLOW_KEYS, TASK_KEYS], property);
    schema["$schema"] = DIALECT.into();
    schema["title"] = "Workflow".into();
    schema["patternProperties"] = json!({free(): {}});
    let mut definitions = steps::definitions();
    definitions.extend(types::definitions());
    definitions.insert("task".to_owned(), object(&[TASK_KEYS], property));
    schema["$defs"] = definitions.into();
    schema
}

/// The schema of `functions.yaml`
pub fn functions() -> Value {
    let mut definitions = types::definitions();
    definitions.insert("function".to_owned(), object(&[FUNCTION_KEYS], property));
    json!({
        "$schema": DIALECT,
        "title": "Functions that the agent answers",
        "type": ["object", "null"],
        "patternProperties": {
            free(): {},
            NameKind::Field.pattern(): reference("function"),
        },
        "properties": {"<<": keys::merge()},
        "additionalProperties": false,
        "$defs": definitions,
    })
}

/// The keys at the top of a file whose values have a schema of their own
fn property(key: &Key) -> Option<Value> {
    Some(match key.name {
        "name" => json!({"type": ["string", "number"], "pattern": NameKind::Workflow.pattern()}),
        "version" => json!({"type": "string", "pattern": r"^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$"}),
        "tags" => {
            let tag = json!({"type": ["string", "number", "boolean"], "pattern": NameKind::Tag.pattern()});
            json!({"type": "array", "items": tag})
        }
        "inputs" | "params" => map_of(&reference("type"), NameKind::Field),
        "initial_state" => map_of(&json!({}), NameKind::Field),
        "tasks" => map_of(&reference("task"), NameKind::Workflow),
        _ => return None,
    })
}

fn free() -> String {
    format!("^{FREE_PREFIX}")
}
