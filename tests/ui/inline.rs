//! A workflow in Rust: mistakes are shown at their places in the Rust file.

workflow_macros::workflow!(
    r#"
    name: greet
    version: 1.0.0
    steps:
      - id: greet
        type: prompt
        message: |
          Grüße, {{ inputs.nmae }}!
    "#
);

workflow_macros::workflow!("name: greet\nversion: 1.0.0\n");

fn main() {}
