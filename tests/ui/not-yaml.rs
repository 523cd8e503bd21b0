//! A file that is not YAML is one mistake.

workflow_macros::workflow!("./not-yaml/open.yaml");

fn main() {}
