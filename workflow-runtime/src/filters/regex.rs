//! `regex_search`, `regex_findall`, `regex_replace`.
//!
//! Patterns are those of the crate `regex`, which takes time in proportion to the text and has
//! neither look-around nor back-references. One that is none, or too large, is the fault
//! `invalid-pattern`.

use std::cell::RefCell;

use regex::{Captures, Regex, RegexBuilder};
use serde_json::Value;

use crate::machine::Fault;
use crate::ops::{bound_bytes, bound_items};

/// How much memory a compiled pattern may take, in bytes
const MAX_PATTERN: usize = 1 << 20;

/// How many compiled patterns a thread keeps
const KEPT: usize = 16;

/// A pattern, whether it ignores case, whether it goes line by line, and what it compiles to
type Compiled = (String, bool, bool, Regex);

thread_local! {
    /// The patterns used last, the newest at the end; what a pattern means does not change
    static PATTERNS: RefCell<Vec<Compiled>> = const { RefCell::new(Vec::new()) };
}

/// `s | regex_search(pattern)`: the groups of the first match, or all of it where there are none;
/// without a match nothing
///
/// A group that takes no part in the match is an empty string.
pub fn regex_search(
    text: &str,
    pattern: &str,
    ignorecase: bool,
    multiline: bool,
) -> Result<Vec<String>, Fault> {
    let regex = compiled(pattern, ignorecase, multiline)?;
    Ok(regex.captures(text).as_ref().map(groups).unwrap_or_default())
}

/// `s | regex_findall(pattern)` of a pattern with at most one group: the group of each match, or
/// all of it
pub fn regex_findall(
    text: &str,
    pattern: &str,
    ignorecase: bool,
    multiline: bool,
) -> Result<Vec<String>, Fault> {
    let all = regex_findall_groups(text, pattern, ignorecase, multiline)?;
    Ok(all.into_iter().map(|groups| groups.into_iter().next().unwrap_or_default()).collect())
}

/// `s | regex_findall(pattern)` of a pattern with several groups: the groups of each match
pub fn regex_findall_groups(
    text: &str,
    pattern: &str,
    ignorecase: bool,
    multiline: bool,
) -> Result<Vec<Vec<String>>, Fault> {
    let regex = compiled(pattern, ignorecase, multiline)?;
    let mut found = Vec::new();
    let mut bytes = 0_usize;
    for captures in regex.captures_iter(text) {
        let groups = groups(&captures);
        bytes = bytes.saturating_add(groups.iter().map(String::len).sum());
        bound_items(found.len() + 1)?;
        bound_bytes(bytes)?;
        found.push(groups);
    }
    Ok(found)
}

/// `s | regex_findall(pattern)` of a pattern that is not known beforehand
pub fn regex_findall_any(
    text: &str,
    pattern: &str,
    ignorecase: bool,
    multiline: bool,
) -> Result<Vec<Value>, Fault> {
    let several = compiled(pattern, ignorecase, multiline)?.captures_len() > 2;
    let all = regex_findall_groups(text, pattern, ignorecase, multiline)?;
    let found = all.into_iter().map(|groups| {
        if several { Value::from(groups) } else { Value::from(groups.into_iter().next()) }
    });
    Ok(found.collect())
}

/// `s | regex_replace(pattern, replacement)`: each match replaced, or the first `count`
///
/// In the replacement, `\1` and `\g<name>` are the groups of the match, `\0` and `\g<0>` all of
/// it, `\\` a backslash.
pub fn regex_replace(
    text: &str,
    pattern: &str,
    replacement: &str,
    ignorecase: bool,
    multiline: bool,
    count: i64,
) -> Result<String, Fault> {
    let regex = compiled(pattern, ignorecase, multiline)?;
    let pieces = pieces(replacement, &regex)?;
    let limit = usize::try_from(count).ok().filter(|count| *count > 0).unwrap_or(usize::MAX);
    let mut replaced = String::new();
    let mut behind = 0;
    for captures in regex.captures_iter(text).take(limit) {
        let Some(whole) = captures.get(0) else { continue };
        replaced.push_str(&text[behind..whole.start()]);
        for piece in &pieces {
            replaced.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Group(group) => captures.get(*group).map_or("", |group| group.as_str()),
            });
        }
        bound_bytes(replaced.len())?;
        behind = whole.end();
    }
    replaced.push_str(&text[behind..]);
    bound_bytes(replaced.len())?;
    Ok(replaced)
}

fn groups(captures: &Captures<'_>) -> Vec<String> {
    let skipped = usize::from(captures.len() > 1);
    let text =
        |group: Option<regex::Match<'_>>| group.map_or("", |group| group.as_str()).to_owned();
    captures.iter().skip(skipped).map(text).collect()
}

fn compiled(pattern: &str, ignorecase: bool, multiline: bool) -> Result<Regex, Fault> {
    PATTERNS.with_borrow_mut(|kept| {
        let same = |(text, case, line, _): &Compiled| {
            text == pattern && *case == ignorecase && *line == multiline
        };
        if let Some(at) = kept.iter().position(same) {
            let found = kept.remove(at);
            let regex = found.3.clone();
            kept.push(found);
            return Ok(regex);
        }
        let built = RegexBuilder::new(pattern)
            .case_insensitive(ignorecase)
            .multi_line(multiline)
            .size_limit(MAX_PATTERN)
            .build();
        let regex = built.map_err(|error| {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let short: String = pattern.chars().take(80).collect();
            Fault::new(
                "invalid-pattern",
                format!("`{short}` is not a regular expression: {reason}"),
            )
        })?;
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((pattern.to_owned(), ignorecase, multiline, regex.clone()));
        Ok(regex)
    })
}

/// A piece of a replacement
enum Piece {
    Text(String),
    Group(usize),
}

fn pieces(replacement: &str, regex: &Regex) -> Result<Vec<Piece>, Fault> {
    let mut pieces = Vec::new();
    let mut rest = replacement;
    while let Some((text, escape)) = rest.split_once('\\') {
        pieces.push(Piece::Text(text.to_owned()));
        let Some(c) = escape.chars().next() else {
            return Err(invalid("a replacement does not end in a single backslash"));
        };
        rest = &escape[c.len_utf8()..];
        match c {
            '0'..='9' => {
                let second = rest.chars().next().filter(|c| *c != '0' || c.is_ascii_digit());
                let second = second.filter(|_| c != '0').and_then(|c| c.to_digit(10));
                let first = c.to_digit(10).unwrap_or(0);
                if second.is_some() {
                    rest = &rest[1..];
                }
                let number = second.map_or(first, |second| first * 10 + second);
                pieces.push(group(&number.to_string(), regex)?);
            }
            'g' => {
                let name = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
                let Some((name, behind)) = name else {
                    return Err(invalid(
                        "a group of a replacement is written `\\1` or `\\g<name>`",
                    ));
                };
                pieces.push(group(name, regex)?);
                rest = behind;
            }
            'n' => pieces.push(Piece::Text(String::from("\n"))),
            't' => pieces.push(Piece::Text(String::from("\t"))),
            'r' => pieces.push(Piece::Text(String::from("\r"))),
            '\\' => pieces.push(Piece::Text(String::from("\\"))),
            other => return Err(invalid(&format!("a replacement knows no `\\{other}`"))),
        }
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Ok(pieces)
}

fn group(name: &str, regex: &Regex) -> Result<Piece, Fault> {
    let number = match name.parse() {
        Ok(number) => Some(number).filter(|number| *number < regex.captures_len()),
        Err(_) => regex.capture_names().position(|known| known == Some(name)),
    };
    number.map(Piece::Group).ok_or_else(|| invalid(&format!("the pattern has no group `{name}`")))
}

fn invalid(message: &str) -> Fault {
    Fault::new("invalid-argument", message)
}
