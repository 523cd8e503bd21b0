//! `functions.yaml`: functions that the agent answers.

use super::decode::{Fields, Key, NameKind, Table, Takes, Value, check_name};
use super::schema::{self, Schema, says_optional};
use super::workflow::FREE_PREFIX;
use crate::diagnostic::Diagnostics;
use crate::source::Spanned;
use crate::template::Parsed;
use crate::yaml::Document;

/// A function that the agent answers
#[derive(Debug)]
pub struct AgentFunction {
    /// What it is called by
    pub name: Spanned<String>,
    /// The author's words, may be empty
    pub description: String,
    /// The parameters in their order; each is required unless it has a default or says otherwise
    pub params: Vec<(Spanned<String>, Schema)>,
    /// What an answer must be
    pub returns: Schema,
    /// What the agent is told; the parameters are bare names in it. `None` where it does not
    /// parse, which was reported
    pub instructions: Option<Parsed>,
    /// Who answers: `@name`
    pub agent: Option<Spanned<String>>,
}

/// The keys of a function
pub const FUNCTION_KEYS: &[Key] = &[
    Key::optional("description", Takes::Text, "what it is for"),
    Key::optional("params", Takes::Mapping, "name and type of each parameter, in order"),
    Key::required("returns", Takes::Schema, "type of the answer"),
    Key::required("instructions", Takes::Template, "what the agent is told to do"),
    Key::optional("agent", Takes::Agent, "who answers; else whoever drives the run"),
];

/// Reads `functions.yaml`: a mapping of names to functions; an empty file declares none
///
/// A function that lacks something is still there, so that its callers are not told of it again.
pub fn decode(doc: &Document, diagnostics: &mut Diagnostics) -> Vec<AgentFunction> {
    if doc.json(doc.root).is_null() {
        return Vec::new();
    }
    let root = Value::new(doc, doc.root, "a file of functions");
    let mut functions = Vec::new();
    for (name, value) in root.pairs(diagnostics).unwrap_or_default() {
        if name.value.starts_with(FREE_PREFIX) {
            continue;
        }
        check_name(NameKind::Field, "a function name", &name, diagnostics);
        functions.push(function(name, &value, diagnostics));
    }
    functions
}

fn function(
    name: Spanned<String>,
    value: &Value<'_>,
    diagnostics: &mut Diagnostics,
) -> AgentFunction {
    let table = Table::new("a function", &[FUNCTION_KEYS]);
    let fields = table.read(value.doc, value.node, diagnostics);
    let description = fields.text("description", diagnostics).map(|text| text.value);
    AgentFunction {
        description: description.unwrap_or_default(),
        params: params(&fields, diagnostics),
        returns: match fields.get("returns") {
            Some(returns) => schema::decode(&returns, diagnostics),
            None => Schema::unknown(name.span),
        },
        instructions: fields.template("instructions", diagnostics),
        agent: fields.agent("agent", diagnostics),
        name,
    }
}

fn params(fields: &Fields<'_>, diagnostics: &mut Diagnostics) -> Vec<(Spanned<String>, Schema)> {
    let pairs = fields.mapping("params", diagnostics).unwrap_or_default();
    let mut params = Vec::with_capacity(pairs.len());
    for (name, value) in pairs {
        check_name(NameKind::Field, "a parameter name", &name, diagnostics);
        let mut schema = schema::decode(&value, diagnostics);
        schema.required = schema.default.is_none() && !says_optional(&value);
        params.push((name, schema));
    }
    params
}

#[cfg(test)]
mod tests;
