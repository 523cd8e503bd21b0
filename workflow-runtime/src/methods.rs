//! The methods of strings, lists, objects and times, as Python has them.
//!
//! Those that are filters too are only there. `_any` takes values of any type.

use serde_json::Value;

use crate::data::{Data, DateTime, Number, Object, kind_of};
use crate::filters::{is_space, lines};
use crate::machine::Fault;
use crate::ops::{bound_bytes, bound_items, int, mismatch};

/// `s.lstrip(characters)`: without white space, or without these characters, at the beginning
pub fn lstrip(text: &str, characters: Option<&str>) -> String {
    match characters {
        Some(characters) => text.trim_start_matches(|c| characters.contains(c)),
        None => text.trim_start_matches(is_space),
    }
    .to_owned()
}

/// `s.rstrip(characters)`: without white space, or without these characters, at the end
pub fn rstrip(text: &str, characters: Option<&str>) -> String {
    match characters {
        Some(characters) => text.trim_end_matches(|c| characters.contains(c)),
        None => text.trim_end_matches(is_space),
    }
    .to_owned()
}

/// `s.rsplit(separator, limit)`: as `split`, cut from the end
///
/// An empty separator is the fault `invalid-argument`.
pub fn rsplit(
    text: &str,
    separator: Option<&str>,
    limit: Option<i64>,
) -> Result<Vec<String>, Fault> {
    let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let mut parts: Vec<&str> = match separator {
        None => last_words(text, limit),
        Some("") => {
            return Err(Fault::new("invalid-argument", "the separator of `rsplit` is empty"));
        }
        Some(separator) => text.rsplitn(limit.saturating_add(1), separator).collect(),
    };
    bound_items(parts.len())?;
    parts.reverse();
    Ok(parts.into_iter().map(str::to_owned).collect())
}

/// Words from the end, at most `limit` of them cut off
fn last_words(text: &str, limit: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_end_matches(is_space);
    while !rest.is_empty() {
        let space = if words.len() < limit { rest.rfind(is_space) } else { None };
        let start = space.map_or(0, |at| at + rest[at..].chars().next().map_or(0, char::len_utf8));
        let (before, word) = rest.split_at(start);
        words.push(word);
        rest = before.trim_end_matches(is_space);
    }
    words
}

/// `s.splitlines(keepends)`
pub fn splitlines(text: &str, keepends: bool) -> Result<Vec<String>, Fault> {
    let lines = lines(text);
    bound_items(lines.len())?;
    let whole = |(line, end): (&str, &str)| {
        if keepends { format!("{line}{end}") } else { line.to_owned() }
    };
    Ok(lines.into_iter().map(whole).collect())
}

/// `s.startswith(prefix)`
pub fn startswith(text: &str, prefix: &str) -> bool {
    text.starts_with(prefix)
}

/// `s.endswith(suffix)`
pub fn endswith(text: &str, suffix: &str) -> bool {
    text.ends_with(suffix)
}

/// `s.removeprefix(prefix)`
pub fn removeprefix(text: &str, prefix: &str) -> String {
    text.strip_prefix(prefix).unwrap_or(text).to_owned()
}

/// `s.removesuffix(suffix)`
pub fn removesuffix(text: &str, suffix: &str) -> String {
    text.strip_suffix(suffix).unwrap_or(text).to_owned()
}

/// `s.find(part)`: where it first occurs, counted in characters; -1 if nowhere
pub fn find(text: &str, part: &str) -> i64 {
    text.find(part).map_or(-1, |at| int(text[..at].chars().count()))
}

/// `s.rfind(part)`: where it last occurs; -1 if nowhere
pub fn rfind(text: &str, part: &str) -> i64 {
    text.rfind(part).map_or(-1, |at| int(text[..at].chars().count()))
}

/// `s.index(part)`: where it first occurs; the fault `not-found` if nowhere
pub fn index_text(text: &str, part: &str) -> Result<i64, Fault> {
    let at = find(text, part);
    if at < 0 { Err(Fault::new("not-found", "the text does not have that part")) } else { Ok(at) }
}

/// `s.count(part)`: how often it occurs, not overlapping
pub fn count_text(text: &str, part: &str) -> i64 {
    // Between all characters and at both ends, which is what Rust counts too.
    int(text.matches(part).count())
}

/// `s.title()`: capitals where letters begin, small letters behind them
pub fn title(text: &str) -> String {
    let mut within = false;
    let mut titled = String::with_capacity(text.len());
    for c in text.chars() {
        if within {
            titled.extend(c.to_lowercase());
        } else {
            titled.extend(c.to_uppercase());
        }
        within = c.is_lowercase() || c.is_uppercase();
    }
    titled
}

/// `s.swapcase()`
pub fn swapcase(text: &str) -> String {
    let mut swapped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_uppercase() {
            swapped.extend(c.to_lowercase());
        } else {
            swapped.extend(c.to_uppercase());
        }
    }
    swapped
}

/// `s.zfill(width)`: with zeros before it, behind its sign
pub fn zfill(text: &str, width: i64) -> Result<String, Fault> {
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => text.split_at(text.len() - digits.len()),
        None => ("", text),
    };
    let width = usize::try_from(width).unwrap_or(0);
    let zeros = width.saturating_sub(text.chars().count());
    bound_bytes(text.len().saturating_add(zeros))?;
    Ok(format!("{sign}{}{digits}", "0".repeat(zeros)))
}

/// `s.isdigit()`: all are digits, and there is one
pub fn isdigit(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_numeric() && !c.is_alphabetic())
}

/// `s.isalpha()`: all are letters, and there is one
pub fn isalpha(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphabetic)
}

/// `s.isalnum()`: all are letters or digits, and there is one
pub fn isalnum(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphanumeric)
}

/// `s.isspace()`: all are white space, and there is some
pub fn isspace(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_space)
}

/// `separator.join(list)`, of strings
pub fn join(separator: &str, items: &[String]) -> Result<String, Fault> {
    crate::filters::join(items, separator)
}

/// `list.count(item)`
pub fn count<T: Data>(items: &[T], wanted: &T) -> i64 {
    int(items.iter().filter(|item| item.same(wanted)).count())
}

/// `list.index(item)`: where it first stands; the fault `not-found` if nowhere
pub fn index<T: Data>(items: &[T], wanted: &T) -> Result<i64, Fault> {
    let at = items.iter().position(|item| item.same(wanted));
    at.map(int).ok_or_else(|| Fault::new("not-found", "the list does not have that item"))
}

/// `x.count(y)` of a string or a list
pub fn count_any(value: &Value, wanted: &Value) -> Result<i64, Fault> {
    match (value, wanted) {
        (Value::Array(items), wanted) => Ok(count(items, wanted)),
        (Value::String(text), Value::String(part)) => Ok(count_text(text, part)),
        (value, wanted) => Err(has_none(value, "count", wanted)),
    }
}

/// `x.index(y)` of a string or a list
pub fn index_any(value: &Value, wanted: &Value) -> Result<i64, Fault> {
    match (value, wanted) {
        (Value::Array(items), wanted) => index(items, wanted),
        (Value::String(text), Value::String(part)) => index_text(text, part),
        (value, wanted) => Err(has_none(value, "index", wanted)),
    }
}

fn has_none(value: &Value, method: &str, wanted: &Value) -> Fault {
    let (value, wanted) = (kind_of(value), kind_of(wanted));
    mismatch(format!("`{method}` of {value} does not take {wanted}"))
}

/// `object.values()`
pub fn values(object: &Object) -> Vec<Value> {
    object.values().cloned().collect()
}

/// `object.get(key, default)`: the default for a key that it does not have
pub fn get(object: &Object, key: &str, default: &Value) -> Value {
    object.get(key).unwrap_or(default).clone()
}

/// `time.date()`: `2026-01-31`
pub fn date(time: DateTime) -> String {
    utc(time).date().to_string()
}

/// `time.time()`: `12:00:00`
pub fn time(time: DateTime) -> String {
    utc(time).time().to_string()
}

/// `time.isoformat()`: as it prints
pub fn isoformat(time: DateTime) -> String {
    time.to_string()
}

/// `time.strftime(format)`, in UTC; a directive that there is none of is the fault
/// `invalid-argument`
pub fn strftime(time: DateTime, format: &str) -> Result<String, Fault> {
    bound_bytes(format.len().saturating_mul(16))?;
    jiff::fmt::strtime::format(format, &utc(time)).map_err(|error| {
        Fault::new("invalid-argument", format!("`{format}` is no format of a time: {error}"))
    })
}

/// `time.timestamp()`: seconds since 1970
pub fn timestamp(time: DateTime) -> f64 {
    let DateTime(time) = time;
    Number::Int(time.as_second()).as_f64() + f64::from(time.subsec_nanosecond()) / 1e9
}

/// `time.weekday()`: from 0, Monday
pub fn weekday(time: DateTime) -> i64 {
    i64::from(utc(time).weekday().to_monday_zero_offset())
}

/// `time.year`, and so on
pub fn year(time: DateTime) -> i64 {
    i64::from(utc(time).year())
}

/// `time.month`, from 1
pub fn month(time: DateTime) -> i64 {
    i64::from(utc(time).month())
}

/// `time.day`, of the month from 1
pub fn day(time: DateTime) -> i64 {
    i64::from(utc(time).day())
}

/// `time.hour`, from 0
pub fn hour(time: DateTime) -> i64 {
    i64::from(utc(time).hour())
}

/// `time.minute`, from 0
pub fn minute(time: DateTime) -> i64 {
    i64::from(utc(time).minute())
}

/// `time.second`, from 0
pub fn second(time: DateTime) -> i64 {
    i64::from(utc(time).second())
}

fn utc(DateTime(time): DateTime) -> jiff::Zoned {
    time.to_zoned(jiff::tz::TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_of_strings_are_pythons() {
        assert_eq!(rsplit("a/b/c", Some("/"), Some(1)).unwrap(), ["a/b", "c"]);
        assert_eq!(rsplit(" a b  c ", None, Some(1)).unwrap(), [" a b", "c"]);
        assert_eq!(rsplit(" a b  c ", None, None).unwrap(), ["a", "b", "c"]);
        assert_eq!(splitlines("a\r\nb\n\nc\u{2028}", false).unwrap(), ["a", "b", "", "c"]);
        assert_eq!(splitlines("a\n", true).unwrap(), ["a\n"]);
        assert_eq!(title("they're bill's 3rd"), "They'Re Bill'S 3Rd");
        assert_eq!(
            (zfill("-7", 4).unwrap(), zfill("abc", 2).unwrap()),
            ("-007".into(), "abc".into())
        );
        assert_eq!((find("éab", "b"), find("a", "x"), rfind("aba", "a")), (2, -1, 2));
        assert_eq!((count_text("aaa", "aa"), count_text("aa", "")), (1, 3));
        assert_eq!(index_text("a", "x").unwrap_err().code, "not-found");
        assert!(isdigit("1²") && !isdigit("") && !isdigit("1a") && isspace(" \t"));
    }

    #[test]
    fn times_are_told_in_utc() {
        let time = |text: &str| DateTime::from_json(&Value::from(text)).unwrap();
        let evening = time("2026-01-31T23:30:05.5-02:00");
        assert_eq!(
            (date(evening), self::time(evening)),
            ("2026-02-01".into(), "01:30:05.5".into())
        );
        assert_eq!(strftime(evening, "%d.%m.%Y %H:%M").unwrap(), "01.02.2026 01:30");
        assert_eq!(strftime(evening, "%!").unwrap_err().code, "invalid-argument");
        assert_eq!((weekday(evening), year(evening), second(evening)), (6, 2026, 5));
        assert!((timestamp(time("1970-01-01T00:00:01.25Z")) - 1.25).abs() < f64::EPSILON);
    }
}
