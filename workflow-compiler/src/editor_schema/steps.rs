//! Steps: one definition for each type, and one that chooses among them by `type`.

use serde_json::{Map, Value, json};

use super::keys::object;
use crate::steps::{StepType, TYPES, failure};
use crate::syntax::decode::{Key, NameKind, Takes};
use crate::syntax::schema::own_keys;

/// `step`, and `step-TYPE` for each type
pub fn definitions() -> Map<String, Value> {
    let mut definitions = Map::new();
    definitions.insert("step".to_owned(), step());
    for ty in TYPES {
        definitions.insert(name(ty), step_of(ty));
    }
    definitions
}

fn name(ty: &StepType) -> String {
    format!("step-{}", ty.name)
}

fn step() -> Value {
    let choice = |ty: &&StepType| {
        json!({
            "if": {"properties": {"type": {"const": ty.name}}, "required": ["type"]},
            "then": {"$ref": format!("#/$defs/{}", name(ty))},
        })
    };
    let word = |ty: &&StepType| json!({"const": ty.name, "description": ty.summary});
    let summaries = TYPES.iter().map(|ty| format!("- `{}`: {}", ty.name, ty.summary));
    json!({
        "description": "one thing that is done",
        "type": "object",
        "properties": {"type": {
            "description": "the step type",
            "markdownDescription": summaries.collect::<Vec<_>>().join("\n"),
            "oneOf": TYPES.iter().map(word).collect::<Vec<_>>(),
        }},
        "required": ["type"],
        "allOf": TYPES.iter().map(choice).collect::<Vec<_>>(),
        "defaultSnippets": TYPES.iter().map(|ty| snippet(ty)).collect::<Vec<_>>(),
    })
}

fn step_of(ty: &StepType) -> Value {
    let mut schema = object(&ty.tables(), |key| property(ty, key));
    schema["description"] = ty.summary.into();
    schema
}

fn property(ty: &StepType, key: &Key) -> Option<Value> {
    Some(match key.name {
        "type" => json!({"const": ty.name}),
        "id" => {
            json!({"type": ["string", "number", "boolean"], "pattern": NameKind::Step.pattern()})
        }
        "output_to" => json!({"type": "string", "pattern": NameKind::Field.pattern()}),
        "validation" => object(own_keys(Some("string")), |_| None),
        "retry" => object(&[failure::RETRY], |_| None),
        _ => return None,
    })
}

/// A step with the keys that it must have, for editors that insert such pieces
fn snippet(ty: &StepType) -> Value {
    let mut body = Map::new();
    let tables = ty.tables();
    let required = tables.iter().flat_map(|table| table.iter()).filter(|key| key.required);
    let mut stop = 0;
    for key in required {
        let value = if key.name == "type" {
            ty.name.into()
        } else {
            stop += 1;
            place_for(key, stop)
        };
        body.insert(key.name.to_owned(), value);
    }
    json!({"label": ty.name, "description": ty.summary, "body": body})
}

/// What stands in a snippet for a value: a tab stop, in the shape that the value has
fn place_for(key: &Key, stop: usize) -> Value {
    match key.takes {
        Takes::Steps => json!([{"id": format!("${stop}")}]),
        Takes::Mapping => json!({format!("${stop}"): ""}),
        Takes::Word([first, ..]) => format!("${{{stop}:{first}}}").into(),
        Takes::Count | Takes::Number | Takes::Seconds => format!("${{{stop}:1}}").into(),
        _ => format!("${stop}").into(),
    }
}
