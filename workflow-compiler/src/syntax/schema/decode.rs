//! Reads a schema.

use serde_json::{Map, Value as Json, json};

use super::Schema;
use super::check::violation;
use super::rules::{ARRAY_KEYS, NUMBER_KEYS, OBJECT_KEYS, Rules, STRING_KEYS};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::syntax::decode::{Fields, Key, Table, Takes, Value};
use crate::types::Ty;

/// The words for types
pub const TYPES: &[&str] = &["string", "number", "integer", "boolean", "array", "object", "any"];

/// The keys of every schema; the validation keys of its type may stand beside them
pub const SCHEMA_KEYS: &[Key] = &[
    Key::required("type", Takes::Word(TYPES), "what kind of value it is"),
    Key::optional("required", Takes::Flag, "whether a value must be given"),
    Key::optional("default", Takes::Data, "what stands in for a value that is not given"),
    Key::optional("description", Takes::Text, "what it is for"),
    Key::optional("validation", Takes::Mapping, "what the value must satisfy"),
];

/// Those of numbers that no other type has
const NUMBER_BOUNDS: &[Key] = NUMBER_KEYS.split_at(2).0;

/// All validation keys with whose they are
const ELSEWHERE: &[(&str, &[Key])] = &[
    ("type `string`", STRING_KEYS),
    ("types `number` and `integer`", NUMBER_KEYS),
    ("type `array`", ARRAY_KEYS),
    ("type `object`", OBJECT_KEYS),
];

/// Reads a schema: a word such as `string`, or a mapping
///
/// What is wrong is reported, and the rest is still read; where nothing can be known the type is
/// poison, so that nothing follows from the mistake.
pub fn decode(value: &Value<'_>, diagnostics: &mut Diagnostics) -> Schema {
    if value.doc.scalar(value.node).is_some() {
        let word = value.word(TYPES, diagnostics).map(|word| word.value);
        return plain(word, value.span());
    }
    if value.doc.mapping(value.node).is_none() {
        value.mismatch::<()>("a type", diagnostics);
        return plain(None, value.span());
    }
    let word = known_type(value);
    let (fields, rules) = read(value, word, diagnostics);
    let mut schema =
        plain(fields.word("type", TYPES, diagnostics).map(|word| word.value), value.span());
    let required = fields.flag("required", diagnostics);
    // What is said of it and is neither true nor false leads to no second mistake.
    schema.required = required.map_or_else(|| fields.has("required"), |flag| flag.value);
    if let Some(text) = fields.text("description", diagnostics) {
        schema.description = text.value;
    }
    let mut object = Map::new();
    if let Json::Object(mut json) = schema.json.take() {
        object.append(&mut json);
    }
    if !schema.description.is_empty() {
        object.insert("description".to_owned(), schema.description.clone().into());
    }
    schema.ty = rules.apply(schema.ty, &mut object, diagnostics);
    schema.json = Json::Object(object);
    take_default(&mut schema, &fields, word.is_some(), diagnostics);
    schema
}

/// Reads validation keys that stand alone, where the type is known
pub fn decode_validation(
    word: &'static str,
    validation: &Value<'_>,
    diagnostics: &mut Diagnostics,
) -> Schema {
    let mut schema = plain(Some(word), validation.span());
    let own = own_keys(Some(word));
    let what = format!("the validation of type `{word}`");
    let table = Table { elsewhere: ELSEWHERE, ..Table::new(&what, own) };
    let fields = table.read(validation.doc, validation.node, diagnostics);
    let mut rules = Rules::default();
    let names = own.iter().flat_map(|group| group.iter()).map(|key| key.name);
    rules.rules.extend(names.filter_map(|name| Some((name, fields.get(name)?))));
    if let Json::Object(object) = &mut schema.json {
        schema.ty = rules.apply(schema.ty, object, diagnostics);
    }
    schema
}

/// The schema of a type word alone
fn plain(word: Option<&str>, span: Span) -> Schema {
    let ty = match word {
        Some("string") => Ty::String,
        Some("number") => Ty::Number,
        Some("integer") => Ty::Int,
        Some("boolean") => Ty::Bool,
        Some("array") => Ty::list(Ty::Any),
        Some("object") => Ty::Open,
        Some("any") => Ty::Any,
        _ => Ty::Poison,
    };
    let json = match word {
        None | Some("any") => json!({}),
        Some(word) => json!({"type": word}),
    };
    Schema { ty, json, ..Schema::unknown(span) }
}

/// The type word, looked at before the table is chosen by it
fn known_type(value: &Value<'_>) -> Option<&'static str> {
    let word = &value.doc.scalar(value.doc.get(value.node, "type")?)?.text;
    TYPES.iter().find(|known| *known == word).copied()
}

/// Reads the keys of a schema, and those under its `validation`
fn read<'a>(
    value: &Value<'a>,
    word: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> (Fields<'a>, Rules<'a>) {
    let own = own_keys(word);
    let mut keys = vec![SCHEMA_KEYS];
    keys.extend(own);
    let what = word.map_or_else(|| "a type".to_owned(), |word| format!("type `{word}`"));
    let table = Table { elsewhere: ELSEWHERE, ..Table::new(&what, &keys) };
    let fields = table.read(value.doc, value.node, diagnostics);
    let mut rules = Rules::default();
    let names = || own.iter().flat_map(|group| group.iter()).map(|key| key.name);
    rules.rules.extend(names().filter_map(|name| Some((name, fields.get(name)?))));
    if let Some(validation) = fields.get("validation") {
        let what = format!("the validation of {what}");
        let table = Table { elsewhere: ELSEWHERE, ..Table::new(&what, own) };
        let inner = table.read(value.doc, validation.node, diagnostics);
        for name in names() {
            let (Some(rule), Some(place)) = (inner.get(name), inner.key_span(name)) else {
                continue;
            };
            match fields.key_span(name) {
                Some(first) => diagnostics.push(twice(name, place, first)),
                None => rules.rules.push((name, rule)),
            }
        }
    }
    (fields, rules)
}

/// The validation keys of a type; `None` is a type that is not known
pub fn own_keys(word: Option<&str>) -> &'static [&'static [Key]] {
    match word {
        Some("string") => &[STRING_KEYS],
        Some("number" | "integer") => &[NUMBER_KEYS],
        Some("array") => &[ARRAY_KEYS],
        Some("object") => &[OBJECT_KEYS],
        Some(_) => &[],
        // Without a type nothing is said of keys that some type has.
        None => &[STRING_KEYS, NUMBER_BOUNDS, ARRAY_KEYS, OBJECT_KEYS],
    }
}

fn twice(name: &str, place: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, place, format!("`{name}` is said twice of one type"))
        .label("the second one")
        .also(first, "the first one, which counts")
        .help("a validation key stands beside `type` or under `validation`, not both")
}

/// Takes the default; of what type it should be is not `known` where the type was misspelt
fn take_default(
    schema: &mut Schema,
    fields: &Fields<'_>,
    known: bool,
    diagnostics: &mut Diagnostics,
) {
    let Some(value) = fields.get("default") else { return };
    let default = value.json(diagnostics);
    if default.is_null() {
        return;
    }
    if let Some(violation) = violation(&schema.json, &default).filter(|_| known) {
        let place = violation.place(value.doc, value.node);
        let message = format!("the default does not fit: {}", violation.message);
        diagnostics.push(
            Diagnostic::new(Code::InvalidDefault, value.doc.span(place), message)
                .label(violation.message),
        );
    } else if let Json::Object(json) = &mut schema.json {
        json.insert("default".to_owned(), default.clone());
    }
    // Also a wrong default counts as one: the input is not null for its readers.
    schema.default = Some(default);
}
