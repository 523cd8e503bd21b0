//! Texts as `PostgreSQL` takes them, and their words as `SQLite`'s `unicode61` cuts them.
//!
//! `PostgreSQL`'s own parser knows hosts, file names and numbers with signs, and depends on the locale
//! of the database; a search would find other things than in a store's file. So the words are cut
//! here, and the database gets them ready.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

/// Words of a text that can be searched, in bytes; a `tsvector` holds 1 MiB with all that is noted
/// about them
const MOST_BYTES: usize = 256 * 1024;

/// How much of a word counts, in characters: a `tsvector` takes 2,046 bytes
const MOST_LETTERS: usize = 500;

/// Words of a query that count
const MOST_WORDS: usize = 1_000;

/// A `tsvector` of the words of several texts; a phrase does not reach from one into the next
pub(super) fn vector<const N: usize>(texts: [Option<&str>; N]) -> String {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let (mut place, mut bytes) = (0, 0);
    for text in texts.into_iter().flatten() {
        place += 1;
        for word in words(text) {
            bytes += word.len() + 1;
            if bytes > MOST_BYTES {
                break;
            }
            place += 1;
            places.entry(word).or_default().push(place);
        }
    }
    let mut vector = String::new();
    for (word, places) in places {
        let places: Vec<String> = places.iter().map(usize::to_string).collect();
        // Words have nothing but letters and digits; writing to a string does not fail.
        let _ = write!(vector, "'{word}':{} ", places.join(","));
    }
    vector
}

/// A `tsquery` for any of the words of a query, or an empty text where it has none; what is written
/// together (`well-known`) is looked for together
pub(super) fn any_of(query: &str) -> String {
    let phrases = query.split_whitespace().filter_map(|together| {
        let phrase: Vec<String> = words(together).map(|word| format!("'{word}'")).collect();
        (!phrase.is_empty()).then(|| format!("({})", phrase.join(" <-> ")))
    });
    phrases.take(MOST_WORDS).collect::<Vec<_>>().join(" | ")
}

/// Runs of letters and digits, small, without their accents
fn words(text: &str) -> impl Iterator<Item = String> {
    let plain: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|letter| !('\u{300}'..='\u{36f}').contains(letter))
        .collect();
    let words: Vec<String> = plain
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(MOST_LETTERS).collect())
        .collect();
    words.into_iter()
}

/// A key or category as it is stored: texts of `PostgreSQL` have no NUL, so it is written `\0`, and a
/// backslash twice
pub(super) fn kept(text: &str) -> String {
    text.replace('\\', r"\\").replace('\0', r"\0")
}

/// What was stored, as it was given
pub(super) fn shown(kept: &str) -> String {
    let mut text = String::with_capacity(kept.len());
    let mut letters = kept.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.push(if letters.next() == Some('0') { '\0' } else { '\\' }),
            letter => text.push(letter),
        }
    }
    text
}
