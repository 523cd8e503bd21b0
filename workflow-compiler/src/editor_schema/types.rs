//! The vocabulary of types: one definition for each word, and one that chooses among them.

use serde_json::{Map, Value, json};

use super::keys::{map_of, object, reference};
use crate::syntax::decode::{Key, NameKind};
use crate::syntax::schema::{SCHEMA_KEYS, TYPES, own_keys};

/// `type`, and `type-WORD` for each word
pub fn definitions() -> Map<String, Value> {
    let mut definitions = Map::new();
    definitions.insert("type".to_owned(), any_type());
    for word in TYPES {
        definitions.insert(format!("type-{word}"), type_of(word));
    }
    definitions
}

fn any_type() -> Value {
    let choice = |word: &&str| {
        json!({
            "if": {
                "type": "object",
                "properties": {"type": {"const": word}},
                "required": ["type"],
            },
            "then": reference(&format!("type-{word}")),
        })
    };
    json!({
        "description": "a type: a word, or a mapping that says more about it",
        "anyOf": [
            {"enum": TYPES},
            {
                "type": "object",
                "properties": {"type": {"enum": TYPES, "description": SCHEMA_KEYS[0].doc}},
                "required": ["type"],
            },
        ],
        "allOf": TYPES.iter().map(choice).collect::<Vec<_>>(),
    })
}

/// The mapping of a type: the keys that all have, and its own, which may stand under
/// `validation`, too
fn type_of(word: &'static str) -> Value {
    let own = own_keys(Some(word));
    let tables: Vec<&[Key]> = std::iter::once(SCHEMA_KEYS).chain(own.iter().copied()).collect();
    object(&tables, |key| match key.name {
        "type" => Some(json!({"const": word})),
        "validation" => Some(object(own, property)),
        _ => property(key),
    })
}

fn property(key: &Key) -> Option<Value> {
    (key.name == "properties").then(|| {
        let mut any_name = map_of(&json!({}), NameKind::Field);
        any_name["patternProperties"] = json!({});
        any_name["additionalProperties"] = reference("type");
        any_name
    })
}
