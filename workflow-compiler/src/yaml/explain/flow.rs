//! Values in brackets.

use std::ops::Range;

use super::mistake;
use super::syntax::Place;
use super::text::{end_of_text, line_at, name_length, quoted, unclosed};
use crate::diagnostic::{Diagnostic, Edit};

impl Place<'_> {
    /// `key: [a] b`: text behind what began with a bracket, or a comma
    pub(super) fn behind_bracket(&self) -> Option<Diagnostic> {
        let end = self.reached.end.min(self.at);
        let closed = self.text[..end].ends_with([']', '}']) && !self.in_flow();
        let gap = &self.text[end..self.at];
        if !closed
            || !gap.trim_matches([' ', '\t']).is_empty()
            || self.rest().starts_with([']', '}'])
        {
            return None;
        }
        if let Some(comma) = self.comma_too_many() {
            return Some(comma);
        }
        let start = self.value_start().filter(|start| {
            self.text[*start..].starts_with(['[', '{']) && !self.here().range().is_empty()
        })?;
        let text_end = end_of_text(self.text, start, false)?;
        let sign = &self.text[start..=start];
        let diagnostic = mistake(
            self.span(start..text_end),
            format!("a text that begins with `{sign}` needs quotes"),
        )
        .label(format!("without quotes YAML takes `{sign}` for the start of a value in brackets"));
        let text = quoted(&self.text[start..text_end])?;
        let span = self.span(start..text_end);
        Some(diagnostic.fix("put the text in quotes", vec![Edit { span, text }]))
    }

    /// Something else stands where a comma or the closing bracket should
    pub(super) fn unclosed_bracket(&self) -> Diagnostic {
        if let Some(comma) = self.missing_comma() {
            return comma;
        }
        // Where one bracket is closed by the other kind, the parser names the one that was opened.
        let named = self.rest().starts_with(['[', '{']).then_some(self.at);
        let innermost = named.or(self.reached.flows.last().copied());
        let Some(open) = innermost else { return self.not_a_pair() };
        // What was read last may be the bracket itself.
        let from = self.reached.end.min(self.at);
        if let Some(quote) = unclosed(self.text, from, self.at.max(from)).quote {
            return self.quote_opened(quote);
        }
        let help = "a text with brackets, braces or commas in it needs quotes";
        let stop = self.stop(open);
        let line = line_at(self.text, open);
        if self.at > open && line.contains(&self.at) && !self.rest().starts_with([']', '}']) {
            return mistake(self.here(), "the bracket is not closed where it should be")
                .label("expected `,` or the closing bracket")
                .also(self.span(open..open + 1), "opened here")
                .help(help);
        }
        let diagnostic =
            mistake(self.span(open..open + 1), "this bracket is never closed").label("opened here");
        let diagnostic = if stop.is_empty() {
            diagnostic
        } else {
            diagnostic.also(self.span(stop), "expected `,` or the closing bracket before this")
        };
        diagnostic.help(help)
    }

    /// What the innermost bracket should have been closed before
    fn stop(&self, open: usize) -> Range<usize> {
        let start = if self.at > open { self.at } else { wrong_closer(self.text, open) };
        let rest = &self.text[start..];
        let one = rest.chars().next().filter(|c| !c.is_whitespace()).map_or(0, char::len_utf8);
        start..start + name_length(rest).max(one)
    }
}

/// The first closing bracket behind `open` that closes another kind than was opened last; quoted
/// texts are passed over
fn wrong_closer(text: &str, open: usize) -> usize {
    let mut expected = Vec::new();
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match (quote, byte) {
            (Some(inside), byte) if byte == inside => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[') => expected.push(b']'),
            (None, b'{') => expected.push(b'}'),
            (None, b']' | b'}') if expected.pop() != Some(byte) => return at,
            _ => {}
        }
    }
    text.len()
}
