use serde_json::{Value as Json, json};

use super::schema::Schema;

fn ty(schema: &Json) -> String {
    Schema::new(schema).ty().to_string()
}

#[test]
fn what_is_understood_of_a_schema() {
    for (schema, expected) in [
        (json!({"type": "string", "minLength": 1}), "string"),
        (json!({"type": ["integer", "null"]}), "int?"),
        (json!({"anyOf": [{"type": "string"}, {"type": "null"}], "default": null}), "string?"),
        (json!({"enum": ["a", "b"]}), "enum{a, b}"),
        (json!({"enum": ["a", null]}), "enum{a}?"),
        (json!({"const": "a"}), "enum{a}"),
        (json!({"type": "array", "items": {"type": "number"}}), "list<number>"),
        (json!({"type": "array"}), "list<any>"),
        (
            json!({"type": "object", "properties": {"a": {"type": "boolean"}, "b": {}}, "required": ["a"]}),
            "object{a: bool, b: any}",
        ),
        (json!({"$ref": "#/$defs/x", "$defs": {"x": {"type": "integer"}}}), "int"),
    ] {
        assert_eq!(ty(&schema), expected, "{schema}");
    }
}

#[test]
fn what_is_not_understood_is_anything() {
    for schema in [
        json!(true),
        json!({}),
        json!({"enum": [1, "a"]}),
        json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        json!({"type": ["string", "number"]}),
        json!({"allOf": [{"type": "string"}]}),
        json!({"$ref": "https://example.org/x"}),
        json!({"$ref": "#/$defs/gone"}),
        json!({"$ref": "#"}),
    ] {
        assert_eq!(ty(&schema), "any", "{schema}");
    }
    let open = json!({"type": "object", "properties": {"a": {}}, "additionalProperties": true});
    assert_eq!(ty(&open), "object");
}

#[test]
fn a_schema_that_holds_itself_ends() {
    let schema = json!({
        "type": "object",
        "properties": {"next": {"$ref": "#"}},
        "required": ["next"],
    });
    assert!(ty(&schema).starts_with("object{next: object{next: "));
}
