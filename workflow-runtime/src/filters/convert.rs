//! `default`, `int`, `string`.

use serde_json::Value;

use crate::data::{Data, Number, float_text, truncated};
use crate::machine::Fault;

/// `x | default(fallback)` of something that may be null; if `falsy`, also in place of what does
/// not count as true
pub fn default<T: Data>(value: &Option<T>, fallback: &T, falsy: bool) -> T {
    match value {
        Some(value) => default_known(value, fallback, falsy),
        None => fallback.clone(),
    }
}

/// `x | default(fallback)` of something that is never null
pub fn default_known<T: Data>(value: &T, fallback: &T, falsy: bool) -> T {
    if falsy && !value.truth() { fallback.clone() } else { value.clone() }
}

/// `x | default(fallback)` of a value of any type
pub fn default_any(value: &Value, fallback: &Value, falsy: bool) -> Value {
    default_known(value, fallback, falsy || value.is_null())
}

/// `x | string`: what the value prints as
pub fn string<T: Data>(value: &T) -> String {
    value.show().into_owned()
}

/// `i | int`
pub fn int(value: i64) -> i64 {
    value
}

/// `b | int`: 1 or 0
pub fn int_bool(value: bool) -> i64 {
    i64::from(value)
}

/// `f | int`: without the fraction; the fault `integer-overflow` beyond 64 bits
pub fn int_float(value: f64) -> Result<i64, Fault> {
    truncated(value).ok_or_else(|| overflow(&float_text(value)))
}

/// `n | int`: without the fraction
pub fn int_number(value: Number) -> Result<i64, Fault> {
    match value {
        Number::Int(int) => Ok(int),
        Number::Float(float) => int_float(float),
    }
}

/// `s | int(default, base)`: the integer in a string, or a number's without its fraction, or else
/// the default
///
/// A sign, white space around and `_` between digits are taken; so is the prefix of base 2, 8 or
/// 16, and with base 0 the prefix decides. The fault `integer-overflow` beyond 64 bits.
pub fn int_text(text: &str, default: i64, base: i64) -> Result<i64, Fault> {
    let text = text.trim();
    match digits(text, base) {
        Some((digits, base)) => i64::from_str_radix(&digits, base).map_err(|_| overflow(&digits)),
        None => match plain(text, 10).and_then(|text| text.parse::<f64>().ok()) {
            Some(float) if float.is_finite() => int_float(float),
            _ => Ok(default),
        },
    }
}

/// `x | int(default, base)`; the default for what is neither a number nor a string
pub fn int_any(value: &Value, default: i64, base: i64) -> Result<i64, Fault> {
    match value {
        Value::String(text) => int_text(text, default, base),
        Value::Bool(value) => Ok(int_bool(*value)),
        Value::Number(number) => match Number::of(value) {
            Some(number) => int_number(number),
            None => Err(overflow(&number.to_string())),
        },
        _ => Ok(default),
    }
}

pub(super) fn overflow(number: &str) -> Fault {
    Fault::new("integer-overflow", format!("`{number}` does not fit 64 bits"))
}

/// The sign and digits of an integer, and the base that they are in
fn digits(text: &str, base: i64) -> Option<(String, u32)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { "-" } else { "" };
    let (base, digits) = match (base, prefix(unsigned)) {
        (0, Some(found)) => found,
        (0, None) => (10, unsigned),
        (base, Some((prefixed, rest))) if base == i64::from(prefixed) => (prefixed, rest),
        (base @ 2..=36, _) => (u32::try_from(base).ok()?, unsigned),
        _ => return None,
    };
    let digits = plain(digits, base)?;
    digits.chars().all(|c| c.is_digit(base)).then(|| (format!("{sign}{digits}"), base))
}

/// The base that a prefix says, and what stands behind it; one `_` may
fn prefix(text: &str) -> Option<(u32, &str)> {
    let base = match text.get(..2)? {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => return None,
    };
    let rest = &text[2..];
    Some((base, rest.strip_prefix('_').unwrap_or(rest)))
}

/// A number without the single `_` between its digits, nothing if they stand elsewhere
pub(super) fn plain(text: &str, base: u32) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(|byte| char::from(*byte).is_digit(base));
    let between = |at: usize| at.checked_sub(1).is_some_and(digit) && digit(at + 1);
    let placed = text.bytes().enumerate().all(|(at, byte)| byte != b'_' || between(at));
    (placed && !text.is_empty()).then(|| text.replace('_', ""))
}
