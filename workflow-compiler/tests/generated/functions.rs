//! The host functions that the test's program calls.

use serde_json::Value;

pub fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

#[expect(clippy::needless_pass_by_value, reason = "a parameter that is handed over")]
pub fn nth(words: &[String], at: usize, otherwise: Value) -> String {
    words.get(at).cloned().unwrap_or_else(|| otherwise.to_string())
}
