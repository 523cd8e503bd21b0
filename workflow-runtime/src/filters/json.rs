//! `tojson`, `parse_json`, `hash`.

use std::fmt::Write as _;
use std::io;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::data::{Data, kind_of, write_json};
use crate::machine::Fault;
use crate::ops::{MAX_BYTES, bound_bytes, mismatch};

/// `x | tojson`: JSON on one line, or indented by so many spaces a level
///
/// Keys stay in their order, and no character is escaped that JSON does not ask to escape.
pub fn tojson<T: Data>(value: &T, indent: Option<i64>) -> Result<String, Fault> {
    let indent = indent.map(|spaces| usize::try_from(spaces.max(0)).unwrap_or(usize::MAX));
    let mut text = Bounded(Vec::new());
    if write_json(&value.to_json(), indent, &mut text).is_err() {
        bound_bytes(MAX_BYTES + 1)?;
    }
    String::from_utf8(text.0).map_err(|error| Fault::new("internal", error.to_string()))
}

/// A text that refuses to grow beyond [`MAX_BYTES`]
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        bound_bytes(self.0.len() + bytes.len()).map_err(io::Error::other)?;
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `s | parse_json`: the value that a JSON text stands for; the fault `invalid-json` if none
pub fn parse_json(text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|error| {
        Fault::new("invalid-json", format!("the text is not JSON: {error}"))
            .help("the text must be one JSON value and nothing else, no words or fences around it")
    })
}

/// `x | parse_json`, of a string
pub fn parse_json_any(value: &Value) -> Result<Value, Fault> {
    match value {
        Value::String(text) => parse_json(text),
        other => Err(mismatch(format!("`parse_json` takes a string, not {}", kind_of(other)))),
    }
}

/// `x | hash`: the first 16 hexadecimal digits of the SHA-256 of what the value prints as
pub fn hash<T: Data>(value: &T) -> String {
    hash_text(&value.show())
}

/// [`hash`] of a string
pub fn hash_text(text: &str) -> String {
    let mut digits = String::with_capacity(16);
    for byte in &Sha256::digest(text)[..8] {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
