//! Build script, macro and `workflowc expand` show the same code.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod scratch;

use std::path::Path;

use scratch::Scratch;
use workflow_compiler::codegen::{Mode, layout};
use workflow_compiler::context;
use workflow_compiler::expand::OneFile;

/// What the build script of this package has written
const BUILT: &str = include_str!(concat!(env!("OUT_DIR"), "/workflows.rs"));

/// What the macro makes of the same workflow
#[deny(warnings)]
mod by_macro {
    workflow_macros::workflow!("workflows/interactive-planning.yaml");
}

fn planning() -> OneFile {
    let file = Path::new("workflows/interactive-planning.yaml");
    let one = OneFile::compile(file, &context::of_file(file));
    assert!(one.diagnostics().is_empty(), "{:?}", one.diagnostics());
    one
}

/// The text of each item of a file, by name; spaces as the lexer sees them
fn modules(text: &str) -> Vec<(String, String)> {
    let file: syn::File = syn::parse_str(text).unwrap();
    let modules = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Mod(module) => Some(module),
        _ => None,
    });
    let mut modules: Vec<_> = modules
        .map(|module| (module.ident.to_string(), quote::quote!(#module).to_string()))
        .collect();
    modules.sort();
    modules
}

#[test]
fn macro_and_build_script_make_the_same_code() {
    let one = planning();
    let tokens = one.modules(&one.reached(), Mode::Expanded).to_string();
    let by_macro = modules(&tokens);
    assert_eq!(by_macro.len(), 2, "the workflow, and the task that it starts");
    assert_eq!(by_macro, modules(BUILT));
}

#[test]
fn the_macros_code_is_the_same_program() {
    use workflow_runtime::machine::Workflow;

    let built = <workflow_server::interactive_planning::Machine as Workflow>::INFO;
    let expanded = <by_macro::interactive_planning::Machine as Workflow>::INFO;
    assert_eq!(built.fingerprint, expanded.fingerprint);
    assert_eq!(built.file, expanded.file);
    assert_eq!(by_macro::research_task::Machine::INFO.name, "planning:research_task");
}

#[test]
fn what_expand_shows_compiles_without_a_warning() {
    let one = planning();
    let shown = layout(one.modules(&one.reached(), Mode::Readable));
    assert!(shown.contains("#[template("), "templates are shown as people write them");
    let package = Scratch::of_workflows("scratch-expanded");
    package.write("src/lib.rs", &format!("#![deny(warnings)]\n\n{shown}"));
    package.write("build.rs", "fn main() {}\n");
    let built = package.cargo(&["build"]);
    assert!(built.ok, "{}", built.stderr);
}
