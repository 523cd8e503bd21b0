//! All mistakes are shown, also those inside a template inside a block.

workflow_macros::workflow!("./two-mistakes/greet.yaml");

fn main() {}
