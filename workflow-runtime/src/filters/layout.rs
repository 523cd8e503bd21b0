//! `indent`, `truncate`, `center`.

use serde_json::Value;

use crate::data::kind_of;
use crate::machine::Fault;
use crate::ops::{bound_bytes, mismatch};

/// `s | indent(width, first, blank)`: each line behind the first moved right
///
/// `width` is a number of spaces or what is put before a line; `first` moves the first line too,
/// `blank` lines with nothing in them. A line break at the end stays the end.
pub fn indent(text: &str, width: &Value, first: bool, blank: bool) -> Result<String, Fault> {
    let prefix = prefix(width)?;
    let mut lines = lines(text);
    // A line break at the end begins a last line with nothing in it.
    if text.is_empty() || lines.last().is_some_and(|(_, end)| !end.is_empty()) {
        lines.push(("", ""));
    }
    bound_bytes(text.len().saturating_add(lines.len().saturating_mul(prefix.len() + 1)))?;
    let mut indented = String::new();
    for (at, (line, _)) in lines.iter().enumerate() {
        if at > 0 {
            indented.push('\n');
        }
        let moved = if at == 0 { first } else { blank || !line.is_empty() };
        if moved {
            indented.push_str(&prefix);
        }
        indented.push_str(line);
    }
    Ok(indented)
}

fn prefix(width: &Value) -> Result<String, Fault> {
    match width {
        Value::String(prefix) => Ok(prefix.clone()),
        Value::Number(width) => {
            let width = width.as_i64().unwrap_or(i64::MAX).max(0);
            let width = usize::try_from(width).unwrap_or(usize::MAX);
            bound_bytes(width)?;
            Ok(" ".repeat(width))
        }
        other => {
            let found = kind_of(other);
            Err(mismatch(format!("`width` is an integer or a string, not {found}")))
        }
    }
}

/// The lines of a text, each with the characters that end it, as Python's `splitlines` sees them
pub(crate) fn lines(text: &str) -> Vec<(&str, &str)> {
    let breaks = |c| {
        matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(breaks) {
        let (line, behind) = rest.split_at(at);
        let end = if behind.starts_with("\r\n") {
            2
        } else {
            behind.chars().next().map_or(0, char::len_utf8)
        };
        let (end, behind) = behind.split_at(end);
        lines.push((line, end));
        rest = behind;
    }
    if !rest.is_empty() {
        lines.push((rest, ""));
    }
    lines
}

/// `s | truncate(length, killwords, end, leeway)`: cut to so many characters with `end` behind
/// them, unless it is too long by no more than `leeway`
///
/// Cut behind a whole word, or anywhere if words may be killed. A length less than that of `end`,
/// and a negative leeway, are the fault `invalid-argument`.
pub fn truncate(
    text: &str,
    length: i64,
    killwords: bool,
    end: &str,
    leeway: i64,
) -> Result<String, Fault> {
    let (least, count) = (end.chars().count(), text.chars().count());
    let invalid = |message: String| Err(Fault::new("invalid-argument", message));
    let Some(length) = usize::try_from(length).ok().filter(|length| *length >= least) else {
        return invalid(format!("a text cannot be cut to {length} characters, `end` has {least}"));
    };
    let Ok(leeway) = usize::try_from(leeway) else {
        return invalid(format!("`leeway` is at least 0, not {leeway}"));
    };
    if count <= length.saturating_add(leeway) {
        return Ok(text.to_owned());
    }
    let cut = text.char_indices().nth(length - least).map_or(text.len(), |(at, _)| at);
    let kept = &text[..cut];
    let kept =
        if killwords { kept } else { kept.rsplit_once(' ').map_or(kept, |(words, _)| words) };
    Ok(format!("{kept}{end}"))
}

/// `s | center(width)`: with spaces on both sides, as many characters as `width`
pub fn center(text: &str, width: i64) -> Result<String, Fault> {
    center_with(text, width, " ")
}

/// `s.center(width, fill)`; the fault `invalid-argument` unless `fill` is one character
pub fn center_with(text: &str, width: i64, fill: &str) -> Result<String, Fault> {
    let width = usize::try_from(width).unwrap_or(0);
    let Some(space) = width.checked_sub(text.chars().count()) else { return Ok(text.to_owned()) };
    // Where the sides differ, Python gives the odd one to the left if the width is odd too.
    let left = space / 2 + (space & width & 1);
    pad(text, left, space - left, fill)
}

/// `s.ljust(width, fill)`: with fill behind it
pub fn ljust(text: &str, width: i64, fill: &str) -> Result<String, Fault> {
    let width = usize::try_from(width).unwrap_or(0);
    pad(text, 0, width.saturating_sub(text.chars().count()), fill)
}

/// `s.rjust(width, fill)`: with fill before it
pub fn rjust(text: &str, width: i64, fill: &str) -> Result<String, Fault> {
    let width = usize::try_from(width).unwrap_or(0);
    pad(text, width.saturating_sub(text.chars().count()), 0, fill)
}

fn pad(text: &str, left: usize, right: usize, fill: &str) -> Result<String, Fault> {
    if fill.chars().count() != 1 {
        return Err(Fault::new("invalid-argument", "the fill must be exactly one character"));
    }
    bound_bytes(left.saturating_add(right).saturating_mul(fill.len()).saturating_add(text.len()))?;
    Ok(format!("{}{text}{}", fill.repeat(left), fill.repeat(right)))
}
