//! The macros of `workflow-compiler`: shells over [`workflow_compiler::expand`].

use proc_macro::TokenStream;
use syn::{LitStr, parse_macro_input};
use workflow_compiler::expand;

/// Includes what the build script has made of the workflows: a module for each, and `registry()`,
/// which holds all of them for the server
///
/// Stands once, at the top of `lib.rs`. The build script is
/// `fn main() { workflow_compiler::build("workflows"); }`; mistakes in workflows are shown as
/// rustc shows its own, each at its place in the YAML.
///
/// ```ignore
/// pub mod functions;
///
/// workflow_macros::include_workflows!();
/// ```
#[proc_macro]
pub fn include_workflows(input: TokenStream) -> TokenStream {
    parse_macro_input!(input as syn::parse::Nothing);
    expand::include_workflows().into()
}

/// Includes one workflow without a build script: its module, and those of the tasks that it can
/// start
///
/// The path counts from the package's `Cargo.toml`; one that begins with `./` or `../` from the
/// Rust file in which the macro stands. Agent functions are those of the `functions.yaml` beside
/// the workflow, host functions those of `src/functions.rs`.
///
/// ```ignore
/// workflow_macros::workflow!("workflows/hello.yaml");
///
/// let machine = hello::Machine;
/// ```
///
/// The workflow may stand in the macro itself, as a raw string whose first line is empty. Its module
/// is called as its name is; its agent functions and tasks are those of the `workflows` folder.
///
/// ```ignore
/// workflow_macros::workflow!(r#"
///     name: hello
///     version: 1.0.0
///     steps:
///       - { id: ask, type: prompt, message: "Who are you?" }
/// "#);
/// ```
#[proc_macro]
pub fn workflow(input: TokenStream) -> TokenStream {
    expand::workflow(&parse_macro_input!(input as LitStr)).into()
}

/// Makes a function callable from expressions in workflows: `{{ word_count(state.text) }}`
///
/// Stands over functions of `src/functions.rs`. Parameters and result must be values of the
/// language: texts, numbers, truth values, lists, `Option`s of these, or `serde_json::Value`; the
/// result may be a `Result` of such a value, whose error fails the step. The function stays as it
/// is.
///
/// ```
/// /// Counts the words of a text
/// #[workflow_macros::workflow_fn]
/// pub fn word_count(text: &str) -> u64 {
///     text.split_whitespace().count() as u64
/// }
/// ```
#[proc_macro_attribute]
pub fn workflow_fn(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::workflow_fn(&arguments.into(), &item.into()).into()
}
