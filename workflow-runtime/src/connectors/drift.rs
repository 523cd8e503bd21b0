//! How a tool differs from what it was locked as, as far as that matters to a workflow.
//!
//! What counts is what a call is compiled by and what decides whether it may be made again: both
//! schemas, and the hints `readOnlyHint` and `idempotentHint`. What a schema says to readers alone
//! (titles, descriptions, examples, defaults) does not count, nor does the order of keys, of
//! `required` and of `enum`.

use std::fmt;

use serde_json::{Map, Value};

use super::tool::Tool;

/// Keywords of JSON Schema that allow and refuse nothing
const WORDS: &[&str] = &[
    "$comment",
    "$schema",
    "default",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

/// Keywords that hold schemas by names of the author's
const BY_NAME: &[&str] =
    &["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"];

/// Keywords that hold values, which are kept as they are
const DATA: &[&str] = &["const", "enum"];

/// Keywords whose items have no order
const SETS: &[&str] = &["enum", "required", "type"];

/// How deep schemas are looked into; what lies deeper counts as a whole
const MAX_DEPTH: usize = 64;

/// How many differences are told
const TOLD: usize = 4;

/// How much of a value is told, in characters
const SHOWN: usize = 60;

/// Where a tool differs from what it was locked as, at least at one place
#[derive(Clone, Debug, PartialEq)]
pub struct Drift(Vec<Difference>);

/// One place at which two listings differ
#[derive(Clone, Debug, PartialEq)]
struct Difference {
    /// `inputSchema.properties.path.type`
    at: String,
    locked: Option<Value>,
    found: Option<Value>,
}

impl Drift {
    /// The drift from the first to the second, if there is one
    pub fn between(locked: &Tool, found: &Tool) -> Option<Self> {
        let mut drift = Self(Vec::new());
        let hints = [locked, found].map(|tool| tool.annotations);
        for (name, [locked, found]) in [
            ("annotations.readOnlyHint", hints.map(super::tool::Hints::is_read_only)),
            ("annotations.idempotentHint", hints.map(super::tool::Hints::is_idempotent)),
        ] {
            drift.compare(name, Some(&locked.into()), Some(&found.into()));
        }
        let schemas =
            [locked, found].map(|tool| Some(bare(&tool.input_schema.clone().into(), MAX_DEPTH)));
        drift.compare("inputSchema", schemas[0].as_ref(), schemas[1].as_ref());
        let schemas = [locked, found]
            .map(|tool| tool.output_schema.clone().map(|schema| bare(&schema.into(), MAX_DEPTH)));
        drift.compare("outputSchema", schemas[0].as_ref(), schemas[1].as_ref());
        (!drift.0.is_empty()).then_some(drift)
    }

    fn compare(&mut self, at: &str, locked: Option<&Value>, found: Option<&Value>) {
        match (locked, found) {
            (locked, found) if locked == found => {}
            (Some(Value::Object(locked)), Some(Value::Object(found))) => {
                let added = found.keys().filter(|key| !locked.contains_key(*key));
                for key in locked.keys().chain(added) {
                    self.compare(&format!("{at}.{key}"), locked.get(key), found.get(key));
                }
            }
            (Some(Value::Array(locked)), Some(Value::Array(found)))
                if locked.len() == found.len() && locked.iter().all(Value::is_object) =>
            {
                for (index, (locked, found)) in locked.iter().zip(found).enumerate() {
                    self.compare(&format!("{at}[{index}]"), Some(locked), Some(found));
                }
            }
            _ => self.0.push(Difference {
                at: at.to_owned(),
                locked: locked.cloned(),
                found: found.cloned(),
            }),
        }
    }
}

/// A schema without what it says to readers alone, its sets in order
fn bare(schema: &Value, depth: usize) -> Value {
    let Some(object) = schema.as_object().filter(|_| depth > 0) else { return schema.clone() };
    let kept = object.iter().filter(|(key, _)| !WORDS.contains(&key.as_str()));
    kept.map(|(key, value)| (key.clone(), keyword(key, value, depth - 1))).collect()
}

fn keyword(key: &str, value: &Value, depth: usize) -> Value {
    match value {
        Value::Array(items) if SETS.contains(&key) => {
            let mut items = items.clone();
            items.sort_by_cached_key(Value::to_string);
            items.into()
        }
        value if DATA.contains(&key) => value.clone(),
        Value::Object(schemas) if BY_NAME.contains(&key) => {
            let schemas = schemas.iter().map(|(name, schema)| (name.clone(), bare(schema, depth)));
            Value::Object(schemas.collect::<Map<_, _>>())
        }
        Value::Array(schemas) => schemas.iter().map(|schema| bare(schema, depth)).collect(),
        value => bare(value, depth),
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, difference) in self.0.iter().take(TOLD).enumerate() {
            f.write_str(if index == 0 { "" } else { "; " })?;
            difference.fmt(f)?;
        }
        match self.0.len().saturating_sub(TOLD) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, locked, found } = self;
        match (locked, found) {
            (Some(locked), Some(found)) => {
                write!(f, "`{at}` was {}, is {}", shown(locked), shown(found))
            }
            (Some(locked), None) => write!(f, "`{at}` is gone, it was {}", shown(locked)),
            (None, found) => {
                write!(f, "`{at}` is new: {}", shown(found.as_ref().unwrap_or(&Value::Null)))
            }
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tool(listed: Value) -> Tool {
        serde_json::from_value(listed).unwrap()
    }

    fn told(locked: Value, found: Value) -> Option<String> {
        Drift::between(&tool(locked), &tool(found)).map(|drift| drift.to_string())
    }

    #[test]
    fn words_and_order_do_not_count() {
        let locked = json!({"name": "a", "description": "x", "inputSchema": {
            "type": "object",
            "properties": {"n": {"type": ["null", "integer"], "description": "x", "default": 1},
                "title": {"type": "string"}},
            "required": ["n", "title"],
        }});
        let found = json!({"name": "a", "description": "y", "annotations": {"idempotentHint": false},
            "inputSchema": {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "title": "Arguments",
                "required": ["title", "n"],
                "properties": {"title": {"type": "string", "title": "Title"},
                    "n": {"type": ["integer", "null"], "examples": [1]}},
                "type": "object",
            }
        });
        assert_eq!(told(locked, found), None);
    }

    #[test]
    fn what_a_call_depends_on_does() {
        let input = |schema: Value| json!({"inputSchema": {"properties": schema}});
        let cases = [
            (
                input(json!({"n": {"type": "integer"}})),
                input(json!({"n": {"type": "string"}})),
                r#"`inputSchema.properties.n.type` was "integer", is "string""#,
            ),
            (
                input(json!({"n": {}})),
                input(json!({})),
                "`inputSchema.properties.n` is gone, it was {}",
            ),
            // A parameter may be called as a keyword is.
            (
                input(json!({})),
                input(json!({"title": {"type": "string"}})),
                r#"`inputSchema.properties.title` is new: {"type":"string"}"#,
            ),
            (
                json!({"annotations": {"idempotentHint": true}}),
                json!({}),
                "`annotations.idempotentHint` was true, is false",
            ),
            (
                json!({"outputSchema": {"anyOf": [{"type": "string"}, {"type": "null"}]}}),
                json!({"outputSchema": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}),
                r#"`outputSchema.anyOf[0].type` was "string", is "integer""#,
            ),
            (json!({"outputSchema": {}}), json!({}), "`outputSchema` is gone, it was {}"),
            // What may be a value of a schema is no keyword.
            (
                json!({"outputSchema": {"const": {"title": "a"}}}),
                json!({"outputSchema": {"const": {"title": "b"}}}),
                r#"`outputSchema.const.title` was "a", is "b""#,
            ),
        ];
        for (locked, found, expected) in cases {
            assert_eq!(told(locked, found).as_deref(), Some(expected));
        }
    }

    #[test]
    fn much_is_told_in_short() {
        let many: Map<String, Value> =
            (0..9).map(|n| (format!("p{n}"), json!({"enum": ["x".repeat(200)]}))).collect();
        let said =
            told(json!({}), json!({"inputSchema": {"properties": many}, "outputSchema": {}}));
        let said = said.unwrap();
        assert!(said.len() < 300 && said.contains('…'), "{said}");
        let fields = |ty: &str| -> Map<String, Value> {
            (0..9).map(|n| (format!("p{n}"), json!({ "type": ty }))).collect()
        };
        let listed = |ty| json!({"inputSchema": {"properties": fields(ty)}});
        let said = told(listed("string"), listed("integer")).unwrap();
        assert!(said.ends_with("; and 5 more"), "{said}");
    }
}
