//! JSON Schemas of inputs and answers, compiled once, with messages an agent can act on.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value};

use crate::plural::count;

/// Violations that a message lists; the rest are counted
const SHOWN: usize = 5;

/// Characters of a value that a message quotes
const QUOTED: usize = 80;

/// Schemas kept compiled; choices with options of the moment would otherwise pile up
const CACHED: usize = 1024;

/// A compiled JSON Schema
#[derive(Debug)]
pub struct Schema {
    validator: Validator,
}

impl Schema {
    /// Compiles a schema; fails with what is wrong with it
    pub fn compile(schema: &Value) -> Result<Self, String> {
        let validator = jsonschema::validator_for(schema).map_err(|error| error.to_string())?;
        Ok(Self { validator })
    }

    /// A schema that may have been compiled before
    pub fn cached(schema: &Value) -> Result<Arc<Self>, String> {
        static CACHE: OnceLock<Mutex<HashMap<Value, Arc<Schema>>>> = OnceLock::new();
        let mut cache =
            CACHE.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = cache.get(schema) {
            return Ok(known.clone());
        }
        if cache.len() >= CACHED {
            cache.clear();
        }
        let compiled = Arc::new(Self::compile(schema)?);
        cache.insert(schema.clone(), compiled.clone());
        Ok(compiled)
    }

    /// Checks a value; fails with all that is wrong with it, in one message
    ///
    /// ```
    /// let schema = serde_json::json!({"type": "object", "properties": {"n": {"type": "integer"}}});
    /// let schema = workflow_runtime::schema::Schema::compile(&schema).unwrap();
    /// let message = schema.check(&serde_json::json!({"n": "x"})).unwrap_err();
    /// assert_eq!(message, "at `n`: expected an integer, found the string \"x\"");
    /// ```
    pub fn check(&self, value: &Value) -> Result<(), String> {
        if self.validator.is_valid(value) {
            return Ok(());
        }
        let violations = self.violations(value);
        let mut violations: Vec<String> = violations.iter().map(Violation::to_string).collect();
        let more = violations.len().saturating_sub(SHOWN);
        violations.truncate(SHOWN);
        let mut message = violations.join("; ");
        if more > 0 {
            message = format!("{message}; and {more} more");
        }
        Err(message)
    }

    /// All that is wrong with a value; nothing if it is right
    pub fn violations(&self, value: &Value) -> Vec<Violation> {
        self.validator.iter_errors(value).map(|error| Violation::of(&error)).collect()
    }
}

/// One thing that is wrong with a value
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where, as a JSON pointer
    pointer: String,
    /// The property that is missing there, if that is what is wrong
    missing: Option<String>,
    /// What was expected and what came
    pub message: String,
}

impl Violation {
    fn of(error: &ValidationError<'_>) -> Self {
        let missing = match error.kind() {
            ValidationErrorKind::Required { property } => property.as_str().map(str::to_owned),
            _ => None,
        };
        let pointer = error.instance_path().as_str().to_owned();
        Self { pointer, missing, message: said(error) }
    }

    /// The property of the whole value that it is about: the one it lies in, or the missing one
    pub fn property(&self) -> Option<String> {
        match self.pointer.split('/').nth(1) {
            Some(outermost) => Some(plain(outermost)),
            None => self.missing.clone(),
        }
    }

    /// Where it is within that property: `[2].name`; empty for the property itself
    pub fn place_within(&self) -> String {
        let within = self.pointer.strip_prefix('/').and_then(|rest| rest.split_once('/'));
        within.map_or_else(String::new, |(_, rest)| dotted(&format!("/{rest}")))
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = dotted(&self.pointer);
        if !place.is_empty() {
            write!(f, "at `{place}`: ")?;
        }
        f.write_str(&self.message)
    }
}

/// The schema of a workflow's inputs
#[derive(Debug)]
pub struct InputSchema {
    schema: Schema,
    source: Value,
}

impl InputSchema {
    /// Parses the schema's text; fails with what is wrong with it
    pub fn parse(text: &str) -> Result<Self, String> {
        let source: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Ok(Self { schema: Schema::compile(&source)?, source })
    }

    /// Inputs with their defaults filled in; fails with all that is wrong with them
    pub fn take(&self, inputs: Map<String, Value>) -> Result<Map<String, Value>, String> {
        self.refuse_unknown(&inputs)?;
        let mut value = Value::Object(inputs);
        fill_defaults(&self.source, &mut value);
        self.schema.check(&value).map_err(|message| format!("the inputs do not fit: {message}"))?;
        match value {
            Value::Object(filled) => Ok(filled),
            _ => Err("the inputs must be an object".to_owned()),
        }
    }

    /// Inputs with their defaults filled in, not checked
    pub fn fill(&self, inputs: Map<String, Value>) -> Map<String, Value> {
        let mut value = Value::Object(inputs);
        fill_defaults(&self.source, &mut value);
        match value {
            Value::Object(filled) => filled,
            _ => Map::new(),
        }
    }

    /// All that is wrong with inputs, once their defaults are filled in; nothing if they are right
    pub fn violations(&self, inputs: Map<String, Value>) -> Vec<Violation> {
        self.schema.violations(&Value::Object(self.fill(inputs)))
    }

    fn refuse_unknown(&self, inputs: &Map<String, Value>) -> Result<(), String> {
        let known = self.source.get("properties").and_then(Value::as_object);
        let names: Vec<&str> =
            known.map(|known| known.keys().map(String::as_str).collect()).unwrap_or_default();
        let Some(unknown) = inputs.keys().find(|name| !names.contains(&name.as_str())) else {
            return Ok(());
        };
        let mut message = format!("there is no input `{unknown}`");
        if let Some(near) = nearest(unknown, names.iter().copied()) {
            message = format!("{message}, did you mean `{near}`");
        }
        if names.is_empty() {
            message.push_str("; the workflow has no inputs");
        } else {
            message = format!("{message}; the inputs are `{}`", names.join("`, `"));
        }
        Err(message)
    }
}

/// The known name that a misspelt one most likely means
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// Puts `default`s where keys are missing, in objects within objects too
fn fill_defaults(schema: &Value, value: &mut Value) {
    let (Some(properties), Some(object)) =
        (schema.get("properties").and_then(Value::as_object), value.as_object_mut())
    else {
        return;
    };
    for (name, property) in properties {
        if let Some(inner) = object.get_mut(name) {
            fill_defaults(property, inner);
        } else if let Some(default) = property.get("default") {
            object.insert(name.clone(), default.clone());
        }
    }
}

/// What was expected and what came
fn said(error: &ValidationError<'_>) -> String {
    let found = found(error.instance());
    match error.kind() {
        ValidationErrorKind::Type { kind } => format!("expected {}, found {found}", types(kind)),
        ValidationErrorKind::Required { property } => {
            format!("`{}` is missing", property.as_str().unwrap_or_default())
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            format!("unexpected `{}`", unexpected.join("`, `"))
        }
        ValidationErrorKind::Enum { options } => {
            format!("expected one of {}, found {found}", quote(options))
        }
        ValidationErrorKind::Constant { expected_value } => {
            format!("expected {}, found {found}", quote(expected_value))
        }
        ValidationErrorKind::MinLength { limit } => {
            format!("expected at least {}, found {found}", count(*limit, "character"))
        }
        ValidationErrorKind::MaxLength { limit } => {
            format!("expected at most {}, found {found}", count(*limit, "character"))
        }
        ValidationErrorKind::MinItems { limit } => {
            format!("expected at least {}, found {found}", count(*limit, "item"))
        }
        ValidationErrorKind::MaxItems { limit } => {
            format!("expected at most {}, found {found}", count(*limit, "item"))
        }
        ValidationErrorKind::Minimum { limit } => {
            format!("expected {limit} or more, found {found}")
        }
        ValidationErrorKind::Maximum { limit } => {
            format!("expected {limit} or less, found {found}")
        }
        ValidationErrorKind::Pattern { pattern } => {
            format!("expected text that matches `{pattern}`, found {found}")
        }
        _ => shortened(&error.to_string()),
    }
}

/// `/tasks/2/name` as `tasks[2].name`
fn dotted(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        let part = plain(part);
        if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            path = format!("{path}[{part}]");
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&part);
        }
    }
    path
}

/// A part of a JSON pointer as what it names
fn plain(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => article(&kind.to_string()),
        TypeKind::Multiple(kinds) => {
            kinds.iter().map(|kind| article(&kind.to_string())).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn article(word: &str) -> String {
    match word {
        "null" => "null".to_owned(),
        "array" => "a list".to_owned(),
        "integer" | "object" => format!("an {word}"),
        _ => format!("a {word}"),
    }
}

fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(bool) => format!("`{bool}`"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(_) => format!("the string {}", quote(value)),
        Value::Array(items) if items.is_empty() => "an empty list".to_owned(),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(object) if object.is_empty() => "an empty object".to_owned(),
        Value::Object(object) => {
            let keys: Vec<&str> = object.keys().map(String::as_str).collect();
            shortened(&format!("an object with `{}`", keys.join("`, `")))
        }
    }
}

fn quote(value: &Value) -> String {
    shortened(&value.to_string())
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(schema: &Value, value: &Value) -> String {
        Schema::compile(schema).unwrap().check(value).unwrap_err()
    }

    #[test]
    fn a_violation_names_its_place_what_was_wanted_and_what_came() {
        let schema = json!({"type": "object", "properties": {"tasks": {"type": "array", "items": {
            "type": "object", "properties": {"name": {"type": "string", "maxLength": 3}},
        }}}});
        let message = check(&schema, &json!({"tasks": [{"name": "a"}, {"name": "long"}, 5]}));
        assert_eq!(
            message,
            "at `tasks[1].name`: expected at most 3 characters, found the string \"long\"; \
             at `tasks[2]`: expected an object, found the number 5"
        );
    }

    #[test]
    fn of_many_violations_five_are_told_and_the_rest_counted() {
        let message = check(&json!({"items": {"type": "null"}}), &json!([1, 2, 3, 4, 5, 6, 7]));
        assert_eq!(message.matches("expected null").count(), 5);
        assert!(message.ends_with("; and 2 more"), "{message}");
    }

    #[test]
    fn a_long_value_is_not_repeated_in_full() {
        let message = check(&json!({"type": "integer"}), &json!("ä".repeat(10_000)));
        assert!(message.len() < 300, "{message}");
    }

    #[test]
    fn defaults_reach_into_objects_that_are_there() {
        let schema = InputSchema::parse(
            r#"{"type": "object", "properties": {"a": {"properties": {"b": {"default": 1}}},
                "c": {"properties": {"d": {"default": 2}}}, "e": {"default": null}}}"#,
        )
        .unwrap();
        let taken = schema.take(json!({"a": {}}).as_object().unwrap().clone()).unwrap();
        assert_eq!(Value::Object(taken), json!({"a": {"b": 1}, "e": null}));
    }

    #[test]
    fn an_unknown_input_is_refused_even_where_the_schema_is_open() {
        let schema = InputSchema::parse(r#"{"type": "object"}"#).unwrap();
        let message = schema.take(json!({"x": 1}).as_object().unwrap().clone()).unwrap_err();
        assert_eq!(message, "there is no input `x`; the workflow has no inputs");
    }
}
