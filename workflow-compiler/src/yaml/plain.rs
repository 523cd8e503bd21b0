//! What a plain scalar means: YAML 1.2's core schema.

use super::Plain;

/// What a text means where it stands without quotes
///
/// ```
/// use workflow_compiler::yaml::{Plain, plain};
///
/// assert_eq!(plain("0o17"), Plain::Int(15));
/// ```
pub fn plain(text: &str) -> Plain {
    resolve(text)
}

/// What an unquoted text means
///
/// Numbers that are not finite (`.inf`, `.nan`, `1e999`) and integers of more than 64 bits are
/// strings: no value of the language holds them, and rounding would change them silently.
pub(super) fn resolve(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        _ => number(text).unwrap_or_else(|| Plain::String(text.to_owned())),
    }
}

/// What an unquoted text under a tag such as `!!float` means; the text itself if it doesn't fit
pub(super) fn resolve_as(tag: &str, text: &str) -> Plain {
    match (tag, resolve(text)) {
        // The tag says a fraction, however whole the number is.
        #[expect(clippy::cast_precision_loss, reason = "the author asked for a float")]
        ("!!float", Plain::Int(value)) => Plain::Float(value as f64),
        ("!!int", value @ Plain::Int(_))
        | ("!!float", value @ Plain::Float(_))
        | ("!!bool", value @ Plain::Bool(_))
        | ("!!null", value @ Plain::Null) => value,
        _ => Plain::String(text.to_owned()),
    }
}

fn number(text: &str) -> Option<Plain> {
    let radix = |digits: &str, radix: u32| {
        let plain = !digits.starts_with(['+', '-']);
        plain.then(|| i64::from_str_radix(digits, radix).ok().map(Plain::Int)).flatten()
    };
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Plain::Int);
    }
    let fraction = is_fraction(unsigned).then(|| text.parse().ok()).flatten();
    fraction.filter(|value: &f64| value.is_finite()).map(Plain::Float)
}

/// `1.5`, `1.`, `.5`, `1e3`
fn is_fraction(unsigned: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_fits = exponent.is_none_or(|exponent| {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !unsigned.is_empty() && digits(unsigned)
    });
    digits(whole) && digits(part) && !(whole.is_empty() && part.is_empty()) && exponent_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_of_the_core_schema() {
        let cases = [
            ("", Plain::Null),
            ("~", Plain::Null),
            ("NULL", Plain::Null),
            ("True", Plain::Bool(true)),
            ("false", Plain::Bool(false)),
            ("-12", Plain::Int(-12)),
            ("+7", Plain::Int(7)),
            ("0o17", Plain::Int(15)),
            ("0xfF", Plain::Int(255)),
            ("9223372036854775807", Plain::Int(i64::MAX)),
            ("-9223372036854775808", Plain::Int(i64::MIN)),
            ("1.5", Plain::Float(1.5)),
            ("-.5e1", Plain::Float(-5.0)),
            ("1.", Plain::Float(1.0)),
            ("1e3", Plain::Float(1000.0)),
        ];
        for (text, meaning) in cases {
            assert_eq!(resolve(text), meaning, "{text}");
        }
    }

    #[test]
    fn what_is_a_string_although_it_looks_otherwise() {
        let strings = [
            "yes",
            "no",
            "on",
            "nULL",
            "tRUE",
            "1.0.0",
            "1_000",
            "0b1",
            ".",
            "-",
            "+",
            "e3",
            "1e",
            "1e+",
            ".inf",
            "-.inf",
            ".nan",
            "1e999",
            "9223372036854775808",
            "0x-1",
            "0o8",
            "0x",
            "inf",
            "nan",
            "infinity",
            "1.5.2",
            "0x8000000000000000",
        ];
        for text in strings {
            assert_eq!(resolve(text), Plain::String(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_tag_decides() {
        assert_eq!(resolve_as("!!str", "1"), Plain::String("1".into()));
        assert_eq!(resolve_as("!!float", "1"), Plain::Float(1.0));
        assert_eq!(resolve_as("!!int", "1"), Plain::Int(1));
        assert_eq!(resolve_as("!!int", "x"), Plain::String("x".into()));
        assert_eq!(resolve_as("!!null", ""), Plain::Null);
    }
}
