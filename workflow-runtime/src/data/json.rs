//! How values are written: JSON with a space behind `,` and `:`, as Python's `json.dumps` has it.

use std::io;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

/// What kind of value it is, in words: `a string`
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Reads what is there: a null that is given is a value, not a missing one
pub(crate) fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Writes a value on one line, or indented by so many spaces a level; only the writer can fail
pub(crate) fn write_json(
    value: &Value,
    indent: Option<usize>,
    out: impl io::Write,
) -> Result<(), serde_json::Error> {
    let layout = Layout { indent, depth: 0, filled: false };
    value.serialize(&mut Serializer::with_formatter(out, layout))
}

/// A value on one line
pub(crate) fn json_text(value: &Value) -> String {
    let mut bytes = Vec::new();
    // A `Vec` takes everything, and what serde_json writes is UTF-8: there is nothing to report.
    write_json(value, None, &mut bytes).map_or_else(|_| String::new(), |()| utf8(bytes))
}

fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// A float as Python prints it: shortest digits, always with a point or an exponent
pub(crate) fn float_text(value: f64) -> String {
    // serde_json finds the right digits, where the standard library's may end in the farther one
    // of two; it only turns to exponents one digit later below zero, and writes them shorter.
    let Some(number) = serde_json::Number::from_f64(value) else { return value.to_string() };
    let text = number.to_string();
    if let Some((digits, exponent)) = text.split_once('e') {
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(exponent) => ('-', exponent),
            None => ('+', exponent.trim_start_matches('+')),
        };
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    match text.split_once("0.0000") {
        Some((sign @ ("" | "-"), digits)) => match digits.split_at_checked(1) {
            Some((first, "")) => format!("{sign}{first}e-05"),
            Some((first, rest)) => format!("{sign}{first}.{rest}e-05"),
            None => text,
        },
        _ => text,
    }
}

/// Where commas, colons and line breaks go
struct Layout {
    indent: Option<usize>,
    depth: usize,
    /// Whether the list or object that ends next has anything in it
    filled: bool,
}

impl Layout {
    fn open(&mut self) {
        self.depth += 1;
        self.filled = false;
    }

    fn close<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.filled { self.line_break(out) } else { Ok(()) }
    }

    fn separate<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        match (first, self.indent) {
            (true, _) => {}
            (false, None) => out.write_all(b", ")?,
            (false, Some(_)) => out.write_all(b",")?,
        }
        self.line_break(out)
    }

    fn line_break<W: ?Sized + io::Write>(&self, out: &mut W) -> io::Result<()> {
        let Some(indent) = self.indent else { return Ok(()) };
        out.write_all(b"\n")?;
        // In pieces, so that a writer with a limit can stop an indent of a million.
        let spaces = indent.saturating_mul(self.depth);
        for _ in 0..spaces / SPACES.len() {
            out.write_all(SPACES)?;
        }
        out.write_all(&SPACES[..spaces % SPACES.len()])
    }
}

const SPACES: &[u8] = &[b' '; 64];

impl Formatter for Layout {
    fn write_f64<W: ?Sized + io::Write>(&mut self, out: &mut W, value: f64) -> io::Result<()> {
        out.write_all(float_text(value).as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open();
        out.write_all(b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out)?;
        out.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.separate(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open();
        out.write_all(b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out)?;
        out.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.separate(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}
