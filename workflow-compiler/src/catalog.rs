//! What expressions can call, for people and programs: signature, meaning, where it is declared.

use std::path::Path;

use serde::Serialize;

use crate::Lowered;
use crate::builtins::{
    Builtin, Default, FILTERS, FUNCTIONS, Function, Gives, Kind, METHODS, Own, Param, TESTS, Yields,
};
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
    let own = own_functions();
    let agent = names.agent_functions.values().map(|each| of_agent(each, &lowered.sources));
    let rust = names.host_functions.values().map(|each| of_host(each, host));
    own.into_iter().chain(agent).chain(rust).collect()
}

/// The functions of the language
pub fn own_functions() -> Vec<Entry> {
    FUNCTIONS.iter().map(of_function).collect()
}

/// The methods of the language's values
pub fn methods() -> Vec<Entry> {
    METHODS.iter().flat_map(of_filter).collect()
}

/// The filters of the language, by every name they have
pub fn filters() -> Vec<Entry> {
    let mut entries: Vec<Entry> = FILTERS.iter().flat_map(of_filter).collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries
}

/// The tests of the language, by every name they have
pub fn tests() -> Vec<Entry> {
    let of_test = |test: &'static crate::builtins::Test| {
        let names = std::iter::once(test.name).chain(test.aliases.iter().copied());
        names.map(|name| builtin(name, called(name, test.params), test.doc))
    };
    TESTS.iter().flat_map(of_test).collect()
}

fn builtin(name: &str, signature: String, doc: &str) -> Entry {
    let (name, description) = (name.to_owned(), doc.to_owned());
    Entry { name, signature, description, kind: Origin::Builtin, file: None, line: None }
}

fn of_filter(filter: &'static Builtin) -> impl Iterator<Item = Entry> {
    let mut gives: Vec<&str> = filter.forms.iter().map(|form| word(form.gives)).collect();
    gives.dedup();
    let gives = match (filter.own.and_then(own_word), gives.as_slice()) {
        (Some(own), _) => own,
        (None, [one]) => one,
        (None, _) => "any",
    };
    let names = std::iter::once(filter.name).chain(filter.aliases.iter().copied());
    names.map(move |name| {
        let called = match filter.own {
            Some(Own::Map) => format!("{name}('filter', …) or {name}(attribute=…, default=…)"),
            Some(Own::Select(_)) => format!("{name}('test', …)"),
            Some(Own::SelectAttr(_)) => format!("{name}('attribute', 'test', …)"),
            _ if filter.params.is_empty() => format!("{name}()"),
            _ => called(name, filter.params),
        };
        builtin(name, format!("{called} -> {gives}"), filter.doc)
    })
}

fn of_function(function: &'static Function) -> Entry {
    let (name, mut called) = (function.name, called(function.name, function.params));
    if function.params.is_empty() {
        called += "()";
    }
    let gives = match &function.yields {
        Yields::Ambient(ty) => ty.to_string(),
        Yields::Range => String::from("list<int>"),
    };
    builtin(name, format!("{called} -> {gives}"), function.doc)
}

/// How something is called: `range(start: int = 0, stop: int, step: int = 1)`
fn called(name: &str, params: &[Param]) -> String {
    if params.is_empty() {
        return name.to_owned();
    }
    let params: Vec<String> = params.iter().map(param).collect();
    format!("{name}({})", params.join(", "))
}

fn param(param: &Param) -> String {
    let ty = match param.takes {
        Kind::Text | Kind::Pattern => "string",
        Kind::Int => "int",
        Kind::IntOrText => "int or string",
        Kind::Float => "float",
        Kind::Bool => "bool",
        Kind::Texts => "list<string>",
        Kind::Any => "any",
        Kind::Item => "T",
    };
    match param.default {
        Default::Required => format!("{}: {ty}", param.name),
        Default::Absent => format!("{}: {ty}?", param.name),
        Default::Int(value) => format!("{}: {ty} = {value}", param.name),
        Default::Float(value) => format!("{}: {ty} = {value:?}", param.name),
        Default::Text(value) => format!("{}: {ty} = '{value}'", param.name),
        Default::Bool(value) => format!("{}: {ty} = {value}", param.name),
    }
}

/// What a filter with a rule of its own gives, where its forms do not say it
fn own_word(own: Own) -> Option<&'static str> {
    match own {
        Own::Default => Some("T"),
        Own::Map => Some("list<U>"),
        Own::Select(_) | Own::SelectAttr(_) | Own::List => Some("list<T>"),
        Own::Keyed("filters::min" | "filters::max") => Some("T?"),
        Own::Keyed(_) => Some("list<T>"),
        Own::Group => Some("list<object{grouper: K, list: list<T>}>"),
        Own::Sum | Own::Round => Some("number"),
        Own::Findall => Some("list<string>"),
        Own::Join | Own::Sequence | Own::Get => None,
    }
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
        Gives::Pairs | Gives::SameLists => "list<list<T>>",
        Gives::MaybeItem => "T?",
        Gives::Same => "list<T>",
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
