//! `base64_encode`, `base64_decode`, `urlencode`, `shellquote`, `escape`, `striptags`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::text::is_space;
use crate::data::{Data, Object, kind_of};
use crate::machine::Fault;
use crate::ops::{bound_bytes, mismatch};

/// What stays as it is in a part of an address
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What stays as it is in a path
const PATH: &AsciiSet = &PART.remove(b'/');

/// `s | base64_encode`, of its bytes in UTF-8
pub fn base64_encode(text: &str) -> Result<String, Fault> {
    bound_bytes(text.len().div_ceil(3) * 4)?;
    Ok(STANDARD.encode(text))
}

/// `s | base64_decode`; what is not base64 of a text in UTF-8 is the fault `invalid-base64`
pub fn base64_decode(text: &str) -> Result<String, Fault> {
    let digits: String = text.chars().filter(|c| !is_space(*c)).collect();
    let wrong =
        |why: String| Fault::new("invalid-base64", format!("the text is not base64: {why}"));
    let bytes = STANDARD.decode(digits).map_err(|error| wrong(error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| wrong(String::from("what it stands for is not UTF-8")))
}

/// `x | base64_decode`, of a string
pub fn base64_decode_any(value: &Value) -> Result<String, Fault> {
    match value {
        Value::String(text) => base64_decode(text),
        other => Err(mismatch(format!("`base64_decode` takes a string, not {}", kind_of(other)))),
    }
}

/// `s | urlencode`: with `%` and two digits for each byte that an address cannot have; `/` stays
pub fn urlencode(text: &str) -> Result<String, Fault> {
    bound_bytes(text.len().saturating_mul(3))?;
    Ok(utf8_percent_encode(text, PATH).to_string())
}

/// `object | urlencode`: as the query of an address, `a=1&b=x+y`
pub fn urlencode_object(object: &Object) -> Result<String, Fault> {
    let pairs = object.iter().map(|(key, value)| (key.as_str().into(), value.show()));
    query(pairs)
}

/// `x | urlencode`: an object or a list of pairs as a query, all else as it prints
pub fn urlencode_any(value: &Value) -> Result<String, Fault> {
    match value {
        Value::Object(object) => urlencode_object(object),
        Value::Array(items) => {
            let mut pairs = Vec::new();
            for item in items {
                match item.as_array().map(Vec::as_slice) {
                    Some([key, value]) => pairs.push((key.show(), value.show())),
                    _ => {
                        let found = kind_of(item);
                        return Err(mismatch(format!(
                            "`urlencode` takes a list of pairs, and this has {found}"
                        )));
                    }
                }
            }
            query(pairs.into_iter())
        }
        other => urlencode(&other.show()),
    }
}

fn query<'a>(
    pairs: impl Iterator<Item = (std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>)>,
) -> Result<String, Fault> {
    let encode = |text: &str| utf8_percent_encode(text, PART).to_string().replace("%20", "+");
    let mut text = String::new();
    for (key, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        bound_bytes(text.len().saturating_add((key.len() + value.len()).saturating_mul(3)))?;
        text.push_str(&encode(&key));
        text.push('=');
        text.push_str(&encode(&value));
    }
    Ok(text)
}

/// `s | shellquote`: as one word of a POSIX shell, in single quotes unless it needs none
///
/// A text with a NUL in it, which no shell can be given, is the fault `invalid-argument`.
pub fn shellquote(text: &str) -> Result<String, Fault> {
    if text.contains('\0') {
        return Err(Fault::new("invalid-argument", "a command cannot hold the character NUL"));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return Ok(text.to_owned());
    }
    let quotes = text.matches('\'').count();
    bound_bytes(text.len().saturating_add(quotes.saturating_mul(4)).saturating_add(2))?;
    Ok(format!("'{}'", text.replace('\'', r#"'"'"'"#)))
}

/// `s | escape`: with the characters that HTML has a use for as entities
pub fn escape(text: &str) -> Result<String, Fault> {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&#34;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
        bound_bytes(escaped.len())?;
    }
    Ok(escaped)
}

/// `s | striptags`: without comments and tags, white space as single spaces, and without the
/// entities that [`escape`] writes, and `&nbsp;`
pub fn striptags(text: &str) -> String {
    let without = strip(&strip(text, "<!--", "-->"), "<", ">");
    let words: Vec<&str> = without.split(is_space).filter(|word| !word.is_empty()).collect();
    let mut joined = words.join(" ");
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", "\u{a0}"),
        ("&amp;", "&"),
    ];
    for (entity, character) in entities {
        joined = joined.replace(entity, character);
    }
    joined
}

/// Without what stands between `open` and the next `close`, if there is one
fn strip(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(open) {
        let Some((_, after)) = behind.split_once(close) else { break };
        kept.push_str(before);
        rest = after;
    }
    kept + rest
}
