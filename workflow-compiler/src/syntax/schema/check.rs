//! Whether a value fits the JSON Schemas that schemas of the language make.

use serde_json::{Map, Value as Json};

use crate::yaml::{Document, NodeId};

/// Why a value does not fit
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Violation {
    /// The way to the place that is wrong, from the inside out
    path: Vec<Step>,
    /// What is wrong there: `expected a string, found 5`
    pub(super) message: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Item(usize),
}

impl Violation {
    fn new(message: String) -> Self {
        Self { path: Vec::new(), message }
    }

    fn below(mut self, step: Step) -> Self {
        self.path.push(step);
        self
    }

    /// The node that is wrong inside `root`, which was read as the value
    pub(super) fn place(&self, doc: &Document, root: NodeId) -> NodeId {
        let below = |node: NodeId, step: &Step| match step {
            Step::Key(key) => doc.get(node, key),
            Step::Item(index) => doc.sequence(node)?.get(*index).copied(),
        };
        self.path.iter().rev().try_fold(root, below).unwrap_or(root)
    }
}

/// The first thing about `value` that `schema` refuses
pub(super) fn violation(schema: &Json, value: &Json) -> Option<Violation> {
    let schema = schema.as_object()?;
    let simple = wrong_type(schema, value)
        .or_else(|| not_listed(schema, value))
        .or_else(|| out_of_bounds(schema, value))
        .or_else(|| no_match(schema, value))
        .or_else(|| key_missing(schema, value));
    simple.map(Violation::new).or_else(|| inside(schema, value))
}

fn wrong_type(schema: &Map<String, Json>, value: &Json) -> Option<String> {
    let fits = |ty: &Json| match ty.as_str() {
        Some("string") => value.is_string(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some("null") => value.is_null(),
        _ => true,
    };
    let ty = schema.get("type")?;
    let words: Vec<&Json> = ty.as_array().map_or_else(|| vec![ty], |all| all.iter().collect());
    if words.iter().any(|word| fits(word)) {
        return None;
    }
    let words: Vec<&str> = words.iter().filter_map(|word| word.as_str()).collect();
    Some(format!("expected {}, found {}", words.join(" or "), describe(value)))
}

fn not_listed(schema: &Map<String, Json>, value: &Json) -> Option<String> {
    let words = schema.get("enum")?.as_array()?;
    let listed = words.contains(value);
    (!listed).then(|| {
        let words: Vec<String> = words.iter().map(describe).collect();
        format!("expected one of {}, found {}", words.join(", "), describe(value))
    })
}

fn out_of_bounds(schema: &Map<String, Json>, value: &Json) -> Option<String> {
    #[expect(clippy::cast_precision_loss, reason = "a file has at most a million characters")]
    let count = |count: usize| count as f64;
    let (size, least, most, unit) = match value {
        Json::String(text) => {
            (count(text.chars().count()), "minLength", "maxLength", " characters")
        }
        Json::Array(items) => (count(items.len()), "minItems", "maxItems", " items"),
        Json::Number(number) => (number.as_f64()?, "minimum", "maximum", ""),
        _ => return None,
    };
    let bound = |key| schema.get(key).and_then(Json::as_f64);
    let low = bound(least).filter(|bound| size < *bound);
    let high = bound(most).filter(|bound| size > *bound);
    low.map(|bound| format!("expected at least {bound}{unit}, found {size}"))
        .or_else(|| high.map(|bound| format!("expected at most {bound}{unit}, found {size}")))
}

fn no_match(schema: &Map<String, Json>, value: &Json) -> Option<String> {
    let pattern = schema.get("pattern")?.as_str()?;
    let found = regex::Regex::new(pattern).ok()?.is_match(value.as_str()?);
    (!found).then(|| format!("{} does not match `{pattern}`", describe(value)))
}

fn key_missing(schema: &Map<String, Json>, value: &Json) -> Option<String> {
    let object = value.as_object()?;
    let mut required = schema.get("required")?.as_array()?.iter().filter_map(Json::as_str);
    required.find(|key| !object.contains_key(*key)).map(|key| format!("`{key}` is missing"))
}

fn inside(schema: &Map<String, Json>, value: &Json) -> Option<Violation> {
    match value {
        Json::Array(items) => {
            let schema = schema.get("items")?;
            let item = |(at, item)| Some(violation(schema, item)?.below(Step::Item(at)));
            items.iter().enumerate().find_map(item)
        }
        Json::Object(object) => {
            let schemas = schema.get("properties")?.as_object()?;
            let property = |(key, value): (&String, &Json)| {
                Some(violation(schemas.get(key)?, value)?.below(Step::Key(key.clone())))
            };
            object.iter().find_map(property)
        }
        _ => None,
    }
}

/// A value in a message: itself if it is short
fn describe(value: &Json) -> String {
    match value {
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "an object".to_owned(),
        Json::String(text) if text.chars().count() > 40 => "a longer text".to_owned(),
        value => format!("`{value}`"),
    }
}
