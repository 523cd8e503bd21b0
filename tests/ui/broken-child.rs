//! A task that the workflow starts must compile, too.

workflow_macros::workflow!("./broken-child/parent.yaml");

fn main() {}
