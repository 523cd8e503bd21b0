//! The example's answers, by which the tests play the agent.

use std::path::Path;

use serde_json::Value;

/// The answers of `examples/planning.answers.yaml`: step id to result, a list for a child's step
pub fn example() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/planning.answers.yaml");
    serde_saphyr::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}
