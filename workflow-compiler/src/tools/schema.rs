//! From the JSON Schemas of tools to types: what is not understood is `any`, so that nothing right
//! is refused.

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use crate::types::Ty;

use super::{Others, Parameter};

/// How deep a schema is followed
const MAX_DEPTH: usize = 24;

/// A schema with the whole that its references point into
#[derive(Clone, Copy)]
pub(super) struct Schema<'s> {
    root: &'s Json,
    here: &'s Json,
    depth: usize,
}

impl<'s> Schema<'s> {
    pub(super) fn new(root: &'s Json) -> Self {
        Self { root, here: root, depth: MAX_DEPTH }
    }

    /// The parameters that a tool's input schema names, and what it does with others
    pub(super) fn parameters(self) -> (Vec<Parameter>, Others) {
        let schema = self.resolved();
        let Some(object) = schema.here.as_object().filter(|object| !combines(object)) else {
            return (Vec::new(), Others::Taken);
        };
        let Some(properties) = object.get("properties").and_then(Json::as_object) else {
            let closed = object.get("additionalProperties") == Some(&Json::Bool(false));
            return (Vec::new(), if closed { Others::Refused } else { Others::Taken });
        };
        let required = required(object);
        let parameters = properties.iter().map(|(name, property)| Parameter {
            name: name.clone(),
            ty: schema.below(property).ty(),
            required: required.contains(&name.as_str()),
        });
        let others = match object.get("additionalProperties") {
            Some(Json::Bool(false)) => Others::Refused,
            None if !object.contains_key("patternProperties") => Others::Ignored,
            _ => Others::Taken,
        };
        (parameters.collect(), others)
    }

    /// The type of the values that the schema allows, or a wider one
    pub(super) fn ty(self) -> Ty {
        let schema = self.resolved();
        let Some(object) = schema.here.as_object() else { return Ty::Any };
        if schema.depth == 0 || object.contains_key("$ref") {
            return Ty::Any;
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(all) = object.get(key).and_then(Json::as_array) {
                return schema.alternatives(all);
            }
        }
        if combines(object) {
            return Ty::Any;
        }
        if let Some(words) = object.get("enum").and_then(Json::as_array) {
            return words_of(words);
        }
        if let Some(word) = object.get("const") {
            return words_of(std::slice::from_ref(word));
        }
        match object.get("type") {
            Some(Json::String(word)) => schema.plain(object, word),
            Some(Json::Array(words)) => schema.several(object, words),
            None if object.contains_key("properties") => schema.plain(object, "object"),
            _ => Ty::Any,
        }
    }

    fn plain(self, object: &'s Map<String, Json>, word: &str) -> Ty {
        match word {
            "string" => Ty::String,
            "number" => Ty::Number,
            "integer" => Ty::Int,
            "boolean" => Ty::Bool,
            "null" => Ty::Null,
            "array" => {
                Ty::list(object.get("items").map_or(Ty::Any, |items| self.below(items).ty()))
            }
            "object" => self.object(object),
            _ => Ty::Any,
        }
    }

    /// An object is known by its fields, unless it says that there may be others
    fn object(self, object: &'s Map<String, Json>) -> Ty {
        let others = object.get("additionalProperties");
        let closed = others.is_none_or(|others| *others == Json::Bool(false));
        let properties = object.get("properties").and_then(Json::as_object);
        let Some(properties) = properties.filter(|properties| closed && !properties.is_empty())
        else {
            return Ty::Open;
        };
        let required = required(object);
        let fields: IndexMap<String, Ty> = properties
            .iter()
            .map(|(name, property)| {
                let ty = self.below(property).ty();
                let certain = required.contains(&name.as_str());
                (name.clone(), if certain { ty } else { ty.optional() })
            })
            .collect();
        Ty::object(fields)
    }

    /// `["string", "null"]`
    fn several(self, object: &'s Map<String, Json>, words: &[Json]) -> Ty {
        let types = words.iter().map(|word| self.plain(object, word.as_str().unwrap_or_default()));
        join(types)
    }

    fn alternatives(self, all: &'s [Json]) -> Ty {
        join(all.iter().map(|schema| self.below(schema).ty()))
    }

    fn below(self, here: &'s Json) -> Self {
        Self { here, depth: self.depth.saturating_sub(1), ..self }
    }

    /// What a reference into the same schema means: `#/$defs/Item`
    fn resolved(self) -> Self {
        let mut schema = self;
        while schema.depth > 0 {
            let reference = schema.here.get("$ref").and_then(Json::as_str);
            let target = reference
                .and_then(|reference| reference.strip_prefix('#'))
                .and_then(|pointer| self.root.pointer(pointer));
            let Some(target) = target else { break };
            schema = schema.below(target);
        }
        schema
    }
}

/// One of the types or null; several others are `any`
fn join(types: impl Iterator<Item = Ty>) -> Ty {
    let mut joined = Ty::Never;
    for ty in types {
        // What has a common type only because one is wider would refuse what the other allows.
        joined = match (&joined, &ty) {
            (Ty::Never, _) => ty,
            (Ty::Null, _) | (_, Ty::Null) => joined.join(&ty).unwrap_or(Ty::Any),
            (a, b) if *a == *b => ty,
            (Ty::Optional(a), b) if **a == *b => joined,
            (Ty::Int | Ty::Number, Ty::Int | Ty::Number) => Ty::Number,
            _ => return Ty::Any,
        };
    }
    if joined == Ty::Never { Ty::Any } else { joined }
}

/// Whether a schema says more than a type can
fn combines(object: &Map<String, Json>) -> bool {
    ["allOf", "anyOf", "oneOf", "not", "if", "$dynamicRef"]
        .iter()
        .any(|key| object.contains_key(*key))
}

fn required(object: &Map<String, Json>) -> Vec<&str> {
    let required = object.get("required").and_then(Json::as_array);
    required.into_iter().flatten().filter_map(Json::as_str).collect()
}

/// Texts are a choice; with null among them, one that may be null
fn words_of(words: &[Json]) -> Ty {
    let (nulls, others): (Vec<&Json>, Vec<&Json>) = words.iter().partition(|word| word.is_null());
    let texts: Option<Vec<String>> =
        others.iter().map(|word| word.as_str().map(str::to_owned)).collect();
    match texts {
        Some(texts) if !texts.is_empty() => {
            let choice = Ty::Enum(texts.into());
            if nulls.is_empty() { choice } else { choice.optional() }
        }
        _ => Ty::Any,
    }
}
