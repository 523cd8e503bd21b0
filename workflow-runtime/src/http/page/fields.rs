//! The inputs of a workflow as the fields of a form, and what was typed into them as inputs.

mod hint;

use serde_json::{Map, Value};

use super::form::Form;
use crate::schema::Violation;
use hint::{hint, plain, types};

/// What is before the names of inputs in the form, so that they are no other field's
const PREFIX: &str = "input.";

/// A field of a form
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// The input
    pub(super) name: String,
    /// The name of the field, and its id
    pub(super) key: String,
    pub(super) description: String,
    pub(super) control: Control,
    /// What can be typed: `an integer · 1 or more · 5 if left out`
    pub(super) hint: String,
    pub(super) required: bool,
    /// What stands in it
    pub(super) value: String,
    /// What is wrong with it
    pub(super) errors: Vec<String>,
    /// How many lines it has
    pub(super) lines: usize,
}

/// How a field is typed in
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Control {
    /// A line: numbers
    Line,
    /// Words, over several lines
    Text,
    /// One of some values
    Choice(Vec<String>),
    /// JSON
    Json,
}

impl Field {
    /// Whether a value of a choice is the one that is chosen
    pub(super) fn is(&self, option: &str) -> bool {
        self.value == option
    }

    /// What describes it to somebody who does not see it
    pub(super) fn described_by(&self) -> String {
        let error = if self.errors.is_empty() { "" } else { &format!("{}-error ", self.key) };
        format!("{error}{}-hint", self.key)
    }
}

/// The fields of an input schema, with its defaults in them
pub(super) fn fields(schema: &Value) -> Vec<Field> {
    let required = |name: &str| {
        let names = schema["required"].as_array();
        names.is_some_and(|names| names.iter().any(|each| each == name))
    };
    let inputs = schema["properties"].as_object();
    inputs.into_iter().flatten().map(|(name, rules)| field(name, rules, required(name))).collect()
}

/// The fields, as somebody has filled them
pub(super) fn filled(schema: &Value, form: &Form) -> Vec<Field> {
    let mut fields = fields(schema);
    for field in &mut fields {
        if let Some(typed) = form.get(&field.key) {
            typed.clone_into(&mut field.value);
        }
    }
    fields
}

/// The inputs that were typed; a field that was left empty is left out. Where something is no JSON that
/// has to be, its field says so, and it is a text among the inputs
pub(super) fn inputs(fields: &mut [Field], schema: &Value) -> Map<String, Value> {
    let mut inputs = Map::new();
    for field in fields {
        if field.value.trim().is_empty() {
            continue;
        }
        let rules = &schema["properties"][field.name.as_str()];
        let value = match &field.control {
            Control::Text => Value::String(field.value.clone()),
            Control::Choice(_) => chosen(&field.value, rules),
            // What is no number is a text, which the schema refuses in its own words.
            Control::Line => parsed(&field.value).unwrap_or_else(|_| text(&field.value)),
            Control::Json => parsed(&field.value).unwrap_or_else(|error| {
                if rules.get("type").is_some() {
                    field.errors.push(format!("this is no JSON: {error}"));
                }
                text(&field.value)
            }),
        };
        inputs.insert(field.name.clone(), value);
    }
    inputs
}

/// Puts what is wrong with inputs beside their fields; what belongs to none is given back
pub(super) fn blame(fields: &mut [Field], violations: Vec<Violation>) -> Vec<String> {
    let mut others = Vec::new();
    for violation in violations {
        let property = violation.property();
        let of = |field: &&mut Field| Some(&field.name) == property.as_ref();
        match fields.iter_mut().find(of) {
            // That it is no JSON has been said.
            Some(field) if field.control == Control::Json && !field.errors.is_empty() => {}
            Some(field) => field.errors.push(told_of(field, &violation)),
            None => others.push(violation.to_string()),
        }
    }
    others
}

fn told_of(field: &Field, violation: &Violation) -> String {
    if field.value.trim().is_empty() {
        return "this is needed".to_owned();
    }
    match violation.place_within() {
        place if place.is_empty() => violation.message.clone(),
        place => format!("at `{place}`: {}", violation.message),
    }
}

/// What can be given for a value that has to be there: `text · at least 3 characters`
pub(super) fn told(rules: &Value) -> String {
    hint(rules, &control(rules), true)
}

fn field(name: &str, rules: &Value, required: bool) -> Field {
    let control = control(rules);
    let default = rules.get("default").filter(|default| !default.is_null());
    let value = default.map(|default| shown(default, &control)).unwrap_or_default();
    let lines = match control {
        Control::Json => value.lines().count().clamp(3, 12),
        _ => value.lines().count().clamp(1, 12),
    };
    Field {
        name: name.to_owned(),
        key: format!("{PREFIX}{name}"),
        description: rules["description"].as_str().unwrap_or_default().to_owned(),
        hint: hint(rules, &control, required),
        required,
        value,
        errors: Vec::new(),
        control,
        lines,
    }
}

fn control(rules: &Value) -> Control {
    if let Some(options) = rules["enum"].as_array() {
        let options = options.iter().filter(|option| !option.is_null());
        return Control::Choice(options.map(plain).collect());
    }
    match types(rules).as_slice() {
        ["string"] => Control::Text,
        ["boolean"] => Control::Choice(vec!["true".to_owned(), "false".to_owned()]),
        ["integer" | "number"] => Control::Line,
        _ => Control::Json,
    }
}

/// A value as it is typed
fn shown(value: &Value, control: &Control) -> String {
    match control {
        Control::Json => serde_json::to_string_pretty(value).unwrap_or_default(),
        _ => plain(value),
    }
}

fn chosen(typed: &str, rules: &Value) -> Value {
    let options = rules["enum"].as_array();
    let found = options.into_iter().flatten().find(|option| plain(option) == typed);
    found.cloned().or_else(|| parsed(typed).ok()).unwrap_or_else(|| text(typed))
}

fn parsed(typed: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(typed)
}

fn text(typed: &str) -> Value {
    Value::String(typed.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::InputSchema;

    fn schema() -> Value {
        json!({"type": "object", "required": ["name"], "properties": {
            "name": {"type": "string", "description": "Whom to greet", "minLength": 3},
            "count": {"type": "integer", "minimum": 1, "default": 5},
            "loud": {"type": "boolean", "default": false},
            "colour": {"type": "string", "enum": ["red", "blue"]},
            "tags": {"type": "array", "items": {"type": "string"}},
            "any": {},
            "note": {"type": ["string", "null"], "default": null},
        }})
    }

    fn typed(query: &str) -> (Map<String, Value>, Vec<Field>, Vec<String>) {
        let schema = schema();
        let mut fields = filled(&schema, &Form::read(query.as_bytes()));
        let inputs = inputs(&mut fields, &schema);
        let rules = InputSchema::parse(&schema.to_string()).unwrap();
        let others = blame(&mut fields, rules.violations(inputs.clone()));
        (inputs, fields, others)
    }

    fn errors(fields: &[Field]) -> Vec<(&str, &str)> {
        let all = fields.iter().flat_map(|field| {
            field.errors.iter().map(|error| (field.name.as_str(), error.as_str()))
        });
        all.collect()
    }

    #[test]
    fn each_input_has_a_field_of_its_kind() {
        let fields = fields(&schema());
        let hints: Vec<&str> = fields.iter().map(|field| field.hint.as_str()).collect();
        assert_eq!(
            hints,
            [
                "text · at least 3 characters",
                "a whole number · 1 or more · 5 if left out",
                "false if left out",
                "",
                "a list, as JSON · of texts",
                "any value, as JSON or as text",
                "text",
            ]
        );
        let values: Vec<&str> = fields.iter().map(|field| field.value.as_str()).collect();
        assert_eq!(values, ["", "5", "false", "", "", "", ""]);
        assert!(fields[0].required && !fields[1].required);
        assert_eq!(fields[3].control, Control::Choice(vec!["red".into(), "blue".into()]));
    }

    #[test]
    fn what_is_typed_has_the_types_of_the_inputs() {
        let (inputs, fields, others) = typed(
            "input.name=true&input.count=7&input.loud=true&input.colour=blue\
             &input.tags=%5B%22a%22%5D&input.any=hello&input.note=1",
        );
        assert_eq!(
            Value::Object(inputs),
            json!({"name": "true", "count": 7, "loud": true, "colour": "blue", "tags": ["a"],
                "any": "hello", "note": "1"})
        );
        assert_eq!((errors(&fields), others), (vec![], vec![]));
    }

    #[test]
    fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() {
        let (_, fields, others) =
            typed("input.name=+&input.count=many&input.colour=green&input.tags=%5B1%5D");
        assert_eq!(
            errors(&fields),
            [
                ("name", "this is needed"),
                ("count", "expected an integer, found the string \"many\""),
                ("colour", "expected one of [\"red\",\"blue\"], found the string \"green\""),
                ("tags", "at `[0]`: expected a string, found the number 1"),
            ]
        );
        assert_eq!((fields[1].value.as_str(), others.len()), ("many", 0));
        let (_, fields, _) = typed("input.name=Ada&input.tags=a,+b");
        assert_eq!(
            errors(&fields),
            [("tags", "this is no JSON: expected value at line 1 column 1")]
        );
    }
}
