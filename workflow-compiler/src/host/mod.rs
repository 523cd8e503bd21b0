//! Host functions: Rust functions under `#[workflow_fn]` that expressions can call.

mod signature;
mod types;

pub use signature::check_signature;

use std::fmt;

use syn::{Item, ItemFn};

use crate::typed::HostType;
use crate::types::Ty;

/// A host function, as its signature declares it
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFunction {
    /// What it is called by
    pub name: String,
    /// The parameters in order
    pub params: Vec<HostParam>,
    /// Type of the value that it gives
    pub returns: Ty,
    /// The Rust type of that value, inside the `Result` where it is [`fallible`](Self::fallible)
    pub returned: HostType,
    /// Whether it gives a `Result`
    pub fallible: bool,
    /// Its doc comment
    pub doc: String,
    /// Its line in the Rust file, from 1
    pub line: usize,
}

/// A parameter of a host function
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostParam {
    /// Its name
    pub name: String,
    /// Its type in the language
    pub ty: Ty,
    /// Its type in Rust
    pub host: HostType,
}

/// Why a Rust file gives no host functions: a mistake in it, with its place
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostProblem {
    /// Line in the Rust file, from 1
    pub line: usize,
    /// Column in Unicode scalar values, from 1
    pub column: usize,
    /// What is wrong, lower case, no full stop
    pub message: String,
}

impl fmt::Display for HostProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for HostProblem {}

/// Reads the host functions of a Rust file, in the order written
///
/// Fails with every mistake there is: the file is not Rust, a function cannot be called from an
/// expression, is not `pub`, or stands inside a module.
///
/// ```
/// let functions = workflow_compiler::host::read(
///     "/// Counts words\n#[workflow_fn]\npub fn word_count(text: &str) -> u64 { 0 }",
/// )
/// .unwrap();
/// assert_eq!(functions[0].name, "word_count");
/// assert_eq!(functions[0].returns.to_string(), "int");
/// ```
pub fn read(text: &str) -> Result<Vec<HostFunction>, Vec<HostProblem>> {
    let file = syn::parse_file(text).map_err(|error| problems(&error))?;
    let mut functions = Vec::new();
    let mut wrong = Vec::new();
    for function in file.items.iter().filter_map(host_function) {
        match check_signature(function) {
            Ok(function) => functions.push(function),
            Err(error) => wrong.extend(problems(&error)),
        }
    }
    for item in &file.items {
        wrong.extend(inside_modules(item));
    }
    if wrong.is_empty() { Ok(functions) } else { Err(wrong) }
}

fn host_function(item: &Item) -> Option<&ItemFn> {
    match item {
        Item::Fn(function) if is_host(function) => Some(function),
        _ => None,
    }
}

/// Whether the attribute stands there, by whatever path
fn is_host(function: &ItemFn) -> bool {
    let last = |attribute: &syn::Attribute| {
        attribute.path().segments.last().is_some_and(|segment| segment.ident == "workflow_fn")
    };
    function.attrs.iter().any(last)
}

/// Host functions in modules of the file: their path would have to be written in the YAML
fn inside_modules(item: &Item) -> Vec<HostProblem> {
    let Item::Mod(module) = item else { return Vec::new() };
    let items = module.content.iter().flat_map(|(_, items)| items);
    let problem = |item: &Item| match host_function(item) {
        Some(function) => {
            let message = "a `#[workflow_fn]` must stand at the top of the file, not in a module";
            problems(&syn::Error::new(function.sig.ident.span(), message))
        }
        None => inside_modules(item),
    };
    items.flat_map(problem).collect()
}

fn problems(error: &syn::Error) -> Vec<HostProblem> {
    let problem = |error: syn::Error| {
        let place = error.span().start();
        let message = error.to_string();
        HostProblem { line: place.line, column: place.column + 1, message }
    };
    error.clone().into_iter().map(problem).collect()
}

#[cfg(test)]
mod tests;
