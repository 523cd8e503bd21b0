//! Compiles the workflows.

fn main() {
    workflow_compiler::Build::new().shipped().run();
}
