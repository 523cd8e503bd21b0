//! A mistake is shown where it stands in the YAML; the macro then stops the build.

workflow_macros::workflow!("./misspelt-key/hello.yaml");

fn main() {}
