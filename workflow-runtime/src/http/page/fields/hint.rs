//! What can be given, in a few words: `a whole number · 1 or more · 5 if left out`.

use serde_json::Value;

use super::Control;
use crate::http::page::view::brief;
use crate::plural::count;

/// How much of a default is told, in characters
const DEFAULT: usize = 60;

/// What the rules of a field ask for
pub(super) fn hint(rules: &Value, control: &Control, required: bool) -> String {
    let kind = match (control, types(rules).as_slice()) {
        (Control::Text, _) => "text",
        (Control::Choice(_), _) => "",
        (_, ["integer"]) => "a whole number",
        (_, ["number"]) => "a number",
        (_, ["array"]) => "a list, as JSON",
        (_, ["object"]) => "an object, as JSON",
        (_, []) => "any value, as JSON or as text",
        _ => "as JSON",
    };
    let bound =
        |key: &str, words: &str| rules.get(key).map(|bound| words.replace("{}", &plain(bound)));
    let counted = |key: &str, words: &str, thing: &str| {
        let bound = rules.get(key).and_then(Value::as_u64)?;
        Some(format!("{words} {}", count(bound, thing)))
    };
    let default = rules.get("default").filter(|default| !default.is_null() && !required);
    let parts = [
        Some(kind.to_owned()).filter(|kind| !kind.is_empty()),
        items(rules),
        bound("minimum", "{} or more"),
        bound("maximum", "{} or less"),
        counted("minLength", "at least", "character"),
        counted("maxLength", "at most", "character"),
        counted("minItems", "at least", "item"),
        counted("maxItems", "at most", "item"),
        bound("pattern", "matching {}"),
        default.map(|default| format!("{} if left out", brief(default, DEFAULT))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What the items of a list are
fn items(rules: &Value) -> Option<String> {
    let kind = rules["items"]["type"].as_str()?;
    Some(format!(
        "of {}",
        match kind {
            "string" => "texts",
            "integer" | "number" => "numbers",
            "boolean" => "true and false",
            "object" => "objects",
            _ => "lists",
        }
    ))
}

/// The types of a value, without null
pub(super) fn types(rules: &Value) -> Vec<&str> {
    let all = match &rules["type"] {
        Value::String(only) => vec![only.as_str()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    all.into_iter().filter(|kind| *kind != "null").collect()
}

/// A text as it is, all else as JSON
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
