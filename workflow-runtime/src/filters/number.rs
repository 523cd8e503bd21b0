//! `float`, `bool`, `round`, `abs`, `filesizeformat`.

use serde_json::Value;

use crate::data::{Data, Number, float_text, kind_of};
use crate::machine::Fault;
use crate::ops::mismatch;

/// `n | float`
pub fn float(value: f64) -> f64 {
    value
}

/// `s | float(default)`: the number that a string says, else the default
///
/// White space around it and `_` between digits are taken; infinity and NaN are none.
pub fn float_text_of(text: &str, default: f64) -> f64 {
    let plain = super::convert::plain(text.trim_matches(super::text::is_space), 10);
    let float = plain.filter(|text| is_decimal(text)).and_then(|text| text.parse::<f64>().ok());
    float.filter(|float| float.is_finite()).unwrap_or(default)
}

/// `x | float(default)`; the default for what is neither a number nor a string
pub fn float_any(value: &Value, default: f64) -> f64 {
    match value {
        Value::String(text) => float_text_of(text, default),
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Number(number) => number.as_f64().unwrap_or(default),
        _ => default,
    }
}

fn is_decimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
}

/// `s | bool`: whether a string says yes: `true`, `yes`, `on` or `1`, in any case
pub fn bool_text(text: &str) -> bool {
    let text = text.trim_matches(super::text::is_space).to_lowercase();
    matches!(text.as_str(), "true" | "yes" | "on" | "1")
}

/// `x | bool`: of a string [`bool_text`], of all else whether it counts as true
pub fn bool_any(value: &Value) -> bool {
    match value {
        Value::String(text) => bool_text(text),
        other => other.truth(),
    }
}

/// `i | abs`; the fault `integer-overflow` for the least integer
pub fn abs(value: i64) -> Result<i64, Fault> {
    value.checked_abs().ok_or_else(|| super::convert::overflow(&format!("{value} | abs")))
}

/// `f | abs`
pub fn abs_float(value: f64) -> f64 {
    value.abs()
}

/// `n | abs`
pub fn abs_number(value: Number) -> Result<Number, Fault> {
    match value {
        Number::Int(int) => abs(int).map(Number::Int),
        Number::Float(float) => Ok(Number::Float(float.abs())),
    }
}

/// `x | abs`
pub fn abs_any(value: &Value) -> Result<Value, Fault> {
    abs_number(number_of(value, "abs")?).map(|number| number.to_json())
}

/// `i | round(precision)`: an integer stays one; a negative precision rounds to tens, hundreds, …
///
/// Halves go to the even neighbour.
pub fn round(value: i64, precision: i64) -> Result<i64, Fault> {
    let Ok(digits) = u32::try_from(precision.unsigned_abs()) else { return Ok(0) };
    if precision >= 0 {
        return Ok(value);
    }
    // The least integer has 19 digits, so that beyond 10¹⁹ all round to zero.
    let Some(unit) = 10_i128.checked_pow(digits).filter(|_| digits < 20) else { return Ok(0) };
    let (down, rest) = (i128::from(value).div_euclid(unit), i128::from(value).rem_euclid(unit));
    let up = rest * 2 > unit || (rest * 2 == unit && down % 2 != 0);
    let rounded = (down + i128::from(up)) * unit;
    i64::try_from(rounded).map_err(|_| super::convert::overflow(&rounded.to_string()))
}

/// `f | round(precision)`: halves, which few floats are exactly, go to the even neighbour
pub fn round_float(value: f64, precision: i64) -> f64 {
    // Beyond 330 digits nothing changes any more, and nothing is left.
    let Ok(digits) = usize::try_from(precision) else { return round_tens(value, precision) };
    format!("{value:.*}", digits.min(330)).parse().unwrap_or(value)
}

/// Rounds the digits before the point
fn round_tens(value: f64, precision: i64) -> f64 {
    let places = usize::try_from(precision.unsigned_abs()).unwrap_or(usize::MAX);
    let text = format!("{:.330}", value.abs());
    let Some((whole, fraction)) = text.split_once('.') else { return value };
    let Some(kept) = whole.len().checked_sub(places) else { return 0.0_f64.copysign(value) };
    let (head, tail) = whole.split_at(kept);
    let half = format!("5{}", "0".repeat(places.saturating_sub(1)));
    let beyond = fraction.bytes().any(|digit| digit != b'0');
    let odd = head.bytes().last().is_some_and(|digit| digit % 2 == 1);
    let up = tail > half.as_str() || (tail == half && (beyond || odd));
    let head: f64 = format!("0{head}e{places}").parse().unwrap_or(0.0);
    let unit: f64 = format!("1e{places}").parse().unwrap_or(0.0);
    (if up { head + unit } else { head }).copysign(value)
}

/// `n | round(precision, method)` by another method than `common`: `ceil` or `floor`
///
/// Another word is the fault `invalid-argument`, what no float can hold `float-overflow`.
pub fn round_to(value: f64, precision: i64, method: &str) -> Result<f64, Fault> {
    let direction = match method {
        "common" => return Ok(round_float(value, precision)),
        "ceil" => f64::ceil,
        "floor" => f64::floor,
        other => {
            let message = format!("`round` goes `common`, `ceil` or `floor`, not `{other}`");
            return Err(Fault::new("invalid-argument", message));
        }
    };
    let unit = 10_f64.powi(i32::try_from(precision.clamp(-400, 400)).unwrap_or(0));
    let rounded = direction(value * unit) / unit;
    if rounded.is_finite() {
        return Ok(rounded);
    }
    let message = format!("`{}` cannot be rounded to {precision} digits", float_text(value));
    Err(Fault::new("float-overflow", message))
}

/// `n | round(precision)`
pub fn round_number(value: Number, precision: i64, method: &str) -> Result<Number, Fault> {
    match value {
        Number::Int(int) if method == "common" => round(int, precision).map(Number::Int),
        other => round_to(other.as_f64(), precision, method).map(Number::Float),
    }
}

/// `x | round(precision, method)`
pub fn round_any(value: &Value, precision: i64, method: &str) -> Result<Value, Fault> {
    round_number(number_of(value, "round")?, precision, method).map(|number| number.to_json())
}

fn number_of(value: &Value, filter: &str) -> Result<Number, Fault> {
    crate::data::arithmetic(value)
        .ok_or_else(|| mismatch(format!("`{filter}` takes a number, not {}", kind_of(value))))
}

/// `n | filesizeformat(binary)`: `13 kB`, `4.1 MB`; in powers of 1024 `1.5 KiB`
pub fn filesizeformat(bytes: f64, binary: bool) -> String {
    let base: f64 = if binary { 1024.0 } else { 1000.0 };
    if (bytes - 1.0).abs() < f64::EPSILON {
        return String::from("1 Byte");
    }
    if bytes < base {
        return format!("{} Bytes", bytes.trunc());
    }
    let prefixes = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
    let mut unit = base;
    for (at, prefix) in prefixes.iter().enumerate() {
        if bytes < unit * base || at + 1 == prefixes.len() {
            let (count, prefix) =
                (bytes / unit, if binary { prefix.to_uppercase() } else { (*prefix).to_owned() });
            return format!("{count:.1} {prefix}{}", if binary { "iB" } else { "B" });
        }
        unit *= base;
    }
    String::new()
}

/// `x | filesizeformat(binary)`, of a number or a string that says one
pub fn filesizeformat_any(value: &Value, binary: bool) -> Result<String, Fault> {
    let bytes = float_any(value, f64::NAN);
    if bytes.is_nan() {
        return Err(mismatch(format!("`filesizeformat` takes a number, not {}", kind_of(value))));
    }
    Ok(filesizeformat(bytes, binary))
}
