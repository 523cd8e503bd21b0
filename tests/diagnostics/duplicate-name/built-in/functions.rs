#[workflow_fn]
pub fn word_count(text: &str) -> u64 {
    text.split_whitespace().count() as u64
}
