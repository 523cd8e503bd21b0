//! What an answer must look like, in a few words.

use serde_json::Value;

/// An answer's JSON Schema, told briefly
pub(crate) struct Expected<'a>(pub(crate) &'a Value);

impl Expected<'_> {
    /// As the argument of `submit_result`: `"…"`, `{"confirmed": true or false}`, or a sketch
    /// followed by the schema
    pub(crate) fn argument(&self) -> String {
        match self.0 {
            Value::String(_) => "… as step.result_schema says".to_owned(),
            Value::Null => "…".to_owned(),
            schema => {
                sketch(schema).unwrap_or_else(|| format!("a value of the JSON Schema {schema}"))
            }
        }
    }

    /// In a sentence: `a string`, or the schema
    pub(crate) fn sentence(&self) -> String {
        match self.0.get("type").and_then(Value::as_str) {
            Some("string") if self.0.get("enum").is_none() => "a string".to_owned(),
            Some("boolean") => "true or false".to_owned(),
            _ => self.argument(),
        }
    }
}

/// A value of the schema with its open places named, if that says all of the schema
fn sketch(schema: &Value) -> Option<String> {
    if is_open(schema) {
        return Some("…".to_owned());
    }
    let schema = schema.as_object()?;
    if let Some(options) = schema.get("enum").and_then(Value::as_array) {
        return Some(options.iter().map(Value::to_string).collect::<Vec<_>>().join(" or "));
    }
    if let Some(only) = schema.get("const") {
        return Some(only.to_string());
    }
    let plain = schema.keys().all(|key| matches!(key.as_str(), "type" | "description" | "title"));
    match schema.get("type")?.as_str()? {
        "string" if plain => Some("\"…\"".to_owned()),
        "boolean" if plain => Some("true or false".to_owned()),
        "integer" if plain => Some("an integer".to_owned()),
        "number" if plain => Some("a number".to_owned()),
        "array" if plain => Some("[…]".to_owned()),
        "object" if plain => Some("{…}".to_owned()),
        "object" => sketch_object(schema),
        _ => None,
    }
}

fn sketch_object(schema: &serde_json::Map<String, Value>) -> Option<String> {
    const KNOWN: [&str; 6] =
        ["type", "description", "title", "properties", "required", "additionalProperties"];
    if schema.keys().any(|key| !KNOWN.contains(&key.as_str())) {
        return None;
    }
    let required = schema.get("required").and_then(Value::as_array);
    let fields = schema.get("properties")?.as_object()?.iter().map(|(name, field)| {
        let optional = !required.is_some_and(|names| names.iter().any(|n| n == name.as_str()));
        let mark = if optional { " (may be left out)" } else { "" };
        Some(format!("\"{name}\": {}{mark}", sketch(field)?))
    });
    Some(format!("{{{}}}", fields.collect::<Option<Vec<_>>>()?.join(", ")))
}

fn is_open(schema: &Value) -> bool {
    match schema {
        Value::Bool(allows) => *allows,
        Value::Object(keys) => {
            keys.keys().all(|key| matches!(key.as_str(), "description" | "title"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn simple_schemas_are_sketched_and_others_quoted() {
        let argument = |schema: Value| Expected(&schema).argument();
        assert_eq!(argument(json!({"type": "string"})), "\"…\"");
        assert_eq!(argument(json!({})), "…");
        assert_eq!(argument(json!({"type": "array"})), "[…]");
        assert_eq!(
            argument(json!({
                "type": "object",
                "properties": {"confirmed": {"type": "boolean"}},
                "required": ["confirmed"],
            })),
            r#"{"confirmed": true or false}"#
        );
        assert_eq!(
            argument(json!({
                "type": "object",
                "properties": {"stdout": {"type": "string"}, "note": {"type": "string"}},
                "required": ["stdout"],
            })),
            r#"{"stdout": "…", "note": "…" (may be left out)}"#
        );
        assert_eq!(
            argument(json!({"type": "array", "items": {"type": "string"}})),
            r#"a value of the JSON Schema {"type":"array","items":{"type":"string"}}"#
        );
        assert_eq!(
            argument(json!({"type": "string", "minLength": 3})),
            r#"a value of the JSON Schema {"type":"string","minLength":3}"#
        );
    }
}
