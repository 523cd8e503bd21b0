//! Host functions: what the expressions of workflows can call beside the built-in functions.

use workflow_macros::workflow_fn;

/// How many words a text has: what white space sets apart
///
/// In a workflow: `{{ word_count(state.plan) }}`.
///
/// ```
/// assert_eq!(workflow_server::functions::word_count("a plan,\n  in five words"), 5);
/// ```
#[workflow_fn]
pub fn word_count(text: &str) -> u64 {
    text.split_whitespace().count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_white_space_sets_apart() {
        assert_eq!(word_count(""), 0);
        assert_eq!(word_count(" one\ttwo\n three-and-a-half "), 3);
    }
}
