//! `upper`, `lower`, `title`, `capitalize`, `trim`, `split`, `replace`, `wordcount`.

use crate::machine::Fault;
use crate::ops::{bound_bytes, bound_items, int};

/// `s | upper`
pub fn upper(text: &str) -> String {
    text.to_uppercase()
}

/// `s | lower`
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// `s | trim`: without white space, or without these characters, at both ends
pub fn trim(text: &str, characters: Option<&str>) -> String {
    let kept = match characters {
        Some(characters) => text.trim_matches(|c| characters.contains(c)),
        None => text.trim_matches(is_space),
    };
    kept.to_owned()
}

/// `s | split`: the words, or what stands between separators, cut at most `limit` times
///
/// The last part is the uncut rest; a negative limit is none. An empty separator is the fault
/// `invalid-argument`.
pub fn split(
    text: &str,
    separator: Option<&str>,
    limit: Option<i64>,
) -> Result<Vec<String>, Fault> {
    let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let parts: Vec<&str> = match separator {
        None => words(text, limit),
        Some("") => {
            return Err(Fault::new("invalid-argument", "the separator of `split` is empty"));
        }
        Some(separator) => text.splitn(limit.saturating_add(1), separator).collect(),
    };
    bound_items(parts.len())?;
    Ok(parts.into_iter().map(str::to_owned).collect())
}

/// Words, at most `limit` of them cut off; the rest keeps the white space at its end
fn words(text: &str, limit: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let end = if words.len() < limit { rest.find(is_space) } else { None };
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        words.push(word);
        rest = after.trim_start_matches(is_space);
    }
    words
}

/// `s | replace(old, new)`: every occurrence, or the first `count`; a negative count is all
pub fn replace(text: &str, old: &str, new: &str, count: Option<i64>) -> Result<String, Fault> {
    let count = count.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
    let found = text.matches(old).take(count).count();
    bound_bytes((text.len() - found * old.len()).saturating_add(found.saturating_mul(new.len())))?;
    Ok(text.replacen(old, new, count))
}

/// `s | title`: each word with a capital at its beginning and small letters behind it
///
/// A word begins behind white space, `-` and opening brackets.
pub fn title(text: &str) -> String {
    let mut titled = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        let separates = is_space(c) || "-({[<".contains(c);
        if begins && !separates {
            titled.extend(c.to_uppercase());
        } else {
            titled.extend(c.to_lowercase());
        }
        begins = separates;
    }
    titled
}

/// `s | capitalize`: a capital at the beginning, small letters behind it
pub fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    first.to_uppercase().collect::<String>() + &chars.as_str().to_lowercase()
}

/// `s | wordcount`: how many runs of letters, digits and `_` there are
pub fn wordcount(text: &str) -> i64 {
    let within = |c: char| c.is_alphanumeric() || c == '_';
    int(text.split(|c| !within(c)).filter(|word| !word.is_empty()).count())
}

/// `s | reverse`: its characters from the end
pub fn reverse_text(text: &str) -> String {
    text.chars().rev().collect()
}

/// White space as Python's `str` sees it: Unicode's, and the four separators of ASCII
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}
