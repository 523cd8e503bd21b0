//! A path counts from the package's `Cargo.toml`.

workflow_macros::workflow!("workflows/nowhere.yaml");

fn main() {}
