//! What an expression could not call is refused at its place in the signature.

use workflow_macros::workflow_fn;

#[workflow_fn]
pub fn takes_what_no_expression_gives(path: &std::path::Path, times: f32) -> u64 {
    path.components().count() as u64 * times as u64
}

#[workflow_fn]
pub async fn waits(text: String) -> String {
    text
}

#[workflow_fn]
fn is_private(text: &str) -> bool {
    text.is_empty()
}

#[workflow_fn(name = "other")]
pub fn has_arguments(text: &str) -> bool {
    is_private(text)
}

#[workflow_fn]
pub struct NoFunction;

fn main() {}
