//! The validation keys of each type, and how they are told in JSON Schema.

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::{Schema, decode::decode};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Spanned;
use crate::syntax::decode::{Key, Takes, Value, closest};
use crate::types::Ty;

/// What a string may be validated by
pub const STRING_KEYS: &[Key] = &[
    Key::optional("pattern", Takes::Text, "regular expression that is found in it"),
    Key::optional("min_length", Takes::Number, "fewest characters"),
    Key::optional("max_length", Takes::Number, "most characters"),
    Key::optional("enum", Takes::List, "the only values"),
];

/// What a number or an integer may be validated by
pub const NUMBER_KEYS: &[Key] = &[
    Key::optional("min", Takes::Number, "least value"),
    Key::optional("max", Takes::Number, "greatest value"),
    Key::optional("enum", Takes::List, "the only values"),
];

/// What an array may be validated by
pub const ARRAY_KEYS: &[Key] = &[
    Key::optional("min_items", Takes::Number, "fewest items"),
    Key::optional("max_items", Takes::Number, "most items"),
    Key::optional("item_type", Takes::Schema, "type of each item: a word or a whole type"),
];

/// What an object may be validated by
pub const OBJECT_KEYS: &[Key] = &[
    Key::optional("properties", Takes::Mapping, "type of each property"),
    Key::optional(
        "required_keys",
        Takes::Names,
        "properties that must be there; without it, all of them",
    ),
];

/// Lower bounds with their upper bounds
const BOUNDS: [(&str, &str); 3] =
    [("min_length", "max_length"), ("min", "max"), ("min_items", "max_items")];

/// The validation keys of one schema, from beside `type` and from `validation`
#[derive(Debug, Default)]
pub(super) struct Rules<'a> {
    pub(super) rules: Vec<(&'static str, Value<'a>)>,
}

impl<'a> Rules<'a> {
    fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.rules.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// Tells the rules in `json`, and gives the type made narrower by them
    pub(super) fn apply(
        &self,
        ty: Ty,
        json: &mut Map<String, Json>,
        diagnostics: &mut Diagnostics,
    ) -> Ty {
        self.bounds(&ty, json, diagnostics);
        self.pattern(json, diagnostics);
        match ty {
            Ty::List(_) => self.items(json, diagnostics),
            Ty::Open => self.properties(json, diagnostics),
            ty => self.words(ty, json, diagnostics),
        }
    }

    fn bounds(&self, ty: &Ty, json: &mut Map<String, Json>, diagnostics: &mut Diagnostics) {
        for (least, most) in BOUNDS {
            let low = self.bound(least, ty, json, diagnostics);
            let high = self.bound(most, ty, json, diagnostics);
            let (Some(low), Some(high)) = (low, high) else { continue };
            if low.value > high.value {
                let message = format!("`{most}` is below `{least}`: nothing fits");
                diagnostics.push(
                    Diagnostic::new(Code::WrongTypeOfKey, high.span, message)
                        .label(format!("below {}", low.value))
                        .also(low.span, format!("`{least}` stands here")),
                );
            }
        }
    }

    fn bound(
        &self,
        key: &str,
        ty: &Ty,
        json: &mut Map<String, Json>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Spanned<f64>> {
        let value = self.get(key)?;
        let number = value.number(diagnostics)?;
        // Of what type it is to be is not known where the type was misspelt.
        let whole = !ty.is_number() && *ty != Ty::Poison;
        if whole && (number.value < 0.0 || number.value.fract() != 0.0) {
            return value.mismatch("a whole number, at least 0", diagnostics);
        }
        let name = match key {
            "min_length" => "minLength",
            "max_length" => "maxLength",
            "min_items" => "minItems",
            "max_items" => "maxItems",
            "min" => "minimum",
            _ => "maximum",
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole and not negative, as was just checked"
        )]
        let told = if whole { Json::from(number.value as u64) } else { value.json(diagnostics) };
        json.insert(name.to_owned(), told);
        Some(number)
    }

    fn pattern(&self, json: &mut Map<String, Json>, diagnostics: &mut Diagnostics) {
        let Some(text) = self.get("pattern").and_then(|value| value.text(diagnostics)) else {
            return;
        };
        match regex::Regex::new(&text.value) {
            Ok(_) => {
                json.insert("pattern".to_owned(), text.value.into());
            }
            Err(error) => diagnostics.push(
                Diagnostic::new(
                    Code::InvalidPattern,
                    text.span,
                    format!("`{}` is not a regular expression", text.value),
                )
                .label(reason(&error)),
            ),
        }
    }

    fn items(&self, json: &mut Map<String, Json>, diagnostics: &mut Diagnostics) -> Ty {
        let Some(value) = self.get("item_type") else { return Ty::list(Ty::Any) };
        let item = decode(value, diagnostics);
        if item.json.as_object().is_some_and(|item| !item.is_empty()) {
            json.insert("items".to_owned(), item.json);
        }
        Ty::list(item.ty)
    }

    fn properties(&self, json: &mut Map<String, Json>, diagnostics: &mut Diagnostics) -> Ty {
        let properties = self.get("properties").and_then(|value| value.pairs(diagnostics));
        let keys = self.get("required_keys").and_then(|value| value.names(diagnostics));
        let Some(properties) = properties else {
            if let Some(keys) = keys {
                let keys: Vec<_> = keys.into_iter().map(|key| key.value).collect();
                json.insert("required".to_owned(), keys.into());
            }
            return Ty::Open;
        };
        if let Some(keys) = &keys {
            check_keys(keys, &properties, diagnostics);
        }
        let mut told = Map::new();
        let mut fields = IndexMap::new();
        let mut required: Vec<Json> = Vec::new();
        for (name, value) in properties {
            let property = decode(&value, diagnostics);
            let certain = match &keys {
                Some(keys) => keys.iter().any(|key| key.value == name.value),
                None => !says_optional(&value),
            };
            let property = Schema { required: certain, default: None, ..property };
            told.insert(name.value.clone(), property.input_json());
            if certain {
                required.push(name.value.clone().into());
            }
            fields.insert(name.value, property.input_ty());
        }
        json.insert("properties".to_owned(), told.into());
        json.insert("required".to_owned(), required.into());
        Ty::object(fields)
    }

    fn words(&self, ty: Ty, json: &mut Map<String, Json>, diagnostics: &mut Diagnostics) -> Ty {
        let Some(value) = self.get("enum") else { return ty };
        let Some(items) = value.list(diagnostics) else { return ty };
        if items.is_empty() {
            value.mismatch::<()>("at least one value", diagnostics);
            return ty;
        }
        let mut words: Vec<Json> = Vec::new();
        let mut all_read = true;
        for item in items {
            let told = match ty {
                Ty::String => item.text(diagnostics).map(|text| text.value.into()),
                Ty::Int | Ty::Number => item.number(diagnostics).map(|_| item.json(diagnostics)),
                _ => None,
            };
            all_read &= told.is_some();
            words.extend(told.filter(|told| !words.contains(told)));
        }
        // More is allowed than is known.
        if !all_read {
            return ty;
        }
        let texts: Vec<String> =
            words.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect();
        json.insert("enum".to_owned(), words.into());
        if ty == Ty::String { Ty::Enum(texts.into()) } else { ty }
    }
}

/// Whether a schema says `required: false`
pub(in crate::syntax) fn says_optional(schema: &Value<'_>) -> bool {
    let required = schema.doc.get(schema.node, "required");
    required.is_some_and(|required| schema.doc.json(required) == Json::Bool(false))
}

fn check_keys(
    keys: &[Spanned<String>],
    properties: &[(Spanned<String>, Value<'_>)],
    diagnostics: &mut Diagnostics,
) {
    let names = || properties.iter().map(|(name, _)| name.value.as_str());
    for key in keys.iter().filter(|key| !names().any(|name| name == key.value)) {
        let message = format!("`{}` is required, but is not among the properties", key.value);
        let diagnostic =
            Diagnostic::new(Code::WrongTypeOfKey, key.span, message).label("no such property");
        diagnostics.push(match closest(&key.value, names()) {
            Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
            None => diagnostic.help(format!("declare `{}` under `properties`", key.value)),
        });
    }
}

/// The last line of a regex error: the others draw the pattern again
pub(crate) fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default().trim();
    last.trim_start_matches("error: ").trim_end_matches('.').to_owned()
}
