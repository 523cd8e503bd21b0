//! What expressions can call, for people and programs: signature, meaning, where it is declared.

use std::path::Path;

use serde::Serialize;

use crate::Lowered;
use crate::builtins::{Builtin, FILTERS, FUNCTIONS, Function, Gives, TESTS, Yields};
use crate::host::HostFunction;
use crate::source::Sources;
use crate::syntax::functions::AgentFunction;

/// Something that can be called
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What it is called by
    pub name: String,
    /// As it is called, with its types: `hash() -> string`
    pub signature: String,
    /// What it does, in a line
    pub description: String,
    /// Who does it
    pub kind: Origin,
    /// The file that declares it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line in that file, from 1
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// Who does what is called
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// It comes with the language
    Builtin,
    /// The agent answers
    Agent,
    /// A function in Rust
    Host,
}

/// The functions of a project: those of the language, of `functions.yaml`, and in Rust
///
/// `host` is the Rust file as it was named.
pub fn functions(lowered: &Lowered, host: Option<&Path>) -> Vec<Entry> {
    let names = &lowered.names;
    let ours = FUNCTIONS.iter().map(of_function);
    let agent = names.agent_functions.values().map(|each| of_agent(each, &lowered.sources));
    let rust = names.host_functions.values().map(|each| of_host(each, host));
    ours.chain(agent).chain(rust).collect()
}

/// The filters of the language
pub fn filters() -> Vec<Entry> {
    let mut entries: Vec<_> = FILTERS.iter().map(of_filter).collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries
}

/// The tests of the language
pub fn tests() -> Vec<Entry> {
    TESTS.iter().map(|test| builtin(test.name, test.signature(), test.doc)).collect()
}

fn builtin(name: &str, signature: String, doc: &str) -> Entry {
    let (name, description) = (name.to_owned(), doc.to_owned());
    Entry { name, signature, description, kind: Origin::Builtin, file: None, line: None }
}

fn of_function(function: &Function) -> Entry {
    let gives = match &function.yields {
        Yields::Ambient(ty) => ty.to_string(),
        Yields::Range => "list<int>".to_owned(),
    };
    builtin(function.name, format!("{} -> {gives}", function.signature()), function.doc)
}

fn of_filter(filter: &Builtin) -> Entry {
    let brackets = if filter.params.is_empty() { "()" } else { "" };
    let mut gives: Vec<&str> = filter.forms.iter().map(|form| word(form.gives)).collect();
    gives.dedup();
    let gives = if gives.len() > 1 { "any" } else { gives.first().copied().unwrap_or("any") };
    builtin(filter.name, format!("{}{brackets} -> {gives}", filter.signature()), filter.doc)
}

fn word(gives: Gives) -> &'static str {
    match gives {
        Gives::Text => "string",
        Gives::MaybeText => "string?",
        Gives::Int => "int",
        Gives::Float => "float",
        Gives::Number => "number",
        Gives::Bool => "bool",
        Gives::Texts => "list<string>",
        Gives::TextLists => "list<list<string>>",
        Gives::Anys => "list<any>",
        Gives::Pairs => "list<list<any>>",
        Gives::MaybeItem => "T?",
        Gives::Same => "list<T>",
        Gives::SameLists => "list<list<T>>",
        Gives::Any => "any",
    }
}

fn of_agent(function: &AgentFunction, sources: &Sources) -> Entry {
    let params = function.params.iter().map(|(name, schema)| {
        let default = schema.default.as_ref().map(|value| format!(" = {value}"));
        format!("{}: {}{}", name.value, schema.input_ty(), default.unwrap_or_default())
    });
    let params = params.collect::<Vec<_>>().join(", ");
    let name = function.name.value.clone();
    Entry {
        signature: format!("{name}({params}) -> {}", function.returns.ty),
        name,
        description: first_line(&function.description),
        kind: Origin::Agent,
        file: Some(sources.path(function.name.span.file).display().to_string()),
        line: Some(sources.position(function.name.span).line),
    }
}

fn of_host(function: &HostFunction, file: Option<&Path>) -> Entry {
    let params = function.params.iter().map(|param| format!("{}: {}", param.name, param.ty));
    let params = params.collect::<Vec<_>>().join(", ");
    Entry {
        name: function.name.clone(),
        signature: format!("{}({params}) -> {}", function.name, function.returns),
        description: first_line(&function.doc),
        kind: Origin::Host,
        file: file.map(|file| file.display().to_string()),
        line: Some(function.line),
    }
}

fn first_line(text: &str) -> String {
    text.trim().lines().next().unwrap_or_default().to_owned()
}
