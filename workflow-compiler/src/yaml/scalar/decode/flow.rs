//! Plain and quoted scalars: line folding and escapes.

use std::ops::Range;

use super::super::Style;
use super::{Decoded, is_blank, line_break};

/// Decodes the text between the quotes, or all of a plain scalar
pub(super) fn decode(out: &mut Decoded, source: &str, range: &Range<usize>, style: Style) {
    let (at, end) = (range.start, range.end.min(source.len()));
    Reader { out, source, at, end, copied: at, kept: at }.read(style);
}

struct Reader<'a> {
    out: &'a mut Decoded,
    source: &'a str,
    at: usize,
    end: usize,
    /// What stands before this has been written to `out`
    copied: usize,
    /// White space before this was escaped, so that folding does not trim it
    kept: usize,
}

impl Reader<'_> {
    fn read(&mut self, style: Style) {
        let bytes = self.source.as_bytes();
        while self.at < self.end {
            match bytes[self.at] {
                b'\'' if style == Style::Single => self.doubled_quote(),
                b'\\' if style == Style::Double => self.escape(),
                b'\n' | b'\r' => self.fold(),
                _ => self.at += 1,
            }
        }
        self.flush(self.end);
    }

    /// Writes what was passed over and has no meaning of its own
    fn flush(&mut self, upto: usize) {
        self.out.copy(self.source, self.copied..upto.max(self.copied));
        self.copied = self.at;
    }

    /// Goes on behind `at`, which `out` already knows
    fn resume(&mut self, at: usize) {
        self.at = at.min(self.end);
        self.copied = self.at;
        self.kept = self.at;
    }

    fn doubled_quote(&mut self) {
        self.flush(self.at);
        let end = self.at + 2;
        self.out.replace("'", self.at..end);
        self.at = end;
        self.copied = end;
    }

    fn escape(&mut self) {
        self.flush(self.at);
        let bytes = self.source.as_bytes();
        if let Some(length) = line_break(bytes, self.at + 1, self.end) {
            let rest = self.blank_lines(self.at + 1 + length);
            return self.resume(rest);
        }
        let (text, length) = escape(&self.source[self.at..self.end]);
        let end = self.at + length;
        self.out.replace(&text, self.at..end);
        self.resume(end);
    }

    /// One line break is a space; each blank line behind it is a line break, and then the space
    /// goes
    fn fold(&mut self) {
        let bytes = self.source.as_bytes();
        let mut text_end = self.at;
        while text_end > self.copied.max(self.kept) && is_blank(bytes[text_end - 1]) {
            text_end -= 1;
        }
        self.flush(text_end);
        let next_line = self.at + line_break(bytes, self.at, self.end).unwrap_or(1);
        let before = self.out.text.len();
        let rest = self.blank_lines(next_line);
        if self.out.text.len() == before {
            self.out.replace(" ", text_end..rest);
        }
        self.resume(rest);
    }

    /// Writes a line break for each blank line from `at` on; gives where the next text begins
    fn blank_lines(&mut self, mut at: usize) -> usize {
        let bytes = self.source.as_bytes();
        loop {
            while at < self.end && is_blank(bytes[at]) {
                at += 1;
            }
            let Some(length) = line_break(bytes, at, self.end) else { return at };
            self.out.replace("\n", at..at + length);
            at += length;
        }
    }
}

/// What an escape stands for, and its length; an unknown one stands for nothing, so that the
/// comparison with the parser's text fails
fn escape(source: &str) -> (String, usize) {
    let simple = |text: &str| (text.to_owned(), 2);
    match source.as_bytes().get(1) {
        Some(b'0') => simple("\0"),
        Some(b'a') => simple("\x07"),
        Some(b'b') => simple("\x08"),
        Some(b't' | b'\t') => simple("\t"),
        Some(b'n') => simple("\n"),
        Some(b'v') => simple("\x0b"),
        Some(b'f') => simple("\x0c"),
        Some(b'r') => simple("\r"),
        Some(b'e') => simple("\x1b"),
        Some(b'N') => simple("\u{85}"),
        Some(b'_') => simple("\u{a0}"),
        Some(b'L') => simple("\u{2028}"),
        Some(b'P') => simple("\u{2029}"),
        Some(b'x') => unicode(source, 2),
        Some(b'u') => surrogates(source).unwrap_or_else(|| unicode(source, 4)),
        Some(b'U') => unicode(source, 8),
        Some(b' ' | b'"' | b'/' | b'\\') => simple(&source[1..2]),
        _ => (String::new(), 1),
    }
}

/// The number written in `digits` hexadecimal digits behind `\x`, `\u` or `\U`
fn hex(source: &str, digits: usize) -> Option<u32> {
    u32::from_str_radix(source.get(2..2 + digits)?, 16).ok()
}

fn unicode(source: &str, digits: usize) -> (String, usize) {
    match hex(source, digits).and_then(char::from_u32) {
        Some(character) => (character.to_string(), 2 + digits),
        None => (String::new(), 1),
    }
}

/// Two `\u` escapes that make one character, as JSON writes it
fn surrogates(source: &str) -> Option<(String, usize)> {
    let high = hex(source, 4).filter(|high| (0xd800..0xdc00).contains(high))?;
    let second = source.get(6..).filter(|rest| rest.starts_with("\\u"))?;
    let low = hex(second, 4).filter(|low| (0xdc00..0xe000).contains(low))?;
    let character = char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))?;
    Some((character.to_string(), 12))
}
