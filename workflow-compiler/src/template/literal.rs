//! What the text of a number or string literal means.

use std::fmt::Write as _;
use std::ops::Range;

/// What is wrong with a literal
#[derive(Debug, PartialEq)]
pub(super) struct Bad {
    /// Which part of it
    pub(super) range: Range<usize>,
    /// Why
    pub(super) message: &'static str,
    /// What to do about it
    pub(super) help: &'static str,
}

/// Decodes an integer literal; gives its magnitude, so that the smallest integer can be written
pub(super) fn integer(text: &str) -> Result<u64, Bad> {
    let bad = |message, help| Bad { range: 0..text.len(), message, help };
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        _ => (10, &digits[..]),
    };
    if radix == 10 && digits.starts_with('0') && digits.bytes().any(|digit| digit != b'0') {
        return Err(bad("a number does not start with `0`", "write it without the zeros"));
    }
    u64::from_str_radix(digits, radix).map_err(|_| {
        bad("this integer does not fit into 64 bits", "write it as a fraction: `1e20`")
    })
}

/// Decodes a fraction
pub(super) fn float(text: &str) -> Result<f64, Bad> {
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    let value: f64 = digits.parse().unwrap_or(f64::INFINITY);
    let help = "the largest number is about `1.79e308`";
    let bad = Bad { range: 0..text.len(), message: "this number is too large", help };
    if value.is_finite() { Ok(value) } else { Err(bad) }
}

/// Decodes a string literal with its quotes: Python's escapes; an unknown one stays as it is
pub(super) fn string(literal: &str) -> Result<String, Bad> {
    let inside = &literal[1..literal.len() - 1];
    let mut decoded = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find(['\\', '\r']) {
        decoded.push_str(&rest[..at]);
        let start = 1 + inside.len() - rest.len() + at;
        let behind = &rest[at + 1..];
        let used = if rest.as_bytes()[at] == b'\r' {
            decoded.push('\n');
            usize::from(behind.starts_with('\n'))
        } else {
            escape(behind, &mut decoded).map_err(|(length, message, help)| Bad {
                range: start..start + 1 + length,
                message,
                help,
            })?
        };
        rest = &behind[used..];
    }
    decoded.push_str(rest);
    Ok(decoded)
}

/// Length of what is wrong, why, and what to do
type BadEscape = (usize, &'static str, &'static str);

/// Decodes what follows a backslash; gives how much of it was used
fn escape(text: &str, out: &mut String) -> Result<usize, BadEscape> {
    let Some(first) = text.chars().next() else {
        out.push('\\');
        return Ok(0);
    };
    let simple = match first {
        '\\' | '\'' | '"' => first,
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        '\n' => return Ok(1),
        '\r' => return Ok(1 + usize::from(text[1..].starts_with('\n'))),
        'x' => return hex(text, 2, out),
        'u' => return hex(text, 4, out),
        'U' => return hex(text, 8, out),
        '0'..='7' => return Ok(octal(text, out)),
        'N' => {
            let help = "write the character itself, or its number as `\\u2026`";
            return Err((1, "characters cannot be written by name", help));
        }
        unknown => {
            out.push('\\');
            unknown
        }
    };
    out.push(simple);
    Ok(first.len_utf8())
}

fn octal(text: &str, out: &mut String) -> usize {
    let length = text.bytes().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
    // Three octal digits are at most 511, which is a character.
    let code = u32::from_str_radix(&text[..length], 8).unwrap_or(0);
    out.extend(char::from_u32(code));
    length
}

/// `\xhh`, `\uhhhh`, `\Uhhhhhhhh`; two halves of a surrogate pair make one character
fn hex(text: &str, digits: usize, out: &mut String) -> Result<usize, BadEscape> {
    let help = "`\\x` takes 2 hexadecimal digits, `\\u` 4, `\\U` 8";
    let Some(code) = hex_digits(&text[1..], digits) else {
        return Err((1, "hexadecimal digits are missing", help));
    };
    let length = 1 + digits;
    if let Some(c) = char::from_u32(code) {
        out.push(c);
        return Ok(length);
    }
    let second = text[length..].strip_prefix("\\u").and_then(|low| hex_digits(low, 4));
    if let (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) = (code, second) {
        out.extend(char::from_u32(0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00)));
        return Ok(length + 6);
    }
    Err((length, "there is no character of this number", "characters go up to `\\U0010ffff`"))
}

fn hex_digits(text: &str, digits: usize) -> Option<u32> {
    let text = text.get(..digits)?;
    text.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(text, 16).ok())?
}

/// Writes a string literal that [`string`] decodes to `value`
pub(super) fn quote(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('\'');
    for c in value.chars() {
        match c {
            '\'' => quoted.push_str("\\'"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // Writing to a string cannot fail.
            c if c.is_control() => drop(write!(quoted, "\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

/// Replaces every kind of line break by `\n`, as Jinja2 does
pub(super) fn normalise_newlines(text: &str) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text.to_owned()
    }
}
