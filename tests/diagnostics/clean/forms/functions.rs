#[workflow_fn]
pub fn word_count(text: &str) -> u64 {
    text.split_whitespace().count() as u64
}

#[workflow_fn]
pub fn pick(words: Vec<String>, at: Option<i64>) -> Result<String, String> {
    words.get(at.unwrap_or(0) as usize).cloned().ok_or_else(|| "too few".to_owned())
}
