//! Compiles the workflows.

fn main() {
    workflow_compiler::build("workflows");
}
