//! Compiles the workflows that are measured.

fn main() {
    workflow_compiler::build("workflows");
}
