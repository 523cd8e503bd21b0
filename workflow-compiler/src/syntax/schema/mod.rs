//! The one vocabulary for types: inputs, outputs, parameters and results of functions.

mod check;
mod decode;
mod rules;

pub use decode::{SCHEMA_KEYS, TYPES, decode, decode_validation, own_keys};
pub(crate) use rules::reason;
pub(super) use rules::says_optional;
pub use rules::{ARRAY_KEYS, NUMBER_KEYS, OBJECT_KEYS, STRING_KEYS};

use serde_json::{Map, Value, json};

use crate::source::{Span, Spanned};
use crate::types::Ty;

/// A declared type with its validation
#[derive(Clone, Debug)]
pub struct Schema {
    /// The type of a value that is there
    pub ty: Ty,
    /// The same and the validation as JSON Schema
    pub json: Value,
    /// Whether a value must be given; what that means is the holder's business
    pub required: bool,
    /// What stands in for a value that is not given
    pub default: Option<Value>,
    /// The author's words, may be empty
    pub description: String,
    /// Where it was written
    pub span: Span,
}

impl Schema {
    /// What stands in for a schema that is missing, which was reported
    pub fn unknown(span: Span) -> Self {
        let (json, description) = (json!({}), String::new());
        Self { ty: Ty::Poison, json, required: false, default: None, description, span }
    }

    /// The type of an input declared so: `T?` where it is neither required nor defaulted
    pub fn input_ty(&self) -> Ty {
        let ty = self.ty.clone();
        if self.is_certain() { ty } else { ty.optional() }
    }

    /// The JSON Schema of an input declared so: null is taken where the type is `T?`
    pub fn input_json(&self) -> Value {
        let json = self.json.clone();
        if self.is_certain() { json } else { nullable(json) }
    }

    fn is_certain(&self) -> bool {
        self.required || self.default.is_some()
    }
}

/// JSON Schema of an object that has these inputs and no others
pub fn inputs_schema(inputs: &[(Spanned<String>, Schema)]) -> Value {
    let properties: Map<_, _> =
        inputs.iter().map(|(name, schema)| (name.value.clone(), schema.input_json())).collect();
    let required: Vec<_> = inputs
        .iter()
        .filter(|(_, schema)| schema.required && schema.default.is_none())
        .map(|(name, _)| name.value.clone())
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// JSON Schema of the values of a type
///
/// ```
/// use serde_json::json;
/// use workflow_compiler::syntax::schema::json_schema_of;
/// use workflow_compiler::types::Ty;
///
/// let confirmed = Ty::object([("confirmed", Ty::Bool)]);
/// assert_eq!(
///     json_schema_of(&confirmed),
///     json!({
///         "type": "object",
///         "properties": {"confirmed": {"type": "boolean"}},
///         "required": ["confirmed"],
///     })
/// );
/// ```
pub fn json_schema_of(ty: &Ty) -> Value {
    match ty {
        Ty::Never => json!({"not": {}}),
        Ty::Poison | Ty::Any => json!({}),
        Ty::Null => json!({"type": "null"}),
        Ty::Bool => json!({"type": "boolean"}),
        Ty::Int => json!({"type": "integer"}),
        Ty::Float | Ty::Number => json!({"type": "number"}),
        Ty::String => json!({"type": "string"}),
        Ty::Enum(words) => json!({"type": "string", "enum": words.as_ref()}),
        Ty::DateTime => json!({"type": "string", "format": "date-time"}),
        Ty::List(item) if matches!(**item, Ty::Never | Ty::Any) => json!({"type": "array"}),
        Ty::List(item) => json!({"type": "array", "items": json_schema_of(item)}),
        Ty::Open => json!({"type": "object"}),
        Ty::Optional(some) => nullable(json_schema_of(some)),
        Ty::Object(shape) => {
            let property = |(name, ty): (&String, &Ty)| (name.clone(), json_schema_of(ty));
            let properties: Map<_, _> = shape.fields.iter().map(property).collect();
            let certain = shape.fields.iter().filter(|(_, ty)| !ty.may_be_null());
            let required: Vec<&String> = certain.map(|(name, _)| name).collect();
            json!({"type": "object", "properties": properties, "required": required})
        }
    }
}

/// The schema that takes null as well
fn nullable(mut schema: Value) -> Value {
    let Some(object) = schema.as_object_mut() else { return schema };
    if let Some(Value::String(ty)) = object.get("type").cloned()
        && ty != "null"
    {
        object.insert("type".to_owned(), json!([ty, "null"]));
    }
    if let Some(Value::Array(words)) = object.get_mut("enum")
        && !words.contains(&Value::Null)
    {
        words.push(Value::Null);
    }
    schema
}

#[cfg(test)]
mod tests;
