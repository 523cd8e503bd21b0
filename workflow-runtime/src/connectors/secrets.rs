//! Values that must not be told: they are blotted out of what others say.

use std::sync::Arc;

/// Shorter values are words like any other
const SHORTEST: usize = 8;

/// What stands in the place of a secret
const BLOT: &str = "***";

/// Values that must not be told; a clone shares them
#[derive(Clone, Default)]
pub(super) struct Secrets(Arc<[String]>);

impl Secrets {
    /// Of these values, those long enough to be secrets; the longest first, in case one holds another
    pub(super) fn new<'a>(values: impl IntoIterator<Item = &'a String>) -> Self {
        let mut values: Vec<_> =
            values.into_iter().filter(|value| value.len() >= SHORTEST).cloned().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self(values.into())
    }

    /// A text without them
    pub(super) fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, BLOT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_blotted_out_and_words_are_not() {
        let values = ["info", "hunter22", "hunter22-and-more"].map(str::to_owned);
        let secrets = Secrets::new(&values);
        let said = "info: hunter22-and-more, hunter22, hunter";
        assert_eq!(secrets.hide(said), "info: ***, ***, hunter");
    }
}
