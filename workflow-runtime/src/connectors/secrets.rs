//! Values that must not be told: they are blotted out of what others say.
//!
//! Whatever is configured for a server alone may be a secret, so none of it is in an error or a log:
//! the values of `env` and of `headers`, and what a URL has of names, passwords and parameters. A
//! *result* is data, and the value of `env` that is a folder's name may well be part of it: there
//! only those values are blotted out of which it is certain that they are secrets. Those are all of
//! `headers` and of the URL, and of `env` and `args` those whose variable is named as one.

use std::sync::Arc;

use serde_json::Value;

/// Shorter values are words like any other
const SHORTEST: usize = 8;

/// What stands in the place of a secret
const BLOT: &str = "***";

/// What the names of variables that hold secrets have in them
const NAMES: &[&str] =
    &["AUTH", "CREDENTIAL", "KEY", "PASSPHRASE", "PASSWORD", "PASSWD", "SECRET", "TOKEN"];

/// Values that must not be told; a clone shares them
#[derive(Clone, Default)]
pub(super) struct Secrets {
    /// What is blotted out of words; the longest first, in case one holds another
    of_words: Arc<[String]>,
    /// What is blotted out of results, too
    of_results: Arc<[String]>,
}

/// Values of which some may be secrets, as they are collected
#[derive(Default)]
pub(super) struct Found {
    /// Each with whether it is certain
    values: Vec<(String, bool)>,
}

impl Found {
    /// The value of a variable that is there for one server
    pub(super) fn variable(&mut self, name: &str, value: &str) {
        self.values.push((value.to_owned(), is_secret(name)));
    }

    /// The value of a variable that is there for all, if it is a secret by its name
    pub(super) fn variable_if_certain(&mut self, name: &str, value: &str) {
        if is_secret(name) {
            self.values.push((value.to_owned(), true));
        }
    }

    /// A value that is one
    pub(super) fn certain(&mut self, value: &str) {
        self.values.push((value.to_owned(), true));
        // `Bearer TOKEN`: whoever tells it may tell half of it.
        let words = value.split_whitespace().filter(|word| *word != value);
        self.values.extend(words.map(|word| (word.to_owned(), true)));
    }
}

/// Whether a variable holds a secret, by its name
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    NAMES.iter().any(|word| name.contains(word))
}

impl From<Found> for Secrets {
    fn from(found: Found) -> Self {
        let mut values = found.values;
        values.retain(|(value, _)| value.len() >= SHORTEST);
        values.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        let of_results =
            values.iter().filter(|(_, certain)| *certain).map(|(value, _)| value.clone()).collect();
        Self { of_words: values.into_iter().map(|(value, _)| value).collect(), of_results }
    }
}

impl Secrets {
    /// A text without them
    pub(super) fn hide(&self, text: &str) -> String {
        blot(&self.of_words, text)
    }

    /// A result without them, also in the names of its fields
    pub(super) fn hide_in(&self, value: Value) -> Value {
        if self.of_results.is_empty() {
            return value;
        }
        match value {
            Value::String(text) => Value::String(blot(&self.of_results, &text)),
            Value::Array(items) => items.into_iter().map(|item| self.hide_in(item)).collect(),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (blot(&self.of_results, &name), self.hide_in(value)))
                .collect(),
            other => other,
        }
    }
}

fn blot(secrets: &[String], text: &str) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), BLOT))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn secrets() -> Secrets {
        let mut found = Found::default();
        found.variable("LOG", "info");
        found.variable("ROOT", "/home/ada/notes");
        found.variable("API_TOKEN", "hunter22");
        found.variable("api_key", "hunter22-and-more");
        found.certain("Bearer abcdefgh12");
        found.into()
    }

    #[test]
    fn secrets_are_blotted_out_and_words_are_not() {
        let said = "info: hunter22-and-more, hunter22, hunter, /home/ada/notes, abcdefgh12, Bearer";
        assert_eq!(secrets().hide(said), "info: ***, ***, hunter, ***, ***, Bearer");
    }

    #[test]
    fn results_keep_what_may_be_data() {
        let given = json!({"hunter22": ["/home/ada/notes/a.md", {"x": "Bearer abcdefgh12"}, 5]});
        let told = json!({"***": ["/home/ada/notes/a.md", {"x": "***"}, 5]});
        assert_eq!(secrets().hide_in(given), told);
    }
}
