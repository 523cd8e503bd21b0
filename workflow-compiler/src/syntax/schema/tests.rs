use super::*;
use crate::syntax::decode::Value as Node;
use crate::syntax::testing::Checked;

fn read(text: &str) -> (Schema, Checked) {
    let mut checked = Checked::default();
    let (doc, _) = checked.parse(text);
    let node = Node::new(&doc, doc.root, "an input");
    let schema = decode(&node, &mut checked.diagnostics);
    (schema, checked)
}

fn right(text: &str) -> Schema {
    let (schema, checked) = read(text);
    assert_eq!(checked.mistakes(), [""; 0], "{text}");
    schema
}

fn mistakes(text: &str) -> Vec<String> {
    read(text).1.mistakes()
}

#[test]
fn each_word_has_its_type() {
    let types = TYPES.iter().map(|word| right(word).ty.to_string());
    let expected = ["string", "number", "int", "bool", "list<any>", "object", "any"];
    assert!(types.eq(expected));
}

#[test]
fn validation_stands_beside_the_type_or_below_it() {
    let beside = right("{type: string, min_length: 2, max_length: 5, pattern: '^a'}");
    let below = right("{type: string, validation: {min_length: 2, max_length: 5, pattern: '^a'}}");
    assert_eq!(beside.json, below.json);
    assert_eq!(
        beside.json,
        json!({"type": "string", "minLength": 2, "maxLength": 5, "pattern": "^a"})
    );
    assert_eq!(
        mistakes("{type: string, min_length: 2, validation: {min_length: 3}}"),
        ["1:44 duplicate-key [min_length] `min_length` is said twice of one type"]
    );
}

#[test]
fn json_schema_of_numbers_and_lists() {
    let number = right("{type: number, min: 0.5, max: 3, description: how many}");
    assert_eq!(
        number.json,
        json!({"type": "number", "description": "how many", "minimum": 0.5, "maximum": 3})
    );
    let words = right("{type: array, item_type: string, min_items: 1, max_items: 9}");
    assert_eq!(words.ty.to_string(), "list<string>");
    assert_eq!(
        words.json,
        json!({"type": "array", "minItems": 1, "maxItems": 9, "items": {"type": "string"}})
    );
    let whole = right("{type: array, item_type: {type: object, properties: {n: {type: integer}}}}");
    assert_eq!(whole.ty.to_string(), "list<object{n: int}>");
}

#[test]
fn an_enum_of_texts_is_a_type() {
    let schema = right("{type: string, enum: [low, high]}");
    assert_eq!(schema.ty.to_string(), "enum{low, high}");
    assert_eq!(schema.json, json!({"type": "string", "enum": ["low", "high"]}));
    assert_eq!(right("{type: integer, enum: [1, 2]}").ty, Ty::Int);
    assert_eq!(
        mistakes("{type: string, enum: [low, 1]}"),
        ["1:28 wrong-type-of-key [1] an item of `enum` takes a text, not a number"]
    );
    assert_eq!(
        mistakes("{type: string, enum: []}"),
        ["1:22 wrong-type-of-key [[]] `enum` takes at least one value, not a list"]
    );
}

#[test]
fn objects() {
    let all = right("{type: object, properties: {a: string, b: {type: integer}}}");
    assert_eq!(all.ty.to_string(), "object{a: string, b: int}");
    assert_eq!(all.json["required"], json!(["a", "b"]));
    let some = right("{type: object, required_keys: [a], properties: {a: string, b: integer}}");
    assert_eq!(some.ty.to_string(), "object{a: string, b: int?}");
    assert_eq!(some.json["required"], json!(["a"]));
    assert_eq!(some.json["properties"]["b"], json!({"type": ["integer", "null"]}));
    let open = right("{type: object, required_keys: [a]}");
    assert_eq!((open.ty, &open.json["required"]), (Ty::Open, &json!(["a"])));
    assert_eq!(
        mistakes("{type: object, required_keys: [nam], properties: {name: string}}"),
        ["1:32 wrong-type-of-key [nam] `nam` is required, but is not among the properties"]
    );
}

#[test]
fn an_input_neither_required_nor_defaulted_may_be_null() {
    let optional = right("{type: string, enum: [a]}");
    assert_eq!(optional.input_ty().to_string(), "enum{a}?");
    assert_eq!(optional.input_json(), json!({"type": ["string", "null"], "enum": ["a", null]}));
    assert_eq!(right("{type: string, required: true}").input_ty(), Ty::String);
    assert_eq!(right("{type: number, default: 5}").input_ty(), Ty::Number);
    assert_eq!(right("{type: number, default: null}").default, None);
}

#[test]
fn schema_of_inputs() {
    let span = crate::source::Span::new(crate::source::FileId(0), 0..0);
    let input = |name: &str, text| (Spanned::new(name.to_owned(), span), right(text));
    let inputs = [
        input("task", "{type: string, required: true}"),
        input("most", "{type: number, default: 5}"),
        input("note", "string"),
    ];
    assert_eq!(
        inputs_schema(&inputs),
        json!({
            "type": "object",
            "properties": {
                "task": {"type": "string"},
                "most": {"type": "number", "default": 5},
                "note": {"type": ["string", "null"]},
            },
            "required": ["task"],
            "additionalProperties": false,
        })
    );
}

#[test]
fn a_default_must_fit() {
    let cases = [
        ("{type: string, default: 5}", "[5] the default does not fit: expected string, found `5`"),
        (
            "{type: integer, default: 1.5}",
            "[1.5] the default does not fit: expected integer, found `1.5`",
        ),
        (
            "{type: string, enum: [a, b], default: c}",
            "[c] the default does not fit: expected one of `\"a\"`, `\"b\"`, found `\"c\"`",
        ),
        (
            "{type: string, min_length: 3, default: ab}",
            "[ab] the default does not fit: expected at least 3 characters, found 2",
        ),
        (
            "{type: number, max: 3, default: 4}",
            "[4] the default does not fit: expected at most 3, found 4",
        ),
        (
            "{type: string, pattern: '^a', default: b}",
            "[b] the default does not fit: `\"b\"` does not match `^a`",
        ),
        (
            "{type: array, item_type: string, default: [a, 1]}",
            "[1] the default does not fit: expected string, found `1`",
        ),
        (
            "{type: object, properties: {a: {type: array, item_type: integer}}, default: {a: [x]}}",
            "[x] the default does not fit: expected integer, found `\"x\"`",
        ),
        (
            "{type: object, properties: {a: string}, default: {}}",
            "[{}] the default does not fit: `a` is missing",
        ),
    ];
    for (text, expected) in cases {
        let mistakes = mistakes(text);
        assert_eq!(mistakes.len(), 1, "{mistakes:?}");
        assert!(mistakes[0].ends_with(&format!("invalid-default {expected}")), "{mistakes:?}");
    }
}

#[test]
fn a_wrong_default_is_not_told_to_the_caller_and_still_stands_in() {
    let (schema, _) = read("{type: string, default: 5}");
    assert_eq!(schema.json, json!({"type": "string"}));
    assert_eq!(schema.input_ty(), Ty::String);
}

#[test]
fn patterns_are_checked() {
    assert_eq!(
        mistakes("{type: string, pattern: '(a'}"),
        ["1:25 invalid-pattern ['(a'] `(a` is not a regular expression"]
    );
}

#[test]
fn bounds_that_nothing_fits() {
    assert_eq!(
        mistakes("{type: array, min_items: 3, max_items: 2}"),
        ["1:40 wrong-type-of-key [2] `max_items` is below `min_items`: nothing fits"]
    );
    assert_eq!(
        mistakes("{type: string, min_length: -1}"),
        ["1:28 wrong-type-of-key [-1] `min_length` takes a whole number, at least 0, not a number"]
    );
}

#[test]
fn keys_of_another_type_and_unknown_types() {
    let (schema, checked) = read("{type: number, min_length: 2}");
    assert_eq!(schema.ty, Ty::Number);
    assert_eq!(checked.help(), ["`min_length` is a key of type `string`"]);
    let (schema, checked) = read("{type: str, min_length: 2}");
    assert_eq!(schema.ty, Ty::Poison);
    assert_eq!(checked.fixed(), "{type: string, min_length: 2}");
    assert_eq!(mistakes("{default: 2}"), ["1:2 missing-key [default] a type needs `type`"]);
    assert_eq!(
        mistakes("[string]"),
        ["1:1 wrong-type-of-key [[string]] an input takes a type, not a list"]
    );
}

#[test]
fn json_schema_of_types() {
    let shape = Ty::object([("a", Ty::Int), ("b", Ty::String.optional())]);
    assert_eq!(
        json_schema_of(&Ty::list(shape)),
        json!({
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"a": {"type": "integer"}, "b": {"type": ["string", "null"]}},
                "required": ["a"],
            },
        })
    );
    assert_eq!(json_schema_of(&Ty::list(Ty::Any)), json!({"type": "array"}));
    assert_eq!(json_schema_of(&Ty::Any.optional()), json!({}));
}
