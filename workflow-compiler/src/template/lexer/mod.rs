//! Cuts a template into text and tags, and applies the white-space control.
//!
//! Where a tag ends depends on the brackets in it (`{{ {'a': {'b': 1}} }}`), so the expressions
//! are cut up in the same pass. A tag that does not end is reported here and handed on as
//! [`Kind::Broken`].

mod tag;
mod word;

use super::report::Reporter;
use super::token::{Kind, Token};

/// How often scanning goes back to the inside of a string that looks as if its quote was
/// forgotten; bounds the work on hostile input
const MAX_RESCANS: usize = 32;

/// Cuts up a template; the last token is [`Kind::End`]
pub(super) fn template(source: &str, report: &mut Reporter<'_, '_>) -> Vec<Token> {
    let mut lexer = Lexer::new(source, report);
    lexer.template();
    lexer.finish()
}

/// Cuts up an expression without braces; the last token is [`Kind::End`]
pub(super) fn expression(source: &str, report: &mut Reporter<'_, '_>) -> Vec<Token> {
    let mut lexer = Lexer::new(source, report);
    lexer.bare();
    lexer.finish()
}

/// Whether Jinja2 takes the character for white space: Unicode's, and four separators more
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

struct Lexer<'a, 'r, 't, 'd> {
    source: &'a str,
    at: usize,
    tokens: Vec<Token>,
    rescans: usize,
    report: &'r mut Reporter<'t, 'd>,
}

impl<'a, 'r, 't, 'd> Lexer<'a, 'r, 't, 'd> {
    fn new(source: &'a str, report: &'r mut Reporter<'t, 'd>) -> Self {
        Self { source, at: 0, tokens: Vec::new(), rescans: 0, report }
    }

    fn finish(mut self) -> Vec<Token> {
        let end = self.source.len();
        self.push(Kind::End, end, end);
        self.tokens
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        self.tokens.push(Token { kind, start, end });
    }

    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn skip_space(&mut self) {
        self.at = self.source.len() - self.rest().trim_start_matches(is_space).len();
    }

    fn template(&mut self) {
        while self.at < self.source.len() {
            let start = self.next_opening();
            self.text(start);
            match self.source.as_bytes().get(start + 1) {
                Some(b'#') => self.comment(),
                Some(b'%') if self.raw() => {}
                Some(b'%') => self.tag(Kind::BlockBegin),
                Some(_) => self.tag(Kind::OutputBegin),
                None => {}
            }
        }
    }

    /// Where the next `{{`, `{%` or `{#` starts; the end if there is none
    fn next_opening(&self) -> usize {
        let bytes = self.source.as_bytes();
        let opens = |at: &usize| {
            bytes[*at] == b'{' && matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#'))
        };
        (self.at..bytes.len()).find(opens).unwrap_or(bytes.len())
    }

    /// Takes the text before the opening at `until`, and goes there
    fn text(&mut self, until: usize) {
        let text = &self.source[self.at..until];
        let strips = self.source.as_bytes().get(until + 2) == Some(&b'-');
        let kept = if strips { text.trim_end_matches(is_space) } else { text };
        if !kept.is_empty() {
            self.push(Kind::Text, self.at, self.at + kept.len());
        }
        self.at = until;
    }

    /// `{# … #}`
    fn comment(&mut self) {
        let start = self.at;
        let body = self.behind_sign(start + 2);
        let Some(length) = self.source[body..].find("#}") else {
            let mistake = self.report.syntax(start..start + 2, "this comment is not closed");
            self.report.report(mistake.label("starts here").help("a comment ends with `#}`"));
            self.at = self.source.len();
            return;
        };
        self.at = body + length + 2;
        if self.source[body..body + length].ends_with('-') {
            self.skip_space();
        }
    }

    /// Behind the `-` or `+` that may follow an opening
    fn behind_sign(&self, at: usize) -> usize {
        at + usize::from(matches!(self.source.as_bytes().get(at), Some(b'-' | b'+')))
    }

    /// `{% raw %} … {% endraw %}`, if it is one
    fn raw(&mut self) -> bool {
        let start = self.at;
        let Some((body, strips)) = self.raw_tag(start, "raw") else { return false };
        self.at = body;
        if strips {
            self.skip_space();
        }
        let mut from = self.at;
        while let Some(offset) = self.source[from..].find("{%") {
            if let Some((behind, strips)) = self.raw_tag(from + offset, "endraw") {
                self.text(from + offset);
                self.at = behind;
                if strips {
                    self.skip_space();
                }
                return true;
            }
            from += offset + 2;
        }
        let mistake = self.report.syntax(start..body, "this `{% raw %}` is not closed");
        self.report.report(mistake.help("end the raw text with `{% endraw %}`"));
        self.at = self.source.len();
        true
    }

    /// Whether the tag at `start` is only `word`: where it ends, and whether it strips there
    fn raw_tag(&self, start: usize, word: &str) -> Option<(usize, bool)> {
        let inside = &self.source[self.behind_sign(start + 2)..];
        let behind = inside.trim_start_matches(is_space).strip_prefix(word)?;
        let closing = behind.trim_start_matches(is_space);
        let strips = closing.starts_with('-');
        let closed = closing.strip_prefix(['-', '+']).unwrap_or(closing).strip_prefix("%}")?;
        Some((self.source.len() - closed.len(), strips))
    }
}
