//! Build script, macro and `workflowc expand` show the same code.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod scratch;

use std::path::Path;

use scratch::Scratch;
use workflow_compiler::codegen::{Mode, layout};
use workflow_compiler::context;
use workflow_compiler::expand::OneFile;

/// What the build script of this package has written, a file for each module
fn built() -> Vec<String> {
    let files = std::fs::read_dir(concat!(env!("OUT_DIR"), "/workflows")).unwrap();
    files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

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

#[test]
fn macro_and_build_script_make_the_same_code() {
    let one = planning();
    let reached = one.reached();
    let modules: Vec<&str> = reached.iter().map(|program| program.module.as_str()).collect();
    assert_eq!(modules, ["interactive_planning", "research_task"], "what it starts, too");
    for program in reached {
        let text = layout(&one.modules(&[program], Mode::Expanded));
        // Too long to be shown.
        assert!(built().contains(&text), "module {} differs", program.module);
    }
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
    let shown = layout(&one.modules(&one.reached(), Mode::Readable));
    assert!(shown.contains("#[template("), "templates are shown as people write them");
    let package = Scratch::of_workflows("scratch-expanded");
    package.write("src/lib.rs", &format!("#![deny(warnings)]\n\n{shown}"));
    package.write("build.rs", "fn main() {}\n");
    let built = package.cargo(&["build"]);
    assert!(built.ok, "{}", built.stderr);
}
