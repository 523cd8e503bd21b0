//! Lines that do not fit those above them: indentation, dashes and colons.

use super::mistake;
use super::syntax::Place;
use super::text::{
    dash_without_space, indent, key_column, line_above, line_below, missing_space, name_length,
    opens_block,
};
use crate::diagnostic::{Diagnostic, Edit};

impl Place<'_> {
    /// `key: a: b`, a key in the wrong column, or a line without a space behind its colon or dash,
    /// which went into the next one
    pub(super) fn colon(&self) -> Diagnostic {
        let line = self.line();
        let above = line_above(self.text, line.start).filter(|_| line.start > 0);
        if let Some(slip) = above.clone().and_then(|above| self.slip(above.start)) {
            return slip;
        }
        let before = &self.text[line.start..self.at];
        let indent = indent(before);
        if !before.contains(": ") && indent > 0 && above.is_some() {
            let key = line.start + indent..self.at;
            return mistake(self.span(key), "this key is indented too far")
                .label("the line above it is complete without it")
                .help("the keys of one mapping have the same indentation")
                .help("a text of several lines with `: ` in it needs quotes, or a block: `|`");
        }
        let diagnostic = mistake(self.here(), "a second colon makes no sense in this line")
            .label("unexpected")
            .help("a text with `: ` in it needs quotes");
        match self.value_start().filter(|value| *value < self.at) {
            Some(value) => self.quote_from(diagnostic, value),
            None => diagnostic,
        }
    }

    /// A space that is missing behind the colon or the dash of the line that holds `at`
    fn slip(&self, at: usize) -> Option<Diagnostic> {
        let line = super::text::line_at(self.text, at);
        let text = &self.text[line.clone()];
        if let Some(colon) = missing_space(text) {
            return Some(self.missing_space(line.start + colon));
        }
        dash_without_space(text).map(|dash| self.missing_space_behind_dash(line.start, dash))
    }

    fn missing_space(&self, colon: usize) -> Diagnostic {
        let space = Edit { span: self.span(colon + 1..colon + 1), text: " ".to_owned() };
        mistake(self.span(colon..colon + 1), "a colon needs a space behind it")
            .label("this line is not a key with a value")
            .fix("put a space behind the colon", vec![space])
    }

    fn missing_space_behind_dash(&self, line: usize, dash: usize) -> Diagnostic {
        let at = line + dash;
        let diagnostic = mistake(self.span(at..at + 1), "a dash needs a space behind it")
            .label("this line is not an item of a list")
            .help("the keys of an item have the same indentation: two columns behind the dash");
        let end = super::text::line_at(self.text, line).end;
        let below = line_below(self.text, end).map(|below| indent(&self.text[below]));
        // Where the next line is in line with what the dash is too near to, it has to move as well.
        if below.is_some_and(|below| below > dash && below != dash + 2) {
            return diagnostic;
        }
        let space = Edit { span: self.span(at + 1..at + 1), text: " ".to_owned() };
        diagnostic.fix("put a space behind the dash", vec![space])
    }

    pub(super) fn not_a_pair(&self) -> Diagnostic {
        let line = self.line();
        if let Some(found) = self.slip(line.start).or_else(|| self.outside_of_block()) {
            return found;
        }
        // The parser has the dash of a list behind it when it finds that no list can be here.
        let before = self.text[line.start..self.at].trim_end();
        let start = if before.ends_with('-') { line.start + before.len() - 1 } else { self.at };
        let span = self.to_end_of_line(start);
        let diagnostic = mistake(span, "expected `key: value` here")
            .label("not part of the lines before it")
            .help("lines that belong together have the same indentation");
        let text = &self.text[span.range()];
        match name_length(text) {
            0 => diagnostic,
            _ if text.starts_with('-') => diagnostic,
            name => diagnostic.help(format!("a key ends with a colon: `{}:`", &text[..name])),
        }
    }

    pub(super) fn not_an_item(&self) -> Diagnostic {
        let slip = self.slip(self.line().start).or_else(|| self.outside_of_block());
        slip.unwrap_or_else(|| {
            let rest = self.rest();
            let is_key = rest[name_length(rest)..].starts_with(": ");
            let message = if is_key {
                "this key is indented less than those of its item"
            } else {
                "expected `- ` and an item here"
            };
            mistake(self.to_end_of_line(self.at), message)
                .label("not part of the list before it")
                .help("the items of a list have the same indentation, and so have the keys of an item")
        })
    }

    /// A line that looks as if it belonged to the block above it
    fn outside_of_block(&self) -> Option<Diagnostic> {
        let line = self.line();
        let own = indent(&self.text[line.clone()]);
        let mut above = line_above(self.text, line.start);
        let mut first = None;
        let header = loop {
            let candidate = above?;
            let text = &self.text[candidate.clone()];
            if opens_block(text) {
                break candidate;
            }
            if indent(text) <= own {
                return None;
            }
            above = line_above(self.text, candidate.start);
            first = Some(candidate);
        };
        let key = header.start + key_column(&self.text[header.clone()]);
        let start = line.start + own;
        let diagnostic = match first {
            Some(first) => {
                let first = first.start + indent(&self.text[first.clone()]);
                mistake(self.to_end_of_line(start), "this line is indented less than its block")
                    .label("not part of the block")
                    .also(self.span(first..first), "the first line says how far it is indented")
            }
            None => mistake(self.to_end_of_line(start), "the text of a block must be indented")
                .label("not part of the block")
                .also(self.to_end_of_line_at(key), "the block begins here"),
        };
        Some(diagnostic.help("indent all lines of a block further than its key"))
    }

    fn to_end_of_line_at(&self, start: usize) -> crate::source::Span {
        let line = super::text::line_at(self.text, start);
        self.span(start..start + self.text[start..line.end].trim_end().len())
    }

    /// A comment, behind which a text goes on
    pub(super) fn comment_in_text(&self) -> Diagnostic {
        let span = self.to_end_of_line(self.at);
        mistake(span, "a comment ends a text without quotes, which goes on below it")
            .label("a comment")
            .help("put the text in quotes if the `#` is part of it, else move the comment")
    }
}
