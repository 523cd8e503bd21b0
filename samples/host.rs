//! The host functions that samples call.

use workflow_macros::workflow_fn;

/// How many words a text has
#[workflow_fn]
pub fn word_count(text: &str) -> u64 {
    text.split_whitespace().count() as u64
}

/// The text, louder
#[workflow_fn]
pub fn shout(text: String) -> String {
    format!("{}!", text.to_uppercase())
}

/// Whether a text has more characters than that
#[workflow_fn]
pub fn is_long(text: &str, most: i64) -> bool {
    i64::try_from(text.chars().count()).is_ok_and(|count| count > most)
}

/// The words, each once
#[workflow_fn]
pub fn each_once(words: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    words.into_iter().filter(|word| seen.insert(word.clone())).collect()
}
