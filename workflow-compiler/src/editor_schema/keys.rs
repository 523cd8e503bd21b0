//! Keys and what they take, as JSON Schema.

use serde_json::{Map, Value, json};

use crate::syntax::decode::{Key, NameKind, Takes};

/// An object with the keys of some tables and no others; `special` knows keys whose values have
/// a schema that their [`Takes`] does not tell
pub fn object(tables: &[&[Key]], special: impl Fn(&Key) -> Option<Value>) -> Value {
    let mut properties = Map::new();
    for key in tables.iter().flat_map(|table| table.iter()) {
        let value = special(key).unwrap_or_else(|| takes(key.takes));
        properties.insert(key.name.to_owned(), described(optional(value, key), key.doc));
    }
    let keys = tables.iter().flat_map(|table| table.iter());
    let required: Vec<&str> = keys.filter(|key| key.required).map(|key| key.name).collect();
    properties.insert("<<".to_owned(), merge());
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// A mapping with names of the author's own
pub fn map_of(value: &Value, names: NameKind) -> Value {
    let mut schema = json!({"type": "object", "additionalProperties": false});
    schema["properties"] = json!({"<<": merge()});
    schema["patternProperties"] = json!({names.pattern(): value});
    schema
}

/// A definition of the same file
pub fn reference(definition: &str) -> Value {
    json!({"$ref": format!("#/$defs/{definition}")})
}

/// The key of YAML that takes over the keys of other mappings
pub fn merge() -> Value {
    json!({
        "description": "takes over the keys of other mappings: `<<: *anchor`",
        "type": ["object", "array"],
    })
}

/// A null is the key left out, unless null is a value there
fn optional(schema: Value, key: &Key) -> Value {
    if key.required || key.takes == Takes::Data {
        return schema;
    }
    let mut schema = schema;
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
        return schema;
    }
    match schema.get_mut("type") {
        Some(Value::Array(types)) => types.push("null".into()),
        Some(ty) => *ty = json!([ty.take(), "null"]),
        None => return json!({"anyOf": [schema, {"type": "null"}]}),
    }
    schema
}

fn described(mut schema: Value, doc: &str) -> Value {
    schema["description"] = doc.into();
    schema
}

/// The values of a kind
fn takes(takes: Takes) -> Value {
    // What a name can be is the business of its key; to YAML it may look like a number.
    let name = || json!({"type": ["string", "number", "boolean"]});
    match takes {
        Takes::Text | Takes::Template => json!({"type": "string"}),
        Takes::Expression => json!({"type": ["string", "boolean", "number", "array", "object"]}),
        Takes::Name => name(),
        Takes::Names => json!({"type": "array", "items": name()}),
        Takes::Flag => json!({"type": "boolean"}),
        Takes::Number => json!({"type": "number"}),
        Takes::Count => json!({"type": "integer", "minimum": 1}),
        Takes::Seconds => json!({"type": "number", "exclusiveMinimum": 0}),
        Takes::Word(words) => json!({"enum": words}),
        Takes::Agent => json!({"type": "string", "pattern": "^@[a-z0-9-]+$"}),
        Takes::Mapping => json!({"type": "object"}),
        Takes::List => json!({"type": "array"}),
        // An expression can give the list, too.
        Takes::Texts => json!({"type": ["array", "string"], "items": {"type": "string"}}),
        Takes::Steps => json!({"type": "array", "minItems": 1, "items": reference("step")}),
        Takes::Schema => reference("type"),
        Takes::Data => json!({}),
    }
}
